"""The whole of a report: what position_of says, and what only a report has. The one way there for issuing and for checking it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from reports import compare
from reports.compare import Difference, difference
from reports.gather import Source, position_of
from reports.lines import report_line
from reports.models import Ask, ProgressReport, ReportLine
from strategy_portal.clock import LONDON

AT_ONCE = 500  # lines held in memory


@dataclass(frozen=True)
class Given:
    """What no log holds, since people write it into the report itself."""

    issued: dict[str, Any]
    note: str
    board_lines: dict[str, str]  # by a deliverable's code
    stories: tuple[dict[str, Any], ...] = ()  # as reports.stories.told says them


class NewReport:
    """A report being worked out: its lines one by one, then its content."""

    def __init__(self, source: Source, marks: dict[str, int], before: ProgressReport | None, given: Given) -> None:
        self.source, self.marks, self.before, self.given = source, marks, before, given
        self.position, self.behind = position_of(source)
        self.changed: list[Difference] = []
        self.is_demonstration = False

    def lines(self) -> Iterator[dict[str, Any]]:
        """In the plan's order. Only once they have all gone by is the content known."""
        for start in range(0, len(self.behind), AT_ONCE):
            some = self.behind[start : start + AT_ONCE]
            facts = self.source.facts([line.id for line in some])
            old = lines_by_code(self.before, [line.code for line in some])
            for line in some:
                made = report_line(self.source.frame, line, facts[line.id], self.given.board_lines.get(line.code, ""))
                self.is_demonstration |= made["is_demonstration"]
                if self.before:
                    self.changed.append(difference(old.get(line.code), made))
                yield made

    def content(self) -> dict[str, Any]:
        asks = list(self.asks())
        period = self.before.period if self.before else None
        changes = compare.summary([*self.changed, *self.removed()], str(period) if period else None)
        return (
            with_words(self.position, self.given.board_lines, asks)
            | {
                "issued": self.given.issued,
                "note": self.given.note,
                "asks": asks,
                "changes": changes | {"report": self.before.address if self.before else ""},
                "is_demonstration": self.is_demonstration or any(story["is_demonstration"] for story in self.given.stories),
            }
            | ({"stories": list(self.given.stories)} if self.given.stories else {})
        )  # earlier reports have none

    def removed(self) -> list[Difference]:
        """What the last report had and this one has not."""
        if self.before is None:
            return []
        codes = {line.code for line in self.behind}
        rows = self.before.lines.in_order().values_list("code", "rating", "content__name")
        return [Difference(code, name, "removed", before=rating) for code, rating, name in rows if code not in codes]

    def asks(self) -> Iterator[dict[str, Any]]:
        """Those of this period, those still open from before it, and those that the board has decided since the last report."""
        period = self.source.frame.period
        known = self.before.marks["ask_decisions"] if self.before else 0
        found = Ask.objects.for_period(period).filter(pk__lte=self.marks["asks"])
        named = self.source.named({ask.deliverable_id for ask in found if ask.deliverable_id})
        number = 0
        for ask in found:
            said = next((one for one in ask.decided if one.pk <= self.marks["ask_decisions"]), None)
            if ask.period_id == period.pk or said is None or said.kind == "deferred" or said.pk > known:
                number += 1
                code, name = named.get(ask.deliverable_id, ("", ""))
                yield {"number": number, "code": code, "deliverable": name} | words_of(ask, said)


def words_of(ask: Ask, said: Any) -> dict[str, Any]:
    decision = None
    if said:
        decision = {
            "kind": said.kind,
            "name": said.get_kind_display(),
            "words": said.words,
            "decided_on": said.decided_on.isoformat(),
        }
    return {
        "wording": ask.wording,
        "wanted_on": ask.wanted_on.isoformat(),
        "owner": ask.owner,
        "raised": str(ask.period),
        "decision": decision,
    }


def with_words(position: dict[str, Any], board_lines: dict[str, str], asks: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """With what the group says to the board beside each deliverable that is put before it."""
    asked: dict[str, list[dict[str, Any]]] = {}
    for ask in asks:
        asked.setdefault(ask["code"], []).append(ask)
    lines = [
        line | {"board_line": board_lines.get(line["code"], ""), "asks": asked.get(line["code"], [])}
        for line in position["attention"]["lines"]
    ]
    return position | {"attention": position["attention"] | {"lines": lines}}


def lines_by_code(report: ProgressReport | None, codes: list[str]) -> dict[str, dict[str, Any]]:
    if report is None:
        return {}
    return dict(ReportLine.objects.filter(report=report, code__in=codes).values_list("code", "content"))


def issued_words(report: ProgressReport, by: str) -> dict[str, Any]:
    """Who issued it, when, as which version and why."""
    return {
        "version": report.version,
        "at": report.issued_at.astimezone(LONDON).isoformat(),
        "on": report.issued_at.astimezone(LONDON).date().isoformat(),
        "by": by,
        "reason": report.reason,
    }
