"""What administrators choose and type for the next plan year, kept as they do."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from deliverables.models import RefreshDraft
from deliverables.refresh.sheet import mark_of, same
from people.models import User
from priorities.models import PlanYear
from strategy_portal import clock


class YearIsThere(Exception):
    """The next plan year is published already, so its draft takes no more."""

    def __init__(self, year: PlanYear) -> None:
        super().__init__(f"{year} is published already. What is in it is edited there, or publishing is undone first.")
        self.year = year


@transaction.atomic
def save_refresh_draft(
    *, by: User, plan_year: PlanYear, page: str, rows: Mapping[str, Mapping[str, str]], marks: Mapping[str, str]
) -> tuple[RefreshDraft, dict[str, dict[str, Any]]]:
    """Keeps what was typed in these rows. Returns the draft, and of each row that somebody else has changed since what stands.

    `marks` say how each row stood when the page `page` was opened. A row that she has not touched stays as it is by now; one
    that both have touched is not saved, and comes back. All other rows are saved, whoever saves others.
    """
    locked = lock_year(plan_year)
    draft = RefreshDraft.objects.filter(plan_year=locked).first()
    draft = draft or RefreshDraft(plan_year=locked, rows={}, version=0, saved_at=clock.now(), saved_by=by)
    changed, theirs = {}, {}
    for key, typed in rows.items():
        stands, mark = draft.rows.get(key), marks.get(key, "")
        if same(typed, stands):
            continue
        own = stands is not None and stands.get("page") == page
        if own or mark_of(stands) == mark:
            changed[key] = {**typed, "by": by.name, "page": page}
        elif mark_of(typed) != mark:
            theirs[key] = stands or {}
    if changed:
        draft.rows = draft.rows | changed
        draft.version, draft.saved_at, draft.saved_by = draft.version + 1, clock.now(), by
        draft.save()
    return draft, theirs


def lock_year(plan_year: PlanYear) -> PlanYear:
    """The year that is refreshed, locked until the transaction ends. Raises YearIsThere."""
    locked: PlanYear = PlanYear.objects.select_for_update(of=("self",)).select_related("strategy").get(pk=plan_year.pk)
    if made := PlanYear.objects.after(locked):
        raise YearIsThere(made)
    return locked
