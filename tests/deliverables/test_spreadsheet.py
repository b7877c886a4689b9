"""Due updates as an Excel file, and back: what is typed is what is stored, and what is wrong changes nothing."""

import re
import zipfile
from datetime import date, datetime
from html import unescape
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deliverables.actions import Stopped, Submission, save_draft, submit_all, take_back_update
from deliverables.entry import Entry
from deliverables.mine import Months
from deliverables.models import Deliverable, MilestoneMove, StatusUpdate, UpdateDraft
from deliverables.spreadsheet import layout
from deliverables.spreadsheet.preview import Preview
from deliverables.spreadsheet.read import read
from deliverables.spreadsheet.write import write
from people.models import User
from priorities.actions import close_period
from priorities.models import PlanYear, ReportingPeriod
from tests import factories

pytestmark = pytest.mark.django_db

DOWNLOAD, UPLOAD, APPLY = "/updates/excel/", "/updates/upload/", "/updates/upload/apply/"
ON_TRACK = {"E": "On track", "F": "410 homes are connected."}
OFF_TRACK = {
    "E": "Off track",
    "F": "355 homes are connected.",
    "G": "The supplier is late.",
    "H": "A second supplier.",
    "I": date(2026, 1, 31),
}
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "＝1+1",
    "a\rb",
    '=HYPERLINK("http://x")',
    "<r>x</r>",
    "_x0041_",
    "\x01",
]


@pytest.fixture
def priya(client):
    user = factories.person("programme_manager")
    factories.sign_in(client, user)
    return user


@pytest.fixture
def hers(priya):
    return factories.deliverable("FCN-2", lead=factories.organisation(), short_title="Home devices")


@pytest.fixture
def second(priya):
    return factories.deliverable("HW-1", lead=factories.organisation(), short_title="Work well", order=1)


def downloaded(client, address=DOWNLOAD):
    response = client.get(address)
    assert response.status_code == 200, response.content[:500]
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    return openpyxl.load_workbook(BytesIO(response.content))


def row_of(sheet, *starts):
    """The number of the row that begins so."""
    return next(n for n, row in enumerate(sheet.iter_rows(values_only=True), 1) if row[: len(starts)] == starts)


def fill(book, code, values, sheet=layout.UPDATES, *more):
    """Types into a row as Excel would: text as text, whatever it begins with."""
    paper = book[sheet]
    row = row_of(paper, code, *more)
    for column, value in values.items():
        cell = paper[f"{column}{row}"]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    return row


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def send(client, content, name="updates.xlsx"):
    content = content if isinstance(content, bytes) else saved(content)
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def token_in(response):
    return re.search('name="token" value="(.+?)"', response.content.decode())[1]


