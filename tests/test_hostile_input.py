"""What nobody types and anybody may send: into every form of every page, and into every address.

The forms are read from the pages, so that a new one is swept too. An address that takes a POST and whose form no page shows
has a row in SENT, or a test fails.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Cast, Concat
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from openpyxl import load_workbook

from deliverables.actions import ask_definition_change, end_milestone
from deliverables.models import Deliverable
from reports.actions import build_pack_file
from strategy_portal.editing import seen_of
from strategy_portal.walls import TAKE_DOWN
from tests import factories, test_access

pytestmark = pytest.mark.django_db
clients, filled, found = test_access.clients, test_access.filled, test_access.people

HUGE, LONG, DIGIT = "9" * 5_000, "x" * 10_000, "٣"  # a number that Python itself refuses to read; a three that is no 3
MARKUP = """<script>alert(1)</script>"><img src=x onerror=alert(1)>"""
RAW = re.compile(r"<script>alert|<img src=x")
# What is kept for its writer alone, or counts her tries; all else is part of the portal.
KEPT = re.compile('"(people_keptform|deliverables_(update|refresh)draft|reports_reportdraft|cache|django_session)"')
# Buttons beside words that they do not take.
WITHOUT_WORDS = re.compile("agree|withdraw|remove|add-figure|forget|page-|quiet")


@dataclass(frozen=True)
class Form:
    """One form of a page, with one of its buttons. A field is its kind (words, choice, hidden), its name, its value."""

    name: str
    to: str
    fields: tuple[tuple[str, str, str], ...]
    button: tuple[str, str]

    @property
    def shape(self) -> tuple[Any, ...]:
        """Alike for the forms of the rows of a list."""
        buttons, names = re.sub(r"\d+|:.*", "", "=".join(self.button)), {re.sub(r"\d+", "", name) for _, name, _ in self.fields}
        return resolve(self.to.partition("?")[0]).route, buttons, frozenset(names)

    @property
    def words(self) -> list[str]:
        return [name for kind, name, _ in self.fields if kind == "words"]

    @property
    def takes_words(self) -> bool:
        return bool(self.words) and not WITHOUT_WORDS.search(self.button[1])

    def __str__(self) -> str:
        return f"{self.name} {self.to} {'='.join(self.button)}"


def forms_of(name: str, address: str, page: str) -> Iterator[Form]:
    for found in re.findall('(?s)<form[^>]* method="post".*?</form>', page.partition("<main")[2]):
        form = BeautifulSoup(found, "html.parser").form
        fields = tuple(found for one in form.select("[name]") if (found := field_of(one)))
        buttons = {(one["name"], one.get("value", "")) for one in form.select("button[name]")}
        if ("do", "preview") in buttons:
            buttons.add(("do", "publish"))  # which its preview has
        for button in sorted(buttons) or [("", "")]:
            yield Form(name, form.get("action") or address, fields, button)


def field_of(one: Any) -> tuple[str, str, str] | None:
    kind = one.get("type", "text") if one.name == "input" else one.name
    if kind in ("button", "file") or one["name"] == "csrfmiddlewaretoken":
        return None
    if kind == "select":
        chosen = one.select_one("option[selected]") or one.select_one("option")
        return "choice", one["name"], chosen["value"] if chosen else ""
    if kind in ("radio", "checkbox"):
        return "choice", one["name"], one.get("value", "on")
    if kind == "textarea":
        return "words", one["name"], one.get_text().removeprefix("\n")
    return "hidden" if kind == "hidden" else kind if kind == "password" else "words", one["name"], one.get("value", "")


