"""What the embedded servers tell the person who starts them."""


class CannotStart(Exception):
    """A server could not be found, started or kept running; the message (Chinese) says what to do."""
