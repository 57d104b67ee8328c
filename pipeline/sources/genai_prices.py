"""genai-prices: prices with their dates, times of day and thresholds, by rules that say which ids they cover.

Of a rule's ids only those are read that it names: its own, where its pattern accepts it, and those it lists
by ``equals``; what a prefix or a pattern would cover besides is not. A threshold reprices the whole request,
as the package computes it. A list of dated prices is a history: the entry without a date held until the first
date, and each holds until the next. A time of day splits the day: the longer part is stated as the price, the
shorter one with its window.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.observations import JSON, Observation
from pipeline.providers import provider_id
from pipeline.sources.facts import Fact, Statement, load_file, plain
from pipeline.sources.genai_prices_tables import (
    BORROWED,
    CONVERTED,
    DROPPED,
    EXCEPTIONS,
    HUGGINGFACE,
    IGNORED,
    IGNORED_OF_PROVIDERS,
    LOWER_CASE,
    MEANINGS,
    OWN_NAME_NOT_AN_ID,
    RESPELLED,
    SLIPS,
)

SOURCE = "genai-prices"
DATA = "genai-prices/data-v2.json"
DATE = "2026-08-21"
"""The day of the upstream commit. ``data.json`` is an older form with fewer models and components."""

FREE = re.compile(r".+:free")
"""The ids that say that the model is free; a rule without prices says so of no other."""

MINUTES_OF_A_DAY = 24 * 60

TESTS: dict[str, Callable[[str, str], bool]] = {
    "equals": str.__eq__,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": str.__contains__,
}
"""How a clause tries an id. Upper and lower case are one to the package."""

Record = Mapping[str, Any]
Condition = tuple[tuple[str, str | int | bool], ...]


class Key(NamedTuple):
    """What one row prices, dates aside."""

    component: str
    unit: str
    condition: Condition


Prices = dict[Key, Decimal]


class Period(NamedTuple):
    """An amount and the days it holds: from the first on, until the day before the second."""

    amount: Decimal
    start: str | None = None
    end: str | None = None


History = dict[Key, list[Period]]


class Place(NamedTuple):
    """An id on the wire: the provider, its spelling, and whether the price is for fine-tunes of it."""

    provider: str
    model: str
    fine_tuned: bool = False


def read(root: Path) -> Iterator[Observation]:
    """Every rule of every provider, in the file's order."""
    for provider in load_file(root / DATA):
        _refuse(provider["id"], provider, {"id", "models", *IGNORED_OF_PROVIDERS})
        for rule in provider["models"]:
            yield from _rule(provider["id"], provider["models"], rule)


def _rule(provider: str, rules: Sequence[Record], rule: Record) -> Iterator[Observation]:
    _refuse(
        f"{provider}/{rule['id']}",
        rule,
        {"id", "name", "match", "prices", "context_window", "deprecated", *IGNORED},
    )
    if provider != "openrouter" and re.search(BORROWED, rule.get("price_comments", ""), re.IGNORECASE):
        return
    history = _history(provider, rule)
    facts = list(_facts(rule))
    for model_id in _ids(provider, rules, rule):
        where = _place(provider, model_id)
        if where is None:
            continue
        place = where.model if where.fine_tuned else rule["id"]
        said = Statement(where.provider, where.model, SOURCE, f"{DATA}#{provider}/{place}", DATE)
        note = "" if model_id == rule["id"] else f"priced by the rule of {rule['id']}"
        if not where.fine_tuned:
            yield from said.of(facts)
            facts = []
        yield from said.of(Fact("price", row, note) for row in _rows(history, where))


def _facts(rule: Record) -> Iterator[Fact]:
    """What a rule says of the first of its ids; the others may be other models at the same price."""
    if "name" in rule:
        yield Fact("name", rule["name"])
    if rule.get("context_window"):
        yield Fact("limits.context_window", rule["context_window"])
    if rule.get("deprecated"):
        yield Fact("lifecycle.stated", "deprecated")


# Which ids a rule is for


def _ids(provider: str, rules: Sequence[Record], rule: Record) -> Iterator[str]:
    """The ids that the rule names and that no rule before it takes, each in one spelling."""
    own = [rule["id"]] if provider not in OWN_NAME_NOT_AN_ID else []
    candidates = own if provider.startswith(HUGGINGFACE) else [*own, *_equals(rule["match"])]
    seen: set[str] = set()
    for model_id in candidates:
        named = _matches(rule["match"], model_id) or model_id.startswith(("regional.", "ft:"))
        taken = next((other for other in rules if _matches(other["match"], model_id)), rule)
        if named and taken is rule and model_id.lower() not in seen:
            seen.add(model_id.lower())
            yield model_id


def _equals(clause: Record) -> Iterator[str]:
    ((kind, value),) = clause.items()
    if kind == "equals":
        yield value
    elif kind == "or":
        for part in value:
            yield from _equals(part)


def _matches(clause: Record, model_id: str) -> bool:
    ((kind, value),) = clause.items()
    text = model_id.lower()
    if kind == "or":
        return any(_matches(part, model_id) for part in value)
    if kind == "and":
        return all(_matches(part, model_id) for part in value)
    if kind == "regex":
        return re.search(value, text) is not None
    if kind not in TESTS:
        raise ValueError(f"genai-prices: unknown kind of match {kind!r}")
    return TESTS[kind](text, value.lower())


