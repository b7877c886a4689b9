"""Numbers as forms and addresses send them."""


def number_in(text: str, *, most_digits: int = 17, otherwise: int = 0) -> int:
    """`otherwise` for words, a sign, the digits of other scripts, and more digits than any id of the database has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most_digits else otherwise
