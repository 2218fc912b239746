"""A file's content pasted into a text. Material lies in the archive; what comes here is only its reference."""

import re

_EMBEDDED = re.compile(r"data:[\w.+-]+/[\w.+-]+[;,]|(?:[A-Za-z0-9+/=\r\n]|\\[rn]){256,}")
"""A data URI, or a run of base64, in a text or in its JSON: no sentence has so many letters without a space or a mark."""

ADVICE = "不能写入文件内容，请将材料存入档案系统，只写说明和位置"


def has_file_content(text: str) -> bool:
    """Whether a file's content stands in this text."""
    return _EMBEDDED.search(text) is not None
