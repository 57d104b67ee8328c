"""What ``compute_cost`` says of a row of a log, in the shape that ``with_cost`` answers in."""

from __future__ import annotations

from typing import Any, NamedTuple

from modelmeta import (
    AmbiguousModelError,
    ModelMetaError,
    PriceNotPublishedError,
    UnknownModelError,
    Usage,
    UsageError,
    compute_cost,
)
from modelmeta.components import COUNTS

REQUIRED = ("input_tokens", "output_tokens")


class Answer(NamedTuple):
    """A total and its components, or how the reason begins."""

    total: float | None
    components: dict[str, float]
    currency: str | None
    reason: str


def answer(row: dict[str, Any]) -> Answer:
    """``compute_cost`` for a row whose missing parts are zero and whose missing totals leave it without a cost."""
    missing = [count for count in REQUIRED if count in row and row[count] is None]
    if missing:
        return Answer(None, {}, None, f"{missing[0]} is null")
    counts = {name: row[name] for name in row if name in COUNTS and row[name] is not None}
    if row["model"] is None:
        return Answer(None, {}, None, "no model")
    try:
        Usage(**counts)
    except UsageError:
        return Answer(None, {}, None, "")
    try:
        cost = compute_cost(
            row["model"], tier=row.get("tier"), at=row.get("at"), provider=row.get("provider"), **counts
        )
    except AmbiguousModelError:
        return Answer(None, {}, None, "ambiguous model: ")
    except PriceNotPublishedError:
        return Answer(None, {}, None, "no price")
    except (UnknownModelError, LookupError):
        return Answer(None, {}, None, "unknown model")
    except ModelMetaError as error:
        return Answer(None, {}, None, "before the release" if "was released" in str(error) else "")
    components = {COUNTS[count][0]: 0.0 for count in counts}
    for line in cost.lines:
        components[line.component] += float(line.amount)
    return Answer(float(cost.total), components, cost.currency, "")


def differs(row: dict[str, Any], expected: Answer, prefix: str = "cost") -> str:
    """What a row of a frame with costs has got wrong; nothing if it is right."""
    cost, reason = row[prefix], row[f"{prefix}_reason"]
    if expected.total is None:
        if cost is not None or reason is None or not reason.startswith(expected.reason):
            return f"{cost!r}, {reason!r}: there is none, since {expected.reason!r}"
        named = [name for name in row if name.startswith(f"{prefix}_") and not name.endswith(("_reason", "_currency"))]
        return "".join(f"{name} is {row[name]!r} without a cost" for name in named if row[name] is not None)
    if reason is not None or cost is None:
        return f"{cost!r}, {reason!r}: it costs {expected.total!r}"
    if not close(cost, expected.total):
        return f"{cost!r} is not {expected.total!r}"
    if row[f"{prefix}_currency"] != expected.currency:
        return f"in {row[f'{prefix}_currency']}, not {expected.currency}"
    for component, amount in expected.components.items():
        found = row.get(f"{prefix}_{component}", amount)
        if found is None or not close(found, amount):
            return f"{component}: {found!r} is not {amount!r}"
    return ""


def close(one: float, other: float) -> bool:
    """Within 1e-9 of each other, relative to the exact one."""
    return abs(one - other) <= 1e-9 * abs(other)
