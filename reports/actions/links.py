"""Links to one report for a reader without an account."""

from datetime import date
from secrets import token_urlsafe

from django.db import transaction

from people.models import User
from people.querysets import fingerprint_of
from reports.models import BoardLink, BoardLinkVisit, ProgressReport
from strategy_portal import clock


def make_board_link(*, by: User, report: ProgressReport, reader: str, expires_on: date) -> tuple[BoardLink, str]:
    """The link, and the secret part of its address, which nobody can look up again."""
    token = token_urlsafe(32)
    link = BoardLink(
        report=report,
        reader=reader,
        fingerprint=fingerprint_of(token),
        expires_on=expires_on,
        made_at=clock.now(),
        made_by=by,
    )
    link.full_clean(exclude=["report"])
    link.save()
    return link, token


@transaction.atomic
def revoke_board_link(*, by: User, link: BoardLink) -> BoardLink:
    """It stops working at once. Revoking it twice is revoking it once."""
    found = BoardLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by = clock.now(), by
        found.save(update_fields=["revoked_at", "revoked_by"])
    return found


def open_board_link(*, link: BoardLink, opened: str) -> BoardLinkVisit:
    """Logs that somebody read the page ("page") or took a file (its kind)."""
    return BoardLinkVisit.objects.create(link=link, opened=opened, opened_at=clock.now())
