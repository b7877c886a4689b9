"""What in a text may point at a person: details such as an address. Pure, and quick on any text."""

import re
from collections.abc import Iterator

POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
E_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,63}){1,4}")
PHONE = re.compile(r"(?<![\d.,£])(?:\+44 ?(?:\(0\) ?)?|0)(?:\d[ -]?){8,9}\d(?![\d.,]\d)")
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
FULL_DATE = re.compile(
    r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:{MONTHS}),? \d{{4}}\b",
    re.IGNORECASE,
)
NAME = r"[A-Z][a-z'’-]{1,30}"
BEFORE_A_NAME = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sister|Nurse)\.?|called|named|nicknamed"
NAMED = re.compile(rf"\b(?:{BEFORE_A_NAME}) {NAME}(?: {NAME})?")
AGED = re.compile(r"\b(?:aged? \d{1,3}\b|\d{1,3}[- ]years?[- ]old\b)", re.IGNORECASE)
TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
LOOKS_LIKE = (
    ("an e-mail address", E_MAIL),
    ("a telephone number", PHONE),
    ("a postcode", POSTCODE),
    ("a full date, which may be a date of birth", FULL_DATE),
    ("somebody's name", NAMED),
    ("somebody's age", AGED),
)


def nhs_numbers(text: str) -> list[str]:
    """Ten digits whose last one checks the others, as the NHS numbers of England and Wales do."""
    return [found[0] for found in TEN_DIGITS.finditer(text) if is_nhs_number(re.sub("[ -]", "", found[0]))]


def is_nhs_number(digits: str) -> bool:
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return check != 10 and int(digits[9]) == check % 11


def signs_of_people(text: str) -> Iterator[tuple[str, str]]:
    """What looks like a person's details: what it may be, and the words."""
    for number in nhs_numbers(text):
        yield "an NHS number", number
    for kind, pattern in LOOKS_LIKE:
        for found in pattern.finditer(text):
            yield kind, found[0]
