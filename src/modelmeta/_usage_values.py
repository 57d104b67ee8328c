"""Counts that are not plain whole numbers, and what is said of those that cannot be counts."""

from __future__ import annotations

from .components import CONTINUOUS, COUNTS
from .errors import UsageError
from .pricing import OPTIONS
from .suggestions import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from typing import Any

__all__ = ["number_of", "too_small", "unknown_count"]

_SYNONYMS = {
    "prompt_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "cached_tokens": "cached_input_tokens",
    "cache_read_tokens": "cached_input_tokens",
    "cache_read_input_tokens": "cached_input_tokens",
    "cache_creation_input_tokens": "cache_write_tokens",
    "cache_write_5m_tokens": "cache_write_tokens",
    "total_tokens": "input_tokens",
    "audio_seconds": "seconds",
    "duration": "seconds",
}
"""Names that others use, for the suggestion in an error."""


def unknown_count(name: str) -> UsageError:
    """The error for a name that is no count, with those that may be meant."""
    known = f"{name}_tokens" if f"{name}_tokens" in COUNTS else _SYNONYMS.get(name)
    names = (known,) if known else closest(name, (*COUNTS, *OPTIONS), 2)
    if names:
        return UsageError(f"there is no usage count {name!r}; did you mean {' or '.join(names)}?")
    return UsageError(f"there is no usage count {name!r}; the counts are {', '.join(COUNTS)}")


def number_of(name: str, value: object) -> int | Decimal:
    """``value`` as a count or a measure, exactly."""
    if not isinstance(value, bool):
        index: Callable[[], int] | None = getattr(value, "__index__", None)
        if index is not None:
            number: int | Decimal = index()
        elif name in CONTINUOUS:
            number = _decimal(name, value)
        else:
            number = _whole(name, value)
        if number >= 0:
            return number
        raise UsageError(f"{name} cannot be negative, but is {value}")
    raise UsageError(f"{name} must be a number, not {value!r}")


def _whole(name: str, value: object) -> int:
    hint = ""
    if isinstance(value, float) and abs(value) < float("inf"):
        hint = f"; write int({name}) if it is exact" if value.is_integer() else ", and cannot be a fraction"
    raise UsageError(f"{name} must be a whole number, not {value!r} ({type(value).__name__}){hint}")


def _decimal(name: str, value: object) -> int | Decimal:
    from decimal import Decimal

    if isinstance(value, (float, Decimal)):
        number = Decimal(str(value))
        if number.is_finite():
            whole = int(number)
            return whole if whole == number else number
    raise UsageError(f"{name} must be a finite number, not {value!r}")


def too_small(total: str, stated: list[str], counts: Mapping[str, Any]) -> UsageError:
    """The error for a total that is less than the parts that are stated of it."""
    named = " + ".join(f"{part} ({counts[part]:,})" for part in stated)
    verb = "is" if len(stated) == 1 else "are"
    return UsageError(
        f"{named} {verb} more than {total} ({counts.get(total, 0):,}): {total} counts "
        f"{_everything(total)}, so it cannot be smaller than its parts"
    )


def _everything(total: str) -> str:
    if total == "input_tokens":
        return "everything that went in, cached and cache-written tokens included"
    if total == "output_tokens":
        return "everything that came out, reasoning included"
    return "all of them"
