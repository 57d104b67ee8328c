"""A log of usage summed up: what it costs by model, and which rows could not be priced."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ._display_blocks import Note, Span, Table, columns
from ._display_words import money
from ._response_shapes import TIER_WORDS
from .components import CONTINUOUS, COUNTS
from .cost import compute_cost
from .errors import ModelMetaError, UsageError
from .usage import Usage

if TYPE_CHECKING:
    from ._cli_files import Entry
    from ._display_blocks import Block, Row
    from .cost import Cost

__all__ = ["Bill", "bill_blocks", "count_value"]

MOST_PROBLEMS = 10

_EXACT = Context(prec=200)

_MODEL = ("model", "model_id", "model_name")
_TIER = ("tier", "service_tier")
_AT = ("at", "timestamp", "created_at", "created", "time", "date")
_OPTIONS = frozenset("region size quality resolution context_size variant calls".split())

_NESTED = ("usage", "usageMetadata", "usage_metadata", "response", "attributes", "body", "message", "meta", "result")
"""What a provider's response has and a flat row has not."""


def count_value(name: str, text: Any) -> Any:
    """A count as a number, whatever a file made of it."""
    if not isinstance(text, str):
        return text
    if text.isdecimal():
        return int(text)
    if name in _OPTIONS and name != "calls":
        return text
    try:
        number = Decimal(text.strip().replace("_", ""))
        whole = int(number)
    except (ArithmeticError, ValueError):
        raise UsageError(f"{name}={text!r} is not a number") from None
    return whole if whole == number else number if name in CONTINUOUS else _not_whole(name, text)


def _not_whole(name: str, text: str) -> Any:
    raise UsageError(f"{name}={text!r} is not a whole number")


class _Columns(NamedTuple):
    """What the columns of a flat row are."""

    model: str | None
    provider: str | None
    tier: str | None
    at: str | None
    counts: tuple[tuple[str, str], ...]
    foreign: tuple[tuple[str, str], ...]
    nested: tuple[str, ...]
    ignored: frozenset[str]


class _Sum:
    """What one model in one tier comes to."""

    def __init__(self) -> None:
        self.rows = 0
        self.input = 0
        self.output = 0
        self.total = Decimal(0)


class Bill:
    """Rows added up exactly. ``problems`` are the rows that could not be priced, with the reason."""

    def __init__(self, model: str | None, **options: Any) -> None:
        self.model = model
        self.options = {name: value for name, value in options.items() if value is not None}
        self.rows = 0
        self.sums: dict[tuple[str, str, str], _Sum] = {}
        self.problems: list[tuple[int, str]] = []
        self.partial = 0
        self.ignored: set[str] = set()
        self.skips = options.get("on_missing") == "skip"
        self._columns: dict[tuple[str, ...], _Columns] = {}
        self._sum_of: dict[tuple[object, ...], _Sum] = {}

    def add(self, entry: Entry) -> None:
        """Price a row and add it."""
        self.rows += 1
        if entry.problem:
            self.problems.append((entry.line, entry.problem))
            return
        try:
            key, usage, cost = self._price(entry.value)
            total = cost.total
        except ModelMetaError as error:
            self.problems.append((entry.line, str(error)))
            return
        except (TypeError, ValueError) as error:
            self.problems.append((entry.line, f"{type(error).__name__}: {error}"))
            return
        found = self._sum_of.get(key) if key is not None else None
        if found is None:
            found = self.sums.setdefault((cost.model or "", cost.tier or "", cost.currency), _Sum())
            if key is not None:
                self._sum_of[key] = found
        found.rows += 1
        found.input += usage.get("input_tokens", 0)
        found.output += usage.get("output_tokens", 0)
        found.total = _EXACT.add(found.total, total)
        if self.skips and cost.is_partial:
            self.partial += 1

    def _price(self, row: dict[str, Any]) -> tuple[tuple[object, ...] | None, dict[str, Any], Cost]:
        """What a row is the same bill as (``None``: that must be looked at), its usage, and its cost."""
        keys = tuple(row)
        read = self._columns.get(keys)
        if read is None:
            read = self._columns[keys] = _columns(keys)
            self.ignored |= read.ignored
        if read.nested and any(isinstance(row[name], dict) for name in read.nested):
            usage = Usage.from_response(row)
            told = usage.response
            same = None if told is None else (told.model, told.provider, told.tier)
            return same, dict(usage.stated()), compute_cost(self._model_of_response(usage), usage, **self.options)
        options = dict(self.options)
        if read.provider is not None:
            options.setdefault("provider", row[read.provider])
        if read.tier is not None:
            word = str(row[read.tier]).lower()
            options.setdefault("tier", TIER_WORDS.get(word, word) or "standard")
        if read.at is not None:
            options.setdefault("at", _moment(row[read.at]))
        model = self.model or (row[read.model] if read.model is not None else None)
        if model is None:
            raise UsageError(f"the row names no model, and none was given; it has {', '.join(keys) or 'nothing'}")
        counts = {count: count_value(count, row[name]) for count, name in read.counts}
        if not read.foreign:
            if not counts:
                raise _no_counts(keys)
            key = (model, options.get("provider"), options.get("tier"))
            return key, counts, compute_cost(model, **options, **counts)
        try:
            usage = Usage.from_response({count: row[name] for count, name in read.foreign})
        except UsageError:
            raise _no_counts(keys) from None
        return None, dict(usage.stated()), compute_cost(model, usage, **options, **counts)

    def _model_of_response(self, usage: Usage) -> str | None:
        return (
            self.model if self.model is not None and (usage.response is None or usage.response.model is None) else None
        )

    @property
    def totals(self) -> dict[str, Decimal]:
        """The sum of each currency."""
        found: dict[str, Decimal] = {}
        for (_, _, currency), one in self.sums.items():
            found[currency] = _EXACT.add(found.get(currency, Decimal(0)), one.total)
        return found

    @property
    def priced(self) -> int:
        """How many rows have a price."""
        return sum(one.rows for one in self.sums.values())

    def to_dict(self) -> dict[str, Any]:
        """The bill as JSON."""
        return {
            "rows": self.rows,
            "priced": self.priced,
            "partial": self.partial,
            "totals": {currency: f"{total:f}" for currency, total in self.totals.items()},
            "models": [
                {
                    "model": model,
                    "tier": tier,
                    "rows": one.rows,
                    "input_tokens": one.input,
                    "output_tokens": one.output,
                    "total": f"{one.total:f}",
                    "currency": currency,
                }
                for (model, tier, currency), one in self.in_order()
            ],
            "problems": [{"line": line, "message": message} for line, message in self.problems],
        }

    def in_order(self) -> list[tuple[tuple[str, str, str], _Sum]]:
        """The sums, the dearest first."""
        return sorted(self.sums.items(), key=lambda item: (-item[1].total, item[0]))


