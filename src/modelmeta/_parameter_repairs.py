"""A request corrected with the least change, so that it checks clean."""

from __future__ import annotations

from ._parameter_requests import Request
from ._parameter_shortcuts import check
from ._parameter_values import is_boolean, number_of, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ._parameter_rules import Plan, Rule
    from ._parameter_shortcuts import Found

__all__ = ["clamped", "corrected", "differences", "shown"]

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Efforts in rising order: the nearest one that a model takes is the least change."""


def corrected(plan: Plan, params: Mapping[Any, object], strict: bool) -> dict[str, object]:
    """A copy of ``params`` that checks clean: each error repaired on its own, and nothing else touched."""
    fixed: dict[Any, Any] = {key: value for key, value in params.items() if isinstance(key, str)}
    for attempt in range(40):
        errors = [one for one in check(plan, fixed, strict) if one["severity"] == "error"]
        if not errors:
            break
        fixed = _Copier().copy(fixed)
        for one in errors[:1] if attempt < 30 else errors:
            _repaired(plan, fixed, one, attempt)
    return fixed


def differences(params: Mapping[Any, object], safe: Mapping[Any, object]) -> tuple[str, ...]:
    """What was done to a request, a line for each parameter."""
    before, after = _leaves(params), _leaves(safe)
    added = {path: value for path, value in after.items() if path not in before}
    lines = []
    for path, value in before.items():
        if path in after:
            if not _same(value, after[path]):
                lines.append(f"{path}: {shown(value)} became {shown(after[path])}")
            continue
        heir = next((new for new, same in added.items() if same is value), None)
        if heir is None:
            lines.append(f"{path}: left out")
        else:
            del added[heir]
            lines.append(f"{path}: renamed {heir}")
    return (*lines, *(f"{path}: added as {shown(value)}" for path, value in added.items()))


def _leaves(params: Mapping[Any, Any]) -> dict[str, object]:
    """What a request holds, by its dotted path; an object that was met before is not entered again."""
    found: dict[str, object] = {}
    opened = {id(params)}
    todo = [("", params)]
    for prefix, values in todo:
        for key, value in values.items():
            path = f"{prefix}{text(key)}"
            if value.__class__ is dict and value and id(value) not in opened:
                opened.add(id(value))
                todo.append((f"{path}.", value))
            else:
                found[path] = value
    return found


def _same(value: object, other: object) -> bool:
    try:
        return value is other or bool(value == other)
    except Exception:  # noqa: BLE001  (a foreign object may do anything when it is compared, and cycles never end)
        return True


def shown(value: object) -> str:
    """A value in a message."""
    if isinstance(value, str):
        return repr(text(value))
    if isinstance(value, (list, tuple)):
        return "1 entry" if len(value) == 1 else f"{len(value)} entries"
    return text(value)


class _Copier:
    """Copies a request so that nothing is shared that a repair would change.

    An object that holds itself does so in the copy; what lies deeper or is larger than any request is not copied.
    """

    __slots__ = ("left", "open")

    def __init__(self) -> None:
        self.left = 20_000
        self.open: dict[int, dict[Any, Any]] = {}

    def copy(self, params: dict[Any, Any]) -> dict[Any, Any]:
        if self.left <= 0 or len(self.open) > 16:
            return params
        twin: dict[Any, Any] = {}
        self.open[id(params)] = twin
        self.left -= len(params)
        for key, value in params.items():
            if value.__class__ is dict:
                known = self.open.get(id(value))
                twin[key] = self.copy(value) if known is None else known
            else:
                twin[key] = value
        del self.open[id(params)]
        return twin


def _repaired(plan: Plan, params: dict[Any, Any], one: Found, attempt: int) -> None:
    path = one["path"].partition("[")[0]
    if attempt >= _STUBBORN:
        _drop(params, path)
    elif attempt >= _PATIENCE:
        _drop(params, path if attempt % 2 else path.partition(".")[0])
    elif "fix" in one["rule"]:
        _follow(plan, params, one["rule"]["fix"])
    else:
        _REPAIRS.get(one["code"], _replaced)(plan, params, one)


_PATIENCE, _STUBBORN = 15, 30
"""After so many repairs parameters are left out, and then all that is wrong at once."""


def _follow(plan: Plan, params: dict[Any, Any], steps: dict[str, Any]) -> None:
    """Do what a rule says is to be done."""
    for target, value in steps.items():
        spelled = Request(plan, params).shown(target)
        if value is None:
            _drop(params, spelled)
        elif isinstance(value, str) and value.startswith("@"):
            _rewrite(params, value)
        else:
            _set(params, spelled, value)


def _renamed(plan: Plan, params: dict[Any, Any], one: Found) -> None:
    value = _drop(params, one["path"])
    target = one["rule"]["use"].partition("=")[0]
    if value is not None and not Request(plan, params).sent(target):
        _set(params, target, value)


def _respelled(_: Plan, params: dict[Any, Any], one: Found) -> None:
    value, near = _drop(params, one["path"]), one["rule"].get("near")
    if near and near not in params:
        _set(params, near, value)


def _added(_: Plan, params: dict[Any, Any], one: Found) -> None:
    _set(params, one["path"], one["rule"].get("fill", 4096))


def _replaced(_: Plan, params: dict[Any, Any], one: Found) -> None:
    path = one["path"].partition("[")[0]
    value = _replacement(one)
    if path.endswith("format.type"):  # goes or stays with all that is beside it
        path = path.rpartition(".")[0]
        value = {"type": "json_object"} if "json_object" in (one["allowed"] or ()) else None
        _drop(params, path)
    if value is None:
        _drop(params, path)
    else:
        _set(params, path, value)


_REPAIRS: dict[str, Callable[[Plan, dict[Any, Any], Found], None]] = {
    "missing_required": _added,
    "renamed": _renamed,
    "unknown_parameter": _respelled,
}


def _replacement(one: Found) -> object:
    """The nearest value that passes; ``None`` when leaving the parameter out is the smaller change."""
    code, value, allowed = one["code"], one["value"], one["allowed"]
    found: object = None
    if code in {"out_of_range", "limit_exceeded"}:
        found = _shortened(value, allowed[1]) if isinstance(allowed, list) else clamped(one)
    elif code == "conflict" and "less_than" in one["rule"]:
        found = allowed - 1 if isinstance(allowed, int) and allowed > 1024 else None
    elif code == "unsupported_value" and "allow" not in one["rule"]:
        found = _nearest(value, allowed, one["rule"])
    elif code == "wrong_type" and allowed:
        found = _converted(value, allowed)
    return found


def _shortened(value: Any, most: int | None) -> object:
    if not most or len(value) <= most:
        return None
    return dict(list(value.items())[:most]) if isinstance(value, dict) else value[:most]


def clamped(one: Found) -> object:
    """A number, or each number of a mapping, brought to the nearest bound."""
    value, (low, high) = one["value"], one["allowed"]
    low, high = low or {}, high or {}
    if isinstance(value, dict):
        clean = {key: _bounded(number, low, high) for key, number in value.items()}
        return {key: number for key, number in clean.items() if number is not None}
    number = number_of(value)
    return None if number is None else _bounded(number, low, high)


def _bounded(number: object, low: Rule, high: Rule) -> object:
    value = number_of(number)
    if value is None:
        return number
    step = 1 if "integer" in (low.get("type"), high.get("type")) else 0.01
    bottom = low.get("min", low["above"] + step if "above" in low else None)
    top = high.get("max", high["below"] - step if "below" in high else None)
    if bottom is not None and value < bottom:
        return bottom
    if top is not None and value > top:
        return top
    return value


def _nearest(value: object, choices: list[Any] | None, rule: Rule) -> object:
    if isinstance(value, (list, tuple)):
        return [
            one for one in value if not isinstance(one, str) or (one in choices if choices else one.strip())
        ] or None
    if not choices:
        return None
    usual = rule.get("default", rule.get("fill"))
    standing = usual if usual in choices else None
    if isinstance(value, str) and value.lower() in EFFORTS:
        rank = EFFORTS.index(value.lower())
        ladder = [choice for choice in choices if isinstance(choice, str) and choice.lower() in EFFORTS]
        if ladder:
            return min(
                ladder, key=lambda choice: (abs(EFFORTS.index(choice.lower()) - rank), -EFFORTS.index(choice.lower()))
            )
    return standing


def _converted(value: object, kinds: list[str]) -> object:
    if is_boolean(value):
        return None
    if "boolean" in kinds and isinstance(value, str) and value in {"true", "false"}:
        return value == "true"
    number = _read_number(value)
    if number is not None and "number" in kinds:
        return number
    if number is not None and "integer" in kinds:
        return int(number)
    return [value] if "array" in kinds and isinstance(value, str) else None


def _read_number(value: object) -> float | int | None:
    number = number_of(value)
    if number is None and isinstance(value, str) and len(value) < 40:
        try:
            number = float(value)
        except ValueError:
            return None
    return number if number is not None and abs(number) < 1e15 else None


def _rewrite(params: dict[Any, Any], how: str) -> None:
    """Repair the conversation: ``@drop_last`` takes the prefilled answer away, ``@user:system`` renames a role."""
    name = next(
        (name for name in ("messages", "input", "contents") if isinstance(params.get(name), (list, tuple))), None
    )
    if name is None:
        return
    turns = list(params[name])
    if how == "@drop_last":
        while turns and isinstance(turns[-1], dict) and turns[-1].get("role") in {"assistant", "model"}:
            turns.pop()
    else:
        role = how.partition(":")[2]
        turns = [
            {**turn, "role": "user"} if isinstance(turn, dict) and turn.get("role") == role else turn for turn in turns
        ]
    params[name] = turns


def _drop(params: dict[Any, Any], path: str) -> object:
    """Take a parameter out, and the object that held it if nothing else is left in it."""
    if path in params:
        return params.pop(path)
    head, _, rest = path.partition(".")
    inner = params.get(head)
    if not rest or not isinstance(inner, dict):
        return None
    value = _drop(inner, rest)
    if not inner:
        del params[head]
    return value


def _set(params: dict[Any, Any], path: str, value: object) -> None:
    head, _, rest = path.partition(".")
    if path in params or not rest:
        params[path] = value
        return
    inner = params.get(head)
    if not isinstance(inner, dict):
        inner = params[head] = {}
    _set(inner, rest, value)
