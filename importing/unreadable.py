"""Files that are no export, each with its true reason and the way out."""

import zipfile
from pathlib import Path

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"{\\rtf", "RTF 文档"),
)
_INSIDE = (
    ("xl/workbook.bin", "是 xlsb 格式，请在 Excel 中另存为 xlsx 再导入"),
    ("word/document.xml", "是 Word 文档，请把表格粘贴到 Excel 中存为 xlsx，或从平台导出 xlsx"),
    ("content.xml", "是 ods 格式，请另存为 xlsx 再导入"),
)
_OLE_READ = 1 << 22


def why_unreadable(path: Path, head: bytes) -> str | None:
    """Why the file cannot be an export, and what to do; ``None`` for one that may be."""
    if not head:
        return f"{path.name} 是空文件（没有内容，缺少表头：工单编号等），请重新导出"
    if head.startswith(_OLE[:4]):
        return f"{path.name} {_of_ole(path)}"
    for start, kind in _KINDS:
        if head.startswith(start):
            way = "请解压后导入里面的表格" if kind == "压缩包" else "请从平台导出 xlsx 或 csv"
            return f"{path.name} 其实是{kind}（只是改了扩展名），{way}"
    if head.startswith(b"PK") and (reason := _of_zip(path)):
        return f"{path.name} {reason}"
    if head.lstrip().lower().startswith(b"mime-version"):
        return f"{path.name} 是“单个文件网页”（mht），请用 Excel 打开后另存为 xlsx 再导入"
    return None


def _of_ole(path: Path) -> str:
    with path.open("rb") as file:
        text = file.read(_OLE_READ)
    if "EncryptedPackage".encode("utf-16-le") in text:
        return "加了打开密码，请在 Excel 中去掉密码、另存为 xlsx 再导入"
    if "WordDocument".encode("utf-16-le") in text:
        return "是旧版 Word 文档，请把表格粘贴到 Excel 中存为 xlsx"
    return "是旧版 xls（或 et）格式，请在 Excel 或 WPS 中另存为 xlsx 再导入"


def _of_zip(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as parts:
            names = set(parts.namelist())
    except zipfile.BadZipFile:
        return "不是完好的 xlsx 工作簿（文件不全或已损坏），请重新导出或用 Excel 另存"
    if "xl/workbook.xml" in names:
        return None
    for inside, reason in _INSIDE:
        if inside in names:
            return reason
    if any(name.lower().endswith((".xlsx", ".csv", ".xls")) for name in names):
        return "是压缩包，请解压后导入里面的表格"
    return None
