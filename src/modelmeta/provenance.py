"""Where facts come from: the sources, who said what of each fact, and where they disagree."""

from __future__ import annotations

from ._record import Record, from_json, to_json
from .dates import PartialDate
from .errors import DatasetError
from .storage import MANIFEST, SortedFile, parse, read_manifest, verify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from typing import Any

    from ._packed import Packed
    from .records import Model
    from .storage import Folder

__all__ = [
    "Conflict",
    "Counts",
    "DatasetInfo",
    "Observation",
    "Said",
    "Source",
    "all_conflicts",
    "compared",
    "conflicts",
    "conflicts_among",
    "dataset_info",
    "last_said",
    "observations",
    "unpacked",
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
    info: DatasetInfo = from_json(DatasetInfo, read_manifest(storage))
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
    def others(self) -> tuple[Observation, ...]:
        """The statements that say something else than what is believed."""
        return tuple(_differing(self.observations))

    @property
    def values(self) -> tuple[object, ...]:
        """The different values stated, the settled one first."""
        settled = () if self.settled is None else (self.settled,)
        return tuple(dict.fromkeys([*settled, *(other.value for other in self.others)]))


def observations(storage: Folder | Packed, model: Model, field: str | None = None) -> tuple[Observation, ...]:
    """What every source said of a model, or of one field of it (or of a group of fields: ``"limits"``)."""
    file = SortedFile(storage, f"provenance/{model.provider}.json")
    entry = file.get(model.id)
    if entry is None:
        verify(storage, file.name)
        return ()
    _, stated = file.item(entry, dict)
    return unpacked(stated, _Reasons(storage), field)


def unpacked(
    stated: dict[str, Any], reasons: _Reasons | None = None, field: str | None = None
) -> tuple[Observation, ...]:
    """The observations in an entry of a provenance file, or those about one field or group of fields."""
    return tuple(
        _observation(name, row, reasons)
        for name, rows in stated.items()
        if name != "checksum" and (field is None or name == field or name.startswith(f"{field}."))
        for row in rows
    )


def _observation(field: str, row: list[Any], reasons: _Reasons | None) -> Observation:
    believed, value, source, date, locator, *note = row
    reason = note[0] if note else reasons.of(field) if believed and reasons else ""
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


def last_said(stated: Sequence[Observation]) -> PartialDate | None:
    """The day on which a source last said what is believed: of several fields, of the one where that is longest ago.

    ``None`` if of one of them no source that agrees says when it spoke.
    """
    by_field: dict[str, list[Observation]] = {}
    for observation in stated:
        by_field.setdefault(observation.field, []).append(observation)
    days: list[PartialDate | None] = []
    for said in by_field.values():
        agreeing = [one for one, agrees in compared(said) if agrees]
        held = [one for one in said if one.believed] + agreeing
        if held:
            days.append(max((one.seen_on for one in held if one.seen_on), key=_last_day, default=None))
    known = [day for day in days if day is not None]
    return min(known, key=_last_day) if known and len(known) == len(days) else None


def _last_day(day: PartialDate) -> date:
    return day.last_day


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
            found += conflicts_among(f"{provider}/{model_id}", unpacked(stated, reasons))
    return tuple(found)


def conflicts_among(model: str, said: tuple[Observation, ...]) -> tuple[Conflict, ...]:
    """The fields on which statements about one model differ."""
    by_field: dict[str, list[Observation]] = {}
    for observation in said:
        if observation.field not in _LISTS:
            by_field.setdefault(observation.field, []).append(observation)
    found = []
    for field, stated in by_field.items():
        if others := _differing(stated):
            reasons: dict[str, dict[str, None]] = {}
            for other in others:
                if other.reason:
                    reasons.setdefault(other.reason, {})[other.source] = None
            found.append(
                Conflict(
                    model=model,
                    field=field,
                    settled=_settled(others[0], stated),
                    observations=tuple(stated),
                    explanation="; ".join(f"{', '.join(sources)}: {reason}" for reason, sources in reasons.items()),
                )
            )
    return tuple(found)


def compared(stated: Sequence[Observation]) -> Iterator[tuple[Observation, bool]]:
    """The statements about one field that are not believed, each with whether it agrees with what is.

    Left out are those about something else than any believed one: a price under a condition that is not settled.
    """
    believed: dict[object, list[Said]] = {}
    for observation in stated:
        if observation.believed and observation.field not in _LISTS:
            said = Said(observation)
            believed.setdefault(said.thing, []).append(said)
    for observation in stated:
        said = Said(observation)
        rivals = [one for one in believed.get(said.thing, ()) if one.past or not said.past]
        if rivals and not observation.believed:
            yield observation, any(one.value == said.value and one.past == said.past for one in rivals)


def _differing(stated: Sequence[Observation]) -> list[Observation]:
    """The statements about one field that say something else than is believed, or than each other if nothing is."""
    if any(observation.believed for observation in stated):
        return [observation for observation, agrees in compared(stated) if not agrees]
    return [*stated] if len({Said(observation).value for observation in stated}) > 1 else []


class Said:
    """A statement taken apart: what it is about, the value, and whether that is said to be past.

    Prices of another unit, currency or condition are about another thing; the days from and until which a price
    holds do not make it another price.
    """

    def __init__(self, observation: Observation) -> None:
        self.thing: object = None
        self.value = observation.value
        self.past = False
        if observation.field.startswith("pricing.") and isinstance(observation.value, tuple):
            row: dict[str, object] = dict(observation.value)
            self.thing = (row.get("unit"), row.get("currency"), row.get("condition"))
            self.value = row.get("amount")
            self.past = row.get("effective_until") is not None


def _settled(other: Observation, stated: Iterable[Observation]) -> object:
    """The believed value that a statement differs from: of a price, the one in force now; ``None`` if there is none."""
    thing = Said(other).thing
    rivals = [o for o in stated if o.believed and Said(o).thing == thing]
    return min(rivals, key=lambda o: (Said(o).past, len(repr(o.value)), repr(o.value))).value if rivals else None
