"""One number: each file of the pack, read back by a program that did not write it, has the figures of the report."""

from datetime import date
from typing import Any

import pytest

from deliverables.ratings import AT_RISK, COMPLETE, NAMES, NOT_REPORTED, OFF_TRACK, ON_TRACK
from reports.pack import KINDS
from reports.pack.tables.shape import tidy
from tests.reports.pack import sample
from tests.reports.pack.reading import csv_rows, json_of, pdf_tables, pptx_charts, pptx_tables, sheets, slides

ORDER = (COMPLETE, ON_TRACK, AT_RISK, OFF_TRACK, NOT_REPORTED)
SAMPLES = {"nine": sample.document, "silent": sample.silent, "many": sample.many, "none": sample.none_planned}


@pytest.fixture(scope="module", params=SAMPLES)
def report(request):
    """A report, and each file that was made from it."""
    document = SAMPLES[request.param]()
    return document, {code: kind.make(document) for code, kind in KINDS.items()}


def groups(document) -> dict[str, dict[str, Any]]:
    """The figures of the plan, of every priority and of every principle, straight from the report."""
    content = document.content
    named = {found["name"]: found for found in content["priorities"] + content["principles"]}
    return {"Whole plan": content["plan"]} | named


def headline(code: str) -> str:
    return (NAMES | {"nothing_planned": "Nothing planned"})[code]


def counted(figures: dict[str, Any]) -> list[int]:
    return [figures["distribution"][code] for code in ORDER]


def with_heading(tables, heading: str, *others: str) -> list[list[str]]:
    """All rows of the tables whose heading has these columns, without the heading."""
    return [row for table in tables if table and table[0][0] == heading and set(others) <= set(table[0]) for row in table[1:]]


def without_marks(text: str) -> str:
    return text.lstrip("■●▲◆○ ")


def in_phrases(name: str, figures: dict[str, Any]) -> list[str]:
    return [
        name,
        headline(figures["headline"]),
        *map(str, counted(figures)),
        f"{figures['reported']:,} of {figures['expected']:,}",
        f"{figures['milestones_done']:,} of {figures['milestones_due']:,}",
    ]


def test_the_figures_of_plan_priorities_and_principles_in_the_pdf(report):
    document, files = report
    tables = pdf_tables(files["pdf"])
    rows = with_heading(tables, "Priority", "Updates") + with_heading(tables, "Principle", "Updates")
    assert rows == [in_phrases(name, figures) for name, figures in groups(document).items()]


def test_the_figures_of_plan_priorities_and_principles_in_powerpoint(report):
    document, files = report
    tables = pptx_tables(files["pptx"])
    rows = with_heading(tables, "Priority", "Updates") + with_heading(tables, "Principle", "Updates")
    without_before = [[without_marks(cell) for place, cell in enumerate(row) if place != 2] for row in rows]
    assert without_before == [in_phrases(name, figures) for name, figures in groups(document).items()]


def test_the_figures_of_plan_priorities_and_principles_in_excel(report):
    document, files = report
    found = sheets(files["xlsx"])
    rows = found["Priorities"][1:5] + found["Principles"][1:4]
    said = [
        [
            name,
            headline(figures["headline"]),
            figures["expected"],
            *counted(figures),
            figures["reported"],
            figures["milestones_due"],
            figures["milestones_done"],
        ]
        for name, figures in groups(document).items()
    ]
    assert [[*row[:2], *row[4:]] for row in rows] == said


def test_the_months_are_the_same_everywhere(report):
    document, files = report
    months = {month["name"]: [month[code] for code in ORDER] for month in document.content["months"]}
    in_pdf = {row[0]: [int(cell) for cell in row[1:6]] for row in with_heading(pdf_tables(files["pdf"]), "Month")}
    in_excel = {row[0]: row[1:6] for row in sheets(files["xlsx"])["Status by month"][1 : len(months) + 1]}
    chart = pptx_charts(files["pptx"])["Status by month"]
    in_powerpoint = {name: [int(chart[NAMES[code]][name.split()[0]]) for code in ORDER] for name in months}
    assert in_pdf == in_excel == in_powerpoint == months


def test_the_chart_of_priorities_has_their_figures(report):
    document, files = report
    chart = pptx_charts(files["pptx"])["Priorities"]
    for figures in document.content["priorities"]:
        assert [int(chart[NAMES[code]][figures["name"]]) for code in ORDER] == counted(figures)


