"""Published stories with their figures, and what those figures do not show."""

from decimal import Decimal

import pytest

from casestudies.figures import in_words, paired
from casestudies.models import CaseStudy, Figure
from priorities.models import Aim
from tests import factories
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def bea(client):
    user = factories.person("viewer", "Bea")
    factories.sign_in(client, user)
    return user


def story(slug="end-of-life", stage="published", **more) -> CaseStudy:
    given = {"code": slug, "slug": slug, "title": f"Story {slug}", "organisation": "A partner", "stage": stage}
    return CaseStudy.objects.create(strategy=factories.plan_year().strategy, **given | more)


def figure(of: CaseStudy, order: int, value: str, **more) -> Figure:
    return Figure.objects.create(
        case_study=of, order=order, **{"metric": "Attendances", "value": Decimal(value), "unit": "people"} | more
    )


def test_two_values_of_a_metric_are_shown_as_a_change_with_its_caution(client, bea):
    made = story(caution="Two points only: not evidence of cause.")
    figure(made, 1, "5304", period="2019/20", better="lower")
    figure(made, 2, "3433", period="2021/22", better="lower")
    page = text(client.get("/case-studies/end-of-life/"))
    assert "5,304 2019/20" in page and "3,433 2021/22" in page
    assert "1,871 fewer (35%), which is the better way." in page
    assert "Two points only: not evidence of cause." in page


def test_a_qualifier_stands_before_its_number(client, bea):
    made = story()
    figure(made, 1, "25", metric="Early diagnoses", unit="percent", qualifier="less than", note="Before the checks.")
    figure(made, 2, "600", metric="Staff", qualifier="over")
    page = text(client.get("/case-studies/end-of-life/"))
    assert "less than 25% Early diagnoses" in page and "Before the checks." in page
    assert "over 600 people Staff" in page


def test_a_share_has_its_sign_and_a_rank_its_ending_and_neither_has_its_unit_below(client, bea):
    made = story()
    figure(made, 1, "25", metric="Early diagnoses", unit="percent")
    figure(made, 2, "8", metric="Place among the highest", unit="rank")
    page = text(client.get("/case-studies/end-of-life/"))
    assert "25% Early diagnoses" in page and "8th Place among the highest" in page
    assert "percent" not in page.partition("Early")[0] and " rank " not in page and "Counted in" not in page


def test_no_change_is_worked_out_from_what_is_not_exact(client, bea):
    made = story()
    figure(made, 1, "600", qualifier="over", period="2023", better="higher")
    figure(made, 2, "800", period="2024", better="higher")
    page = text(client.get("/case-studies/end-of-life/"))
    assert "over 600 2023" in page and "800 2024" in page
    assert "The change is not known exactly, since a value is not exact." in page
    assert "200" not in page and "better" not in page.partition("Attendances")[2]


@pytest.mark.parametrize("stage", ["draft", "in_review", "withdrawn"])
def test_only_published_stories_are_seen(client, bea, stage):
    story("hidden", stage)
    assert client.get("/case-studies/hidden/").status_code == 404
    assert "Story hidden" not in text(client.get("/case-studies/"))


def test_stories_are_found_by_aim(client, bea):
    aim = Aim.objects.create(strategy=factories.plan_year().strategy, code="AIM-3", name="Value for money")
    story("one").aims.add(aim)
    story("two")
    page = text(client.get("/case-studies/?aim=AIM-3"))
    assert "Story one" in page and "Story two" not in page
    assert "Story two" in text(client.get("/case-studies/?aim=unknown"))


@pytest.mark.parametrize(
    ("typed", "said"), [("HIV and hepatitis", "HIV and hepatitis"), ("Grief", "grief"), ("a death", "a death")]
)
def test_sensitive_subjects_stand_within_a_sentence(client, bea, typed, said):
    story(sensitive=typed)
    assert f"This story speaks of {said}." in text(client.get("/case-studies/end-of-life/"))


def test_sensitive_subjects_are_said_first_and_what_is_not_known_is_not_invented(client, bea):
    story(sensitive="Suicide and mental health")
    page = text(client.get("/case-studies/end-of-life/"))
    assert "This story speaks of suicide and mental health." in page
    assert "Place Not set" in page and "What was learnt?" not in page


