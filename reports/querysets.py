"""All reading of what the reports hold."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from people.querysets import fingerprint_of
from priorities.models import ReportingPeriod
from reports.rollup import RULES_VERSION
from strategy_portal import clock
from strategy_portal.prepared import prepared

GIVES_UP_AFTER = 5  # tries to build a file


class RollUpQuerySet(QuerySet):
    def current_for(self, period: Any):
        """The period's roll-up, if it was made from the data and by the rules of now."""
        return self.filter(period=period, data_version=period.data_version, rules_version=RULES_VERSION)

    def stored_for(self, period: Any, *, charts: bool = False, lines: bool = False) -> dict[str, Any] | None:
        """Its `content`, and on request the rest; None if it is owed."""
        return next(iter(self.parts_of(period.pk, period.data_version, RULES_VERSION, charts, lines)), None)

    @prepared
    def parts_of(self, period: int, data: int, rules: int, charts: bool, lines: bool):
        more = [*(["charts"] if charts else []), *(["lines"] if lines else [])]
        return self.filter(period=period, data_version=data, rules_version=rules).values("content", *more)


def periods_behind():
    """Begun periods whose roll-up is owed, newest first."""
    current = Q(roll_up__data_version=F("data_version"), roll_up__rules_version=RULES_VERSION)
    return ReportingPeriod.objects.begun().exclude(pk__in=ReportingPeriod.objects.filter(current))


class ProgressReportQuerySet(QuerySet):
    def standing(self):
        """The last version of each period's report: those that nothing has corrected."""
        later = self.model.objects.filter(period=OuterRef("period"), version__gt=OuterRef("version"))
        return self.filter(~Exists(later))

    def newest_first(self):
        return self.order_by("-period__starts_on", "-version")

    def before(self, period: Any):
        """The report that stood before the one of this period, of the same plan year; or None."""
        earlier = self.filter(period__plan_year=period.plan_year_id, period__starts_on__lt=period.starts_on)
        return earlier.newest_first().first()

    def at(self, address: str):
        """That of an address: 2025-11 is its last version, 2025-11.1 its first. None of anything else."""
        place = place_of(address)
        return self.in_place(*place) if place else self.none()

    def in_place(self, starts_on: date, version: int | None):
        found = self.filter(period__starts_on=starts_on)
        return found.standing() if version is None else found.filter(version=version)

    @prepared
    def for_months(self):
        """Every version of every month, newest first, with what a choice of months needs."""
        found = self.newest_first().select_related("period")
        return found.only("version", "sha256", "period__starts_on", "period__ends_on", "period__plan_year_id", "period__due_on")

    def light(self):
        """For a row of a list: of the content only the month's name, the plan's figures and who issued it when."""
        row = self.defer("content", "charts", "marks").select_related("period")
        return row.annotate(name=F("content__period__name"), plan=F("content__plan"), issued=F("content__issued"))

    def for_list(self):
        return self.standing().newest_first().light()

    def give_versions_to(self, reports: list[Any]) -> list[Any]:
        """With `period.versions`: each version of the period's report, the newest first, in one query more."""
        found: dict[int, list[Any]] = {report.period_id: [] for report in reports}
        for row in self.versions_of(list(found)):
            found[row.period_id].append(row)
        for report in reports:
            report.period.versions = found[report.period_id]
        return reports

    @prepared
    def versions_of(self, periods: list[int]):
        return self.filter(period__in=periods).light().newest_first()

    def for_page(self, address: str) -> list[Any]:
        """That of an address with its versions and without its charts; a list of it, or of none."""
        place = place_of(address)
        return self.give_versions_to(self.whole_in_place(*place)) if place else []

    @prepared
    def whole_in_place(self, starts_on: date, version: int | None):
        return self.in_place(starts_on, version).whole()

    def whole(self):
        return self.defer("charts", "marks").select_related("period")

    @prepared
    def shown_of(self, report: UUID):
        """What its pages show."""
        return self.filter(pk=report).values("content", "charts")

    @prepared
    def for_choice(self):
        """Of every version the id, the period, the number and the month's name: for a list to choose from. The newest first."""
        return self.newest_first().values_list("pk", "period__starts_on", "version", "content__period__name")


