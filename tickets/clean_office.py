"""Office documents (docx, xlsx, pptx) without authors, dates, revision marks and camera data (domain §4.4.4).

An archive of XML parts: properties are emptied, names taken off comments and tracked changes, deleted text removed,
pictures encoded anew. What cannot be cleaned for sure (embedded files, unknown encodings) is not cleaned at all.
"""

import io
import re
import zipfile

from tickets.clean_images import clean_image

_NAMES = re.compile(
    rb"""(?P<name>\s(?:[A-Za-z0-9]+:)?(?:author|initials|userName|lastModifiedBy|modifiedBy))=(?:"[^"]*"|'[^']*')"""
)
_TRACES = re.compile(
    rb"""\s(?:[A-Za-z0-9]+:)?(?:date|dt|dateUtc|userId|providerId|rsid[A-Za-z]*|lastEdited|paraId|textId|durableId)="""
    rb"""(?:"[^"]*"|'[^']*')"""
)
_DELETED = re.compile(
    rb"<w:(?:del|moveFrom)(?:\s[^>]*)?/>|<w:(?P<tag>del|moveFrom)(?:\s[^>]*)?>.*?</w:(?P=tag)>|"
    rb"</?w:(?:ins|moveTo)(?:\s[^>]*)?>", re.S,
)  # fmt: skip
_OLD_FORMAT = re.compile(rb"<w:(?P<tag>[a-zA-Z]+PrChange)(?:\s[^>]*)?(?<!/)>.*?</w:(?P=tag)>", re.S)
_RSIDS = re.compile(rb"<w:rsids>.*?</w:rsids>", re.S)
_AUTHORS = re.compile(rb"<authors>.*?</authors>", re.S)
_AUTHOR = re.compile(rb"<author>.*?</author>", re.S)
_DROPPED = re.compile(
    r"^(?:docProps/(?!core\.xml$|app\.xml$)|customXml/|xl/revisions/|xl/persons/|word/people\.xml$|"
    r"ppt/commentAuthors\.xml$|ppt/authors\.xml$|docMetadata/)"
)
_UNSURE = re.compile(
    r"(?:^|/)(?:embeddings|activeX|ctrlProps|printerSettings)/|\.bin$|\.(?:emf|wmf|svg|tiff?|mp4|m4a)$", re.I
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp)$", re.I)
_EMPTY = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="http://schemas.'
    b'openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8"?><Properties xmlns="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/extended-properties"/>',
}
_REFERENCE = re.compile(
    rb"<(?:Override|Relationship)\s[^>]*?(?:PartName|Target)=(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)')[^>]*?/>"
)
_CLOCK = (1980, 1, 1, 0, 0, 0)


def clean_office(content: bytes) -> bytes | None:
    """A copy without traces of its authors, or None when that cannot be promised."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            names = [info.filename for info in source.infolist() if not info.is_dir()]
            if any(_UNSURE.search(name) for name in names):
                return None
            parts = {name: source.read(name) for name in names if not _DROPPED.search(name)}
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return None
    cleaned: dict[str, bytes] = {}
    for name, part in parts.items():
        fresh = _clean_part(name, part)
        if fresh is None:
            return None
        cleaned[name] = fresh
    return _packed(cleaned) if not _names_left(content, cleaned) else None


def _clean_part(name: str, part: bytes) -> bytes | None:
    if name in _EMPTY:
        return _EMPTY[name]
    if _PICTURE.search(name):
        return _picture(name, part)
    if not name.endswith((".xml", ".rels", ".vml")) or part[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    if name.endswith(".rels") or name == "[Content_Types].xml":
        return _REFERENCE.sub(_only_kept, part)
    for pattern in (_DELETED, _OLD_FORMAT, _RSIDS):
        part = pattern.sub(b"", part)
    if name.startswith("xl/comments"):
        part = _AUTHORS.sub(lambda found: _AUTHOR.sub(b"<author/>", found.group()), part)
    return _TRACES.sub(b"", _NAMES.sub(rb'\g<name>=""', part))


def _only_kept(found: re.Match[bytes]) -> bytes:
    """References to parts that were dropped go with them; so do links to files on somebody's own disk."""
    target = (found["a"] or found["b"] or b"").decode("utf-8", "replace")
    gone = re.search(
        r"(?:^|/)(?:docProps/(?!core\.xml|app\.xml)|customXml/|people\.xml|persons/|commentAuthors\.xml|authors\.xml|"
        r"revisions/|docMetadata/)", target.lstrip("."),
    )  # fmt: skip
    return b"" if gone or target.lower().startswith("file:") else found.group()


def _picture(name: str, part: bytes) -> bytes | None:
    """Encoded anew in the same format, or the document would not find it."""
    found = clean_image(part)
    if found is None:
        return None
    wanted = "image/jpeg" if name.lower().endswith(("jpg", "jpeg")) else "image/png"
    return found[0] if found[1] == wanted else None


def _names_left(content: bytes, cleaned: dict[str, bytes]) -> bool:
    """True when a name from the document's properties is still to be read somewhere."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        core = source.read("docProps/core.xml") if "docProps/core.xml" in source.namelist() else b""
    told = re.findall(rb"<(?:dc:creator|cp:lastModifiedBy)>([^<]{2,})</", core)
    return any(name in part for name in told for part in cleaned.values())


def _packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _CLOCK), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()