def _no_counts(keys: tuple[str, ...]) -> UsageError:
    return UsageError(f"no column is a count by a known name such as input_tokens: it has {', '.join(keys)}")


def _columns(keys: tuple[str, ...]) -> _Columns:
    """What the keys of a row mean; our own names are found in any case, and with blanks: ``Input Tokens``."""
    ours = {key.strip().lower().replace(" ", "_"): key for key in keys}

    def first(names: tuple[str, ...]) -> str | None:
        return next((ours[name] for name in names if name in ours), None)

    counts = tuple([(name, key) for name, key in ours.items() if name in COUNTS or name in _OPTIONS])
    taken = {key for _, key in counts}
    foreign = tuple(
        [
            (name if "_" in name else key, key)  # a name in camel case keeps its capitals
            for name, key in ours.items()
            if "token" in name and key not in taken and name != "total_tokens"
        ]
    )
    if foreign:
        # Their names for the totals decide what the parts mean, so that all tokens are read in their way.
        foreign += tuple([pair for pair in counts if pair[0].endswith("_tokens")])
        counts = tuple([pair for pair in counts if not pair[0].endswith("_tokens")])
        taken |= {key for _, key in foreign}
    used = (first(_MODEL), first(("provider",)), first(_TIER), first(_AT))
    ignored = frozenset(keys) - taken - {name for name in used if name is not None}
    nested = tuple([name for name in keys if name in _NESTED])
    return _Columns(*used, counts, foreign, nested, frozenset() if nested else ignored)


def _moment(value: Any) -> Any:
    """A moment of a log: ISO text as it is, seconds since 1970 as a date and time."""
    if isinstance(value, str) and not value.strip().isdigit():
        return value.strip().replace(" ", "T", 1) if len(value) > 10 else value.strip()
    if isinstance(value, (str, int, float)):
        from datetime import datetime, timezone

        seconds = float(value)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, tz=timezone.utc)
    return value


def bill_blocks(bill: Bill) -> tuple[Block, ...]:
    """The bill for a person: a line for each model, the total, and what could not be priced."""
    rows: list[Row] = [
        (
            Span(model, "code"),
            tier,
            f"{one.rows:,}",
            f"{one.input:,}",
            f"{one.output:,}",
            money(one.total, currency),
        )
        for (model, tier, currency), one in bill.in_order()
    ]
    rows += [
        (Span("total", "strong"), "", f"{bill.priced:,}", "", "", Span(money(total, currency), "strong"))
        for currency, total in bill.totals.items()
    ]
    titles = ("model", "tier", "requests", "input tokens", "output tokens", "cost")
    blocks: list[Block] = []
    if rows:
        blocks.append(Table(columns(*titles, right=titles[2:5], point=titles[5:]), tuple(rows)))
    if bill.partial:
        blocks.append(
            Note((Span("partial: ", "bad"), f"{bill.partial:,} rows used something without a published price"))
        )
    if bill.problems:
        seen: dict[str, list[int]] = {}
        for line, message in bill.problems:
            seen.setdefault(message, []).append(line)
        problems: list[Row] = [
            (Span(f"{len(where):,}", "bad"), ", ".join(map(str, where[:5])) + (" …" if where[5:] else ""), message)
            for message, where in list(seen.items())[:MOST_PROBLEMS]
        ]
        more = len(seen) - MOST_PROBLEMS
        blocks.append(
            Table(
                columns("rows", "lines", "not priced, because", right=["rows"]),
                tuple(problems),
                more=f"… and {more:,} more reasons" if more > 0 else "",
            )
        )
    if not rows and not bill.problems:
        blocks.append(Note("there is nothing to price"))
    return tuple(blocks)
