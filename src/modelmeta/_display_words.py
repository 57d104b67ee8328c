"""How single values read: money, counts, dates, three states, conditions, price lists."""

from __future__ import annotations

from decimal import Decimal

from ._display_blocks import Span, joined
from ._record import Record, field_names
from .pricing import TIERS, Condition, Rate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from typing import Any

    from ._display_blocks import Inline
    from .records import Lifecycle, Model

__all__ = [
    "NOT_STATED",
    "STATUS_TONES",
    "condition_text",
    "count",
    "fact_value",
    "field_words",
    "in_force",
    "lifecycle_sentence",
    "money",
    "rate_text",
    "state",
    "tier_columns",
    "words",
]

NOT_STATED = Span("not stated", "dim")

STATUS_TONES = {
    "active": "good",
    "preview": "warn",
    "legacy": "warn",
    "deprecated": "warn",
    "retired": "bad",
    "unreleased": "dim",
}

_ACRONYMS = {word.lower(): word for word in "ID IDs MCP OCR RAG FIM JSON URL PDF USD GB API TTFT".split()}


def words(name: str) -> str:
    """A name of the vocabulary as people write it: ``tool_calling`` as ``tool calling``."""
    return " ".join(_ACRONYMS.get(word, word) for word in name.replace("_", " ").split(" "))


def field_words(path: str) -> str:
    """The dotted path of a field as people write it: ``pricing.standard.input`` as ``input price``."""
    group, _, name = path.rpartition(".")
    if path == "lifecycle.stated":
        return "status"
    if group.startswith("pricing"):
        tier = group.partition(".")[2]
        return f"{words(name)} price" + (f" ({tier})" if tier not in {"", "standard"} else "")
    return f"{words(name)} modalities" if group == "modalities" else words(name)


def count(number: int | None, unit: str = "") -> Inline:
    """A whole number with its thousands apart, or that nobody states it."""
    return NOT_STATED if number is None else f"{number:,}{unit and ' '}{unit}"


def money(amount: Decimal, currency: str | None = "USD") -> str:
    """An exact amount with at least two decimals; ``currency=None`` leaves the currency to the reader.

    >>> money(Decimal("1.6")), money(Decimal("0.0025")), money(Decimal("1200"), "EUR")
    ('$1.60', '$0.0025', '1,200.00 EUR')
    """
    whole, _, part = f"{amount:f}".partition(".")
    number = f"{int(whole):,}.{part.ljust(2, '0')}"
    if whole.startswith("-") and not number.startswith("-"):
        number = f"-{number}"
    if currency is None:
        return number
    return f"${number}" if currency == "USD" else f"{number} {currency}"


def rate_text(rate: Rate | None, *, unit: bool = True) -> Inline:
    """A rate with its currency and unit."""
    if rate is None:
        return NOT_STATED
    if not rate.amount:
        return Span("free", "good")
    return money(rate.amount, rate.currency) + (f" / {rate.unit}" if unit else "")


def state(value: bool | None) -> Span:
    """One of three states."""
    return Span("-", "dim") if value is None else Span("✓", "good") if value else Span("✗", "bad")


def condition_text(condition: Condition | None) -> str:
    """When a rate applies, in a few words; empty when it always does."""
    if condition is None:
        return ""
    parts = []
    for name in field_names(Condition):
        value = getattr(condition, name)
        if value is False and name in {"thinking", "with_audio"}:
            parts.append(f"without {words(name).removeprefix('with ')}")
        elif value is not None and value is not False:
            parts.append(_CONDITIONS.get(name, "{}").format(value))
    return ", ".join(part for part in parts if part)


_CONDITIONS = {
    "above_input_tokens": "above {:,} input tokens",
    "excess_only": "only the tokens above",
    "region": "region {}",
    "utc_window": "{} UTC",
    "weekdays": "Monday to Friday",
    "quality": "{} quality",
    "context_size": "{} search context",
    "fine_tuned": "fine-tuned",
    "thinking": "thinking",
    "with_audio": "with audio",
}


