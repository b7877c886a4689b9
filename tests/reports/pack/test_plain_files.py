"""CSV, JSON, the table of kinds, and how phrases read."""

import subprocess
import sys

import pytest
from django.conf import settings

from reports.pack import KINDS, comma, plain
from reports.pack.comma import harmless
from reports.pack.tables import tables
from reports.pack.tables.shape import tidy
from reports.pack.words import milestones_done, trend
from tests.reports.pack import sample
from tests.reports.pack.reading import csv_rows, json_of

# Kinds


def test_every_kind_has_a_name_a_type_and_an_ending():
    assert list(KINDS) == ["pdf", "pptx", "xlsx", "csv", "json"]
    assert [kind.ending for kind in KINDS.values()] == [".pdf", ".pptx", ".xlsx", ".csv", ".json"]
    assert all(kind.name and "/" in kind.content_type for kind in KINDS.values())


def test_what_is_heavy_is_imported_only_when_a_file_is_made():
    code = "import sys, reports.pack; print([n for n in ('typst', 'pptx', 'xlsxwriter', 'PIL') if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("code", KINDS)
def test_making_a_file_changes_nothing_in_the_report(code):
    document = sample.document()
    before = plain.make(document)
    KINDS[code].make(document)
    assert plain.make(document) == before


# CSV


def test_a_csv_begins_with_its_mark_and_ends_its_lines_as_windows_does():
    data = comma.make(sample.document())
    assert data.startswith(b"\xef\xbb\xbfMonth,Version,Code,Deliverable,")
    assert data.endswith(b"\r\n")
    assert data == comma.make(sample.document())


def test_a_csv_has_one_row_a_deliverable_in_the_order_of_the_plan():
    rows = csv_rows(comma.make(sample.many()))
    assert [row["Code"] for row in rows] == [f"D-{n:03}" for n in range(300)]
    assert {(row["Month"], row["Version"]) for row in rows} == {("2025-11", "1")}
    assert csv_rows(comma.make(sample.none_planned())) == []


def test_no_cell_of_a_csv_begins_as_a_formula_does():
    rows = csv_rows(comma.make(sample.many()))
    begins = tuple("=+-@\t\r\n|%＝＋－＠")
    assert not [cell for row in rows for cell in row.values() if cell.lstrip(" \xa0\u200b\ufeff").startswith(begins)]
    assert any(cell.startswith("'") for row in rows for cell in row.values())


@pytest.mark.parametrize("text", ["=1", " =1", "\xa0=1", "\ufeff=1", "\t=1", "＝1", "+1", "-1", "@A1", "|x", "%0A", "\n=1"])
def test_a_formula_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "On track", "1=1", "a@b.example", "'quoted", "5 - 3"])
def test_ordinary_words_are_left_as_they_are(text):
    assert harmless(text) == text


def test_dates_of_a_csv_can_be_sorted():
    rows = {row["Code"]: row for row in csv_rows(comma.make(sample.document()))}
    assert rows["FCN-2"]["On track by"] == "2026-01-31"
    assert rows["HW-1"]["On track by"] == ""


# JSON


def test_json_is_the_report_entire_with_its_hash():
    document = sample.document()
    found = json_of(plain.make(document))
    parts = {"content": document.content, "charts": document.charts, "lines": document.lines}
    assert found == parts | {"sha256": document.sha256}


def test_json_is_canonical():
    data = plain.make(sample.document())
    assert data == plain.make(sample.document())
    assert data.startswith(b'{"charts":{},"content":{"asks":[{"code":"FCN-2","decision":null,') and b"\\u" not in data.replace(
        b"\\u0007", b""
    )


# Tables


def test_whatever_no_page_can_hold_is_left_out_of_a_table():
    assert tidy("a\0b\x07c\r\nd\re\tf\ufffe") == "abc\nd\ne\tf"


def test_what_has_no_row_is_counted_below():
    found = tables(sample.many())
    assert found["attention"].note == "And 156 more, under “Every deliverable”."
    assert found["changes"].note == "Not shown here: 97 more got worse and 3 more milestones moved."


def test_every_table_can_be_empty():
    for name, table in tables(sample.none_planned()).items():
        assert table.rows or table.empty, name


def test_a_figure_of_more_than_three_digits_has_a_comma():
    document = sample.document()
    document.content["plan"]["milestones_due"] = 1234
    assert "1,234" in tables(document)["priorities"].in_words()[0]


# Phrases

OCTOBER = {"short": "October"}


@pytest.mark.parametrize(
    ("now", "was", "direction", "said"),
    [
        ("on_track", "on_track", "same", "Same as October"),
        ("at_risk", "on_track", "worse", "Down from on track"),
        ("on_track", "off_track", "better", "Up from off track"),
        ("not_reported", "off_track", "worse", "Was off track in October"),
        ("on_track", "not_reported", "better", "Not reported in October"),
        ("at_risk", "off_track", "same", "Was off track in October"),
        ("on_track", None, "new", "First month"),
    ],
)
def test_how_a_rating_stands_to_the_month_before(now, was, direction, said):
    assert trend({"rating": now, "before": was, "direction": direction}, OCTOBER) == said


@pytest.mark.parametrize(
    ("done", "due", "said"),
    [
        (0, 0, "No milestones are due yet"),
        (1, 1, "1 of 1 milestone due is done"),
        (2, 1200, "2 of 1,200 milestones due are done"),
    ],
)
def test_milestones_are_counted_in_words(done, due, said):
    assert milestones_done({"milestones_done": done, "milestones_due": due}) == said
