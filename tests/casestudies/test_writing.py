"""Writing a story: a draft is saved as typed, belongs to its organisation, and is written over by nobody."""

import json
from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from casestudies.actions import NotNow, save_story, start_story, submit_story
from casestudies.models import CaseStudy, Figure
from people.actions import give_role
from people.models import KeptForm
from priorities.models import Aim
from strategy_portal.editing import Overtaken, seen_of
from tests import factories
from tests.casestudies.conftest import draft, figure, in_review, published, sent, words
from tests.reports.test_pages import text
from tests.test_queries import statements

pytestmark = pytest.mark.django_db
NEW = "/case-studies/new/"


def figures_sent(*rows: dict[str, str]) -> dict[str, str]:
    found = {f"figure-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return found | {"rows": str(len(rows))}


ROW = {"metric": "Homes made warm", "value": "1,250", "unit": "homes", "period": "2024/25", "source": "Register"}


# Beginning


def test_a_manager_writes_a_draft_that_says_all_that_she_typed(people, browser):
    aim = Aim.objects.create(strategy=factories.plan_year().strategy, code="A1", name="Value")
    hers = factories.deliverable("HW-1", principles=("EQUITY",))
    row = ROW | {"qualifier": "over", "note": "One winter only.", "better": "higher"}
    data = sent(
        **figures_sent(row),
        aims=[str(aim.pk)],
        deliverables=[str(hers.pk)],
        video="https://example.org/film",
        year="2024/25",
        **{"consent_on-day": "1", "consent_on-month": "6", "consent_on-year": "2025"},
    )
    response = browser("Priya").post(NEW, data)
    assert response["Location"] == "/case-studies/warm-homes/edit/"
    study = CaseStudy.objects.get()
    assert (study.title, study.stage, study.organisation, study.owner.code) == ("Warm homes", "draft", "Organisation icb", "icb")
    assert (study.video, study.has_video, study.year, study.consent_on) == (
        "https://example.org/film",
        True,
        "2024/25",
        date(2025, 6, 1),
    )
    assert list(study.aims.all()) == [aim] and list(study.deliverables.all()) == [hers]
    made = study.figures.get()
    assert (made.value, made.unit, made.qualifier, made.source, made.note, made.better) == (
        Decimal(1250),
        "homes",
        "over",
        "Register",
        "One winter only.",
        "higher",
    )
    assert study.history.order_by("history_id").first().history_user == people["Priya"]


def test_a_title_is_enough_for_a_draft(people, browser):
    assert browser("Priya").post(NEW, {"title": "Only this", "do": "check"})["Location"] == "/case-studies/only-this/check/"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"title": ""}, "Enter a title"),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"title": "a\0b"}, "Null characters are not allowed"),
        ({"video": "javascript:alert(1)"}, "Enter a whole link"),
        ({"video": "https://me:secret@example.org/"}, "without a user name or password"),
        ({"video": "ftp://example.org/"}, "Enter a whole link"),
        ({"video": "data:text/html,x"}, "Enter a whole link"),
        ({"video": "http://example.org/film"}, "Enter a link that begins with https://"),
        ({"video": "https://localhost/film"}, "a place that every reader can reach"),
        ({"video": "https://192.168.0.7/film"}, "a place that every reader can reach"),
        ({"video": "https://films.internal/1"}, "a place that every reader can reach"),
        ({"deliverables": ["999999"]}, "999999 is not one of the available choices"),
        ({"consent": "yes"}, "yes is not one of the available choices"),
        (figures_sent(ROW | {"value": "many"}), "Figure 1 must be a number"),
        (figures_sent(ROW | {"value": ""}), "Enter figure 1 as a number"),
        (figures_sent(ROW | {"metric": ""}), "Say what figure 1 counts"),
        (figures_sent(ROW | {"unit": ""}), "Say what figure 1 is counted in, such as people or percent"),
        (figures_sent(ROW, ROW, ROW), "Figure 3 is the third of the same"),
        (figures_sent(ROW, ROW | {"unit": "percent"}), "Count figure 2 in the same as figure 1"),
        (
            {"consent_on-day": "1", "consent_on-month": "1", "consent_on-year": "2030"},
            "The day on which they agreed must be today or before",
        ),
        ({"done": "x" * 3001}, "at most 3000 characters"),
    ],
)
def test_what_cannot_be_understood_is_said_beside_its_field_and_kept(people, browser, wrong, message):
    response = browser("Priya").post(NEW, sent(changed="Kept as typed & <b>whole</b>") | wrong)
    page = text(response)
    assert message in page and "Error: " in page and response.status_code == 200
    assert "Kept as typed &amp; &lt;b&gt;whole&lt;/b&gt;" in response.content.decode()
    assert not CaseStudy.objects.exists()


