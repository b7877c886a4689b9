"""One value of the strategy file, checked against the column that it goes to."""

from decimal import Decimal
from math import isfinite
from typing import Any
from unicodedata import category

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, DecimalField, Field, IntegerField

EXPECTED: tuple[tuple[type[Field], tuple[type, ...], str], ...] = (
    (BooleanField, (bool,), "true or false"),
    (DecimalField, (int, float), "a number"),
    (IntegerField, (int,), "a whole number"),
    (Field, (str,), "text"),
)


class Wrong(Exception):
    """The value cannot be used; says why in a sentence."""


def clean(column: Field, raw: object, *, required: bool) -> Any:
    """The value as the column stores it. Raises Wrong."""
    types, wanted = next((types, wanted) for kind, types, wanted in EXPECTED if isinstance(column, kind))
    if type(raw) not in types or (isinstance(raw, float) and not isfinite(raw)):
        hint = " Put it in quotes." if wanted == "text" and isinstance(raw, bool | int | float) else ""
        raise Wrong(f"expected {wanted}, found {text_of(raw)}.{hint}")
    value = tidy(raw) if isinstance(raw, str) else Decimal(str(raw)) if isinstance(raw, float) else raw
    if value == "":
        if required or not (column.blank or column.null):
            raise Wrong("is empty.")
        return None if column.null else value
    check_choice(column, value)
    try:
        return column.clean(value, None)
    except ValidationError as error:
        raise Wrong(" ".join(error.messages)) from error


def check_choice(column: Field, value: object) -> None:
    if column.choices and value not in dict(column.flatchoices):
        codes = ", ".join(str(code) for code, _ in column.flatchoices)
        raise Wrong(f"there is no {column.verbose_name} '{value}'. Use one of {codes}.")


def tidy(text: str) -> str:
    """Without blanks around it, with line ends of one kind. Raises Wrong for characters that a database refuses."""
    text = text.replace("\r\n", "\n").strip()
    for character in text:
        if character not in "\n\t" and category(character) in ("Cc", "Cs"):
            raise Wrong(f"the character #x{ord(character):04x} is not allowed.")
    return text


def texts_of(raw: object) -> list[str]:
    """A list of different texts. Raises Wrong."""
    if not isinstance(raw, list):
        raise Wrong(f"expected a list, found {text_of(raw)}.")
    found: list[str] = []
    for item in raw:
        if not isinstance(item, str) or not tidy(item):
            raise Wrong(f"expected text, found {text_of(item)}.")
        if tidy(item) in found:
            raise Wrong(f"'{tidy(item)}' is named twice.")
        found.append(tidy(item))
    return found


def lines_of(raw: object) -> str:
    return "\n".join(texts_of(raw))


def text_of(raw: object) -> str:
    """How a message names what it found."""
    if raw is None or raw == "":
        return "nothing"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | float):
        return f"the number {raw}"
    if isinstance(raw, str):
        return f"the text '{raw[:40]}'"
    return "a list" if isinstance(raw, list) else "keys with values"
