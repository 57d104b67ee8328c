"""A catalog with an overlay on it.

A lookup asks the overlay first and the catalog beneath it second. A model that the overlay speaks of is the record
from beneath with the stated fields in place, made when it is first wanted; every other one is the record itself.
"""

from __future__ import annotations

from ._fields import amount, as_raw, facts, frozen
from ._overlay_merge import laid_over, newer
from ._overlay_schema import NOT_SHARED, Wrong
from ._record import from_json
from .catalog import Catalog
from .dates import PartialDate
from .errors import AmbiguousModelError, InvalidReferenceError, UnknownModelError
from .provenance import Observation, Source
from .records import Model
from .references import normalise, provider_name
from .storage import entry_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from ._columns import Test
    from ._positions import Path
    from .catalog import Place
    from .history import Change, PriceChange
    from .overlay import Overlay
    from .provenance import Conflict, DatasetInfo

__all__ = ["OverlaidCatalog"]

_NOT_BELOW = {"models": "a model", "aliases": "an alias"}
_BELONGS_ELSEWHERE = " (a model of your own stands under 'models')"


class _Touched:
    """What an overlay says of one model."""

    __slots__ = ("aliases", "change", "like", "own")

    def __init__(self) -> None:
        self.own: str | None = None
        self.like: Model | None = None
        self.change: str | None = None
        self.aliases: list[str] = []


