"""Draft, in review, published, withdrawn: who may, what is kept, who is told, and what readers see."""

from datetime import date

import pytest
from django.test import Client

from casestudies.actions import (
    NotNow,
    NotReady,
    publish_story,
    return_story,
    save_story,
    submit_story,
    take_back_story,
    withdraw_story,
)
from casestudies.models import CaseStudy, Review
from deliverables.models import Deliverable
from people.models import Letter
from strategy_portal.editing import Overtaken, seen_of
from tests import factories
from tests.casestudies.conftest import draft, figure, in_review, published, sent, words
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)
CHECK = "/case-studies/warm-homes/check/"
DATE = {"publish-review_on-day": "1", "publish-review_on-month": "12", "publish-review_on-year": "2026"}


def decisions(study: CaseStudy) -> list[tuple[str, str, str]]:
    rows = Review.objects.filter(case_study=study).order_by("pk").select_related("reviewed_by")
    return [(review.decision, review.reason, review.reviewed_by.name) for review in rows]


def asked(do: str, study: CaseStudy, **more: str) -> dict[str, str]:
    return {"do": do, "seen": str(seen_of(study))} | more


# The whole way, through the pages


def test_from_draft_to_published_to_withdrawn_each_step_is_kept_with_its_reason(people, browser):
    study = draft(people["Priya"])
    priya, olu, bea = browser("Priya"), browser("Olu"), browser("Bea")
    priya.post(CHECK, asked("submit", study, **{"submit-reason": "Please read the figures."}))
    olu.post(CHECK, asked("return", study, **{"return-reason": "Which winter?"}))
    assert CaseStudy.objects.get().stage == "draft" and olu.get(CHECK).status_code == 404
    assert "The reviewer returned it Which winter? Olu, 2 December 2025" in text(priya.get(CHECK))
    priya.post("/case-studies/warm-homes/edit/", sent(study, year="2024/25"))
    priya.post(CHECK, asked("submit", study))
    assert "The reviewer returned it" not in text(priya.get(CHECK))
    response = olu.post(CHECK, asked("publish", study, **{"publish-reason": "It is clear."}, **DATE))
    assert response["Location"] == CHECK
    page = text(bea.get("/case-studies/warm-homes/"))
    assert "We made homes warm." in page and "Published 2 December 2025" in page and "Review by 1 December 2026" in page
    olu.post(CHECK, asked("withdraw", study, **{"withdraw-reason": "A person asked us."}))
    assert bea.get("/case-studies/warm-homes/").status_code == 404
    assert decisions(study) == [
        ("in_review", "Please read the figures.", "Priya"),
        ("draft", "Which winter?", "Olu"),
        ("in_review", "Sent for review.", "Priya"),
        ("published", "It is clear.", "Olu"),
        ("withdrawn", "A person asked us.", "Olu"),
    ]
    shown = text(priya.get("/case-studies/warm-homes/history/"))
    said = [review.said for review in Review.objects.order_by("pk")]
    assert said == ["Sent for review", "Returned", "Sent for review", "Published", "Withdrawn"]
    assert all(words in shown for words in [*said, *(reason for _, reason, _ in decisions(study))])


def test_its_author_gets_an_e_mail_of_each_decision_and_of_none_of_her_own(people):
    study = in_review(people["Priya"])
    return_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Which <winter>?")
    submit_story(by=people["Penny"], study=study, seen=seen_of(study))
    publish_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Clear.", review_on=DAY)
    withdraw_story(by=people["Penny"], study=study, seen=seen_of(study), reason="Asked.")
    letters = list(Letter.objects.filter(kind="story").order_by("pk"))
    assert [(letter.to.name, letter.subject) for letter in letters] == [
        ("Priya", "Case study “Warm homes”: please look at it again"),
        ("Penny", "Case study “Warm homes”: published"),
    ]
    assert "Which <winter>?" in letters[0].text and "Which &lt;winter&gt;?" in letters[0].html
    assert "/case-studies/warm-homes/check/" in letters[0].text and "/case-studies/warm-homes/" in letters[1].html


