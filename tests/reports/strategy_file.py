"""The project's strategy file, as it is or with something changed, for the tests of loading."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

from django.conf import settings

from reports.loading.document import Document, Refused, document_of
from reports.loading.loader import load_strategy
from reports.loading.report import LoadReport
from reports.loading.yaml_text import parse_yaml

PATH = settings.BASE_DIR / "priorities/data/strategy.yaml"
TEXT = PATH.read_text(encoding="utf-8")
DATA = parse_yaml(TEXT)

Change = Callable[[dict[str, Any]], Any]


@cache
def ours() -> Document:
    return document_of(DATA)


def changed(change: Change) -> Document:
    """Our file with something changed. Raises Refused."""
    data = deepcopy(DATA)
    change(data)
    return document_of(data)


def load(change: Change | None = None) -> LoadReport:
    return load_strategy(by=None, document=changed(change) if change else ours())


def refused(read: Callable[[], Document]) -> list[str]:
    """Why a document is refused; empty if it is not."""
    try:
        read()
    except Refused as error:
        return error.problems
    return []
