"""The rules of the house, held by reading it: who may import whom, who may write, what is named how, how long things grow."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from statistics import median

import pytest
from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connection, models
from django.urls import URLResolver, get_resolver

from deliverables.ratings import NAMES
from people.models import Letter, Membership, User
from people.roles import ROLES
from reports.rollup import NOTHING_PLANNED
from strategy_portal.templatetags.portal import RATING_NAMES

HOUSE = settings.BASE_DIR

# Who stands on whom. The site map and the settings name the apps above them in strings; nothing else looks up.
MAY_IMPORT = {
    "strategy_portal": set(),
    "people": {"strategy_portal"},
    "priorities": {"strategy_portal", "people"},
    "deliverables": {"strategy_portal", "people", "priorities"},
    "casestudies": {"strategy_portal", "people", "priorities", "deliverables"},
    "reports": {"strategy_portal", "people", "priorities", "deliverables", "casestudies"},
}
VENDORED = ("static/nhsuk", "static/plotly")
NOT_OURS = {".git", ".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", ".pytest_cache", "node_modules"}


@cache
def code() -> dict[str, ast.Module]:
    """Our own Python but for the tests, by path."""
    found = sorted(path for app in MAY_IMPORT for path in (HOUSE / app).rglob("*.py"))
    return {str(path.relative_to(HOUSE)): ast.parse(path.read_text(encoding="utf-8")) for path in found}


@cache
def texts() -> dict[str, str]:
    """Every file that we wrote ourselves, by path."""
    found = {}
    for path in sorted(HOUSE.rglob("*")):
        place = path.relative_to(HOUSE)
        if path.is_file() and not NOT_OURS & set(place.parts) and not str(place).startswith(VENDORED) and place.name != ".env":
            found[str(place)] = path.read_text(encoding="utf-8", errors="replace")
    return found


def without_migrations() -> dict[str, ast.Module]:
    return {place: tree for place, tree in code().items() if "/migrations/" not in place}


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Every node of these kinds, with its place. Migrations are history, and left out."""
    for place, tree in without_migrations().items():
        yield from ((f"{place}:{node.lineno}", node) for node in ast.walk(tree) if isinstance(node, kinds))  # type: ignore[attr-defined]


def our_models() -> list[type[models.Model]]:
    """Those that we wrote; simple-history writes one more for each that is edited."""
    return [m for m in apps.get_models() if m._meta.app_label in MAY_IMPORT and not m.__name__.startswith("Historical")]


def test_the_house_is_read():
    """So that an empty search does not pass for a clean one."""
    assert len(code()) > 60 and len(texts()) > 200 and len(our_models()) > 20
    assert {place.partition("/")[0] for place in code()} == set(MAY_IMPORT)


# Imports


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""] if not node.level else ["a relative import"]
    return []


def test_imports_run_one_way():
    """Also inside functions, in management commands and in template tags."""
    wrong = [
        f"{place} imports {name}"
        for place, node in nodes(ast.Import, ast.ImportFrom)
        for name in imported(node)
        if (app := name.partition(".")[0]) in MAY_IMPORT
        and app != (home := place.partition("/")[0])
        and app not in MAY_IMPORT[home]
    ]
    assert wrong == []


def test_nothing_imports_the_tests_or_by_a_relative_name_or_by_a_string():
    wrong = [
        f"{place} imports {name}"
        for place, node in nodes(ast.Import, ast.ImportFrom)
        for name in imported(node)
        if name.partition(".")[0] in ("tests", "importlib", "a relative import")
    ]
    assert wrong == []


def test_migrations_depend_on_nothing_above_them():
    for place, tree in code().items():
        home = place.partition("/")[0]
        named = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in MAY_IMPORT}
        if "/migrations/" in place:
            assert named <= MAY_IMPORT[home] | {home}, place


# Writing

WRITES = {
    *("create", "acreate", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "save", "delete"),
    *("save_base", "_raw_delete", "bulk_create_with_history", "bulk_update_with_history"),
}
# Only of rows: a dictionary has an `update` too.
OF_ROWS = re.compile(r"\bobjects\b|\.(filter|exclude|all|select_for_update|order_by|of|open|begun)\(")
MAY_WRITE = (
    "actions.py",
    "/actions/",
    "deliverables/uploads.py",  # a picture, into memory: it knows no rows
    "strategy_portal/history.py",  # what simple-history writes beside every save
    "reports/loading/",  # the strategy, row by row, with its own report of what changed
    "reports/demonstration/",  # refused where there is anything real
)


