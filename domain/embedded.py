"""A file's content pasted into a text. Material lies in the archive; what comes here is only its reference."""

import re

_DATA_URI = re.compile(r"data:[\w.+-]+/[\w.+-]+[;,]")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/=\r\n]|\\[rn]){256,}")
"""A run of it, in a text or in its JSON: no sentence has so many letters without a space or a mark."""
_PERHAPS_BASE64 = re.compile(r"[A-Za-z0-9+/=\r\n\\]{256}")
"""The same, less exactly and many times as fast: a workflow reads every text that comes in."""

ADVICE = "不能写入文件内容，请将材料存入档案系统，只写说明和位置"


def has_file_content(text: str) -> bool:
    """Whether a file's content stands in this text."""
    if "data:" in text and _DATA_URI.search(text):
        return True
    return _PERHAPS_BASE64.search(text) is not None and _BASE64.search(text) is not None
