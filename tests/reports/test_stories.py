"""Case studies that go with a report: chosen by the group, kept word for word, and never changed by what happens to the story."""

import hashlib
from datetime import date
from types import SimpleNamespace

import pytest

from casestudies.actions import save_story, withdraw_story
from casestudies.models import CaseStudy
from people.models import User
from reports.actions import (
    CannotIssue,
    Correction,
    Words,
    build_owed,
    check_reports,
    correct_report,
    issue_report,
    make_board_link,
)
from reports.models import ProgressReport, ReportDraft
from reports.stories import in_short, tell
from strategy_portal.editing import seen_of
from tests import factories
from tests.casestudies.conftest import browser, figure, people, published, words  # noqa: F401  the fixtures
from tests.reports.pack.reading import csv_rows, json_of, pages, pptx_tables, sheets
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db
AGREE = "/outcomes-group/agree/?month=2025-10"
CAUTION = "Two winters only: not evidence of cause."


@pytest.fixture
def stories(people):  # noqa: F811
    """One with a change and its caution, one without figures, and two more."""
    olu, priya = people["Olu"], people["Priya"]
    change = (
        figure("Homes that were cold", "5304", period="2023/24", better="lower", source="Register"),
        figure("Homes that were cold", "3433", period="2024/25", better="lower", note="The second winter was mild."),
    )
    return [
        published(priya, olu, title="Warm homes", summary="Homes were made warm.", caution=CAUTION, figures=change),
        published(priya, olu, title="Old <b>friends</b>", done="People met. They ate. They talked."),
        published(priya, olu, title="Third"),
        published(priya, olu, title="Fourth"),
    ]


@pytest.fixture
def plan(people):  # noqa: F811
    made = factories.deliverable("HW-1", lead=factories.organisation("icb"), principles=("PREVENTION",))
    factories.update(made, by=people["Priya"], month=factories.october())
    return made


def issue(by: User, *slugs: str) -> ProgressReport:
    month = factories.october()
    return issue_report(by=by, period=month, seen=month.data_version, words=Words("As it is.", {}, slugs))


def everything_of(report: ProgressReport) -> str:
    """Of the row and its lines, to the byte."""
    rows = ProgressReport.objects.filter(pk=report.pk).values_list()
    return hashlib.sha256(repr([*rows, *report.lines.order_by("pk").values_list()]).encode()).hexdigest()


def test_the_group_chooses_up_to_three_and_they_are_in_the_report_word_for_word(people, browser, stories, plan):  # noqa: F811
    olu = browser("Olu")
    page = text(olu.get(AGREE))
    assert "First case study" in page and "Third case study" in page and "Warm homes" in page
    data = {"note": "As it is.", "version": "0", "do": "go", "story-1": "warm-homes", "story-2": "old-bfriendsb"}
    assert olu.post(AGREE, data)["Location"] == "/outcomes-group/agree/issue/?month=2025-10"
    draft = ReportDraft.objects.get()
    assert draft.stories == ["warm-homes", "old-bfriendsb"]
    assert '<option value="warm-homes" selected>' in olu.get(AGREE).content.decode()
    preview = text(olu.get("/outcomes-group/agree/issue/?month=2025-10"))
    assert "Homes were made warm." in preview and CAUTION in preview
    month = factories.october()
    sent = {"seen": str(month.data_version), "version": str(draft.version)}
    assert olu.post("/outcomes-group/agree/issue/?month=2025-10", sent)["Location"] == "/reports/2025-10/"
    told = ProgressReport.objects.get().content["stories"]
    assert told == [
        {
            "title": "Warm homes",
            "organisation": "Organisation icb",
            "place": "",
            "summary": "Homes were made warm.",
            "caution": CAUTION,
            "sensitive": "",
            "figures": [
                {
                    "metric": "Homes that were cold",
                    "words": "5,304 homes in 2023/24, then 3,433 homes in 2024/25: 1,871 fewer (35%), which is the better way",
                    "caution": "The second winter was mild.",
                    "source": "Register",
                }
            ],
            "source": "",
            "address": "/case-studies/warm-homes/",
            "is_demonstration": False,
        },
        {
            "title": "Old <b>friends</b>",
            "organisation": "Organisation icb",
            "place": "",
            "summary": "People met. They ate. They talked.",
            "caution": "",
            "sensitive": "",
            "figures": [],
            "source": "",
            "address": "/case-studies/old-bfriendsb/",
            "is_demonstration": False,
        },
    ]


