"""A file that came in: what it is, whether it is taken, and the copy that staff may look at."""

from dataclasses import dataclass

from tickets.clean_images import clean_image
from tickets.clean_office import clean_office
from tickets.clean_pdf import clean_pdf
from tickets.file_types import FileType, file_type


@dataclass(frozen=True)
class Examined:
    """The verdict on a file: its kind (None: not taken), whether it is too large, the copy without metadata."""

    kind: FileType | None
    too_large: bool = False
    cleaned: bytes | None = None
    cleaned_type: str | None = None


def examine(content: bytes) -> Examined:
    """Judge a file by its content and make the copy; slow for large pictures, so never inside a transaction."""
    kind = file_type(content)
    if kind is None:
        return Examined(None)
    if len(content) > kind.most_bytes:
        return Examined(kind, too_large=True)
    cleaned, media_type = _clean(kind, content)
    return Examined(kind, cleaned=cleaned, cleaned_type=media_type if cleaned is not None else None)


def _clean(kind: FileType, content: bytes) -> tuple[bytes | None, str]:
    """The copy and its media type; voice, video and old formats have none: their original is for staff alone."""
    if kind.group == "image":
        return clean_image(content) or (None, kind.media_type)
    if kind.media_type == "application/pdf":
        return clean_pdf(content), kind.media_type
    if "openxmlformats" in kind.media_type:
        return clean_office(content), kind.media_type
    return (content if kind.media_type == "text/plain" else None), kind.media_type