def text_in(response):
    """What the page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def apply(client, preview, **answers):
    return client.post(APPLY, {"token": token_in(preview)} | answers)


def everything():
    return (
        StatusUpdate.objects.count(),
        MilestoneMove.objects.count(),
        sum(p.data_version for p in ReportingPeriod.objects.all()),
    )


def test_what_is_typed_into_the_file_is_what_is_stored(client, priya, hers, second):
    step = factories.milestone(second, "800 homes connected")
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    fill(book, "HW-1", OFF_TRACK)
    moved = {"E": "28 February 2026", "F": "Supplier or contract", "G": "The second supplier starts in January."}
    fill(book, "HW-1", moved, layout.MILESTONES)
    preview = send(client, book)
    page = text_in(preview)
    assert "Submit all 2" in page and "355 homes are connected." in page
    assert "800 homes connected: 15 November 2025 to 28 February 2026, proposed to the group. Supplier or contract" in page
    assert everything()[:2] == (0, 0)
    response = apply(client, preview)
    assert (response.status_code, response["Location"]) == (302, "/updates/")
    assert [str(m) for m in get_messages(response.wsgi_request)] == ["2 updates for November 2025 are in."]
    one, other = StatusUpdate.objects.get(deliverable=hers), StatusUpdate.objects.get(deliverable=second)
    assert (one.rating, one.done, one.submitted_by, one.period) == ("on_track", ON_TRACK["F"], priya, factories.november())
    words = (other.rating, other.done, other.why, other.route, other.route_on)
    assert words == ("off_track", *(OFF_TRACK[column] for column in "FGHI"))
    move = MilestoneMove.objects.get()
    assert (move.milestone, move.to_on, move.reason, move.words) == (step, date(2026, 2, 28), "supplier", moved["G"])


def test_the_file_has_what_was_said_last_month_beside_lists_to_choose_from(client, priya, hers):
    factories.update(hers, by=priya, month=factories.october(), rating="at_risk", done="355 homes are connected.")
    book = downloaded(client)
    updates, values = book[layout.UPDATES], list(book[layout.UPDATES].values)
    assert [column.heading for column in layout.UPDATE_COLUMNS] == list(values[0])
    assert values[1][:3] == ("FCN-2", "Home devices", "At risk") and "355 homes are connected." in values[1][3]
    assert updates.protection.sheet and updates["A1"].protection.locked and updates["D2"].protection.locked
    assert not updates["E2"].protection.locked and updates.freeze_panes == "C2"
    rules = {str(rule.sqref): rule for rule in updates.data_validations.dataValidation}
    assert rules["E2"].formula1 == '"On track,At risk,Off track,Complete"'
    assert (rules["F2"].type, rules["F2"].formula1, rules["G2"].formula1) == ("textLength", "600", "400")
    assert rules["I2"].type == "date"
    assert book[layout.NOTE].sheet_state == "veryHidden"
    help_text = " ".join(str(value) for row in book[layout.HELP].values for value in row)
    assert "Something will be missed unless others act." in help_text and "made for Priya" in help_text


def test_the_name_of_the_file_has_its_month_and_it_stays_out_of_caches(client, hers):
    response = client.get(DOWNLOAD)
    assert response["Content-Disposition"] == 'attachment; filename="updates-2025-11.xlsx"'
    assert response["Cache-Control"] == "private, no-store"


def test_only_what_is_due_is_in_the_file_unless_all_is_asked_for(client, priya, hers, second):
    factories.update(hers, by=priya, month=factories.november(), done="In already.")
    due, everything_of_hers = downloaded(client)[layout.UPDATES], downloaded(client, f"{DOWNLOAD}?all=1")[layout.UPDATES]
    assert [row[0] for row in due.values] == ["Code", "HW-1"]
    assert {row[0]: row[5] for row in everything_of_hers.values} == {
        "Code": "What was done",
        "FCN-2": "In already.",
        "HW-1": None,
    }


def test_where_nothing_is_due_the_page_says_so(client, priya, hers):
    factories.update(hers, by=priya, month=factories.november())
    assert "Nothing is due from you" in text_in(client.get(DOWNLOAD))


def test_a_correction_changes_only_the_rows_that_were_changed(client, priya, hers, second):
    for one in (hers, second):
        factories.update(one, by=priya, month=factories.november(), done="In already.")
    book = downloaded(client, f"{DOWNLOAD}?all=1")
    fill(book, "HW-1", {"F": "Put right."})
    apply(client, send(client, book))
    assert [update.done for update in second.updates.order_by("number")] == ["In already.", "Put right."]
    assert hers.updates.count() == 1


def test_a_milestone_that_alone_is_changed_is_reported_with_the_words_that_stand(client, priya, hers):
    step = factories.milestone(hers)
    factories.update(hers, by=priya, month=factories.november(), done="In already.")
    book = downloaded(client, f"{DOWNLOAD}?all=1")
    fill(book, "FCN-2", {"H": date(2025, 11, 14)}, layout.MILESTONES)
    apply(client, send(client, book))
    step.refresh_from_db()
    assert step.done_on == date(2025, 11, 14)
    assert [update.done for update in hers.updates.order_by("number")] == ["In already.", "In already."]


def test_a_milestone_that_moves_without_an_update_asks_for_the_update(client, hers):
    factories.milestone(hers)
    book = downloaded(client)
    fill(book, "FCN-2", {"H": date(2025, 11, 14)}, layout.MILESTONES)
    assert "Updates!E2: Choose where it is now" in text_in(send(client, book))


def test_a_draft_goes_into_the_file_and_is_gone_once_the_file_is_applied(client, priya, hers):
    fields = {"rating": "on_track", "done": "Typed on the page.", "route_on-day": "31", "route_on-month": "13"}
    save_draft(by=priya, deliverable=hers, period=factories.november(), fields=fields, version=0)
    book = downloaded(client)
    assert list(book[layout.UPDATES].values)[1][4:6] == ("On track", "Typed on the page.")
    assert "Nothing is filled in" in text_in(send(client, book))
    fill(book, "FCN-2", {"F": "Typed in the file."})
    apply(client, send(client, book))
    assert StatusUpdate.objects.get().done == "Typed in the file." and not UpdateDraft.objects.exists()


# What is wrong with a cell


@pytest.mark.parametrize(
    ("values", "place", "words"),
    [
        ({"E": "Fine"}, "E2", "“Fine” is not in the list"),
        ({"E": None, "F": "Words."}, "E2", "Choose where it is now"),
        ({"F": None}, "F2", "Say what has been done"),
        ({"F": "x" * 601}, "F2", "Ensure this value has at most 600 characters"),
        ({"F": datetime(2026, 1, 2)}, "F2", "Excel has made a date or a time of what was typed"),
        ({"E": "At risk"}, "G2", "Say why it is at risk"),
        (OFF_TRACK | {"H": None}, "H2", "Say how it will get back on track"),
        (OFF_TRACK | {"I": None}, "I2", "Enter the date by which it will be back on track"),
        (OFF_TRACK | {"I": "mid-January"}, "I2", "“mid-January” is not a date"),
        (OFF_TRACK | {"I": "31/13/2026"}, "I2", "“31/13/2026” is not a date"),
        (OFF_TRACK | {"I": "46037"}, "I2", "“46037” is not a date"),
        ({"E": "Complete"}, "J2", "Say what shows that it is complete"),
        ({"L": "Further words."}, "A2", "There is something to the right of the last column"),
    ],
)
def test_a_mistake_is_named_with_its_cell_and_nothing_is_stored(client, hers, second, values, place, words):
    before, book = everything(), downloaded(client)
    fill(book, "HW-1", ON_TRACK)
    fill(book, "FCN-2", ON_TRACK | values)
    response = send(client, book)
    assert f"Updates!{place}: {words}" in text_in(response)
    assert "<title>Error: " in response.content.decode() and "Submit all" not in text_in(response)
    if 'name="token"' in response.content.decode():
        assert f"Updates!{place}: {words}" in text_in(apply(client, response))
    assert everything() == before


@pytest.mark.parametrize(
    ("values", "place", "words"),
    [
        ({"E": date(2026, 2, 28)}, "F2", "Choose a reason for the new date of “First step”"),
        ({"E": date(2026, 2, 28), "F": "Supplier or contract"}, "G2", "Say why the date of “First step” moves"),
        ({"E": date(2026, 2, 28), "F": "Because", "G": "So."}, "F2", "“Because” is not in the list"),
        ({"H": date(2025, 12, 3)}, "H2", "must be today or before"),
        ({"H": "yesterday"}, "H2", "“yesterday” is not a date"),
    ],
)
def test_a_mistake_in_a_milestone_is_named_with_its_cell(client, hers, values, place, words):
    factories.milestone(hers)
    before, book = everything(), downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    fill(book, "FCN-2", values, layout.MILESTONES)
    page = text_in(send(client, book))
    assert f"Milestones!{place}: " in page and words in page
    assert everything() == before


def test_all_mistakes_are_shown_at_once(client, hers, second):
    book = downloaded(client)
    fill(book, "FCN-2", OFF_TRACK | {"G": None, "I": "soon"})
    fill(book, "HW-1", {"E": "On track"})
    page = text_in(send(client, book))
    assert all(f"Updates!{place}: " in page for place in ("G2", "I2", "F3"))


@pytest.mark.parametrize("typed", ["15 January 2026", "15/01/2026", "15 1 2026", "15.1.2026", "2026-01-15", date(2026, 1, 15)])
def test_a_date_is_understood_as_the_page_understands_it(client, hers, typed):
    book = downloaded(client)
    fill(book, "FCN-2", OFF_TRACK | {"I": typed})
    apply(client, send(client, book))
    assert StatusUpdate.objects.get().route_on == date(2026, 1, 15)


def test_a_number_is_no_date_but_may_be_a_word(client, hers):
    book = downloaded(client)
    row = fill(book, "FCN-2", OFF_TRACK | {"F": 410, "I": 46037})
    book[layout.UPDATES][f"I{row}"].number_format = "General"
    assert "Updates!I2: 46037 is a number, not a date" in text_in(send(client, book))
    fill(book, "FCN-2", {"I": date(2026, 1, 15)})
    apply(client, send(client, book))
    assert StatusUpdate.objects.get().done == "410"


# What is wrong with the file


def refused(client, content, words, name="updates.xlsx"):
    """The page says so, and nothing has changed."""
    before = everything()
    response = send(client, content, name)
    assert response.status_code == 200
    assert words in text_in(response)
    assert "<title>Error: " in response.content.decode() and 'name="token"' not in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize("sheet", [layout.UPDATES, layout.MILESTONES])
@pytest.mark.parametrize("column", "ABCDEFGH")
def test_a_formula_is_refused_in_whatever_cell(client, hers, sheet, column):
    factories.milestone(hers)
    before, book = everything(), downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    book[sheet][f"{column}2"] = '=HYPERLINK("http://x.example","y")'
    assert f"{sheet}!{column}2: Formulas are not taken" in text_in(send(client, book))
    assert everything() == before


def test_a_row_that_was_added_is_refused(client, hers):
    book = downloaded(client)
    book[layout.UPDATES].append(["HW-9", "Mine", None, None, "On track", "Words."])
    refused(client, book, "Updates!A3: “HW-9” is not among the rows that this file was made with")


def test_a_row_that_is_there_twice_is_refused(client, hers):
    book = downloaded(client)
    book[layout.UPDATES].append(list(book[layout.UPDATES].values)[1])
    refused(client, book, "Updates!A3: “FCN-2” is in the sheet twice")


@pytest.mark.parametrize(
    ("cell", "words"), [("B2", "The grey cells of this row were changed"), ("E1", "The heading “Rating now”")]
)
def test_what_is_locked_cannot_be_changed(client, hers, cell, words):
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    book[layout.UPDATES][cell] = "Something else"
    refused(client, book, words)


def test_the_code_of_another_deliverable_is_refused(client, hers):
    factories.deliverable("X-1", lead=factories.organisation("trust"))
    book = downloaded(client)
    fill(book, "FCN-2", {"A": "X-1"} | ON_TRACK)
    refused(client, book, "Updates!A2: “X-1” is not among the rows")


def test_a_deliverable_that_is_no_longer_hers_is_refused(client, hers, second):
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    fill(book, "HW-1", ON_TRACK)
    preview = send(client, book)
    Deliverable.objects.filter(pk=hers.pk).update(lead=factories.organisation("trust"))
    assert "Updates!A2: You do not report on FCN-2" in text_in(send(client, book))
    assert "Updates!A2: You do not report on FCN-2" in text_in(apply(client, preview))
    assert not StatusUpdate.objects.exists()


def test_the_file_of_another_person_is_refused(client, hers):
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    factories.sign_in(client, factories.person("programme_manager", "Sam"))
    refused(client, book, "This file was made for somebody else")


def test_the_preview_of_another_person_is_refused(client, hers):
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    preview = send(client, book)
    factories.sign_in(client, factories.person("programme_manager", "Sam"))
    assert "This preview was made for somebody else" in text_in(apply(client, preview))
    assert not StatusUpdate.objects.exists()


def test_a_note_that_somebody_changed_or_copied_is_refused(client, hers):
    book = downloaded(client)
    note = book[layout.NOTE]
    note["A3"] = note["A3"].value[:-1] + ("A" if note["A3"].value[-1] != "A" else "B")
    refused(client, book, "This is not a file that the portal made")
    del book[layout.NOTE]
    refused(client, book, "This is not a file that the portal made")


def test_a_preview_that_somebody_changed_is_refused(client, hers):
    response = client.post(APPLY, {"token": "something"})
    assert "This preview is not complete or is older than a day" in text_in(response)


def test_an_older_format_is_refused(client, hers):
    book = downloaded(client)
    book[layout.NOTE]["A2"] = "0"
    refused(client, book, "made by an earlier version of the portal")


def test_the_file_of_a_month_that_is_closed_is_refused(client, hers):
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    preview = send(client, book)
    close_period(by=factories.person("outcomes_group", "Olu"), period=factories.november())
    refused(client, book, "for a month that takes no more updates")
    assert "for a month that takes no more updates" in text_in(apply(client, preview))
    assert not StatusUpdate.objects.exists()


def test_a_file_from_before_someone_else_reported_is_refused(client, hers):
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    factories.update(hers, by=factories.person("programme_manager", "Sam"), month=factories.november(), done="Theirs.")
    assert "Updates!A2: Sam has changed the update on FCN-2 since this file was made" in text_in(send(client, book))
    assert StatusUpdate.objects.get().done == "Theirs."


def test_a_file_from_before_a_milestone_moved_is_refused(client, hers):
    step = factories.milestone(hers)
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    fill(book, "FCN-2", {"H": date(2025, 11, 14)}, layout.MILESTONES)
    type(step).objects.filter(pk=step.pk).update(forecast_on=date(2025, 12, 1))
    assert "Milestones!A2: The date of “First step” has changed" in text_in(send(client, book))
    type(step).objects.filter(pk=step.pk).update(ended_on=date(2025, 11, 20))
    assert "Milestones!A2: This milestone is not asked for any more" in text_in(send(client, book))


def zipped(**parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def rezipped(content, **changes):
    """The file with some of its parts replaced."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts, **{name.replace("__", "/") + ".xml": part for name, part in changes.items()}}.items():
            archive.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Code,Rating\nHW-1,On track\n", "This is not an Excel workbook"),
        (b"PK\x03\x04 torn off", "This is not an Excel workbook"),
        (zipped(readme="hello"), "This is not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "has a password or is in the old format .xls"),
        (zipped(xl__vbaProject=b"", **{"xl/vbaProject.bin": b"x"}), "holds macros or is in another format"),
        (zipped(**{"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}), "The file cannot be read"),
        (zipped(**{"[Content_Types].xml": "<x/>", "xl/workbook.xml": b" " * 21 * 1024 * 1024}), "more than 20MB"),
        (zipped(**{f"part{n}.xml": "" for n in range(201)}), "more than 20MB"),
        (b"PK" + b"\0" * (2 * 1024 * 1024), "smaller than 2MB"),
    ],
)
def test_what_is_no_workbook_of_ours_is_refused(client, hers, content, words):
    refused(client, content, words)


def test_nothing_and_an_empty_file_are_refused(client, hers):
    assert "Choose your filled-in file" in text_in(client.post(UPLOAD))
    assert "The file is empty" in text_in(send(client, b""))


def test_a_workbook_of_somebody_elses_making_is_refused(client, hers):
    refused(client, openpyxl.Workbook(), "This is not a file that the portal made")


def test_xml_that_would_fill_the_memory_is_refused(client, hers):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    content = client.get(DOWNLOAD).content
    strings = zipfile.ZipFile(BytesIO(content)).read("xl/sharedStrings.xml").decode()
    head, _, rest = strings.partition("?>")
    refused(
        client, rezipped(content, xl__sharedStrings=head + "?>" + bomb + rest.replace("Home devices", "&b;")), "cannot be read"
    )


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    ("part", "around", "within"),
    [
        ("xl__worksheets__sheet1", '<worksheet xmlns="{}"><sheetData>{}</sheetData></worksheet>', '<row r="1"/>'),
        ("xl__sharedStrings", '<sst xmlns="{}">{}</sst>', "<si/>"),
        ("xl__styles", '<styleSheet xmlns="{}"><cellXfs>{}</cellXfs></styleSheet>', "<xf/>"),
    ],
)
def test_a_small_file_that_would_keep_the_portal_busy_for_minutes_is_refused_at_once(client, hers, part, around, within):
    content = rezipped(client.get(DOWNLOAD).content, **{part: around.format(MAIN, within * 1_000_000)})
    assert len(content) < 100_000
    refused(client, content, "holds far more than the portal wrote into it")


def test_what_is_written_in_another_encoding_is_refused(client, hers):
    """In this one a bracket is another byte, so that nothing could be counted."""
    content = client.get(DOWNLOAD).content
    strings = zipfile.ZipFile(BytesIO(content)).read("xl/sharedStrings.xml").decode().partition("?>")[2]
    other = b'<?xml version="1.0" encoding="cp037"?>' + strings.encode("cp037", "xmlcharrefreplace")
    refused(client, rezipped(content, xl__sharedStrings=other), "written in an unusual way")


def test_more_rows_than_anyone_has_are_refused_whatever_the_file_says_of_its_size(client, hers):
    book = downloaded(client)
    book[layout.UPDATES]["F1048576"] = "far below"
    content = saved(book)
    part = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    hidden = re.sub(rb'<dimension ref="[^"]+"', b'<dimension ref="A1:B2"', part)
    refused(client, rezipped(content, xl__worksheets__sheet1=hidden), "more than 2,000 rows")


def test_numbers_beyond_all_measure_are_refused_in_words(client, hers):
    book = downloaded(client)
    row = fill(book, "FCN-2", ON_TRACK | {"F": 123454321})
    content = saved(book)
    part = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    hostile = rezipped(content, xl__worksheets__sheet1=part.replace(b"123454321", b"1E999"))
    assert send(client, hostile).status_code == 200 and row == 2


# All or nothing, and once


def test_when_the_last_row_is_overtaken_nothing_is_stored(client, priya, hers, second):
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    fill(book, "HW-1", ON_TRACK)
    preview = send(client, book)
    theirs = factories.update(second, by=factories.person("programme_manager", "Sam"), month=factories.november())
    response = apply(client, preview)
    assert "Nothing has been submitted" in text_in(response) and "Updates!A3: Sam has changed the update on HW-1" in text_in(
        response
    )
    assert "Submit all" not in text_in(response)
    assert list(StatusUpdate.objects.all()) == [theirs]


def submissions(*deliverables, seen=0):
    return [Submission(one, factories.november(), uuid4(), seen, factories.report()) for one in deliverables]


def test_several_at_once_are_all_stored_or_none(priya, hers, second):
    theirs = factories.update(second, by=factories.person("programme_manager", "Sam"), month=factories.november())
    with pytest.raises(Stopped) as stopped:
        submit_all(by=priya, submissions=submissions(hers, second))
    assert stopped.value.submission.deliverable == second and stopped.value.cause.theirs == theirs
    assert list(StatusUpdate.objects.all()) == [theirs]
    assert len(submit_all(by=priya, submissions=submissions(hers))) == 1


def test_a_row_that_is_overtaken_while_the_others_are_stored_takes_them_back(client, hers, second):
    """As when two people press the button in the same moment: Sam's update comes between the first row and the second."""
    sam, book = factories.person("programme_manager", "Sam"), downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    fill(book, "HW-1", ON_TRACK)
    preview, came = send(client, book), []

    def between(execute, *asked):
        if not came and asked[0].startswith('UPDATE "priorities_reportingperiod"'):
            came.append(True)
            factories.update(second, by=sam, month=factories.november())
        return execute(*asked)

    with connection.execute_wrapper(between):
        page = text_in(apply(client, preview))
    assert came and "Updates!A3: The update on HW-1 was changed while you looked at this page" in page
    assert "Nothing has been submitted" in page and not StatusUpdate.objects.exists()


def test_several_at_once_are_refused_once_the_month_is_closed(priya, hers):
    close_period(by=priya, period=factories.november())
    with pytest.raises(Stopped, match="has been issued"):
        submit_all(by=priya, submissions=submissions(hers))


def test_a_double_click_or_a_replay_is_one_submission(client, hers, second):
    step = factories.milestone(hers, "Far off", date(2025, 12, 20))
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    fill(book, "HW-1", OFF_TRACK)
    fill(book, "FCN-2", {"E": date(2026, 1, 10), "F": "Something else", "G": "Snow."}, layout.MILESTONES)
    preview = send(client, book)
    answers = [apply(client, preview) for _ in range(3)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/updates/")}
    assert StatusUpdate.objects.count() == 2 and MilestoneMove.objects.count() == 1
    step.refresh_from_db()
    assert step.forecast_on == date(2026, 1, 10)


def test_two_clicks_in_the_same_moment_are_one_submission(client, priya, hers):
    """Both have looked at the plan before either has changed it: the key of the row is what tells them apart from two updates."""
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    content = read(saved(book))
    for preview in [Preview(content, priya), Preview(content, priya)]:
        submit_all(by=priya, submissions=[line.submission for line in preview.lines])
    assert StatusUpdate.objects.count() == 1


def test_a_replay_after_the_update_was_taken_back_does_not_say_that_it_is_in(client, priya, hers):
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    preview = send(client, book)
    apply(client, preview)
    take_back_update(by=priya, update=StatusUpdate.objects.get(), key=uuid4())
    assert "Updates!A2: Someone has changed the update on FCN-2" in text_in(apply(client, preview))


def test_a_file_may_be_filled_in_and_sent_in_two_goes(client, hers, second):
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    apply(client, send(client, book))
    fill(book, "HW-1", ON_TRACK)
    preview = send(client, book)
    assert "In already, just as the file says: Home devices" in text_in(preview) and "1 update will be submitted" in text_in(
        preview
    )
    apply(client, preview)
    assert sorted(update.deliverable.code for update in StatusUpdate.objects.all()) == ["FCN-2", "HW-1"]
    fill(book, "FCN-2", {"F": "Other words."})
    assert "Updates!A2: You have changed the update on FCN-2" in text_in(send(client, book))


# The second look


def test_what_the_second_look_asks_is_shown_and_the_answer_is_kept(client, priya, hers):
    factories.update(hers, by=priya, month=factories.october(), done="410 homes are connected.")
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    preview = send(client, book)
    assert "Same words as October" in text_in(preview)
    unseen = apply(client, preview)
    assert "Something is asked of you" in text_in(unseen) and StatusUpdate.objects.count() == 1
    too_long = apply(client, preview, **{"FCN-2-looked": "words", "FCN-2-answer": "x" * 401})
    assert "at most 400 characters" in text_in(too_long) and StatusUpdate.objects.count() == 1
    apply(client, preview, **{"FCN-2-looked": "words", "FCN-2-answer": "Nothing has changed."})
    stored = StatusUpdate.objects.get(period=factories.november())
    assert stored.answer == "Nothing has changed." and [flag["code"] for flag in stored.flags] == ["words"]


def test_the_second_look_may_be_left_without_an_answer_once_it_was_shown(client, priya, hers):
    factories.update(hers, by=priya, month=factories.october(), done="410 homes are connected.")
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK)
    assert apply(client, send(client, book), **{"FCN-2-looked": "words"}).status_code == 302


# Text that looks like something else


def test_no_cell_of_the_file_is_a_formula_whatever_the_texts_begin_with(client, priya):
    priya.name = "=cmd()"
    priya.save()
    lead = factories.organisation()
    for number, text in enumerate(HOSTILE):
        one = factories.deliverable(f"H-{number}", lead=lead, short_title=text)
        factories.milestone(one, text)
        factories.update(one, by=priya, month=factories.october(), rating="at_risk", done=text, why=text, route=text)
        factories.update(one, by=priya, month=factories.november(), rating="complete", done=text, evidence=text)
    content = client.get(f"{DOWNLOAD}?all=1").content
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "sheets/sheet" in name and b"<f>" in archive.read(name)]
    book = openpyxl.load_workbook(BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 100 and {cell.data_type for cell in cells} <= {"s", "d"}
    by_text = {cell.value: cell for cell in cells}
    assert by_text["=1+1"].quotePrefix and by_text["＝1+1"].quotePrefix and not by_text["Complete"].quotePrefix


def test_a_text_that_looks_like_a_formula_is_stored_as_the_text_it_is(client, hers):
    book = downloaded(client)
    fill(book, "FCN-2", ON_TRACK | {"F": "=1+1"})
    apply(client, send(client, book))
    assert StatusUpdate.objects.get().done == "=1+1"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=600)


