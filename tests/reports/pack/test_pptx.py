"""The pack as slides: native charts and tables, described, with notes, and nothing over the edge."""

import time
from collections import Counter
from io import BytesIO
from zipfile import ZipFile

import pytest
from pptx import Presentation

from reports.pack import pptx
from reports.pack.deck.look import BOTTOM, HIGH, WIDE
from reports.pack.deck.parts import INSET_X, INSET_Y, as_set
from reports.pack.fitting import height_of, slides_of, wrapped
from tests.reports.pack import sample
from tests.reports.pack.reading import pptx_charts, slides

SAMPLES = {
    "nine": sample.document,
    "silent": sample.silent,
    "many": sample.many,
    "none": sample.none_planned,
    "correction": sample.correction,
}
POINT = 12700


@pytest.fixture(scope="module", params=SAMPLES)
def deck(request) -> bytes:
    return pptx.make(SAMPLES[request.param]())


def titles(data: bytes) -> list[str]:
    return [slide.shapes.title.text for slide in slides(data)]


def words_of(slide) -> str:
    shapes = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    tables = [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return "\n".join(shapes + tables)


def test_every_slide_has_a_title_of_its_own_a_number_and_notes(deck):
    found = slides(deck)
    assert all(count == 1 for count in Counter(titles(deck)).values())
    for slide in found:
        assert "issued by Olu Adeyemi on 9 December 2025" in slide.notes_slide.notes_text_frame.text
        kinds = [shape.placeholder_format.type.name for shape in slide.placeholders]
        assert sorted(kinds) == ["FOOTER", "SLIDE_NUMBER", "TITLE"]


def test_the_slides_come_in_the_order_of_the_board():
    data = pptx.make(sample.document())
    names = list(dict.fromkeys(title.partition(" (")[0] for title in titles(data)))
    assert names == [
        "Position at 30 November 2025",
        "Covering note",
        "What is asked of the board",
        "For the board’s attention",
        "Priorities",
        "Prevention, equity and integration",
        "Principles: figures and balance",
        "Gaps in the plan",
        "Status by month",
        "Milestones in the next 90 days",
        "What changed since October 2025",
        "Every deliverable",
        "Updates received, by organisation",
        "How ratings are worked out",
    ]


def test_it_is_as_wide_as_a_screen():
    show = Presentation(BytesIO(pptx.make(sample.document())))
    assert (show.slide_width, show.slide_height) == (WIDE * POINT, HIGH * POINT) and WIDE * 9 == HIGH * 16


def test_charts_and_tables_are_described(deck):
    graphics = [shape for slide in slides(deck) for shape in slide.shapes if shape.has_chart or shape.has_table]
    assert graphics
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in graphics)