def test_stories_are_found_by_all_that_they_are_tied_to_and_by_their_words(client, bea):
    priority, principle = factories.priority("P1"), factories.principle("EQUITY")
    warm = story("warm", year="2024/25", organisation="Élan Trust", done="Homes were made warm.")
    warm.priorities.add(priority)
    warm.principles.add(principle)
    story("cold", year="2023/24", organisation="Another")
    asked_for = (
        "priority=p1",
        "principle=EQUITY",
        "year=2024/25",
        "organisation=Élan Trust",
        "q=ÉLAN warm",
        "q=homes&year=2024/25",
    )
    for asked in asked_for:
        page = text(client.get(f"/case-studies/?{asked}"))
        assert "Story warm" in page and "Story cold" not in page, asked
    page = text(client.get("/case-studies/?q=warm&organisation=Another"))
    assert "No case study fits these filters" in page and "Show all case studies" in page
    page = client.get("/case-studies/?q=%00%27;--<script>&year=no-such").content.decode()
    assert "--<script>" not in page and "No case study fits" in page


def test_an_organisation_that_is_renamed_stays_one_choice(client, bea):
    trust = factories.organisation("trust")
    story("before", owner=trust, organisation="As it was called")
    story("after", owner=trust, organisation=trust.name)
    story("document", organisation=trust.name)
    page = client.get("/case-studies/").content.decode()
    assert page.count(f'<option value="{trust.name}"') == 1 and "As it was called" not in page
    found = text(client.get("/case-studies/", {"organisation": trust.name}))
    assert all(f"Story {slug}" in found for slug in ("before", "after", "document"))
    assert f"Organisation {trust.name}" in text(client.get("/case-studies/before/"))


def test_filters_survive_paging(client, bea):
    for number in range(21):
        story(f"s{number}", year="2024/25")
    page = client.get("/case-studies/?q=story&year=2024/25").content.decode()
    assert "q=story&amp;year=2024%2F25&amp;page=2" in page
    assert "Story s9" in client.get("/case-studies/?q=story&year=2024/25&page=2").content.decode()


def test_related_stories_are_on_the_pages_of_the_deliverable_and_the_priority(client, bea):
    hers = factories.deliverable("HW-1")
    made, other = story("told"), story("hidden", "draft")
    for one in (made, other):
        one.deliverables.add(hers)
        one.priorities.add(hers.priority)
    for address in ("/deliverables/HW-1/", "/priorities/p1/"):
        page = client.get(address).content.decode()
        assert 'href="/case-studies/told/"' in page and "Story hidden" not in page, address
    factories.deliverable("HW-2")
    assert "No case study is linked to this deliverable." in text(client.get("/deliverables/HW-2/"))


def test_a_source_is_said_with_its_figure_and_percentages_change_by_points(client, bea):
    made = story()
    figure(made, 1, "10", unit="percent", period="2023", source="Register", better="higher")
    figure(made, 2, "15", unit="percent", period="2024", source="Register", better="higher")
    page = text(client.get("/case-studies/end-of-life/"))
    assert "5 percentage points more, which is the better way." in page and "(50%)" not in page
    assert page.count("Source: Register.") == 1
    assert "2 figures, source named" in page


