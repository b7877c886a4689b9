"""YAML as the strategy file needs it: text stays text, and a key written twice is refused."""

from collections.abc import Iterator
from typing import Any

import yaml

LONGEST_PATH = 200  # characters
PLAIN = ("null", "bool", "int", "float", "str", "seq", "map")


class Broken(Exception):
    """The text is not the YAML that we read. Says the line and the column."""


class Loader(yaml.SafeLoader):
    """Knows no dates, so that what looks like one stays text, and lets no key overwrite another."""

    yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    yaml_constructors = {
        tag: make for tag, make in yaml.SafeLoader.yaml_constructors.items() if tag is None or tag.rpartition(":")[2] in PLAIN
    }

    def compose_node(self, parent: yaml.Node | None, index: Any) -> Any:
        """Takes no aliases: a few lines of them stand for more rows than any memory holds."""
        if self.check_event(yaml.AliasEvent) and self.peek_event().anchor in self.anchors:
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="an alias (*) is not taken, write the text itself", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Says where a number or a truth is none, or has more digits than can be written out again."""
        try:
            made = super().construct_object(node, deep)
            if isinstance(made, int):
                str(made)
        except (ValueError, KeyError, IndexError) as error:
            kind = node.tag.rpartition(":")[2]
            raise yaml.MarkedYAMLError(problem=f"this cannot be read as !!{kind}", problem_mark=node.start_mark) from error
        return made

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in keys:
                raise yaml.MarkedYAMLError(problem=f"the key '{key.value}' is written twice", problem_mark=key.start_mark)
            keys.add(key.value if isinstance(key, yaml.ScalarNode) else key)
        return super().construct_mapping(node, deep)


def parse_yaml(text: str) -> Any:
    """Plain lists, mappings, texts, numbers and truths. Raises Broken."""
    return parse_with_lines(text)[0]


def parse_with_lines(text: str) -> tuple[Any, dict[str, int]]:
    """And on which line each mapping begins, by its path. Raises Broken."""
    try:
        loader = Loader(text)
        node = loader.get_single_node()
        return (loader.construct_document(node), dict(lines_of(node, ""))) if node else (None, {})
    except yaml.MarkedYAMLError as error:
        raise Broken(reason(error)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Broken(f"line {line}: the character #x{error.character:04x} is not allowed.") from error
    except (ValueError, RecursionError) as error:
        raise Broken(f"the file: it cannot be read as YAML ({error}).") from error


def lines_of(node: yaml.Node, path: str) -> Iterator[tuple[str, int]]:
    if len(path) > LONGEST_PATH:
        return  # none of ours: a long key over many rows would take its length in memory for each of them
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from lines_of(item, f"{path}[{number}]")
    elif isinstance(node, yaml.MappingNode):
        yield path, node.start_mark.line + 1
        for key, value in node.value:
            yield from lines_of(value, f"{path}.{key.value}".removeprefix("."))


def reason(error: yaml.MarkedYAMLError) -> str:
    mark, begun = error.problem_mark or error.context_mark, error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"
    since = f", {error.context} from line {begun.line + 1}, column {begun.column + 1}" if begun and begun is not mark else ""
    return f"{place}: {error.problem or error.context}{since}."
