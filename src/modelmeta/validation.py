"""The guard at the border: data that the build did not write is checked strictly before it becomes records.

The pydantic models are made from the records' own annotations, so that there is one description of the format;
the published JSON Schema is generated from them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model
from typing_extensions import get_type_hints

from . import pricing, provenance, records
from ._json_value import half_character, within_depth
from ._packed import Packed
from ._record import Record, field_names, from_json, to_json
from .dates import PartialDate
from .errors import DatasetError
from .storage import MANIFEST, Folder, SortedFile, entry_key, parse, read_manifest, read_sealed, verify

__all__ = [
    "dataset_schema",
    "field_adapter",
    "field_hints",
    "file_adapter",
    "is_validated",
    "pydantic_schema",
    "validate_dataset",
]

_PARAMETER_INDEX = "parameters/index.json"

_CHECKSUM = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]


@lru_cache(maxsize=10_000)  # few days, many facts
def _date(text: str) -> str:
    PartialDate.parse(text)
    return text


def _amount(text: str) -> str:
    from decimal import Decimal, InvalidOperation

    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a decimal number") from None
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{text!r} is not an amount: it must be finite and not negative")
    return text


_LARGEST = 2**63 - 1
"""Every whole number of the format is a count: none is negative, and all fit a column of 64 bits."""

_TEXT_FORMS: dict[type, Any] = {
    PartialDate: Annotated[
        str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", max_length=10), AfterValidator(_date)
    ],
}


def _json_type(hint: Any) -> Any:
    """The type of the JSON form of a record's annotation."""
    from decimal import Decimal

    if hint is Decimal:
        return Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$", max_length=40), AfterValidator(_amount)]
    if hint in _TEXT_FORMS:
        return _TEXT_FORMS[hint]
    if isinstance(hint, type) and issubclass(hint, Record):
        return _json_model(hint)
    if get_origin(hint) is tuple:
        return list[_json_type(get_args(hint)[0])]  # type: ignore[misc]
    if hint is int:
        return Annotated[int, Field(ge=0, le=_LARGEST)]
    arguments = [argument for argument in get_args(hint) if argument is not type(None)]
    return _json_type(arguments[0]) if arguments else hint


@cache
def field_hints(record: type[Record]) -> dict[str, Any]:
    """The types of a record's fields, by name."""
    from datetime import date, datetime
    from decimal import Decimal

    names = {
        **vars(pricing),
        **vars(provenance),
        **vars(records),
        "Decimal": Decimal,
        "date": date,
        "datetime": datetime,
    }
    return get_type_hints(record, globalns=names)


@cache
def field_adapter(record: type[Record], name: str) -> TypeAdapter[Any]:
    """What validates the JSON form of one field of a record: only what an overlay touches need be compiled."""
    return TypeAdapter(_json_type(field_hints(record)[name]))


@cache
def _json_model(record: type[Record], without: frozenset[str] = frozenset()) -> type[BaseModel]:
    """The pydantic model of a record's JSON form: unknown fields refused, no coercion, absent fields allowed."""
    hints = field_hints(record)
    defaults = record._defaults
    fields: dict[str, Any] = {}
    for name in field_names(record):
        if name not in without:
            kind = _json_type(hints[name])
            fields[name] = (kind, ...) if name not in defaults else (kind, None)
    return create_model(
        record.__name__,
        __config__=ConfigDict(extra="forbid", strict=True, json_schema_extra={"description": _first_line(record)}),
        **fields,
    )


def pydantic_schema(record: type[Record], handler: Any) -> Any:
    """What pydantic makes of a field of this type in an app's own model: a record as it is, or its JSON form."""
    from pydantic_core import core_schema

    def read(value: Any, check: Any) -> Any:
        if isinstance(value, record):
            return value
        checked = check(value)
        if isinstance(checked, BaseModel):
            return from_json(record, checked.model_dump(exclude_unset=True))
        return PartialDate.parse(checked)

    written = core_schema.plain_serializer_function_ser_schema(to_json, when_used="json")
    try:
        form = handler.generate_schema(_json_type(record))
    except NameError:
        return core_schema.is_instance_schema(record, serialization=written)
    return core_schema.no_info_wrap_validator_function(read, form, serialization=written)


def _first_line(record: type[Record]) -> str:
    return (record.__doc__ or "").strip().partition("\n")[0]


def _with_checksum(record: type[Record]) -> Any:
    model = _json_model(record, frozenset({"id", "provider"}))
    return create_model(f"{record.__name__}Entry", __base__=model, checksum=(_CHECKSUM, ...))


