"""The project's strategy file, as it is or with something changed, for the tests of loading."""

from collections.abc import Callable
from functools import cache
from typing import Any

import yaml
from django.conf import settings

from reports.loading.document import Document, Refused, parse
from reports.loading.loader import load_strategy
from reports.loading.report import LoadReport

PATH = settings.BASE_DIR / "priorities/data/strategy.yaml"
TEXT = PATH.read_text(encoding="utf-8")


@cache
def ours() -> Document:
    return parse(TEXT)


def with_change(change: Callable[[dict[str, Any]], Any]) -> str:
    data = yaml.safe_load(TEXT)
    change(data)
    return yaml.safe_dump(data, sort_keys=False)


def load(change: Callable[[dict[str, Any]], Any] | None = None) -> LoadReport:
    """Loads the file, changed by `change` if that is given."""
    return load_strategy(by=None, document=parse(with_change(change)) if change else ours())


def problems(text: str) -> list[str]:
    """Why the text is refused; empty if it is not."""
    try:
        parse(text)
    except Refused as refused:
        return refused.problems
    return []
