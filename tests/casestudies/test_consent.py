"""Consent that has ended: readers do not see the story any more, and those who can set it right are told."""

from datetime import date

import pytest

from casestudies.actions import publish_story, save_story, submit_story, tell_of_ended_consent
from casestudies.models import CaseStudy
from people.models import Letter
from strategy_portal.editing import seen_of
from tests import factories
from tests.casestudies.conftest import published, words
from tests.deliverables import files
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db
STORY, CHECK = "/case-studies/warm-homes/", "/case-studies/warm-homes/check/"
LAST, AFTER = date(2026, 1, 31), date(2026, 2, 1)
AGREED = {"consent": "given", "consent_on": date(2025, 1, 1), "consent_ends_on": LAST}
ENDED = "Consent for this story ended on 31 January 2026."


@pytest.fixture
def told_of(people) -> CaseStudy:
    """Of the ICB, tied to a deliverable and its priority, with a date on which consent ends."""
    hers = factories.deliverable("HW-1")
    tied = {"deliverables": frozenset({hers.pk}), "priorities": frozenset({hers.priority_id})}
    return published(people["Priya"], people["Olu"], **AGREED, links=tied)


def test_readers_see_it_up_to_the_last_day_and_no_longer(people, browser, told_of, set_today):
    bea = browser("Bea")
    places = ("/case-studies/", "/case-studies/?q=warm", "/deliverables/HW-1/", "/priorities/p1/")
    set_today(LAST)
    assert bea.get(STORY).status_code == 200
    assert [place for place in places if "Warm homes" not in text(bea.get(place))] == []
    set_today(AFTER)
    page = bea.get(STORY)
    assert page.status_code == 404 and "This case study has been taken down" in text(page)
    assert "Warm homes" not in text(page) and "agreed" in text(page)
    assert [place for place in places if "Warm homes" in text(bea.get(place))] == []
    assert '<option value="p1"' not in bea.get("/case-studies/").content.decode()
    assert browser("Tom").get(STORY).status_code == 404


def test_nor_do_they_see_its_pictures(people, browser, told_of, set_today):
    from casestudies.actions import add_picture
    from casestudies.pictures import read_photograph

    revision = add_picture(
        by=people["Priya"], study=told_of, photograph=read_photograph(files.picture("PNG")), alternative="A house"
    ).case_study
    submit_story(by=people["Priya"], study=revision, seen=seen_of(revision))
    publish_story(by=people["Olu"], study=revision, seen=seen_of(revision), reason="Good.", review_on=date(2026, 12, 1))
    address = f"/case-studies/pictures/{told_of.pictures.get().pk}/"
    assert browser("Bea").get(address).status_code == 200
    set_today(AFTER)
    assert browser("Bea").get(address).status_code == 404
    assert browser("Priya").get(address).status_code == 200


def test_who_works_on_it_still_sees_it_and_the_way_out(people, browser, told_of, set_today):
    set_today(AFTER)
    for name in ("Priya", "Penny", "Olu", "Ada"):
        page = browser(name).get(STORY)
        assert page.status_code == 200 and ENDED in text(page) and "Readers do not see it any more." in text(page), name
        check = text(browser(name).get(CHECK))
        assert "Consent has ended" in check and "Record a new consent, or withdraw the story." in check, name


def test_a_new_consent_brings_it_back(people, browser, told_of, set_today):
    set_today(AFTER)
    again = words(**AGREED | {"consent_on": AFTER, "consent_ends_on": date(2027, 2, 1)})
    revision = save_story(by=people["Priya"], study=told_of, seen=seen_of(told_of), words=again)
    assert browser("Bea").get(STORY).status_code == 404
    submit_story(by=people["Priya"], study=revision, seen=seen_of(revision))
    publish_story(by=people["Olu"], study=revision, seen=seen_of(revision), reason="Agreed.", review_on=date(2026, 12, 1))
    assert browser("Bea").get(STORY).status_code == 200


def test_a_date_that_is_left_over_ends_nothing_where_the_story_tells_of_no_single_person(people, browser, set_today):
    published(people["Priya"], people["Olu"], consent_on=date(2025, 1, 1), consent_ends_on=LAST)
    set_today(AFTER)
    assert browser("Bea").get(STORY).status_code == 200
    assert "Nothing is in hand" in text(browser("Priya").get("/case-studies/in-hand/"))
    assert tell_of_ended_consent() == 0


def test_its_managers_and_the_reviewers_get_one_e_mail_of_it(people, told_of, set_today):
    set_today(LAST)
    assert tell_of_ended_consent() == 0
    set_today(AFTER)
    assert tell_of_ended_consent() == 5 and tell_of_ended_consent() == 0
    letters = list(Letter.objects.filter(subject__startswith="Consent").order_by("to__name"))
    assert [letter.to.name for letter in letters] == ["Ada", "Grace", "Olu", "Penny", "Priya"]
    assert letters[0].subject == "Consent for the case study “Warm homes” has ended"
    assert "ended on 31 January 2026" in letters[0].text and "/case-studies/warm-homes/check/" in letters[0].html


def test_it_is_told_again_when_the_next_consent_ends(people, told_of, set_today):
    set_today(AFTER)
    tell_of_ended_consent()
    CaseStudy.objects.update(consent_ends_on=date(2026, 3, 1))
    set_today(date(2026, 3, 2))
    assert tell_of_ended_consent() == 5