def _place(provider: str, model_id: str) -> Place | None:
    if any(re.fullmatch(row.providers, provider) and re.fullmatch(row.ids, model_id) for row in DROPPED):
        return None
    if provider.startswith(HUGGINGFACE):
        return Place("huggingface", f"{model_id}:{provider.removeprefix(HUGGINGFACE)}")
    place = Place(provider_id(provider), model_id.lower() if provider in LOWER_CASE else model_id)
    for row in RESPELLED:
        if re.fullmatch(row.providers, provider) and re.fullmatch(row.ids, place.model):
            spelling = re.sub(f"^{row.ids}$", row.spelling, place.model)
            place = Place(row.provider or place.provider, spelling, place.fine_tuned or row.fine_tuned)
    return place


# What it prices


def _history(provider: str, rule: Record) -> History:
    if any(name == provider and re.fullmatch(ids, rule["id"]) for name, ids in CONVERTED):
        return {}
    prices = rule["prices"]
    if isinstance(prices, Mapping):
        believed = {name: value for name, value in prices.items() if (provider, rule["id"], name) not in SLIPS}
        return {key: [Period(amount)] for key, amount in _prices(provider, believed).items()}
    kinds = {name for entry in prices for name in entry.get("constraint", {})}
    if kinds <= {"start_date"}:
        return _dated(provider, prices)
    if kinds == {"start_time", "end_time"}:
        return _daily(provider, prices)
    raise ValueError(f"genai-prices: {provider}: constraints {sorted(kinds)} together are not understood")


def _dated(provider: str, entries: Sequence[Record]) -> History:
    """Each entry until the next one's date; a price that goes on unchanged is one period."""
    starts: list[str | None] = [entry.get("constraint", {}).get("start_date") for entry in entries]
    dates = [start for start in starts if start is not None]
    if starts[0] is not None or len(dates) != len(starts) - 1 or dates != sorted(dates):
        raise ValueError(f"genai-prices: {provider}: dates out of order: {starts}")
    history: History = defaultdict(list)
    for entry, start, end in zip(entries, starts, [*dates, None], strict=True):
        for key, amount in _prices(provider, entry["prices"]).items():
            periods = history[key]
            if periods and periods[-1].end == start and periods[-1].amount == amount:
                periods[-1] = periods[-1]._replace(end=end)
            else:
                periods.append(Period(amount, start, end))
    return dict(history)


def _daily(provider: str, entries: Sequence[Record]) -> History:
    """A price and another for a part of the day."""
    if len(entries) != 2 or "constraint" in entries[0]:
        raise ValueError(f"genai-prices: {provider}: more than one window a day is not understood")
    start, end = (_clock(entries[1]["constraint"][name]) for name in ("start_time", "end_time"))
    length = (_minutes(end) - _minutes(start)) % MINUTES_OF_A_DAY
    rest, window = (_prices(provider, entry["prices"]) for entry in entries)
    if length * 2 > MINUTES_OF_A_DAY:
        rest, window, start, end = window, rest, end, start
    history: History = {key: [Period(amount)] for key, amount in rest.items()}
    for key, amount in window.items():
        condition = tuple(sorted((*key.condition, ("utc_window", f"{start}-{end}"))))
        history[key._replace(condition=condition)] = [Period(amount)]
    return history


def _clock(time: str) -> str:
    if not re.fullmatch(r"\d\d:\d\d:00Z", time):
        raise ValueError(f"genai-prices: not a minute in UTC: {time!r}")
    return time[:5]


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _prices(provider: str, prices: Record) -> Prices:
    found: Prices = {}
    for name, value in prices.items():
        meaning = EXCEPTIONS.get((provider, name)) or MEANINGS.get(name)
        if meaning is None:
            raise ValueError(f"genai-prices: {provider}: unknown price key {name!r}")
        tiers: Record = value if isinstance(value, Mapping) else {"base": value, "tiers": ()}
        _refuse(provider, tiers, {"base", "tiers"})
        base = Decimal(tiers["base"]) * meaning.scale
        _state(found, Key(meaning.component, meaning.unit, meaning.condition), base)
        for tier in tiers["tiers"]:
            amount = Decimal(tier["price"]) * meaning.scale
            if amount != base:
                above: Condition = (("above_input_tokens", tier["start"]), *meaning.condition)
                _state(found, Key(meaning.component, meaning.unit, tuple(sorted(above))), amount)
    return found


def _state(found: Prices, key: Key, amount: Decimal) -> None:
    """A zero is no statement: what is free is so by its id."""
    if amount:
        found[key] = amount


def _rows(history: History, where: Place) -> Iterator[JSON]:
    if not history and FREE.fullmatch(where.model):
        free = [Period(Decimal(0))]
        history = {Key(component, "1M tokens", ()): free for component in ("input", "output")}
    for key, periods in history.items():
        condition: dict[str, JSON] = dict(key.condition)
        if where.fine_tuned:
            condition["fine_tuned"] = True
        for period in periods:
            row: dict[str, JSON] = {
                "component": key.component,
                "unit": key.unit,
                "amount": plain(period.amount),
                "currency": "USD",
                "tier": "standard",
            }
            if condition:
                row["condition"] = condition
            if period.start is not None:
                row["effective_from"] = period.start
            if period.end is not None:
                row["effective_until"] = period.end
            yield row


def _refuse(subject: str, record: Record, known: set[str]) -> None:
    unknown = set(record).difference(known)
    if unknown:
        raise ValueError(f"genai-prices: {subject}: unknown keys {sorted(unknown)}")
