"""What JSON can hold and nothing can do with: half of a character, values in values without end."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator

__all__ = ["JsonValue", "half_character", "within_depth"]

_DEEPEST = 8
_DEEPEST_TEXT = 32


def within_depth(value: Any) -> Any:
    """The value itself; raises ``ValueError`` if it is nested deeper than any fact."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [one for one in level if isinstance(one, (list, dict))]
        if not level:
            return value
        level = [item for one in level for item in (one.values() if isinstance(one, dict) else one)]
    raise ValueError("values are nested too deeply")


JsonValue = Annotated[Any, AfterValidator(within_depth)]
"""For pydantic: a value of any type that is not nested too deeply."""


def half_character(value: object, path: tuple[str | int, ...] = ()) -> tuple[str | int, ...] | None:
    """The path of the first text that holds half of a character (a lone surrogate), which nothing can write."""
    if isinstance(value, str):
        return path if _is_cut(value) else None
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if len(path) >= _DEEPEST_TEXT or (isinstance(key, str) and _is_cut(key)):
            return path
        found = half_character(item, (*path, key))
        if found is not None:
            return found
    return None


def _is_cut(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)