@pytest.fixture
def people(found: dict[str, Any]) -> dict[str, Any]:
    """With something to decide, to take back and to agree."""
    icb = Deliverable.objects.get(code="HW-1").lead
    factories.update(Deliverable.objects.get(code="HW-1"), by=found["Priya"], month=factories.november(), rating="at_risk")
    asked = factories.deliverable("HW-8", lead=icb, maturity="baselined")
    since = factories.period_of("2025-12-01")
    given = {"values": {"title": "Another"}, "takes_effect": since, "why": "It grew.", "effect": "More homes."}
    ask_definition_change(by=found["Priya"], deliverable=asked, seen=seen_of(asked), **given)
    end_milestone(by=found["Priya"], milestone=factories.milestone(asked, "Last step", date(2026, 2, 1)), words="Not needed.")
    factories.deliverable("HW-7", lead=icb, maturity="drafted")
    factories.deliverable("HW-6", lead=icb).managers.add(found["Priya"])
    return found


def pages(filled: Callable[[str], str]) -> dict[str, str]:
    """Every address that somebody can read, with the first of those who can."""
    readers = ("signed out", "Priya", "Olu", "Ada")
    can = {
        filled(address): next((name for name in readers if answers[name] == "200"), "")
        for method, address, answers in test_access.ROWS
        if method == "GET" and "?" not in address and not address.startswith("/admin/")
    }
    return {address: name for address, name in can.items() if name}


@pytest.fixture
def forms(clients, filled) -> list[Form]:
    """Each kind of form once, as the first person who has it finds it."""
    found: dict[tuple[Any, ...], Form] = {}
    for address, name in pages(filled).items():
        response = clients[name].get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            for form in forms_of(name, address, response.content.decode()):
                found.setdefault(form.shape, form)
    return list(found.values())


