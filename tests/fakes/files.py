"""Real small files of every kind, with planted traces of their author when asked."""

import io
import zipfile

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def samples() -> dict[str, bytes]:
    """One file per media type people send."""
    return {
        "image/png": picture("PNG"), "image/jpeg": picture("JPEG"), "audio/ogg": b"OggS" + b"\0" * 60,
        "application/pdf": pdf(), "audio/mp4": b"\0\0\0\x18ftypM4A " + b"\0" * 40,
    }  # fmt: skip


def picture(form: str, who: str = "") -> bytes:
    """A picture; `who` goes into every place a camera or program writes to."""
    image, target = Image.new("RGB", (60, 40), (200, 30, 30)), io.BytesIO()
    image.paste((20, 20, 220), (0, 0, 30, 40))
    if not who:
        image.save(target, form)
        return target.getvalue()
    exif = Image.Exif()
    exif[0x013B], exif[0x0131], exif[0x010F], exif[0x0112] = who, f"{who} Editor", f"{who} Phone", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 4.0, 12.0), 29: who})
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{who}</x:xmpmeta>".encode()
    if form == "PNG":
        from PIL.PngImagePlugin import PngInfo

        told = PngInfo()
        told.add_text("Author", who)
        told.add_itxt("XML:com.adobe.xmp", xmp.decode())
        image.save(target, form, exif=exif, pnginfo=told)
    elif form in ("JPEG", "WEBP"):
        image.save(target, form, exif=exif, xmp=xmp, **({"comment": who.encode()} if form == "JPEG" else {}))
    else:
        image.save(target, form, comment=who.encode())
    return target.getvalue()


def pdf(who: str = "") -> bytes:
    """A document; `who` goes into properties, XMP, a note's author and a picture's camera data."""
    writer, target = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(200, 200)
    if who:
        writer.add_metadata({"/Author": who, "/Creator": f"{who} Writer", "/Producer": who})
        writer.xmp_metadata = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{who}</x:xmpmeta>".encode()
        note = DictionaryObject({
            NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Text"),
            NameObject("/T"): TextStringObject(who), NameObject("/Contents"): TextStringObject("see here"),
        })  # fmt: skip
        from pypdf.generic import ArrayObject, FloatObject

        note[NameObject("/Rect")] = ArrayObject([FloatObject(n) for n in (1, 1, 9, 9)])
        page[NameObject("/Annots")] = ArrayObject([writer._add_object(note)])
        writer.add_attachment("draft.txt", who.encode())
    writer.write(target)
    return target.getvalue()


def archive(parts: dict[str, str | bytes]) -> bytes:
    """A zip file of named parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return target.getvalue()


def docx(who: str = "某人", **more: bytes) -> bytes:
    """A text document with an author, a comment, tracked changes, a picture and people."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    mark = f'w:id="1" w:author="{who}" w:date="2026-01-01T08:00:00Z"'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types><Override PartName="/word/document.xml" ContentType="a"/>'
        '<Override PartName="/word/people.xml" ContentType="b"/></Types>',
        "word/document.xml": f"<w:document {w}><w:body><w:p w:rsidR=\"00AB12CD\"><w:r><w:t>保留的话</w:t></w:r>"
        f"<w:ins {mark}><w:r><w:t>新加的话</w:t></w:r></w:ins><w:del {mark}><w:r><w:delText>删掉的话</w:delText>"
        "</w:r></w:del></w:p></w:body></w:document>",
        "word/comments.xml": f'<w:comments {w}><w:comment {mark} w:initials="{who}"><w:p/></w:comment></w:comments>',
        "word/people.xml": f"<w15:people><w15:person w15:author='{who}'/></w15:people>",
        "word/_rels/document.xml.rels": '<Relationships><Relationship Id="r1" Target="people.xml"/>'
        '<Relationship Id="r2" Target="media/image1.jpg"/></Relationships>',
        "word/media/image1.jpg": picture("JPEG", who),
        "docProps/core.xml": f"<cp:coreProperties><dc:creator>{who}</dc:creator>"
        f"<cp:lastModifiedBy>{who}</cp:lastModifiedBy></cp:coreProperties>",
        "docProps/app.xml": f"<Properties><Company>{who}单位</Company></Properties>",
        "docProps/custom.xml": f"<Properties>{who}</Properties>",
        "customXml/item1.xml": f"<x>{who}</x>",
    }  # fmt: skip
    return archive({**parts, **more})
