"""Find, list and resolve models over one immutable dataset."""

from __future__ import annotations

from ._record import Unread, from_json
from .errors import DatasetError, UnknownModelError
from .records import Author, Model, Provider, Snapshot
from .references import Reading, normalise, provider_name, readings
from .storage import SortedFile, open_storage, parse, read_manifest, verify

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, ClassVar, TypeAlias

    from ._columns import Columns, Test
    from ._packed import Packed
    from .history import Change, PriceChange
    from .provenance import Conflict, DatasetInfo, Observation
    from .resolution import Resolution
    from .storage import Folder

    Place: TypeAlias = Any

__all__ = ["Catalog"]

RELATED_PROVIDERS = {
    "google-vertex": ("google-vertex-anthropic",),
    "azure": ("azure-cognitive-services",),
    "amazon-bedrock": ("bedrock-mantle",),
}
"""Providers that one name stands for in routers and SDKs: the first is asked, then the others."""

_REMEMBERED = 50_000
"""How many references are kept resolved before the memory of them starts afresh."""


class Catalog:
    """One dataset: the bundled one, or one loaded from a path. It never changes after it is opened.

    >>> Catalog.bundled().get_model("claude-sonnet-4-5").author
    'anthropic'
    """

    own_aliases: frozenset[str] = frozenset()
    """The aliases that overlays of this catalog state, in lower case."""

    watch: ClassVar[Callable[[Model], bool] | None] = None
    """What is told of a model that is not remembered yet; one of which it returns true is told of again."""

    def __init__(self, storage: Folder | Packed) -> None:
        read_manifest(storage)
        self.storage = storage
        self._known: dict[object, Model] = {}
        self._models: dict[str, Model] = {}
        self._whole: dict[str, tuple[Model, ...]] = {}
        self._files: dict[str, SortedFile] = {}
        self._sound: set[str] = set()
        self._columns: Columns | None = None
        self._listed: dict[Place, Model] = {}

    def __repr__(self) -> str:
        return f"<Catalog {self.storage}>"

    @classmethod
    def bundled(cls) -> Catalog:
        """The dataset that came with the package."""
        return cls(open_storage())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Catalog:
        """A dataset in a folder or a zip file; every file is checked against the manifest and validated first.

        Raises ``DatasetError`` naming the file, the entry and the field that is wrong.
        """
        from .validation import validate_dataset

        storage = open_storage(str(path))
        catalog = cls(storage)
        validate_dataset(storage)
        return catalog

    def with_overlay(self, overlay: str | os.PathLike[str] | Mapping[str, object]) -> Catalog:
        """This catalog with a user's own models, prices, corrections and aliases laid over it; nothing is copied.

        ``overlay`` is a JSON, YAML or TOML file, or what such a file would hold. Raises ``DatasetError`` naming the
        file, the line and the value that is wrong.

        >>> change = {"component": "input", "unit": "1M tokens", "amount": "0.32"}
        >>> mine = Catalog.bundled().with_overlay({"changes": {"gpt-4.1-mini": {"prices": [change]}}})
        >>> str(mine.get_model("gpt-4.1-mini").price("input").amount)
        '0.32'
        """
        from .overlay import read_overlay

        return read_overlay(overlay).over(self)

    def with_models(self, models: Iterable[Model], *, name: str = "with_models") -> Catalog:
        """This catalog with whole models added, or put in the place of those with the same provider and id.

        ``name`` is what the models' facts show as their source. Raises ``DatasetError`` for a record that holds what
        its fields do not allow.

        >>> from modelmeta import Limits, Model
        >>> own = Model(id="private-1", provider="acme", limits=Limits(context_window=32_000))
        >>> Catalog.bundled().with_models([own]).get_model("acme/private-1").limits.context_window
        32000
        """
        from .overlay import overlay_of_models

        return overlay_of_models(models, name=name).over(self)

    # One model ------------------------------------------------------------------------------------------

    def get_model(self, ref: str, *, provider: str | None = None) -> Model:
        """See :func:`modelmeta.get_model`."""
        model, _ = self._find(ref, provider)
        if Catalog.watch is not None and Catalog.watch(model):
            return model
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        return self._known.setdefault(ref if provider is None else (ref, provider), model)

    def forget(self) -> None:
        """Look every reference up anew from now on."""
        self._known.clear()

    def resolve(self, ref: str, *, provider: str | None = None) -> Resolution:
        """See :func:`modelmeta.resolve`."""
        from .resolution import resolution

        return resolution(ref, *self._find(ref, provider))

    def _find(self, ref: object, provider: object, *, suggest: bool = True) -> tuple[Model, Reading]:
        missed = False
        for reading in readings(ref, provider, lambda name: self._row("providers", name) is not None):
            target = self._target(reading.key)
            if target is None:
                missed = True
                continue
            if missed:
                self._verify("index.json")
            if provider is not None:
                name = provider_name(provider)
                served = (name, *RELATED_PROVIDERS.get(name, ()))
                found = [target] if isinstance(target, str) else target
                choices = [choice for choice in found if choice.partition("/")[0] in served]
                if len(choices) != 1:
                    missed = True
                    continue
                target = choices[0]
            if isinstance(target, str):
                return self._model(target), reading
            from ._not_found import ambiguous_model

            raise ambiguous_model(str(ref), target)
        if provider is not None:
            from ._offers import offer_at

            offer = offer_at(self, provider_name(provider), ref)
            if offer is not None:
                return offer, Reading(offer.id, offer.provider, "offer")
        if not suggest:
            raise UnknownModelError(f"no model {ref!r}")
        from ._not_found import unknown_model

        raise unknown_model(self, ref, provider)

    def _target(self, key: str) -> str | list[str] | None:
        """The qualified id that a key of the index stands for; the choices, where it is ambiguous."""
        index = self._file("index.json")
        entry = index.get(key)
        if entry is None:
            return None
        target: str | list[str] = index.item(entry, list)[1][0]
        return target

    def _head(self, model: Model) -> Model:
        return model if model.snapshot_of is None else self._model(f"{model.provider}/{model.snapshot_of}")

    def _model(self, qualified: str) -> Model:
        model = self._models.get(qualified)
        if model is None:
            provider, _, model_id = qualified.partition("/")
            raw = _read(self.storage, self._files, provider, model_id)
            model = self._models.setdefault(qualified, from_json(Model, raw))
        return model

    def _file(self, name: str) -> SortedFile:
        return _opened(self.storage, self._files, name)

    def _verify(self, name: str) -> None:
        """Once: that the file is whole, before what it does not hold is taken to be missing."""
        if name not in self._sound:
            verify(self.storage, name)
            self._sound.add(name)

    def _keys(self, provider: object) -> Iterable[str]:
        entries = self._file("index.json").entries()
        keys = (key for entry in entries if " " not in (key := entry[1 : entry.index(b'":')].decode()))
        if provider is None:
            return keys
        prefix = f"{provider_name(provider)}/"
        return (key for key in keys if key.startswith(prefix))

    def references(self) -> dict[str, tuple[str, ...]]:
        """Every key of the index, and the qualified ids it stands for: one, or the choices where it is ambiguous."""
        file = self._file("index.json")
        refs = parse(file.whole().decode("ascii", "replace"), str(file))["refs"]
        return {key: (row[0],) if isinstance(row[0], str) else tuple(row[0]) for key, row in refs.items()}

    # Many models ----------------------------------------------------------------------------------------

    def list_models(
        self,
        *,
        provider: str | None = None,
        author: str | None = None,
        family: str | None = None,
        base: str | None = None,
        status: str | None = None,
    ) -> tuple[Model, ...]:
        """See :func:`modelmeta.list_models`."""
        from .find import listed

        return listed(self, provider, {"author": author, "family": family, "base": base, "status": status})

    def _all_of(self, provider: str) -> tuple[Model, ...]:
        models = self._whole.get(provider)
        if models is None:
            file = self._file(f"models/{provider}.json")
            text = file.whole().decode("ascii", "replace")
            raw: dict[str, dict[str, Any]] = parse(text, str(file))["models"]
            keep = self._models.setdefault
            made = {key: from_json(Model, {**value, "id": key, "provider": provider}) for key, value in raw.items()}
            models = self._whole.setdefault(
                provider, tuple([keep(f"{provider}/{key}", model) for key, model in made.items()])
            )
        return models

    def matching(self, tests: Mapping[str, Test], column: str | None = None) -> tuple[Sequence[Place], list[Any]]:
        """The models that pass the tests of the columns named, in order, and what ``column`` holds of each.

        No record is made: see ``Columns``. A model is here what ``listed`` and ``named`` understand.
        """
        return self._rows().matching(tests, column)

    def _rows(self) -> Columns:
        if self._columns is None:
            from ._columns import Columns

            self._columns = Columns(self.storage)
        return self._columns

    def listed(self, places: Sequence[Place]) -> list[Model]:
        """The models that ``matching`` gave; what one holds is read when it is first looked at."""
        listed = self._listed
        found: list[Any] = [*map(listed.get, places)]
        if not all(found):
            missing = [row for row in places if row not in listed]
            unread = _unread(self._rows(), self.storage, self._files)
            found = [*map(listed.setdefault, missing, unread.records(Model, missing))]
        return found if len(found) == len(places) else [*map(listed.__getitem__, places)]

    def named(self, places: Sequence[Place]) -> list[str]:
        """The qualified ids of the models that ``matching`` gave."""
        rows = self._rows()
        return [f"{rows.provider(row)}/{rows.id(row)}" for row in places]

    # Relations ------------------------------------------------------------------------------------------

    def list_aliases(self, ref: str) -> tuple[str, ...]:
        """See :func:`modelmeta.list_aliases`."""
        return self.get_model(ref).aliases

    def list_snapshots(self, ref: str) -> tuple[Snapshot, ...]:
        """See :func:`modelmeta.list_snapshots`."""
        return self._head(self.get_model(ref)).snapshots

    def list_offers(self, ref: str) -> tuple[Model, ...]:
        """See :func:`modelmeta.list_offers`."""
        from ._offers import list_offers

        return list_offers(self, ref)

    def _offers(self, base: str) -> tuple[str, ...]:
        """The qualified ids of every offer of a base model, versions included."""
        file = self._file("offers.json")
        entry = file.get(base.lower())
        if entry is None:
            self._verify(file.name)
            return ()
        return tuple(file.item(entry, list)[1][:-1])

    # Providers and authors ------------------------------------------------------------------------------

    def _table(self, name: str) -> dict[str, dict[str, Any]]:
        file = self._file(f"{name}.json")
        table: dict[str, dict[str, Any]] = parse(file.whole().decode("ascii", "replace"), str(file))[name]
        return table

    def _row(self, name: str, key: str) -> dict[str, Any] | None:
        """One row of a table, without the others."""
        file = self._file(f"{name}.json")
        entry = file.get(key)
        if entry is None:
            self._verify(file.name)
            return None
        row: dict[str, Any] = file.item(entry, dict)[1]
        return row

    def _providers(self) -> tuple[str, ...]:
        return tuple(self._table("providers"))

    def get_provider(self, provider: str) -> Provider:
        """See :func:`modelmeta.get_provider`."""
        name = provider_name(provider)
        raw = self._row("providers", name)
        if raw is None:
            from ._not_found import unknown_provider

            raise unknown_provider(self, provider)
        found: Provider = from_json(Provider, {**raw, "id": name})
        return found

    def list_providers(self) -> tuple[Provider, ...]:
        """See :func:`modelmeta.list_providers`."""
        return tuple(from_json(Provider, {**raw, "id": name}) for name, raw in self._table("providers").items())

    def get_author(self, author: str) -> Author:
        """See :func:`modelmeta.get_author`."""
        name = normalise(author, "an author")
        raw = self._row("authors", name)
        if raw is None:
            from ._not_found import unknown_author

            raise unknown_author(self, author)
        found: Author = from_json(Author, {**raw, "id": name})
        return found

    def list_authors(self) -> tuple[Author, ...]:
        """See :func:`modelmeta.list_authors`."""
        return tuple(from_json(Author, {**raw, "id": name}) for name, raw in self._table("authors").items())

    def list_observations(self, ref: str, field: str | None = None) -> tuple[Observation, ...]:
        """See :func:`modelmeta.list_observations`."""
        from .provenance import observations

        return observations(self.storage, self.get_model(ref), field)

    def list_conflicts(self, ref: str | None = None) -> tuple[Conflict, ...]:
        """See :func:`modelmeta.list_conflicts`."""
        from .provenance import all_conflicts, conflicts

        if ref is None:
            return all_conflicts(self.storage, self._providers())
        return conflicts(self.storage, self.get_model(ref))

    def list_changes(self, ref: str, field: str | None = None) -> tuple[Change, ...]:
        """See :func:`modelmeta.list_changes`."""
        from .history import changes

        return changes(self.storage, self.get_model(ref), field)

    def price_history(self, ref: str) -> tuple[PriceChange, ...]:
        """See :func:`modelmeta.price_history`."""
        from .history import price_changes

        return price_changes(self.storage, self.get_model(ref))

    def dataset_info(self) -> DatasetInfo:
        """See :func:`modelmeta.dataset_info`."""
        from .provenance import dataset_info

        return dataset_info(self.storage)


def _opened(storage: Folder | Packed, files: dict[str, SortedFile], name: str) -> SortedFile:
    file = files.get(name)
    if file is None:
        file = files.setdefault(name, SortedFile(storage, name))
    return file


def _read(storage: Folder | Packed, files: dict[str, SortedFile], provider: str, model_id: str) -> dict[str, Any]:
    """What the dataset says of a model."""
    file = _opened(storage, files, f"models/{provider}.json")
    entry = file.get(model_id)
    if entry is None:
        raise DatasetError(f"{file}: {model_id!r} is in the index but not in the file; reinstall modelmeta")
    return {**file.item(entry, dict)[1], "id": model_id, "provider": provider}


def _unread(columns: Columns, storage: Folder | Packed, files: dict[str, SortedFile]) -> Unread:
    """Where records find what they hold; not in the catalog, which could then not be let go of with its dataset."""
    known = {"provider": columns.provider, "id": columns.id}
    return Unread(lambda row: _read(storage, files, columns.provider(row), columns.id(row)), known)
