"""A story past its review date: a reviewer says that it is still true, and until when, or it is changed or withdrawn."""

from datetime import date

import pytest

from casestudies.actions import NotNow, confirm_story, publish_story, save_story, submit_story
from casestudies.models import CaseStudy, Review
from strategy_portal.editing import Overtaken, seen_of
from tests import factories
from tests.casestudies.conftest import draft, figure, published, sent, words
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db
STORY, CHECK, IN_HAND = "/case-studies/warm-homes/", "/case-studies/warm-homes/check/", "/case-studies/in-hand/"
LATE, NEXT = date(2026, 12, 2), date(2027, 12, 1)
DATE = {"confirm-review_on-day": "1", "confirm-review_on-month": "12", "confirm-review_on-year": "2027"}


def of_the_documents(**more) -> CaseStudy:
    """As the strategy file has them: nobody's own, published, and never decided on here."""
    given = {"code": "CS-3", "slug": "old", "title": "Old", "organisation": "A", "stage": "published", "done": "Two came."}
    return CaseStudy.objects.create(strategy=factories.plan_year().strategy, **given | {"source": "The strategy, page 3"} | more)


def asked(study: CaseStudy, **more: str) -> dict[str, str]:
    return {"do": "confirm", "seen": str(seen_of(study)), "confirm-reason": "I asked the team."} | DATE | more


def test_a_reviewer_says_that_it_is_still_true_with_a_reason_and_the_next_review_date(people, browser, set_today):
    study = published(people["Priya"], people["Olu"])
    set_today(LATE)
    assert "It may no longer be true" in text(browser("Bea").get(STORY))
    assert "Say that it is still true, edit it or withdraw it." in text(browser("Olu").get(CHECK))
    assert browser("Olu").post(CHECK, asked(study), follow=True).status_code == 200
    page = text(browser("Bea").get(STORY))
    assert "It may no longer be true" not in page and "Review by 1 December 2027" in page
    assert "Looked at last 2 December 2026" in page and "Published 2 December 2025" in page
    assert "Nothing is in hand" in text(browser("Priya").get(IN_HAND))
    last = Review.objects.order_by("-pk").first()
    assert (last.decision, last.reason, last.reviewed_by) == ("confirmed", "I asked the team.", people["Olu"])
    shown = text(browser("Priya").get("/case-studies/warm-homes/history/"))
    assert "Still true" in shown and "I asked the team." in shown


def test_its_author_may_not_say_so_nor_may_a_reader(people, browser, set_today):
    study = of_the_documents(slug="warm-homes")
    revision = save_story(by=people["Ada"], study=study, seen=seen_of(study), words=words(consent="document"))
    submit_story(by=people["Ada"], study=revision, seen=seen_of(revision))
    publish_story(by=people["Olu"], study=revision, seen=seen_of(revision), reason="Good.", review_on=date(2026, 12, 1))
    study.refresh_from_db()
    with pytest.raises(NotNow, match="somebody else"):
        confirm_story(by=people["Ada"], study=study, seen=seen_of(study), reason="Mine.", review_on=NEXT)
    assert 'value="confirm"' not in browser("Ada").get(CHECK).content.decode()
    assert 'value="confirm"' in browser("Grace").get(CHECK).content.decode()
    for name, status in (("Priya", 404), ("Bea", 403)):
        assert browser(name).post(CHECK, asked(study)).status_code == status


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"confirm-reason": ""}, "Say why"),
        ({"confirm-review_on-year": "2020"}, "The review date must be after today"),
        ({"confirm-review_on-year": "2099"}, "within three years"),
        ({"seen": "1"}, "changed"),
    ],
)
def test_it_says_why_and_until_when_and_of_what_was_seen(people, browser, set_today, wrong, message):
    study = published(people["Priya"], people["Olu"])
    set_today(LATE)
    page = browser("Olu").post(CHECK, asked(study) | wrong)
    assert message in text(page) and not Review.objects.filter(decision="confirmed").exists()


def test_only_what_is_published_and_agreed_to_can_be_still_true(people, set_today):
    study = draft(people["Priya"])
    with pytest.raises(NotNow, match="It is draft now"):
        confirm_story(by=people["Olu"], study=study, seen=seen_of(study), reason="So.", review_on=NEXT)
    agreed = {"consent": "given", "consent_on": date(2025, 1, 1), "consent_ends_on": date(2026, 1, 1)}
    ended = published(people["Priya"], people["Olu"], title="Ended", **agreed)
    set_today(LATE)
    with pytest.raises(NotNow, match="The consent for it has ended"):
        confirm_story(by=people["Olu"], study=ended, seen=seen_of(ended), reason="So.", review_on=NEXT)
    with pytest.raises(Overtaken):
        confirm_story(by=people["Olu"], study=ended, seen=seen_of(ended) - 1, reason="So.", review_on=NEXT)


# Stories of the documents


def test_a_story_without_a_review_date_is_due_and_can_be_confirmed(people, browser):
    study = of_the_documents(slug="warm-homes")
    page = text(browser("Bea").get(STORY))
    assert "It has not been looked at since its document was published." in page
    assert "Past its review date" in text(browser("Bea").get("/case-studies/"))
    assert "Nobody has said when it is looked at again." in text(browser("Olu").get(IN_HAND))
    browser("Olu").post(CHECK, asked(study))
    study.refresh_from_db()
    assert (study.stage, study.review_on) == ("published", NEXT)
    page = text(browser("Bea").get(STORY))
    assert "has not been looked at" not in page and "Looked at last 2 December 2025" in page


def test_a_story_of_the_documents_has_an_honest_answer_about_consent(people, browser):
    study = of_the_documents()
    form = browser("Ada").get("/case-studies/old/edit/").content.decode()
    assert "It was published in a document of the strategy, whose owner holds the consent" in form
    said = {"consent": "document", "consent_words": "Integrated Care Strategy, March 2025", "anonymity": "It names nobody."}
    counts = {"small_numbers": "keep", "small_words": "The strategy has published them."}
    browser("Ada").post(
        "/case-studies/old/edit/", sent(study, title="Old", done="Two came.", place="Mansfield", **said, **counts)
    )
    assert "Nothing blocks publishing" in text(browser("Ada").get("/case-studies/old/check/"))
    revision = CaseStudy.objects.get(revises=study)
    submit_story(by=people["Ada"], study=revision, seen=seen_of(revision))
    publish_story(by=people["Olu"], study=revision, seen=seen_of(revision), reason="Good.", review_on=NEXT)
    study.refresh_from_db()
    assert (study.place, study.consent, study.consent_words) == ("Mansfield", "document", "Integrated Care Strategy, March 2025")


def test_no_other_story_has_that_answer(people, browser):
    study = draft(people["Priya"], figures=(figure(),))
    assert (
        "published in a document of the strategy" not in browser("Priya").get("/case-studies/warm-homes/edit/").content.decode()
    )
    page = browser("Priya").post("/case-studies/warm-homes/edit/", sent(study, consent="document"))
    assert "Select a valid choice" in text(page)
    study.refresh_from_db()
    assert study.consent == "nobody"
