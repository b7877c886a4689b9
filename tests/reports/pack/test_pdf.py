"""The pack on paper: accessible, inert, and the same whenever it is made."""

import re
import time
from copy import deepcopy

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.pack import pdf
from reports.pack.glyphs import BOX, glyphs, printable
from tests.reports.pack import sample
from tests.reports.pack.reading import elements, pages


@pytest.fixture(scope="module")
def nine() -> bytes:
    return pdf.make(sample.document())


def all_elements(data: bytes):
    return [found for root in elements(data) for found in root.all()]


def headings(data: bytes, tag: str) -> list[str]:
    return [found.text() for found in all_elements(data) if found.tag == tag]


def words_of(data: bytes) -> str:
    return " ".join(" ".join(root.text() for root in elements(data)).split())


# Accessible


def test_it_is_tagged_and_says_that_it_is_pdf_ua(nine):
    document = pypdfium2.PdfDocument(nine)
    assert document.is_tagged()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in nine


def test_it_has_a_title_and_a_language(nine):
    document = pypdfium2.PdfDocument(nine)
    assert document.get_metadata_dict()["Title"] == "Position at 30 November 2025"
    assert document.get_metadata_dict()["Author"] == "Olu Adeyemi"
    assert b"/Lang(en-GB)" in nine
    assert pdfium.FPDFCatalog_IsTagged(document)


def test_its_headings_are_headings_in_the_order_of_the_board(nine):
    assert headings(nine, "H1") == [
        "Covering note",
        "Contents",
        "What is asked of the board",
        "For the board’s attention",
        "Priorities",
        "Prevention, equity and integration",
        "Status by month",
        "Milestones in the next 90 days",
        "What changed since October 2025",
        "Every deliverable",
        "Updates received, by organisation",
        "How ratings are worked out",
    ]
    assert "FCN-2 Home devices and sensors" in headings(nine, "H2")
    assert not headings(nine, "H3")


def test_the_contents_lead_to_pages(nine):
    entries = [found.text() for found in all_elements(nine) if found.tag == "TOCI"]
    assert len(entries) == 11
    assert all(re.search(r"\d+$", entry) for entry in entries)
    assert sum(found.tag == "Link" for found in all_elements(nine)) == 11


def test_every_page_has_its_number(nine):
    found = pages(nine)
    assert len(found) > 5
    for number, text in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in text


def test_every_picture_says_what_it_shows_and_is_there_to_be_found(nine):
    figures = [found for found in all_elements(nine) if found.tag == "Figure"]
    assert len(figures) > 20
    assert all(figure.alt and any(part.has_content for part in figure.all()) for figure in figures)
    assert any(figure.alt.startswith("Stacked bars: deliverables by rating, a bar a month. On track") for figure in figures)
    assert any(figure.alt == "April on track, May on track, June at risk, July not reported, August at risk, "
               "September off track, October off track, November off track" for figure in figures)  # fmt: skip


def test_the_heading_of_a_table_is_a_heading_and_stands_on_every_page_that_the_table_runs_over():
    data = pdf.make(sample.many(40))
    assert {"Table", "THead", "TBody", "TR", "TH", "TD"} <= {found.tag for found in all_elements(data)}
    over_pages = [page for page in pages(data) if "Baseline" in page]
    assert len(over_pages) > 10


def test_no_rating_is_told_by_colour_alone(nine):
    """Each mark has its word: the words stand as often as the marks that are not in a row of months."""
    text = words_of(nine)
    for name in ("Complete", "On track", "At risk", "Off track", "Not reported"):
        assert name in text


# What it says


def test_the_first_page_says_what_it_is_and_who_stands_for_it(nine):
    first = " ".join(pages(nine)[0].split())
    assert "Position at 30 November 2025" in first
    assert "3 of 9 deliverables are on track." in first
    assert "Version 1, issued by Olu Adeyemi on 9 December 2025" in first
    assert "correction" not in first and "Demonstration" not in first


def test_a_correction_says_so_and_why_and_a_demonstration_that_it_is_one():
    data = pdf.make(sample.correction())
    first = " ".join(pages(data)[0].split())
    assert "This is a correction. Version 2 replaces the version before it." in first
    assert "The rating of FCN-2 was entered for the wrong month." in first
    assert "Demonstration. People and updates are made up." in first
    assert all("Demonstration" in page for page in pages(data))