def send(client: Client, address: str, fields: list[tuple[str, str]]) -> tuple[HttpResponse, list[str]]:
    """The answer, and what was written on the way; all of it is undone."""
    written: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if re.match("INSERT|UPDATE|DELETE", sql) and not KEPT.search(sql):
            written.append(sql)
        return execute(sql, *rest)

    browser = Client(raise_request_exception=False)
    browser.cookies.load({name: cookie.value for name, cookie in client.cookies.items()})
    with transaction.atomic(), connection.execute_wrapper(watch):
        response = browser.generic("POST", address, urlencode(fields), content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return response, written


HANDS: dict[str, Callable[[str, str], str]] = {
    "too much": lambda kind, stands: LONG if kind == "words" else stands,
    "a NUL": lambda kind, stands: f"{stands}\0",
    "numbers": lambda kind, stands: HUGE,
    "markup": lambda kind, stands: MARKUP,
}


def wrong_with(form: Form, hand: str, response: HttpResponse, written: list[str]) -> str:
    page = response.content.decode() if "html" in response["Content-Type"] else ""
    if response.status_code >= 500 or RAW.search(page):
        return f"{response.status_code}, or its own markup"
    if not form.takes_words or hand not in ("too much", "a NUL"):
        return ""
    if written:
        return f"it wrote: {written[0][:100]}"
    if response.status_code == 200 and "<title>Error: " not in page:
        return "nothing says that it was refused"
    if hand == "too much" and response.status_code == 200 and "nhsuk-error-message" not in page:
        return "no message stands beside a box"
    if hand == "too much" and response.status_code == 200 and page.count(LONG) < len(form.words):
        return "what was typed is gone"
    return ""


def test_whatever_is_put_into_a_form_is_refused_in_words_beside_it_or_kept_as_text(clients, filled, forms):
    assert len(forms) > 80 and len([form for form in forms if form.takes_words]) > 40
    refuse_addresses_without_a_form(clients, filled, forms)
    wrong = {}
    for form in forms:
        for hand, makes in HANDS.items():
            fields = [(name, makes(kind, stands)) for kind, name, stands in form.fields]
            fields += [(name + "\0", "x") for name, _ in fields if hand == "a NUL"]
            if found := wrong_with(form, hand, *send(clients[form.name], form.to, [*fields, form.button])):
                wrong[f"{form}: {hand}"] = found
    assert wrong == {}


# What no form of a page sends by itself, or sends only from a preview.
SENT = [
    ("Priya", "/updates/HW-1/draft/", {"version": HUGE, "seen": HUGE, "done": LONG, "month": "2025-11"}),
    ("Priya", "/updates/HW-1/draft/", {"version": "1", "done": "a\0b", "month": "\0"}),
    ("Priya", "/updates/HW-1/still/", {"sentence": LONG, "key": "", "seen": HUGE, "month": "2025-11"}),
    ("Priya", "/updates/upload/apply/", {"signed": MARKUP}),
    ("Ada", "/plan/exchange/apply/", {"token": MARKUP}),
    ("Ada", "/plan/next-year/", {"page": "\0", "d{hw}-fate": "stopped", "d{hw}-reason": "a\0b"}),
    ("Ada", "/plan/people/{nina}/hand-over/", {"do": "publish", "successor": HUGE, "moving": HUGE}),
    ("Ada", "/plan/people/{nina}/hand-over/?then=//example.org", {"do": "publish", "successor": DIGIT, "moving": "-1"}),
    ("Ada", "/plan/people/{nina}/", {"do": "end", "membership": HUGE}),
    ("Ada", "/plan/priorities/", {"move": f"P1:{HUGE}:{HUGE}"}),
    ("Ada", "/plan/bodies/", {"move": f"\0{MARKUP}:1:{DIGIT}"}),
    ("Olu", "/outcomes-group/definitions/", {"to": "agreed", "pick": f"{HUGE}-{HUGE}"}),
    ("Olu", "/outcomes-group/definitions/", {"to": "agreed", "pick": "0001-x"}),
    ("Olu", "/outcomes-group/definitions/HW-7/", {"to": MARKUP, "seen": HUGE}),
    ("Olu", "/outcomes-group/definitions/HW-7/", {"to": "agreed", "seen": DIGIT}),
    ("Olu", "/outcomes-group/agree/", {"line-\0": LONG, "note": "a\0b", "version": HUGE}),
    ("Olu", "/outcomes-group/agree/issue/", {"seen": "abc", "version": HUGE}),
    ("Olu", "/outcomes-group/correct/2025-10/", {"line-\0": LONG, "note": "a\0b", "reason": "x"}),
    ("Olu", "/outcomes-group/correct/2025-10/issue/", {"version": HUGE}),
    ("signed out", "/account/password/reset/key/1-false/", {"password1": LONG, "password2": "\0"}),
]
# A button and nothing else.
TAKE_NOTHING = {
    "outcomes-group/agree-unchanged/",
    "plan/deliverables/<slug:code>/delete/",
    "plan/next-year/undo/",
    "plan/organisations/<slug:code>/delete/",
    "plan/priorities/<slug:code>/delete/",
    "reports/<str:address>/board-pack/",
    "updates/submit/",
}


def test_what_no_page_sends_is_refused_too(clients, filled):
    wrong = {}
    for name, address, fields in SENT:
        sent = [(filled(field), value) for field, value in fields.items()]
        response, written = send(clients[name], filled(address), sent)
        if response.status_code >= 500 or written or RAW.search(response.content.decode()):
            wrong[f"{name} {address}: {list(fields)}"] = (response.status_code, written)
    assert wrong == {}


def refuse_addresses_without_a_form(clients: dict[str, Client], filled: Callable[[str], str], forms: list[Form]) -> None:
    """Every address that takes a POST is swept, through a form of a page or a row of SENT."""
    asked = {form.shape[0] for form in forms} | {resolve(filled(to).partition("?")[0]).route for _, to, _ in SENT} | TAKE_NOTHING
    taking = {}
    for address, name in pages(filled).items():
        response = clients[name].put(address)
        if response.status_code == 405 and "POST" in response["Allow"]:
            taking[resolve(address).route] = address
    assert len(taking) > 60 and {address for route, address in taking.items() if route not in asked} == set()


SOURCE = [file for app in ("casestudies", "deliverables", "people", "priorities", "reports") for file in Path(app).rglob("*.py")]


def test_whatever_stands_in_an_address_it_answers(clients, filled):
    """Every page is asked with every name that the portal looks up anywhere, and with names that it does not."""
    names = {name for file in SOURCE for name in re.findall(r'\.get\(\s*"([a-z_]+)"', file.read_text(encoding="utf-8"))}
    assert {"line", "month", "page", "q", "then", "year"} <= names
    wrong = {}
    for address, name in pages(filled).items():
        for value in (HUGE, f"\0{MARKUP}"):
            query = urlencode([(name + more, value) for name in sorted(names) for more in ("", "\0")])
            response = clients[name].get(f"{address}?{query}")
            if response.status_code >= 500 or (not response.streaming and RAW.search(response.content.decode(errors="replace"))):
                wrong[f"{name} {address}"] = response.status_code
    assert wrong == {}


# A formula and a page in one, and a field that is no text although it is long.
EVIL = "=cmd|' /C calc'!A0<img src=x onerror=alert(1)>"
NO_TEXT = {"password", "fingerprint", "sha256"}
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠](?!\d+(\.\d+)?$)")