def test_the_rating_of_every_deliverable_is_the_same_everywhere(report):
    document, files = report
    ratings = {line["code"]: NAMES[line["rating"]] for line in document.lines}
    in_excel = {row[0]: row[5] for row in sheets(files["xlsx"])["Deliverables"][1:] if row[5]}
    in_csv = {row["Code"]: row["Rating"] for row in csv_rows(files["csv"])}
    in_powerpoint = {row[0]: without_marks(row[3]) for row in with_heading(pptx_tables(files["pptx"]), "Code", "Rating", "Lead")}
    in_json = {line["code"]: NAMES[line["rating"]] for line in json_of(files["json"])["lines"]}
    assert in_excel == in_csv == in_powerpoint == in_json == ratings


def test_the_milestones_of_every_deliverable_are_counted_the_same_everywhere(report):
    document, files = report
    counts = {line["code"]: (line["milestones_done"], line["milestones_due"]) for line in document.lines}
    head, *rows = sheets(files["xlsx"])["Deliverables"]
    due, done = head.index("Milestones due"), head.index("Of those done")
    in_excel = {row[0]: (row[done], row[due]) for row in rows if row[due] is not None}
    in_csv = {row["Code"]: (int(row["Of those done"]), int(row["Milestones due"])) for row in csv_rows(files["csv"])}
    tables = with_heading(pptx_tables(files["pptx"]), "Code", "Milestones done")
    in_powerpoint = {row[0]: tuple(map(int, row[5].split(" of "))) for row in tables}
    assert in_excel == in_csv == in_powerpoint == counts


def test_what_organisations_have_sent_is_the_same_everywhere(report):
    document, files = report
    rows = document.content["coverage"]["rows"]
    sent = {row["name"] or "No lead organisation": (row["expected"], row["reported"]) for row in rows}

    def as_numbers(rows) -> dict[str, tuple[int, int]]:
        return {row[0]: (int(row[1]), int(row[2])) for row in rows}

    assert as_numbers(with_heading(pdf_tables(files["pdf"]), "Organisation")) == sent
    assert as_numbers(with_heading(pptx_tables(files["pptx"]), "Organisation")) == sent
    assert as_numbers(row for row in sheets(files["xlsx"])["Coverage"][1:] if row[1] is not None) == sent


def test_late_and_off_track_work_by_principle_is_the_same_everywhere(report):
    document, files = report
    rows = [[row["name"], row["troubled"], row["overdue"], row["expected"]] for row in document.content["balance"]["rows"]]
    as_text = [[str(cell) for cell in row] for row in rows]
    assert with_heading(pdf_tables(files["pdf"]), "Principle", "Late or off track") == as_text
    assert with_heading(pptx_tables(files["pptx"]), "Principle", "Late or off track") == as_text
    assert [row for row in (line[:4] for line in sheets(files["xlsx"])["Principles"]) if row in rows] == rows


def test_the_dates_of_milestones_are_the_same_everywhere(report):
    document, files = report
    rows = document.content["milestones"]["rows"]
    expected = [(row["code"], date.fromisoformat(row["forecast_on"])) for row in rows]
    people = [(code, f"{day.day} {day:%B %Y}") for code, day in expected]
    in_excel = [(row[0], row[4].date()) for row in sheets(files["xlsx"])["Milestones ahead"][1:] if row[4]]
    assert in_excel == expected
    codes = {code for code, _ in people}
    # On the second page of a table its heading is repeated for the eye alone: there is none to be read back.
    in_pdf = [row for table in pdf_tables(files["pdf"]) for row in table if row and row[0] in codes and len(row) >= 5]
    assert [(row[0], row[3]) for row in in_pdf] == people
    assert [(row[0], row[3]) for row in with_heading(pptx_tables(files["pptx"]), "Code", "Baseline")] == people


def test_the_headline_is_the_same_everywhere(report):
    document, files = report
    sentences = document.content["sentences"]
    said = tidy(f"{sentences['lead']} {sentences['rest']}".strip())
    in_excel = dict(row[:2] for row in sheets(files["xlsx"])["Summary"])
    first = " ".join(shape.text_frame.text for shape in slides(files["pptx"])[0].shapes if shape.has_text_frame)
    assert in_excel["In a sentence"] == said
    assert said in first
    assert json_of(files["json"])["content"] == document.content


def test_the_hash_of_the_report_is_in_every_file_that_can_say_it(report):
    document, files = report
    assert json_of(files["json"])["sha256"] == document.sha256
    assert dict(row[:2] for row in sheets(files["xlsx"])["Summary"])["SHA-256 of the report"] == document.sha256
    assert all(document.sha256 in slide.notes_slide.notes_text_frame.text for slide in slides(files["pptx"]))
