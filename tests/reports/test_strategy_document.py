"""A broken strategy file is refused with every place and its reason."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from reports.loading.document import Refused, parse, read
from reports.loading.kinds import AMBITION, BODY, DELIVERABLE, PERIOD
from tests.reports.strategy_file import PATH, TEXT, Change, changed, ours, refused


def problems(text: str) -> list[str]:
    return refused(lambda: parse(text))


REMOVED = object()


def put(place: str, value: object) -> Change:
    """A change of one place in the file, such as aims[1].name."""
    *path, last = [int(step) if step.isdecimal() else step for step in re.findall(r"\w+", place)]

    def change(data: Any) -> None:
        for step in path:
            data = data[step]
        if value is REMOVED:
            del data[last]
        else:
            data[last] = value

    return change


def test_our_own_file_is_in_order():
    assert problems(TEXT) == []
    assert parse(TEXT) == ours()


CYP_1 = "priorities[1].deliverables[0]"
CS_6 = "case_studies[5].figures[0]"


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (f"{CYP_1}.principles", ["EQUTY"], "there is no principle 'EQUTY'. Use one of PREVENTION, EQUITY, INTEGRATION."),
        (f"{CYP_1}.aims", ["AIM-9"], "there is no aim 'AIM-9'. Use one of AIM-1, AIM-2, AIM-3, AIM-4."),
        (f"{CYP_1}.principles", "EQUITY", "expected a list, found the text 'EQUITY'."),
        (f"{CYP_1}.principles", None, "expected a list, found nothing."),
        (f"{CYP_1}.principles", ["EQUITY", "EQUITY"], "'EQUITY' is named twice."),
        (f"{CYP_1}.principles", [1], "expected text, found the number 1."),
        (f"{CYP_1}.title", 3, "expected text, found the number 3. Put it in quotes."),
        (f"{CYP_1}.title", True, "expected text, found true. Put it in quotes."),
        (f"{CYP_1}.title", ["x"], "expected text, found a list."),
        (f"{CYP_1}.title", None, "expected text, found nothing."),
        (f"{CYP_1}.title", " ", "is empty."),
        (f"{CYP_1}.title", "x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
        (f"{CYP_1}.title", "a\0b", "the character #x0000 is not allowed."),
        (f"{CYP_1}.named", "x", "expected a list, found the text 'x'."),
        (f"{CYP_1}.maturity", "ripe", "there is no maturity 'ripe'. Use one of expected, drafted, agreed, baselined."),
        (f"{CYP_1}.code", "HW-1", "'HW-1' is used before, at priorities[0].deliverables[0]."),
        ("priorities[1].slug", "health-and-work", "'health-and-work' is used before, at priorities[0]."),
        ("ambitions", None, "expected a list, found nothing."),
        ("ambitions[1]", "AMB-2", "expected keys with values, found the text 'AMB-2'."),
        ("strategy", [], "expected keys with values, found a list."),
        ("strategy.published_in", "2023", "expected a whole number, found the text '2023'."),
        ("strategy.published_in", 20.5, "expected a whole number, found the number 20.5."),
        ("plan_year.code", "2025-27", "'2025-27' is not a plan year. Write it as 2025-26."),
        ("bodies[0].assures", "ICS-WG", "the body assures itself, directly or through others."),
        ("bodies[0].assures", ["OOG"], "expected text, found a list."),
        ("themes[0].commitments", {}, "expected a list, found keys with values."),
        (f"{CS_6}.value", "5304", "expected a number, found the text '5304'."),
        (f"{CS_6}.value", 1.234, "Ensure that there are no more than 2 decimal places."),
        (f"{CS_6}.value", float("nan"), "expected a number, found the number nan."),
        (f"{CS_6}.better", "more", "there is no better 'more'. Use one of higher, lower."),
        ("case_studies[0].has_video", "yes", "expected true or false, found the text 'yes'."),
        ("case_studies[0].video", "a film", "Enter a valid URL."),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(place, value, reason):
    assert refused(lambda: changed(put(place, value))) == [f"{place}: {reason}"]


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        (f"{CYP_1}.tittle", "x", f"{CYP_1}: there is no key 'tittle'. Did you mean 'title'?"),
        (f"{CYP_1}.xyz", "x", f"{CYP_1}: there is no key 'xyz'. Use one of {', '.join(DELIVERABLE.keys)}."),
        (
            f"{CS_6}.xyz",
            "x",
            f"{CS_6}: there is no key 'xyz'. Use one of metric, value, unit, qualifier, period, source, note, better.",
        ),
        (f"{CYP_1}.source", REMOVED, f"{CYP_1}: the key 'source' is missing."),
        (f"{CS_6}.unit", REMOVED, f"{CS_6}: the key 'unit' is missing."),
        ("ambitions", REMOVED, "top level: the key 'ambitions' is missing."),
    ],
)
def test_a_wrong_or_missing_key_is_refused_with_its_place(place, value, problem):
    assert refused(lambda: changed(put(place, value))) == [problem]


def test_a_number_with_a_fraction_is_taken_as_it_is_written():
    figure = next(row for row in changed(put(f"{CS_6}.value", 86.7)).rows if row.path == CS_6)
    assert figure.values["value"] == Decimal("86.7")


def test_the_keys_of_an_empty_row_are_all_asked_for():
    asked = [f"strategy: the key '{key}' is missing." for key in ("code", "title", "version", "system", "published_in", "source")]
    assert refused(lambda: changed(lambda data: data.update(strategy={}))) == asked
    assert len(refused(lambda: changed(lambda data: data["case_studies"].append({})))) == 7


def test_all_problems_are_said_at_once_also_those_below_a_broken_row():
    def spoil(data: Any) -> None:
        del data["plan_year"]["code"]
        data["aims"][1]["name"] = 1
        data["priorities"][0]["code"] = None
        data["priorities"][0]["deliverables"][1]["principles"] = ["FAIRNESS"]
        data["case_studies"][6]["figures"][2]["value"] = "four"

    assert [problem.partition(": ")[0] for problem in refused(lambda: changed(spoil))] == [
        "plan_year",
        "aims[1].name",
        "priorities[0].code",
        "case_studies[6].figures[2].value",
        "priorities[0].deliverables[1].principles",
    ]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", "top level", "expected keys with values, found nothing."),
        ("- a\n- b\n", "top level", "expected keys with values, found a list."),
        ("a: b: c\n", "line 1, column 5", "mapping values are not allowed here."),
        ("a: 1\nb: 'open\n", "line 3, column 1", "found unexpected end of stream, while scanning a quoted scalar from line 2"),
        ("a: 1\nb: 2\na: 3\n", "line 3, column 1", "the key 'a' is written twice."),
        ("a:\n\t- 1\n", "line 2, column 1", "found character '\\t' that cannot start any token."),
        ("a: [1, 2\nb: 3\n", "line 2, column 2", "expected ',' or ']', but got ':'"),
        ("a: *b\n", "line 1, column 4", "found undefined alias 'b'."),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1, column 4", "could not determine a constructor for the tag"),
        ("? [a]\n: 1\n", "line 1, column 3", "found unhashable key"),
        ("a: 1\nb: \x07\n", "line 2", "the character #x0007 is not allowed."),
        ("a: !!int many\n", "line 1, column 4", "this cannot be read as !!int."),
    ],
)
def test_what_is_not_yaml_is_refused_with_line_and_column(text, place, reason):
    [problem] = problems(text)
    assert problem.startswith(f"{place}: {reason}")


def test_what_is_nested_without_end_is_refused():
    assert problems("[" * 5000)[0].startswith("the file: it cannot be read as YAML")


def test_what_looks_like_a_date_is_text():
    def version(text: str) -> str:
        return TEXT.replace("version: Updated March 2025", f"version: {text}")

    assert problems(version("2025-03-31")) == []
    assert problems(version("2025-13-41")) == []


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("strategy: Übersicht".encode("latin-1"))
    for path, reason in [
        (tmp_path / "none.yaml", "the file cannot be read (No such file or directory)"),
        (tmp_path, "the file cannot be read (Is a directory)"),
        (latin, "byte 10: it is not UTF-8 text. Save the file as UTF-8."),
    ]:
        with pytest.raises(Refused) as caught:
            read(path)
        assert len(caught.value.problems) == 1 and reason in caught.value.problems[0]


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path):
    path = tmp_path / "marked.yaml"
    path.write_text(TEXT[TEXT.index("strategy:") :], encoding="utf-8-sig")
    assert read(path) == ours()


def test_a_body_comes_after_the_one_that_it_assures_and_keeps_its_place_on_the_page():
    def last_first(data: dict[str, Any]) -> None:
        data["bodies"].insert(0, data["bodies"].pop(2))

    bodies = changed(last_first).of(BODY)
    codes = [row.key[1] for row in bodies]
    assert codes.index("ICP") < codes.index("ICS-WG")
    assert bodies[codes.index("ICS-WG")].values["order"] == 1


def test_periods_follow_from_the_plan_year():
    assert len(ours().of(PERIOD)) == 12
    assert {row.path for row in ours().of(PERIOD)} == {"plan_year"}


def test_a_row_says_which_of_its_fields_the_file_sets():
    row = ours().of(DELIVERABLE)[0]
    assert {"title", "principles", "order", "priority"} <= row.given
    assert "maturity" not in row.given
    assert row.name == "deliverable HW-1"
    assert not ours().of(AMBITION)[0].values["note"]


def test_the_file_is_laid_out_for_people():
    text = PATH.read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines()) <= 140
    assert yaml.safe_load(text)["priorities"][0]["deliverables"][0]["code"] == "HW-1"
