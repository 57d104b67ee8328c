"""The dataset in force, which is the bundled one unless told otherwise, and a lookup in it."""

from __future__ import annotations

import os
import sys
from _thread import RLock, get_ident
from _thread import _local as local
from contextvars import ContextVar
from time import monotonic

from .catalog import Catalog
from .storage import CURRENT, cache_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Token
    from types import TracebackType
    from typing import TypeVar

    from .records import Model

    Lookup = TypeVar("Lookup", bound=Callable[..., Model])

__all__ = [
    "DATASET_VARIABLE",
    "WARNING_VARIABLE",
    "current_catalog",
    "forget_lookups",
    "get_model",
    "renew_default",
    "use_catalog",
]

DATASET_VARIABLE = "MODELMETA_DATASET"
"""The environment variable that names a dataset to use, overlay files, or both; ``bundled`` is what came along."""

WARNING_VARIABLE = "MODELMETA_WARN_DEPRECATED"
"""The environment variable that, when it is set, has ``get_model`` warn of deprecated and retired models."""

_scoped: ContextVar[Catalog | None] = ContextVar("modelmeta_catalog", default=None)
_scopes = False
"""Whether a ``with`` block was ever entered: from then on a context may have a catalog of its own."""
_process: Catalog | None = None
"""The catalog of the process, while that is settled."""
_recalled = local()
"""What each thread looked up in it, where threads remember apart: see ``_apart``."""
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


def _turn_to(catalog: Catalog | None) -> None:
    """Make ``catalog`` that of the process (``None``: to be settled by the next call); threads look up anew."""
    global _process, _recalled
    _process = catalog
    _recalled = local()


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
    global _chosen, _default
    with _changing:
        if _chosen is _default:
            _chosen = None
            _turn_to(None)
        _default = None


def forget_lookups() -> None:
    """Have the catalog in force look every reference up anew."""
    for catalog in (_scoped.get(), _chosen):
        if catalog is not None:
            catalog.forget()
    _turn_to(None)


class use_catalog:  # noqa: N801  (it is called as a function)
    """Make ``catalog`` the one that the public functions ask.

    Called alone it holds for the process from then on. As a context manager it holds inside the block, for this
    thread or task only, and the process keeps what it had: tasks started inside inherit it, as does
    ``asyncio.to_thread``; a bare thread does when it runs in ``contextvars.copy_context()``, and always where Python
    has no global lock, from 3.14 on. A path stands for the dataset or the overlay file there, or several as in
    ``MODELMETA_DATASET``.

    >>> from modelmeta import Catalog, get_model, use_catalog
    >>> with use_catalog(Catalog.bundled()):
    ...     get_model("gpt-4.1-mini").id
    'gpt-4.1-mini'
    """

    def __init__(self, catalog: Catalog | str | os.PathLike[str]) -> None:
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
            _turn_to(None)

    def __del__(self) -> None:
        with _changing:
            if id(self) in _waiting:
                _settle(id(self), self._catalog)

    def __enter__(self) -> Catalog:
        global _chosen, _scopes
        with _changing:
            _scopes = True
            if _waiting.pop(id(self), None) is None and _chosen is self._catalog and not self._tokens:
                _chosen = self._before
                _turn_to(_chosen)
        self._tokens.append(_scoped.set(self._catalog))
        return self._catalog

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _scoped.reset(self._tokens.pop())


def _apart(lookup: Lookup) -> Lookup:
    """``lookup``; without the global lock, one in which each thread remembers for itself.

    There, threads that get at one catalog wait for each other, if only to count that they refer to it.
    """
    if getattr(sys, "_is_gil_enabled", lambda: True)():
        return lookup
    from ._apart import get_model

    get_model.__doc__ = lookup.__doc__
    return get_model  # type: ignore[return-value]


@_apart
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
