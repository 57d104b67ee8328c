"""Frozen, slotted dataclasses that cost next to nothing to define and are filled only when looked at.

The standard decorator compiles half a dozen methods for every class and imports ``inspect``, ``re`` and
``enum`` to do so; on the way to a first lookup that would be most of the time. ``Record`` keeps the contract
(``dataclasses.fields``, ``replace``, ``asdict``, ``is_dataclass``, ``==``, ``hash``, ``pickle``, ``copy``,
pattern matching, frozen and without ``__dict__``) and builds what only introspection needs when it is asked for.

A record made from the dataset keeps the parsed JSON object and decodes a field when it is first read; one of many
that a list returns reads that object itself only then.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any, ClassVar, NoReturn

    from typing_extensions import Self, dataclass_transform

    Decoder = Callable[[Any], Any]
else:

    def dataclass_transform(**_: object) -> object:
        """Only type checkers read it."""
        return lambda cls: cls


__all__ = ["Record", "Unread", "decoder", "field_names", "from_json", "raw_json", "register_type", "to_json"]

_MISSING = object()

_DECODERS: dict[str, Decoder] = {}
"""How JSON becomes a value of a type, by the type's name in an annotation."""

_TEXTUAL: dict[str, str] = {}
"""The names of types whose JSON form is a string, and the format in which they are written."""


def register_type(name: str, decode: Callable[[str], Any], written_as: str = "") -> None:
    """Teach records a type that JSON writes as a string (a date, a decimal); ``format()`` must be its inverse."""
    _DECODERS[name] = decode
    _TEXTUAL[name] = written_as


def _same(value: object) -> object:
    return value


def decoder(annotation: str) -> Decoder:
    """The function that turns JSON into what ``annotation`` says (``"tuple[Snapshot, ...]"``, ``"int | None"``)."""
    name = annotation.removesuffix(" | None")
    if name.startswith("tuple["):
        inner = _DECODERS.get(name[6:].removesuffix(", ...]"))
        if inner is None:
            return tuple
        return lambda values: tuple([inner(value) for value in values])
    return _DECODERS.get(name, _same)


def _annotations(cls: type[Record]) -> dict[str, str]:
    """The fields of a record with their annotations, those of its parents first."""
    found: dict[str, str] = {}
    for part in reversed(cls.__mro__):
        found |= part.__annotations__ if isinstance(part, _RecordType) else {}
    return {name: found[name] for name in cls._fields}


class _Introspection:
    """``__dataclass_fields__`` and ``__dataclass_params__``, worked out by ``dataclasses`` when first wanted."""

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute

    def __get__(self, instance: object, owner: type[Record]) -> object:
        import dataclasses

        shadow = dataclasses.make_dataclass(
            owner.__name__,
            [
                (name, annotation, dataclasses.field(default=owner._defaults.get(name, dataclasses.MISSING)))
                for name, annotation in _annotations(owner).items()
            ],
            frozen=True,
            kw_only=True,
        )
        value: object = getattr(shadow, self.attribute)
        type.__setattr__(owner, self.attribute, value)
        return value


_INTROSPECTION = {name: _Introspection(name) for name in ("__dataclass_fields__", "__dataclass_params__")}


@dataclass_transform(frozen_default=True, kw_only_default=True)
class _RecordType(type):
    """Turns annotated fields into slots and remembers their defaults and decoders."""

    _fields: tuple[str, ...]
    _defaults: dict[str, Any]
    _decode: dict[str, Decoder]

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> Any:
        annotations: dict[str, str] = namespace.setdefault("__annotations__", {})
        defaults = {field: namespace.pop(field) for field in annotations if field in namespace}
        parents = [base for base in bases if isinstance(base, _RecordType)]
        namespace.setdefault("__slots__", tuple(annotations))
        fields = dict.fromkeys([*(field for parent in parents for field in parent._fields), *annotations])
        namespace["__match_args__"] = tuple(fields)
        if bases:
            namespace.update(_INTROSPECTION)
        cls = super().__new__(mcs, name, bases, namespace)
        cls._fields = tuple(fields)
        cls._defaults = defaults
        cls._decode = {field: decoder(annotation) for field, annotation in annotations.items()}
        for parent in parents:
            cls._defaults = {**parent._defaults, **cls._defaults}
            cls._decode = {**parent._decode, **cls._decode}
        _DECODERS.setdefault(name, cls._from_json)  # a subclass of the same name is not what annotations mean
        return cls

    def _from_json(cls, raw: Mapping[str, Any]) -> Any:
        record: Any = object.__new__(cls)  # type: ignore[arg-type]
        object.__setattr__(record, "_raw", raw)
        return record