def test_rows_of_figures_come_and_go_without_a_script_and_without_a_save(people, browser):
    priya = browser("Priya")
    one, two = ROW | {"metric": "First"}, ROW | {"metric": "Second"}
    page = priya.post(NEW, sent(**figures_sent(one, two)) | {"do": "add-figure", "title": ""}).content.decode()
    assert 'name="rows" value="3"' in page and 'name="figure-2-metric"' in page and "Enter a title" not in page
    page = priya.post(NEW, sent(**figures_sent(one, two)) | {"do": "remove-figure-1"}).content.decode()
    assert 'name="rows" value="1"' in page and 'value="Second"' in page and 'value="First"' not in page
    for asked in ("remove-figure-9", "remove-figure-x", "remove-figure-0", "remove-figure-²"):
        assert 'value="2"' in priya.post(NEW, sent(**figures_sent(one, two)) | {"do": asked}).content.decode()
    assert not CaseStudy.objects.exists()


@pytest.mark.parametrize("rows", ["-1", "99999999", "x", "13", "²"])
def test_a_made_up_number_of_rows_is_bounded(people, browser, rows):
    response = browser("Priya").post(NEW, sent(rows=rows))
    assert response.status_code in (200, 302)


def test_a_double_click_begins_one_story(people, browser):
    data = sent()
    for _ in range(2):
        assert browser("Priya").post(NEW, data)["Location"] == "/case-studies/warm-homes/edit/"
    assert CaseStudy.objects.count() == 1
    browser("Priya").post(NEW, sent())
    assert set(CaseStudy.objects.values_list("slug", "code")) == {("warm-homes", "S-1"), ("warm-homes-2", "S-2")}


@pytest.mark.parametrize("title", ["New", "In hand", "Pictures", "Revision of 3", "!!!", "漢字"])
def test_no_title_takes_an_address_of_the_portal(people, browser, title):
    browser("Priya").post(NEW, sent(title=title))
    study = CaseStudy.objects.get()
    assert study.slug not in ("new", "in-hand", "pictures", "", "revision-of-3")
    assert browser("Priya").get(f"/case-studies/{study.slug}/check/").status_code == 200


def test_who_writes_for_two_organisations_chooses_and_nobody_writes_for_another(people, browser):
    trust = factories.organisation("trust")
    other = factories.organisation("other")
    give_role(by=None, user=people["Priya"], organisation=trust, role="programme_manager")
    priya = browser("Priya")
    assert priya.post(NEW, sent(owner=str(trust.pk))).status_code == 302
    assert CaseStudy.objects.get().owner == trust
    assert "is not one of the available choices" in text(priya.post(NEW, sent(owner=str(other.pk), title="Theirs")))
    browser("Tom").post(NEW, sent(title="Of Tom", owner=str(other.pk)))
    assert CaseStudy.objects.get(title="Of Tom").owner == trust


def test_fields_that_the_form_has_not_are_not_taken(people, browser):
    browser("Priya").post(NEW, sent(stage="published", slug="mine", is_demonstration="1", organisation="Another", source="x"))
    study = CaseStudy.objects.get()
    assert (study.stage, study.slug, study.organisation, study.source, study.review_on) == (
        "draft",
        "warm-homes",
        "Organisation icb",
        "",
        None,
    )


# Editing


def test_an_edit_is_kept_with_who_and_when_word_by_word(people, browser):
    study = draft(people["Priya"], figures=(figure(),))
    data = sent(study, done="We made every home warm.", **figures_sent({"metric": "Homes", "value": "41", "unit": "homes"}))
    assert browser("Penny").post("/case-studies/warm-homes/edit/", data).status_code == 302
    page = text(browser("Priya").get("/case-studies/warm-homes/history/"))
    assert "by Penny" in page and "We made removed: homes added: every home warm." in page
    assert "Figure “Homes” changed" in page and "removed: 40 added: 41" in page.replace(".00", "")
    assert Figure.objects.get().value == 41


def test_saving_what_stands_there_already_changes_nothing(people, browser):
    study = draft(people["Priya"], figures=(figure(value="1250"),))
    before = study.history.count()
    page = browser("Priya").get("/case-studies/warm-homes/edit/").content.decode()
    assert 'value="1,250"' in page
    data = sent(study, **figures_sent({"metric": "Homes", "value": "1,250.0", "unit": "homes"}))
    browser("Priya").post("/case-studies/warm-homes/edit/", data)
    assert study.history.count() == before