def lifecycle_sentence(life: Lifecycle, status: str) -> Inline:
    """What its dates say, in the order in which they matter; empty when there is nothing to know."""
    retired = status == "retired"
    parts: list[Inline] = []
    if life.deprecated_on is not None and not retired:
        parts.append(f"deprecated on {life.deprecated_on}")
    if life.retires_on is not None:
        parts.append((f"{'retired' if retired else 'retires'} on ", Span(str(life.retires_on), "strong")))
    elif life.last_listed is not None:
        parts.append(f"last listed by the vendor on {life.last_listed}")
    if life.retires_not_before is not None and life.retires_on is None and not retired:
        parts.append(f"not retired before {life.retires_not_before}")
    if life.replacement is not None:
        parts.append(("use ", Span(life.replacement, "code"), " instead"))
    return joined(parts, " · ")


def fact_value(value: object) -> Inline:
    """Any value of a fact, as a cell shows it."""
    if value is None or value == ():
        return Span("-", "dim")
    for kind, shown in _SHOWN:
        if isinstance(value, kind):
            return shown(value)
    return str(value)


def _record(value: Record) -> Inline:
    if type(value).__str__ is not Record.__str__:
        return str(value)
    stated = [(name, getattr(value, name)) for name in field_names(type(value))]
    return joined([(f"{words(name)} ", *_parts(item)) for name, item in stated if item not in (None, ())])


def _parts(value: object) -> Sequence[str | Span]:
    found = fact_value(value)
    return (found,) if isinstance(found, (str, Span)) else found


def _collection(value: tuple[object, ...]) -> Inline:
    """A tuple; one of pairs is a JSON object as observations hold it."""
    if all(isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str) for item in value):
        pairs = {str(item[0]): item[1] for item in value if isinstance(item, tuple)}
        if "amount" in pairs and "unit" in pairs:
            return _price_object(pairs)
        return joined([(f"{words(name)} ", *_parts(item)) for name, item in pairs.items()])
    if any(isinstance(item, tuple) for item in value):
        return joined([_parts(item) for item in value], "\n")
    return joined([_parts(item) for item in value])


_SHOWN: tuple[tuple[type, Callable[[Any], Inline]], ...] = (
    (bool, state),
    (int, lambda value: f"{value:,}"),
    (Decimal, lambda value: money(value, None)),
    (Rate, rate_text),
    (tuple, _collection),
    (Record, _record),
)


def _price_object(pairs: dict[str, object]) -> Inline:
    currency = str(pairs.get("currency", "USD"))
    try:
        text = f"{money(Decimal(str(pairs['amount'])), currency)} / {pairs['unit']}"
    except ArithmeticError:
        text = f"{pairs['amount']} {currency} / {pairs['unit']}"
    stated = pairs.get("condition")
    known = set(field_names(Condition))
    if isinstance(stated, tuple):
        details = {str(name): item for name, item in stated}
        told = condition_text(Condition(**{name: item for name, item in details.items() if name in known}))
        text += f" ({told})" if told else ""
    for name, preposition in (("effective_from", "from"), ("effective_until", "until")):
        if pairs.get(name):
            text += f", {preposition} {pairs[name]}"
    return text


# Price lists -----------------------------------------------------------------------------------------


def in_force(model: Model, day: date) -> list[Rate]:
    """The rates that hold on a day."""
    return [
        rate
        for rate in model.prices
        if (rate.effective_from is None or rate.effective_from.first_day <= day)
        and (rate.effective_until is None or day < rate.effective_until.first_day)
    ]


def tier_columns(rates: Iterable[Rate]) -> tuple[list[tuple[str, ...]], dict[tuple[str, str, str], dict[str, Rate]]]:
    """Rates by (component, unit, condition) and tier, and the tiers, those with the same prices together."""
    table: dict[tuple[str, str, str], dict[str, Rate]] = {}
    for rate in rates:
        row = table.setdefault((rate.component, rate.unit, condition_text(rate.condition)), {})
        older = row.get(rate.tier)
        if older is None or _starts(older) <= _starts(rate):
            row[rate.tier] = rate
    columns: dict[tuple[object, ...], list[str]] = {}
    for tier in TIERS:
        prices = tuple([_paid(row.get(tier)) for row in table.values()])
        if any(price is not None for price in prices):
            columns.setdefault(prices, []).append(tier)
    return [tuple(tiers) for tiers in columns.values()], table


def _starts(rate: Rate) -> int:
    return 0 if rate.effective_from is None else rate.effective_from.first_day.toordinal()


def _paid(rate: Rate | None) -> object:
    return None if rate is None else (rate.amount, rate.currency)
