"""What an overlay may say: every field of the records, strictly, and nothing else.

The types come from the records themselves (``validation``). On top of them stand the words that the library acts
on: a service tier, a component or an endpoint that does not exist would otherwise be kept and never used.
"""

from __future__ import annotations

from decimal import Decimal

from pydantic import ValidationError

from ._json_value import half_character
from ._record import Record, field_names, to_json
from .components import UNITS, components_of, count_of
from .dates import PartialDate
from .pricing import TIERS
from .records import Endpoint, Lifecycle, Model, Provider, Tool
from .suggestions import closest
from .validation import field_adapter, field_hints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any

    from ._positions import Path

__all__ = ["NOT_SHARED", "Wrong", "checked_document", "plain"]


class Wrong(Exception):  # noqa: N818  (it never leaves the package: it becomes a DatasetError)
    """Something in an overlay that is not allowed, and where."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


NOT_SHARED = frozenset(
    "aliases default_snapshot id inherited links name observed platform_ids provider seen_on snapshot_of "
    "snapshots".split()
)
"""What a model made ``like`` another does not take from it: names, versions and what was seen or measured there."""

_STATED = ("preview", "active", "legacy", "deprecated", "retired")
_MODALITIES = ("text", "image", "audio", "video", "pdf", "embedding", "score")
_SIZES = ("flagship", "standard", "lightweight")
_TOP = ("name", "url", "date", "models", "changes", "aliases", "providers")
_DEEPEST = 32


def plain(value: Any, path: Path = ()) -> Any:
    """``value`` as JSON knows it: records, dates, tuples and mappings as what they are written like."""
    if len(path) > _DEEPEST:
        raise Wrong(path[:3], "nested too deeply")
    if value is None or isinstance(value, (str, bool, int, Decimal)):
        return value
    if isinstance(value, float):
        raise Wrong(path, f"{value!r} is a float, which is not exact: write {str(value)!r} or a Decimal")
    if isinstance(value, Record) and not isinstance(value, PartialDate):
        return plain(to_json(value), path)
    if isinstance(value, PartialDate) or hasattr(value, "isoformat"):
        return str(value)
    if hasattr(value, "items"):
        found: dict[str, Any] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise Wrong(path, f"a key is text, not {type(key).__name__}")
            found[key] = plain(item, (*path, key))
        return found
    if isinstance(value, (list, tuple)):
        return [plain(item, (*path, number)) for number, item in enumerate(value)]
    raise Wrong(path, f"{type(value).__name__} is nothing that an overlay can hold")


def checked_document(document: object) -> dict[str, Any]:
    """The document with every section present; raises ``Wrong`` at the first thing that is not allowed."""
    found = _object(document, ())
    cut = half_character(found)
    if cut is not None:
        raise Wrong(cut, "half of a character (a lone surrogate) stands here, or values are nested too deeply")
    for key in found:
        _known(key, _TOP, (), "there is no section")
    for key in ("name", "url"):
        if found.get(key) is not None and (not isinstance(found[key], str) or not found[key].strip()):
            raise Wrong((key,), "this is text")
    if found.get("date") is not None:
        _adapted(Model, "seen_on", found["date"], ("date",))
    sections = {name: {} if found.get(name) is None else _object(found[name], (name,)) for name in _TOP[3:]}
    for key, entry in sections["models"].items():
        _whole(entry, ("models", key))
    for key, entry in sections["changes"].items():
        _change(entry, ("changes", key))
    for key, target in sections["aliases"].items():
        if not isinstance(target, str):
            raise Wrong(("aliases", key), "an alias names the model it stands for, such as 'azure/gpt-4.1-mini'")
    for key, entry in sections["providers"].items():
        _fields(Provider, entry, ("providers", key), without={"id", "models"})
    return {**found, **sections}


def _whole(entry: object, path: Path) -> None:
    given = dict(_object(entry, path))
    like = given.pop("like", None)
    if like is not None and not isinstance(like, str):
        raise Wrong((*path, "like"), "this names another model, such as 'azure/gpt-4.1-mini'")
    _fields(Model, given, path, without={"id", "provider"}, extra=("like",))


def _change(entry: object, path: Path) -> None:
    given = dict(_object(entry, path))
    replace = given.pop("replace", [])
    if not isinstance(replace, list):
        raise Wrong((*path, "replace"), "this is a list of fields whose rows are replaced rather than added to")
    for number, name in enumerate(replace):
        if not isinstance(name, str) or name not in given:
            raise Wrong((*path, "replace", number), f"{str(name)[:80]!r} is replaced by nothing: it is not stated here")
    if not given:
        raise Wrong(path, "the change states nothing")
    _fields(Model, given, path, without={"id", "provider", "inherited"}, extra=("replace",), partial=True)


def _fields(
    record: type[Record],
    entry: object,
    path: Path,
    *,
    without: Collection[str] = (),
    extra: tuple[str, ...] = (),
    partial: bool = False,
) -> None:
    """Check fields of ``record``; in a ``partial`` one, ``None`` takes back what the dataset states."""
    known = tuple(name for name in field_names(record) if name not in without)
    for name, value in _object(entry, path).items():
        place = (*path, name)
        _known(name, known + extra, path, "there is no field")
        if value is None and partial:
            continue
        kind = field_hints(record)[name]
        if isinstance(kind, type) and issubclass(kind, Record) and kind is not PartialDate:
            _fields(kind, value, place, partial=partial)
        else:
            if name in _NUMBERS and isinstance(value, list):
                for number, row in enumerate(value):
                    _exact(row, _NUMBERS[name], (*place, number))
            _adapted(record, name, value, place)
            check = _WORDS.get((record, name))
            if check is not None:
                check(value, place)


def _object(value: object, path: Path) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Wrong(path, f"this is an object with named fields, not {_kind(value)}")
    return value


def _kind(value: object) -> str:
    return {"NoneType": "null", "str": "text", "list": "a list"}.get(type(value).__name__, type(value).__name__)


def _known(name: str, allowed: Collection[str], path: Path, what: str) -> None:
    if name not in allowed:
        near = closest(name, allowed)
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else f"; there are {', '.join(allowed)}"
        if name[:1].isdigit():
            hint = "; in TOML a name with a dot in it stands in quotes"
        raise Wrong((*path, name), f"{what} {name[:80]!r}{hint}")


def _adapted(record: type[Record], name: str, value: object, path: Path) -> None:
    try:
        field_adapter(record, name).validate_python(value, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise Wrong((*path, *first["loc"]), f"{_said(first)}{more}") from None


def _said(error: Any) -> str:
    """What pydantic found, in words that name the value and what is allowed."""
    words = _PROBLEMS.get(error["type"])
    if words is None:
        return str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "string_pattern_mismatch":
        words = words[error["ctx"]["pattern"].startswith("^[0-9]{4}") :]
    return words[0].format(shown=ascii(error["input"])[:80], **error.get("ctx", {}))


_PROBLEMS: dict[str, tuple[str, ...]] = {
    "bool_type": ("{shown} is neither true nor false",),
    "extra_forbidden": ("there is no such field",),
    "greater_than_equal": ("{shown} is below {ge}",),
    "int_type": ("{shown} is no whole number",),
    "less_than_equal": ("{shown} is above {le}",),
    "list_type": ("{shown} is no list",),
    "missing": ("this has to be stated",),
    "model_type": ("{shown} is no object with named fields",),
    "string_pattern_mismatch": (
        "{shown} is no amount: a decimal number that is not negative, such as '0.40'",
        "{shown} is no date such as 2027, 2027-01 or 2027-01-10",
    ),
    "string_type": ("{shown} is no text; put it in quotes",),
}


_NUMBERS = {"prices": "amount", "observed": "output_tokens_per_second"}
"""Rows with an exact number, which a file may write as a number: its digits are kept as they stand."""


def _exact(row: object, key: str, path: Path) -> None:
    value = row.get(key) if isinstance(row, dict) else None
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        number = Decimal(value)
        if number.is_finite() and abs(number.adjusted()) < 30 and len(number.as_tuple().digits) < 40:
            row[key] = format(number, "f")  # type: ignore[index]
        else:
            raise Wrong((*path, key), f"{str(value)[:40]} is no amount that anything costs")


def _prices(rows: list[dict[str, Any]], path: Path) -> None:
    seen: dict[object, int] = {}
    for number, row in enumerate(rows):
        place = (*path, number)
        row.setdefault("currency", "USD")
        row.setdefault("tier", "standard")
        _word(tuple(UNITS), "unit")(row["unit"], (*place, "unit"))
        counted = count_of(row["component"], row["unit"])
        if counted is None:
            near = closest(row["component"].removesuffix("_tokens"), components_of(row["unit"]))
            hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise Wrong((*place, "component"), f"no {row['component'][:80]!r} is counted by the {row['unit']}{hint}")
        _word(TIERS, "service tier")(row["tier"], (*place, "tier"))
        currency = row["currency"]
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
            raise Wrong((*place, "currency"), f"{currency[:80]!r} is no currency code such as USD")
        window = (row.get("condition") or {}).get("utc_window")
        if window is not None and not _is_window(window):
            raise Wrong((*place, "condition", "utc_window"), f"{window[:80]!r} is no time of day such as 16:30-00:30")
        starts, ends = (row.get(name) for name in ("effective_from", "effective_until"))
        if starts and ends and PartialDate.parse(ends).first_day <= PartialDate.parse(starts).first_day:
            raise Wrong((*place, "effective_until"), f"the price ends on {ends}, before it starts on {starts}")
        same = (counted[0], row["tier"], currency, starts, ends, str(sorted((row.get("condition") or {}).items())))
        if seen.setdefault(same, number) != number:
            raise Wrong(place, f"this and row {seen[same]} are the same price: make them one")


def _is_window(text: str) -> bool:
    from re import fullmatch

    hour = "([01][0-9]|2[0-3]):[0-5][0-9]"
    return fullmatch(f"{hour}-{hour}", text) is not None and text[:5] != text[6:]


def _word(allowed: tuple[str, ...], what: str) -> Callable[[Any, Path], None]:
    def check(value: Any, path: Path) -> None:
        values = enumerate(value) if isinstance(value, list) else ((None, value),)
        for number, item in values:
            if item not in allowed:
                place = path if number is None else (*path, number)
                near = closest(item, allowed)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(allowed)}"
                raise Wrong(place, f"there is no {what} {item[:80]!r}; {hint}")

    return check


def _names(allowed: tuple[str, ...], what: str) -> Callable[[Any, Path], None]:
    check = _word(allowed, what)

    def check_rows(rows: Any, path: Path) -> None:
        for number, row in enumerate(rows):
            check(row["name"], (*path, number, "name"))

    return check_rows


def _words() -> dict[tuple[type[Record], str], Callable[[Any, Path], None]]:
    from .records import Modalities

    return {
        (Model, "prices"): _prices,
        (Model, "endpoints"): _names(Endpoint.NAMES, "endpoint"),
        (Model, "tools"): _names(Tool.NAMES, "tool"),
        (Model, "size_class"): _word(_SIZES, "size class"),
        (Lifecycle, "stated"): _word(_STATED, "status"),
        (Modalities, "input"): _word(_MODALITIES, "modality"),
        (Modalities, "output"): _word(_MODALITIES, "modality"),
    }


_WORDS = _words()
