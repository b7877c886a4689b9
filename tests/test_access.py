"""Who gets what answer at every address of the site. An address without a row here fails a test."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.contrib.admin import site as admin_site
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, resolve

from casestudies.models import CaseStudy
from people.models import User
from people.permissions import can_edit_plan
from strategy_portal import urls as site_map
from tests import factories

pytestmark = pytest.mark.django_db

# 200, 403, 404 and so on; `sign-in` is a redirect to the sign-in page that comes back here; →/x is any other redirect.
# Nina has no role, Bea is a viewer, Priya a programme manager, Olu of the outcomes group, Ada an administrator.
# X-1 is led by an organisation that Priya does not serve; HW-1 is led by hers.
TABLE = """
                                            signed out          Nina    Bea     Priya   Olu     Ada
GET  /                                      sign-in             403     200     200     200     200
GET  /?month=2025-10                        sign-in             403     200     200     200     200
GET  /outcomes-group/                       sign-in             403     403     403     200     403
GET  /explain/                              sign-in             403     200     200     200     200
GET  /explain/?of=nothing-like-it&page=x    sign-in             403     200     200     200     200

GET  /priorities/                           sign-in             403     200     200     200     200
GET  /priorities/p1/                        sign-in             403     200     200     200     200
GET  /priorities/no-such/                   sign-in             403     404     404     404     404

GET  /deliverables/                         sign-in             403     200     200     200     200
GET  /deliverables/?q=%00&rating=x&page=-1  sign-in             403     200     200     200     200
GET  /deliverables/HW-1/                    sign-in             403     200     200     200     200
GET  /deliverables/X-1/                     sign-in             403     200     200     200     200
GET  /deliverables/NO-9/                    sign-in             403     404     404     404     404

GET  /updates/                              sign-in             403     403     200     403     403
GET  /updates/HW-1/                         sign-in             403     403     200     403     403
POST /updates/HW-1/                         sign-in             403     403     200     403     403
GET  /updates/X-1/                          sign-in             403     403     404     403     403
POST /updates/X-1/                          sign-in             403     403     404     403     403
GET  /updates/NO-9/                         sign-in             403     403     404     403     403

GET  /case-studies/                         sign-in             403     200     200     200     200
GET  /case-studies/told/                    sign-in             403     200     200     200     200
GET  /case-studies/draft/                   sign-in             403     404     404     404     404
GET  /case-studies/no-such/                 sign-in             403     404     404     404     404

GET  /account/sign-in/                      200                 →/      →/      →/      →/      →/
POST /account/sign-in/                      200                 →/      →/      →/      →/      →/
GET  /account/sign-out/                     →/account/sign-in/  200     200     200     200     200
POST /account/sign-out/                     →/account/sign-in/  →same   →same   →same   →same   →same
GET  /account/password/                     sign-in             200     200     200     200     200
POST /account/password/                     sign-in             200     200     200     200     200
GET  /account/password/reset/               200                 200     200     200     200     200
POST /account/password/reset/               200                 200     200     200     200     200
GET  /account/password/reset/sent/          200                 200     200     200     200     200
GET  /account/password/reset/done/          200                 200     200     200     200     200
GET  /account/password/reset/key/{link}/    →{uid}-set-password/ →same  →same   →same   →same   →same
GET  /account/password/reset/key/1-false/   200                 200     200     200     200     200
POST /account/password/reset/key/1-false/   200                 200     200     200     200     200
GET  /account/sign-up/                      404                 404     404     404     404     404
GET  /account/email/                        404                 404     404     404     404     404

GET  /design/                               sign-in             403     403     403     403     200
GET  /no-such-page/                         404                 404     404     404     404     404
POST /no-such-page/                         404                 404     404     404     404     404