def writes(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in WRITES:
        return not ast.unparse(node).startswith("super().")
    return name == "update" and bool(OF_ROWS.search(ast.unparse(node.func)))


def test_rows_are_written_by_actions_alone():
    """Views, forms, tasks, commands and the admin call them. (A ModelAdmin's own save is Django's, and calls none of these.)"""
    wrong = [
        f"{place} {ast.unparse(node)[:80]}"
        for place, node in nodes(ast.Call)
        if isinstance(node, ast.Call) and writes(node) and not any(room in place for room in MAY_WRITE)
    ]
    assert wrong == []


def test_the_search_for_writes_finds_them():
    def found(line: str) -> bool:
        return any(isinstance(node, ast.Call) and writes(node) for node in ast.walk(ast.parse(line)))

    for line in (
        "Thing.objects.create(a=1)",
        "Thing.objects.filter(a=1).update(a=2)",
        "it.save()",
        "bulk_update_with_history(x)",
    ):
        assert found(line), line
    for line in ("super().save(x)", "given.update(a=1)", "digest.update(b'')", "Thing.objects.filter(a=1).first()"):
        assert not found(line), line


def test_sql_is_written_by_hand_only_where_the_walls_are_built():
    wrong = [
        place
        for place, node in nodes(ast.Attribute)
        if isinstance(node, ast.Attribute)
        and node.attr in ("cursor", "execute", "executemany", "raw", "RawSQL", "extra")
        and not place.startswith("strategy_portal/walls.py")
    ]
    assert wrong == []


def test_no_signals_and_nothing_done_at_start_up():
    names = {name for _, node in nodes(ast.Import, ast.ImportFrom) for name in imported(node)}
    assert not {name for name in names if "signals" in name or "dispatch" in name}
    assert not [place for place, node in nodes(ast.Attribute, ast.Name) if getattr(node, "id", "") == "receiver"]
    ours = [config for config in apps.get_app_configs() if config.name in MAY_IMPORT]
    assert len(ours) == len(MAY_IMPORT) and all(type(config).ready is AppConfig.ready for config in ours)


def test_no_model_saves_or_deletes_in_its_own_way():
    for model in our_models():
        for name in ("save", "delete", "save_base", "__init__"):
            assert getattr(model, name) is getattr(models.Model, name) or model is User, f"{model.__name__}.{name}"
    assert "save" not in vars(User) and "delete" not in vars(User)


# Time


def test_the_time_comes_from_the_clock_alone():
    """Not from the database or a field either."""
    wrong = []
    for place, node in nodes(ast.Attribute, ast.ImportFrom, ast.keyword, ast.Name):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in (
            *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.date.today", "datetime.datetime.now"),
            *("time.time", "timezone.now", "timezone.localdate", "timezone.localtime", "timezone.datetime", "functions.Now"),
        ):
            wrong.append(f"{place} {ast.unparse(node)}")
        elif isinstance(node, ast.ImportFrom) and node.module in ("django.utils", "django.utils.timezone"):
            wrong += [f"{place} {name.name}" for name in node.names if name.name in ("timezone", "now", "localdate", "localtime")]
        elif (isinstance(node, ast.keyword) and (node.arg or "").startswith("auto_now")) or getattr(node, "id", "") == "Now":
            wrong.append(f"{place} {ast.unparse(node)}")
    assert [place for place in wrong if not place.startswith("strategy_portal/clock.py")] == []
    assert any(place.startswith("strategy_portal/clock.py") for place in wrong)
    assert [place for place, text in texts().items() if place.startswith("templates/") and re.search(r"{%\s*now\b", text)] == []


# Models

# A moment without a person: who joined is on the membership's history, a roll-up is computed and a letter sent by nobody.
NOBODY_DID_IT = {
    *{("User", "joined_at"), ("RollUp", "computed_at"), ("Letter", "sent_at")},
    *{("PackFile", "built_at"), ("ReportCheck", "checked_at")},  # the worker did
    ("BoardLinkVisit", "opened_at"),  # whoever has the link
}


def named(model: type[models.Model], ending: str) -> set[str]:
    return {field.name.removesuffix(ending) for field in model._meta.concrete_fields if field.name.endswith(ending)}


def test_every_moment_has_the_person_who_made_it():
    alone = {(m.__name__, f"{name}_at") for m in our_models() for name in named(m, "_at") - named(m, "_by")}
    assert alone == NOBODY_DID_IT
    assert [m for m in our_models() if named(m, "_by") - named(m, "_at")] == []


def test_a_name_says_what_kind_of_time_or_person_a_field_holds():
    for model in our_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateTimeField):
                assert field.name.endswith("_at") or field.name == "last_login", field
            elif isinstance(field, models.DateField):
                assert field.name.endswith("_on"), field
            elif field.related_model is User:
                assert field.name.endswith("_by") or model in (Membership, Letter), field


