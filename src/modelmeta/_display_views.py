"""What is shown of each kind of record."""

from __future__ import annotations

from collections import Counter

from ._display_blocks import Column, Facts, Heading, Note, Section, Span, Table, columns, joined
from ._display_lists import SEVERITIES, finding_table, model_table
from ._display_model import card, folded_page, page
from ._display_prices import bill
from ._display_provenance import conflict_blocks, info_blocks
from ._display_words import NOT_STATED, STATUS_TONES, fact_value, field_words, words
from .errors import ModelMetaError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ._display_blocks import Block, Inline, Row
    from .comparison import Comparison
    from .diff import DatasetDiff
    from .lifecycle import AuditReport
    from .parameters import ParameterReport
    from .records import Author, Model, Provider

__all__ = ["blocks_of", "comparison_table", "has_view"]


_OF_MODEL: dict[str, Callable[[Any], tuple[Block, ...]]] = {"html": folded_page, "markdown": page, "page": page}


def has_view(value: object) -> bool:
    """Whether there is anything better to show than the ``repr``."""
    return type(value).__name__ in _VIEWS


def blocks_of(value: object, form: str = "text") -> tuple[Block, ...]:
    """The blocks of a record; ``form`` is ``"text"``, ``"html"`` or ``"markdown"``."""
    kind = type(value).__name__
    view = _OF_MODEL.get(form) if kind == "Model" else None
    return (view or _VIEWS[kind])(value)


def _provider(provider: Provider) -> tuple[Block, ...]:
    from .api import list_models

    facts: list[tuple[str, Inline]] = [
        ("models", f"{provider.models:,}"),
        ("API", Span(provider.api, "code") if provider.api else NOT_STATED),
        ("key in", joined([Span(name, "code") for name in provider.env]) or NOT_STATED),
        ("docs", Span(provider.docs, "", provider.docs) if provider.docs else NOT_STATED),
    ]
    try:
        models = [model for model in list_models(provider=provider.id) if model.snapshot_of is None]
    except ModelMetaError:
        models = []
    living = [model for model in models if model.status not in {"retired", "deprecated"}]
    newest = sorted(living, key=lambda model: (_released(model), model.id), reverse=True)
    blocks: list[Block] = [Heading(provider.name or provider.id, provider.id), Facts(tuple(facts))]
    if newest:
        blocks.append(Section("The newest models", (model_table(newest[:10]),), folded=False))
    return tuple(blocks)


def _released(model: Model) -> str:
    return "" if model.released is None else model.released.last_day.isoformat()


def _author(author: Author) -> tuple[Block, ...]:
    facts: list[tuple[str, Inline]] = [
        ("models", f"{author.models:,}"),
        ("own providers", ", ".join(author.providers) or NOT_STATED),
    ]
    return (Heading(author.name or author.id, author.id), Facts(tuple(facts)))


# Side by side -------------------------------------------------------------------------------------------

DIFFERS = {True: Span("≠", "warn"), False: "", None: Span("?", "dim")}


def comparison_table(comparison: Comparison, *, only_differences: bool = False) -> Table:
    """Fields down, models across; what differs is marked."""
    shown = comparison.differences if only_differences else comparison.rows
    rows: list[Row] = []
    for row in shown:
        values = [_compared(row.field, value) for value in row.values]
        if row.differs:
            values = [Span(value, "strong") if isinstance(value, str) else value for value in values]
        rows.append((DIFFERS[row.differs], field_words(row.field), *values))
    ids = [model.id for model in comparison.models]
    titles = ids if len(set(ids)) == len(ids) else [model.qualified_id for model in comparison.models]
    return Table(
        (Column(""), Column(""), *(Column(title) for title in titles)),
        tuple(rows),
        marked=frozenset(number for number, row in enumerate(shown) if row.differs),
    )


def _compared(field: str, value: object) -> Inline:
    if field == "status" and isinstance(value, str):
        return Span(value, STATUS_TONES.get(value, ""))
    return fact_value(value)


def _comparison(comparison: Comparison) -> tuple[Block, ...]:
    table = comparison_table(comparison)
    counted = Counter(row.differs for row in comparison.rows)
    unknown = f", {counted[None]} are not known of all (?)" if counted[None] else ""
    note = f"{counted[True]} of {len(comparison.rows)} fields differ (≠), {counted[False]} do not{unknown}"
    return (table, Note(Span(note, "dim")))