def test_they_are_on_the_page_behind_the_link_and_in_every_file(people, browser, stories, plan):  # noqa: F811
    report = issue(people["Olu"], "warm-homes", "old-bfriendsb")
    said = report.content["stories"][0]["figures"][0]["words"]
    page = browser("Bea").get("/reports/2025-10/")
    assert said in text(page) and CAUTION in text(page) and "Old &lt;b&gt;friends&lt;/b&gt;" in page.content.decode()
    assert 'href="/case-studies/warm-homes/"' in page.content.decode()
    _, token = make_board_link(by=people["Olu"], report=report, reader="Bea", expires_on=date(2025, 12, 31))
    board = browser("Bea").post(f"/board/{token}/", {"open": "page"})
    assert said in text(board) and "/case-studies/" not in board.content.decode().partition("<main")[2]
    assert build_owed() == 5
    files = {kind: bytes(content) for kind, content in report.files.values_list("kind", "content")}
    printed = " ".join(" ".join(pages(files["pdf"])).split())
    assert said in printed and CAUTION in printed and "The second winter was mild. Source: Register." in printed
    rows = sheets(files["xlsx"])["Case studies"]
    assert rows[0][0] == "Case study" and rows[1][4] == said and CAUTION in rows[1][5]
    assert rows[2][0] == "Old <b>friends</b>"
    slides = [row for table in pptx_tables(files["pptx"]) for row in table if row[0] == "Warm homes"]
    assert any(said in cell for row in slides for cell in row)
    assert json_of(files["json"])["content"]["stories"] == report.content["stories"]
    assert len(csv_rows(files["csv"])) == 1  # a row for each deliverable, and nothing else


def test_where_a_story_is_told_is_in_the_report_and_its_files(people, browser, stories, plan):  # noqa: F811
    CaseStudy.objects.filter(slug="third").update(source="The strategy, page 3", sensitive="Suicide")
    report = issue(people["Olu"], "third", "fourth")
    assert [story["source"] for story in report.content["stories"]] == ["The strategy, page 3", ""]
    page = text(browser("Bea").get("/reports/2025-10/"))
    assert "This story speaks of suicide." in page
    assert page.count("The story is told in: The strategy, page 3.") == 1 and page.count("The story is told in") == 1
    assert build_owed() == 5
    files = {kind: bytes(content) for kind, content in report.files.values_list("kind", "content")}
    assert "The story is told in: The strategy, page 3." in " ".join(" ".join(pages(files["pdf"])).split())
    assert [row[6] for row in sheets(files["xlsx"])["Case studies"][1:]] == ["The strategy, page 3", None]


def test_a_report_that_was_issued_before_it_named_the_source_stays_readable(people, browser, stories, plan):  # noqa: F811
    from reports.pack.pdf import stories as in_the_pdf
    from reports.pack.tables.work import told

    old = tell(["third"])[0]
    del old["source"]
    assert told(old, {})["source"] == ""
    assert in_the_pdf(SimpleNamespace(content={"stories": [old]}))[0]["told_in"] == ""


def test_a_report_without_stories_has_no_word_of_them(people, browser, stories, plan):  # noqa: F811
    """As those that were issued before there was a choice."""
    report = issue(people["Olu"])
    assert "stories" not in report.content
    assert build_owed() == 5
    files = {kind: bytes(content) for kind, content in report.files.values_list("kind", "content")}
    assert "Case studies" not in sheets(files["xlsx"]) and "Case studies" not in " ".join(pages(files["pdf"]))
    assert 'id="stories"' not in browser("Bea").get("/reports/2025-10/").content.decode()
    assert check_reports().faults == []


def test_an_issued_report_is_the_same_to_the_byte_whatever_becomes_of_the_story(people, browser, stories, plan):  # noqa: F811
    report = issue(people["Olu"], "warm-homes", "third")
    before, page = everything_of(report), browser("Bea").get("/reports/2025-10/").content.decode().partition("<main")[2]
    warm, third = stories[0], stories[2]
    save_story(by=people["Priya"], study=warm, seen=seen_of(warm), words=words(title="Renamed", done="Other."))
    withdraw_story(by=people["Olu"], study=third, seen=seen_of(third), reason="Asked.")
    withdraw_story(by=people["Olu"], study=warm, seen=seen_of(warm), reason="Asked.")
    owner = factories.organisation("icb")
    owner.name = "Renamed organisation"
    owner.save()
    assert everything_of(report) == before
    now = browser("Bea").get("/reports/2025-10/").content.decode().partition("<main")[2]
    assert now == page and "Warm homes" in now and "Third" in now
    assert browser("Bea").get("/case-studies/third/").status_code == 404
    assert check_reports().faults == []


def test_a_comparison_names_the_stories_that_differ(people, browser, stories, plan):  # noqa: F811
    issue(people["Olu"], "warm-homes", "third")
    CaseStudy.objects.filter(pk=stories[0].pk).update(title="Warmer homes")
    november = factories.november()
    factories.update(plan, by=people["Priya"], month=november)
    given = Words("As it is.", {}, ("warm-homes", "fourth"))
    issue_report(by=people["Olu"], period=november, seen=factories.november().data_version, words=given)
    page = text(browser("Bea").get("/reports/compare/?from=2025-10&to=2025-11&show=stories"))
    assert "Case studies: 3" in page
    assert "Told otherwise Warmer homes New Fourth No longer there Third" in page