class OverlaidCatalog(Catalog):
    """A catalog with an overlay on it. It answers like any other, and reads of the one below only what is asked."""

    def __init__(self, base: Catalog, overlay: Overlay) -> None:
        super().__init__(base.storage)
        self.base = base
        self.overlay = overlay
        self._touched: dict[str, _Touched] = {}
        self._refs: dict[str, str | list[str]] = {}
        self._bases: dict[str, str | None] = {}
        self._new: list[str] = []
        self.own_aliases = base.own_aliases.union(key.strip().lower() for key in overlay.document["aliases"])
        for key, entry in overlay.document["models"].items():
            self._add_model(key, entry)
        for key, entry in overlay.document["changes"].items():
            self._add_change(key, entry)
        self._add_names()
        for key, target in overlay.document["aliases"].items():
            self._add_alias(key, target)
        self._touched_providers = {qualified.partition("/")[0] for qualified in self._touched}
        self._price_heads = {q for q, touched in self._touched.items() if "prices" in self._change(touched)}
        self._changed: frozenset[str] | None = None

    def __repr__(self) -> str:
        return f"<Catalog {self.overlay.where} over {self.base!r}>"

    # What the overlay speaks of -------------------------------------------------------------------------

    def _add_model(self, key: str, entry: Mapping[str, Any]) -> None:
        path = ("models", key)
        provider, slash, model_id = key.strip().partition("/")
        if not (slash and provider and model_id):
            raise Wrong(path, "a model's key is provider/id, such as 'acme/private-1'")
        try:
            provider = provider_name(provider)
            reference = normalise(f"{provider}/{model_id}")
        except InvalidReferenceError as error:
            raise Wrong(path, str(error)) from None
        if not provider.replace("-", "").replace("_", "").replace(".", "").isalnum() or provider[0] == ".":
            raise Wrong(path, f"a provider's id has letters, digits, '-', '_' and '.', not {provider!r}")
        below = self.base._target(reference)
        qualified = below if isinstance(below, str) and below.lower() == reference else f"{provider}/{model_id}"
        if reference in self._refs:
            raise Wrong(path, f"{qualified!r} stands here twice, in other letter case")
        touched = self._touched[qualified] = _Touched()
        touched.own = key
        if qualified != below:
            self._new.append(qualified)
        like = entry.get("like")
        if like is not None:
            touched.like = self._below(like, (*path, "like"))
            self._bases[qualified] = entry.get("base", touched.like.base)
        else:
            self._bases[qualified] = entry.get("base")
        self._refs[reference] = qualified

    def _add_change(self, key: str, entry: Mapping[str, Any]) -> None:
        path = ("changes", key)
        reference = self._name(key, path)
        own = self._refs.get(reference)
        qualified = own if isinstance(own, str) else self._meant(reference, path, _BELONGS_ELSEWHERE)
        touched = self._touched.setdefault(qualified, _Touched())
        if touched.change is not None:
            raise Wrong(path, f"this and {touched.change!r} are the same model, {qualified!r}: make them one change")
        touched.change = key
        if "base" in entry:
            self._bases[qualified] = entry["base"]

    def _meant(self, ref: str, path: Path, advice: str = "") -> str:
        """The qualified id that ``ref`` means beneath; read from the index alone where it stands there as it is."""
        target = self.base._target(self._name(ref, path))
        return target if isinstance(target, str) else self._below(ref, path, advice).qualified_id

    def _below(self, ref: str, path: Path, advice: str = "") -> Model:
        try:
            return self.base._find(ref, None)[0]
        except UnknownModelError as error:
            for section, meant in _NOT_BELOW.items():
                if ref.strip().lower() in map(str.lower, self.overlay.document[section]):
                    raise Wrong(path, f"{ref!r} is {meant} of this overlay: name a model of the dataset") from None
            raise Wrong(path, f"{error}{advice}") from None
        except (AmbiguousModelError, InvalidReferenceError) as error:
            raise Wrong(path, str(error)) from None

    def _add_names(self) -> None:
        """The names under which the stated models are found: always with the provider, alone where that is new."""
        bare: dict[str, list[str]] = {}
        for qualified, touched in self._touched.items():
            provider, _, model_id = qualified.partition("/")
            for path, entry in self._entries(touched):
                names = [(path, model_id)] if path[0] == "models" else []
                names += [((*path, "aliases", number), name) for number, name in enumerate(entry.get("aliases") or ())]
                names += [
                    ((*path, "platform_ids", number, "id"), row["id"])
                    for number, row in enumerate(entry.get("platform_ids") or ())
                ]
                for place, name in names:
                    key = self._name(name, place)
                    self._refs.setdefault(f"{provider}/{key}", qualified)
                    if qualified not in bare.setdefault(key, []):
                        bare[key].append(qualified)
        for key, claims in bare.items():
            below = self.base._target(key)
            if below is None and len(claims) == 1:
                self._refs.setdefault(key, claims[0])
            elif below is None or isinstance(below, list):
                self._refs.setdefault(key, sorted({*(below or ()), *claims}))

    def _add_alias(self, key: str, target: str) -> None:
        path = ("aliases", key)
        name = self._name(key, path)
        found = self._refs.get(self._name(target, path))
        if isinstance(found, list):
            raise Wrong(path, f"{target!r} is ambiguous; choose one: {', '.join(found)}")
        qualified = found or self._meant(target, path)
        self._refs[name] = self._refs[f"{qualified.partition('/')[0]}/{name}"] = qualified
        self._touched.setdefault(qualified, _Touched()).aliases.append(key.strip())

    @staticmethod
    def _name(text: str, path: Path) -> str:
        try:
            return normalise(text)
        except InvalidReferenceError as error:
            raise Wrong(path, str(error)) from None

    def _change(self, touched: _Touched) -> Mapping[str, Any]:
        found: Mapping[str, Any] = {} if touched.change is None else self.overlay.document["changes"][touched.change]
        return found

    def _entries(self, touched: _Touched) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        if touched.own is not None:
            yield ("models", touched.own), self.overlay.document["models"][touched.own]
        if touched.change is not None:
            yield ("changes", touched.change), self._change(touched)

    # Answers --------------------------------------------------------------------------------------------

    def _target(self, key: str) -> str | list[str] | None:
        return self._refs.get(key) or self.base._target(key)

    def _model(self, qualified: str) -> Model:
        model = self._models.get(qualified)
        if model is None:
            touched = self._touched.get(qualified)
            below = self.base._model(qualified) if touched is None or touched.own is None else None
            prices = self._prices_of_head(qualified, below) if self._price_heads and below is not None else None
            if below is not None and touched is None and prices is None:
                return below
            model = self._models.setdefault(qualified, self._made(qualified, touched or _Touched(), below, prices))
        return model

    def _prices_of_head(self, qualified: str, model: Model) -> Mapping[str, Any] | None:
        """What a change of prices says for the version that the changed id points at: that is what is billed."""
        if model.snapshot_of is None:
            return None
        head = f"{model.provider}/{model.snapshot_of}"
        if head not in self._price_heads or self.base._model(head).default_snapshot != model.id:
            return None
        own = self._touched.get(qualified)
        change = self._change(self._touched[head])
        return None if own is not None and "prices" in self._change(own) else change

    def _made(self, qualified: str, touched: _Touched, below: Model | None, prices: Mapping[str, Any] | None) -> Model:
        provider, _, model_id = qualified.partition("/")
        raw: Mapping[str, Any] = {} if below is None else as_raw(below)
        source = self.overlay.source
        if touched.like is not None:
            raw = {name: value for name, value in as_raw(touched.like).items() if name not in NOT_SHARED}
        for _, entry in self._entries(touched):
            given = {name: value for name, value in entry.items() if name not in {"like", "replace"}}
            raw = laid_over(raw, given, provider=provider, source=source, replace=entry.get("replace", ()))
        if prices is not None:
            replace = prices.get("replace", ())
            raw = laid_over(raw, {"prices": prices["prices"]}, provider=provider, source=source, replace=replace)
        if touched.aliases:
            raw = laid_over(raw, {"aliases": touched.aliases}, provider=provider, source=source)
        seen_on = newer(raw.get("seen_on"), self.overlay.date)
        raw = {**raw, "id": model_id, "provider": provider, **({"seen_on": seen_on} if seen_on else {})}
        model: Model = from_json(Model, raw)
        return model

    def _all_of(self, provider: str) -> tuple[Model, ...]:
        if provider not in self._touched_providers:
            return self.base._all_of(provider)
        models = self._whole.get(provider)
        if models is None:
            below = self.base._all_of(provider) if provider in self.base._providers() else ()
            prefix = f"{provider}/"
            wanted = [model.qualified_id for model in below] + [q for q in self._new if q.startswith(prefix)]
            wanted.sort(key=_order)
            models = self._whole.setdefault(provider, tuple([self._model(qualified) for qualified in wanted]))
        return models

    def matching(self, tests: Mapping[str, Test], column: str | None = None) -> tuple[list[Place], list[Any]]:
        """As of any catalog; of the models that the overlay changes, their records are asked.

        A place here is a qualified id and, for a model that is as it is beneath, its place there.
        """
        from ._columns import COLUMNS

        changed = self._changed_models()
        places, values = self.base.matching(tests, column)
        names = self.base.named(places)
        held = values if column else places
        found = [((name, place), value) for name, place, value in zip(names, places, held, strict=True)]
        found = [row for row in found if row[0][0] not in changed]
        for qualified in changed:
            model = self._model(qualified)
            if all(test(COLUMNS[name](model)) for name, test in tests.items()):
                found.append(((qualified, None), COLUMNS[column](model) if column else None))
        found.sort(key=lambda row: _order(row[0][0]))
        return [place for place, _ in found], [value for _, value in found] if column else []

    def listed(self, places: Sequence[Place]) -> list[Model]:
        """As of any catalog."""
        below = iter(self.base.listed([place for _, place in places if place is not None]))
        return [self._model(name) if place is None else next(below) for name, place in places]

    def named(self, places: Sequence[Place]) -> list[str]:
        """As of any catalog."""
        return [name for name, _ in places]

    def _changed_models(self) -> frozenset[str]:
        """The models that are not what they are beneath: those stated, and those billed as a changed one is."""
        if self._changed is None:
            billed = [
                f"{model.provider}/{model.default_snapshot}"
                for model in map(self.base._model, self._price_heads.difference(self._new))
            ]
            self._changed = frozenset(
                [*self._touched, *(pinned for pinned in billed if self.base._target(pinned.lower()) == pinned)]
            )
        return self._changed

    def _offers(self, base: str) -> tuple[str, ...]:
        below = [target for target in self.base._offers(base) if self._bases.get(target, base) == base]
        stated = [target for target, name in self._bases.items() if name is not None and name.lower() == base.lower()]
        return tuple(below + [target for target in stated if target not in below])

    def _row(self, name: str, key: str) -> dict[str, Any] | None:
        return self._table(name).get(key)

    def _table(self, name: str) -> dict[str, dict[str, Any]]:
        table = dict(self.base._table(name))
        if name == "providers":
            for key, entry in self.overlay.document["providers"].items():
                provider = self._name(key, ("providers", key))
                table[provider] = {**table.get(provider, {}), **entry}
        for qualified in self._new:
            model = self._model(qualified)
            key = model.provider if name == "providers" else model.author
            if key is not None:
                entry = table.get(key, {})
                table[key] = {**entry, "models": entry.get("models", 0) + 1}
        return {key: table[key] for key in sorted(table)}

    def _keys(self, provider: object) -> Iterable[str]:
        prefix = "" if provider is None else f"{provider_name(provider)}/"
        yield from (key for key in self._refs if key.startswith(prefix))
        yield from self.base._keys(provider)

    def references(self) -> dict[str, tuple[str, ...]]:
        """Every reference of the index, with what the overlay adds."""
        own = {key: (target,) if isinstance(target, str) else tuple(target) for key, target in self._refs.items()}
        return {**self.base.references(), **own}

    def dataset_info(self) -> DatasetInfo:
        """See :func:`modelmeta.dataset_info`; the overlay stands among the sources."""
        info = self.base.dataset_info()
        source: Source = from_json(
            Source,
            {
                "id": self.overlay.source,
                "name": self.overlay.name,
                "url": self.overlay.document.get("url") or self.overlay.where,
                "standing": "overlay",
                **({"seen_on": self.overlay.date} if self.overlay.date else {}),
            },
        )
        counts = info.counts.__replace__(models=info.counts.models + len(self._new))
        return info.__replace__(sources=(*info.sources, source), counts=counts)

    # Who says so ----------------------------------------------------------------------------------------

    def list_observations(self, ref: str, field: str | None = None) -> tuple[Observation, ...]:
        """See :func:`modelmeta.list_observations`; what the overlay states comes first and is believed."""
        model = self.get_model(ref)
        touched = self._touched.get(model.qualified_id)
        stated = tuple(self._stated(model.qualified_id, touched or _Touched()))
        below: tuple[Observation, ...] = ()
        if touched is None or touched.own is None:
            below = self.base.list_observations(model.qualified_id)
        elif touched.like is not None:
            said = {observation.field for observation in stated}
            below = tuple(
                observation.__replace__(reason=f"like {touched.like.qualified_id}")
                for observation in self.base.list_observations(touched.like.qualified_id)
                if observation.field.partition(".")[0] not in NOT_SHARED and observation.field not in said
            )
        found = (*stated, *self._demoted(below, stated, model))
        return tuple(
            observation
            for observation in found
            if field is None or observation.field == field or observation.field.startswith(f"{field}.")
        )

    def _demoted(
        self, below: tuple[Observation, ...], stated: tuple[Observation, ...], model: Model
    ) -> Iterator[Observation]:
        """What the dataset's sources say, believed only where the overlay does not say otherwise."""
        values = {observation.field: observation.value for observation in stated}
        whole: set[str] = {observation.field for observation in stated if observation.value is None}
        prices = {frozen(amount(rate)) for rate in as_raw(model).get("prices", ())}
        reason = f"{self.overlay.where} says otherwise"
        for observation in below:
            field = observation.field
            if field.startswith("pricing.") and stated:
                stands = observation.value in prices
            else:
                stands = (
                    field.partition(".")[0] not in whole and values.get(field, observation.value) == observation.value
                )
            if observation.believed and not stands:
                yield observation.__replace__(believed=False, reason=reason)
            else:
                yield observation

    def _stated(self, qualified: str, touched: _Touched) -> Iterator[Observation]:
        for path, entry in self._entries(touched):
            for name, value in entry.items():
                if value is None:
                    yield self._observation((*path, name), name, None)
                elif name not in {"like", "replace"}:
                    for place, field, item in facts({name: value}):
                        yield self._observation(path + place, field, item)
        below = self.base._model(qualified) if touched.own is None else None
        head = None if below is None else self._prices_of_head(qualified, below)
        if head is not None and below is not None:
            key = self._touched[f"{below.provider}/{below.snapshot_of}"].change or ""
            for place, field, item in facts({"prices": head["prices"]}):
                reason = f"the version that {key} points at"
                yield self._observation(("changes", key, *place), field, item, reason)
        for alias in touched.aliases:
            yield self._observation(("aliases", alias), "aliases", [alias])

    def _observation(
        self, path: Path, field: str, value: object, reason: str = "an overlay comes first"
    ) -> Observation:
        return Observation(
            field=field,
            value=frozen(value),
            source=self.overlay.source,
            locator=self.overlay.locator(path),
            seen_on=None if self.overlay.date is None else PartialDate.parse(self.overlay.date),
            believed=True,
            reason=reason,
        )

    def list_changes(self, ref: str, field: str | None = None) -> tuple[Change, ...]:
        """See :func:`modelmeta.list_changes`: what changed in the dataset; an overlay has no past."""
        qualified = self.get_model(ref).qualified_id
        return () if self._is_own(qualified) else self.base.list_changes(qualified, field)

    def price_history(self, ref: str) -> tuple[PriceChange, ...]:
        """See :func:`modelmeta.price_history`: the prices of the dataset; an overlay has no past."""
        qualified = self.get_model(ref).qualified_id
        return () if self._is_own(qualified) else self.base.price_history(qualified)

    def _is_own(self, qualified: str) -> bool:
        touched = self._touched.get(qualified)
        return touched is not None and touched.own is not None

    def list_conflicts(self, ref: str | None = None) -> tuple[Conflict, ...]:
        """See :func:`modelmeta.list_conflicts`."""
        from .provenance import conflicts_among

        if ref is not None:
            qualified = self.get_model(ref).qualified_id
            if qualified not in self._touched:
                return self.base.list_conflicts(qualified)
            return conflicts_among(qualified, self.list_observations(qualified))
        found = [conflict for conflict in self.base.list_conflicts() if conflict.model not in self._touched]
        for qualified in self._touched:
            found += conflicts_among(qualified, self.list_observations(qualified))
        return tuple(found)


def _order(qualified: str) -> tuple[str, str]:
    """Where a model stands in lists: by provider, then as in a file."""
    provider, _, model_id = qualified.partition("/")
    return provider, entry_key(model_id)