def entry_of(deliverable, month, **fields):
    draft = UpdateDraft(deliverable=deliverable, period=month, fields=fields)
    return Entry(deliverable, month, None, 0, None, None, [], draft=draft)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts)
@example(text="<r>x</r>")
@example(text="<r><t>x</t></r>")
@example(text="_x000D_ and _x005F_")
@example(text="a\rb\x01\x0b\ufffe\uffff")
@example(text=" =1+1\n\n")
def test_any_text_goes_out_and_comes_back_as_it_was(text):
    """But for what the page's form takes from it too: spaces around it, and Windows' line ends."""
    user = User(pk=7, name=text)
    month = ReportingPeriod(pk=1, plan_year=PlanYear(), starts_on=date(2025, 11, 1), due_on=date(2025, 12, 5))
    months = Months(month, None, "2025-11", [month])
    known = Deliverable(pk=1, code="HW-1", title="T", short_title=text[:80])
    sent = write([entry_of(known, month, done=text, why="old")], user=user, months=months)
    found = found_in(sent)[1].values
    assert found["done"] == text.replace("\r\n", "\n").strip()


def found_in(sent):
    from deliverables.spreadsheet.opening import sheets_of
    from deliverables.spreadsheet.read import Table, note_in

    sheets = sheets_of(sent)
    table = Table(layout.UPDATES, sheets[layout.UPDATES], note_in(sheets[layout.NOTE]).updates)
    assert table.problems == [] and table.changed == []
    return table.found


# What it costs


def statements(ask):
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == 200
    return len([q for q in captured.captured_queries if not re.match("SAVEPOINT|RELEASE|BEGIN", q["sql"])])


def test_a_file_of_20_rows_costs_no_more_statements_than_one_of_1(client, priya):
    lead, counts = factories.organisation(), {}
    for size in (1, 20):
        for number in range(Deliverable.objects.count(), size):
            one = factories.deliverable(f"D-{number}", lead=lead)
            factories.milestone(one)
            factories.update(one, by=priya, month=factories.october(), done=ON_TRACK["F"])
        book = downloaded(client)
        for number in range(size):
            fill(book, f"D-{number}", ON_TRACK)
            fill(book, f"D-{number}", {"H": date(2025, 11, 14)}, layout.MILESTONES)
        content = saved(book)
        counts[size] = (statements(lambda: client.get(DOWNLOAD)), statements(lambda: send(client, content)))  # noqa: B023
    assert counts[1] == counts[20] and max(counts[20]) <= 12, counts
