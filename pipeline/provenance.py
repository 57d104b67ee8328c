"""Who said what about each fact: the files behind ``list_observations`` and ``list_conflicts``.

They stand beside the models' files, so that a lookup never reads them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from .authority import AUTHORITY
from .conflicts import Case, Known, explain, same_thing
from .identity import Identities, Link
from .observations import JSON, Observation
from .prices import Row
from .ranges import Rules, ranges
from .reconcile import ModelFacts
from .sources.histories import Change

Models = dict[tuple[str, str], ModelFacts]
Entry = list[Any]
"""One statement: whether it is believed, its value, source, date, locator and, where there is one, a note."""

Statements = dict[str, dict[str, dict[str, list[Entry]]]]
"""The statements by provider, model and field: what the files of the dataset's provenance hold."""

LINKS = ("aliases", "snapshots", "default_snapshot", "platform_ids")

SPELLING = "spelling"
"""The source of what ids tell by the way they are written."""


def provenance(
    models: Models, identities: Identities, changes: Iterable[Change] = (), rules: Rules | None = None
) -> Statements:
    """For each provider and model the statements about each field, the believed ones first."""
    links: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in identities.links:
        links[link.provider, link.id.lower()].append(link)
        links[link.provider, link.target.lower()].append(link)
    changed: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        changed[change.provider, change.model.lower()].append(change)
    entries: Statements = defaultdict(dict)
    for key in sorted(models):
        model = models[key]
        fields: dict[str, list[Entry]] = defaultdict(list)
        known = _known(model, models, changed[key])
        said = [*_statements(model, known, links[key]), *(_parameters(model, known, rules) if rules else ())]
        for field, entry in said:
            if entry not in fields[field]:
                fields[field].append(entry)
        for found in fields.values():
            found.sort(key=lambda entry: (-entry[0], entry[2], entry[3] or "", json.dumps(entry)))
        if fields:
            entries[key[0]][model.subject.id] = {field: fields[field] for field in sorted(fields)}
    return entries


def _statements(model: ModelFacts, known: Known, links: list[Link]) -> Iterator[tuple[str, Entry]]:
    for field, fact in model.facts.items():
        note = (
            f"stated for {fact.believed.provider or 'the base model'}/{fact.believed.model}" if fact.inherited else ""
        )
        yield field, _entry(1, fact.believed, fact.value, note)
        for other in fact.others:
            yield field, _passed_over(Case(field, fact.value, fact.believed, other, known))
    yield from _prices(model, known)
    for statement in model.measurements:
        yield "observed", _entry(1, statement, statement.value)
    for statement in model.subject.observations:
        if statement.field in LINKS:
            yield statement.field, _entry(1, statement, statement.value)
    yield from _made_links(model, links)


def _parameters(model: ModelFacts, known: Known, rules: Rules) -> Iterator[tuple[str, Entry]]:
    for field, believed, others in ranges(model, rules):
        yield field, _entry(1, believed, believed.value)
        for other in others:
            yield field, _passed_over(Case(field, believed.value, believed, other, known))


def _passed_over(case: Case) -> Entry:
    """A statement that is not believed, and why it says something else if it does."""
    return _entry(0, case.other, case.other.value, "" if case.other.value == case.settled else explain(case))


def _known(model: ModelFacts, models: Models, changes: list[Change]) -> Known:
    relatives = set(model.subject.snapshots) | ({model.subject.snapshot_of} if model.subject.snapshot_of else set())
    versions = {
        relative: other
        for relative in sorted(relatives)
        if (other := models.get((model.subject.provider, relative.lower()))) is not None
    }
    families = {
        statement.source: named
        for statement in model.subject.observations
        if statement.field == "family"
        and (named := models.get((model.subject.provider, str(statement.value).lower()))) is not None
        and named is not model
    }
    return Known(model, versions, families, tuple(changes))


def _prices(model: ModelFacts, known: Known) -> Iterator[tuple[str, Entry]]:
    for row, statement in model.prices:
        note = f"stated for {statement.model}" if model.prices_inherited else ""
        yield _price_field(row), _entry(1, statement, _amount(row), note)
    for other in model.prices_passed_over:
        if isinstance(other.value, dict):
            why = _why(other, other.value, model, known)
            yield _price_field(other.value), _entry(0, other, _amount(other.value), why)


def _price_field(row: Row) -> str:
    return f"pricing.{row['tier']}.{row['component']}"


def _why(other: Observation, said: Row, model: ModelFacts, known: Known) -> str:
    """Why a price statement is not what is settled; empty where it is, or where nothing is settled about the same."""
    settled = [(row, believed) for row, believed in model.prices if same_thing(row, said)]
    now = [(row, believed) for row, believed in settled if not row.get("effective_until")]
    compared = settled if said.get("effective_until") else now
    if not settled or any(row["amount"] == said["amount"] for row, _ in compared):
        return ""
    row, believed = (now or settled)[-1]
    return explain(Case(_price_field(said), row, believed, other, known))


def _amount(row: Row) -> JSON:
    return {name: value for name, value in row.items() if name not in {"component", "tier", "source"}}


def _made_links(model: ModelFacts, links: list[Link]) -> Iterator[tuple[str, Entry]]:
    subject = model.subject
    for link in links:
        source = link.how if "-" in link.how or "." in link.how else SPELLING
        locator = "" if source != SPELLING else link.how
        if link.relation == "snapshot of" and link.id == subject.id:
            yield "snapshot_of", [1, link.target, source, None, locator]
        elif link.relation == "snapshot of":
            yield "snapshots", [1, [link.id], source, None, locator]
            if link.id == subject.default_snapshot:
                yield "default_snapshot", [1, link.id, source, None, locator]
        elif link.relation == "alias of" and link.target == subject.id:
            yield "aliases", [1, [link.id], source, None, locator]
    if subject.base is not None:
        stated = next((s for s in subject.observations if s.field == "base" and s.value == subject.base), None)
        yield (
            "base",
            _entry(1, stated, subject.base)
            if stated
            else [1, subject.base, SPELLING, None, "author and name spelt alike"],
        )


def _entry(believed: int, statement: Observation, value: JSON, note: str = "") -> Entry:
    entry: Entry = [believed, value, statement.source, statement.date, statement.locator]
    return [*entry, note] if note else entry


def authority_rows() -> list[dict[str, Any]]:
    """The table of who is believed about what, for the data files."""
    return [
        {"field": row.field, "groups": [list(group) for group in row.groups], "reason": row.reason} for row in AUTHORITY
    ]
