"""Where facts come from: the sources, who said what of each fact, and where they disagree."""

from __future__ import annotations

from ._record import Record, from_json, to_json
from .dates import PartialDate
from .errors import DatasetError
from .storage import MANIFEST, SortedFile, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .records import Model
    from .storage import Folder, Packed

__all__ = [
    "Conflict",
    "Counts",
    "DatasetInfo",
    "Observation",
    "Source",
    "all_conflicts",
    "conflicts",
    "conflicts_among",
    "dataset_info",
    "observations",
]


class Source(Record):
    """Something that states facts: a vendor's pages, an API, a catalogue.

    ``standing`` says how close it is to the vendor (``"first party"``, ``"copy of first party"``, ``"router"``,
    ``"report"``, ``"catalogue"`` …); ``version`` is a commit where there is one, ``seen_on`` the day its snapshot was
    taken, ``sha256`` the digest of that snapshot. ``licence`` is ``"facts"`` where figures were taken and no text.

    >>> from modelmeta import list_sources
    >>> [source.licence for source in list_sources() if source.id == "models.dev"]
    ['MIT']
    """

    id: str
    name: str
    url: str | None = None
    licence: str | None = None
    standing: str | None = None
    version: str | None = None
    seen_on: PartialDate | None = None
    sha256: str | None = None


class Counts(Record):
    """How much the dataset holds. ``references`` are the ids, aliases and spellings that are understood."""

    providers: int = 0
    models: int = 0
    snapshots: int = 0
    base_models: int = 0
    authors: int = 0
    references: int = 0
    rates: int = 0


class DatasetInfo(Record):
    """Version, age, size and sources of a dataset.

    ``version`` and ``built_on`` tell the day of the build; ``counts`` has ``providers``, ``models``, ``snapshots``,
    ``base_models``, ``authors``, ``references`` and ``rates``.

    >>> from modelmeta import dataset_info
    >>> info = dataset_info()
    >>> info.schema_version, info.counts.models > info.counts.base_models
    (1, True)
    """

    version: str
    schema_version: int
    built_on: PartialDate
    counts: Counts
    sources: tuple[Source, ...]


def dataset_info(storage: Folder | Packed) -> DatasetInfo:
    """What the manifest of a dataset says."""
    where = f"{storage}/{MANIFEST}"
    info: DatasetInfo = from_json(DatasetInfo, parse(storage.read(MANIFEST).decode("ascii", "replace"), where))
    try:
        to_json(info)
    except (AttributeError, TypeError, ValueError) as error:
        raise DatasetError(f"{where}: {error}; reinstall modelmeta or fetch the dataset anew") from None
    return info


class Observation(Record):
    """One value of one field of one model, as one source states it.

    ``field`` is a dotted path (``"limits.context_window"``, ``"pricing.standard.input"``). The value of a price is
    its amount, unit and currency and what it depends on. ``locator`` is the page, or the file and the place in it.
    ``source`` is the id of a :class:`Source`, ``seen_on`` the day on which it said so.
    ``reason`` says why it is believed, or, where that can be told, why it says something else.

    >>> from modelmeta import list_observations
    >>> said = list_observations("gpt-4.1-mini", "limits.max_output_tokens")
    >>> [one.value for one in said if one.source == "page-modelmeta"]
    [8192]
    """

    field: str
    value: object
    source: str
    locator: str = ""
    seen_on: PartialDate | None = None
    believed: bool = False
    reason: str = ""


class Conflict(Record):
    """A field of a model on which sources state different values.

    ``model`` is its ``provider/id``, ``settled`` the value in force (``None`` where none is believed),
    ``observations`` everything that was said of it, the believed first, ``explanation`` why the others differ as
    far as that can be told.

    >>> from modelmeta import list_conflicts
    >>> [c.settled for c in list_conflicts("gpt-4.1-mini") if c.field == "limits.max_output_tokens"]
    [32768]
    """

    model: str
    field: str
    settled: object
    observations: tuple[Observation, ...]
    explanation: str = ""

    @property
    def values(self) -> tuple[object, ...]:
        """The different values stated, the settled one first."""
        seen: list[object] = []
        for observation in self.observations:
            if observation.value not in seen:
                seen.append(observation.value)
        return tuple(seen)


