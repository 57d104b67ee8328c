"""What a new dataset adds, removes and changes against an old one: as records, as text, as Markdown."""

from __future__ import annotations

from ._fields import as_raw, facts, frozen
from ._record import Record
from .catalog import Catalog
from .storage import MANIFEST, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from .records import Model

__all__ = ["DatasetDiff", "FieldChange", "ReferenceChange", "diff_datasets"]


class FieldChange(Record):
    """One field of one model that both datasets have. ``None`` stands where a dataset states nothing.

    ``model`` is its ``provider/id``. ``field`` is a dotted path; that of a price has its unit (unless that is 1M
    tokens), conditions and dates in brackets.

    >>> print(FieldChange(model="openai/gpt-4.1-mini", field="limits.max_output_tokens", old=8_192, new=32_768))
    openai/gpt-4.1-mini: limits.max_output_tokens: 8,192 -> 32,768
    """

    model: str
    field: str
    old: object
    new: object

    def __str__(self) -> str:
        return f"{self.model}: {self.field}: {_text(self.old)} -> {_text(self.new)}"


class ReferenceChange(Record):
    """A reference that means another model than before; several, sorted, where it is ambiguous.

    >>> print(ReferenceChange(reference="prod-chat", old=("openai/gpt-4o",), new=("openai/gpt-4.1-mini",)))
    prod-chat: openai/gpt-4o -> openai/gpt-4.1-mini
    """

    reference: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.reference}: {_choices(self.old)} -> {_choices(self.new)}"


class DatasetDiff(Record):
    """What differs between two datasets. It is true when anything does.

    ``added`` and ``removed`` are models by their ``provider/id``; ``moved`` are references that both datasets know
    and that mean different models in them; ``changed`` are fields of models that both have.

    >>> from modelmeta import Catalog, diff_datasets
    >>> mine = Catalog.bundled().with_overlay({"aliases": {"prod-chat": "gpt-4.1-mini"}})
    >>> bool(diff_datasets(Catalog.bundled(), Catalog.bundled())), bool(diff_datasets(Catalog.bundled(), mine))
    (False, True)
    """

    old_version: str
    new_version: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[FieldChange, ...] = ()
    added_providers: tuple[str, ...] = ()
    removed_providers: tuple[str, ...] = ()
    moved: tuple[ReferenceChange, ...] = ()

    def __bool__(self) -> bool:
        return any((self.added, self.removed, self.changed, self.added_providers, self.removed_providers, self.moved))

    def _sections(self) -> Iterator[tuple[str, tuple[object, ...]]]:
        for title, items in (
            ("Providers added", self.added_providers),
            ("Providers removed", self.removed_providers),
            ("Models added", self.added),
            ("Models removed", self.removed),
            ("References that mean another model", self.moved),
        ):
            if items:
                yield title, items

    def _title(self) -> str:
        return f"Dataset {self.old_version} -> {self.new_version}"

    def __str__(self) -> str:
        lines = [self._title()]
        for title, items in self._sections():
            lines += ["", f"{title} ({len(items):,})", *(f"  {item}" for item in items)]
        if self.changed:
            lines += ["", f"Fields changed ({len(self.changed):,})", *(f"  {change}" for change in self.changed)]
        return "\n".join(lines if self else [*lines, "", "No difference"]) + "\n"

    def to_markdown(self, *, limit: int | None = None) -> str:
        """As Markdown; ``limit`` is the most items to show of each kind (all by default)."""
        lines = [f"# {self._title().replace('->', 'to')}", ""]
        if not self:
            lines += ["No difference.", ""]
        for title, items in self._sections():
            lines += [f"## {title} ({len(items):,})", "", *(f"- {_code(item)}" for item in items[:limit])]
            lines += [*_more(len(items), limit), ""]
        if self.changed:
            lines += [f"## Fields changed ({len(self.changed):,})", "", "| model | field | old | new |"]
            lines += ["| --- | --- | --- | --- |"]
            for change in self.changed[:limit]:
                cells = (change.model, change.field, _text(change.old), _text(change.new))
                lines.append(f"| {' | '.join(_code(cell) for cell in cells)} |")
            lines += [*_more(len(self.changed), limit), ""]
        return "\n".join(lines)


def _more(count: int, limit: int | None) -> list[str]:
    return [] if limit is None or count <= limit else ["", f"… and {count - limit:,} more"]


def _code(item: object) -> str:
    """As code in a table's cell or a list."""
    text = str(item).replace("\n", " ").replace("|", "\\|")
    mark = "``" if "`" in text else "`"
    return f"{mark}{text}{mark}" if text else ""


