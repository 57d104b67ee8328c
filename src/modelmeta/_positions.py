"""On which line of a JSON, TOML or YAML text each value stands.

The parsers of the standard library do not tell, and an error without a line is a search through the file. These
walkers run only when a line is asked for, over texts that their parser has already accepted.
"""

from __future__ import annotations

import re
from contextlib import suppress
from json import JSONDecodeError, loads
from json.decoder import JSONDecoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

__all__ = ["Path", "Positions", "json_positions", "line_of", "toml_positions"]

Path: TypeAlias = "tuple[str | int, ...]"
Positions: TypeAlias = "dict[Path, int]"

_DEEPEST = 8
"""No value of an overlay lies deeper; what is below counts as part of the value above."""

_MOST = 100_000
"""How many places are remembered; an overlay with more is told by its nearest known line."""

_BLANK = re.compile(r"[ \t\r\n]*")
_decode = JSONDecoder().raw_decode


def line_of(positions: Positions, path: Path) -> int | None:
    """The line of the value at ``path``, or of the nearest one that holds it."""
    for length in range(len(path), -1, -1):
        line = positions.get(path[:length])
        if line is not None:
            return line
    return None


class _Lines:
    """Line numbers of offsets that only grow."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1

    def __call__(self, offset: int) -> int:
        self.line += self.text.count("\n", self.at, offset)
        self.at = max(self.at, offset)
        return self.line


def json_positions(text: str) -> tuple[Positions, Path | None]:
    """The line of every value of a valid JSON text, and the path of the first key that stands twice in one object."""
    walker = _JsonWalker(text)
    walker.value(_blank(text, 0), ())
    return walker.found, walker.twice


def _blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return at if match is None else match.end()


class _JsonWalker:
    def __init__(self, text: str) -> None:
        self.text = text
        self.line = _Lines(text)
        self.found: Positions = {(): 1}
        self.twice: Path | None = None

    def value(self, at: int, path: Path) -> int:
        """Note what the value at ``at`` holds; the offset after it."""
        opening = self.text[at]
        if opening not in "{[" or len(path) >= _DEEPEST:
            return int(_decode(self.text, at)[1])
        at = _blank(self.text, at + 1)
        number = 0
        while self.text[at] not in "}]":
            step: str | int = number
            start = at
            if opening == "{":
                step, at = _decode(self.text, at)
                at = _blank(self.text, _blank(self.text, at) + 1)
            place = (*path, step)
            line = self.line(start)
            if place in self.found:
                self.twice = self.twice or place
                self.found[place] = line
            elif len(self.found) < _MOST:
                self.found[place] = line
            at = _blank(self.text, self.value(at, place))
            if self.text[at] == ",":
                at = _blank(self.text, at + 1)
            number += 1
        return at + 1


_TOML_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_TOML_KEY = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*(\.?)""")
_TOML_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_TOML_SCALAR = re.compile(r"[^,\]}\n#]*")


def toml_positions(text: str) -> Positions:
    """The line of every value of a valid TOML text; what cannot be followed is left out."""
    walker = _TomlWalker(text)
    with suppress(IndexError, ValueError):
        walker.document()
    return walker.found


class _TomlWalker:
    def __init__(self, text: str) -> None:
        self.text = text
        self.line = _Lines(text)
        self.found: Positions = {(): 1}
        self.tables: dict[Path, int] = {}

    def document(self) -> None:
        at = self._skip(0)
        prefix: Path = ()
        while at < len(self.text):
            start = at
            if self.text.startswith("[[", at):
                keys, at = self._keys(at + 2)
                place = self._resolved(keys[:-1]) + keys[-1:]
                self.tables[place] = self.tables.get(place, -1) + 1
                self._note(place, start)
                prefix = (*place, self.tables[place])
                self._note(prefix, start)
                at += 2
            elif self.text[at] == "[":
                keys, at = self._keys(at + 1)
                prefix = self._resolved(keys)
                self._note(prefix, start)
                at += 1
            else:
                at = self._pair(at, prefix)
            at = self._skip(at)

    def _skip(self, at: int) -> int:
        match = _TOML_BLANK.match(self.text, at)
        return at if match is None else match.end()

    def _note(self, path: Path, at: int) -> None:
        line = self.line(at)
        for length in range(1, min(len(path), _DEEPEST, _MOST - len(self.found)) + 1):
            self.found.setdefault(path[:length], line)

    def _resolved(self, keys: Path) -> Path:
        """The path of a table's header: a key that names an array of tables means its last one."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self.tables:
                path = (*path, self.tables[path])
        return path

    def _keys(self, at: int) -> tuple[Path, int]:
        keys: list[str] = []
        dot = "."
        while dot:
            match = _TOML_KEY.match(self.text, at)
            if match is None:
                raise ValueError("no key here")
            key, dot = match.groups()
            at = match.end()
            keys.append(_unquoted(key))
        return tuple(keys), at

    def _pair(self, at: int, prefix: Path) -> int:
        start = at
        keys, at = self._keys(at)
        path = prefix + keys
        self._note(path, start)
        return self._value(at + 1, path)

    def _value(self, at: int, path: Path) -> int:
        at = self._skip(at)
        opening = self.text[at]
        string = _TOML_STRING.match(self.text, at) if opening in "\"'" else None
        if string is not None:
            return string.end()
        if opening not in "[{":
            match = _TOML_SCALAR.match(self.text, at)
            return at if match is None else match.end()
        at = self._skip(at + 1)
        number = 0
        while self.text[at] not in "]}":
            if opening == "{":
                at = self._pair(at, path)
            else:
                self._note((*path, number), at)
                at = self._value(at, (*path, number))
            at = self._skip(at)
            if self.text[at] == ",":
                at = self._skip(at + 1)
            number += 1
        return at + 1


def _unquoted(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    if key[0] == '"':
        try:
            return str(loads(key))
        except JSONDecodeError:
            return key[1:-1]
    return key
