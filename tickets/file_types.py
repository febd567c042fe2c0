"""What a file is, found in its content and never believed from its name or sender; only these kinds are taken.

Source: design §5; GlobaLeaks' rule that a file is judged by its bytes.
"""

import io
import zipfile
from dataclasses import dataclass

MEGA = 1024 * 1024
MOST_ENTRIES, MOST_UNPACKED = 2000, 200 * MEGA  # of an office document


@dataclass(frozen=True)
class FileType:
    """A kind of file: media type, group (image, voice, video, document), the most bytes it may have."""

    media_type: str
    group: str
    most_bytes: int


IMAGE, VOICE, VIDEO, DOCUMENT = 15 * MEGA, 20 * MEGA, 20 * MEGA, 20 * MEGA
_STARTS: tuple[tuple[bytes, FileType], ...] = (
    (b"\xff\xd8\xff", FileType("image/jpeg", "image", IMAGE)),
    (b"\x89PNG\r\n\x1a\n", FileType("image/png", "image", IMAGE)),
    (b"GIF87a", FileType("image/gif", "image", IMAGE)),
    (b"GIF89a", FileType("image/gif", "image", IMAGE)),
    (b"BM", FileType("image/bmp", "image", IMAGE)),
    (b"OggS", FileType("audio/ogg", "voice", VOICE)),
    (b"ID3", FileType("audio/mpeg", "voice", VOICE)),
    (b"#!AMR", FileType("audio/amr", "voice", VOICE)),
    (b"fLaC", FileType("audio/flac", "voice", VOICE)),
    (b"\x1aE\xdf\xa3", FileType("video/webm", "video", VIDEO)),  # browsers record voice in it too
    (b"%PDF-", FileType("application/pdf", "document", DOCUMENT)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileType("application/x-ole-storage", "document", DOCUMENT)),
    (b"{\\rtf", FileType("application/rtf", "document", DOCUMENT)),
)
_OFFICE = {  # the part that makes an archive a document
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "OFD.xml": "application/ofd",
}
_HEIF = (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif")
_SUFFIXES = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/bmp": "bmp", "image/webp": "webp",
    "image/heif": "heic", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/amr": "amr", "audio/flac": "flac",
    "audio/wav": "wav", "audio/mp4": "m4a", "audio/aac": "aac", "video/webm": "webm", "video/mp4": "mp4",
    "application/pdf": "pdf", "application/x-ole-storage": "doc", "application/rtf": "rtf", "text/plain": "txt",
    "application/ofd": "ofd", _OFFICE["word/document.xml"]: "docx", _OFFICE["xl/workbook.xml"]: "xlsx",
    _OFFICE["ppt/presentation.xml"]: "pptx",
}  # fmt: skip


def file_type(content: bytes) -> FileType | None:
    """The kind of a file, or None when it is none of those that are taken."""
    for start, found in _STARTS:
        if content.startswith(start):
            return found
    if content[:4] == b"RIFF":
        return {b"WAVE": FileType("audio/wav", "voice", VOICE), b"WEBP": FileType("image/webp", "image", IMAGE)}.get(
            content[8:12]
        )
    if content[4:8] == b"ftyp":
        return _iso_media(content[8:12])
    if content[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return FileType("audio/mpeg", "voice", VOICE)
    if content[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return FileType("audio/aac", "voice", VOICE)
    if content[:4] == b"PK\x03\x04":
        return _archive(content)
    return FileType("text/plain", "document", MEGA) if _is_text(content) else None


def suffix(media_type: str | None) -> str:
    """The ending of a file of this kind; our files have no other name."""
    return _SUFFIXES.get(media_type or "", "bin")


def _iso_media(brand: bytes) -> FileType:
    if brand in _HEIF:
        return FileType("image/heif", "image", IMAGE)
    if brand in (b"M4A ", b"M4B "):
        return FileType("audio/mp4", "voice", VOICE)
    return FileType("video/mp4", "video", VIDEO)


def _archive(content: bytes) -> FileType | None:
    """An office document without macros; any other archive is not taken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    names = {info.filename for info in infos}
    if len(infos) > MOST_ENTRIES or sum(info.file_size for info in infos) > MOST_UNPACKED:
        return None
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for name in names):
        return None
    found = next((media_type for part, media_type in _OFFICE.items() if part in names), None)
    return FileType(found, "document", DOCUMENT) if found else None


def _is_text(content: bytes) -> bool:
    """Plain words in UTF-8 or GBK, no program, no mark-up."""
    if not content.strip() or b"\0" in content or content.lstrip()[:1] == b"<" or content[:2] == b"#!":
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(char.isprintable() or char in "\r\n\t\ufeff\u3000" for char in words)
    return False
