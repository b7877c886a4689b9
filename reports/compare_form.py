"""The choice of two issued reports."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from strategy_portal.forms import PortalForm

Version = tuple[Any, date, int, str]  # id, the month's first day, number of the version, name of the month


class CompareForm(PortalForm, forms.Form):
    """Sent by GET. Nothing chosen yet is the last two that stand, or two versions of the only one.

    A report may be named as in any address: 2025-11 is the version that stands, 2025-11.2 the second, standing or not.
    """

    def __init__(self, asked: Any, versions: Iterable[Version]) -> None:
        self.known: dict[str, Version] = {}  # by the address that is offered
        self.also: dict[str, str] = {}  # what else leads there
        for version in versions:
            _, starts_on, number, _ = version
            month = f"{starts_on:%Y-%m}"
            address = f"{month}.{number}" if month in self.known else month
            self.known[address] = version
            self.also[f"{month}.{number}"] = address
        super().__init__({name: self.said(asked, name, place) for name, place in (("from", 1), ("to", 0))})
        self.fields["from"] = self.choice("From", "from")
        self.fields["to"] = self.choice("To", "with")

    def said(self, asked: Any, name: str, place: int) -> str:
        """What was asked for; when nothing was, one of the last two."""
        if "from" in asked or "to" in asked:
            given: str = asked.get(name, "")
            return self.also.get(given, given)
        standing = [address for address in self.known if "." not in address]
        found = standing if len(standing) > 1 else list(self.known)
        return found[place] if len(found) > place else ""

    @property
    def enough(self) -> bool:
        """Whether there are two to compare."""
        return len(self.known) > 1

    def choice(self, label: str, side: str) -> forms.ChoiceField:
        words = {address: label_of(version, "." in address) for address, version in self.known.items()}
        return forms.ChoiceField(
            label=label,
            choices=[("", "Choose a report"), *words.items()],
            error_messages={
                "required": f"Choose a report to compare {side}",
                "invalid_choice": f"There is no such report to compare {side}. Choose one from the list",
            },
        )

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        if to == self.cleaned_data.get("from"):
            raise forms.ValidationError("Choose two different reports")
        return to

    @property
    def turned(self) -> bool:
        """Whether the later one was given first. They are compared from the earlier to the later all the same."""
        then, now = (self.known[self.cleaned_data[name]][1:3] for name in ("from", "to"))
        return then > now

    @property
    def pair(self) -> list[str]:
        """The addresses of the two, the earlier first."""
        found = [self.cleaned_data["from"], self.cleaned_data["to"]]
        return found[::-1] if self.turned else found

    def id_of(self, address: str) -> Any:
        return self.known[address][0]


def label_of(version: Version, is_superseded: bool) -> str:
    _, _, number, name = version
    if is_superseded:
        return f"{name}, version {number} (superseded)"
    return f"{name}, version {number}" if number > 1 else name
