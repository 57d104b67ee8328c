"""Lists of records as tables: a line for each, with what people look for."""

from __future__ import annotations

from ._display_blocks import Note, Span, Table, columns, plain
from ._display_provenance import change_table, conflict_table, observation_table, price_change_table, source_list
from ._display_words import STATUS_TONES, fact_value, money, rate_text, words
from ._record import Record, field_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ._display_blocks import Block, Inline, Row
    from .estimates import CostExample
    from .lifecycle import AuditFinding
    from .records import Author, Model, Provider, Snapshot

__all__ = ["SEVERITIES", "finding_table", "list_blocks", "model_table"]

SEVERITIES = {"error": "bad", "warning": "warn"}


def model_table(models: Sequence[Model]) -> Table:
    """A line for each model: what people choose by."""
    rows: list[Row] = [
        (
            Span(model.qualified_id, "code"),
            Span(model.status, STATUS_TONES.get(model.status, "")),
            _or_dash(model.released),
            fact_value(model.limits.context_window),
            fact_value(model.limits.max_output_tokens),
            _price(model, "input"),
            _price(model, "output"),
        )
        for model in models
    ]
    titles = ("model", "status", "released", "context", "max out", "in / 1M", "out / 1M")
    return Table(columns(*titles, right=titles[3:5], point=titles[5:]), tuple(rows))


_DASH = Span("-", "dim")


def _price(model: Model, component: str) -> Inline:
    rate = model.price(component)
    if rate is None:
        return _DASH
    return rate_text(rate, unit=rate.unit != "1M tokens")


def _or_dash(value: object) -> Inline:
    return _DASH if value is None or value == "" else str(value)


def provider_table(providers: Sequence[Provider]) -> Table:
    """A line for each provider."""
    rows: list[Row] = [
        (
            Span(provider.id, "code"),
            provider.name or "",
            f"{provider.models:,}",
            Span(provider.api, "code") if provider.api else _DASH,
        )
        for provider in providers
    ]
    return Table(columns("id", "name", "models", "API", right=["models"]), tuple(rows))


def author_table(authors: Sequence[Author]) -> Table:
    """A line for each author."""
    rows: list[Row] = [
        (
            (Span(author.id, "code"), Span(f"  {author.name}" if author.name else "", "dim")),
            f"{author.models:,}",
            ", ".join(author.providers),
        )
        for author in authors
    ]
    return Table(columns("author", "models", "own providers", right=["models"]), tuple(rows))


def snapshot_table(snapshots: Sequence[Snapshot]) -> Table:
    """A line for each pinned version."""
    rows: list[Row] = [
        (
            Span(snapshot.id, "code"),
            Span(snapshot.status, STATUS_TONES.get(snapshot.status, "")),
            _or_dash(snapshot.released),
            _or_dash(snapshot.deprecated_on),
            _or_dash(snapshot.retires_on),
        )
        for snapshot in snapshots
    ]
    return Table(columns("snapshot", "status", "released", "deprecated", "retires"), tuple(rows))


def example_table(examples: Sequence[CostExample]) -> Table:
    """What common requests cost."""
    rows: list[Row] = [
        (
            words(example.name),
            f"{example.usage.input_tokens:,}",
            f"{example.usage.output_tokens:,}",
            money(example.cost.total, example.cost.currency),
        )
        for example in examples
    ]
    titles = ("request", "input tokens", "output tokens", "cost")
    return Table(columns(*titles, right=titles[1:3], point=titles[3:]), tuple(rows))


def cost_table(costs: Sequence[Any]) -> Table:
    """A line for each cost."""
    rows: list[Row] = [
        (
            Span(cost.model or "several", "code" if cost.model else "dim"),
            cost.tier or Span("several", "dim"),
            money(cost.total, cost.currency),
            Span(f"partial: {', '.join(cost.unpriced)}" if cost.unpriced else "", "bad"),
        )
        for cost in costs
    ]
    return Table(columns("model", "tier", "cost", "", point=["cost"]), tuple(rows))


def finding_table(findings: Sequence[AuditFinding]) -> Table:
    """What is wrong with ids, and what to do."""
    rows: list[Row] = [
        (
            Span(finding.severity, SEVERITIES.get(finding.severity, "")),
            Span(finding.reference, "code"),
            Span(finding.code, "dim"),
            f"{finding.message}; {finding.action}",
        )
        for finding in findings
    ]
    return Table(columns("", "id", "what", "why, and what to do"), tuple(rows))


def record_table(records: Sequence[Record]) -> Table:
    """A line for each record of a kind that has no table of its own: the fields that any of them states."""
    names = [
        name
        for name in field_names(type(records[0]))
        if any(getattr(record, name) not in (None, (), "") for record in records)
    ]
    rows: list[Row] = [tuple(fact_value(getattr(record, name)) for name in names) for record in records]
    return Table(columns(*(words(name) for name in names)), tuple(rows))


def _specs(specs: Sequence[Any]) -> Table:
    from ._display_related import spec_table

    return spec_table(specs)


_TABLES: dict[str, Callable[[Any], Table]] = {
    "Author": author_table,
    "AuditFinding": finding_table,
    "Change": change_table,
    "Conflict": lambda conflicts: conflict_table(conflicts, with_model=len({one.model for one in conflicts}) > 1),
    "Cost": cost_table,
    "CostExample": example_table,
    "Model": model_table,
    "Observation": observation_table,
    "ParameterSpec": _specs,
    "PriceChange": price_change_table,
    "Provider": provider_table,
    "Snapshot": snapshot_table,
    "Source": source_list,
}

_PLURALS = {"Model": "models", "Provider": "providers", "Author": "authors", "Conflict": "conflicts",
            "Observation": "observations", "Snapshot": "snapshots", "Source": "sources"}  # fmt: skip


def list_blocks(records: Sequence[object], limit: int | None = None) -> tuple[Block, ...]:
    """A list of records of one kind as a table; ``limit`` is the most lines shown."""
    if not records:
        return (Note(Span("nothing", "dim")),)
    kinds = {type(record).__name__ for record in records}
    shown = records if limit is None else records[:limit]
    if len(kinds) > 1 or not isinstance(records[0], Record):
        return (Note("\n".join(plain(fact_value(record)) for record in shown)),)
    (kind,) = kinds
    table = _TABLES.get(kind, record_table)(shown)
    left = len(records) - len(shown)
    if left:
        table = table._replace(more=f"… and {left:,} more {_PLURALS.get(kind, 'entries')}")
    return (table,)
