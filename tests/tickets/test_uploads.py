"""Files are judged by their content and cleaned of every trace of their author."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from tests.fakes.files import archive, docx, pdf, picture, samples
from tickets.clean_images import clean_image
from tickets.clean_office import clean_office
from tickets.clean_pdf import clean_pdf, without_camera
from tickets.file_types import IMAGE, file_type, suffix
from tickets.uploads import examine

WHO = "OuyangMingjing"
W = "word/document.xml"
HEADS = (
    picture("PNG", WHO)[:90], pdf(WHO)[:120], docx(WHO)[:300], b"\xff\xd8\xff", b"GIF89a", b"PK\x03\x04",
)  # fmt: skip
HEADS = (picture("PNG", WHO)[:90], pdf(WHO)[:120], docx(WHO)[:300], b"\xff\xd8\xff", b"GIF89a", b"PK\x03\x04")


def traces(content: bytes, *more: str) -> list[str]:
    """Where a name is still to be read: as it stands, in UTF-16, inside parts of an archive."""
    layers = {"file": content}
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            layers |= {name: packed.read(name) for name in packed.namelist()}
    wanted = [
        form for name in (WHO, *more) for form in (name.encode(), name.encode("utf-16-be"), name.encode("utf-16-le"))
    ]
    return [name for name, layer in layers.items() if any(form in layer for form in wanted)]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_keep_nothing_but_pixels(form: str) -> None:
    dirty = picture(form, WHO)
    assert traces(dirty)
    cleaned, media_type = clean_image(dirty) or (b"", "")
    assert not traces(cleaned) and media_type in ("image/jpeg", "image/png")
    with Image.open(io.BytesIO(cleaned)) as found, Image.open(io.BytesIO(dirty)) as before:
        assert not found.getexif() and not found.info.get("xmp") and "Author" not in found.info
        turned = form in ("JPEG", "PNG", "WEBP")  # orientation 6: what the camera wrote is done to the pixels
        assert found.size == (before.size[::-1] if turned else before.size)


def test_a_picture_that_is_none_is_not_cleaned() -> None:
    assert clean_image(b"\x89PNG\r\n\x1a\n" + b"nonsense") is None
    assert clean_image(picture("JPEG")[:200]) is None


def test_pdf_loses_its_author() -> None:
    dirty = pdf(WHO)
    assert traces(dirty)
    cleaned = clean_pdf(dirty)
    assert cleaned is not None and not traces(cleaned)
    reader = PdfReader(io.BytesIO(cleaned))
    assert len(reader.pages) == 1 and not reader.attachments and reader.xmp_metadata is None
    assert "see here" in str(reader.pages[0]["/Annots"][0].get_object())


def test_a_locked_or_broken_pdf_is_not_cleaned() -> None:
    from pypdf import PdfWriter

    writer, target = PdfWriter(io.BytesIO(pdf())), io.BytesIO()
    writer.encrypt("secret")
    writer.write(target)
    assert clean_pdf(target.getvalue()) is None
    assert clean_pdf(b"%PDF-1.7 nothing") is None


def test_camera_data_inside_a_pdf_goes_without_touching_pixels() -> None:
    dirty = picture("JPEG", WHO)
    cleaned = without_camera(dirty)
    assert WHO.encode() in dirty and WHO.encode() not in cleaned
    with Image.open(io.BytesIO(dirty)) as before, Image.open(io.BytesIO(cleaned)) as after:
        assert before.tobytes() == after.tobytes()


def test_an_office_document_loses_authors_and_revisions() -> None:
    dirty = docx(WHO)
    assert len(traces(dirty)) >= 6
    cleaned = clean_office(dirty)
    assert cleaned is not None and not traces(cleaned, "00AB12CD", "2026-01-01T08")
    with zipfile.ZipFile(io.BytesIO(cleaned)) as packed:
        words = packed.read(W).decode()
        names = packed.namelist()
        types = packed.read("[Content_Types].xml").decode()
        times = {info.date_time for info in packed.infolist()}
    assert "保留的话" in words and "新加的话" in words and "删掉的话" not in words and "w:ins" not in words
    assert "word/people.xml" not in names and "people.xml" not in types and "docProps/custom.xml" not in names
    assert times == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("part", ["word/embeddings/a.xlsx", "word/media/image1.emf", "word/printerSettings/p.bin"])
def test_what_cannot_be_cleaned_for_sure_is_not_cleaned(part: str) -> None:
    assert clean_office(docx(WHO, **{part: b"x"})) is None


def test_an_author_named_in_the_text_is_no_copy_for_others() -> None:
    parts = {"word/footer1.xml": f"<w:ftr>{WHO}</w:ftr>".encode()}
    assert clean_office(docx(WHO, **parts)) is None


@pytest.mark.parametrize(
    ("content", "group"),
    [(sample, media.split("/")[0].replace("application", "document").replace("audio", "voice"))
     for media, sample in samples().items()]
    + [(docx(), "document"), (b"RIFF\0\0\0\0WAVE", "voice"), (b"ID3\x03", "voice"), (b"\0\0\0\x18ftypisom", "video"),
       ("一句话\r\n第二句".encode(), "document"), ("一句话".encode("gb18030"), "document"),
       (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "document"), (archive({"OFD.xml": "x"}), "document"),
       (b"\0\0\0\x18ftypheic", "image")],
)  # fmt: skip
def test_what_people_send_is_taken(content: bytes, group: str) -> None:
    found = file_type(content)
    assert found is not None and found.group == group and suffix(found.media_type) != "bin"


@pytest.mark.parametrize(
    "content",
    [b"", b"  ", b"MZ\x90\0", b"\x7fELF", b"#!/bin/sh\nrm", b"<svg onload=x>", b"<!doctype html>", b"\0\1\2\3",
     archive({"a.txt": "x"}), archive({W: "x", "word/vbaProject.bin": "x"}), b"PK\x03\x04broken", b"RIFF\0\0\0\0AVI ",
     archive({"META-INF/MANIFEST.MF": "x", "a.class": "y"}), b"\xca\xfe\xba\xbe\0\0\0\x34"],
)  # fmt: skip
def test_everything_else_is_not_taken(content: bytes) -> None:
    assert file_type(content) is None and examine(content).kind is None


def test_the_name_and_the_told_type_count_for_nothing() -> None:
    assert file_type(b"MZ\x90\0" + picture("JPEG")) is None


def test_every_kind_has_its_limit() -> None:
    assert examine(b"\xff\xd8\xff" + b"\0" * IMAGE).too_large
    assert not examine(picture("JPEG")).too_large


def test_voice_has_no_copy_and_stays_with_staff() -> None:
    found = examine(samples()["audio/ogg"])
    assert found.kind is not None and found.cleaned is None and found.cleaned_type is None


@settings(max_examples=80, deadline=None)
@given(head=st.sampled_from(HEADS), tail=st.binary(max_size=200))
def test_odd_files_never_raise(head: bytes, tail: bytes) -> None:
    found = examine(head + tail)
    assert found.cleaned is None or not traces(found.cleaned)