def test_no_field_is_called_status():
    assert [f"{m.__name__}.{f.name}" for m in apps.get_models() for f in m._meta.get_fields() if f.name == "status"] == []


def test_moments_know_their_zone_and_money_and_measures_are_no_floats():
    assert settings.USE_TZ and settings.TIME_ZONE == "Europe/London"
    assert not [field for model in our_models() for field in model._meta.get_fields() if isinstance(field, models.FloatField)]


@pytest.mark.django_db
def test_the_database_refuses_changes_of_exactly_the_append_only_tables():
    wanted = {model._meta.db_table for model in our_models() if getattr(model, "append_only", False)}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT event_object_table, event_manipulation FROM information_schema.triggers"
                " WHERE action_statement LIKE '%refuse_change%' AND action_timing = 'BEFORE'"
            )
        else:
            cursor.execute(
                "SELECT tbl_name, CASE WHEN sql LIKE '%BEFORE update%' THEN 'UPDATE' ELSE 'DELETE' END"
                " FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'"
            )
        refused = set(cursor.fetchall())
    assert len(wanted) >= 4
    assert refused == {(table, verb) for table in wanted for verb in ("UPDATE", "DELETE")}


def test_what_people_edit_has_a_history_and_what_is_append_only_is_its_own():
    without = {m.__name__ for m in our_models() if not hasattr(m, "history") and not getattr(m, "append_only", False)}
    without -= {"RefreshDraft"}  # typed too: it says of each row who saved it
    # Typed and gone, computed, a log of its own, and a secret that is made anew or revoked.
    assert without == {"UpdateDraft", "ReportDraft", "RollUp", "PackFile", "Letter", "CalendarAddress", "BoardLink", "KeptForm"}


# Words that stand in two places


def test_the_words_beside_the_marks_are_those_of_the_ratings():
    assert RATING_NAMES == NAMES | {NOTHING_PLANNED: "Nothing planned"}


def test_the_choices_of_a_role_are_the_table_of_roles():
    assert Membership._meta.get_field("role").choices == [(role.code, role.name) for role in ROLES.values()]


# Settings and secrets


def test_the_environment_is_read_in_one_place():
    """But for the name of the settings themselves, and for handing the whole environment to a child."""
    reads = [place for place, node in nodes(ast.Attribute) if ast.unparse(node) in ("os.environ", "os.getenv")]
    readers = {place.partition(":")[0] for place in reads}
    names_the_settings = {"strategy_portal/celery.py", "strategy_portal/wsgi.py"}
    assert readers - names_the_settings == {"strategy_portal/env.py", "strategy_portal/supervisor.py"}
    for place in names_the_settings:
        assert texts()[place].count("os.environ") == 1 == texts()[place].count("DJANGO_SETTINGS_MODULE")


def test_every_setting_stands_in_one_file():
    assert [place for place in code() if re.search(r"settings?[^/]*\.py$", place)] == ["strategy_portal/settings.py"]
    set_elsewhere = [
        f"{place} {ast.unparse(node)}"
        for place, node in nodes(ast.Assign, ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])  # type: ignore[attr-defined]
        if re.match(r"settings\.[A-Z]", ast.unparse(target))
    ]
    assert set_elsewhere == []


SECRETS = re.compile(
    r"""-----BEGIN[ A-Z]*PRIVATE\ KEY | \bAKIA[0-9A-Z]{16}\b | \bgh[pousr]_[0-9A-Za-z]{20,} | \bxox[abpr]-[0-9A-Za-z-]{10,}
    | \bsk-[0-9A-Za-z]{20,} | \beyJ[0-9A-Za-z_-]{20,}\.eyJ
    | (?i:\b(?:secret_key|password|passwd|token|api_key)["']?\s*[:=]\s*["'][^"'\s{}<]{12,}["'])""",
    re.VERBOSE,
)


