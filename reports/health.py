"""Whether the portal does what it promises: what an administrator looks at, and what a monitoring system asks for."""

from dataclasses import dataclass
from datetime import timedelta

from people.models import Letter
from reports.models import PackFile, ProgressReport, ReportCheck
from reports.querysets import periods_behind
from reports.sentences import are, count, sentence
from strategy_portal import clock

NIGHTLY = timedelta(hours=36)  # a check that is older than this was missed


@dataclass(frozen=True)
class Finding:
    """`level` is fine, slow (something waits) or wrong (do not rely on what the portal shows)."""

    title: str
    level: str
    words: tuple[str, ...]


def findings() -> list[Finding]:
    return [issued_reports(), roll_ups(), letters(), packs()]


def is_wrong(found: list[Finding]) -> bool:
    return any(one.level == "wrong" for one in found)


def issued_reports() -> Finding:
    title, check = "Issued reports", ReportCheck.objects.order_by("-pk").first()
    if check and check.faults:
        return Finding(title, "wrong", tuple(f"{fault['report']}: {fault['fault']}" for fault in check.faults))
    first = ProgressReport.objects.order_by("issued_at").values_list("issued_at", flat=True).first()
    if first is None:
        return Finding(title, "fine", ("No report has been issued yet.",))
    checked = check.checked_at if check else first
    if clock.now() - checked > NIGHTLY:
        return Finding(
            title, "slow", ("The nightly check has not run since the day before yesterday. Look at the worker and beat.",)
        )
    if check is None:
        return Finding(title, "fine", ("The first nightly check is still to come.",))
    return Finding(title, "fine", (f"All {check.reports} are as they were issued.",))


def roll_ups() -> Finding:
    behind = [str(period) for period in periods_behind()]
    words = (
        (f"Waiting for the worker: {', '.join(behind)}. Pages are right meanwhile, and slower.",)
        if behind
        else ("All are current.",)
    )
    return Finding("Roll-ups", "slow" if behind else "fine", words)


def letters() -> Finding:
    refused = Letter.objects.owed().filter(tries__gt=0).count()
    said = sentence(f"{count(refused)} could not be sent and {are(refused)} tried again")
    return waiting("Emails", refused, f"{said} Look at the mail server.")


def packs() -> Finding:
    failed = PackFile.objects.filter(built_at=None, tries__gt=0).count()
    said = sentence(f"{count(failed)} {'file' if failed == 1 else 'files'} could not be built")
    return waiting("Board packs", failed, f"{said} The log of the worker says why.")


def waiting(title: str, number: int, words: str) -> Finding:
    return Finding(title, "slow", (words,)) if number else Finding(title, "fine", ("None is held up.",))