class Unread:
    """Where JSON objects are that have not been read yet. In a record of one, its raw is a pair of this and a row.

    ``read`` gives the object of a row; ``known`` the fields that need not be read for.
    """

    __slots__ = ("known", "read")

    def __init__(self, read: Callable[[int], Mapping[str, Any]], known: Mapping[str, Callable[[int], object]]) -> None:
        self.read = read
        self.known = known

    def records(self, cls: type[Any], rows: Sequence[int]) -> list[Any]:
        """A record of class ``cls`` for each row. There may be thousands: each step is one call for all of them."""
        from itertools import repeat

        made = [*map(object.__new__, repeat(cls, len(rows)))]
        _ = [*map(Record.__dict__["_raw"].__set__, made, zip(repeat(self), rows, strict=False))]
        return made


class Record(metaclass=_RecordType):
    """The base of every record. Fields are keyword arguments; what is left out takes its default."""

    __slots__ = ("_raw",)

    if TYPE_CHECKING:
        _fields: ClassVar[tuple[str, ...]]
        _defaults: ClassVar[dict[str, Any]]
        _decode: ClassVar[dict[str, Decoder]]
    else:

        def __init__(self, **values: object) -> None:
            put = object.__setattr__
            for name in self._fields:
                if name in values:
                    value = values.pop(name)
                    put(self, name, tuple(value) if value.__class__ is list else value)
                elif name in self._defaults:
                    put(self, name, self._defaults[name])
                else:
                    raise TypeError(f"{type(self).__name__}() needs {name!r}")
            if values:
                unknown = ", ".join(map(repr, values))
                raise TypeError(f"{type(self).__name__}() has no field {unknown}; it has {', '.join(self._fields)}")

        def __getattr__(self, name: str) -> object:
            decode = type(self)._decode.get(name)
            if decode is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            raw = self._raw
            if raw.__class__ is tuple:
                unread, row = raw
                raw = {name: unread.known[name](row)} if name in unread.known else raw_json(self)
            if name in raw:
                value = decode(raw[name])
            elif name in self._defaults:
                value = self._defaults[name]
            else:
                raise AttributeError(f"{type(self).__name__} record without {name!r}")
            object.__setattr__(self, name, value)
            return value

    def __setattr__(self, name: str, value: object) -> NoReturn:
        _refuse(self, name)

    def __delattr__(self, name: str) -> NoReturn:
        _refuse(self, name)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self)._fields)

    def __hash__(self) -> int:
        return hash(_values(self))

    def __repr__(self) -> str:
        shown = (
            f"{name}={value!r}"
            for name, value in zip(type(self)._fields, _values(self), strict=True)
            if value != self._defaults.get(name, _MISSING)
        )
        return f"{type(self).__name__}({', '.join(shown)})"

    def __str__(self) -> str:
        from .display import as_text

        return as_text(self)

    def _repr_html_(self) -> str | None:
        from .display import as_html

        return as_html(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), dict(_items(self)))

    def __replace__(self, **changes: Any) -> Self:
        return type(self)(**{**dict(_items(self)), **changes})

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: Any) -> Any:
        from .validation import pydantic_schema

        return pydantic_schema(cls, handler)


def _refuse(record: Record, name: str) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(
        f"cannot change {name!r} of a {type(record).__name__}; dataclasses.replace() makes a changed copy"
    )


def _values(record: Record) -> tuple[Any, ...]:
    return tuple([getattr(record, name) for name in type(record)._fields])


def _items(record: Record) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(record, name)) for name in type(record)._fields)


def _rebuild(cls: type[Record], values: dict[str, Any]) -> Record:
    """A record from a pickle, perhaps of another release: fields that this one does not have are passed over."""
    return cls(**{name: value for name, value in values.items() if name in cls._fields})


def field_names(cls: type[Record]) -> tuple[str, ...]:
    """The names of a record's fields, in order."""
    return cls._fields


def from_json(cls: type[Any], raw: Mapping[str, Any]) -> Any:
    """A record of class ``cls`` over the parsed JSON object ``raw``, decoded as its fields are read."""
    return cls._from_json(raw)


def raw_json(record: Record) -> Any:
    """The parsed JSON object that a record was made from; ``None`` for one that was made otherwise."""
    raw: Any = getattr(record, "_raw", None)
    if raw.__class__ is tuple:
        unread, row = raw
        raw = unread.read(row)
        object.__setattr__(record, "_raw", raw)
    return raw


def to_json(value: Any) -> Any:
    """The JSON form of a record or of what one holds; fields at their default are left out.

    >>> from modelmeta.records import Limits
    >>> to_json(Limits(context_window=1_047_576))
    {'context_window': 1047576}
    """
    written_as = _TEXTUAL.get(type(value).__name__)
    if written_as is not None:
        return format(value, written_as)
    if isinstance(value, Record):
        defaults = type(value)._defaults
        return {name: to_json(item) for name, item in _items(value) if item != defaults.get(name, _MISSING)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    return value
