"""The officers' pages: made on the server, for browsers from Chromium 86 on, whole without script."""