# Requests -----------------------------------------------------------------------------------------------


def _report(report: ParameterReport) -> tuple[Block, ...]:
    badge = Span("ok", "good") if report.ok else Span("rejected", "bad")
    about = f"{report.model.qualified_id} · {words(report.endpoint)}"
    blocks: list[Block] = [Heading("Parameters", about, badge)]
    if not report.issues:
        sent = len(report.params)
        fine = "The parameter is fine." if sent == 1 else f"All {sent} parameters are fine."
        blocks.append(Note(fine if sent else "Nothing to check."))
        return tuple(blocks)
    rows: list[Row] = []
    pages: dict[str, None] = {}
    for issue in report.issues:
        rows.append(
            (
                Span(issue.severity, SEVERITIES.get(issue.severity, "")),
                Span(issue.path, "code"),
                Span(issue.code, "dim"),
                issue.message,
            )
        )
        pages.update(dict.fromkeys(source.url for source in issue.sources))
    blocks.append(Table(columns("", "parameter", "what", "why, and what to do"), tuple(rows)))
    facts = list(_repairs(report))
    if pages:
        facts.append(("sources", joined([Span(page, "", page) for page in list(pages)[:4]], "\n")))
    if facts:
        blocks.append(Facts(tuple(facts)))
    return tuple(blocks)


def _repairs(report: ParameterReport) -> Iterator[tuple[str, Inline]]:
    """What differs between the request and one that checks clean."""
    from json import dumps

    safe, sent = report.safe_params, report.params
    changed = {name: value for name, value in safe.items() if name not in sent or sent[name] != value}
    dropped = [name for name in sent if name not in safe]
    if changed:
        yield "send instead", Span(dumps(changed, ensure_ascii=False, default=str), "code")
    if dropped:
        yield "leave out", joined([Span(str(name), "code") for name in dropped])


# Audits and differences -------------------------------------------------------------------------------------


def _audit(report: AuditReport) -> tuple[Block, ...]:
    badge = Span("ok", "good") if report.ok else Span(f"{len(report.errors)} errors", "bad")
    blocks: list[Block] = [Heading("Audit of model ids", f"{len(report.checked)} ids on {report.on}", badge)]
    if report.findings:
        blocks.append(finding_table(report.findings))
    else:
        blocks.append(Note("Every id is known, and none of them is about to go away."))
    return tuple(blocks)


DIFF_ROWS = 60


def _diff(diff: DatasetDiff) -> tuple[Block, ...]:
    blocks: list[Block] = [Heading(f"Dataset {diff.old_version} to {diff.new_version}")]
    if not diff:
        blocks.append(Note("No difference."))
    for title, items in (
        ("Providers added", diff.added_providers),
        ("Providers removed", diff.removed_providers),
        ("Models added", diff.added),
        ("Models removed", diff.removed),
        ("References that mean another model", tuple(map(str, diff.moved))),
    ):
        if items:
            shown = joined([Span(item, "code") for item in items[:DIFF_ROWS]])
            left = len(items) - DIFF_ROWS
            more = (Span(f" and {left:,} more", "dim"),) if left > 0 else ()
            blocks.append(Section(f"{title} ({len(items):,})", (Note((*shown, *more)),)))
    if diff.changed:
        rows: list[Row] = [
            (Span(change.model, "code"), Span(change.field, "code"), fact_value(change.old), fact_value(change.new))
            for change in diff.changed[:DIFF_ROWS]
        ]
        left = len(diff.changed) - DIFF_ROWS
        table = Table(
            columns("model", "field", "old", "new"), tuple(rows), more=f"… and {left:,} more" if left > 0 else ""
        )
        blocks.append(Section(f"Fields changed ({len(diff.changed):,})", (table,)))
    return tuple(blocks)


# All of them ----------------------------------------------------------------------------------------------------

_VIEWS: dict[str, Callable[[Any], tuple[Block, ...]]] = {
    "AuditReport": _audit,
    "Author": _author,
    "Comparison": _comparison,
    "Conflict": conflict_blocks,
    "Cost": bill,
    "DatasetDiff": _diff,
    "DatasetInfo": info_blocks,
    "Model": card,
    "ParameterReport": _report,
    "Provider": _provider,
}
