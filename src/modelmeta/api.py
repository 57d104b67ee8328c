"""The public functions that find, list and compare models: each asks the dataset in force."""

from __future__ import annotations

from .active import current_catalog, get_model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from typing import TypeVar

    from .comparison import Comparison
    from .estimates import Workload
    from .history import Change, PriceChange
    from .provenance import Conflict, DatasetInfo, Observation, Source
    from .records import Author, Model, Provider, Snapshot
    from .resolution import Resolution
    from .results import Results

    Item = TypeVar("Item")

__all__ = [
    "compare_models",
    "dataset_info",
    "find_models",
    "get_author",
    "get_provider",
    "list_aliases",
    "list_authors",
    "list_changes",
    "list_conflicts",
    "list_models",
    "list_observations",
    "list_offers",
    "list_providers",
    "list_snapshots",
    "list_sources",
    "price_history",
    "resolve",
]


def resolve(ref: str, *, provider: str | None = None) -> Resolution:
    """What ``ref`` means: the model, how the reference was read, and its canonical ``provider/id``.

    Raises what :func:`get_model` raises.

    >>> from modelmeta import resolve
    >>> found = resolve("ft:gpt-4.1-mini-2025-04-14:acme::abc123")
    >>> found.kind, found.canonical_id
    ('fine_tune', 'openai/gpt-4.1-mini-2025-04-14')
    """
    return current_catalog().resolve(ref, provider=provider)


def _listed(records: tuple[Item, ...]) -> Results[Item]:
    """A tuple that notebooks and terminals show as a table."""
    from .results import Results

    return Results(records)


def list_models(
    *,
    provider: str | None = None,
    author: str | None = None,
    family: str | None = None,
    base: str | None = None,
    status: str | None = None,
) -> Results[Model]:
    """Every model, or those of one provider, author, family, base model or status (as of today), sorted by id.

    Raises ``UnknownProviderError`` for a provider that does not exist; an author, family or base that nothing
    matches gives an empty tuple.

    >>> from modelmeta import list_models
    >>> "gpt-4.1-mini" in [model.id for model in list_models(provider="openai")]
    True
    """
    return _listed(
        current_catalog().list_models(provider=provider, author=author, family=family, base=base, status=status)
    )


def find_models(
    *,
    requires: Iterable[str] = (),
    input_modalities: Iterable[str] = (),
    output_modalities: Iterable[str] = (),
    min_context: int | None = None,
    min_output: int | None = None,
    max_input_price: Decimal | float | str | None = None,
    max_output_price: Decimal | float | str | None = None,
    provider: str | None = None,
    author: str | None = None,
    open_weights: bool | None = None,
    status: str | None = None,
    sort_by: str | None = None,
    limit: int | None = None,
    workload: Workload | None = None,
) -> Results[Model]:
    """The models that are known to meet every condition given.

    ``requires`` names capabilities, endpoints or built-in tools; ``min_context`` and ``min_output`` are tokens;
    prices are standard USD per 1M tokens. ``sort_by`` is ``"context_window"``, ``"max_output_tokens"``,
    ``"input_price"``, ``"output_price"``, ``"released"``, ``"name"`` or ``"cost"`` (of ``workload``); models that
    lack the value come last. What no source states meets no condition. Raises ``ModelMetaError`` for a
    capability or a sort key that does not exist.

    >>> from modelmeta import find_models
    >>> found = find_models(requires=["tool_calling"], provider="openai", min_context=1_000_000, max_input_price="0.4")
    >>> "gpt-4.1-mini" in [model.id for model in found]
    True
    """
    from .find import select

    conditions = {
        "requires": requires,
        "input_modalities": input_modalities,
        "output_modalities": output_modalities,
        "min_context": min_context,
        "min_output": min_output,
        "max_input_price": max_input_price,
        "max_output_price": max_output_price,
        "author": author,
        "open_weights": open_weights,
        "status": status,
    }
    catalog = current_catalog()
    return _listed(select(catalog, conditions, provider=provider, sort_by=sort_by, limit=limit, workload=workload))


def compare_models(*refs: str | Model) -> Comparison:
    """Two or more models side by side, field by field.

    The rows are the fields that at least one of them states, today's standard prices among them. Raises
    ``ModelMetaError`` for fewer than two, and what :func:`get_model` raises.

    >>> from modelmeta import compare_models
    >>> compared = compare_models("gpt-4.1-mini", "gpt-4.1-nano")
    >>> [row.field for row in compared.differences if row.field.startswith("pricing")]
    ['pricing.standard.input', 'pricing.standard.cached_input', 'pricing.standard.output']
    """
    from .comparison import compare
    from .records import Model

    return compare(tuple(ref if isinstance(ref, Model) else get_model(ref) for ref in refs))


