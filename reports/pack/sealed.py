"""Office files are zip archives with the time of day in them. Here they are written anew, so that the same report gives the
same bytes."""

import re
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)  # of a zip archive
MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def moment_of(issued: dict[str, str]) -> datetime:
    """When the report was issued: that is when its files were made, whenever they are built."""
    return datetime.fromisoformat(issued["at"]).astimezone(UTC).replace(tzinfo=None, microsecond=0)


def sealed(data: bytes, moment: datetime) -> bytes:
    """The same archive with one time for all that is in it, and in the workbooks inside it."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as found, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in found.namelist():
            part = ZipInfo(name, FIRST_MOMENT)
            part.compress_type, part.external_attr = ZIP_DEFLATED, 0o600 << 16
            made.writestr(part, as_at(name, found.read(name), moment))
    return out.getvalue()


def as_at(name: str, data: bytes, moment: datetime) -> bytes:
    if name.endswith(".xlsx"):
        return sealed(data, moment)
    said = moment.isoformat().encode() + b"Z"
    return MOMENT.sub(lambda found: found[1] + said, data) if name == "docProps/core.xml" else data
