"""The ratings of an update, in plain words. Nothing here is averaged."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rating:
    code: str
    name: str
    meaning: str
    needs_route: bool


ON_TRACK, AT_RISK, OFF_TRACK, COMPLETE = "on_track", "at_risk", "off_track", "complete"
NOT_REPORTED = "not_reported"  # in roll-ups only: nobody may choose it
TAKEN_BACK = "taken_back"  # a row that says that the update before it no longer stands; a roll-up counts it as not reported

RATINGS = {
    rating.code: rating
    for rating in (
        Rating(ON_TRACK, "On track", "Milestones and benefits will be met. Nothing needs help.", False),
        Rating(AT_RISK, "At risk", "Something may be missed. You know what you are doing about it.", True),
        Rating(OFF_TRACK, "Off track", "Something will be missed unless others act.", True),
        Rating(COMPLETE, "Complete", "Everything is delivered, and there is evidence of it.", False),
    )
}
NAMES = {code: rating.name for code, rating in RATINGS.items()} | {NOT_REPORTED: "Not reported"}

# How bad a rating is beside another. Not reported counts as at risk does: it may be anything.
BADNESS = {COMPLETE: 0, ON_TRACK: 1, NOT_REPORTED: 2, AT_RISK: 2, OFF_TRACK: 3}


def direction(now: str, before: str | None) -> str:
    """Against the previous period: better, same, worse, or new where there is nothing to compare.

    Falling silent is worse whatever was said before: a deliverable that was off track is not better for not reporting.
    """
    if before not in BADNESS or now not in BADNESS:
        return "new"
    if now == NOT_REPORTED:
        return "same" if before == NOT_REPORTED else "worse"
    change = BADNESS[now] - BADNESS[before]
    return "worse" if change > 0 else "better" if change < 0 else "same"
