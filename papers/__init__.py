"""文书 as files: from a form in plain text (or a county's own .docx) and the facts to the bytes, and back to what is read.

Pure: bytes in, bytes out; what a paper says is decided in :mod:`domain.paper_content`.
"""
