"""Read an overlay file: JSON, YAML or TOML -> plain values, with the line of each.

All three give the same values: text, whole numbers, exact decimals (never a float), booleans, ``None``, lists and
objects. A date that TOML or YAML would make an object of its own stays the text it was.
"""

from __future__ import annotations

import os
import re
import sys
from decimal import Decimal, InvalidOperation
from importlib import import_module

from ._positions import json_positions, toml_positions
from .errors import DatasetError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from ._positions import Path, Positions

__all__ = ["MAX_OVERLAY_BYTES", "SUFFIXES", "Text", "read_file"]

MAX_OVERLAY_BYTES = 4 * 1024 * 1024
"""A larger overlay is refused: that much belongs into a dataset."""

_MOST_NODES = 200_000
_DEEPEST = 100


class Text:
    """What an overlay file holds, and on which lines; the lines are found when first asked for."""

    def __init__(self, value: Any, positions: Callable[[], Positions]) -> None:
        self.value = value
        self._positions = positions
        self._found: Positions | None = None

    @property
    def positions(self) -> Positions:
        """The line of every value, by its path."""
        if self._found is None:
            self._found = self._positions()
        return self._found


def read_file(path: str) -> Text:
    """The values in an overlay file; raises ``DatasetError`` with the file and the line."""
    suffix = os.path.splitext(path)[1].lower()
    reader = _READERS.get(suffix)
    if reader is None:
        raise DatasetError(f"{path}: an overlay is a file that ends in {', '.join(_READERS)}")
    text = _text(path)
    try:
        return reader(text, path)
    except RecursionError:
        raise DatasetError(f"{path}: values are nested too deeply") from None


def _text(path: str) -> str:
    if os.path.exists(path) and not os.path.isfile(path):
        raise DatasetError(f"{path}: not a file")
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_OVERLAY_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DatasetError(f"{path}: {reason}") from None
    if len(data) > MAX_OVERLAY_BYTES:
        raise DatasetError(f"{path}: larger than {MAX_OVERLAY_BYTES:,} bytes, which is too much for an overlay")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DatasetError(f"{path}:{line}: not UTF-8 text") from None


def _json(text: str, path: str) -> Text:
    import json

    twice = False

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        found = dict(items)
        twice = twice or len(found) != len(items)
        return found

    try:
        value = json.loads(text, parse_float=_decimal, parse_constant=_no_constant, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise DatasetError(f"{path}:{error.lineno}: not valid JSON: {error.msg}") from None
    except ValueError as error:
        raise DatasetError(f"{path}: not valid JSON: {error}") from None
    if twice:
        positions, place = json_positions(text)
        if place is not None:
            raise DatasetError(f"{path}:{positions[place]}: the key {place[-1]!r} stands twice")
        raise DatasetError(f"{path}: a key stands twice")
    return Text(value, lambda: json_positions(text)[0])


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text[:40]!r} is not a number") from None


_MOST_DOTS = 500
"""The parser of dotted keys takes time that grows with the square of their parts."""


def _toml(text: str, path: str) -> Text:
    toml = _tomllib(path)
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _MOST_DOTS:
            raise DatasetError(f"{path}:{number}: more than {_MOST_DOTS} dots on one line; use more lines")
    try:
        value = toml.loads(text.replace("\r\n", "\n"), parse_float=_decimal)
    except toml.TOMLDecodeError as error:
        found = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        where, reason = (f"{path}:{found[1]}", str(error)[: found.start()]) if found else (path, str(error))
        raise DatasetError(f"{where}: not valid TOML: {reason}") from None
    except ValueError as error:
        raise DatasetError(f"{path}: not valid TOML: {error}") from None
    return Text(_without_dates(value), lambda: toml_positions(text))


def _tomllib(path: str) -> Any:
    if sys.version_info >= (3, 11):
        return import_module("tomllib")
    try:
        return import_module("tomli")
    except ImportError:
        raise DatasetError(
            f"{path}: Python before 3.11 needs the package tomli to read TOML: pip install 'modelmeta[toml]'"
        ) from None


