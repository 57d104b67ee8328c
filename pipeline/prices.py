"""Settle a model's price list out of what several sources state.

For each tier and currency the most believed page that prices it is taken whole, unless its standard price is not
the one believed: a batch price beside another day's standard price belongs to that day. Pages below it only add
components it does not price, and thresholds or conditions only where they agree with it about the base price: a
long-context price next to another base price belongs to another day.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

from .authority import rank
from .observations import JSON, Observation

Row: TypeAlias = dict[str, JSON]
Prices: TypeAlias = dict[tuple[JSON, JSON], JSON]

STANDARD = "standard"
_BASE_COMPONENTS = ("input", "output")
_FOLLOWING = ("cached_input", "cache_write", "cache_write_1h", "reasoning")
"""What is priced as a share or a multiple of the base components."""


def settle_prices(statements: Iterable[Observation]) -> tuple[list[tuple[Row, Observation]], list[Observation]]:
    """The rows believed, each with the statement it comes from, and the statements not believed."""
    lists: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for statement in statements:
        if rank("price", statement.source) is not None and isinstance(statement.value, dict):
            lists[str(statement.value["tier"]), str(statement.value["currency"])].append(statement)
    believed: list[tuple[Row, Observation]] = []
    passed_over: list[Observation] = []
    standard: dict[str, list[tuple[Row, Observation]]] = {}
    for tier, currency in sorted(lists, key=lambda key: (key[0] != STANDARD, key)):
        said = lists[tier, currency]
        if tier != STANDARD:
            stale = _of_another_day(standard.get(currency, ()), lists[STANDARD, currency])
            passed_over += [statement for statement in said if _page(statement) in stale and not _dated(statement)]
            said = [statement for statement in said if _page(statement) not in stale or _dated(statement)]
        rows, others = _settle_list(said)
        if tier == STANDARD:
            standard[currency] = rows
        believed += rows
        passed_over += others
    believed.sort(key=lambda pair: _row_order(pair[0]))
    return believed, passed_over


def _of_another_day(
    believed: Iterable[tuple[Row, Observation]], statements: Iterable[Observation]
) -> set[tuple[str, str, str]]:
    """The pages whose standard price is not the one believed: what they say of other tiers belongs to another day."""
    rows = list(believed)
    today = max((statement.date or "" for _, statement in rows), default="")
    ours = _on(today, [row for row, _ in rows])
    pages: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for statement in statements:
        if isinstance(statement.value, dict):
            pages[_page(statement)].append(statement.value)
    return {page for page, said in pages.items() if _contradict(ours, _on(today, said))}


def _page(statement: Observation) -> tuple[str, str, str]:
    return statement.source, statement.locator, statement.date or ""


def _dated(statement: Observation) -> bool:
    row = statement.value
    return isinstance(row, dict) and bool(row.get("effective_from") or row.get("effective_until"))


def _on(day: str, rows: Iterable[Row]) -> Prices:
    """The price on a day and without conditions, of what every source prices."""
    return {
        (row["component"], row["currency"]): row["amount"]
        for row in rows
        if row["component"] in _BASE_COMPONENTS
        and not row.get("condition")
        and str(row.get("effective_from") or "") <= day < str(row.get("effective_until") or "9")
    }


def _contradict(ours: Prices, theirs: Prices) -> bool:
    return any(ours[key] != theirs[key] for key in ours.keys() & theirs.keys())


def _settle_list(statements: list[Observation]) -> tuple[list[tuple[Row, Observation]], list[Observation]]:
    pages: dict[tuple[int, str, str, str], list[Observation]] = defaultdict(list)
    for statement in statements:
        place = rank("price", statement.source) or 0
        pages[place, _newest_first(statement.date), statement.source, statement.locator].append(statement)
    chosen: dict[str, tuple[Row, Observation]] = {}
    passed_over: list[Observation] = []
    for page in sorted(pages):
        rows, repeated = _rows(pages[page])
        passed_over += repeated
        agrees = _agrees(chosen, rows)
        priced = {str(row["component"]) for row, _ in chosen.values()}
        for key, (row, statement) in rows.items():
            if key in chosen or (not agrees and (row["component"] in {*priced, *_FOLLOWING} or _depends(row))):
                passed_over.append(statement)
            else:
                chosen[key] = (row, statement)
    return _without_overlap(list(chosen.values())), passed_over


def _newest_first(date: str | None) -> str:
    """A key that sorts later dates first and undated statements last."""
    return "".join(chr(0x7E - ord(character)) for character in (date or "").ljust(10, "!"))


def _rows(statements: list[Observation]) -> tuple[dict[str, tuple[Row, Observation]], list[Observation]]:
    """One row for each thing that a page prices; where it states two amounts, the lower-sorted is passed over."""
    rows: dict[str, tuple[Row, Observation]] = {}
    repeated: list[Observation] = []
    for statement in sorted(statements, key=lambda s: json.dumps(s.value, sort_keys=True)):
        if isinstance(statement.value, dict):
            key = row_key(statement.value)
            if key in rows:
                repeated.append(rows[key][1])
            rows[key] = (statement.value, statement)
    return rows, repeated


def row_key(row: Row) -> str:
    """What a row prices, amount aside."""
    return json.dumps({name: value for name, value in row.items() if name != "amount"}, sort_keys=True)


def _depends(row: Row) -> bool:
    return bool(row.get("condition") or row.get("effective_from") or row.get("effective_until"))


def _current(rows: Iterable[Row]) -> Prices:
    """The price now and without conditions, of what every source prices."""
    return {
        (row["component"], row["currency"]): row["amount"]
        for row in rows
        if row["component"] in _BASE_COMPONENTS and not row.get("condition") and not row.get("effective_until")
    }


def _agrees(chosen: dict[str, tuple[Row, Observation]], rows: dict[str, tuple[Row, Observation]]) -> bool:
    """Whether a further page states the same base prices, wherever both state them."""
    ours = _current(row for row, _ in chosen.values())
    theirs = _current(row for row, _ in rows.values())
    return not _contradict(ours, theirs)


def _without_overlap(rows: list[tuple[Row, Observation]]) -> list[tuple[Row, Observation]]:
    """An open row starts where the last dated one ends; one said with and without its start stays once."""
    by_thing: dict[str, list[tuple[Row, Observation]]] = defaultdict(list)
    for row, statement in rows:
        thing = {name: row.get(name) for name in ("component", "unit", "currency", "tier", "condition")}
        by_thing[json.dumps(thing, sort_keys=True)].append((row, statement))
    settled: list[tuple[Row, Observation]] = []
    for group in by_thing.values():
        ends = sorted(str(row["effective_until"]) for row, _ in group if row.get("effective_until"))
        ended = {str(row["amount"]) for row, _ in group if ends and row.get("effective_until") == ends[-1]}
        starts = [row for row, _ in group if row.get("effective_from") and not row.get("effective_until")]
        for row, statement in group:
            if row.get("effective_from") or row.get("effective_until"):
                settled.append((row, statement))
            elif not starts and str(row["amount"]) not in ended:
                settled.append(({**row, "effective_from": ends[-1]} if ends else row, statement))
    return settled


TWINS = ("priority", "fast")
"""One tier under two names: OpenAI renamed priority processing to fast mode on 2026-07-30 and accepts both."""


def without_stale_twin(rows: list[tuple[Row, Observation]]) -> list[tuple[Row, Observation]]:
    """Leave out a catalogue's prices under one of the tier's names where the vendor's page prints the other."""
    from .authority import COPIES, FIRST_PARTY

    printed = {str(row["tier"]) for row, statement in rows if statement.source in {*FIRST_PARTY, *COPIES}}
    stale = {
        twin for twin, other in zip(TWINS, reversed(TWINS), strict=True) if other in printed and twin not in printed
    }
    return [(row, statement) for row, statement in rows if row["tier"] not in stale]


