"""What stands open before a report is issued, and what follows if it is issued all the same. Pure."""

from dataclasses import dataclass
from typing import Any

from reports.sentences import are, count, sentence


@dataclass(frozen=True)
class Check:
    title: str
    is_open: bool
    consequence: str
    address: str = ""
    link: str = ""


@dataclass(frozen=True)
class Open:
    """What the roll-up does not count."""

    proposed_dates: int
    baseline_changes: int
    definition_changes: int
    days_until_due: int


def checks(content: dict[str, Any], open_now: Open, month: str) -> list[Check]:
    """One a subject, whether or not anything is open: what is settled is said too."""
    found = [
        coverage(content["plan"], month),
        flags(content["decisions"]["flagged"], month),
        undecided(content["decisions"]["undecided"] - content["decisions"]["flagged"], month),
        returned(content["decisions"]["returned"], month),
        dates(open_now.proposed_dates, month),
        baselines(open_now.baseline_changes),
        definitions(open_now.definition_changes),
    ]
    return [*found, early(open_now.days_until_due)] if open_now.days_until_due > 0 else found


def coverage(plan: dict[str, Any], month: str) -> Check:
    if not plan["expected"]:
        return Check("No updates are expected", False, "No deliverables are planned for this month.")
    missing = plan["expected"] - plan["reported"]
    title = f"{plan['reported']:,} of {plan['expected']:,} updates are in"
    if not missing:
        return Check(title, False, "Every deliverable is reported.")
    shown = "It is shown as not reported" if missing == 1 else "They are shown as not reported"
    consequence = f"{shown}, and no headline above {'it' if missing == 1 else 'them'} can be on track."
    return Check(title, True, consequence, f"/outcomes-group/collect/?month={month}", "See who has not reported")


def flags(number: int, month: str) -> Check:
    if not number:
        return Check("No flag is open", False, "Every flagged update is agreed or returned.")
    title = sentence(f"{count(number)} flagged {updates(number)} {are(number)} not decided").rstrip(".")
    consequence = "The board sees the flag with the author’s answer, and that the group has not agreed it."
    return Check(title, True, consequence, f"/outcomes-group/challenge/?month={month}", "Go to the next flag")


def undecided(number: int, month: str) -> Check:
    if not number:
        return Check("The group has said its word on every other update", False, "Each is agreed or returned.")
    title = sentence(f"{count(number)} other {updates(number)} {are(number)} neither agreed nor returned").rstrip(".")
    consequence = "It is reported as its author wrote it." if number == 1 else "They are reported as their authors wrote them."
    return Check(title, True, consequence, f"/outcomes-group/agree-unchanged/?month={month}", "Agree those that are unchanged")


def returned(number: int, month: str) -> Check:
    if not number:
        return Check("No returned update is waiting", False, "Nothing is with its author.")
    title = sentence(f"{count(number)} returned {updates(number)} {'has' if number == 1 else 'have'} not been corrected").rstrip(
        "."
    )
    consequence = "What was returned counts as it stands. After issuing, only a correction of the report can change it."
    return Check(title, True, consequence, f"/outcomes-group/?month={month}#updates", "See the returned updates")


def dates(number: int, month: str) -> Check:
    if not number:
        return Check("No new date waits for the group", False, "Every forecast is in force.")
    title = sentence(f"{count(number)} new {'date waits' if number == 1 else 'dates wait'} for the group").rstrip(".")
    consequence = "The report keeps the date in force and shows the proposed one beside it."
    return Check(title, True, consequence, f"/outcomes-group/?month={month}#next-90-days", "See the milestones")


def baselines(number: int) -> Check:
    if not number:
        return Check("No change of a baseline waits for the group", False, "Every baseline is as agreed.")
    title = sentence(f"{count(number)} {'change of a baseline waits' if number == 1 else 'changes of baselines wait'}").rstrip(
        "."
    )
    consequence = "The report counts against the baselines as they are."
    return Check(title, True, consequence, "/outcomes-group/changes/", "Decide the changes")


def definitions(number: int) -> Check:
    if not number:
        return Check("No change of a definition waits for the group", False, "Every definition is as agreed.")
    several = "change of a definition waits" if number == 1 else "changes of definitions wait"
    title = sentence(f"{count(number)} {several}").rstrip(".")
    consequence = "The report has the definitions that are in force."
    return Check(title, True, consequence, "/outcomes-group/definitions/", "Decide on the definitions")


def early(days: int) -> Check:
    when = "tomorrow" if days == 1 else f"in {count(days)} days"
    return Check(f"Updates are due {when}", True, "After issuing, nobody can submit an update for this month.")


def updates(number: int) -> str:
    return "update" if number == 1 else "updates"