def _without_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_dates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_dates(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _yaml(text: str, path: str) -> Text:
    try:
        yaml = import_module("yaml")
    except ImportError:
        raise DatasetError(
            f"{path}: reading YAML needs the package pyyaml: pip install 'modelmeta[yaml]'; "
            f"JSON and TOML need nothing more"
        ) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    builder = _YamlValues(path, yaml, loader)
    try:
        value = builder.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        where = path if mark is None else f"{path}:{mark.line + 1}"
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise DatasetError(f"{where}: not valid YAML: {problem}") from None
    except ValueError as error:
        raise DatasetError(f"{path}: not valid YAML: {error}") from None
    finally:
        loader.dispose()
    return Text(value, lambda: builder.positions)


_YAML_BOOL = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_YAML_INT = re.compile(r"[-+]?(?:0|[1-9][0-9_]{0,30})")
_YAML_DECIMAL = re.compile(r"[-+]?(?:[0-9][0-9_]{0,40})?\.?[0-9][0-9_]{0,40}(?:[eE][-+]?[0-9]{1,4})?")


class _YamlValues:
    """The values of a YAML document, in which only what JSON knows has a type; the rest is text.

    Built from the parser's events: its own tree of nodes is made by recursion in C, which deep nesting overflows.
    """

    def __init__(self, path: str, yaml: Any, loader: Any) -> None:
        self.path = path
        self.yaml = yaml
        self.loader = loader
        self.positions: Positions = {}
        self.count = 0
        self.anchors: dict[str, tuple[Any, int]] = {}

    def _fail(self, event: Any, what: str) -> DatasetError:
        return DatasetError(f"{self.path}:{event.start_mark.line + 1}: {what}")

    def document(self) -> Any:
        """The one document of the file; ``None`` if there is none."""
        yaml, take = self.yaml, self.loader.get_event
        take()
        if isinstance(take(), yaml.StreamEndEvent):
            return None
        value = self._value(take(), ())
        take()
        after = take()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._fail(after, "a second document begins here; an overlay is one")
        return value

    def _value(self, event: Any, path: Path) -> Any:
        yaml = self.yaml
        self._spend(1, event, path)
        self.positions.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise self._fail(event, f"no anchor {event.anchor!r} stands before this")
            value, size = self.anchors[event.anchor]
            self._spend(size, event, path)
            return value
        before = self.count
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            while not isinstance(item := self.loader.get_event(), yaml.SequenceEndEvent):
                value.append(self._value(item, (*path, len(value))))
        else:
            value = self._mapping(path)
        if event.anchor is not None:
            self.anchors[event.anchor] = value, self.count - before
        return value

    def _spend(self, nodes: int, event: Any, path: Path) -> None:
        self.count += nodes
        if self.count > _MOST_NODES or len(path) > _DEEPEST:
            raise self._fail(event, "too many values, or nested too deeply")

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self.loader.get_event(), self.yaml.MappingEndEvent):
            if not isinstance(event, self.yaml.ScalarEvent):
                raise self._fail(event, "a key is a word, not a list, an object or an alias")
            key = event.value
            if key in found:
                raise self._fail(event, f"the key {key!r} stands twice")
            place = (*path, key)
            self.positions[place] = event.start_mark.line + 1
            found[key] = self._value(self.loader.get_event(), place)
        return found

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        tag = event.tag
        if tag is None or tag == "!":
            tag = self.loader.resolve(self.yaml.ScalarNode, text, event.implicit)
        kind = tag.rpartition(":")[2]
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in _YAML_BOOL:
            return _YAML_BOOL[text.lower()]
        plain = text.replace("_", "")
        if kind == "int" and _YAML_INT.fullmatch(text):
            return int(plain)
        if kind == "float" and _YAML_DECIMAL.fullmatch(text):
            return Decimal(plain)
        if kind in {"bool", "int", "float", "str", "timestamp"}:
            return text
        raise self._fail(event, f"the YAML tag {tag[:80]!r} has no meaning here")


_READERS: dict[str, Callable[[str, str], Text]] = {".json": _json, ".toml": _toml, ".yaml": _yaml, ".yml": _yaml}

SUFFIXES = tuple(_READERS)
"""How the names of overlay files end."""