@cache
def file_adapter(name: str) -> TypeAdapter[Any]:
    """What validates a file of a dataset, by its name or its pattern (``"models/*.json"``)."""
    kind = _kind(name)
    if kind == _PARAMETER_INDEX:
        from . import _parameter_schema as rules

        return TypeAdapter(rules.parameter_index(_CHECKSUM))
    section, entry = _SECTIONS[kind]
    entries: Any = dict[str, entry()]  # type: ignore[misc]
    fields: dict[str, Any] = {section: (entries, ...)}
    if name == MANIFEST:
        fields["checksum"] = (_CHECKSUM, ...)
        model = create_model("Manifest", __base__=_json_model(provenance.DatasetInfo), **fields)
    else:
        fields["schema_version"] = (int, ...)
        model = create_model(section.title(), __config__=ConfigDict(extra="forbid", strict=True), **fields)
    return TypeAdapter(model)


def _file_entry() -> Any:
    fields: dict[str, Any] = {
        "bytes": (Annotated[int, Field(ge=0)], ...),
        "sha256": (Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...),
    }
    return create_model("FileEntry", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _target() -> Any:
    """A qualified id, or the list of those that an ambiguous reference can mean; then the checksum."""
    return Annotated[list[str | list[str]], Field(min_length=2, max_length=2), AfterValidator(_ends_in_text)]


def _ends_in_text(row: list[Any]) -> list[Any]:
    if not isinstance(row[-1], str):
        raise ValueError("the last item is the checksum")  # noqa: TRY004  (what pydantic reports is a ValueError)
    return row


def _offers() -> Any:
    return Annotated[list[str], Field(min_length=2)]


def _column() -> Any:
    """The distinct values of a column, and for every model which of them is its own: bytes in hexadecimal.

    Each id is its own model's alone, and stands at its place.
    """
    fields: dict[str, Any] = {
        "values": (list[Any], ...),
        "rows": (list[Annotated[str, Field(pattern=r"^([0-9a-f]{2})*$")]], ...),
        "checksum": (_CHECKSUM, ...),
    }
    return create_model("Column", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _authority() -> Any:
    fields: dict[str, Any] = {
        "field": (str, ...),
        "groups": (list[list[str]], ...),
        "reason": (str, ...),
        "checksum": (_CHECKSUM, ...),
    }
    return create_model("Authority", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _rules() -> Any:
    from ._parameter_schema import parameter_rules

    return parameter_rules(_CHECKSUM)


def _history() -> Any:
    """The changes of a model: date, field, old and new value, kind, reason, source and locator."""
    fields: dict[str, Any] = {
        "changes": (list[Annotated[list[Any], Field(min_length=8, max_length=8), AfterValidator(_change)]], ...),
        "checksum": (_CHECKSUM, ...),
    }
    return create_model("History", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _change(row: list[Any]) -> list[Any]:
    date, field, old, new, *texts = row
    within_depth([old, new])
    if not all(isinstance(text, str) for text in (date, field, *texts)):
        raise ValueError("a change is: date, field, old, new, kind, reason, source, locator")
    _date(date)
    if field.startswith("pricing"):
        name, tier, component = [*field.split(".", 2), "", ""][:3]
        if name != "pricing" or tier not in pricing.TIERS or not component:
            raise ValueError(f"{field[:80]!r} is no price such as pricing.standard.input")
        for amount in (old, new):
            if amount is not None:
                _amount(str(amount))
    return row


def _statement(row: list[Any]) -> list[Any]:
    believed, date = row[0], row[3]
    within_depth(row[1])
    texts = (row[2], *row[4:]) if date is None else row[2:]
    if believed not in (0, 1) or not all(text.__class__ is str for text in texts):
        raise ValueError("a statement is: believed (1 or 0), value, source, date, locator, note")
    if date is not None:
        _date(date)
    return row


def _statements() -> Any:
    """Under each field its statements: believed (1 or 0), value, source, date, locator and perhaps a note."""
    statement = Annotated[list[Any], Field(min_length=5, max_length=6), AfterValidator(_statement)]
    return Annotated[dict[str, list[statement] | _CHECKSUM], AfterValidator(_sealed)]


def _sealed(entry: dict[str, Any]) -> dict[str, Any]:
    if any(isinstance(value, str) != (name == "checksum") for name, value in entry.items()) or "checksum" not in entry:
        raise ValueError("every field has a list of statements, and the entry a checksum")
    return entry


_SECTIONS: dict[str, tuple[str, Any]] = {
    "index.json": ("refs", _target),
    "offers.json": ("offers", _offers),
    "providers.json": ("providers", lambda: _with_checksum(records.Provider)),
    "authors.json": ("authors", lambda: _with_checksum(records.Author)),
    "authority.json": ("authority", _authority),
    "columns/*.json": ("column", _column),
    "history/*.json": ("history", _history),
    "models/*.json": ("models", lambda: _with_checksum(records.Model)),
    "parameters/*.json": ("endpoints", _rules),
    "provenance/*.json": ("provenance", _statements),
    MANIFEST: ("files", _file_entry),
}
"""Files of sorted entries: under which name the entries stand, and what each is."""


def dataset_schema() -> dict[str, Any]:
    """The JSON Schema of every kind of file in a dataset, by the file's name or pattern."""
    return {name: file_adapter(name).json_schema() for name in sorted({*_SECTIONS, _PARAMETER_INDEX})}


def is_validated(name: str) -> bool:
    """Whether a file of a dataset is of a kind that ``validate_dataset`` checks value by value."""
    return _kind(name) in {*_SECTIONS, _PARAMETER_INDEX}


def validate_dataset(storage: Folder | Packed) -> None:
    """Check every file of a dataset against the manifest and the schema.

    Raises ``DatasetError`` naming the file, the path to the value and what is wrong with it.
    """
    read_manifest(storage)
    where = f"{storage}/{MANIFEST}"
    listed = _checked(MANIFEST, where, _parsed(where, storage.read(MANIFEST)))["files"]
    for name in sorted(listed):
        if not _is_safe(name):
            raise DatasetError(f"{where}: {name[:200]!r} is no file name inside a dataset")
        if name == _PARAMETER_INDEX:
            data = storage.read(name)
            verify(storage, name, data)
            read_sealed(storage, name)
            _checked(name, f"{storage}/{name}", _parsed(f"{storage}/{name}", data))
        elif _kind(name) in _SECTIONS:
            file = SortedFile(storage, name)
            raw = _checked(name, str(file), _parsed(str(file), file.whole()))
            _check_layout(file, list(raw[_SECTIONS[_kind(name)][0]]))
    if _PARAMETER_INDEX in listed:
        _check_rules(storage, listed)


def _check_rules(storage: Folder | Packed, listed: dict[str, Any]) -> None:
    """Make sure that the rules that the index of parameters names are there."""
    index = read_sealed(storage, _PARAMETER_INDEX)
    for provider in {"generic", *index["providers"].values()}:
        name = f"parameters/{provider}.json"
        if name not in listed or provider not in index["endpoints"]:
            raise DatasetError(f"{storage}/{_PARAMETER_INDEX}: there are no rules of {provider!r}")
        file = SortedFile(storage, name)
        missing = [endpoint for endpoint in index["endpoints"][provider] if file.get(endpoint) is None]
        if missing:
            raise DatasetError(f"{storage}/{_PARAMETER_INDEX}: there are no rules of {provider!r} on {missing[0]!r}")


def _parsed(where: str, data: bytes) -> Any:
    if not data.isascii():
        raise DatasetError(f"{where}: not ASCII, which every file of a dataset is")
    raw = parse(data.decode("ascii"), where)
    if b"\\ud" in data.lower():  # as JSON writes each half of a character beyond 16 bits: in few files
        cut = half_character(raw)
        if cut is not None:
            raise DatasetError(f"{where}: {ascii(cut)[:300]}: half of a character, or values nested too deeply")
    return raw


def _check_layout(file: SortedFile, keys: list[str]) -> None:
    """Make sure that lookups, which do not parse the file, find what a parser finds."""
    entries = [*file.entries()]
    wanted = [entry_key(key) for key in keys]
    if [entry[1:].partition(b'":')[0].decode("ascii") for entry in entries] != wanted or wanted != sorted(set(wanted)):
        raise DatasetError(f"{file}: its entries do not stand in order, each at the start of a line")
    for entry in entries:
        file.checked(entry)


def _kind(name: str) -> str:
    """The key of a file's format: its name, or for one of many files the pattern of its folder."""
    folder, slash, _ = name.rpartition("/")
    return f"{folder}/*.json" if slash and name != _PARAMETER_INDEX else name


def _is_safe(name: str) -> bool:
    parts = name.split("/")
    return name.endswith(".json") and "\\" not in name and all(part and part.strip(".") for part in parts)


def _checked(name: str, where: str, raw: dict[str, Any]) -> dict[str, Any]:
    try:
        file_adapter(_kind(name)).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"])
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise DatasetError(f"{where}: {ascii(path[:300])[1:-1]}: {first['msg'][:300]}{more}") from None
    return raw