def in_region_first(rows: list[tuple[Row, Observation]]) -> list[tuple[Row, Observation]]:
    """Turn prices of a global endpoint into those of a regional one.

    Bedrock's pages print the price of global inference first and the regional one beside it; but an id without
    ``global.`` is served in its region or geography, so there the regional price is the plain one. Of another tier
    often only the price of global inference is printed; it then stays that.
    """
    regional = {row_key({**row, "condition": None, "tier": STANDARD}) for row, _ in rows if _region(row) == "regional"}
    turned: list[tuple[Row, Observation]] = []
    for row, statement in rows:
        if _region(row) == "regional":
            turned.append(({name: value for name, value in row.items() if name != "condition"}, statement))
        elif not row.get("condition") and row_key({**row, "condition": None, "tier": STANDARD}) in regional:
            turned.append(({**row, "condition": {"region": "global"}}, statement))
        else:
            turned.append((row, statement))
    return turned


def _region(row: Row) -> JSON:
    condition = row.get("condition")
    return condition.get("region") if isinstance(condition, dict) and len(condition) == 1 else None


_COMPONENT_ORDER = (
    "input", "cached_input", "cache_write", "cache_write_1h", "cache_storage", "output", "reasoning",
)  # fmt: skip


def _row_order(row: Row) -> tuple[object, ...]:
    component = str(row["component"])
    place = _COMPONENT_ORDER.index(component) if component in _COMPONENT_ORDER else len(_COMPONENT_ORDER)
    condition = row.get("condition")
    tiers = ("standard", "batch", "flex", "priority", "fast")
    threshold = condition.get("above_input_tokens", 0) if isinstance(condition, dict) else 0
    return (
        tiers.index(str(row["tier"])),
        place,
        component,
        str(row.get("effective_from") or ""),
        threshold,
        json.dumps(condition, sort_keys=True),
        str(row["unit"]),
        str(row.get("currency", "")),
    )
