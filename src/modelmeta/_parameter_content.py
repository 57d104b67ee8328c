"""What the conversation and the tools of a request are like, as far as rules speak of it."""

from __future__ import annotations

from ._parameter_conditions import MISSING
from ._parameter_requests import TURNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, TypeAlias

    Content: TypeAlias = Mapping[str, Any]

__all__ = ["READERS", "place"]

_MESSAGES = 20_000
"""How many messages or parts are looked at: more than any API takes."""


def _turns(flat: Content) -> list[Any]:
    for name in TURNS:
        turns = flat.get(name)
        if isinstance(turns, (list, tuple)):
            return list(turns[:_MESSAGES])
    return []


def _roles(flat: Content) -> object:
    return [_role(turn) for turn in _turns(flat)]


def _last_role(flat: Content) -> object:
    turns = _turns(flat)
    return (_role(turns[-1]) or MISSING) if turns else MISSING


def _role(turn: object) -> str:
    role = turn.get("role") if isinstance(turn, dict) else None
    return role if isinstance(role, str) else ""


def _prefilled(flat: Content) -> object:
    turns = _turns(flat)
    last = turns[-1] if turns else None
    return isinstance(last, dict) and last.get("role") == "assistant" and last.get("prefix") is not True


def _parts(flat: Content) -> Iterator[Any]:
    for turn in _turns(flat):
        if isinstance(turn, dict):
            content = turn.get("content", turn.get("parts"))
            if isinstance(content, (list, tuple)):
                yield from content[:_MESSAGES]
            elif "type" in turn:
                yield turn


_IMAGES = frozenset({"image", "image_url", "input_image"})
_AUDIO = frozenset({"input_audio", "audio"})


def _has(flat: Content, kinds: frozenset[str]) -> bool:
    for part in _parts(flat):
        if isinstance(part, dict):
            kind = part.get("type")
            if isinstance(kind, str) and kind in kinds:
                return True
            if kind is None and not kinds.isdisjoint(key for key in part if isinstance(key, str)):
                return True
    return False


def _tools(flat: Content) -> list[Any]:
    for name in ("tools", "toolConfig.tools", "functions"):
        tools = flat.get(name)
        if isinstance(tools, (list, tuple)):
            return list(tools[:_MESSAGES])
    return []


def _kinds(flat: Content) -> list[str]:
    return [_tool_kind(tool) for tool in _tools(flat)]


def _tool_kind(tool: object) -> str:
    if not isinstance(tool, dict):
        return "function"
    if any(name in tool for name in ("functionDeclarations", "function_declarations")):
        return "function"
    kind = tool.get("type")
    if isinstance(kind, str):
        return kind
    return next((name for name in tool if isinstance(name, str) and name not in {"name", "description"}), "function")


def _tool_choice(flat: Content) -> object:
    """``"auto"``, ``"none"``, ``"required"`` (some tool) or ``"named"`` (this tool), in whichever dialect."""
    choice = flat.get("tool_choice", flat.get("toolConfig.toolChoice", MISSING))
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


def _mixed_tools(flat: Content) -> object:
    kinds = _kinds(flat)
    return "function" in kinds and any(kind != "function" for kind in kinds)


def _function_mode(flat: Content) -> object:
    config = flat.get("toolConfig")
    return isinstance(config, dict) and any(name in config for name in _FUNCTION_CONFIG)


_FUNCTION_CONFIG = ("functionCallingConfig", "function_calling_config")

READERS: dict[str, Callable[[Content], object]] = {
    "@audio": lambda flat: _has(flat, _AUDIO),
    "@function_mode": _function_mode,
    "@images": lambda flat: _has(flat, _IMAGES),
    "@last_role": _last_role,
    "@mixed_tools": _mixed_tools,
    "@prefilled": _prefilled,
    "@roles": _roles,
    "@tool_choice": _tool_choice,
    "@tool_kinds": _kinds,
    "@tools": lambda flat: bool(_tools(flat)),
}
"""The answer to each question of ``CONTENT``, from the parameters of a request."""


def place(flat: Content, at: str) -> str:
    """Where in the conversation a rule is broken (``role:system``)."""
    role = at.partition(":")[2]
    for number, turn in enumerate(_turns(flat)):
        if isinstance(turn, dict) and turn.get("role") == role:
            name = next(name for name in TURNS if name in flat)
            return f"{name}[{number}].role"
    return "messages"