# Who may


def test_the_reviewer_has_neither_written_in_it_nor_sent_it(people, browser):
    """Ada edits a story of the documents, so she cannot publish it, although she is a reviewer."""
    old = CaseStudy.objects.create(
        strategy=factories.plan_year().strategy, code="CS-1", slug="old", title="Old", organisation="A", stage="published"
    )
    revision = save_story(by=people["Ada"], study=old, seen=seen_of(old), words=words(title="Old"))
    submit_story(by=people["Ada"], study=revision, seen=seen_of(revision))
    with pytest.raises(NotNow, match="somebody else has to review it"):
        publish_story(by=people["Ada"], study=revision, seen=seen_of(revision), reason="Mine.", review_on=DAY)
    page = browser("Ada").get("/case-studies/old/check/")
    assert "somebody else has to review it" in text(page) and 'value="publish"' not in page.content.decode()
    publish_story(by=people["Olu"], study=revision, seen=seen_of(revision), reason="Good.", review_on=DAY)
    old.refresh_from_db()
    assert (old.done, old.stage, old.slug, old.code) == ("We made homes warm.", "published", "old", "CS-1")


def test_a_reviewer_who_returned_it_may_review_it_again(people):
    study = in_review(people["Priya"])
    return_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Why?")
    submit_story(by=people["Priya"], study=study, seen=seen_of(study))
    publish_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Now.", review_on=DAY)
    assert CaseStudy.objects.get().stage == "published"


@pytest.mark.parametrize(
    ("name", "do", "status"),
    [
        ("Priya", "publish", 403),
        ("Priya", "return", 403),
        ("Penny", "publish", 403),
        ("Tom", "publish", 404),
        ("Tom", "withdraw", 404),
        ("Tom", "take-back", 404),
        ("Bea", "publish", 403),
        ("Olu", "submit", 403),
        ("Olu", "take-back", 403),
        ("Ada", "submit", 403),
    ],
)
def test_who_may_not_decide_is_refused_and_nothing_happens(people, browser, name, do, status):
    study = in_review(people["Priya"])
    data = asked(do, study, **{f"{do}-reason": "Because."}, **DATE)
    assert browser(name).post(CHECK, data).status_code == status
    study.refresh_from_db()
    assert study.stage == "in_review" and len(decisions(study)) == 1


def test_those_who_wrote_it_may_take_it_back_and_withdraw_it(people, browser):
    study = in_review(people["Priya"])
    browser("Penny").post(CHECK, asked("take-back", study))
    study.refresh_from_db()
    assert study.stage == "draft" and decisions(study)[-1] == ("draft", "Taken back by its author.", "Penny")
    page = text(browser("Penny").get(CHECK))
    assert "Taken back 2 December 2025" in page and "The reviewer returned it" not in page
    submit_story(by=people["Priya"], study=study, seen=seen_of(study))
    publish_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Clear.", review_on=DAY)
    browser("Penny").post(CHECK, asked("withdraw", study, **{"withdraw-reason": "Asked."}))
    study.refresh_from_db()
    assert study.stage == "withdrawn"


def test_the_reviewer_reads_what_the_author_says_of_the_people_and_no_reader_does(people, browser):
    said = {"consent_words": "It tells of homes alone.", "anonymity": "No street is named.", "small_words": "They are staff."}
    study = in_review(people["Priya"], small_numbers="keep", **said)
    page = text(browser("Olu").get(CHECK))
    assert all(words in page for words in said.values()) and "They can be published as they are" in page
    publish_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Clear.", review_on=DAY)
    read = text(browser("Bea").get("/case-studies/warm-homes/"))
    assert not [words for words in said.values() if words in read]