CHANGE = "5,304 people in 2019/20, then 3,433 people in 2021/22: 1,871 fewer (35%)"


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ([("5304", {"period": "2019/20"}), ("3433", {"period": "2021/22"})], CHANGE),
        ([("600", {"qualifier": "over"})], "over 600 people"),
        ([("25", {"unit": "percent", "qualifier": "less than", "period": "Before it"})], "less than 25% (before it)"),
        ([("8", {"unit": "rank"})], "8th"),
        ([("8", {"unit": "rank"}), ("6", {"unit": "rank"})], "8th, then 6th: 2 places nearer the top"),
        ([("11", {"unit": "rank"}), ("22", {"unit": "rank"})], "11th, then 22nd: 11 places further from the top"),
        ([("1", {"unit": "rank", "better": "lower"}), ("3", {"unit": "rank"})], "1st, then 3rd: 2 places further from the top"),
        (
            [("600", {"qualifier": "over", "better": "higher"}), ("700", {"better": "higher"})],
            "over 600 people, then 700 people: the change is not known exactly, since a value is not exact",
        ),
        ([("3433", {"period": "2021/22"}), ("5304", {"period": "2019/20"})], CHANGE),
        (
            [("2", {"period": "October 2025"}), ("1", {"period": "July 2025"})],
            "1 people in July 2025, then 2 people in October 2025",
        ),
        ([("25", {"qualifier": "less than", "unit": "percent"})], "less than 25%"),
        ([("2.50", {"unit": "hours"}), ("2.50", {"unit": "hours"})], "2.5 hours, then 2.5 hours: no change"),
    ],
)
def test_a_figure_in_words_has_its_qualifier_unit_and_period_and_never_says_why(db, figures, said):
    made = story()
    for order, (value, more) in enumerate(figures, start=1):
        figure(made, order, value, **more)
    assert in_words(paired(made.figures.all())[0]).startswith(said)


class Value:
    unit = qualifier = ""

    def __init__(self, order, metric, value, better="", period=""):
        self.order, self.metric, self.value, self.better, self.period = order, metric, Decimal(value), better, period


@pytest.mark.parametrize(
    ("values", "better", "change", "percent", "is_better"),
    [
        (("5304", "3433"), "lower", "-1871", 35, True),
        (("10", "15"), "higher", "5", 50, True),
        (("10", "15"), "lower", "5", 50, False),
        (("10", "15"), "", "5", 50, None),
        (("10", "10"), "higher", "0", 0, None),
        (("0", "5"), "higher", "5", None, True),
    ],
)
def test_a_change_is_computed_and_judged_only_where_the_story_says_which_way_is_better(
    values, better, change, percent, is_better
):
    shown = paired([Value(n, "People", value, better) for n, value in enumerate(values)])[0]
    assert (shown.change, shown.percent, shown.is_better) == (Decimal(change), percent, is_better)


def test_a_reader_sees_the_link_to_the_video_and_whether_there_is_one(client, bea):
    story("with", video="https://video.example.org/watch?v=1&t=2", has_video=True)
    story("mentioned", has_video=True)
    story("without")
    page = client.get("/case-studies/with/")
    link = '<a href="https://video.example.org/watch?v=1&amp;t=2" rel="noopener noreferrer">Watch the video</a>'
    assert link in page.content.decode() and "Watch the video (video.example.org)" in text(page)
    assert "Video Mentioned, without an address" in text(client.get("/case-studies/mentioned/"))
    assert "Video None" in text(client.get("/case-studies/without/"))


def test_the_source_of_the_whole_story_is_said_once(client, bea):
    made = story(source="The strategy, page 3")
    figure(made, 1, "5", source="The strategy, page 3")
    figure(made, 2, "7", metric="Homes", source="Register")
    page = text(client.get("/case-studies/end-of-life/"))
    assert page.count("The strategy, page 3") == 1 and page.count("Source: Register.") == 1


def test_figures_keep_the_order_of_the_story():
    shown = paired([Value(3, "C", "1"), Value(1, "A", "1"), Value(2, "B", "1")])
    assert [entry.metric for entry in shown] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2021/22", "2019/20"),
        ("2024-25", "2023-24"),
        ("October 2025", "July 2025"),
        ("March 2026", "2024/25"),
        ("2025", "2024"),
        ("1 June 2025", "Before May 2025"),
    ],
)
def test_two_values_are_put_in_the_order_of_their_time(first, last):
    [shown] = paired([Value(1, "A", "2", period=first), Value(2, "A", "1", period=last)])
    assert (shown.first.period, shown.last.period) == (last, first)


@pytest.mark.parametrize(("first", "last"), [("after", "before"), ("2025", "March 2025"), ("", "2024"), ("2024", "2024")])
def test_what_cannot_be_put_in_order_stays_as_it_was_given(first, last):
    [shown] = paired([Value(1, "A", "2", period=first), Value(2, "A", "1", period=last)])
    assert (shown.first.period, shown.last.period) == (first, last)
