"""What a story's picture may be. It is decoded and written anew as evidence is, and made no larger than a page can use."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from deliverables.uploads import LARGEST, Refused, written_anew

WIDEST = 1600  # pixels of the longer side
MOST = 6  # pictures of a story
ALLOWED = "a PNG or JPEG picture"
KINDS = ((b"\x89PNG\r\n\x1a\n", "PNG", ".png"), (b"\xff\xd8\xff", "JPEG", ".jpg"))
CONTENT_TYPES = {".png": "image/png", ".jpg": "image/jpeg"}


@dataclass(frozen=True)
class Photograph:
    content: bytes
    extension: str
    width: int
    height: int


def read_photograph(content: bytes) -> Photograph:
    """Found from its content, never from its name or its sender. Raises deliverables.uploads.Refused."""
    if not content:
        raise Refused("The selected file is empty")
    if len(content) > LARGEST:
        raise Refused("The selected file must be 10MB or smaller")
    found = next(((kind, extension) for head, kind, extension in KINDS if content.startswith(head)), None)
    if found is None:
        raise Refused(f"The selected file must be {ALLOWED}")
    cleaned = written_anew(content, found[0], widest=WIDEST, allowed=ALLOWED)
    with Image.open(BytesIO(cleaned)) as picture:
        return Photograph(cleaned, found[1], picture.width, picture.height)