def test_nothing_that_looks_like_a_secret_is_kept_here():
    """The tests' own passwords are of people who exist for a second."""
    assert SECRETS.search('SECRET_KEY = "abcdefghijkl"') and SECRETS.search("ghp_" + "a" * 36)
    ours = {place: text for place, text in texts().items() if not place.startswith("tests/")}
    assert [place for place, text in ours.items() if SECRETS.search(text)] == []


HOSTS_AND_PLACES = re.compile(
    r"pypi\.org|pythonhosted|npmjs|registry\.yarn|unpkg\.com|jsdelivr|cdnjs|/home/\w|/root/|/Users/\w|/work/|C:\\"
)


def test_no_file_names_a_package_host_or_a_place_on_someones_machine():
    """But for this one, which has to name them."""
    others = {place: text for place, text in texts().items() if place != "tests/test_repository.py"}
    assert [(place, found[0]) for place, text in others.items() if (found := HOSTS_AND_PLACES.search(text))] == []


# What others wrote


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_everything_installed_is_locked_with_its_hash(name):
    blocks = re.split(r"\n(?=\w)", texts()[f"{name}.txt"])
    locked = {re.match(r"[\w.-]+", block)[0].lower(): block for block in blocks if not block.startswith("#")}
    assert all(re.search(r"^[\w.\[\],-]+==[\w.]+", block) and "--hash=sha256:" in block for block in locked.values())
    wanted = re.findall(r"^([a-z][\w.-]*)", texts()[f"{name}.in"], re.MULTILINE)
    assert wanted and {found.lower() for found in wanted} <= set(locked)


# Where the name to install is not the name to import. Kombu is the half of Celery that has the connection.
INSTALLED_AS = {
    "PIL": "pillow",
    "allauth": "django-allauth",
    "crispy_forms": "django-crispy-forms",
    "csp": "django-csp",
    "dj_database_url": "dj-database-url",
    "kombu": "celery",
    "pptx": "python-pptx",
    "simple_history": "django-simple-history",
    "yaml": "pyyaml",
}


def test_what_is_imported_is_named_among_the_requirements():
    """Not something that another package happens to bring along."""
    wanted = set(re.findall(r"^([a-z][\w-]*)", texts()["requirements.in"], re.MULTILINE))
    used = {name.partition(".")[0] for _, node in nodes(ast.Import, ast.ImportFrom) for name in imported(node)}
    others = used - set(MAY_IMPORT) - sys.stdlib_module_names
    assert {INSTALLED_AS.get(name, name) for name in others} <= wanted


# Length


def functions() -> list[tuple[str, int]]:
    """Each function that does something, with its lines from `def` to the last."""
    found = [
        (f"{place} {node.name}", node.end_lineno - node.lineno + 1)
        for place, node in nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    ]
    return sorted(found, key=lambda entry: -entry[1])


def test_functions_are_short():
    lengths = [length for _, length in functions()]
    assert median(lengths) <= 10
    assert sorted(lengths)[int(len(lengths) * 0.95)] <= 40, functions()[:10]


def views() -> set[tuple[str, str]]:
    """File and name of every view that is ours."""

    def callbacks(of: URLResolver) -> Iterator:
        for pattern in of.url_patterns:
            yield from callbacks(pattern) if isinstance(pattern, URLResolver) else [pattern.callback]

    found = {(f"{view.__module__.replace('.', '/')}.py", view.__name__) for view in callbacks(get_resolver())}
    return {(file, name) for file, name in found if file.partition("/")[0] in MAY_IMPORT}


def test_views_are_thirty_lines_at_most():
    lengths = {(place.partition(":")[0], place.rpartition(" ")[2]): length for place, length in functions()}
    found = {view: lengths[view] for view in views() if view in lengths}
    assert len(found) >= 11
    assert {view: length for view, length in found.items() if length > 30} == {}


def test_templates_are_120_lines_at_most():
    found = {place: text.count("\n") for place, text in texts().items() if place.startswith("templates/")}
    assert len(found) > 60
    assert {place: lines for place, lines in found.items() if lines > 120} == {}


def test_a_file_that_outgrows_300_lines_becomes_a_folder():
    assert {place: len(texts()[place].splitlines()) for place in without_migrations() if texts()[place].count("\n") > 300} == {}


def test_there_is_one_folder_for_tests_and_it_mirrors_the_apps():
    assert not [place for place in code() if "/test" in place]
    assert all((HOUSE / "tests" / app).is_dir() for app in MAY_IMPORT)
