"""The public functions: each asks the catalog in force, which is the bundled dataset unless told otherwise."""

from __future__ import annotations

import os
from _thread import RLock, get_ident
from contextvars import ContextVar
from time import monotonic

from .catalog import Catalog
from .storage import CURRENT, cache_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextvars import Token
    from decimal import Decimal
    from types import TracebackType
    from typing import TypeVar

    from .catalog import Resolution
    from .comparison import Comparison
    from .estimates import Workload
    from .history import Change, PriceChange
    from .provenance import Conflict, DatasetInfo, Observation, Source
    from .records import Author, Model, Provider, Snapshot
    from .results import Results

    Item = TypeVar("Item")

__all__ = [
    "compare_models",
    "dataset_info",
    "find_models",
    "get_author",
    "get_model",
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
    "use_catalog",
]

DATASET_VARIABLE = "MODELMETA_DATASET"
"""The environment variable that names a dataset to use, overlay files, or both; ``bundled`` is what came along."""

WARNING_VARIABLE = "MODELMETA_WARN_DEPRECATED"
"""The environment variable that, when it is set, has ``get_model`` warn of deprecated and retired models."""

_scoped: ContextVar[Catalog | None] = ContextVar("modelmeta_catalog", default=None)
_process: Catalog | None = None
"""The catalog of the process, while that is settled."""
_chosen: Catalog | None = None
_default: Catalog | None = None
_waiting: dict[int, tuple[int, Catalog, float]] = {}
"""Calls of ``use_catalog`` of which it is open whether a ``with`` block follows: by which thread, of what and when."""
_changing = RLock()

_MOMENT = 1.0
"""After so many seconds a call that no ``with`` block followed was one alone."""


def _new_lock() -> None:
    """In a forked process: the thread that may have held the lock is not there to let go of it."""
    global _changing
    _changing = RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_lock)


def current_catalog() -> Catalog:
    """The catalog in force here: of the ``with`` block, else of the process, else the default one."""
    return _scoped.get() or _process or _catalog_of_process()


def _catalog_of_process() -> Catalog:
    global _process, _chosen, _default
    with _changing:
        for call, (thread, catalog, made) in [*_waiting.items()]:
            if thread == get_ident() or monotonic() - made > _MOMENT:
                _settle(call, catalog)
        if _chosen is None:
            _chosen = _default = _opened()
        if not _waiting:
            _process = _chosen
        return _chosen


def _settle(call: int, catalog: Catalog) -> None:
    """A call of ``use_catalog`` was one alone: it holds for the process."""
    global _chosen
    _chosen = catalog
    del _waiting[call]


def _opened() -> Catalog:
    """The default catalog: what the environment names, else the newest dataset on this machine."""
    if os.environ.get(WARNING_VARIABLE):
        from .lifecycle import warn_deprecated

        warn_deprecated()
    paths = os.environ.get(DATASET_VARIABLE)
    if paths == "bundled":
        return Catalog.bundled()
    if paths:
        from .overlay import catalog_of

        return catalog_of(paths, _newest)
    return _newest()


def _newest() -> Catalog:
    """The dataset that ``refresh`` installed, if it did and nothing newer came with the package; else the bundled one.

    Who never called ``refresh`` pays for this with two looks at the environment and one at the file system: a few
    microseconds. Nothing is imported, and the bundled manifest is compared with only when there is something to
    compare.
    """
    folder = cache_folder()
    if folder is not None and os.path.exists(os.path.join(folder, CURRENT)):
        from .installed import open_newer

        newer = open_newer(folder)
        if newer is not None:
            return newer
    return Catalog.bundled()


def renew_default() -> None:
    """Have the default catalog opened anew at the next call; what ``use_catalog`` chose stays."""
    global _process, _chosen, _default
    with _changing:
        if _chosen is _default:
            _process = _chosen = None
        _default = None


def forget_lookups() -> None:
    """Have the catalog in force look every reference up anew."""
    for catalog in (_scoped.get(), _chosen):
        if catalog is not None:
            catalog.forget()


class use_catalog:  # noqa: N801  (it is called as a function)
    """Make ``catalog`` the one that the public functions ask.

    Called alone it holds for the process from then on. As a context manager it holds inside the block, for this
    thread or task only, and the process keeps what it had: tasks started inside inherit it, as does
    ``asyncio.to_thread``; a bare thread does when it runs in ``contextvars.copy_context()``. A path stands for the
    dataset or the overlay file there, or several as in ``MODELMETA_DATASET``.

    >>> from modelmeta import Catalog, get_model, use_catalog
    >>> with use_catalog(Catalog.bundled()):
    ...     get_model("gpt-4.1-mini").id
    'gpt-4.1-mini'
    """

    def __init__(self, catalog: Catalog | str | os.PathLike[str]) -> None:
        global _process
        if isinstance(catalog, (str, os.PathLike)):
            from .overlay import catalog_of

            catalog = catalog_of(os.fspath(catalog), _newest)
        if not isinstance(catalog, Catalog):
            raise TypeError(f"use_catalog() takes a Catalog or a path, not {type(catalog).__name__}")
        self._catalog = catalog
        self._tokens: list[Token[Catalog | None]] = []
        with _changing:
            self._before = _chosen
            _waiting[id(self)] = get_ident(), catalog, monotonic()
            _process = None

    def __del__(self) -> None:
        with _changing:
            if id(self) in _waiting:
                _settle(id(self), self._catalog)

    def __enter__(self) -> Catalog:
        global _process, _chosen
        with _changing:
            if _waiting.pop(id(self), None) is None and _chosen is self._catalog and not self._tokens:
                _process = _chosen = self._before
        self._tokens.append(_scoped.set(self._catalog))
        return self._catalog

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _scoped.reset(self._tokens.pop())


def get_model(ref: str, *, provider: str | None = None) -> Model:
    """The model that ``ref`` names.

    ``ref`` is an id, an alias or a snapshot (``"gpt-4.1-mini"``), qualified in any usual way
    (``"openai/gpt-4.1-mini"``, ``"openai:…"``, ``"…@openai"``), a fine-tune (``"ft:…"``), or the id another
    platform uses (a Bedrock profile or ARN, a Vertex path, ``"models/…"``). A bare id means its author's own API;
    else the only provider that serves it. Letter case does not matter. ``provider`` asks for that provider's offer.

    Raises ``UnknownModelError`` (a ``LookupError``) with the closest ids, ``AmbiguousModelError`` with the
    choices, ``InvalidReferenceError`` for what can name nothing, ``DatasetError`` if the data is damaged.

    >>> from modelmeta import get_model
    >>> get_model("openai/gpt-4.1-mini").limits.max_output_tokens
    32768
    """
    catalog = _scoped.get() or _process or current_catalog()
    try:
        return catalog._known[ref if provider is None else (ref, provider)]
    except (KeyError, TypeError):
        pass
    return catalog.get_model(ref, provider=provider)


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
