"""What the first visit to the overview fetches: the page, and the styles, scripts and icon that it names."""

from dataclasses import dataclass
from html.parser import HTMLParser

from django.conf import settings

from tests.bench.fill import Frame
from tests.bench.pages import fetch, sign_in

LINKS = {"link": "href", "script": "src", "img": "src"}


@dataclass(frozen=True)
class Visit:
    requests: int
    kilobytes: float  # compressed


class Assets(HTMLParser):
    """The addresses that a browser fetches without being asked. What a script fetches later is not among them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        address = dict(attributes).get(LINKS.get(tag, ""))
        if address:
            self.found.add(address)


def first_visit(frame: Frame) -> Visit:
    client = sign_in(frame.viewer)
    assets = Assets()
    assets.feed(client.get("/", headers={"accept-encoding": "identity"}).content.decode())
    sizes = [size_of(address) for address in assets.found]
    return Visit(1 + len(sizes), (fetch(client, "/") + sum(sizes)) / 1000)


def size_of(address: str) -> int:
    """As whitenoise sends it to a browser that takes gzip."""
    plain = settings.STATIC_ROOT / address.removeprefix("/static/")
    packed = plain.with_name(f"{plain.name}.gz")
    return (packed if packed.exists() else plain).stat().st_size
