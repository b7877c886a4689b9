"""Native charts: bars of deliverables by rating, with a number in each part."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_PATTERN
from pptx.util import Pt

from reports.charts import INK, STACK
from reports.pack.colours import FILLS, LIGHT_LABELS
from reports.pack.deck.look import colour
from reports.pack.deck.parts import describe
from reports.pack.tables.shape import RATING_NAMES

HATCHES = {
    "at_risk": MSO_PATTERN.WIDE_UPWARD_DIAGONAL,
    "off_track": MSO_PATTERN.DARK_HORIZONTAL,
    "not_reported": MSO_PATTERN.PERCENT_10,
}


def chart(slide: Any, kind: str, names: Sequence[str], counts: dict[str, Sequence[int]], **how: Any) -> None:
    """Stacked, native, and so to be edited. `kind` is "columns" or "bars"; counts of each rating, by its code."""
    data = CategoryChartData(number_format="#,##0;;")  # a zero has no label
    data.categories = list(names)
    for code in STACK:
        data.add_series(RATING_NAMES[code], list(counts[code]))
    stacked = {"columns": XL_CHART_TYPE.COLUMN_STACKED, "bars": XL_CHART_TYPE.BAR_STACKED}[kind]
    left, top, width, height = (Pt(points) for points in how["place"])
    frame = slide.shapes.add_chart(stacked, left, top, width, height, data)
    describe(frame, how["description"])
    look(frame.chart, upside_down=kind == "bars")


def look(made: Any, *, upside_down: bool) -> None:
    made.font.size, made.font.name = Pt(14), "Arial"
    made.font.color.rgb = colour(INK)
    made.has_title, made.has_legend = False, True
    made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    made.value_axis.minimum_scale, made.value_axis.tick_labels.number_format = 0, "#,##0"
    made.value_axis.tick_labels.number_format_is_linked = False
    made.value_axis.visible = False
    made.value_axis.has_major_gridlines = False
    made.category_axis.reverse_order = upside_down  # the first at the top
    plot = made.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    for code, series in zip(STACK, plot.series, strict=True):
        paint(series, code)


def paint(series: Any, code: str) -> None:
    """A pattern over the colour of what is not going well, and the number in each part."""
    fill, (back, front) = series.format.fill, FILLS[code]
    if front:
        fill.patterned()
        fill.pattern = HATCHES[code]
        fill.fore_color.rgb, fill.back_color.rgb = colour(front), colour(back)
    else:
        fill.solid()
        fill.fore_color.rgb = colour(back)
    series.format.line.color.rgb = colour("#768692" if code == "not_reported" else "#ffffff")
    labels = series.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, "#,##0;;", False
    labels.font.size, labels.font.bold = Pt(14), True
    labels.font.color.rgb = colour("#ffffff" if code in LIGHT_LABELS else INK)
