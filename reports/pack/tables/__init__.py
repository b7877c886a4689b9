"""The one place that flattens a report to tables. Pure.

PDF, PowerPoint, Excel and CSV show these cells, so that their figures cannot differ.
"""

from collections.abc import Callable

from reports.pack.document import Document
from reports.pack.tables import figures, work
from reports.pack.tables.shape import Table

MAKERS: dict[str, Callable[[Document], Table]] = {
    "about": figures.about,
    "asks": work.asks,
    "attention": work.attention,
    "priorities": figures.priorities,
    "principles": figures.principles,
    "balance": figures.balance,
    "gaps": figures.gaps,
    "matrix": figures.matrix,
    "months": figures.months,
    "by_month": work.by_month,
    "ahead": work.ahead,
    "milestones": work.milestones,
    "changes": work.changes,
    "deliverables": work.deliverables,
    "stories": work.stories,
    "coverage": figures.coverage,
    "history": work.history,
    "rules": figures.rules,
}


def tables(document: Document) -> dict[str, Table]:
    """Every table of the pack, by the name that its makers know it by."""
    return {name: make(document) for name, make in MAKERS.items()}
