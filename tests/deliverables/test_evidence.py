"""Evidence: adding, seeing, carrying forward and removing it, and the files behind it."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client

from deliverables.actions import NoRoom, NotItsMilestone, add_file, add_link, remove_evidence, take_back_update
from deliverables.actions import evidence as actions
from deliverables.models import Deliverable, Evidence
from deliverables.uploads import LARGEST, Refused, read_upload
from people.models import Organisation, User
from priorities.actions import PeriodClosed, close_period
from strategy_portal import clock
from tests import factories
from tests.deliverables import files

pytestmark = pytest.mark.django_db
PAGE = "/deliverables/HW-1/evidence/"
PLACE = "<script>alert('place')</script>"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT / "evidence"


@pytest.fixture
def icb() -> Organisation:
    return factories.organisation("icb")


@pytest.fixture
def priya(icb) -> User:
    return factories.person("programme_manager", org=icb)


@pytest.fixture
def hers(icb) -> Deliverable:
    factories.plan_year()
    return factories.deliverable("HW-1", lead=icb)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        factories.sign_in(client, user)
        return client

    return signed_in


@pytest.fixture
def browser(client_of, priya, hers) -> Client:
    return client_of(priya)


def filled(**more: object) -> dict[str, object]:
    return {
        "month": "2025-11",
        "title": "Signed plan",
        "kind": "link",
        "link": "https://example.org/plan",
        "about": "update",
    } | more


def with_file(content: bytes = files.PDF, name: str = "plan.pdf", **more: object) -> dict[str, object]:
    return filled(kind="file", link="", file=SimpleUploadedFile(name, content, "text/html"), **more)


def there(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.exists() else []


def words(response: HttpResponse) -> str:
    return response.content.decode()


# Adding


def test_a_link_is_added_and_shown_on_the_page_and_on_the_deliverable(browser, priya, hers):
    sent = browser.post(PAGE, filled())
    assert sent["Location"] == f"{PAGE}?month=2025-11"
    kept = Evidence.objects.get()
    assert (kept.deliverable, kept.period.month, kept.milestone, kept.added_by) == (hers, "2025-11", None, priya)
    assert kept.history.get().history_user == priya
    for address in (PAGE, "/deliverables/HW-1/"):
        page = words(browser.get(address))
        assert '<a href="https://example.org/plan" rel="noopener noreferrer">Signed plan</a>' in page
        assert "link to example.org" in page and "Added by Priya, 2 December 2025" in page


def test_a_file_is_added_cleaned_renamed_and_readable_by_the_portal_alone(browser, folder):
    assert browser.post(PAGE, with_file(files.photograph(), "../../../ward\u202egnp.exe")).status_code == 302
    kept = Evidence.objects.get()
    assert (kept.file_name, kept.file_type) == ("wardgnp.jpg", "jpeg")
    assert [f"evidence/{name}" for name in there(folder)] == [kept.file.name]
    assert "ward" not in kept.file.name and kept.file.name.endswith(".jpg")
    stored = folder / there(folder)[0]
    assert b"Exif" not in stored.read_bytes()
    assert stored.stat().st_mode & 0o777 == 0o600 and folder.stat().st_mode & 0o777 == 0o700


def test_the_page_says_what_a_file_is_and_how_large(browser):
    browser.post(PAGE, with_file(b"a,b\n" * 600, "figures.pdf"))
    assert "Signed plan (CSV, 2KB)" in words(browser.get(PAGE))


def test_evidence_of_a_milestone_names_it(browser, hers):
    step = factories.milestone(hers, "First step")
    browser.post(PAGE, filled(about=str(step.pk)))
    assert Evidence.objects.get().milestone == step
    assert "Milestone: First step." in words(browser.get(PAGE))


def test_a_milestone_of_another_deliverable_or_one_that_has_left_the_plan_is_no_choice(browser, hers, priya):
    other = factories.milestone(factories.deliverable("HW-2", lead=hers.lead), "Elsewhere")
    gone = factories.milestone(hers, "Gone", ended_on=date(2025, 11, 1))
    for milestone in (other, gone):
        assert "Select a valid choice" in words(browser.post(PAGE, filled(about=str(milestone.pk))))
    with pytest.raises(NotItsMilestone):
        add_link(by=priya, deliverable=hers, period=factories.november(), title="x", link="https://a.example", milestone=other)
    assert not Evidence.objects.exists()


def test_evidence_is_carried_forward_to_later_months(browser, hers, priya):
    factories.link(hers, by=priya, month=factories.october(), title="Of October")
    browser.post(PAGE, filled(title="Of November"))
    browser.get("/")  # which says that it was added
    page = words(browser.get(f"{PAGE}?month=2025-11"))
    assert (
        page.index("November 2025</h2>") < page.index("Of November") < page.index("October 2025</h2>") < page.index("Of October")
    )
    found = Evidence.objects.for_deliverable(hers, priya)
    assert [item.title for item in found] == ["Of November", "Of October"]


def test_the_list_for_a_page_is_one_statement(browser, hers, priya, django_assert_num_queries):
    for title in ("One", "Two", "Three"):
        factories.link(hers, by=priya, month=factories.november(), title=title, to=f"https://example.org/{title}")
    priya.may("view_plan")
    with django_assert_num_queries(1):
        for item in Evidence.objects.for_deliverable(hers, priya):
            assert (item.period.closed_at, item.milestone, item.added_by.name, item.size) == (None, None, "Priya", "")


def test_the_month_is_that_of_the_form_and_of_no_other(browser, priya):
    browser.post(PAGE, filled(month="2025-10"))
    assert Evidence.objects.get().period.month == "2025-10"
    assert '<option value="update">The update for October 2025' in words(browser.get(f"{PAGE}?month=2025-10"))
    close_period(by=priya, period=factories.october())
    assert '<option value="update">The update for November 2025' in words(browser.get(f"{PAGE}?month=2025-10"))


# Once


def test_a_double_click_adds_once(browser, folder):
    for _ in range(2):
        assert browser.post(PAGE, filled()).status_code == 302
        assert browser.post(PAGE, with_file(files.photograph(), "a.jpg")).status_code == 302
    assert Evidence.objects.count() == 2 and len(there(folder)) == 1


def test_another_place_another_content_or_another_person_is_another_one(browser, hers, icb, folder):
    step, sam = factories.milestone(hers), factories.person("programme_manager", "Sam", icb)
    for more in ({}, {"about": str(step.pk)}, {"month": "2025-10"}):
        assert browser.post(PAGE, with_file(**more)).status_code == 302
    browser.post(PAGE, with_file(files.PDF + b" "))
    factories.file(hers, by=sam, month=factories.november(), content=files.PDF)
    assert Evidence.objects.count() == len(there(folder)) == 5


def test_what_was_removed_or_whose_file_is_lost_can_be_added_again(browser, priya, folder):
    browser.post(PAGE, with_file())
    remove_evidence(by=priya, evidence=Evidence.objects.get())
    browser.post(PAGE, with_file())
    assert Evidence.objects.count() == 2
    (folder / Path(Evidence.objects.standing().get().file.name).name).unlink()
    browser.post(PAGE, with_file())
    assert Evidence.objects.count() == 3


# What is refused, and what is kept then


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "Say what the evidence shows"),
        ({"title": "x" * 201}, "200 characters or fewer"),
        ({"title": "a\0b"}, "must not hold characters that cannot be seen"),
        ({"kind": ""}, "Choose a link or a file"),
        ({"link": ""}, "Enter the link"),
        ({"link": "https://example.org/" + "a" * 500}, "500 characters or fewer"),
        *(
            ({"link": link}, "Enter a whole link")
            for link in ("javascript:alert(1)", "data:text/html,x", "ftp://a.example", "//a.example")
        ),
        ({"kind": "file"}, "Choose a file"),
        ({"about": "0"}, "Select a valid choice"),
    ],
)
def test_a_form_with_a_mistake_adds_nothing_and_comes_back_with_all_that_was_typed(browser, given, said):
    page = words(browser.post(PAGE, filled(**given)))
    assert said in page and "<title>Error: " in page and 'href="#id_' in page
    assert not Evidence.objects.exists()
    for name in {"title", "link"} - set(given):
        assert f'value="{filled()[name]}"' in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The selected file is empty"),
        (b"<!doctype html><script>", "a PNG or JPEG picture"),
        (files.bomb(), "40 million pixels or fewer"),
        (files.office(word__vbaProject_bin=b"x"), "holds macros"),
        (b"a" * (LARGEST + 1024 * 1024), "must be 10MB or smaller"),
    ],
    ids=["empty", "page", "bomb", "macros", "11 MB"],
)
def test_a_file_is_refused_beside_its_field_with_what_was_typed_kept(browser, folder, content, said):
    page = words(browser.post(PAGE, with_file(content, title="Typed with care")))
    assert said in page.split('id="id_file-error"')[1] and 'value="Typed with care"' in page
    assert not Evidence.objects.exists() and there(folder) == []


def test_a_good_file_beside_another_mistake_has_to_be_chosen_again_and_the_page_says_so(browser):
    assert "Choose the file again" in words(browser.post(PAGE, with_file(title="")))


def test_a_file_that_was_chosen_before_the_mind_was_changed_is_left_out(browser, folder):
    browser.post(PAGE, with_file(b"<html>") | {"kind": "link", "link": "https://example.org"})
    assert Evidence.objects.get().link == "https://example.org" and there(folder) == []


def test_nothing_of_a_file_that_is_sent_touches_the_disk_before_it_was_looked_at(browser, settings, monkeypatch):
    monkeypatch.setattr("tempfile.NamedTemporaryFile", None)
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"
    assert "must be 10MB or smaller" in words(browser.post(PAGE, with_file(b"a" * (LARGEST + 5_000_000))))
    assert browser.post(PAGE, with_file(b"a" * 5_000_000)).status_code == 302


def test_the_action_takes_no_other_links_either(priya, hers):
    with pytest.raises(Refused):
        add_link(by=priya, deliverable=hers, period=factories.november(), title="x", link="javascript:alert(1)")


def test_a_closed_month_takes_nothing_and_the_words_are_kept(browser, priya, hers, folder):
    kept = factories.link(hers, by=priya, month=factories.november(), to="https://example.org/before")
    close_period(by=priya, period=factories.november())
    for sent in (filled(title="Typed with care"), with_file(title="Typed with care")):
        page = words(browser.post(PAGE, sent))
        assert "The report for November 2025 has been issued" in page and 'value="Typed with care"' in page
        assert "<title>Error: " in page
    page = words(browser.post(f"/evidence/{kept.pk}/remove/"))
    assert "The report for November 2025 has been issued" in page
    kept.refresh_from_db()
    assert Evidence.objects.count() == 1 and kept.removed_at is None and there(folder) == []


def test_a_month_that_has_not_opened_takes_nothing(priya, hers):
    december = hers.plan_year.periods.get(starts_on="2025-12-01")
    with pytest.raises(PeriodClosed):
        add_link(by=priya, deliverable=hers, period=december, title="x", link="https://example.org")


def test_when_no_month_is_open_there_is_no_form(browser, priya, hers):
    for period in hers.plan_year.periods.all():
        close_period(by=priya, period=period)
    page = words(browser.get(PAGE))
    assert "No month is open" in page and 'name="title"' not in page
    assert "No month is open" in words(browser.post(PAGE, filled(month="")))


# Full disks and failed transactions


def full(*args: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("when", ["fsync", "open"])
def test_a_full_disk_is_said_and_leaves_nothing(browser, folder, monkeypatch, when):
    monkeypatch.setattr(actions.os, when, full)
    page = words(browser.post(PAGE, with_file(title="Typed with care")))
    monkeypatch.undo()
    assert "its disk is full" in page and 'value="Typed with care"' in page
    assert not Evidence.objects.exists() and there(folder) == []


def test_a_full_disk_has_a_name(priya, hers, monkeypatch):
    monkeypatch.setattr(actions.os, "fsync", full)
    with pytest.raises(NoRoom):
        factories.file(hers, by=priya, month=factories.november())


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_takes_its_file_with_it(priya, hers, folder):
    with pytest.raises(IntegrityError):
        factories.file(hers, by=priya, month=factories.november(), title=None)
    assert not Evidence.objects.exists() and there(folder) == []
    factories.file(hers, by=priya, month=factories.november())
    assert len(there(folder)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_file_is_not_added_inside_a_transaction_whose_end_it_would_not_see(priya, hers, folder):
    with pytest.raises(RuntimeError), transaction.atomic():
        factories.file(hers, by=priya, month=factories.november())
    assert there(folder) == []


# Who may see


@pytest.fixture
def world(hers, priya, icb) -> dict[str, User]:
    trust = factories.organisation("trust")
    others = {"Bea": "viewer", "Olu": "outcomes_group", "Ada": "administrator", "Nina": None}
    people = {name: factories.person(role, name, icb) for name, role in others.items()}
    return people | {"Priya": priya, "Sam": factories.person("programme_manager", "Sam", trust)}


def seen_by(world: dict[str, User], evidence: Evidence, client_of: Callable[[User], Client]) -> set[str]:
    """Whom the query, the file's own address, the list and the deliverable's page all show it; they must agree."""
    doors: list[set[str]] = [set(), set(), set(), set()]
    for name, stale in world.items():
        user, client = User.objects.get(pk=stale.pk), client_of(stale)
        pages = [words(client.get(address)) for address in (PAGE, "/deliverables/HW-1/")]
        answers = [
            Evidence.objects.visible_to(user).filter(pk=evidence.pk).exists(),
            client.get(f"/evidence/{evidence.pk}/").status_code == 200,
            *(evidence.title in page for page in pages),
        ]
        for door, opens in zip(doors, answers, strict=True):
            door |= {name} if opens else set()
    assert doors[0] == doors[1] == doors[2] == doors[3], doors
    return doors[0]


READERS = {"Bea", "Olu", "Ada", "Priya", "Sam"}


def test_the_group_sees_it_from_the_moment_an_update_stands_and_not_when_it_is_taken_back(world, hers, priya, client_of):
    kept = factories.file(hers, by=priya, month=factories.november())
    assert seen_by(world, kept, client_of) == {"Priya"}
    update = factories.update(hers, by=priya, month=factories.november())
    assert seen_by(world, kept, client_of) == {"Priya", "Olu"}
    take_back_update(by=priya, update=update, key=factories.uuid4())
    assert seen_by(world, kept, client_of) == {"Priya"}


def test_everyone_who_reads_the_plan_sees_it_when_its_month_is_closed(world, hers, priya, client_of):
    kept = factories.file(hers, by=priya, month=factories.november())
    close_period(by=priya, period=factories.november())
    assert seen_by(world, kept, client_of) == READERS


def test_an_update_of_another_month_or_of_another_deliverable_shows_nothing(world, hers, priya, client_of):
    kept = factories.file(hers, by=priya, month=factories.november())
    factories.update(hers, by=priya, month=factories.october())
    factories.update(factories.deliverable("HW-2", lead=hers.lead), by=priya, month=factories.november())
    assert seen_by(world, kept, client_of) == {"Priya"}


def test_whoever_the_deliverable_is_assigned_to_sees_it_before_too_and_no_longer_when_it_is_not(world, hers, priya, client_of):
    kept = factories.file(hers, by=priya, month=factories.november())
    hers.managers.add(world["Sam"])
    assert seen_by(world, kept, client_of) == {"Priya", "Sam"}
    hers.managers.remove(world["Sam"])
    assert seen_by(world, kept, client_of) == {"Priya"}


def test_only_those_who_report_are_offered_to_add_or_remove(world, hers, priya, client_of):
    factories.link(hers, by=priya, month=factories.november())
    factories.update(hers, by=priya, month=factories.november())
    for name in READERS:
        page = words(client_of(world[name]).get(PAGE))
        assert ('name="title"' in page, "/remove/" in page) == ((True, True) if name == "Priya" else (False, False)), name


@pytest.mark.parametrize(("name", "status"), [("Bea", 403), ("Olu", 403), ("Ada", 403), ("Nina", 403), ("Sam", 404)])
def test_nobody_else_adds_or_removes(world, hers, priya, client_of, name, status):
    kept = factories.link(hers, by=priya, month=factories.november(), to="https://example.org/hers")
    client = client_of(world[name])
    assert client.post(PAGE, filled()).status_code == status
    assert client.post(f"/evidence/{kept.pk}/remove/").status_code == status
    assert Evidence.objects.standing().count() == 1


# Removing


def test_removing_is_asked_first_and_keeps_the_row_and_the_file(browser, priya, hers, folder):
    kept = factories.file(hers, by=priya, month=factories.november())
    assert "Remove this evidence?" in words(browser.get(f"/evidence/{kept.pk}/remove/"))
    assert Evidence.objects.standing().exists()
    for _ in range(2):
        assert browser.post(f"/evidence/{kept.pk}/remove/")["Location"] == f"/2025-26{PAGE}?month=2025-11"
    kept.refresh_from_db()
    assert kept.removed_by == priya and kept.removed_at.astimezone(clock.LONDON).date() == date(2025, 12, 2)
    assert [change.history_user for change in kept.history.all()] == [priya, priya]
    assert len(there(folder)) == 1
    browser.get("/")  # which says that it was removed
    assert kept.title not in words(browser.get("/deliverables/HW-1/"))
    assert browser.get(f"/evidence/{kept.pk}/").status_code == 404
    assert browser.get(f"/evidence/{kept.pk}/remove/").status_code == 404


def test_a_second_removal_does_not_change_who_removed_it(priya, hers, icb):
    kept = factories.link(hers, by=priya, month=factories.november())
    stale = Evidence.objects.get(pk=kept.pk)
    remove_evidence(by=priya, evidence=kept)
    assert remove_evidence(by=factories.person("programme_manager", "Sam", icb), evidence=stale).removed_by == priya


# A download


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (files.PDF, "application/pdf"),
        (files.picture(), "image/png"),
        (b"Minutes & more", "text/plain; charset=utf-8"),
        (b"a,b\n1,2\n", "text/csv; charset=utf-8"),
    ],
)
def test_a_file_is_something_to_save_and_nothing_that_a_browser_shows(browser, hers, priya, content, content_type):
    upload = read_upload(content, 'Plan "für" 🙂.html')
    kept = add_file(by=priya, deliverable=hers, period=factories.november(), title="Plan", upload=upload)
    response = browser.get(f"/evidence/{kept.pk}/")
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Plan%20-f%C3%BCr-")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content) == upload.content


def test_a_type_that_is_no_longer_known_is_handed_out_as_bytes(browser, hers, priya):
    kept = factories.file(hers, by=priya, month=factories.november())
    Evidence.objects.update(file_type="html")
    assert browser.get(f"/evidence/{kept.pk}/")["Content-Type"] == "application/octet-stream"


def test_a_file_that_is_lost_is_not_found_and_breaks_no_page(browser, hers, priya, folder):
    kept = factories.file(hers, by=priya, month=factories.november())
    (folder / there(folder)[0]).unlink()
    assert browser.get(f"/evidence/{kept.pk}/").status_code == 404
    assert "Minutes (Plain text)" in words(browser.get(PAGE))


def test_a_link_leads_nowhere_by_itself(browser, hers, priya):
    kept = factories.link(hers, by=priya, month=factories.november())
    assert browser.get(f"/evidence/{kept.pk}/").status_code == 404


def test_files_have_no_address_of_their_own(browser, hers, priya, settings, folder):
    factories.file(hers, by=priya, month=factories.november())
    name = there(folder)[0]
    for address in (
        f"/evidence/{name}",
        f"/files/evidence/{name}",
        f"/static/evidence/{name}",
        f"/static/../files/evidence/{name}",
    ):
        assert browser.get(address).status_code == 404
    assert settings.MEDIA_URL in ("", "/") and settings.STATIC_ROOT not in settings.MEDIA_ROOT.parents


def test_what_people_typed_is_shown_as_they_typed_it(browser, hers):
    factories.milestone(hers, PLACE)
    browser.post(PAGE, with_file(b"Minutes", f"{PLACE}.txt", title=PLACE, about=str(hers.milestones.get().pk)))
    for address in (PAGE, "/deliverables/HW-1/", f"/evidence/{Evidence.objects.get().pk}/remove/"):
        page = words(browser.get(address))
        assert PLACE not in page and "&lt;script&gt;alert" in page
