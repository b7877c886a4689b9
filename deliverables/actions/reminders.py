"""Reminding people of what is due from them: by the timetable, and by hand."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from deliverables.due import Owing, outstanding
from deliverables.reminders import Reason, Window, reason_today, subject
from people.actions import drop_outdated_letters, word_letter, write_letter
from people.models import Letter, Membership, User
from priorities.calendar import Changed, is_working_day
from priorities.models import BankHoliday, ReportingPeriod
from strategy_portal import clock

TEMPLATE = "deliverables/letters/reminder"


@dataclass(frozen=True)
class Reminded:
    """Who was written to; who was skipped, having been reminded today already; and from whom nothing is due any more."""

    written: list[User] = field(default_factory=list)
    already: list[User] = field(default_factory=list)
    nothing_due: list[User] = field(default_factory=list)


def remind_due() -> list[Letter]:
    """Writes the reminders that are due today. Each is a transaction of its own, and the database holds them to one a person
    a day and one a reason: it may be run twice, by two at once, and again after a kill."""
    changed = BankHoliday.objects.changed()
    if not is_working_day(clock.today(), changed):
        return []
    drop_outdated_letters()
    due = [(owing, reasons) for owing in outstanding().people if (reasons := reasons_today(owing, changed))]
    group = group_addresses() if any(reason.copies_group for _, reasons in due for reason in reasons.values()) else []
    return [letter for owing, reasons in due if (letter := write(owing, reasons, group))]


def reasons_today(owing: Owing, changed: Changed) -> dict[int, Reason]:
    """By period. None for someone who was reminded today, whatever else is due."""
    today, last_on = clock.today(), owing.reminded_on
    if last_on is not None and last_on >= today:
        return {}
    found = {
        pk: reason_today(
            Window(period.opens_on, period.due_on, period.closed_at is not None),
            today=today,
            choice=owing.user.reminders,
            last_on=last_on,
            changed=changed,
        )
        for pk, period in owing.periods.items()
    }
    return {pk: reason for pk, reason in found.items() if reason}


def write(owing: Owing, reasons: dict[int, Reason], group: list[str]) -> Letter | None:
    named = " ".join(f"{pk}:{reason.code}" for pk, reason in sorted(reasons.items()))
    copied = group if any(reason.copies_group for reason in reasons.values()) else []
    return write_letter(
        to=owing.user,
        kind=Letter.Kind.REMINDER,
        key=f"reminder {owing.user.pk} {named}"[:120],
        template=TEMPLATE,
        context=words_for(owing),
        copies=[address for address in copied if address != owing.user.email],
    )


def words_for(owing: Owing, *, by: User | None = None) -> dict[str, Any]:
    """What the letter's templates are given; `by` is who sends it by hand."""
    days = [due.period.due_on for due in owing.dues]
    return {"owing": owing, "subject": subject(days, clock.today()), "by": by, "number": len(days)}


def group_addresses() -> list[str]:
    members = Membership.objects.giving("view_group").select_related("user")
    return list(dict.fromkeys(member.user.email for member in members))


def remind_now(*, by: User, people: Collection[User], period: ReportingPeriod | None = None) -> Reminded:
    """Reminds these people of all that is due from them, whatever they chose; with a period, those who owe something for it."""
    owing = {one.user.pk: one for one in outstanding().people if period is None or period.pk in one.periods}
    drop_outdated_letters()
    reminded = Reminded()
    for user in people:
        if user.pk not in owing:
            reminded.nothing_due.append(user)
        elif write_by_hand(by=by, owing=owing[user.pk]):
            reminded.written.append(user)
        else:
            reminded.already.append(user)
    return reminded


def preview(*, by: User, owing: Owing) -> dict[str, str]:
    """The letter as remind_now would write it, without writing it."""
    return word_letter(to=owing.user, template=TEMPLATE, context=words_for(owing, by=by))


def write_by_hand(*, by: User, owing: Owing) -> Letter | None:
    return write_letter(
        to=owing.user,
        kind=Letter.Kind.REMINDER,
        key=f"reminder {owing.user.pk} by hand {clock.today()}",
        template=TEMPLATE,
        context=words_for(owing, by=by),
        by=by,
    )
