"""Reads the files of a pack back, each with a program that did not write it."""

import csv
import ctypes
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pypdfium2
import pypdfium2.raw as pdfium
from pptx import Presentation


@dataclass
class Element:
    """A node of a PDF's structure: its tag, its alternative text, and what is in it, in reading order."""

    tag: str
    alt: str
    has_content: bool = False
    parts: list["Element | str"] = field(default_factory=list)

    @property
    def elements(self) -> list["Element"]:
        return [part for part in self.parts if isinstance(part, Element)]

    def all(self) -> Iterator["Element"]:
        yield self
        for part in self.elements:
            yield from part.all()

    def text(self) -> str:
        return " ".join(" ".join(part if isinstance(part, str) else part.text() for part in self.parts).split())


def pages(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range() for page in document]


@cache
def elements(data: bytes) -> list[Element]:
    """The structure of every page, in reading order: all that a screen reader has."""
    document = pypdfium2.PdfDocument(data)
    found = []
    for page in document:
        texts = texts_by_mark(page)
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        for n in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            child = pdfium.FPDF_StructTree_GetChildAtIndex(tree, n)
            if child:
                found.append(element(child, texts))
        pdfium.FPDF_StructTree_Close(tree)
    return found


def texts_by_mark(page: Any) -> dict[int, str]:
    """The text of each piece of marked content."""
    text_page, found = page.get_textpage(), {}
    for n in range(pdfium.FPDFPage_CountObjects(page)):
        piece = pdfium.FPDFPage_GetObject(page, n)
        mark = pdfium.FPDFPageObj_GetMarkedContentID(piece)
        if mark >= 0 and pdfium.FPDFPageObj_GetType(piece) == pdfium.FPDF_PAGEOBJ_TEXT:
            said = wide(lambda buffer, size, piece=piece: pdfium.FPDFTextObj_GetText(piece, text_page, buffer, size), short=True)
            found[mark] = f"{found.get(mark, '')}{said}"
    return found


def element(node: Any, texts: dict[int, str]) -> Element:
    made = Element(
        tag=wide(lambda buffer, size: pdfium.FPDF_StructElement_GetType(node, buffer, size)),
        alt=wide(lambda buffer, size: pdfium.FPDF_StructElement_GetAltText(node, buffer, size)),
    )
    for n in range(max(0, pdfium.FPDF_StructElement_CountChildren(node))):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(node, n)
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(node, n)
        if child:
            made.parts.append(element(child, texts))
        elif mark >= 0:
            made.has_content = True
            made.parts.append(texts.get(mark, ""))
    return made


def wide(call: Any, *, short: bool = False) -> str:
    """A text as PDFium gives it: asked once for its size, once for itself."""
    size = call(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size * (2 if short else 1))
    call(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)) if short else buffer, size)
    return buffer.raw.decode("utf-16-le", "ignore").partition("\0")[0].replace("\u200b", "")


def pdf_tables(data: bytes) -> list[list[list[str]]]:
    """Every table as rows of cells. One that goes over a page is two."""
    tables = [found for root in elements(data) for found in root.all() if found.tag == "Table"]
    return [[[cell.text() for cell in row.elements] for row in found.all() if row.tag == "TR"] for found in tables]


def slides(data: bytes) -> list[Any]:
    return list(Presentation(BytesIO(data)).slides)


def pptx_tables(data: bytes) -> list[list[list[str]]]:
    shapes = [shape for slide in slides(data) for shape in slide.shapes]
    return [[[cell.text for cell in row.cells] for row in shape.table.rows] for shape in shapes if shape.has_table]


def pptx_charts(data: bytes) -> dict[str, dict[str, dict[str, int]]]:
    """By the slide's title: the figures of each rating, by category."""
    found = {}
    for slide in slides(data):
        for shape in slide.shapes:
            if shape.has_chart:
                plot = shape.chart.plots[0]
                found[slide.shapes.title.text] = {
                    series.name: dict(zip(list(plot.categories), series.values, strict=True)) for series in plot.series
                }
    return found


def sheets(data: bytes) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(BytesIO(data))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def csv_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def json_of(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data)
    return found
