"""One request as the rules see it: its parameters under plain names."""

from __future__ import annotations

from ._parameter_conditions import MISSING
from ._parameter_values import PLAIN, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ._parameter_rules import Plan

__all__ = ["CONTENT", "TURNS", "Request"]

TURNS = ("messages", "input", "contents")
_TOOLS = ("tools", "functions", "toolConfig")

CONTENT: dict[str, tuple[tuple[str, ...], object]] = {
    "@audio": (TURNS, False),
    "@function_mode": (("toolConfig", "tool_config"), False),
    "@images": (TURNS, False),
    "@last_role": (TURNS, MISSING),
    "@mixed_tools": (_TOOLS, False),
    "@prefilled": (TURNS, False),
    "@roles": (TURNS, []),
    "@tool_choice": (("tool_choice", "toolConfig"), MISSING),
    "@tool_kinds": (_TOOLS, []),
    "@tools": (_TOOLS, False),
}
"""What rules can ask of the content of a request: the keys under which that comes, and the answer without any."""

_FLAT = frozenset({str, int, float, bool})

_DEPTH = 12
"""Objects nested deeper than this in a request hold no parameters."""

_ENTRIES = 20_000
"""So many entries of nested objects are read, and no more: an object may hold itself."""


class Request:
    """A request's parameters under their plain names, with how each was spelled; ``None`` means not sent."""

    __slots__ = ("_features", "_left", "flat", "misshapen", "plan", "spelled", "unknown")

    def __init__(self, plan: Plan, params: Mapping[object, object]) -> None:
        self.plan = plan
        self.flat: dict[str, object] = {}
        self.spelled: dict[str, str] = {}
        self.unknown: list[tuple[str, object]] = []
        self.misshapen: list[tuple[str, object]] = []
        self._features: dict[str, object] = {}
        self._left = _ENTRIES
        self._read("", "", params, _DEPTH)

    def _read(self, prefix: str, shown: str, values: Any, depth: int) -> None:
        plan = self.plan
        names, parameters, objects = plan.names, plan.parameters, plan.objects
        self._left -= len(values)
        for name, value in values.items():
            if value is None:
                continue
            if not isinstance(name, str):
                self.unknown.append((f"{shown}{text(name)}", value))
                continue
            key = name if name.__class__ is str else str.__str__(name)
            path = prefix + key if prefix else key
            path = names.get(path) or (self._path(path) if "." in path else path)
            inside = not prefix and key in plan.inside
            if depth and self._left > 0 and (inside or path in objects) and _is_mapping(value):
                if not inside:
                    self._put(path, shown + key, value)
                self._read("" if inside else path + ".", f"{shown}{key}.", value, depth - 1)
                continue
            if inside:
                if value.__class__ in PLAIN and value.__class__ is not dict:
                    self.misshapen.append((shown + key, value))
                continue
            if value.__class__ in _FLAT and path in plan.shaped:
                self.misshapen.append((shown + key, value))
                self.flat[path] = value
            elif path in parameters or path in objects:
                self._put(path, shown + key if shown else key, value)
            elif prefix or path in plan.passing or ("." in path and path.partition(".")[0] in plan.passing):
                self.flat[path] = value
            else:
                self.unknown.append((shown + key, value))

    def _path(self, key: str) -> str:
        """The plain name of a dotted spelling, part by part."""
        if "." not in key:
            return key
        head, _, rest = key.partition(".")
        plan = self.plan
        if head in plan.inside:
            return plan.names.get(rest) or self._path(rest)
        path = plan.names.get(head, head)
        for part in rest.split("."):
            path = plan.names.get(f"{path}.{part}", f"{path}.{part}")
        return path

    def _put(self, path: str, spelling: str, value: object) -> None:
        self.flat[path] = value
        if path != spelling:
            self.spelled[path] = spelling

    def sent(self, path: str) -> bool:
        """Whether the parameter, or anything inside it, was sent."""
        if path in self.flat:
            return True
        if path[0] == "@":
            return self.effective(path) is not MISSING
        inner = path + "."
        return any(name.startswith(inner) for name in self.flat)

    def effective(self, path: str) -> object:
        """The value that counts: what was sent, else the default that the rules state, else ``MISSING``."""
        if path in self.flat:
            return self.flat[path]
        if path[0] == "@":
            if path not in self._features:
                self._features[path] = self._of_content(path)
            return self._features[path]
        return self.plan.defaults.get(path, MISSING)

    def _of_content(self, name: str) -> object:
        keys, without = CONTENT[name]
        if not any(path.partition(".")[0] in keys for path in self.flat):
            return without
        from ._parameter_content import READERS

        return READERS[name](self.flat)

    def shown(self, path: str) -> str:
        """The parameter as the caller spelled it."""
        return self.spelled.get(path, path)


def _is_mapping(value: object) -> bool:
    if value.__class__ in PLAIN:
        return value.__class__ is dict
    from collections.abc import Mapping

    return isinstance(value, Mapping)