def observations(storage: Folder | Packed, model: Model, field: str | None = None) -> tuple[Observation, ...]:
    """What every source said of a model, or of one field of it (or of a group of fields: ``"limits"``)."""
    file = SortedFile(storage, f"provenance/{model.provider}.json")
    entry = file.get(model.id)
    if entry is None:
        return ()
    _, stated = file.item(entry, dict)
    return _observations(stated, _Reasons(storage), field)


def _observations(stated: dict[str, Any], reasons: _Reasons, field: str | None = None) -> tuple[Observation, ...]:
    return tuple(
        _observation(name, row, reasons)
        for name, rows in stated.items()
        if name != "checksum" and (field is None or name == field or name.startswith(f"{field}."))
        for row in rows
    )


def _observation(field: str, row: list[Any], reasons: _Reasons) -> Observation:
    believed, value, source, date, locator, *note = row
    reason = note[0] if note else reasons.of(field) if believed else ""
    return Observation(
        field=field,
        value=_frozen(value),
        source=source,
        locator=locator,
        seen_on=PartialDate.parse(date) if date else None,
        believed=bool(believed),
        reason=reason,
    )


def _frozen(value: Any) -> object:
    """A JSON value as something that cannot be changed: objects become sorted pairs."""
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return tuple(sorted((name, _frozen(item)) for name, item in value.items()))
    return value


class _Reasons:
    """The authority table: for a field, why the believed source is believed."""

    def __init__(self, storage: Folder | Packed) -> None:
        file = SortedFile(storage, "authority.json")
        table = parse(file.whole().decode("ascii", "replace"), str(file))["authority"]
        self.rows = [(row["field"], row["reason"]) for row in table.values()]

    def of(self, field: str) -> str:
        from fnmatch import fnmatchcase

        name = "price" if field.startswith("pricing.") else field
        return next((reason for pattern, reason in self.rows if fnmatchcase(name, pattern)), "")


_LISTS = ("aliases", "snapshots", "platform_ids", "observed", "default_snapshot")
"""Fields of which every statement holds, so that different ones do not contradict each other."""


def conflicts(storage: Folder | Packed, model: Model) -> tuple[Conflict, ...]:
    """The fields of a model on which sources differ."""
    return conflicts_among(model.qualified_id, observations(storage, model))


def all_conflicts(storage: Folder | Packed, providers: tuple[str, ...]) -> tuple[Conflict, ...]:
    """The same for every model; reads the whole of the provenance."""
    reasons = _Reasons(storage)
    found: list[Conflict] = []
    for provider in providers:
        file = SortedFile(storage, f"provenance/{provider}.json")
        for model_id, stated in parse(file.whole().decode("ascii", "replace"), str(file))["provenance"].items():
            found += conflicts_among(f"{provider}/{model_id}", _observations(stated, reasons))
    return tuple(found)


def conflicts_among(model: str, said: tuple[Observation, ...]) -> tuple[Conflict, ...]:
    """The fields on which statements about one model differ."""
    by_field: dict[str, list[Observation]] = {}
    for observation in said:
        if observation.field not in _LISTS:
            by_field.setdefault(observation.field, []).append(observation)
    found = []
    for field, stated in by_field.items():
        agreed = {observation.value for observation in stated if observation.believed}
        others = [observation for observation in stated if observation.value not in agreed]
        if others:
            reasons = dict.fromkeys(f"{o.source}: {o.reason}" for o in others if o.reason)
            found.append(
                Conflict(
                    model=model,
                    field=field,
                    settled=min(agreed, key=lambda value: (len(repr(value)), repr(value)), default=None),
                    observations=tuple(stated),
                    explanation="; ".join(reasons),
                )
            )
    return tuple(found)