def list_aliases(ref: str) -> tuple[str, ...]:
    """The other ids that point at the model ``ref`` names; raises what :func:`get_model` raises.

    >>> from modelmeta import list_aliases
    >>> list_aliases("claude-3-5-haiku-20241022")
    ('claude-3-5-haiku-latest',)
    """
    return current_catalog().list_aliases(ref)


def list_snapshots(ref: str) -> Results[Snapshot]:
    """The pinned versions of the model that ``ref`` names, or of the one that it is a version of.

    Raises what :func:`get_model` raises.

    >>> from modelmeta import list_snapshots
    >>> [snapshot.id for snapshot in list_snapshots("gpt-4.1-mini")]
    ['gpt-4.1-mini-2025-04-14']
    """
    return _listed(current_catalog().list_snapshots(ref))


def list_offers(ref: str) -> Results[Model]:
    """One base model at every provider that serves it. ``ref`` may be a base id, a model, or an ambiguous id.

    Which records are one model is decided when the dataset is built. Raises what :func:`get_model` raises, but no
    ``AmbiguousModelError``.

    >>> from modelmeta import list_offers
    >>> {"openai", "azure"} <= {model.provider for model in list_offers("openai/gpt-4.1-mini")}
    True
    """
    return _listed(current_catalog().list_offers(ref))


def get_provider(id: str) -> Provider:
    """The provider of that id; raises ``UnknownProviderError`` with the closest ids.

    >>> from modelmeta import get_provider
    >>> get_provider("amazon-bedrock").name
    'Amazon Bedrock'
    """
    return current_catalog().get_provider(id)


def list_providers() -> Results[Provider]:
    """Every provider, sorted by id.

    >>> from modelmeta import list_providers
    >>> {"openai", "azure", "openrouter"} <= {provider.id for provider in list_providers()}
    True
    """
    return _listed(current_catalog().list_providers())


def get_author(id: str) -> Author:
    """The author of that id; raises ``UnknownModelError`` with the closest ids.

    >>> from modelmeta import get_author
    >>> get_author("openai").models > 1_000
    True
    """
    return current_catalog().get_author(id)


def list_authors() -> Results[Author]:
    """Every author, sorted by id.

    >>> from modelmeta import list_authors
    >>> {"openai", "meta", "mistral"} <= {author.id for author in list_authors()}
    True
    """
    return _listed(current_catalog().list_authors())


def dataset_info() -> DatasetInfo:
    """Version, build date, counts and sources of the dataset in use, from its manifest.

    >>> from modelmeta import dataset_info
    >>> dataset_info().counts.models >= 8000
    True
    """
    return current_catalog().dataset_info()


def list_observations(ref: str, field: str | None = None) -> Results[Observation]:
    """Who said what about a model, when and on which page; which statement was believed, and why.

    ``field`` is a dotted path, or the name of a group of fields such as ``"limits"``; ``None`` means all. Raises what
    :func:`get_model` raises.

    >>> from modelmeta import list_observations
    >>> stated = list_observations("gpt-4.1-mini", "limits.context_window")
    >>> [(observation.source, observation.value) for observation in stated if observation.believed]
    [('page-openai', 1047576)]
    """
    return _listed(current_catalog().list_observations(ref, field))


def list_conflicts(ref: str | None = None) -> Results[Conflict]:
    """The fields on which sources differ, of one model or of all, with the settled value and why others differ.

    Who is believed of which field is in the dataset's table of authority. Raises what :func:`get_model` raises.

    >>> from modelmeta import list_conflicts
    >>> (conflict,) = [c for c in list_conflicts("gpt-4.1-mini") if c.field == "limits.max_output_tokens"]
    >>> conflict.settled, 8192 in conflict.values
    (32768, True)
    """
    return _listed(current_catalog().list_conflicts(ref))


def list_changes(ref: str, field: str | None = None) -> Results[Change]:
    """What changed about a model, oldest first: dated, with its source, corrections told apart from changes.

    ``field`` is a dotted path or a group of fields (``"limits"``); ``None`` means all. Raises what :func:`get_model`
    raises.

    >>> from modelmeta import list_changes
    >>> [str(change.date) for change in list_changes("grok-4.5", "pricing.standard.cached_input")]
    ['2026-07-19']
    """
    return _listed(current_catalog().list_changes(ref, field))


def price_history(ref: str) -> Results[PriceChange]:
    """The dated changes of a model's prices, oldest first; a correction of a mistake says so in ``kind``.

    Raises what :func:`get_model` raises.

    >>> from modelmeta import price_history
    >>> change = [c for c in price_history("grok-4.5") if c.component == "cached_input"][0]
    >>> str(change.old), str(change.new), change.kind
    ('0.5', '0.3', 'change')
    """
    return _listed(current_catalog().price_history(ref))


def list_sources() -> Results[Source]:
    """Everything that the dataset was built from, with versions, dates and licences.

    >>> from modelmeta import list_sources
    >>> {"vendor-pages", "models.dev"} <= {source.id for source in list_sources()}
    True
    """
    return _listed(current_catalog().dataset_info().sources)
