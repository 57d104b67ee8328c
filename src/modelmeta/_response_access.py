"""Look into objects of any kind: parsed JSON, the objects of an SDK, dataclasses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["first", "get", "get_key", "items_of"]


def get(item: Any, path: str) -> Any:
    """What stands at a path of keys or attributes, or ``None``; ``"."`` is the thing itself."""
    if path == ".":
        return item
    if item.__class__ is dict and "." not in path:  # most of what is asked of most responses, and asked often
        item = item.get(path)
        return None if callable(item) else item
    for name in path.split("."):
        if item is None or isinstance(item, (str, bytes, int, float, list, tuple)):
            return None
        item = item.get(name) if isinstance(item, (dict, Mapping)) else getattr(item, name, None)
    return None if callable(item) else item


def first(item: Any, paths: Iterable[str]) -> Any:
    """What stands at the first of several paths that has anything."""
    for path in paths:
        value = get(item, path)
        if value is not None:
            return value
    return None


def get_key(item: Any, key: str) -> Any:
    """What stands under one key or attribute, dots and all, or ``None``."""
    return item.get(key) if isinstance(item, Mapping) else getattr(item, key, None)


def items_of(item: Any, path: str) -> list[Any]:
    """The items of the list at a path; none if there is no list."""
    found = get(item, path)
    return list(found) if isinstance(found, (list, tuple)) else []