def _text(value: object) -> str:
    if value is None:
        return "not stated"
    if isinstance(value, tuple):
        return ", ".join(_text(item) for item in value) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _choices(targets: tuple[str, ...]) -> str:
    return targets[0] if len(targets) == 1 else f"ambiguous ({len(targets)})"


def diff_datasets(
    old: Catalog | str | os.PathLike[str] | None = None, new: Catalog | str | os.PathLike[str] | None = None
) -> DatasetDiff:
    """What ``new`` adds, removes and changes against ``old``.

    Each is a catalog, the path of a dataset (a folder or a zip file), or ``None`` for the dataset in use. Files of
    the same digest are not compared. Raises ``DatasetError`` for a dataset that cannot be read.

    >>> from modelmeta import Catalog
    >>> mine = Catalog.bundled().with_overlay({"changes": {"gpt-4.1-mini": {"limits": {"context_window": 200_000}}}})
    >>> print(diff_datasets(Catalog.bundled(), mine).changed[0])
    openai/gpt-4.1-mini: limits.context_window: 1,047,576 -> 200,000
    """
    before, after = _catalog(old), _catalog(new)
    old_providers, new_providers = _providers(before), _providers(after)
    same = _same_files(before, after)
    added: list[str] = []
    removed: list[str] = []
    changed: list[FieldChange] = []
    for provider in sorted(old_providers | new_providers):
        if f"models/{provider}.json" in same:
            continue
        olds = _models(before, provider, old_providers)
        news = _models(after, provider, new_providers)
        added += sorted(news.keys() - olds.keys())
        removed += sorted(olds.keys() - news.keys())
        for name in sorted(olds.keys() & news.keys()):
            changed += _changes(name, olds[name], news[name])
    return DatasetDiff(
        old_version=before.dataset_info().version,
        new_version=after.dataset_info().version,
        added=tuple(added),
        removed=tuple(removed),
        changed=tuple(changed),
        added_providers=tuple(sorted(new_providers - old_providers)),
        removed_providers=tuple(sorted(old_providers - new_providers)),
        moved=() if "index.json" in same else tuple(_moved(before, after)),
    )


def _catalog(given: Catalog | str | os.PathLike[str] | None) -> Catalog:
    if isinstance(given, Catalog):
        return given
    if given is None:
        from .active import current_catalog

        return current_catalog()
    return Catalog.load(given)


def _same_files(before: Catalog, after: Catalog) -> set[str]:
    """The files that both datasets hold in the same bytes; none where an overlay may say something else."""
    if type(before) is not Catalog or type(after) is not Catalog:
        return set()
    old, new = _files(before), _files(after)
    return {name for name, entry in new.items() if old.get(name) == entry}


def _files(catalog: Catalog) -> dict[str, Any]:
    where = f"{catalog.storage}/{MANIFEST}"
    files: dict[str, Any] = parse(catalog.storage.read(MANIFEST).decode("ascii", "replace"), where)["files"]
    return files


def _providers(catalog: Catalog) -> set[str]:
    return {provider.id for provider in catalog.list_providers()}


def _models(catalog: Catalog, provider: str, known: Iterable[str]) -> dict[str, Model]:
    return {model.qualified_id: model for model in catalog.list_models(provider=provider)} if provider in known else {}


def _changes(name: str, old: Model, new: Model) -> Iterator[FieldChange]:
    if old is new or as_raw(old) == as_raw(new):
        return
    before, after = _flat(old), _flat(new)
    for field in sorted(before.keys() | after.keys()):
        if before.get(field) != after.get(field):
            yield FieldChange(model=name, field=field, old=before.get(field), new=after.get(field))


def _flat(model: Model) -> dict[str, object]:
    found = {field: frozen(value) for _, field, value in facts(model) if not field.startswith("pricing.")}
    for rate in as_raw(model).get("prices", ()):
        found[_price_field(rate)] = f"{rate['amount']} {rate.get('currency', 'USD')} per {rate['unit']}"
    return found


def _price_field(rate: Mapping[str, Any]) -> str:
    terms = [] if rate["unit"] == "1M tokens" else [f"per {rate['unit']}"]
    terms += [f"{name}={value}" for name, value in sorted((rate.get("condition") or {}).items())]
    terms += [
        f"{word} {rate[name]}"
        for word, name in (("from", "effective_from"), ("until", "effective_until"))
        if rate.get(name)
    ]
    return f"pricing.{rate.get('tier', 'standard')}.{rate['component']}" + (f"[{', '.join(terms)}]" if terms else "")


def _moved(before: Catalog, after: Catalog) -> Iterator[ReferenceChange]:
    """References that both know and that mean different models."""
    old, new = before.references(), after.references()
    for reference in sorted(old.keys() & new.keys()):
        if old[reference] != new[reference]:
            yield ReferenceChange(reference=reference, old=old[reference], new=new[reference])