def test_a_stale_save_shows_both_texts_keeps_hers_and_refuses_and_the_next_one_is_her_choice(people, browser):
    study = draft(people["Priya"])
    stale = sent(study, done="Priya says this.", changed="Kept.")
    browser("Penny").post("/case-studies/warm-homes/edit/", sent(study, done="Penny tells it in another way."))
    priya = browser("Priya")
    response = priya.post("/case-studies/warm-homes/edit/", stale)
    page = text(response)
    assert "Penny has saved other words since you opened this page." in page and "Error: " in page
    assert "Penny tells it in another way." in page and "Priya says this." in response.content.decode()
    assert CaseStudy.objects.get().done == "Penny tells it in another way."
    seen = str(seen_of(CaseStudy.objects.get()))
    assert f'name="seen" value="{seen}"' in response.content.decode()
    assert priya.post("/case-studies/warm-homes/edit/", stale | {"seen": seen}).status_code == 302
    assert CaseStudy.objects.get().done == "Priya says this."


def test_what_is_typed_is_kept_before_it_is_sent_and_when_the_session_has_ended(people, browser):
    draft(people["Priya"])
    priya, address = browser("Priya"), "/case-studies/warm-homes/edit/"
    answer = priya.post(address, sent(done="Half a sen", **figures_sent(ROW, ROW | {"metric": "More"})) | {"do": "quiet"})
    assert "Kept at" in json.loads(answer.content)["said"]
    page = priya.get(address).content.decode()
    assert "Half a sen" in page and 'name="figure-1-metric" value="More"' in page.replace('type="text" ', "").replace(
        'id="id_figure-1-metric" ', ""
    )
    writer = page.partition('name="writer" value="')[2].partition('"')[0]
    late = Client().post(address, sent(done="Sent too late") | {"writer": writer})
    assert late["Location"].startswith("/account/sign-in/")
    assert "Sent too late" in priya.get(address).content.decode()
    assert "Sent too late" not in browser("Penny").get(address).content.decode()
    priya.post(address, sent(CaseStudy.objects.get(), done="Sent."))
    assert not KeptForm.objects.exists()


def test_a_story_in_review_is_not_changed_and_says_how_it_can_be(people, browser):
    study = in_review(people["Priya"])
    assert browser("Priya").get("/case-studies/warm-homes/edit/")["Location"] == "/case-studies/warm-homes/check/"
    page = text(browser("Priya").post("/case-studies/warm-homes/edit/", sent(study, done="Other.")))
    assert "Take it back first" in page and CaseStudy.objects.get().done == "We made homes warm."
    with pytest.raises(NotNow):
        save_story(by=people["Priya"], study=study, seen=seen_of(study), words=words(done="Other."))


def test_readers_go_on_seeing_what_is_published_while_it_is_edited(people, browser):
    study = published(people["Priya"], people["Olu"], figures=(figure(),))
    browser("Priya").post("/case-studies/warm-homes/edit/", sent(study, done="Another text.", **figures_sent(ROW)))
    revision = CaseStudy.objects.get(revises=study)
    assert (revision.stage, revision.done) == ("draft", "Another text.")
    page = text(browser("Bea").get("/case-studies/warm-homes/"))
    assert "We made homes warm." in page and "Another text." not in page and "Homes made warm" not in page
    assert "Another text." not in text(browser("Bea").get("/case-studies/?q=another"))
    assert "Another text." in browser("Penny").get("/case-studies/warm-homes/edit/").content.decode()
    for name in ("Bea", "Priya", "Olu"):
        assert browser(name).get(f"/case-studies/{revision.slug}/").status_code == 404
        assert browser(name).get(f"/case-studies/{revision.slug}/edit/").status_code in (403, 404)


def test_two_who_begin_to_edit_a_published_story_make_one_revision(people):
    study = published(people["Priya"], people["Olu"])
    seen = seen_of(study)
    save_story(by=people["Priya"], study=study, seen=seen, words=words(done="Priya."))
    with pytest.raises(Overtaken, match="Priya has saved"):
        save_story(by=people["Penny"], study=study, seen=seen, words=words(done="Penny."))
    assert CaseStudy.objects.filter(revises=study).count() == 1


def test_a_story_of_the_documents_is_edited_by_an_administrator_alone(people, browser):
    study = CaseStudy.objects.create(
        strategy=factories.plan_year().strategy, code="CS-1", slug="old", title="Old", organisation="A", stage="published"
    )
    for name, status in {"Ada": 200, "Priya": 404, "Olu": 403, "Bea": 403}.items():
        assert browser(name).get("/case-studies/old/edit/").status_code == status, name
    browser("Ada").post("/case-studies/old/edit/", sent(study, title="Old", done="Told anew."))
    assert CaseStudy.objects.get(revises=study).owner is None