def test_charts_can_be_edited_and_have_a_pattern_or_a_number_besides_the_colour():
    found = slides(pptx.make(sample.document()))
    charts = [shape.chart for slide in found for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 2
    for chart in charts:
        assert chart.part.chart_workbook.xlsx_part is not None
        assert chart.has_legend
        for series in chart.plots[0].series:
            assert series.data_labels.show_value
            patterned = series.format.fill.type is not None and series.format.fill.type.name == "PATTERNED"
            assert patterned == (series.name in ("At risk", "Off track", "Not reported"))


def test_nothing_stands_over_the_edge(deck):
    for slide in slides(deck):
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0, shape.name
            assert shape.left + shape.width <= WIDE * POINT + 1, (slide.shapes.title.text, shape.name)
            tall = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            limit = BOTTOM if shape.has_table or shape.has_chart else HIGH
            assert shape.top + tall <= limit * POINT + 1, (slide.shapes.title.text, shape.name)


def test_every_row_is_as_high_as_its_words(deck):
    for slide in slides(deck):
        for table in (shape.table for shape in slide.shapes if shape.has_table):
            widths = [column.width / POINT - 2 * INSET_X for column in table.columns]
            for row in list(table.rows)[1:]:
                size = row.cells[0].text_frame.paragraphs[0].font.size or row.cells[0].text_frame.paragraphs[0].runs[0].font.size
                texts = [as_set(without_mark(cell.text)) for cell in row.cells]
                assert height_of(texts, widths, size.pt, 2 * INSET_Y) <= row.height / POINT + 0.1


def without_mark(text: str) -> str:
    return "\n".join(part.lstrip("■●▲◆○ ") for part in text.split("\n"))


def test_texts_fit_their_boxes(deck):
    for slide in slides(deck):
        for shape in slide.shapes:
            if shape.has_text_frame and not shape.is_placeholder and shape.text_frame.text:
                size = shape.text_frame.paragraphs[0].font.size.pt
                if shape.name.startswith("TextBox"):
                    lines = wrapped(shape.text_frame.text, shape.width / POINT, size)
                    assert len(lines) * size <= shape.height / POINT + size, shape.text_frame.text


def test_no_letters_are_smaller_than_can_be_read(deck):
    sizes = {
        run.font.size.pt if run.font.size else paragraph.font.size.pt
        for slide in slides(deck)
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
        for paragraph in cell.text_frame.paragraphs
        for run in paragraph.runs
    }
    assert min(sizes) >= 12


def test_what_does_not_fit_goes_on_the_next_slide_and_nothing_is_left_out():
    document = sample.many(300)
    data = pptx.make(document)
    every = [slide for slide in slides(data) if slide.shapes.title.text.startswith("Every deliverable (")]
    assert len(every) >= 300 // 11
    text = "\n".join(words_of(slide) for slide in every)
    assert all(f"{line['code']}\n" in text for line in document.lines)


def test_a_text_too_long_for_a_slide_is_cut_between_slides():
    words = " ".join(f"word{n}" for n in range(3000))
    parts = slides_of([["A", words]], [60.0, 300.0], 12, room=380, padding=8, most=11)
    assert len(parts) > 2
    assert " ".join(row[1].replace("\n", " ") for part in parts for row in part) == words
    document = sample.document()
    document.content["note"] = words
    notes = [slide for slide in slides(pptx.make(document)) if slide.shapes.title.text.startswith("Covering note")]
    assert len(notes) > 2
    assert " ".join(words_of(slide).split("\n", 1)[1].rpartition("\n")[0] for slide in notes)


def test_a_correction_and_a_demonstration_are_said_on_the_first_slide():
    first = words_of(slides(pptx.make(sample.correction()))[0])
    assert "This is a correction, version 2. Why: The rating of FCN-2 was entered for the wrong month." in first
    assert "Demonstration. People and updates are made up." in first
    assert "Demonstration" not in words_of(slides(pptx.make(sample.document()))[0])


def test_awkward_words_come_through_as_they_are():
    text = "\n".join(words_of(slide) for slide in slides(pptx.make(sample.document())))
    for said in ("=1+1", "<b>not bold</b> & <script>", "😀", "مرحبا", '#panic("no")'):
        assert said in text, said


def test_a_plan_with_nothing_in_it_has_its_slides_too():
    data = pptx.make(sample.none_planned())
    assert "Nothing is asked of the board this month." in words_of(slides(data)[1])
    assert set(pptx_charts(data)["Status by month"]["On track"].values()) == {0}


def test_shapes_on_a_slide_have_numbers_of_their_own(deck):
    for slide in slides(deck):
        numbers = [shape.shape_id for shape in slide.shapes]
        assert len(numbers) == len(set(numbers))


def test_the_same_report_gives_the_same_bytes():
    made = pptx.make(sample.document())
    time.sleep(2.1)  # the clock of a zip archive counts in twos
    assert pptx.make(sample.document()) == made
    with ZipFile(BytesIO(made)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    facts = Presentation(BytesIO(made)).core_properties
    assert facts.title == "Position at 30 November 2025, version 1"
    assert f"{facts.created:%Y-%m-%d %H:%M}" == "2025-12-09 14:05"
