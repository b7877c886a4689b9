"""What a file may be, found from its content: what is taken, what is cleaned away, and what is refused in which words."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.conf import settings
from PIL import Image

from deliverables import uploads
from deliverables.models import Evidence
from deliverables.uploads import LARGEST, LONGEST_NAME, TYPES, Refused, read_link, read_upload, safe_name
from tests.deliverables import files

CSV = b"Place,People\nAshfield,12\nMansfield,9\n"
TAKEN = {
    "pdf": files.PDF,
    "png": files.picture("PNG"),
    "jpeg": files.picture("JPEG"),
    "docx": files.office("docx"),
    "xlsx": files.office("xlsx", xl__printerSettings__printerSettings1_bin=b"\0\1"),
    "pptx": files.office("pptx", ppt__media__image1_svg=b"<svg/>", ppt__embeddings__Sheet1_xlsx=b"PK"),
    "csv": CSV,
    "text": "Minutes of the board: agreed.\n£5 & “more” 🙂\n".encode(),
}


def refusal(content: bytes, name: str = "plan.pdf") -> str:
    with pytest.raises(Refused) as refused:
        read_upload(content, name)
    return str(refused.value)


@pytest.mark.parametrize("code", TAKEN)
@pytest.mark.parametrize("name", ["plan", "plan.exe", "plan.html"])
def test_a_file_is_what_it_holds_whatever_it_is_called(code, name):
    upload = read_upload(TAKEN[code], name)
    assert upload.file_type is TYPES[code]
    assert upload.name == f"plan{TYPES[code].extension}"


def test_a_type_fits_its_field_and_no_type_is_one_that_a_browser_runs():
    assert set(TAKEN) == set(TYPES)
    assert all(len(code) <= Evidence._meta.get_field("file_type").max_length for code in TYPES)
    assert Evidence._meta.get_field("file_name").max_length == LONGEST_NAME
    said = " ".join(found.content_type for found in TYPES.values())
    assert not [word for word in ("html", "svg", "javascript", "/xml", "xhtml") if word in said]


def test_what_is_not_written_anew_is_kept_to_the_byte():
    for code in ("pdf", "csv", "text"):
        assert read_upload(TAKEN[code], "x").content == TAKEN[code]
    assert read_upload(b"\xef\xbb\xbf" + CSV, "x").file_type.code == "csv"


HOSTILE = {
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a page after spaces and a mark": b"\xef\xbb\xbf \n\n<b>x</b>",
    "a page further down": b"Minutes.\n" * 50 + b"<ScRipt src=x>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a drawing with a head": b'<?xml version="1.0"?><svg/>',
    "a program for Windows": b"MZ\x90\x00\x03" + b"\0" * 60,
    "a program for Linux": b"\x7fELF\x02\x01\x01" + b"\0" * 60,
    "a script": b"#!/bin/sh\nrm -rf .\n",
    "a picture that is a script": b"GIF89a/*\x00*/=1;alert(1)//",
    "a picture that is a script, in plain letters": b"GIF89a=1;alert(1)",
    "an animation": files.picture("GIF"),
    "a WebP": files.picture("WEBP"),
    "a Photoshop file in a PNG's name": b"8BPS\x00\x01",
    "an old Word file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60,
    "rich text": b"{\\rtf1 x}",
    "text with a NUL": b"Minutes\0 of the board",
    "text with an escape": b"Minutes\x1b[2J of the board",
    "text that is not UTF-8": "Café, £5".encode("latin-1"),
    "text in UTF-16": "Minutes".encode("utf-16"),
    "a plain archive": files.archive({"a.txt": b"x"}),
    "an archive with a page": files.archive({"index.html": b"<html>"}),
    "a page before an archive": b"<html><script>alert(1)</script>" + files.office(),
    "a PDF's name before a page": b"%PDF-1.4\n<html><script>alert(1)</script> %%EOF",
    "a PDF that was cut off": files.PDF[:40],
    "a picture that was cut off": files.picture("PNG", (300, 300))[:120],
    "the head of a JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF<script>alert(1)</script>",
    "an archive that was cut off": files.office()[:100],
    "an Office file with a name twice": files.office().replace(b"word/document.xml", b"[Content_Types].x"),
    "an Office file with a part that leads elsewhere": files.archive(
        {"[Content_Types].xml": b"wordprocessingml.document.main+xml", "word/document.xml": b"x", "../../evil.txt": b"x"}
    ),
    "an Office file without its main part": files.archive({"[Content_Types].xml": b"wordprocessingml.document.main+xml"}),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("name", ["plan.pdf", "plan.png", "plan.csv"])
def test_everything_else_is_refused_and_told_what_is_allowed(what, name):
    assert uploads.ALLOWED in refusal(HOSTILE[what], name)


@pytest.mark.parametrize(
    "said",
    [
        *(b"/S/JavaScript/JS(app.alert(1))", b"/S /J#61vaScript", b"/JS 12 0 R", b"/JS <6170>", b"/S/Launch/F(cmd.exe)"),
        *(b"/Names<</EmbeddedFiles 3 0 R>>", b"/Type/EmbeddedFile"),
    ],
)
def test_a_pdf_that_does_something_is_refused(said):
    assert "script, a command or another file" in refusal(
        files.PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<<" + said)
    )


def test_a_pdf_whose_picture_holds_three_unlucky_letters_is_taken():
    assert read_upload(files.PDF.replace(b"endobj", b"stream\n\xff/JS\x9c\nendstream endobj"), "x").file_type.code == "pdf"


@pytest.mark.parametrize(
    "content",
    [
        files.office("docx", word__vbaProject_bin=b"x"),
        files.office("xlsx", xl__VBAPROJECT_BIN=b"x"),
        files.office("docx", word__activeX__activeX1_xml=b"x"),
        files.office("docx", word__embeddings__oleObject1_bin=b"x"),
        files.office("docx", word__setup_exe=b"x"),
        files.office("pptx", types="application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
        files.archive(
            {"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml": b"x"}
        ),
    ],
)
def test_an_office_file_with_macros_or_programs_is_refused_with_a_way_on(content):
    assert refusal(content, "plan.docx").endswith("Save it without them, or as a PDF, and choose that one")


def test_an_office_file_is_packed_anew_with_nothing_before_between_or_after_its_parts():
    sent = files.office("docx", word__media__image1_png=b"picture")
    with_more = sent[:-2] + b"\x31\x00" + b"<html><script>alert(document.domain)</script>    "  # as the archive's own comment
    kept = read_upload(with_more, "plan.docx").content
    assert b"script" in with_more and b"script" not in kept
    with ZipFile(BytesIO(sent)) as before, ZipFile(BytesIO(kept)) as after:
        assert {name: before.read(name) for name in before.namelist()} == {name: after.read(name) for name in after.namelist()}
    assert read_upload(with_more, "other.docx").content == kept


def test_an_office_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_UNPACKED", 1000)
    assert read_upload(files.office(word__a_xml=b"a" * 500), "x").file_type.code == "docx"
    assert "too large when it is unpacked" in refusal(files.office(word__a_xml=b"a" * 1000))
    monkeypatch.setattr(uploads, "MOST_PARTS", 2)
    assert "too large when it is unpacked" in refusal(files.office(word__a_xml=b"a"))


def test_an_archive_that_lies_about_its_sizes_is_not_believed():
    sent = bytearray(files.office(word__a_xml=b"a" * 100_000))
    central = sent.rindex(b"PK\x01\x02")
    sent[central + 24 : central + 28] = (10).to_bytes(4, "little")
    assert uploads.ALLOWED in refusal(bytes(sent))


def test_a_photograph_loses_where_it_was_taken_and_stands_upright():
    sent = files.photograph()
    with Image.open(BytesIO(sent)) as before:
        assert before.getexif().get_ifd(files.PLACE) and before.size == (40, 30)
    kept = read_upload(sent, "IMG_1.jpeg").content
    with Image.open(BytesIO(kept)) as after:
        assert not dict(after.getexif()) and not after.getexif().get_ifd(files.PLACE) and after.size == (30, 40)
    for trace in (b"Exif", b"Telephone", b"taken at home"):
        assert trace in sent and trace not in kept


def test_a_picture_loses_what_is_hidden_behind_it():
    for kind in ("PNG", "JPEG"):
        kept = read_upload(files.picture(kind) + b"<script>alert(1)</script>", "x").content
        assert b"script" not in kept


@pytest.mark.parametrize(
    ("mode", "kept"), [("RGBA", "RGBA"), ("P", "RGB"), ("L", "L"), ("1", "L"), ("RGB", "RGB"), ("LA", "RGBA")]
)
def test_a_picture_keeps_its_colours(mode, kept):
    with Image.open(BytesIO(read_upload(files.picture("PNG", mode=mode), "x").content)) as picture:
        assert picture.mode == kept and picture.size == (40, 30)


@pytest.mark.parametrize("size", [(60_000, 60_000), (8_000, 5_001)])
def test_a_picture_of_too_many_pixels_is_refused_without_decoding_it(size):
    assert "40 million pixels or fewer" in refusal(files.bomb(*size), "plan.png")


def test_empty_and_large_files_are_refused():
    assert refusal(b"") == "The selected file is empty"
    assert refusal(b"a" * (LARGEST + 1)) == "The selected file must be 10MB or smaller"
    assert read_upload(b"a" * LARGEST, "x").file_type.code == "text"
    assert LARGEST == settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def test_a_table_is_told_from_text():
    for table in (b"a;b\n1;2\n", b"a\tb\n1\t2", b'a,b\n"1,5",2\n'):
        assert read_upload(table, "x").file_type.code == "csv"
    for text in (b"One line, with a comma", b"First, second\nThird", b"a\nb\n"):
        assert read_upload(text, "x").file_type.code == "text"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("D:\\plans\\plan.docx", "plan.pdf"),
        ("plan.pdf/", "evidence.pdf"),
        ("..", "evidence.pdf"),
        ("", "evidence.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("plan\r\nSet-Cookie: a=b.pdf", "plan Set-Cookie- a=b.pdf"),
        ("plan\u202efdp.exe", "planfdp.pdf"),
        ("plan\u2066\u200b\ufeff.pdf", "plan.pdf"),
        ("plan\0.php", "plan.pdf"),
        ('"<b>|plan?*.pdf', "-b-plan-.pdf"),
        ("Café 🙂 план.pdf", "Café 🙂 план.pdf"),
        ("Plan v1.2", "Plan v1.2.pdf"),
    ],
)
def test_the_name_to_download_by_is_plain(name, safe):
    assert safe_name(name, TYPES["pdf"]) == safe


def test_the_name_to_download_by_is_cut_and_keeps_its_ending():
    name = safe_name("x" * 500 + ".docx", TYPES["docx"])
    assert len(name) == LONGEST_NAME and name.endswith("x.docx")


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org",
        "http://example.org/a?b=c#d",
        " https://nhs.sharepoint.com/:w:/r/sites/x ",
        "https://10.0.0.1:8443/x",
    ],
)
def test_a_web_address_is_taken(link):
    assert read_link(link) == link.strip()


@pytest.mark.parametrize(
    "link",
    [
        *("javascript:alert(1)", "JaVaScRiPt://example.org/%0aalert(1)", "data:text/html,<script>", "ftp://example.org/x"),
        *("//example.org/x", "/updates/", "example.org", "file:///etc/passwd", "https://", "https:///x", "vbscript:x"),
        *("https://exa mple.org", "https://example.org/a\nb", "java\tscript:alert(1)", "https://example.org\0", ""),
        *("mailto:a@example.org", "https://priya:secret@example.org/", "https://example.org@evil.example/"),
        "https://example.org/" + "a" * 500,
    ],
)
def test_anything_but_a_whole_web_address_is_refused(link):
    with pytest.raises(Refused):
        read_link(link)
