"""Every page, for everyone who opens it: axe finds nothing, nothing sticks out, and structure, words and focus are sound."""

import pytest

from tests.journeys.inspection import inspect
from tests.journeys.places import PAGES, REFUSED
from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("email", "path"), [(email, path) for email, paths in PAGES.items() for path in paths])
def test_a_page_serves_everyone_at_every_width(stage: Stage, titles: dict[str, str], email: str, path: str) -> None:
    visit = stage.visit(email)
    visit.open(path)
    assert titles.setdefault(visit.page.title(), visit.path.partition("?")[0]) == visit.path.partition("?")[0]
    wrong = inspect(visit.page)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("email", "path", "status"), [(email, *answer) for email, answers in REFUSED.items() for answer in answers])
def test_a_refusal_is_a_page_like_any_other(stage: Stage, email: str, path: str, status: int) -> None:
    visit = stage.visit(email)
    visit.watch.expect(status)
    answer = visit.page.goto(f"{visit.address}{path}")
    assert answer is not None and answer.status == status
    wrong = inspect(visit.page)
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="module")
def titles() -> dict[str, str]:
    """Which page a title belongs to: no two share one."""
    return {}
