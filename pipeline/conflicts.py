"""Why sources differ: explanations that the statements themselves bear out.

An explanation is only given where it can be shown from what is known: the other value is another tier's price, a
price that held before, another version's value, a rounded number, a month where the other source gives the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NamedTuple

from modelmeta import PartialDate

from .authority import COPIES, FIRST_PARTY, REPORTS
from .observations import JSON, Observation
from .prices import Row
from .reconcile import ModelFacts
from .sources import SOURCES
from .sources.histories import Change

EXPLANATIONS = {
    "older price": "that was the price until {day}",
    "older value": "that was the value until {day}",
    "older listing": "it was listed until {day}, by {source}",
    "another region": "that is the price of global inference",
    "another tier": "that is the price of the {tier} tier, shown as {shown}",
    "another version": "that is what holds for {version}",
    "another model": "it gives what holds for {model}, the family that it names",
    "input or window": "that counts {what}",
    "another cutoff": "that is the {which}",
    "rounded": "a rounded number: {how}",
    "month or day": "the same date, {how}",
    "a day apart": "a day apart: {said} and {settled}",
    "spelling": "another spelling",
    "older page": "as of {date} the vendor said so; the settled value is of {newer}",
}
"""The kinds of explanation, and how each is put. No two begin alike, so that the words tell the kind."""

REMARKS = {
    "shorter list": "it leaves out {items}",
    "longer list": "it adds {items}",
    "note": "it notes: {note}",
}
"""What can be said of a difference besides, though it does not explain it."""


def kind_of(reason: str) -> str | None:
    """The kind of explanation or remark that a reason is, or ``None`` for another text.

    >>> kind_of("that is the price of the priority tier, shown as standard")
    'another tier'
    """
    for kind, words in (EXPLANATIONS | REMARKS).items():
        if reason.startswith(words.partition("{")[0]):
            return kind
    return None


class Known(NamedTuple):
    """What else is known: everything settled about the model and about its versions, and what changed of it.

    ``families`` holds, by source, the model that has the name of the family which that source states.
    """

    model: ModelFacts
    versions: Mapping[str, ModelFacts]
    families: Mapping[str, ModelFacts]
    changes: tuple[Change, ...]


class Case(NamedTuple):
    """One difference: a field, its settled value and who stated it, what a source said instead, and what is known."""

    field: str
    settled: JSON
    believed: Observation
    other: Observation
    known: Known


_VENDORS = frozenset({*FIRST_PARTY, *COPIES, *REPORTS})
"""The sources that hand on what vendors say, from many pages each."""

Explained = tuple[str, dict[str, str]] | None
"""The kind of an explanation, and what to put into its words."""


def explain(case: Case) -> str:
    """Why a source says something else than what is settled; empty if it cannot be told."""
    rules = _PRICE_RULES if case.field.startswith("pricing.") else _RULES
    for rule in rules:
        if found := rule(case):
            kind, details = found
            return (EXPLANATIONS | REMARKS)[kind].format(**details)
    return ""


def same_thing(row: Row, other: Row) -> bool:
    """Whether two rows price the same: component, tier, unit, currency and condition."""
    return all(row.get(name) == other.get(name) for name in ("component", "tier", "unit", "currency", "condition"))


# Prices ------------------------------------------------------------------------------------------------------


def _rows(case: Case) -> tuple[Row, list[Row]]:
    """What the source said, and the settled rows of that amount for the same component in any tier or condition."""
    row = case.other.value
    assert isinstance(row, dict)
    alike = ("amount", "component", "unit", "currency")
    return row, [one for one, _ in case.known.model.prices if all(one.get(name) == row.get(name) for name in alike)]


def _older_price(case: Case) -> Explained:
    row, priced = _rows(case)
    ended = [str(one["effective_until"]) for one in priced if one.get("effective_until") and same_thing(one, row)]
    if ended:
        return "older price", {"day": max(ended)}
    return None if row.get("condition") else _older_listing(case, row["amount"])


def _older_listing(case: Case, value: JSON) -> Explained:
    """A value that an archive shows to have ended; the day may be the one on which a catalogue followed."""
    ended = [(one.date, one.source) for one in case.known.changes if _replaced(one, case.field, value)]
    return ("older listing", {"day": max(ended)[0], "source": max(ended)[1]}) if ended else None


def _replaced(change: Change, field: str, value: JSON) -> bool:
    return (change.kind, change.field, change.old) == ("change", field, value)


def _another_region(case: Case) -> Explained:
    """A price that holds wherever a request is served, where ids that stay in a region cost more.

    Of conditions, only this one is told: a price above a threshold is often double, and so is one before a price cut.
    """
    row, priced = _rows(case)
    for one in priced:
        if one["tier"] == row["tier"] and one.get("condition") == {"region": "global"} and not row.get("condition"):
            return "another region", {}
    return None


def _another_tier(case: Case) -> Explained:
    row, priced = _rows(case)
    for one in priced:
        alike = one.get("condition") == row.get("condition") and not one.get("effective_until")
        if alike and one["tier"] != row["tier"]:
            return "another tier", {"tier": str(one["tier"]), "shown": str(row["tier"])}
    return None


def _price_of_another_version(case: Case) -> Explained:
    row, _ = _rows(case)
    for version, other in case.known.versions.items():
        if other.prices_inherited:
            continue
        for one, statement in other.prices:
            if same_thing(one, row) and one["amount"] == row["amount"] and not _repeats(case.other, statement):
                return "another version", {"version": version}
    return None


def _repeats(statement: Observation, other: Observation) -> bool:
    """Whether a catalogue would bear out itself."""
    return statement.source == other.source and statement.source not in _VENDORS


def _rounded_price(case: Case) -> Explained:
    ours, theirs = _amounts(case)
    if ours is None or theirs is None:
        return None
    coarse, fine = sorted((ours, theirs), key=lambda amount: -int(amount.as_tuple().exponent))
    by_one_digit = int(coarse.as_tuple().exponent) - int(fine.as_tuple().exponent) == 1
    near = len(coarse.as_tuple().digits) > 1 and abs(coarse - fine) * (20 if by_one_digit else 100) <= coarse
    if near and coarse in {fine.quantize(coarse, rounding=way) for way in (ROUND_HALF_UP, ROUND_DOWN)}:
        return "rounded", {"how": "the settled amount" if coarse == ours else f"{coarse} for {fine}"}
    return None


def _amounts(case: Case) -> tuple[Decimal | None, Decimal | None]:
    settled, said = case.settled, case.other.value
    if isinstance(settled, dict) and isinstance(said, dict):
        return _number(settled.get("amount")), _number(said.get("amount"))
    return None, None


# Other fields ------------------------------------------------------------------------------------------------

CUTOFFS = {"knowledge_cutoff": "training_cutoff", "training_cutoff": "knowledge_cutoff"}
LIMITS = {
    "limits.context_window": "the context window",
    "limits.max_input_tokens": "the input limit alone",
    "limits.max_output_tokens": "the output limit alone",
}


def _input_or_window(case: Case) -> Explained:
    said = case.other.value
    if case.field not in LIMITS or not isinstance(said, int):
        return None
    limits = {name: value for name in LIMITS if isinstance(value := case.known.model.value(name), int)}
    for name, value in limits.items():
        if name != case.field and value == said and not _repeats(case.other, case.known.model.facts[name].believed):
            return "input or window", {"what": LIMITS[name]}
    window, output = limits.get("limits.context_window"), limits.get("limits.max_output_tokens")
    if window and output and said == window - output:
        return "input or window", {"what": "the context window less the output limit"}
    if window and output and said == window + output:
        return "input or window", {"what": "the context window and the output limit together"}
    return None


def _another_cutoff(case: Case) -> Explained:
    other = CUTOFFS.get(case.field)
    theirs = case.known.model.value(other) if other else None
    if other and isinstance(theirs, str) and str(case.other.value)[: len(theirs)] == theirs:
        return "another cutoff", {"which": other.replace("_", " ")}
    return None


def _rounded(case: Case) -> Explained:
    ours, theirs = case.settled, case.other.value
    if not isinstance(ours, int) or not isinstance(theirs, int) or isinstance(ours, bool):
        return None
    for exact, short, how in ((ours, theirs, "{} for {}"), (theirs, ours, "the settled {} is as printed, for {}")):
        if short >= 1000 and short % 1000 == 0 and (_cut(exact, short) or _binary(exact, short)):
            return "rounded", {"how": how.format(f"{short:,}", f"{exact:,}")}
    return None


def _cut(exact: int, short: int) -> bool:
    """Whether one number is the other with its last digits cut or rounded off, by at most a twentieth."""
    unit = 10 ** (len(str(short)) - len(str(short).rstrip("0")))
    units = {unit, min(unit, 100_000)}  # 1.0M has one zero that counts
    near = abs(exact - short) * 20 <= exact
    return near and any(short in {exact // one * one, (exact + one // 2) // one * one} for one in units)


def _binary(exact: int, short: int) -> bool:
    """Whether one counts a k as 1,000 (or an M as a million) where the other counts 1,024 (or 1,024 times that)."""
    return short * 1024 == exact * 1000 or (short % 1_000_000 == 0 and short * 1024**2 == exact * 1_000_000)


def _month_or_day(case: Case) -> Explained:
    ours, theirs = _date(case, case.settled), _date(case, case.other.value)
    if ours is None or theirs is None:
        return None
    if str(ours).startswith(f"{theirs}-"):
        return "month or day", {"how": "less exactly"}
    if str(theirs).startswith(f"{ours}-"):
        return "month or day", {"how": "more exactly"}
    gap = max(ours.first_day - theirs.last_day, theirs.first_day - ours.last_day)
    exact = ours.month and theirs.month and (ours.day or theirs.day)
    if exact and gap == timedelta(days=1):  # "up to October 1" and "September" are the same for a cutoff
        return "a day apart", {"said": str(theirs), "settled": str(ours)}
    return None


def _date(case: Case, value: JSON) -> PartialDate | None:
    """The value of a field that holds a date, unless there is no such day: catalogues state 2025-02-31, too."""
    if not case.field.startswith("lifecycle.") and case.field not in CUTOFFS:
        return None
    try:
        return PartialDate.parse(str(value))
    except ValueError:
        return None


def _spelling(case: Case) -> Explained:
    ours, theirs = case.settled, case.other.value
    named = case.field in {"name", "family", "license", "lifecycle.replacement"}
    if named and isinstance(ours, str) and isinstance(theirs, str) and _letters(ours) == _letters(theirs):
        return "spelling", {}
    return None


def _letters(name: str) -> str:
    """The letters and digits of a name, without the author in front of it (``OpenAI: GPT-4o``, ``openai/gpt-4o``)."""
    bare = name.rpartition(": ")[2].rpartition("/")[2]
    return "".join(character for character in bare.lower() if character.isalnum())


def _older_value(case: Case) -> Explained:
    return _older_listing(case, case.other.value)


def _older_status(case: Case) -> Explained:
    if case.field != "lifecycle.stated" or case.settled not in _ENDINGS or case.other.value == case.settled:
        return None
    said_on = case.other.date or _SEEN[case.other.source]
    for name in _ENDED_BY.get(str(case.other.value), ()):
        day = case.known.model.value(name)
        if isinstance(day, str):
            return ("older value", {"day": day}) if said_on and said_on < day else None
    return None


_ENDINGS = ("legacy", "deprecated", "retired")
_ENDED_BY = {
    "active": ("lifecycle.deprecated_on", "lifecycle.retires_on"),
    "legacy": ("lifecycle.deprecated_on", "lifecycle.retires_on"),
    "deprecated": ("lifecycle.retires_on",),
}
"""The dates that end a status, the earliest first."""

_SEEN = {source.id: source.seen_on for source in SOURCES}
"""An undated statement is as old as the snapshot of its source, at least."""


def _another_version(case: Case) -> Explained:
    if isinstance(case.other.value, bool):  # one of two values is no trace of where it comes from
        return None
    for version, model in case.known.versions.items():
        fact = model.facts.get(case.field)
        if fact and not fact.inherited and fact.value == case.other.value and not _repeats(case.other, fact.believed):
            return "another version", {"version": version}
    return None


def _another_model(case: Case) -> Explained:
    model = case.known.families.get(case.other.source)
    fact = model and model.facts.get(case.field)
    if model and fact and fact.value == case.other.value and not isinstance(fact.value, bool):
        return "another model", {"model": model.subject.id}
    return None


def _list(case: Case) -> Explained:
    if isinstance(case.settled, list) and isinstance(case.other.value, list):
        ours, theirs = ({str(item): item for item in items} for items in (case.settled, case.other.value))
        if theirs.keys() < ours.keys():
            return "shorter list", {"items": _listed(ours[item] for item in ours if item not in theirs)}
        if ours.keys() < theirs.keys():
            return "longer list", {"items": _listed(theirs[item] for item in theirs if item not in ours)}
    return None


def _listed(items: Iterable[Any]) -> str:
    return ", ".join(sorted(_item(item) for item in items))


def _item(item: Any) -> str:
    """An item of a list; of a row of rate limits, what tells it from others."""
    if isinstance(item, dict):
        return " ".join(str(item[name]) for name in ("tier", "context") if name in item)
    return str(item)


def _older_page(case: Case) -> Explained:
    believed, other = case.believed, case.other
    if not {believed.source, other.source} <= _VENDORS or not other.date or not believed.date:
        return None
    shorter = min(len(believed.date), len(other.date))
    if other.date[:shorter] < believed.date[:shorter]:
        return "older page", {"date": other.date, "newer": believed.date}
    return None


def _note(case: Case) -> Explained:
    return ("note", {"note": case.other.note}) if case.other.note else None


Rule = Callable[[Case], Explained]
_PRICE_RULES: tuple[Rule, ...] = (
    _older_price, _another_region, _another_tier, _price_of_another_version, _rounded_price, _older_page,
    _note,
)  # fmt: skip
_RULES: tuple[Rule, ...] = (
    _month_or_day, _spelling, _older_status, _older_value, _input_or_window, _another_cutoff, _rounded, _older_page,
    _another_version, _another_model, _list, _note,
)  # fmt: skip


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(value)
    except (InvalidOperation, TypeError):
        return None
