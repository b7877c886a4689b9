"""A person's browser without a window: it reads a page, and sends what the page's own form would send."""

from bs4 import BeautifulSoup
from django.test import Client

from people.models import User
from tests import factories


class Pages:
    """One person, signed in."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        factories.sign_in(self.client, user)

    def get(self, address: str) -> BeautifulSoup:
        response = self.client.get(address, follow=True)
        assert response.status_code == 200
        return BeautifulSoup(response.content, "html.parser")

    def send(self, shown: BeautifulSoup, address: str, do: str = "", **typed: str) -> BeautifulSoup:
        form = shown.select("main form[method=post]")[0]
        data = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
        data |= {one["name"]: one.get_text().removeprefix("\n") for one in form.select("textarea[name]")}
        data |= {
            one["name"]: (one.select_one("option[selected]") or {"value": ""})["value"] for one in form.select("select[name]")
        }
        response = self.client.post(
            address, data | {"do": do} | {name.replace("__", "-"): value for name, value in typed.items()}, follow=True
        )
        assert response.status_code == 200
        return BeautifulSoup(response.content, "html.parser")

    def publish(self, address: str, **typed: str) -> BeautifulSoup:
        preview = self.send(self.get(address), address, "preview", **typed)
        assert [button.get_text() for button in preview.select("main button")] == ["Publish", "Change it again"], said(preview)
        return self.send(preview, address, "publish")


def said(shown: BeautifulSoup) -> str:
    return " ".join(shown.select_one("main").get_text(" ").split())


def banner(shown: BeautifulSoup) -> str:
    return " ".join(shown.select_one(".nhsuk-notification-banner__heading").get_text(" ").split())


def mistakes(shown: BeautifulSoup) -> list[str]:
    return [one.get_text(strip=True) for one in shown.select(".nhsuk-error-summary li")]