def place_of(address: str) -> tuple[date, int | None] | None:
    """The month's first day, and the version if one is named; None of what is no address."""
    month, dot, version = address.partition(".")
    try:
        starts_on = date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    if dot and not (version.isdecimal() and len(version) < 5):
        return None
    return starts_on, int(version) if dot else None


class ReportLineQuerySet(QuerySet):
    def in_order(self):
        return self.order_by("place")

    def worst_first(self):
        """Among equals in the order of the plan."""
        return self.order_by("badness", "place")

    def of(self, *, priority: str = "", principle: str = ""):
        """Those of a priority, or those that serve a principle, by code."""
        found = self.filter(priority=priority) if priority else self
        return found.filter(principles__contains=f" {principle} ") if principle else found

    def beside(self, other: Any):
        """With `then`: what the line of the same deliverable says in another report, or None."""
        same = self.model.objects.filter(report=other, code=OuterRef("code"))
        return self.annotate(then=Subquery(same.values("content")[:1]))

    def missing_from(self, other: Any):
        return self.filter(~Exists(self.model.objects.filter(report=other, code=OuterRef("code"))))


class AskQuerySet(QuerySet):
    def with_decision(self):
        """With `decided`: the board's last word first, in one query more."""
        from reports.models import AskDecision

        return self.prefetch_related(Prefetch("decisions", AskDecision.objects.order_by("-pk"), to_attr="decided"))

    def for_list(self):
        """Newest first, with the deliverable and all that the board said."""
        found = self.select_related("period__plan_year", "deliverable", "asked_by").with_decision()
        return found.order_by("-period__starts_on", "-pk")

    def for_deliverable(self, deliverable: int) -> list[dict[str, Any]]:
        """Newest first, with the board's last word on each: one plain statement, on a page that has many."""
        return list({row["pk"]: row for row in self.decided_for(deliverable)}.values())

    @prepared
    def decided_for(self, deliverable: int):
        words = {"kind": F("decisions__kind"), "words": F("decisions__words"), "decided_on": F("decisions__decided_on")}
        period = {"asked_in": F("period__starts_on"), "closed_at": F("period__closed_at")}
        rows = self.filter(deliverable=deliverable).order_by("-pk", "decisions__pk")
        return rows.values("pk", "wording", "wanted_on", "owner", **words, **period)

    def for_period(self, period: Any):
        """What the period's report may still put before the board: asked with it, or before it in the same plan year."""
        found = self.filter(period__plan_year=period.plan_year_id, period__starts_on__lte=period.starts_on)
        return found.select_related("period", "deliverable").with_decision().order_by("period__starts_on", "pk")


class PackFileQuerySet(QuerySet):
    def owed(self):
        """Asked for and not built; those that failed before go last."""
        return self.filter(built_at=None, tries__lt=GIVES_UP_AFTER).order_by("tries", "pk")

    def built(self, report: Any, kind: str):
        return self.filter(report=report, kind=kind).exclude(built_at=None)

    def without_content(self):
        return self.defer("content")

    def ready(self, report: Any):
        """The kinds of a report's files that are built."""
        return self.filter(report=report, built_at__isnull=False).values_list("kind", flat=True).order_by("pk")


class BoardLinkQuerySet(QuerySet):
    def working(self, on: date | None = None):
        return self.filter(revoked_at=None, expires_on__gte=on or clock.today())

    def for_list(self, report: Any):
        """Those of a report, newest first, with `opened`, how often each was, and `last_at`."""
        from reports.models import BoardLinkVisit

        visits = BoardLinkVisit.objects.filter(link=OuterRef("pk")).order_by().values("link")
        opened = Coalesce(Subquery(visits.annotate(n=Count("pk")).values("n")), 0)
        last = Subquery(visits.annotate(at=Max("opened_at")).values("at"))
        found = self.filter(report=report).select_related("made_by", "revoked_by")
        return found.annotate(opened=opened, last_at=last).order_by("-pk")

    def at(self, token: str):
        """The one with this secret part, if it still works."""
        return self.working().filter(fingerprint=fingerprint_of(token)).select_related("report__period__plan_year")
