"""What is known of a model beside its record: its parameters, offers, relatives, history, and who disagrees."""

from __future__ import annotations

from ._display_blocks import Note, Span, Table, columns, joined
from ._display_lists import model_table
from ._display_provenance import conflict_table, price_change_table
from ._display_words import STATUS_TONES, count, rate_text, words
from .api import dataset_info, list_conflicts, list_models, list_offers, price_history
from .errors import ModelMetaError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._display_blocks import Block, Inline, Row
    from .provenance import Conflict
    from .records import Model
    from .specs import ParameterSpec

__all__ = [
    "about",
    "conflicts",
    "history",
    "offers",
    "other_offers",
    "parameters",
    "parameters_in_words",
    "siblings",
    "spec_table",
    "stated_differently",
]

SIBLINGS = 8
"""How many other models of an author a page shows."""


def other_offers(model: Model) -> tuple[Model, ...]:
    if model.base is None:
        return ()
    try:
        return tuple([offer for offer in list_offers(model.base) if offer.provider != model.provider])
    except ModelMetaError:
        return ()


def offers(model: Model) -> list[Block]:
    others = other_offers(model)
    if not others:
        return []
    rows = []
    for offer in (model, *others):
        prices = [rate_text(offer.price(component), unit=False) for component in ("input", "output")]
        rows.append(
            (
                offer.provider,
                Span(offer.id, "code"),
                Span(offer.status, STATUS_TONES.get(offer.status, "")),
                count(offer.limits.context_window),
                *prices,
            )
        )
    shown = columns(
        "provider", "id", "status", "context", "in / 1M", "out / 1M",
        right=["context"], point=["in / 1M", "out / 1M"],
    )  # fmt: skip
    return [Table(shown, tuple(rows), marked=frozenset({0}))]


def siblings(model: Model) -> list[Block]:
    """The newest other models of its author at the same provider, for a quick comparison."""
    if model.author is None:
        return []
    try:
        others = list_models(provider=model.provider, author=model.author)
    except ModelMetaError:
        return []
    living = [
        other
        for other in others
        if other.snapshot_of is None and other.id != model.id and other.status not in {"retired", "deprecated"}
    ]
    newest = sorted(living, key=lambda other: (str(other.released or ""), other.id), reverse=True)
    if not newest:
        return []
    table = model_table((model, *newest[:SIBLINGS]))._replace(marked=frozenset({0}))
    left = len(newest) - SIBLINGS
    return [table._replace(more=f"… and {left:,} more") if left > 0 else table]


def about() -> Block:
    info = dataset_info()
    return Note(f"Written by modelmeta from its dataset {info.version}, built on {info.built_on}, from facts alone.")


def stated_differently(model: Model) -> tuple[Conflict, ...]:
    try:
        return tuple(list_conflicts(model.qualified_id))
    except ModelMetaError:
        return ()


def conflicts(model: Model) -> list[Block]:
    conflicts = stated_differently(model)
    return [conflict_table(conflicts)] if conflicts else []


def history(model: Model) -> list[Block]:
    try:
        changes = price_history(model.qualified_id)
    except ModelMetaError:
        return []
    return [price_change_table(changes)] if changes else []


def _specs(model: Model) -> tuple[str, list[ParameterSpec]]:
    from .parameters import check_parameters
    from .specs import get_parameters

    try:
        endpoint = check_parameters(model, {}).endpoint
        return endpoint, list(get_parameters(model).values())
    except ModelMetaError:
        return "", []


def _interval(spec: ParameterSpec) -> str:
    low = spec.minimum if spec.minimum is not None else spec.exclusive_minimum
    high = spec.maximum if spec.maximum is not None else spec.exclusive_maximum
    if low is None and high is None:
        return ""
    if low is None:
        return f"{'below' if spec.maximum is None else 'at most'} {_number(high)}"
    if high is None:
        return f"{'above' if spec.minimum is None else 'at least'} {_number(low)}"
    above = "above " if spec.minimum is None else ""
    below = "below " if spec.maximum is None else ""
    return f"{above}{_number(low)} to {below}{_number(high)}"


def _number(number: float | None) -> str:
    """A bound; that of a 64-bit number as the power of two that it is about."""
    if number is not None and abs(number) >= 2**53:
        return f"{'-' if number < 0 else ''}2^{round(abs(number)).bit_length() - 1}"
    return f"{number:,}"


def parameters_in_words(model: Model) -> Iterator[tuple[str, Inline]]:
    _, specs = _specs(model)
    taken: list[Inline] = []
    refused: list[str] = []
    outdated: list[str] = []
    for spec in specs:
        if spec.support in {"unsupported", "unknown"}:
            refused += [spec.path] if spec.support == "unsupported" else []
        elif spec.support == "deprecated":
            outdated.append(spec.path)
        elif _interval(spec) or spec.default is not None or spec.choices:
            bounds = _interval(spec)
            default = f" ({_plainly(spec.default)})" if spec.default is not None else ""
            choices = "" if bounds or spec.choices is None else " " + "|".join(map(_plainly, spec.choices[:8]))
            taken.append((Span(spec.path, "code"), f" {bounds}" if bounds else choices, Span(default, "dim")))
    if taken:
        yield "parameters", joined(taken)
    for label, paths in (("not taken", refused), ("deprecated", outdated)):
        if paths:
            yield label, joined([Span(path, "code") for path in paths])


def _plainly(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return ", ".join(map(_plainly, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def parameters(model: Model) -> list[Block]:
    endpoint, specs = _specs(model)
    if not specs:
        return []
    return [Note(("On the ", Span(words(endpoint), "strong"), " endpoint:")), spec_table(specs)]


def spec_table(specs: Iterable[ParameterSpec]) -> Table:
    """A line for each parameter: whether it is taken, its range and default, and what it goes with."""
    rows: list[Row] = []
    for spec in specs:
        notes = [need if need.startswith(("not with ", "below ")) else f"needs {need}" for need in spec.requires]
        notes += [f"not with {other}" for other in spec.conflicts]
        if spec.replaced_by:
            notes.append(f"use {spec.replaced_by} instead")
        values = _interval(spec) or ("" if spec.choices is None else ", ".join(map(_plainly, spec.choices)))
        rows.append(
            (
                Span(spec.path, "code"),
                Span(spec.support, _SUPPORT_TONES.get(spec.support, "")),
                (spec.type or "").replace("|", " or "),
                values,
                "" if spec.default is None else _plainly(spec.default),
                "; ".join(notes),
            )
        )
    return Table(columns("parameter", "support", "type", "values", "default", "note"), tuple(rows))


_SUPPORT_TONES = {
    "supported": "good",
    "unsupported": "bad",
    "deprecated": "warn",
    "ignored": "warn",
    "fixed": "warn",
    "unknown": "dim",
}