def test_the_board_is_told_why_the_route_its_date_the_flag_and_the_answer(nine):
    text = words_of(nine)
    for said in (
        "Decision 1: FCN-2 Home devices and sensors",
        "Release £0.2m of contingency",
        "The board’s decision: Agreed on 11 November 2025. Agreed, with a report in March.",
        "Off track for 3 months",
        "Supplier mobilisation slipped twice.",
        "A second supplier starts in January.",
        "By 31 January 2026.",
        "has moved twice, 76 days in all.",
        "The second supplier is under contract since 20 November.",
        "The group supports the route to on track.",
        "November 2025: from on track to at risk.",
        "Nothing serves equity",
        "Prevention carries half of the late and off-track work.",
        "Not shown here: 3 more milestones moved.",
        "And 2 more that serve no principle.",
        "Frailty and complex needs is off track: 1 of 3 priorities.",
        "Most is missing from ICB.",
        "Nine of 14 milestones are overdue.",
    ):
        assert said in text, said
    assert "SHA-256 of this report: " + "0f" * 32 in text


def test_a_plan_with_nothing_in_it_says_so():
    text = words_of(pdf.make(sample.none_planned()))
    for said in (
        "No deliverables are planned yet.",
        "Nothing is asked of the board this month.",
        "None is overdue or due.",
        "This is the first month: there is nothing to compare with.",
    ):
        assert said in text, said
    assert "Everything is on track" not in text


def test_a_month_in_which_nobody_reported_is_not_good_news():
    text = words_of(pdf.make(sample.silent()))
    assert "0 of 9 deliverables are on track." in text
    assert text.count("Why No update was received for the month.") == 9


# Inert


def test_what_looks_like_typst_is_shown_as_it_was_typed(nine):
    assert '#let x = 1; #panic("no") *star* _under_ $x^2$ `raw` \\ // comment @label [square]' in words_of(nine)


def test_what_the_font_has_not_got_is_shown_as_its_plain_form_or_as_a_box():
    assert printable("＝3 😀 漢 é e\u0301 \u202e\u0007a") == f"=3 {BOX} {BOX} é é a"
    assert printable("שלום") == "שלום"
    assert {ord(c) for c in f"{BOX} …’“”£½µé"} <= glyphs()
    assert 0 not in glyphs() and 0x202E not in glyphs()


def test_a_word_wider_than_its_column_may_be_broken_and_an_ordinary_one_not():
    assert "\u200b" in printable("x" * 60)
    assert printable("Neighbourhood-based interdisciplinary") == "Neighbourhood-based interdisciplinary"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=60), min_size=8, max_size=8))
def test_whatever_anybody_types_the_pdf_is_made_and_accessible(texts):
    document = deepcopy(sample.document(sample.NINE[:2]))
    names = ("done", "why", "route", "answer", "board_line", "name", "evidence")
    for name, text in zip(names, texts, strict=False):
        document.lines[0][name] = text
        document.content["note"] = texts[7]
    assert pypdfium2.PdfDocument(pdf.make(document)).is_tagged()


# The same whenever it is made


def test_the_same_report_gives_the_same_bytes(nine):
    time.sleep(1.1)
    assert pdf.make(sample.document()) == nine
    assert pypdfium2.PdfDocument(nine).get_metadata_dict()["CreationDate"].startswith("D:20251209")


def test_another_report_gives_other_bytes(nine):
    document = sample.document()
    document.content["note"] = "Another note."
    assert pdf.make(document) != nine


def test_only_the_fonts_of_the_pack_are_in_it(nine):
    assert set(re.findall(rb"/BaseFont/\w{6}\+([\w-]+)", nine)) == {b"LiberationSans", b"LiberationSans-Bold"}


def test_nine_take_two_seconds_at_most_and_three_hundred_twenty():
    for document, most in ((sample.document(), 2), (sample.many(300), 20)):
        begun = time.perf_counter()
        pdf.make(document)
        assert time.perf_counter() - begun < most
