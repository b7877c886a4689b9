"""Colours and patterns of ratings in charts and tables that people may edit. Colour is never alone: a pattern, a shape or the
word stands with it. Pure."""

from deliverables.ratings import AT_RISK, COMPLETE, NOT_REPORTED, OFF_TRACK, ON_TRACK
from reports.charts import COLOURS

BLUE, PALE = "#005eb8", "#f0f4f5"
# In charts: the colour, and over it the colour of a pattern. Of the two good ratings only the colour.
FILLS: dict[str, tuple[str, str]] = {
    COMPLETE: (COLOURS[COMPLETE], ""),
    ON_TRACK: (COLOURS[ON_TRACK], ""),
    AT_RISK: (COLOURS[AT_RISK], "#ffdc8c"),
    OFF_TRACK: (COLOURS[OFF_TRACK], "#a31d13"),
    NOT_REPORTED: ("#ffffff", "#768692"),
}
LIGHT_LABELS = (COMPLETE, ON_TRACK, OFF_TRACK)  # white numbers on these, dark ones on the others
# In tables: behind the word.
TINTS = {COMPLETE: "#d9e7f5", ON_TRACK: "#d9ece2", AT_RISK: "#fff1cc", OFF_TRACK: "#f9dcd9", NOT_REPORTED: "#e8edee"}
# Before the word.
SHAPES = {COMPLETE: "■", ON_TRACK: "●", AT_RISK: "▲", OFF_TRACK: "◆", NOT_REPORTED: "○"}
SHAPE_COLOURS = COLOURS | {AT_RISK: "#8a6100", NOT_REPORTED: "#4c6272"}
