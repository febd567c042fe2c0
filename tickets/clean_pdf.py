"""PDF without author, program, dates, XMP, attachments, scripts; pictures inside lose what the camera wrote."""

import io
import struct
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

MOST_OBJECTS = 200_000
# names of entries that say who, when, with what; or that carry other files and programs
_WHO = ("/Metadata", "/PieceInfo", "/LastModified", "/Author", "/Creator", "/Producer", "/CreationDate", "/ModDate",
        "/Company", "/SourceModified")  # fmt: skip
_PROGRAMS = ("/OpenAction", "/AA", "/JavaScript", "/JS", "/EmbeddedFiles", "/AF", "/Collection", "/Perms", "/AcroForm")
_OF_NOTES = ("/T", "/M", "/NM", "/CreationDate", "/Subj", "/RC", "/FS")
_KEPT_SEGMENTS = (0xE0, 0xEE)  # JFIF and Adobe: without them colours are wrong


def clean_pdf(content: bytes) -> bytes | None:
    """A copy without traces of its author; None when the document is locked or cannot be read."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted or len(reader.xref_objStm) + sum(map(len, reader.xref.values())) > MOST_OBJECTS:
            return None
        writer = PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
        for each in list(writer._objects):
            _clean(each)
        writer.metadata = None
        target = io.BytesIO()
        writer.write(target)
        return target.getvalue()
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return None


def _clean(value: Any) -> None:
    """Take traces out of one object and everything inside it."""
    if isinstance(value, DictionaryObject):
        note = value.get("/Subtype") in ("/Text", "/FreeText", "/Popup", "/Highlight", "/Underline", "/StrikeOut",
                                         "/Ink", "/Stamp", "/Square", "/Circle", "/Line", "/Caret",
                                         "/FileAttachment")  # fmt: skip
        for name in (*_WHO, *_PROGRAMS, *(_OF_NOTES if note else ())):
            value.pop(name, None)
        if isinstance(value, StreamObject) and value.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            value._data = without_camera(value._data)
        for inner in list(value.values()):
            _clean(inner) if isinstance(inner, DictionaryObject | ArrayObject) else None
    elif isinstance(value, ArrayObject):
        for inner in value:
            _clean(inner) if isinstance(inner, DictionaryObject | ArrayObject) else None


def without_camera(jpeg: bytes) -> bytes:
    """A JPEG without its application and comment segments, its pixels untouched."""
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        marker, length = jpeg[at + 1], struct.unpack(">H", jpeg[at + 2 : at + 4])[0] + 2
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in _KEPT_SEGMENTS:
            kept.append(jpeg[at : at + length])
        at += length
    return b"".join([*kept, jpeg[at:]])
