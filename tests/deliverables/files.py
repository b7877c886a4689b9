"""Files as people and their opposites send them."""

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
}
PLACE, MAKE = 0x8825, 0x010F  # EXIF's own numbers


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: object) -> bytes:
    stream = BytesIO()
    Image.new(mode, size, 1).save(stream, kind, **more)
    return stream.getvalue()


def photograph() -> bytes:
    """As a telephone takes it: on its side, with the place where it was taken and a comment."""
    exif = Image.Exif()
    exif[MAKE], exif[0x0112] = "Telephone", 6
    exif.get_ifd(PLACE)[1], exif.get_ifd(PLACE)[2] = "N", (52.9, 57.1, 10.0)
    return picture("JPEG", exif=exif, comment=b"taken at home")


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes whose head promises more pixels than any memory holds."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def office(code: str = "docx", types: str = "", **parts: bytes) -> bytes:
    """`parts` are named with two underscores for a slash and one for a dot: word__vbaProject_bin."""
    main, said = MAIN[code]
    return archive(
        {"[Content_Types].xml": f'<Types><Override ContentType="x.{said}"/>{types}</Types>'.encode(), main: b"<x/>"}
        | {name.replace("__", "/").replace("_", "."): part for name, part in parts.items()}
    )


def archive(parts: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return stream.getvalue()
