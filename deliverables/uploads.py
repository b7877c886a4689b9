"""What evidence may be: a web address, or a file of a known type, found from its content and never from its name or its sender.

Pictures are decoded and written anew, Office files are packed anew, so that nothing rides along: no EXIF, no place where a
picture was taken, no second file before, between or after. Everything else is refused in a sentence that says what is allowed.
"""

import csv
import re
import unicodedata
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from PIL import Image, ImageOps

LARGEST = 10 * 1024 * 1024  # bytes of a file
MOST_PIXELS = 40_000_000  # of a picture, before it is decoded: about what a good camera makes
MOST_PARTS, LARGEST_UNPACKED = 3_000, 60 * 1024 * 1024  # of an Office file
LONGEST_NAME, LONGEST_LINK = 120, 500  # characters
ALLOWED = "a PDF, Word, Excel or PowerPoint file, a PNG or JPEG picture, a CSV file or plain text"


class Refused(ValueError):
    """The link or the file is not taken. The sentence says why, and what is allowed."""


@dataclass(frozen=True)
class FileType:
    code: str
    label: str
    extension: str
    content_type: str


OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    found.code: found
    for found in (
        FileType("pdf", "PDF", ".pdf", "application/pdf"),
        FileType("png", "PNG picture", ".png", "image/png"),
        FileType("jpeg", "JPEG picture", ".jpg", "image/jpeg"),
        FileType("docx", "Word", ".docx", f"{OFFICE}.wordprocessingml.document"),
        FileType("xlsx", "Excel", ".xlsx", f"{OFFICE}.spreadsheetml.sheet"),
        FileType("pptx", "PowerPoint", ".pptx", f"{OFFICE}.presentationml.presentation"),
        FileType("csv", "CSV", ".csv", "text/csv; charset=utf-8"),
        FileType("text", "Plain text", ".txt", "text/plain; charset=utf-8"),
    )
}


@dataclass(frozen=True)
class Upload:
    """A file that may be kept: cleaned, with its type and the name it is downloaded by."""

    content: bytes
    file_type: FileType
    name: str


def read_upload(content: bytes, name: str) -> Upload:
    """Raises Refused."""
    if not content:
        raise Refused("The selected file is empty")
    if len(content) > LARGEST:
        raise Refused("The selected file must be 10MB or smaller")
    file_type, cleaned = recognised(content)
    return Upload(cleaned, file_type, safe_name(name, file_type))


def recognised(content: bytes) -> tuple[FileType, bytes]:
    if content.startswith(b"%PDF-"):
        return TYPES["pdf"], checked_pdf(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return TYPES["png"], written_anew(content, "PNG")
    if content.startswith(b"\xff\xd8\xff"):
        return TYPES["jpeg"], written_anew(content, "JPEG")
    if content.startswith(b"PK\x03\x04"):
        return packed_anew(content)
    return read_text(content)


# PDF

# A plain search for the words that name what a PDF may do. A writer who wants to can hide them in a compressed part, which is
# why a PDF is also never shown inside the portal. The letters of /JS occur by chance in pictures, so its value is asked for too.
DOES_SOMETHING = re.compile(rb"/JavaScript\b|/JS\s*(?:\(|<|\d+\s+\d+\s+R)|/Launch\b|/EmbeddedFiles?\b")
ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")  # /J#61vaScript is /JavaScript


def checked_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content or PAGE.search(content[:1024]):
        raise Refused(f"The selected file cannot be read as a PDF. It must be {ALLOWED}")
    if DOES_SOMETHING.search(ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)):
        raise Refused("The selected PDF holds a script, a command or another file. Print it to a new PDF and choose that one")
    return content


# Pictures