def test_a_reason_that_is_sent_after_the_session_has_ended_is_kept_for_its_writer(people, browser):
    study, olu = in_review(people["Priya"]), browser("Olu")
    page = olu.get(CHECK).content.decode()
    writer = page.partition('name="writer" value="')[2].partition('"')[0]
    late = asked("return", study, writer=writer, **{"return-reason": "Which winter was it?"})
    assert Client().post(CHECK, late)["Location"].startswith("/account/sign-in/")
    again = olu.get(CHECK).content.decode()
    assert "Which winter was it?" in again and 'name="publish-review_on-year"' in again and 'value="2026"' in again
    assert "Which winter was it?" not in browser("Grace").get(CHECK).content.decode()


# What stands in the way


@pytest.mark.parametrize(
    ("lacking", "words_of_it"),
    [
        ({"consent": ""}, "Consent is not settled"),
        ({"anonymity": ""}, "Nobody has said that no person can be recognised"),
        ({"done": "Two patients came."}, "Counts of people under five"),
        ({"done": "See 943 476 5919."}, "Somebody can be identified"),
    ],
)
def test_nothing_is_published_while_something_blocks_it(people, browser, lacking, words_of_it):
    study = in_review(people["Priya"], **lacking)
    with pytest.raises(NotReady, match=words_of_it):
        publish_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Anyway.", review_on=DAY)
    page = browser("Olu").post(CHECK, asked("publish", study, **{"publish-reason": "Anyway."}, **DATE))
    assert "It cannot be published yet." in text(page) and words_of_it in text(page)
    assert CaseStudy.objects.get().stage == "in_review"


def test_small_counts_in_figures_need_a_decision_in_words(people):
    few = figure("Who came", "3", unit="people")
    study = in_review(people["Priya"], figures=(few,))
    with pytest.raises(NotReady, match="Counts of people under five"):
        publish_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Anyway.", review_on=DAY)
    take_back_story(by=people["Priya"], study=study, seen=seen_of(study))
    decided = words(figures=(few,), small_numbers="keep", small_words="They are the staff.")
    save_story(by=people["Priya"], study=study, seen=seen_of(study), words=decided)
    submit_story(by=people["Priya"], study=study, seen=seen_of(study))
    publish_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Staff.", review_on=DAY)


def test_what_the_reviewer_did_not_see_is_not_published(people):
    study = in_review(people["Priya"])
    seen = seen_of(study)
    take_back_story(by=people["Priya"], study=study, seen=seen)
    save_story(by=people["Priya"], study=study, seen=seen_of(study), words=words(done="Slipped in."))
    submit_story(by=people["Priya"], study=study, seen=seen_of(study))
    with pytest.raises(Overtaken):
        publish_story(by=people["Olu"], study=study, seen=seen, reason="As I saw it.", review_on=DAY)
    assert CaseStudy.objects.get().stage == "in_review"


@pytest.mark.parametrize(
    ("do", "wrong", "message"),
    [
        ("publish", {"publish-reason": ""}, "Say why"),
        ("publish", {"publish-review_on-year": "2020"}, "The review date must be after today"),
        ("publish", {"publish-review_on-year": "2099"}, "within three years"),
        ("publish", {"publish-review_on-day": ""}, "must include a day"),
        ("return", {"return-reason": "  "}, "Say why"),
        ("return", {"return-reason": "x" * 601}, "at most 600 characters"),
    ],
)
def test_a_decision_says_why_and_until_when(people, browser, do, wrong, message):
    study = in_review(people["Priya"])
    data = asked(do, study, **{f"{do}-reason": "Kept as typed."}, **DATE) | wrong
    page = browser("Olu").post(CHECK, data)
    assert message in text(page) and "Error: " in text(page)
    assert CaseStudy.objects.get().stage == "in_review"


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999", "²"])
def test_a_made_up_version_decides_nothing(people, browser, seen):
    study = in_review(people["Priya"])
    data = asked("publish", study, **{"publish-reason": "Yes."}, **DATE) | {"seen": seen}
    assert browser("Olu").post(CHECK, data).status_code == 200
    assert CaseStudy.objects.get().stage == "in_review"


