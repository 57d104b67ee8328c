"""A model as blocks: the card that fits a screen, and the page with all that is known."""

from __future__ import annotations

from ._display_blocks import Facts, Heading, Section, Span, joined
from ._display_prices import monthly_table, price_facts, price_tables, request_table
from ._display_provenance import source_table
from ._display_related import (
    about,
    conflicts,
    history,
    offers,
    other_offers,
    parameters,
    parameters_in_words,
    siblings,
    stated_differently,
)
from ._display_tables import capabilities, endpoints, measurements, modalities, names, rate_limits, reasoning, tools
from ._display_words import NOT_STATED, STATUS_TONES, count, field_words, lifecycle_sentence, words
from ._record import field_names
from .errors import ModelMetaError
from .records import Capabilities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._display_blocks import Block, Inline
    from .records import Measurement, Model

__all__ = ["card", "folded_page", "heading", "page"]

MANY = 6
"""Of longer lists a card shows so many and how many there are beside them."""


def card(model: Model) -> tuple[Block, ...]:
    """What matters most, for one screen."""
    blocks: list[Block] = [heading(model), Facts((*_identity(model), *_abilities(model)))]
    tables = price_tables(model, brief=True)
    blocks += tables
    facts = [*price_facts(model), *parameters_in_words(model), *_speed(model)]
    if facts:
        blocks.append(Facts(tuple(facts)))
    blocks += rate_limits(model)
    blocks.append(Facts(tuple(_whereabouts(model))))
    return tuple(blocks)


def page(model: Model) -> tuple[Block, ...]:
    """Everything: what the pages of vendors and catalogues show, and where it comes from."""
    sections = [Section(title, tuple(blocks)) for title, blocks in _sections(model) if blocks]
    return (heading(model), Facts(_identity(model)), *sections)


_FOLDS: dict[str, tuple[str, ...]] = {
    "What it can do": ("Modalities", "Capabilities", "Reasoning", "Endpoints", "Built-in tools"),
    "All prices, and what they come to": ("Prices", "What a request costs", "What a month costs", "Price history"),
    "Parameters": ("Parameters",),
    "Rate limits and speed": ("Rate limits", "Measured speed"),
    "Snapshots, aliases, ids elsewhere": ("Snapshots and aliases",),
    "The same model elsewhere": ("The same model elsewhere",),
    "Where sources differ": ("Where sources differ",),
    "Sources": ("Sources",),
}
"""What a notebook keeps folded, and the sections of the page that are in it."""


def folded_page(model: Model) -> tuple[Block, ...]:
    """The card's facts and prices open, everything else folded: for a notebook."""
    sections = {title: tuple(blocks) for title, blocks in _sections(model) if blocks}
    folds = []
    for title, parts in _FOLDS.items():
        inner = [Section(part, sections[part]) for part in parts if part in sections]
        if inner:
            alone = len(parts) == 1
            folds.append(Section(title, inner[0].blocks if alone else tuple(inner), folded=True))
    return (heading(model), Facts((*_identity(model), *_abilities(model))), *price_tables(model, brief=True), *folds)


def heading(model: Model) -> Heading:
    """Its name, its id and its status today."""
    status = model.status
    return Heading(model.name or model.id, model.qualified_id, Span(status, STATUS_TONES.get(status, "")))


def _sections(model: Model) -> Iterator[tuple[str, list[Block]]]:
    yield "Lifecycle", [Facts(tuple(_lifecycle(model)))]
    yield "Limits", [Facts(tuple(_limits(model)))]
    yield "Modalities", [modalities(model)]
    yield "Capabilities", capabilities(model)
    yield "Reasoning", reasoning(model)
    yield "Endpoints", endpoints(model)
    yield "Built-in tools", tools(model)
    yield "Prices", price_tables(model, brief=False)
    yield "What a request costs", request_table(model)
    yield "What a month costs", monthly_table(model)
    yield "Price history", history(model)
    yield "Parameters", parameters(model)
    yield "Rate limits", rate_limits(model, "")
    yield "Snapshots and aliases", names(model)
    yield "Measured speed", measurements(model)
    yield "The same model elsewhere", offers(model)
    yield "Where sources differ", conflicts(model)
    yield "Other models by the author", siblings(model)
    yield (
        "Links",
        [Facts(tuple([(words(link.kind), Span(link.url, "", link.url)) for link in model.links]))]
        if model.links
        else [],
    )
    yield "Sources", source_table(model)
    yield "About this page", [about()]


# Facts ----------------------------------------------------------------------------------------------


def _identity(model: Model) -> tuple[tuple[str, Inline], ...]:
    limits = model.limits
    rows: list[tuple[str, Inline]] = []
    life = lifecycle_sentence(model.lifecycle, model.status)
    if life:
        rows.append(("lifecycle", life))
    rows += [
        ("provider", _provider_name(model.provider)),
        ("author", NOT_STATED if model.author is None else _author_name(model.author)),
        ("family", joined([part for part in (model.family, model.size_class) if part]) or NOT_STATED),
        ("weights", _weights(model)),
        ("released", _date(model.released)),
        ("knowledge cutoff", _cutoff(model)),
        ("context window", count(limits.context_window, "tokens")),
        ("largest output", count(limits.max_output_tokens, "tokens")),
    ]
    if limits.max_input_tokens is not None:
        rows.append(("largest input", count(limits.max_input_tokens, "tokens")))
    if limits.max_reasoning_tokens is not None:
        rows.append(("largest reasoning", count(limits.max_reasoning_tokens, "tokens")))
    if limits.embedding_dimensions is not None:
        rows.append(("dimensions", count(limits.embedding_dimensions)))
    rows += [
        ("input", ", ".join(model.modalities.input) or NOT_STATED),
        ("output", ", ".join(model.modalities.output) or NOT_STATED),
    ]
    if model.snapshot_of is not None:
        rows.append(("snapshot of", Span(model.snapshot_of, "code")))
    if model.snapshots:
        rows.append(("snapshots", _versions(model)))
    if model.aliases:
        rows.append(("aliases", joined([Span(alias, "code") for alias in model.aliases])))
    return tuple(rows)


