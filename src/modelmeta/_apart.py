"""A lookup without the global lock: each thread remembers for itself, and waits for no other."""

from __future__ import annotations

from . import active

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .records import Model

__all__ = ["get_model"]

_REMEMBERED = 50_000
"""How many references a thread remembers before it starts afresh."""


def get_model(ref: str, *, provider: str | None = None) -> Model:
    """As :func:`modelmeta.get_model`."""
    if not active._scopes:
        try:
            known: Model = active._recalled.models[ref if provider is None else (ref, provider)]
        except (AttributeError, KeyError, TypeError):
            pass
        else:
            return known
    # What is remembered is taken first: if the catalog changes meanwhile, it is thrown away with all that it holds.
    recalled, catalog = active._recalled, active.current_catalog()
    key: Any = ref if provider is None else (ref, provider)
    try:
        found = catalog._known[key]
    except (KeyError, TypeError):
        return catalog.get_model(ref, provider=provider)
    if not active._scopes and catalog is active._process:
        models = recalled.__dict__.setdefault("models", {})
        if len(models) >= _REMEMBERED:
            models.clear()
        models[key] = found
    return found