def written_anew(content: bytes, kind: str, *, widest: int = 0, allowed: str = ALLOWED) -> bytes:
    """The pixels alone, the right way up. Its size is read from its head and limited before anything is decoded.

    With `widest`, neither side has more pixels than that.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is the lower limit
            picture = Image.open(BytesIO(content), formats=[kind])
        if picture.width * picture.height > MOST_PIXELS:
            raise Refused("The selected picture must have 40 million pixels or fewer. Make it smaller and choose it again")
        return encoded(ImageOps.exif_transpose(picture), kind, widest)
    except Image.DecompressionBombError:
        raise Refused("The selected picture must have 40 million pixels or fewer. Make it smaller and choose it again") from None
    except Refused:
        raise
    except Exception as error:  # a broken picture may fail in any way
        raise Refused(f"The selected picture is damaged and cannot be read. It must be {allowed}") from error


def encoded(picture: Image.Image, kind: str, widest: int = 0) -> bytes:
    see_through = kind == "PNG" and picture.has_transparency_data
    plain = picture.convert("RGBA" if see_through else "L" if picture.mode in ("1", "L") else "RGB")
    plain.info.clear()
    if widest:
        plain.thumbnail((widest, widest))
    stream = BytesIO()
    plain.save(stream, kind, **({"quality": 88} if kind == "JPEG" else {}))
    return stream.getvalue()


# Office files

MAIN_PARTS = {  # of a document without macros: its name, and its type as [Content_Types].xml gives it
    "docx": ("word/document.xml", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", b"presentationml.presentation.main+xml"),
}
PROGRAMS = re.compile(r"vba|activex|oleobject|\.(exe|dll|com|bat|cmd|ps1|js|jse|vbs|hta|lnk|jar|msi|scr|html?)$", re.IGNORECASE)


def packed_anew(content: bytes) -> tuple[FileType, bytes]:
    not_office = Refused(f"The selected file is a ZIP file, or a damaged Office file. It must be {ALLOWED}")
    try:
        parts = unpacked(content)
    except Refused:
        raise
    except Exception as error:  # a broken archive may fail in any way
        raise not_office from error
    contents = parts.get("[Content_Types].xml", b"")
    like = [(code, said) for code, (main, said) in MAIN_PARTS.items() if main in parts]
    if like and (any(PROGRAMS.search(name) for name in parts) or b"macroEnabled" in contents):
        raise Refused("The selected file holds macros or other programs. Save it without them, or as a PDF, and choose that one")
    if not like or like[0][1] not in contents:
        raise not_office
    return TYPES[like[0][0]], packed(parts)


def unpacked(content: bytes) -> dict[str, bytes]:
    """Its parts by name. Each is read no further than the size it gives, and the sizes are added up before any is read."""
    with ZipFile(BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
            raise Refused("The selected file is too large when it is unpacked. Save it as a PDF and choose that one")
        names = {entry.filename for entry in entries}
        if len(names) != len(entries) or any(not is_plain(name) for name in names) or any(e.flag_bits & 1 for e in entries):
            raise BadZipFile("a name twice, a name that leads elsewhere, or a part with a password")
        found = {}
        for entry in entries:
            with archive.open(entry) as part:
                found[entry.filename] = part.read(entry.file_size + 1)
        return found


def is_plain(name: str) -> bool:
    return not name.startswith("/") and "\\" not in name and ".." not in PurePosixPath(name).parts


def packed(parts: dict[str, bytes]) -> bytes:
    """The same for the same parts, whenever it is done."""
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(name), part, compress_type=ZIP_DEFLATED)
    return stream.getvalue()


# Text

PAGE = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php)\b", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
OTHER_KIND = ("<", "#!", "GIF8", "{\\rtf", "%!PS", "MIME-Version:")


def read_text(content: bytes) -> tuple[FileType, bytes]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"The selected file must be {ALLOWED}. Save text and CSV files in UTF-8") from None
    if text.lstrip().startswith(OTHER_KIND) or PAGE.search(content) or CONTROL.search(text):
        raise Refused(f"The selected file must be {ALLOWED}")
    return TYPES["csv" if is_table(text) else "text"], content


def is_table(text: str) -> bool:
    """Several columns, the same number in each of the first rows."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    for delimiter in ",;\t":
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=delimiter, strict=True)}
        except csv.Error:
            continue
        if len(lines) > 1 and len(widths) == 1 and widths.pop() > 1:
            return True
    return False


# Names and links


def safe_name(name: str, file_type: FileType) -> str:
    """No path, no control characters, nothing that turns the direction of reading; the ending is that of the content."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    seen = "".join(" " if letter.isspace() else letter for letter in last if letter.isspace() or not hidden(letter))
    stem = re.sub(r"\.[A-Za-z][A-Za-z0-9]{0,4}$", "", re.sub(r'[<>:"|?*;%]+', "-", seen).strip())
    stem = re.sub(r"\s+", " ", stem).strip(" .")[: LONGEST_NAME - len(file_type.extension)].strip(" .")
    return f"{stem or 'evidence'}{file_type.extension}"


def hidden(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "C" or unicodedata.category(letter) in ("Zl", "Zp")


NOT_A_LINK = "Enter a whole link, beginning with https:// or http://, such as https://www.example.org/plan"
is_web_address = URLValidator(schemes=["http", "https"])


def read_link(text: str) -> str:
    """A whole web address. Raises Refused."""
    link = text.strip()
    if len(link) > LONGEST_LINK:
        raise Refused(f"The link must be {LONGEST_LINK} characters or fewer")
    try:
        is_web_address(link)
    except ValidationError:
        raise Refused(NOT_A_LINK) from None
    if "@" in link.split("/")[2]:
        raise Refused("Enter a link without a user name or password in it")
    return link
