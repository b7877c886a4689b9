"""What almost every page asks, in SQL that is put together quickly."""

from typing import Any

from django.db.models import BooleanField, CharField, Func, IntegerField, Value

from deliverables.ratings import TAKEN_BACK


class HasRow(Func):
    """Whether a table has a row with these values: what Exists says of a queryset, put together in a third of the time,
    for what almost every page asks. A field is named as in the model, an expression as in any annotation; None is no value."""

    output_field = BooleanField()

    def __init__(self, model: Any, **values: Any) -> None:
        columns = {f"beside.{model._meta.get_field(name).column}": value for name, value in values.items()}
        same = {column: value for column, value in columns.items() if value is not None}
        empty = "".join(f" AND {column} IS NULL" for column in columns if column not in same)
        row = f"SELECT 1 FROM {model._meta.db_table} beside WHERE ({', '.join(same)}) = (%(expressions)s){empty}"
        super().__init__(*same.values(), template=f"EXISTS ({row})")


class ReachGap(Func):
    """Whether a deliverable is tagged equity, is not stopped, and names nobody of Core20PLUS5 whom it reaches."""

    template = """(EXISTS (SELECT 1 FROM deliverables_deliverable_principles tag
        JOIN priorities_principle tagged ON tagged.id = tag.principle_id AND tagged.code = 'EQUITY'
        JOIN deliverables_deliverable going ON going.id = tag.deliverable_id AND going.stopped_on IS NULL
        WHERE tag.deliverable_id = %(expressions)s)
        AND NOT EXISTS (SELECT 1 FROM deliverables_deliverable_reach named WHERE named.deliverable_id = %(expressions)s))"""
    output_field = BooleanField()


class TimesMoved(Func):
    """How often a milestone's date has moved."""

    template = (
        "(SELECT COALESCE(SUM(moves.counts), 0) FROM deliverables_milestonemove moves WHERE moves.milestone_id = %(expressions)s)"
    )
    output_field = IntegerField()


class LastRating(Func):
    """The rating of a deliverable's last row of a period; where there is none, as where it was taken back."""

    template = f"""COALESCE((SELECT said.rating FROM deliverables_statusupdate said
        WHERE (said.deliverable_id, said.period_id) = (%(expressions)s) ORDER BY said.number DESC LIMIT 1), '{TAKEN_BACK}')"""
    output_field = CharField()

    def __init__(self, period: Any) -> None:
        super().__init__("pk", Value(period.pk))


class LastWord(Func):
    """A column of the group's newest decision on an update; none where there is no decision."""

    template = """(SELECT word.%(column)s FROM deliverables_decision word
        WHERE word.update_id = %(expressions)s ORDER BY word.id DESC LIMIT 1)"""
    output_field = CharField(null=True)
