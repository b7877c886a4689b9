"""What must hold of a row of the plan before it is saved: in words, and beside the box that is wrong. Nothing is written here."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, Func, IntegerField, Model, Subquery

from people.models import Membership, Organisation, User
from priorities.models import Body, PlanYear, Priority, ReportingPeriod
from strategy_portal import clock
from strategy_portal.editing import Refused
from strategy_portal.templatetags.portal import day


def in_order(row: Any, first: str, then: str, sentence: str) -> None:
    begins, ends = getattr(row, first), getattr(row, then)
    if begins and ends and ends < begins:
        raise Refused(sentence, field=then)


def others(row: Any) -> Any:
    return type(row)._default_manager.exclude(pk=row.pk)


def why_not_begun(code: str, years: Any) -> str:
    """Why a plan year that is not there cannot begin beside `years`, those of its strategy. Only the guided page starts one that
    follows another: there each promise says where it goes."""
    newest = years.order_by("-starts_on").first()
    if newest is None:
        return ""
    name = code.replace("-", "/")
    if code < newest.code:
        return f"{name} is before {newest}, and no plan year is put before another."
    return f"Start {name} on the next year's page first, so that every promise says where it went."


def check_year(row: PlanYear) -> None:
    if not row.pk and (refused := why_not_begun(row.code, PlanYear.objects.filter(strategy=row.strategy_id))):
        raise Refused(refused, field="code")
    in_order(row, "starts_on", "ends_on", "The last day must be after the first day")
    within = row.periods.order_by("starts_on") if row.pk else PlanYear.objects.none()
    first, last = within.first(), within.last()
    if first and row.starts_on > first.starts_on:
        raise Refused(f"The first day must be {day(first.starts_on)} or before, when {first} begins", field="starts_on")
    if last and row.ends_on < last.ends_on:
        raise Refused(f"The last day must be {day(last.ends_on)} or after, when {last} ends", field="ends_on")
    beside = others(row).filter(strategy=row.strategy_id, starts_on__lte=row.ends_on, ends_on__gte=row.starts_on).first()
    if beside:
        field = "ends_on" if beside.starts_on > row.starts_on else "starts_on"
        raise Refused(
            f"The days must not lie in {beside}, which is from {day(beside.starts_on)} to {day(beside.ends_on)}", field=field
        )


def check_period(row: ReportingPeriod) -> None:
    if row.opens_on < row.starts_on:
        raise Refused(f"{row} must open on {day(row.starts_on)} or after, when it begins", field="opens_on")
    in_order(row, "opens_on", "due_on", f"Updates for {row} must be due on or after the day on which it opens")
    in_order(row, "due_on", "meeting_on", f"The group must take {row} on or after the day on which updates are due")


def check_priority(row: Priority) -> None:
    same_year = others(row).filter(plan_year=row.plan_year_id)
    if same_year.filter(code__iexact=row.code).exists():
        raise Refused(f"{row.plan_year} has a priority with the code {row.code} already", field="code")
    if same_year.filter(slug=row.slug).exists() or not row.slug:
        raise Refused(f"{row.plan_year} has a priority at the address /{row.slug}/ already. Choose another name", field="name")


def check_body(row: Body) -> None:
    in_order(row, "starts_on", "ends_on", "The last day must be on or after the first day")
    if others(row).filter(strategy=row.strategy_id, code__iexact=row.code).exists():
        raise Refused(f"There is a body with the code {row.code} already", field="code")
    above = dict(others(row).filter(strategy=row.strategy_id).values_list("pk", "assures"))
    at, passed = row.assures_id, set[int]()
    while at is not None and at not in passed:
        if at == row.pk:
            raise Refused(f"{row} cannot assure itself, nor a body that assures it", field="assures")
        passed.add(at)
        at = above.get(at)


def check_organisation(row: Organisation) -> None:
    in_order(row, "starts_on", "ends_on", "The last day must be on or after the first day")
    beside = others(row).filter(name__iexact=row.name).first()
    if beside or others(row).filter(code=row.code).exists():
        raise Refused(f"There is an organisation called {beside or row.name} already", field="name")
    if row.pk:
        refuse_without_administrators_of(row)


def refuse_without_administrators_of(row: Organisation) -> None:
    """On a day on which it is not there, others must be able to administer the portal."""
    today = clock.today()
    absent = {"starts_on": today if row.starts_on and row.starts_on > today else None}
    absent["ends_on"] = max(today, row.ends_on + timedelta(days=1)) if row.ends_on else None
    for field, on in absent.items():
        if on and not Membership.objects.giving("edit_plan", on).exclude(organisation=row).exists():
            raise Refused(f"On {day(on)} nobody would be left who can administer the portal", field=field)


def check_person(row: User) -> None:
    beside = others(row).filter(email=row.email).first()
    if beside:
        raise Refused(f"{beside.name} has this email address already", field="email")


RULES: dict[type, Callable[[Any], None]] = {
    PlanYear: check_year,
    ReportingPeriod: check_period,
    Priority: check_priority,
    Body: check_body,
    Organisation: check_organisation,
    User: check_person,
}


def check_row(row: Any) -> None:
    """Raises Refused if the row, as it is in memory, must not be saved."""
    RULES.get(type(row), lambda _: None)(row)


def uses_of(row: Any) -> list[str]:
    """What leans on a row or once did, in words: then it cannot be deleted, so that what was said of it keeps its name.
    One statement."""
    relations = [one for one in row._meta.get_fields(include_hidden=True) if leans(one)]
    number = Func(F("pk"), function="COUNT", output_field=IntegerField())
    counts = {
        f"uses_{place}": Subquery(one.related_model._base_manager.filter(**{one.field.name: row}).order_by().values(n=number))
        for place, one in enumerate(relations)
    }
    named = {"named": was_named(row)} if hasattr(row, "source") else {}
    found = type(row)._base_manager.filter(pk=row.pk).annotate(**counts, **named).values(*counts, *named).get()
    uses = ["a place in the strategy"] if found.pop("named", False) else []
    uses += [said_of(one, count) for one, count in zip(relations, found.values(), strict=True) if count]
    return list(dict.fromkeys(uses))


def was_named(row: Any) -> Exists:
    """Whether a document names it, or did before somebody took its source away."""
    return Exists(row.history.model._default_manager.filter(id=row.pk).exclude(source=""))


# What is not called by what it is, but by how it leans.
LEANING = {
    "memberships": ("role that somebody has in it", "roles that people have in it"),
    "led_deliverables": ("deliverable that it leads", "deliverables that it leads"),
    "partnered_deliverables": ("deliverable in which it is a partner", "deliverables in which it is a partner"),
}


def leans(relation: Any) -> bool:
    if not relation.auto_created or relation.concrete or not issubclass(relation.related_model, Model):
        return False
    return is_history(relation) or not relation.hidden


def is_history(relation: Any) -> bool:
    return hasattr(relation.related_model, "history_type") or hasattr(relation.related_model, "m2m_history_id")


def said_of(relation: Any, count: int) -> str:
    if relation.get_accessor_name() in ("went", "came"):
        return "a place in another plan year"
    if is_history(relation):
        return "a place in the history of others"
    name = relation.get_accessor_name()
    one, many = LEANING.get(name, (relation.related_model._meta.verbose_name, relation.related_model._meta.verbose_name_plural))
    return f"{count:,} {one if count == 1 else many}"
