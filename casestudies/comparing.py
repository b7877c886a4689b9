"""A story as someone else has saved it beside what she typed, and how a story became what it is."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from casestudies.actions import StoryWords
from casestudies.actions.words import FIELDS
from casestudies.forms import StoryForm, shown
from casestudies.models import CaseStudy, Figure, Picture
from casestudies.querysets import LINKS
from strategy_portal.editing import Change, Edit, changes_between, edit, edits_of, state

HIDDEN = ("revises", "key", "slug", "code", "order", "strategy", "is_demonstration")
Words = dict[str, Any]


def apart(theirs: StoryWords, mine: StoryWords, form: StoryForm) -> list[Change]:
    """What differs, field by field, as the form labels it."""
    labels = {name: str(form.fields[name].label) for name in (*FIELDS, *LINKS)} | {"figures": "Figures"}
    return changes_between(labels, in_text(theirs, form), in_text(mine, form))


def in_text(said: StoryWords, form: StoryForm) -> Words:
    names = {name: {str(code): label for code, label in getattr(form.fields[name], "choices", [])} for name in form.fields}
    fields = {name: names[name].get(str(value), value) if names[name] else value for name, value in said.fields.items()}
    links = {kind: [names[kind].get(str(pk), str(pk)) for pk in sorted(ids)] for kind, ids in said.links.items()}
    rows = (" · ".join(str(shown(value)) for value in figure.values() if value not in ("", None)) for figure in said.figures)
    return fields | links | {"figures": "\n".join(rows)}


def edits_of_story(study: CaseStudy) -> list[Edit]:
    """The newest first: of its words and its ties, its figures and its pictures. Four statements, however many there are."""
    found = edits_of(study.history.all(), leave_out=HIDDEN)  # type: ignore[attr-defined]
    figures = edits_of_many(Figure.history.filter(case_study_id=study.pk), "Figure", leave_out=("case_study", "order"))
    pictures = edits_of_many(
        Picture.history.filter(case_study_id=study.pk),
        "Picture",
        leave_out=("case_study", "order", "file", "width", "height", "added_at", "added_by"),
    )
    return sorted([*found, *figures, *pictures], key=lambda one: one.at, reverse=True)


def edits_of_many(records: QuerySet, what: str, *, leave_out: Iterable[str]) -> list[Edit]:
    """As strategy_portal.editing.edits_of, of several rows at once. Each is called by its name."""
    fields = [f for f in records.model.tracked_fields if f.name not in {"id", *leave_out}]
    before: dict[int, dict[Any, str]] = {}
    found = []
    for record in records.select_related("history_user").order_by("history_id"):
        now = state(record, fields)
        made = edit(record, now, before.get(record.id, {}))
        before[record.id] = now
        if made.changes or record.history_type != "~":
            name = getattr(record, "metric", "") or getattr(record, "alternative", "")
            found.append(Edit(made.at, made.by, f"{what} “{name}” {made.what.lower()}", made.reason, made.changes))
    return found