def test_a_step_that_the_stage_does_not_allow_is_refused_in_words(people):
    study = draft(people["Priya"])
    more = {"study": study, "seen": seen_of(study)}
    for act in (
        lambda: publish_story(by=people["Olu"], reason="x", review_on=DAY, **more),
        lambda: return_story(by=people["Olu"], reason="x", **more),
        lambda: withdraw_story(by=people["Olu"], reason="x", **more),
        lambda: take_back_story(by=people["Priya"], **more),
    ):
        with pytest.raises(NotNow, match="It is draft now"):
            act()


def test_sending_twice_is_sending_once(people, browser):
    study = draft(people["Priya"])
    data = asked("submit", study)
    for _ in range(2):
        browser("Priya").post(CHECK, data)
    assert decisions(study) == [("in_review", "Sent for review.", "Priya")]


# A published story that is edited


def test_a_revision_takes_the_place_of_what_it_revises_with_all_that_it_says(people, browser):
    hers = factories.deliverable("HW-1")
    study = published(people["Priya"], people["Olu"], figures=(figure(), figure("Gone")))
    new = words(done="Told anew.", figures=(figure(value="55", period="2026"),), links={"deliverables": frozenset({hers.pk})})
    revision = save_story(by=people["Penny"], study=study, seen=seen_of(study), words=new)
    submit_story(by=people["Penny"], study=revision, seen=seen_of(revision))
    assert "We made homes warm." in text(browser("Bea").get("/case-studies/warm-homes/"))
    publish_story(by=people["Olu"], study=revision, seen=seen_of(revision), reason="Better.", review_on=DAY)
    found = CaseStudy.objects.get()
    assert (found.pk, found.slug, found.done, found.stage) == (study.pk, "warm-homes", "Told anew.", "published")
    assert [(row.metric, row.value) for row in found.figures.order_by("order")] == [("Homes", 55)]
    assert list(found.deliverables.all()) == [hers]
    page = text(browser("Priya").get("/case-studies/warm-homes/history/"))
    assert "removed: We made homes warm. added: Told anew." in page.replace("\n", " ")
    assert [decision for decision, _, _ in decisions(study)] == ["in_review", "published", "in_review", "published"]


def test_a_published_story_is_withdrawn_while_its_change_is_in_hand(people, browser):
    study = published(people["Priya"], people["Olu"])
    revision = save_story(by=people["Priya"], study=study, seen=seen_of(study), words=words(done="Anew."))
    page = browser("Priya").get(CHECK).content.decode()
    assert f'name="seen" value="{seen_of(study)}"' in page
    browser("Priya").post(CHECK, asked("withdraw", study, **{"withdraw-reason": "Asked."}))
    study.refresh_from_db()
    assert study.stage == "withdrawn" and CaseStudy.objects.filter(pk=revision.pk).exists()
    assert browser("Bea").get("/case-studies/warm-homes/").status_code == 404


def test_a_withdrawn_story_begins_anew_as_a_draft(people, browser):
    study = published(people["Priya"], people["Olu"])
    withdraw_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Asked.")
    page = browser("Bea").get("/case-studies/warm-homes/")
    assert page.status_code == 404 and "This case study has been withdrawn" in text(page) and "Warm homes" not in text(page)
    save_story(by=people["Priya"], study=study, seen=seen_of(study), words=words(done="Without that person."))
    study.refresh_from_db()
    assert study.stage == "draft" and "Not there" not in text(browser("Bea").get("/case-studies/"))
    assert "has been withdrawn" not in text(browser("Bea").get("/case-studies/warm-homes/"))


# What editors are told


