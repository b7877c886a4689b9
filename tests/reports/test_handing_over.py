"""Files of the pack, links for readers without an account, the nightly check and the portal's health."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from people.models import User
from reports import tasks
from reports.actions import build_owed, build_pack_file, make_board_link, request_pack, revoke_board_link
from reports.canonical import hash_of
from reports.models import BoardLink, BoardLinkVisit, PackFile, ProgressReport, ReportCheck
from reports.pack import KINDS
from strategy_portal import clock
from tests import factories
from tests.reports.test_issue import tamper
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def olu(client) -> User:
    user = factories.person("outcomes_group", "Olu")
    factories.sign_in(client, user)
    return user


@pytest.fixture
def report(olu) -> ProgressReport:
    bad = factories.deliverable("FCN-2", short_title="Home devices", principles=("PREVENTION",))
    factories.update(bad, by=factories.person("programme_manager"), month=factories.november(), rating="off_track")
    return factories.issue(factories.november(), by=olu, note="Our words.")


def test_every_file_of_the_pack_is_built_and_kept_and_is_the_same_again(report):
    assert build_owed() == len(KINDS) == 5
    first = dict(PackFile.objects.values_list("kind", "content"))
    PackFile.objects.update(built_at=None, tries=0, content=None)
    assert build_owed() == 5
    assert {kind: bytes(content) for kind, content in PackFile.objects.values_list("kind", "content")} == {
        kind: bytes(content) for kind, content in first.items()
    }


def test_whoever_has_the_json_can_prove_it(report):
    build_owed()
    found = json.loads(bytes(PackFile.objects.get(kind="json").content))
    assert found["sha256"] == report.sha256 == hash_of(found["content"], found["charts"], found["lines"])


def test_a_file_is_built_once_whoever_tries(report):
    file = PackFile.objects.get(kind="csv")
    assert build_pack_file(file_id=file.pk) and not build_pack_file(file_id=file.pk)
    tasks.build_pack_file(file.pk)
    tasks.build_owed()
    file.refresh_from_db()
    assert (file.tries, file.size) == (1, len(file.content))


def test_a_file_that_kills_its_worker_is_given_up_and_can_be_asked_for_again(report, monkeypatch):
    """A try is counted before it is made, so a worker killed in the middle has used one."""
    PackFile.objects.filter(kind="pdf").update(tries=5)
    assert build_owed() == 4
    assert PackFile.objects.get(kind="pdf").built_at is None
    request_pack(by=None, report=report)
    assert build_owed() == 1


def test_a_worker_killed_in_the_middle_leaves_the_file_owed(report):
    PackFile.objects.filter(kind="csv").update(tries=1)  # it was taken, and nobody came back
    build_owed()
    assert PackFile.objects.filter(built_at=None).count() == 0


def test_one_reader_without_an_account_reads_one_report(client, olu, report):
    build_owed()
    page = client.post("/reports/2025-11/links/", {"do": "make", "reader": "Bea Board", **until(date(2025, 12, 31))})
    address = "/board/" + page.content.decode().split("/board/")[1].split("/")[0] + "/"
    reader = Client()
    door = text(reader.get(address))
    assert "For Bea Board, until 31 December 2025" in door and "Our words." not in door
    assert not BoardLinkVisit.objects.exists()
    shown = reader.post(address, {"open": "page"})
    assert "Our words." in text(shown) and "A supplier is late." in text(shown)
    file = reader.post(address, {"open": "pdf"})
    assert file["Content-Type"] == "application/pdf" and file.content.startswith(b"%PDF")
    assert list(BoardLinkVisit.objects.order_by("pk").values_list("opened", flat=True)) == ["page", "pdf"]
    assert "2 times, last on 2 December 2025" in text(client.get("/reports/2025-11/links/"))
    assert reader.post(address, {"open": "exe"}).status_code == 404
    for other in ("/", "/reports/2025-11/", "/reports/2025-11/board-pack.pdf", "/deliverables/FCN-2/"):
        assert "/account/sign-in/" in reader.get(other)["Location"]


def until(day: date) -> dict[str, int]:
    return {f"expires_on-{part}": getattr(day, part) for part in ("day", "month", "year")}


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2025, 12, 1), "The last day must be today or later"), (date(2027, 12, 1), "The last day must be within a year")],
)
def test_a_link_works_from_today_to_a_year_from_now(client, olu, report, day, said):
    page = client.post("/reports/2025-11/links/", {"do": "make", "reader": "Bea", **until(day)})
    assert said in text(page) and not BoardLink.objects.exists()


def test_a_link_that_is_revoked_or_past_its_day_opens_nothing(client, olu, report, set_today):
    links = [make_board_link(by=olu, report=report, reader=name, expires_on=date(2025, 12, 3)) for name in ("Bea", "Carl")]
    (revoked, first), (_, second) = links
    assert [Client().get(f"/board/{token}/").status_code for token in (first, second)] == [200, 200]
    assert client.post("/reports/2025-11/links/", {"do": "revoke", "link": revoked.pk}).status_code == 302
    assert [Client().post(f"/board/{token}/").status_code for token in (first, second)] == [404, 200]
    set_today(date(2025, 12, 4))
    assert Client().post(f"/board/{second}/").status_code == 404
    assert BoardLinkVisit.objects.count() == 1
    again = revoke_board_link(by=olu, link=revoked)
    assert again.revoked_at.date() == date(2025, 12, 2)  # when it was revoked first


def test_only_a_fingerprint_of_a_link_is_kept(olu, report):
    link, token = make_board_link(by=olu, report=report, reader="Bea", expires_on=date(2025, 12, 31))
    assert token not in str(BoardLink.objects.filter(pk=link.pk).values().get())


def test_a_link_stays_with_its_version(olu, report):
    from reports.actions import Correction, Words, correct_report

    _, token = make_board_link(by=olu, report=report, reader="Bea", expires_on=date(2025, 12, 31))
    correct_report(by=olu, period=factories.november(), seen=1, correction=Correction("Wrong.", Words("Other words.")))
    assert "Our words." in text(Client().post(f"/board/{token}/"))


def test_the_health_page_turns_red_when_a_report_is_not_as_it_was_issued(client, report):
    tasks.check()
    assert (client.get("/health/").status_code, Client().get("/health/").content) == (200, b"working\n")
    tamper("UPDATE reports_reportline SET content = REPLACE(CAST(content AS text), 'late', 'fine'){json}")
    tasks.check()
    assert Client().get("/health/").status_code == 503 and Client().get("/health/").content == b"not working\n"
    ada = factories.person("administrator", "Ada")
    factories.sign_in(client, ada)
    page = client.get("/health/")
    assert page.status_code == 503 and "November 2025, version 1: What is stored is not what was issued" in text(page)
    assert "November 2025" not in Client().get("/health/").content.decode()


def test_the_health_page_says_what_waits(client, report, settings):
    factories.sign_in(client, factories.person("administrator", "Ada"))
    page = text(client.get("/health/"))
    assert "The first nightly check is still to come." in page and "Waiting for the worker: November 2025" in page
    PackFile.objects.filter(kind="pdf").update(tries=2)
    with clock.fixed(clock.now() + timedelta(days=2)):
        page = text(client.get("/health/"))
    assert "One file could not be built." in page
    assert "The nightly check has not run since the day before yesterday" in page


def test_the_command_proves_every_report_or_says_which_does_not_stand(report, capsys):
    call_command("verify_reports")
    assert "1 issued reports are as they were issued." in capsys.readouterr().out
    tamper("UPDATE deliverables_statusupdate SET why = 'All is well.' WHERE rating = 'off_track'")
    with pytest.raises(CommandError, match="November 2025, version 1: The log says something else of FCN-2"):
        call_command("verify_reports")
    assert [bool(check.faults) for check in ReportCheck.objects.order_by("pk")] == [False, True]