GET  /admin/                                sign-in             403     403     403     403     200
GET  /admin/login/                          sign-in             403     403     403     403     →/admin/
GET  /admin/logout/                         sign-in             403     403     403     403     405
POST /admin/logout/                         sign-in             403     403     403     403     200
GET  /admin/password_change/                sign-in             403     403     403     403     200
GET  /admin/jsi18n/                         sign-in             403     403     403     403     200
GET  /admin/no-such/                        sign-in             403     403     403     403     404
GET  /admin/people/                         sign-in             403     403     403     403     200
GET  /admin/people/user/                    sign-in             403     403     403     403     200
GET  /admin/people/user/add/                sign-in             403     403     403     403     200
POST /admin/people/user/add/                sign-in             403     403     403     403     200
GET  /admin/people/user/{nina}/change/      sign-in             403     403     403     403     200
GET  /admin/people/user/{nina}/history/     sign-in             403     403     403     403     200
POST /admin/people/user/{nina}/delete/      sign-in             403     403     403     403     403
GET  /admin/people/user/0/change/           sign-in             403     403     403     403     →/admin/
GET  /admin/deliverables/deliverable/       sign-in             403     403     403     403     200
GET  /admin/deliverables/statusupdate/      sign-in             403     403     403     403     404
"""
PEOPLE = ("signed out", "Nina", "Bea", "Priya", "Olu", "Ada")
ROLES = {"Nina": None, "Bea": "viewer", "Priya": "programme_manager", "Olu": "outcomes_group", "Ada": "administrator"}


def rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    for line in TABLE.strip().splitlines()[1:]:
        if line:
            method, address, *answers = line.split()
            answers = [answers[0], *(answers[0] if answer == "→same" else answer for answer in answers[1:])]
            yield method, address, dict(zip(PEOPLE, answers, strict=True))


ROWS = list(rows())
ADDRESSES = list(dict.fromkeys(address for _, address, _ in ROWS))


@pytest.fixture
def people() -> dict[str, User]:
    icb, trust = factories.organisation("icb"), factories.organisation("trust")
    made = {name: factories.person(role, name, icb) for name, role in ROLES.items()}
    for user in made.values():
        user.set_password("a good long password")
        user.save()
    lead = factories.deliverable("HW-1", lead=icb, principles=("PREVENTION",))
    factories.deliverable("X-1", lead=trust)
    factories.milestone(lead, "First step", date(2025, 12, 1))
    factories.update(lead, by=made["Priya"], month=factories.october(), rating="at_risk")
    for code, stage in (("told", "published"), ("draft", "draft")):
        given = {"code": code, "slug": code, "title": code, "organisation": "A partner"}
        CaseStudy.objects.create(strategy=factories.plan_year().strategy, stage=stage, **given)
    return made


@pytest.fixture
def filled(people):
    """Puts the world's ids into an address."""
    nina, uid = people["Nina"], user_pk_to_url_str(people["Priya"])
    ids = {"nina": nina.pk, "uid": f"/account/password/reset/key/{uid}"}
    ids["link"] = f"{uid}-{default_token_generator.make_token(people['Priya'])}"
    return lambda address: re.sub(r"\{(\w+)\}", lambda found: str(ids[found[1]]), address)


def client_of(name: str, people: dict[str, User], **options: bool) -> Client:
    client = Client(**options)
    if name != "signed out":
        factories.sign_in(client, people[name])
    return client


def answer_of(response: HttpResponse, address: str) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    to = response["Location"]
    return "sign-in" if to == f"/account/sign-in/?next={quoted(address)}" else f"→{to}"


def quoted(address: str) -> str:
    return address.replace("%", "%25").replace("?", "%3F").replace("=", "%3D").replace("&", "%26")


@pytest.mark.parametrize(("method", "address", "expected"), ROWS, ids=[f"{method} {address}" for method, address, _ in ROWS])
def test_everyone_gets_the_answer_in_the_table(people, filled, method, address, expected):
    at = filled(address)
    found = {
        name: answer_of(client_of(name, people).generic(method, at, content_type="application/x-www-form-urlencoded"), at)
        for name in PEOPLE
    }
    assert found == {name: filled(answer) for name, answer in expected.items()}