def _abilities(model: Model) -> Iterator[tuple[str, Inline]]:
    by_state: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    for name in field_names(Capabilities):
        by_state[getattr(model.capabilities, name)].append(words(name))
    for label, value in (("can", True), ("cannot", False)):
        if by_state[value]:
            yield label, ", ".join(by_state[value])
    if by_state[None]:
        yield "not stated", Span(_first(by_state[None], 3), "dim")
    steering = model.reasoning
    if steering.efforts:
        efforts: list[Inline] = [
            Span(effort, "strong") if effort == steering.default_effort else effort for effort in steering.efforts
        ]
        default = f" (default {steering.default_effort})" if steering.default_effort in steering.efforts else ""
        yield "reasoning effort", (*joined(efforts), Span(default, "dim"))
    served = [endpoint.name for endpoint in model.endpoints if endpoint.supported]
    if served:
        yield "endpoints", ", ".join(words(name) for name in served)
    tools = [tool.name for tool in model.tools if tool.supported]
    if tools:
        yield "built-in tools", ", ".join(words(name) for name in tools)


def _first(names: list[str], most: int) -> str:
    """The first of many names, and how many there are beside them."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _speed(model: Model) -> Iterator[tuple[str, Inline]]:
    if model.observed:
        yield "measured", _measurement(model.observed[0])


def _measurement(measured: Measurement) -> Inline:
    said = []
    if measured.output_tokens_per_second is not None:
        said.append(f"{measured.output_tokens_per_second:f} tokens/s")
    if measured.ttft_ms is not None:
        said.append(f"{measured.ttft_ms:,} ms to the first token")
    when = ", ".join(str(part) for part in (measured.measured_on, measured.measured_by, measured.via) if part)
    return (", ".join(said), Span(f" ({when})" if when else "", "dim"))


def _whereabouts(model: Model) -> Iterator[tuple[str, Inline]]:
    others = other_offers(model)
    if others:
        yield "elsewhere", _first(list(dict.fromkeys(other.provider for other in others)), MANY)
    conflicts = stated_differently(model)
    if conflicts:
        fields = list(dict.fromkeys(field_words(conflict.field) for conflict in conflicts))
        yield "sources differ", _first(fields, MANY)
    for link in model.links:
        if link.kind == "docs":
            yield "docs", Span(link.url, "", link.url)
    if model.seen_on is not None:
        yield "facts as of", str(model.seen_on)


def _lifecycle(model: Model) -> Iterator[tuple[str, Inline]]:
    life = model.lifecycle
    yield "status today", Span(model.status, STATUS_TONES.get(model.status, ""))
    for name in field_names(type(life)):
        value = getattr(life, name)
        if value is not None:
            label = "stated as" if name == "stated" else words(name)
            yield label, Span(value, "code") if name == "replacement" else str(value)
    if model.knowledge_cutoff is not None:
        yield "knowledge cutoff", str(model.knowledge_cutoff)
    if model.training_cutoff is not None:
        yield "training cutoff", str(model.training_cutoff)
    if model.seen_on is not None:
        yield "facts as of", str(model.seen_on)


def _limits(model: Model) -> Iterator[tuple[str, Inline]]:
    for name, value in ((name, getattr(model.limits, name)) for name in field_names(type(model.limits))):
        if value is not None or name in {"context_window", "max_output_tokens"}:
            yield words(name), count(value, "" if name == "embedding_dimensions" else "tokens")


def _weights(model: Model) -> Inline:
    if model.access is None:
        return NOT_STATED
    return f"{model.access}, {model.license}" if model.license else model.access


def _date(date: object) -> Inline:
    return NOT_STATED if date is None else str(date)


def _cutoff(model: Model) -> Inline:
    if model.training_cutoff is not None and model.training_cutoff != model.knowledge_cutoff:
        return (
            f"{_date(model.knowledge_cutoff)!s} (training data {model.training_cutoff})"
            if (model.knowledge_cutoff is not None)
            else f"training data {model.training_cutoff}"
        )
    return _date(model.knowledge_cutoff)


def _versions(model: Model) -> Inline:
    return joined(
        [
            (Span(snapshot.id, "code"), Span(" (default)" if snapshot.id == model.default_snapshot else "", "dim"))
            for snapshot in model.snapshots
        ]
    )


def _author_name(author: str) -> Inline:
    from .api import get_author

    try:
        name = get_author(author).name
    except ModelMetaError:
        name = None
    return _provider_name(author) if name is None else name


def _provider_name(provider: str) -> Inline:
    from .api import get_provider

    try:
        name = get_provider(provider).name
    except ModelMetaError:
        name = None
    return provider if name is None else name