@pytest.mark.parametrize("page", ["edit", "check", "history", "pictures"])
def test_another_organisations_draft_is_not_there(people, browser, page):
    draft(people["Priya"])
    for name in ("Tom", "Ada"):
        assert browser(name).get(f"/case-studies/warm-homes/{page}/").status_code == 404, name
        assert browser(name).post(f"/case-studies/warm-homes/{page}/", sent()).status_code in (404, 405), name
    assert browser("Bea").get(f"/case-studies/warm-homes/{page}/").status_code == 403
    assert browser("Olu").get(f"/case-studies/warm-homes/{page}/").status_code in (403, 404)
    assert browser("Penny").get(f"/case-studies/warm-homes/{page}/").status_code == 200


def test_without_a_strategy_nothing_is_begun_and_nothing_is_lost(browser, people, monkeypatch):
    monkeypatch.setattr("priorities.querysets.PlanYearQuerySet.current", lambda *args, **more: None)
    page = browser("Priya").post(NEW, sent(done="My words."))
    assert "The strategy has not been loaded yet" in text(page) and "My words." in page.content.decode()


def test_the_pages_cost_the_same_for_many_figures(people, browser):
    """A save writes a row for each figure that is new; nothing else grows with the story."""
    counts = {}
    for number in (1, 12):
        study = draft(people["Priya"], title=f"Story {number}", figures=tuple(figure(f"M{n}") for n in range(number)))
        for page in ("edit", "check", "history", "pictures"):
            client = browser("Priya")
            counts[page, number] = len(statements(lambda: client.get(f"/case-studies/{study.slug}/{page}/")))  # noqa: B023
    assert {page: counts[page, 1] for page, _ in counts} == {page: counts[page, 12] for page, _ in counts}
    assert max(counts.values()) <= 10, counts


def test_a_save_costs_no_more_for_a_long_story(people, browser):
    study = draft(people["Priya"], figures=(figure(),))
    for number in (1, 2):
        client = browser("Priya")
        data = sent(study, done=f"Text {number}.", **figures_sent({"metric": "Homes", "value": "40", "unit": "homes"}))
        asked = statements(lambda: client.post("/case-studies/warm-homes/edit/", data), status=302)  # noqa: B023
        study.refresh_from_db()
    assert len(asked) <= 16, "\n".join(one[:150] for one in asked)


def test_starting_again_with_the_same_key_is_starting_once(people):
    study = draft(people["Priya"])
    again = start_story(by=people["Priya"], key=study.key, owner=study.owner, words=words(title="Another"))
    assert again == study and again.title == "Warm homes"


def test_a_story_by_a_fictional_person_is_marked(people, browser, settings):
    settings.PORTAL_DEMONSTRATION = True
    people["Priya"].is_demonstration = True
    people["Priya"].save()
    study = draft(people["Priya"])
    submit_story(by=people["Priya"], study=study, seen=seen_of(study))
    assert "Demonstration" in text(browser("Olu").get("/case-studies/warm-homes/check/"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("24/25", "2024/25"),
        ("2024-25", "2024/25"),
        ("2024/2025", "2024/25"),
        (" FY 24 / 25 ", "2024/25"),
        ("2099/00", "2099/00"),
        ("2024", "2024"),
        ("oct 2025", "October 2025"),
        ("October 2025", "October 2025"),
        ("", ""),
    ],
)
def test_a_time_is_written_in_one_way(people, browser, typed, kept):
    study = draft(people["Priya"])
    browser("Priya").post("/case-studies/warm-homes/edit/", sent(study, year=typed))
    study.refresh_from_db()
    assert study.year == kept


@pytest.mark.parametrize("typed", ["2024/26", "last winter", "O 2025", "Smarch 2025", "24", "2024/25/26"])
def test_what_is_no_time_is_refused_beside_its_field(people, browser, typed):
    study = draft(people["Priya"])
    page = browser("Priya").post("/case-studies/warm-homes/edit/", sent(study, year=typed))
    assert "Enter a plan year such as 2024/25, a year such as 2024, or a month such as October 2025" in text(page)


def test_what_a_document_says_of_its_time_may_stay(people, browser):
    said = {"code": "CS-4", "slug": "old", "title": "Old", "organisation": "A", "year": "Undated article"}
    old = CaseStudy.objects.create(strategy=factories.plan_year().strategy, stage="published", **said)
    browser("Ada").post("/case-studies/old/edit/", sent(old, title="Old", year="Undated article", place="Mansfield"))
    assert CaseStudy.objects.get(revises=old).year == "Undated article"


def test_times_that_were_written_in_several_ways_become_one(people):
    for slug, year in (("one", "24/25"), ("two", "2024-25"), ("three", "last winter")):
        study = draft(people["Priya"], title=slug)
        CaseStudy.objects.filter(pk=study.pk).update(year=year)
    import_module("casestudies.migrations.0006_years").write_years_one_way(apps, None)
    assert sorted(CaseStudy.objects.values_list("year", flat=True)) == ["2024/25", "2024/25", "last winter"]
