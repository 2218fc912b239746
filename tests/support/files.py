"""Small files of every kind that is taken, and of some that never are; made here, none of them anybody's."""

import io
import struct
import zipfile

from tests.support.clamd import EICAR

_PAD = b"\0" * 200


def packed(*names: str) -> bytes:
    """A ZIP file with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(zipfile.ZipInfo(name), "x")
    return out.getvalue()


def compound(*streams: str) -> bytes:
    """A compound file (old Office) whose directory names these streams."""
    return (
        bytes.fromhex("d0cf11e0a1b11ae1") + _PAD * 3 + b"".join(s.encode("utf-16le") + _PAD for s in streams)
    )


def media(brand: bytes) -> bytes:
    """A container of ISO/IEC 14496-12."""
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\2\0" + brand + b"mif1" + _PAD


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
TAKEN = {
    "劳动合同.pdf": PDF,
    "工资条.jpg": bytes.fromhex("ffd8ffe000104a46494600010101006000600000") + _PAD + b"\xff\xd9",
    "手机拍的.jpeg": bytes.fromhex("ffd8ffe1001845786966000049492a0008000000") + _PAD + b"\xff\xd9",
    "缴费截图.png": b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + _PAD,
    "照片.heic": media(b"heic"),
    "情况说明.docx": packed("[Content_Types].xml", "word/document.xml"),
    "花名册.xlsx": packed("[Content_Types].xml", "xl/workbook.xml"),
    "旧说明.doc": compound("WordDocument"),
    "旧花名册.xls": compound("Workbook"),
    "说明.wps": compound("WordDocument", "WpsCustomData"),
    "记录.txt": "2026 年 3 月起没有缴费".encode(),
    "记录（旧编码）.txt": "二〇二六年三月起没有缴费".encode("gb18030"),
    "通话.mp3": b"ID3\x03\0\0\0\0\0\0" + _PAD,
    "通话.m4a": media(b"M4A "),
    "通话.amr": b"#!AMR\n" + _PAD,
    "通话.wav": b"RIFF\x24\x08\0\0WAVEfmt \x10\0\0\0" + _PAD,
    "现场.mp4": media(b"isom"),
}
REFUSED = {
    "网页.html": ("type_not_taken", b"<!DOCTYPE html><script>alert(1)</script>"),
    "图.svg": ("type_not_taken", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "程序.exe": ("type_not_taken", b"MZ\x90\0" + _PAD),
    "脚本.sh": ("type_not_taken", b"#!/bin/sh\n"),
    "脚本.js": ("type_not_taken", b"alert(1)"),
    "一包.zip": ("type_not_taken", packed("a.txt")),
    "带宏的.docm": ("type_not_taken", packed("[Content_Types].xml", "word/document.xml")),
    "没有后缀": ("type_not_taken", PDF),
    "合同.pdf.exe": ("type_not_taken", PDF),
    "其实是网页.txt": ("type_differs", b"  <html><script>alert(1)</script>"),
    "其实是脚本.txt": ("type_differs", b"#!/bin/sh\nrm -rf /\n"),
    "其实是程序.txt": ("type_differs", b"MZ\x90\0" + _PAD),
    "其实是程序.pdf": ("type_differs", b"MZ\x90\0" + _PAD),
    "其实是网页.jpg": ("type_differs", b"<html>"),
    "其实是合同.jpg": ("type_differs", PDF),
    "其实是压缩包.docx": ("type_differs", packed("a.txt")),
    "其实是表格.docx": ("type_differs", packed("[Content_Types].xml", "xl/workbook.xml")),
    "其实是安装包.doc": ("type_differs", compound("Property")),
    "坏的.xlsx": ("type_differs", b"PK\x03\x04" + _PAD),
    "带宏.docx": ("macros", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
    "带宏.xlsx": ("macros", packed("[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/s1.xml")),
    "带宏.doc": ("macros", compound("WordDocument", "Macros", "_VBA_PROJECT")),
    "空的.pdf": ("empty", b""),
}
"""By name: the code of the refusal, and what is in it."""
VIRUS = EICAR