def test_a_correction_keeps_the_stories_of_its_report(people, browser, stories, plan):  # noqa: F811
    first = issue(people["Olu"], "warm-homes")
    withdraw_story(by=people["Olu"], study=stories[0], seen=seen_of(stories[0]), reason="Asked.")
    correction = Correction("A word was wrong.", Words("As it was.", {}))
    made = correct_report(by=people["Olu"], period=factories.october(), seen=1, correction=correction)
    assert made.content["stories"] == first.content["stories"]
    assert check_reports().faults == []
    page = browser("Olu").get("/outcomes-group/correct/2025-10/")
    assert page.status_code == 200 and "First case study" not in text(page)


def test_a_story_that_was_withdrawn_since_it_was_chosen_is_not_issued(people, browser, stories, plan):  # noqa: F811
    olu = browser("Olu")
    olu.post(AGREE, {"note": "As it is.", "version": "0", "do": "save", "story-1": "third"})
    withdraw_story(by=people["Grace"], study=stories[2], seen=seen_of(stories[2]), reason="Asked.")
    assert "third (no longer published)" in text(olu.get(AGREE))
    assert "Third" not in text(olu.get("/outcomes-group/agree/issue/?month=2025-10"))
    month, draft = factories.october(), ReportDraft.objects.get()
    sent = {"seen": str(month.data_version), "version": str(draft.version)}
    page = text(olu.post("/outcomes-group/agree/issue/?month=2025-10", sent))
    assert "“third” is no longer published" in page and not ProgressReport.objects.exists()
    with pytest.raises(CannotIssue, match="no longer published"):
        issue(people["Olu"], "third")


def end_consent(study) -> None:
    """On the day before the portal's today."""
    CaseStudy.objects.filter(pk=study.pk).update(consent="given", consent_on=date(2025, 1, 1), consent_ends_on=date(2025, 12, 1))


def test_a_story_whose_consent_has_ended_cannot_be_chosen(people, browser, stories, plan):  # noqa: F811
    olu = browser("Olu")
    assert '<option value="third">' in olu.get(AGREE).content.decode()
    end_consent(stories[2])
    assert '<option value="third">' not in olu.get(AGREE).content.decode()
    page = text(olu.post(AGREE, {"note": "As it is.", "version": "0", "do": "go", "story-1": "third"}))
    assert "That case study is not published, or the consent for it has ended. Choose another" in page


def test_one_whose_consent_has_ended_since_it_was_chosen_is_left_out_and_the_group_is_told(
    people,  # noqa: F811
    browser,  # noqa: F811
    stories,
    plan,
):
    olu, issuing = browser("Olu"), "/outcomes-group/agree/issue/?month=2025-10"
    olu.post(AGREE, {"note": "As it is.", "version": "0", "do": "save", "story-1": "third", "story-2": "warm-homes"})
    end_consent(stories[2])
    assert "third (consent has ended)" in text(olu.get(AGREE))
    preview = text(olu.get(issuing))
    assert "The consent for the case study “third” has ended, so it is not in the report." in preview
    draft = ReportDraft.objects.get()
    sent = {"seen": str(factories.october().data_version), "version": str(draft.version)}
    page = text(olu.post(issuing, sent, follow=True))
    assert "The case study “third” is not in it: the consent for it has ended." in page
    assert [story["title"] for story in ProgressReport.objects.get().content["stories"]] == ["Warm homes"]


def test_an_issued_report_is_the_same_to_the_byte_when_consent_ends(people, browser, stories, plan):  # noqa: F811
    report = issue(people["Olu"], "third")
    before = everything_of(report)
    end_consent(stories[2])
    assert everything_of(report) == before and check_reports().faults == []
    assert "Third" in text(browser("Bea").get("/reports/2025-10/"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"story-1": "third", "story-2": "third"}, ["third"]),
        ({"story-1": "", "story-2": "third", "story-3": ""}, ["third"]),
        ({"story-1": "", "story-4": "fourth"}, []),
        ({"story-1": "thi\0rd"}, ["third"]),
    ],
)
def test_a_choice_is_kept_once_and_three_are_the_most(people, browser, stories, plan, given, kept):  # noqa: F811
    browser("Olu").post(AGREE, {"note": "As it is.", "version": "0", "do": "quiet"} | given)
    assert ReportDraft.objects.get().stories == kept
    assert len(tell(["warm-homes", "third", "fourth", "old-bfriendsb"])) == 3


def test_a_form_that_knows_no_stories_leaves_the_choice_as_it_is(people, browser, stories, plan):  # noqa: F811
    olu = browser("Olu")
    olu.post(AGREE, {"note": "One.", "version": "0", "do": "quiet", "story-1": "third"})
    olu.post(AGREE, {"note": "Two.", "version": "1", "do": "quiet"})
    assert ReportDraft.objects.get().stories == ["third"]


def test_what_is_said_in_short_is_whole_sentences_where_it_can_be():
    assert in_short("People met. They ate. They talked.") == "People met. They ate. They talked."
    assert in_short(f"Short. {'x' * 400}.") == "Short."
    assert in_short("x" * 400) == "x" * 299 + "…"
    assert in_short("") == ""
