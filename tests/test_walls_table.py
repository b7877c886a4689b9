import ast

from django.conf import settings

from tests.take_walls_away import WALLS


def test_every_wall_stands_once_where_the_table_says() -> None:
    for wall in WALLS:
        assert (settings.BASE_DIR / wall.file).read_text(encoding="utf-8").count(wall.text) == 1, wall.name


def test_every_wall_is_guarded_by_a_test_that_exists() -> None:
    for wall in WALLS:
        file, _, name = wall.test.partition("::")
        assert f"\ndef {name}(" in (settings.BASE_DIR / file).read_text(encoding="utf-8"), wall.test


def test_taking_a_wall_away_leaves_python_behind() -> None:
    for wall in WALLS:
        ast.parse((settings.BASE_DIR / wall.file).read_text(encoding="utf-8").replace(wall.text, wall.instead))
