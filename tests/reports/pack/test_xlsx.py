"""The pack as a workbook: typed cells, filters, and nothing that runs."""

import time
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from reports.pack import xlsx
from tests.reports.pack import sample
from tests.reports.pack.reading import sheets


@pytest.fixture(scope="module")
def data() -> bytes:
    return xlsx.make(sample.document())


@pytest.fixture(scope="module")
def book(data):
    return openpyxl.load_workbook(BytesIO(data))


def cells(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_there_is_a_sheet_a_table(book):
    wanted = {"Summary", "Deliverables", "Milestones", "Status by month", "Principles", "Coverage", "Asks", "Changes"}
    assert wanted <= set(book.sheetnames)
    assert book.sheetnames[0] == "Summary"


def test_headings_stay_and_tables_can_be_filtered(book):
    assert all(sheet.freeze_panes for sheet in book)
    assert book["Deliverables"].freeze_panes == "C2"
    assert book["Deliverables"].auto_filter.ref == "A1:Y10"
    assert book["Milestones"].auto_filter.ref.startswith("A1:")


def test_dates_are_dates_and_numbers_are_numbers(book):
    sheet = book["Deliverables"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "FCN-2")
    assert row[columns["On track by"] - 1].value == datetime(2026, 1, 31)
    assert row[columns["On track by"] - 1].number_format == "d mmmm yyyy"
    assert row[columns["Milestones due"] - 1].value == 4 and row[columns["Months so"] - 1].value == 3


def test_columns_are_wide_enough_and_words_are_wrapped(book):
    sheet = book["Deliverables"]
    assert sheet.column_dimensions["B"].width > 30
    assert all(cell.alignment.wrap_text for cell in sheet[2] if cell.value)


def test_nothing_runs(book, data):
    """No cell is a formula, and what looks like one is marked as text for whoever edits it."""
    found = cells(book)
    assert not [cell.coordinate for cell in found if cell.data_type == "f"]
    awkward = [cell for cell in found if isinstance(cell.value, str) and cell.value.lstrip(" ").startswith(tuple("=+-@\t＝"))]
    assert len(awkward) > 5
    assert all(cell.quotePrefix for cell in awkward)
    with ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name) and b"<hyperlink" not in archive.read(name)


def test_awkward_words_come_through_as_they_are(book):
    texts = [cell.value for cell in cells(book) if isinstance(cell.value, str)]
    for said in ("=1+1", " =2+2 after a space", "＝3+3 full width", "😀", "مرحبا", '#panic("no")', "<script>alert(1)</script>"):
        assert any(said in text for text in texts), said


def test_the_months_have_a_chart_that_is_described(book, data):
    assert len(book["Status by month"]._charts) == 1
    with ZipFile(BytesIO(data)) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert 'descr="Deliverables by rating, a bar a month. On track or complete: ' in drawing
    assert chart.count("<a:pattFill") == 3 and 'grouping val="stacked"' in chart


def test_ratings_are_words(book):
    ratings = {row[5].value for row in book["Deliverables"].iter_rows(min_row=2)}
    assert ratings == {"Complete", "On track", "At risk", "Off track", "Not reported"}


@pytest.mark.parametrize("make", [sample.none_planned, sample.silent, sample.many, sample.correction])
def test_other_reports_make_a_workbook_that_opens(make):
    found = sheets(xlsx.make(make()))
    assert len(found) > 10


def test_a_plan_with_nothing_in_it_says_so():
    found = sheets(xlsx.make(sample.none_planned()))
    assert found["Deliverables"][1][0] == "No deliverables are planned yet."
    assert found["Asks"][1][0] == "Nothing is asked of the board this month."


def test_the_same_report_gives_the_same_bytes(data):
    time.sleep(2.1)
    assert xlsx.make(sample.document()) == data
    assert openpyxl.load_workbook(BytesIO(data)).properties.created == datetime(2025, 12, 9, 14, 5)
