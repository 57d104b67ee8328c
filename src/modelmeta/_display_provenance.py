"""Where facts come from, as blocks: observations, conflicts, sources, changes."""

from __future__ import annotations

from ._display_blocks import Facts, Heading, Note, Span, Table, columns, joined
from ._display_words import fact_value, field_words, money, words
from .errors import ModelMetaError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ._display_blocks import Block, Inline, Row
    from .history import Change, PriceChange
    from .provenance import Conflict, DatasetInfo, Observation, Source
    from .records import Model

__all__ = [
    "change_table",
    "conflict_blocks",
    "conflict_table",
    "info_blocks",
    "observation_table",
    "price_change_table",
    "source_list",
    "source_table",
]

BELIEVED = Span("✓", "good")


def _page(locator: str, shown: str | None = None) -> Span:
    """Where it was read: a link where it is an address."""
    href = locator if locator.startswith(("https://", "http://")) else ""
    return Span(locator if shown is None else shown, "", href)


def conflict_blocks(conflict: Conflict) -> tuple[Block, ...]:
    """One conflict: the value in force, and everything that was said."""
    facts: list[tuple[str, Inline]] = [("settled", _strong(fact_value(conflict.settled)))]
    if conflict.explanation:
        facts.append(("the others", conflict.explanation))
    return (
        Heading(conflict.field, conflict.model),
        Facts(tuple(facts)),
        _observations(conflict.observations, with_field=False),
    )


def _strong(inline: Inline) -> Inline:
    return Span(inline, "strong") if isinstance(inline, str) else inline


def conflict_table(conflicts: Iterable[Conflict], *, with_model: bool = False) -> Table:
    """Several conflicts: each with the value in force and who says otherwise."""
    rows: list[Row] = []
    for conflict in conflicts:
        others: dict[object, list[str]] = {}
        for observation in conflict.others:
            others.setdefault(observation.value, []).append(observation.source)
        said = [
            (*_parts(_shortened(value)), Span(f" ({', '.join(dict.fromkeys(who))})", "dim"))
            for value, who in others.items()
        ]
        row: Row = (
            Span(conflict.field, "code"),
            _shortened(conflict.settled),
            joined(said, "\n"),
            conflict.explanation,
        )
        rows.append((Span(conflict.model, "code"), *row) if with_model else row)
    shown = columns(*(["model"] if with_model else []), "field", "settled", "others say", "because")
    return Table(shown, tuple(rows))


def _shortened(value: object) -> Inline:
    """A value, or how many there are of a long list."""
    if isinstance(value, tuple) and len(value) > 4 and any(isinstance(item, tuple) for item in value):
        return f"{len(value)} entries"
    return fact_value(value)


def _parts(inline: Inline) -> Sequence[str | Span]:
    return (inline,) if isinstance(inline, (str, Span)) else inline


def _observations(observations: Iterable[Observation], *, with_field: bool = True) -> Table:
    rows: list[Row] = []
    for observation in observations:
        mark = BELIEVED if observation.believed else Span("", "dim")
        row: Row = (
            mark,
            _shortened(observation.value),
            observation.source,
            "" if observation.seen_on is None else str(observation.seen_on),
            _page(observation.locator),
            observation.reason,
        )
        rows.append((Span(observation.field, "code"), *row) if with_field else row)
    shown = columns(*(["field"] if with_field else []), " ", "value", "source", "seen on", "where", "why")
    return Table(shown, tuple(rows))


def observation_table(observations: Sequence[Observation]) -> Table:
    """Who said what, field by field."""
    fields = {observation.field for observation in observations}
    table = _observations(observations, with_field=len(fields) > 1)
    return table._replace(title=fields.pop()) if len(fields) == 1 else table


def source_table(model: Model) -> list[Block]:
    """The sources of the facts of a model that are believed, and which facts each of them gives."""
    from .api import list_observations, list_sources

    try:
        stated = list_observations(model.qualified_id)
        names = {source.id: source for source in list_sources()}
    except ModelMetaError:
        return []
    fields: dict[tuple[str, str], dict[str, str]] = {}
    for observation in stated:
        if observation.believed:
            known = names.get(observation.source)
            name = observation.source if known is None else known.name
            address = observation.locator if observation.locator.startswith("http") else ""
            address = address or ("" if known is None or known.url is None else known.url)
            seen = "" if observation.seen_on is None else str(observation.seen_on)
            group = fields.setdefault((name, address), {})
            group[_group(observation.field)] = max(seen, group.get(_group(observation.field), ""))
    rows: list[Row] = [
        (_page(address, name) if address else name, ", ".join(said), max(said.values()))
        for (name, address), said in fields.items()
    ]
    if not rows:
        return []
    return [
        Table(columns("source", "facts", "seen on"), tuple(rows)),
        Note(Span("Of each fact, the source that was believed; list_observations() has what the others say.", "dim")),
    ]


_GROUPS = {"endpoint_paths": "endpoints", "pricing": "prices", "observed": "measured speed"}


def _group(field: str) -> str:
    """A field as a list of sources names it: by its group, unless each field of the group is a fact of its own."""
    head, _, tail = field.partition(".")
    if head in {"limits", "lifecycle"}:
        return field_words(field)
    return _GROUPS.get(head, words(head)) if tail or head in _GROUPS else words(field)


def source_list(sources: Iterable[Source]) -> Table:
    """What a dataset was built from."""
    rows: list[Row] = [
        (
            Span(source.id, "code"),
            _page(source.url, source.name) if source.url else source.name,
            source.standing or "",
            source.licence or "",
            "" if source.seen_on is None else str(source.seen_on),
            source.version or "",
        )
        for source in sources
    ]
    return Table(columns("id", "source", "standing", "licence", "seen on", "version"), tuple(rows))


def info_blocks(info: DatasetInfo) -> tuple[Block, ...]:
    """Version, age, counts and sources of a dataset."""
    counts = [
        (words(name), f"{getattr(info.counts, name):,}")
        for name in type(info.counts)._fields  # pyright: ignore[reportPrivateUsage]
    ]
    facts: list[tuple[str, Inline]] = [
        ("built on", str(info.built_on)),
        ("schema version", str(info.schema_version)),
        *counts,
    ]
    return (Heading("modelmeta dataset", info.version), Facts(tuple(facts)), source_list(info.sources))


_KINDS = {"change": "", "correction": "warn", "added": "good", "removed": "bad"}


def price_change_table(changes: Iterable[PriceChange]) -> Table:
    """What prices were, oldest first."""
    rows: list[Row] = []
    for change in changes:
        old, new = (
            Span("-", "dim") if amount is None else money(amount, change.currency)
            for amount in (change.old, change.new)
        )
        rows.append(
            (
                str(change.date),
                f"{words(change.component)}, {change.tier}",
                old,
                new,
                change.unit,
                (Span(change.kind, _KINDS.get(change.kind, "")), f": {change.reason}" if change.reason else ""),
                _page(change.locator, change.source),
            )
        )
    shown = columns("day", "price", "old", "new", "per", "kind", "source", point=["old", "new"])
    return Table(shown, tuple(rows))


def change_table(changes: Iterable[Change]) -> Table:
    """What changed, oldest first."""
    rows: list[Row] = [
        (
            str(change.date),
            Span(change.field, "code"),
            fact_value(change.old),
            fact_value(change.new),
            (Span(change.kind, _KINDS.get(change.kind, "")), f": {change.reason}" if change.reason else ""),
            _page(change.locator, change.source),
        )
        for change in changes
    ]
    return Table(columns("day", "field", "old", "new", "kind", "source"), tuple(rows))