def patterns(of: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site as its whole route, with its pattern."""
    for pattern in (of or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        else:
            yield route, pattern


def test_every_address_of_the_site_has_a_row(filled):
    shown = {resolve(filled(address).partition("?")[0]).route for method, address, _ in ROWS if method == "GET" and is_there(address)}
    assert [route for route, _ in patterns() if route not in shown and not route.startswith("admin/")] == []


def is_there(address: str) -> bool:
    return not re.match("/no-such-page/|/account/sign-up/|/account/email/", address)


def test_every_view_states_who_may_open_it():
    assert [route for route, pattern in patterns() if not hasattr(pattern.callback, "access_rule")] == []


def test_every_address_of_the_admin_is_for_administrators_alone():
    found = {route: pattern.callback.access_rule for route, pattern in patterns() if route.startswith("admin/")}
    assert len(found) > 5 * len(admin_site._registry)
    assert set(found.values()) == {can_edit_plan}


# A site map with a view that somebody forgot to guard.
urlpatterns = [*site_map.urlpatterns, path("forgotten/", lambda request: HttpResponse("a secret"))]
handler403 = site_map.handler403


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("name", ["signed out", "Bea", "Ada"])
def test_a_view_that_states_nothing_is_refused_to_everyone(people, name):
    response = client_of(name, people).get("/forgotten/")
    assert response.status_code == 403
    assert "a secret" not in response.content.decode()


def test_a_page_without_a_form_takes_nothing_but_reading(people, filled):
    """And nobody is told so before she has signed in and may be there."""
    posts = {address for method, address, _ in ROWS if method == "POST"}
    for method, address, expected in ROWS:
        if method == "GET" and expected["Ada"] == "200" and address not in posts and not address.startswith("/admin/"):
            ada, nobody = client_of("Ada", people), Client()
            assert [ada.generic(verb, filled(address)).status_code for verb in ("POST", "PUT", "DELETE")] == [405] * 3, address
            if expected["signed out"] == "sign-in":
                assert nobody.post(filled(address)).status_code == 302, address


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_address_takes_other_verbs(people, filled, verb):
    clients = [client_of(name, people) for name in ("Priya", "Ada")]
    taken = {
        (address, response.status_code)
        for address in ADDRESSES
        for response in [client.generic(verb, filled(address)) for client in clients]
        if response.status_code not in (403, 404, 405)
    }
    assert taken == set()


def all_addresses(filled) -> list[str]:
    """Those of the table, and each page of each kind of record in the admin."""
    found = [filled(address) for address in ADDRESSES]
    for model in admin_site._registry:
        at = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        found += [at, f"{at}add/", f"{at}?q=x"]
        found += [f"{at}{row.pk}/{page}/" for row in model._base_manager.all()[:1] for page in ("change", "history", "delete")]
    return found


def everything() -> dict[str, list[tuple]]:
    """Every row of every table but the sessions."""
    models = [model for model in apps.get_models(include_auto_created=True) if model is not Session]
    found = {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cache ORDER BY 1")
        return found | {"cache": cursor.fetchall()}


def test_reading_writes_nothing(people, filled):
    addresses, before = all_addresses(filled), everything()
    assert sum(len(table) for table in before.values()) > 50
    for name in PEOPLE:
        client = client_of(name, people)
        for address in addresses:
            for ask in (client.get, client.head):
                assert ask(address).status_code < 500, f"{name}: {address}"
    assert everything() == before


def test_no_form_is_taken_without_its_token(people, filled):
    addresses, before = all_addresses(filled), everything()
    for name in ("signed out", "Priya", "Ada"):
        client = client_of(name, people, enforce_csrf_checks=True)
        for address in addresses:
            response = client.post(address, {"login": "priya@example.org", "rating": "on_track", "_save": "Save", "post": "yes"})
            if is_there(address):
                assert (response.status_code, "Your form was not sent" in response.content.decode()) == (403, True), f"{name}: {address}"
    assert everything() == before


def test_a_form_with_its_token_is_taken(people):
    """So that the test above means something."""
    client = client_of("Priya", people, enforce_csrf_checks=True)
    page = client.get("/updates/HW-1/")
    token = re.search('name="csrfmiddlewaretoken" value="(.+?)"', page.content.decode())[1]
    assert client.post("/updates/HW-1/", {"csrfmiddlewaretoken": token}).status_code == 200


def test_the_menu_offers_a_person_only_what_she_may_open(people):
    offered = {}
    for name in ROLES:
        client = client_of(name, people)
        page = client.get("/account/password/").content.decode()
        doors = re.findall('nhsuk-header__navigation-link" href="(.+?)"', page)
        assert {door: client.get(door).status_code for door in doors} == dict.fromkeys(doors, 200)
        offered[name] = doors
    everyone = ["/", "/priorities/", "/deliverables/", "/case-studies/"]
    assert offered == {
        "Nina": [],
        "Bea": everyone,
        "Priya": [*everyone, "/updates/"],
        "Olu": [*everyone, "/outcomes-group/"],
        "Ada": [*everyone, "/admin/"],
    }
