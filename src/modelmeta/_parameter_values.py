"""What a value in a request counts as: a number, a boolean, one of the choices, or some library's own."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["PLAIN", "among", "is_boolean", "is_foreign", "number_of", "text"]

PLAIN = frozenset({int, float, str, bool, list, tuple, dict})
"""What JSON is made of."""


def is_foreign(value: object) -> bool:
    """Whether a value is some library's object, of which only the library knows what it becomes in JSON."""
    return not (isinstance(value, (int, float, str, list, tuple, dict, bytes)) or hasattr(value, "__float__"))


def number_of(value: Any) -> float | int | None:
    """A number as JSON would carry it, or ``None``: a boolean is none, a NumPy scalar is one."""
    if value.__class__ is int or value.__class__ is float:
        return value
    if isinstance(value, str) or is_boolean(value):
        return None
    try:
        if hasattr(value, "__index__"):
            return int(value)
        if hasattr(value, "__float__"):
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass
    return None


def is_boolean(value: object) -> bool:
    """Whether a value is true or false, NumPy's included."""
    return isinstance(value, bool) or value.__class__.__name__ in {"bool_", "bool"}


def among(value: object, choices: list[Any]) -> bool:
    """Whether a value is one of the choices, where ``True`` is not ``1``."""
    if value.__class__ not in PLAIN:
        value = value if isinstance(value, (int, float, str)) else number_of(value)
    return any(value == choice and is_boolean(value) == isinstance(choice, bool) for choice in choices)


def text(value: Any, limit: int = 80) -> str:
    """A value for a message: short, and safe for objects of any depth."""
    if value.__class__ is str:
        shown: str = value
    elif value.__class__ in {float, bool} or (value.__class__ is int and -(10**20) < value < 10**20):
        shown = repr(value)
    else:
        shown = f"<{type(value).__name__}>"
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"