def statements(cursor: Any, on: dict[str, list[str]], table: str = "") -> None:
    for statement in on.get(connection.vendor, []):
        cursor.execute(statement.replace("{table}", table))


def put_evil_into_every_text() -> int:
    """Of every row, those included that stand for ever. Gives the number of columns."""
    ours = [model for model in apps.get_models() if not model.__module__.startswith(("django.", "allauth."))]
    texts = [
        (model, field)
        for model in ours
        for field in model._meta.concrete_fields
        if type(field) in (models.CharField, models.TextField) and field.name not in NO_TEXT
        if not field.choices and (field.max_length or 100) >= 60
    ]
    with connection.cursor() as cursor:
        statements(cursor, {"postgresql": ["SET CONSTRAINTS ALL IMMEDIATE"]})
        for model in ours:
            statements(cursor, TAKE_DOWN, model._meta.db_table)
        for model, field in texts:
            said = Concat(models.Value(EVIL), Cast("pk", models.CharField()))
            model._base_manager.exclude(**{field.name: ""}).update(**{field.name: said})
        statements(cursor, {"postgresql": ["SET CONSTRAINTS ALL DEFERRED"]})
    return len(texts)


def cells_of(kind: str, content: bytes) -> list[tuple[str, bool]]:
    """The text of each cell of a table, and whether it runs."""
    if "csv" in kind:
        rows = csv.reader(StringIO(content.decode("utf-8-sig")))
        return [(cell, bool(FORMULA.match(cell))) for row in rows for cell in row]
    sheets = load_workbook(BytesIO(content)).worksheets if "spreadsheet" in kind else []
    return [(str(cell.value), cell.data_type == "f") for sheet in sheets for row in sheet.iter_rows() for cell in row]


def test_a_text_that_is_a_page_and_a_formula_stays_a_text_on_every_page_and_in_every_file(clients, filled, people):
    addresses = pages(filled)
    assert put_evil_into_every_text() > 100
    report = factories.issue(factories.november(), by=people["Olu"], note=EVIL, HW_1=EVIL)
    for file in report.files.filter(kind__in=("csv", "xlsx")):
        build_pack_file(file_id=file.pk)
    told = ("", "figures/", "history/", "board-pack.csv", "board-pack.xlsx")
    shown, tables, wrong = 0, 0, {}
    for address, name in addresses.items() | {(f"/reports/2025-11/{part}", "Bea") for part in told}:
        response = clients[name].get(address)
        kind, content = response["Content-Type"], response.getvalue()
        if kind.startswith("text/html"):
            page = content.decode()
            shown += "&lt;img src=x" in page
            found = RAW.search(page) and page[RAW.search(page).start() - 100 :][:200]
        else:
            cells = cells_of(kind, content)
            tables += any("onerror" in text for text, _ in cells)
            found = [text for text, runs in cells if runs]
        if found:
            wrong[f"{name} {address}"] = found
    assert wrong == {} and shown > 90 and tables == 4