def test_a_study_past_its_review_date_is_marked_for_readers_and_listed_for_editors(people, browser, set_today):
    published(people["Priya"], people["Olu"])
    assert "Nothing is in hand" in text(browser("Priya").get("/case-studies/in-hand/"))
    set_today(DAY)
    assert "It may no longer be true" not in text(browser("Bea").get("/case-studies/warm-homes/"))
    set_today(date(2026, 12, 2))
    assert "It may no longer be true" in text(browser("Bea").get("/case-studies/warm-homes/"))
    assert "Past its review date" in text(browser("Bea").get("/case-studies/"))
    for name in ("Priya", "Olu", "Ada"):
        assert "looked at again by 1 December 2026" in text(browser(name).get("/case-studies/in-hand/")), name
    assert "Warm homes" not in text(browser("Tom").get("/case-studies/in-hand/"))


def test_a_story_whose_consent_has_ended_is_listed_for_editors(people, browser, set_today):
    given = {"consent": "given", "consent_on": date(2025, 1, 1), "consent_ends_on": date(2026, 1, 31)}
    published(people["Priya"], people["Olu"], **given)
    set_today(date(2026, 2, 1))
    assert "Consent ended on 31 January 2026" in text(browser("Penny").get("/case-studies/in-hand/"))


def test_a_story_whose_deliverable_is_off_track_in_the_last_issued_report_says_so_to_editors(people, browser):
    hers = factories.deliverable("HW-1", lead=factories.organisation("icb"))
    other = factories.deliverable("HW-2", lead=factories.organisation("icb"))
    told = frozenset({hers.pk, other.pk})
    published(people["Priya"], people["Olu"], links={"deliverables": told})
    factories.update(hers, by=people["Priya"], month=factories.october(), rating="off_track")
    factories.update(other, by=people["Priya"], month=factories.october(), rating="on_track")
    page = "/case-studies/warm-homes/"
    assert "Off track" not in text(browser("Bea").get(page))  # it is not issued yet
    factories.issue(factories.october(), by=people["Olu"])
    factories.update(hers, by=people["Priya"], month=factories.november(), rating="on_track")
    said = text(browser("Bea").get(page))
    assert "Off track in the October 2025 report" in said and "Does the story still hold?" not in said
    for name in ("Priya", "Olu"):
        assert "Off track in the last report: HW-1. Does the story still hold?" in text(browser(name).get(page)), name
        assert "HW-1 Deliverable HW-1 was off track in the October 2025 report." in text(browser(name).get(CHECK))
        assert "is off track in the last report" in text(browser(name).get("/case-studies/in-hand/"))
    assert Deliverable.objects.count() == 2


def test_what_is_in_hand_is_for_those_who_work_on_it(people, browser):
    draft(people["Priya"], title="A draft of the ICB")
    in_review(people["Tom"], title="In review of the trust")
    seen = {name: text(browser(name).get("/case-studies/in-hand/")) for name in ("Priya", "Tom", "Olu", "Ada")}
    assert {name: ("A draft" in page, "In review of" in page) for name, page in seen.items()} == {
        "Priya": (True, False),
        "Tom": (False, True),
        "Olu": (False, True),
        "Ada": (False, True),
    }


def test_what_was_returned_says_so_and_why_until_it_is_sent_again(people, browser):
    study = in_review(people["Priya"])

    def said() -> str:
        return text(browser("Priya").get("/case-studies/in-hand/"))

    assert "Returned" not in said()
    return_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Say <who> counted.")
    assert "Returned to its author. Say &lt;who&gt; counted." in said()
    submit_story(by=people["Priya"], study=study, seen=seen_of(study))
    take_back_story(by=people["Priya"], study=study, seen=seen_of(study))
    assert "Returned" not in said()


def test_the_django_admin_shows_stories_and_changes_none(people, browser):
    study = published(people["Priya"], people["Olu"])
    address = f"/admin/casestudies/casestudy/{study.pk}"
    ada = browser("Ada")
    assert ada.get(f"{address}/change/").status_code == 200
    assert ada.post(f"{address}/change/", {"stage": "withdrawn", "title": "Mine"}).status_code == 403
    assert ada.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert ada.get("/admin/casestudies/casestudy/add/").status_code == 403
    study.refresh_from_db()
    assert (study.stage, study.title) == ("published", "Warm homes")
