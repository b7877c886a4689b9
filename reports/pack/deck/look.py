"""Where things stand on a slide, and the one layout of the deck in the portal's letters and colours."""

from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from reports.pack.colours import BLUE

WIDE, HIGH = 960, 540  # points: 16 to 9
SIDE, TOP, BOTTOM = 44, 104, 500  # where the content of a slide begins and ends
ROOM = WIDE - 2 * SIDE
# The colours of the built-in theme by those of the NHS, and its letters.
THEME = {
    b'typeface="Calibri"': b'typeface="Arial"',
    b'val="4F81BD"': b'val="005EB8"',
    b'val="C0504D"': b'val="007F3B"',
    b'val="9BBB59"': b'val="FFB81C"',
    b'val="8064A2"': b'val="D5281B"',
    b'val="4BACC6"': b'val="4C6272"',
    b'val="F79646"': b'val="003087"',
    b'val="1F497D"': b'val="003087"',
    b'val="0000FF"': b'val="005EB8"',
}
BAND = (
    f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="Band"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
    f'<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{Pt(WIDE)}" cy="{Pt(18)}"/></a:xfrm>'
    f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{BLUE[1:]}"/></a:solidFill></p:spPr></p:sp>'
)


def colour(value: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(value[1:]))


def dress(show: Any) -> None:
    """One layout, as wide as a screen, in the portal's letters and colours, in British English."""
    master = show.slide_masters[0]
    for layout in list(show.slide_layouts):
        if layout.name != "Title Only":
            show.slide_layouts.remove(layout)
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    for old, new in THEME.items():
        theme._blob = theme.blob.replace(old, new)
    show.element.find(qn("p:sldSz")).attrib.pop("type", None)
    for element in (show.element, master.element):
        for found in element.iter(qn("a:defRPr")):
            found.set("lang", "en-GB")
    dress_titles(master)
    place_fixed_parts(master)


def dress_titles(master: Any) -> None:
    style = master.element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    letters = style.find(qn("a:defRPr"))
    letters.set("sz", "2800")
    letters.set("b", "1")


def place_fixed_parts(master: Any) -> None:
    places = {
        PP_PLACEHOLDER.TITLE: (SIDE, 40, ROOM, 52),
        PP_PLACEHOLDER.FOOTER: (SIDE, 508, ROOM - 80, 22),
        PP_PLACEHOLDER.SLIDE_NUMBER: (WIDE - SIDE - 70, 508, 70, 22),
    }
    for shape in master.placeholders:
        kind = shape.placeholder_format.type
        left, top, width, height = places.get(kind, (SIDE, TOP, ROOM, BOTTOM - TOP))
        shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)
        shape.text_frame.margin_left = shape.text_frame.margin_right = 0
        if kind == PP_PLACEHOLDER.FOOTER:
            shape.element.find(f".//{qn('a:lvl1pPr')}").set("algn", "l")
    master.shapes._spTree.insert(2, parse_xml(BAND))  # behind everything else
