"""One request as the rules see it: its parameters under plain names, and what its conversation and tools are like."""

from __future__ import annotations

from ._parameter_conditions import MISSING
from ._parameter_values import PLAIN, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from ._parameter_rules import Plan

__all__ = ["FEATURES", "Request", "place"]

_FLAT = frozenset({str, int, float, bool})

_DEPTH = 12
"""Objects nested deeper than this in a request hold no parameters."""

_ENTRIES = 20_000
"""So many entries of nested objects are read, and no more: an object may hold itself."""

_MESSAGES = 20_000
"""How many messages or parts are looked at: more than any API takes."""


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
                self._features[path] = FEATURES[path][0](self)
            return self._features[path]
        return self.plan.defaults.get(path, MISSING)

    def shown(self, path: str) -> str:
        """The parameter as the caller spelled it."""
        return self.spelled.get(path, path)


def _is_mapping(value: object) -> bool:
    if value.__class__ in PLAIN:
        return value.__class__ is dict
    from collections.abc import Mapping

    return isinstance(value, Mapping)


# Content, as far as rules speak of it ---------------------------------------------------------------------


def _turns(request: Request) -> list[Any]:
    for name in _TURNS:
        turns = request.flat.get(name)
        if isinstance(turns, (list, tuple)):
            return list(turns[:_MESSAGES])
    return []


def _roles(request: Request) -> object:
    return [_role(turn) for turn in _turns(request)]


def _last_role(request: Request) -> object:
    turns = _turns(request)
    return (_role(turns[-1]) or MISSING) if turns else MISSING


def _role(turn: object) -> str:
    role = turn.get("role") if isinstance(turn, dict) else None
    return role if isinstance(role, str) else ""


def _prefilled(request: Request) -> object:
    turns = _turns(request)
    last = turns[-1] if turns else None
    return isinstance(last, dict) and last.get("role") == "assistant" and last.get("prefix") is not True


def _parts(request: Request) -> Iterator[Any]:
    for turn in _turns(request):
        if isinstance(turn, dict):
            content = turn.get("content", turn.get("parts"))
            if isinstance(content, (list, tuple)):
                yield from content[:_MESSAGES]
            elif "type" in turn:
                yield turn


_IMAGES = frozenset({"image", "image_url", "input_image"})
_AUDIO = frozenset({"input_audio", "audio"})


def _has(request: Request, kinds: frozenset[str]) -> bool:
    for part in _parts(request):
        if isinstance(part, dict):
            kind = part.get("type")
            if isinstance(kind, str) and kind in kinds:
                return True
            if kind is None and not kinds.isdisjoint(key for key in part if isinstance(key, str)):
                return True
    return False


def _tools(request: Request) -> list[Any]:
    for name in ("tools", "toolConfig.tools", "functions"):
        tools = request.flat.get(name)
        if isinstance(tools, (list, tuple)):
            return list(tools[:_MESSAGES])
    return []


def _kinds(request: Request) -> list[str]:
    return [_tool_kind(tool) for tool in _tools(request)]


def _tool_kind(tool: object) -> str:
    if not isinstance(tool, dict):
        return "function"
    if any(name in tool for name in ("functionDeclarations", "function_declarations")):
        return "function"
    kind = tool.get("type")
    if isinstance(kind, str):
        return kind
    return next((name for name in tool if isinstance(name, str) and name not in {"name", "description"}), "function")


def _tool_choice(request: Request) -> object:
    """``"auto"``, ``"none"``, ``"required"`` (some tool) or ``"named"`` (this tool), in whichever dialect."""
    choice = request.flat.get("tool_choice", request.flat.get("toolConfig.toolChoice", MISSING))
    if isinstance(choice, dict):
        kind = choice.get("type")
        kind = kind if isinstance(kind, str) else ""
        if kind in {"auto", "none"}:
            return kind
        if kind in {"any", "required"} or "any" in choice:
            return "required"
        if "auto" in choice:
            return "auto"
        return "named"
    if isinstance(choice, str):
        return {"any": "required"}.get(choice, choice) if choice in {"auto", "none", "required", "any"} else "named"
    return MISSING


def _mixed_tools(request: Request) -> object:
    kinds = _kinds(request)
    return "function" in kinds and any(kind != "function" for kind in kinds)


def _function_mode(request: Request) -> object:
    config = request.flat.get("toolConfig")
    return isinstance(config, dict) and any(name in config for name in _FUNCTION_CONFIG)


_FUNCTION_CONFIG = ("functionCallingConfig", "function_calling_config")
_TURNS = ("messages", "input", "contents")
_TOOLS = ("tools", "functions", "toolConfig")

FEATURES: dict[str, tuple[Callable[[Request], object], tuple[str, ...]]] = {
    "@audio": (lambda request: _has(request, _AUDIO), _TURNS),
    "@function_mode": (_function_mode, ("toolConfig", "tool_config")),
    "@images": (lambda request: _has(request, _IMAGES), _TURNS),
    "@last_role": (_last_role, _TURNS),
    "@mixed_tools": (_mixed_tools, _TOOLS),
    "@prefilled": (_prefilled, _TURNS),
    "@roles": (_roles, _TURNS),
    "@tool_choice": (_tool_choice, ("tool_choice", "toolConfig")),
    "@tool_kinds": (_kinds, _TOOLS),
    "@tools": (lambda request: bool(_tools(request)), _TOOLS),
}
"""What rules can ask of the content of a request, and the keys under which that content comes."""


def place(request: Request, at: str) -> str:
    """Where in the conversation a rule is broken (``role:system``)."""
    role = at.partition(":")[2]
    for number, turn in enumerate(_turns(request)):
        if isinstance(turn, dict) and turn.get("role") == role:
            name = next(name for name in _TURNS if name in request.flat)
            return f"{name}[{number}].role"
    return "messages"
