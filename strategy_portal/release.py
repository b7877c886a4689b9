"""Which release of the portal this process runs: a page that a browser has kept is of no use to the next one."""

from functools import cache
from hashlib import sha256

from django.conf import settings


@cache
def release() -> str:
    """Of every template, style and script as it lies on disk, read once a process."""
    files = sorted(
        path for folder in ("templates", "static") for path in (settings.BASE_DIR / folder).rglob("*") if path.is_file()
    )
    stamps = [(str(path.relative_to(settings.BASE_DIR)), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return sha256(repr(stamps).encode()).hexdigest()[:16]
