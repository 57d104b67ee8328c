"""The contract of records: that of frozen, slotted dataclasses, kept without making them at import."""

from __future__ import annotations

import copy
import dataclasses
import gc
import json
import pickle
import sys
import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelmeta import _record, catalog, find, pricing, provenance, records
from modelmeta._record import Record, decoder, field_names, from_json, to_json
from modelmeta.dates import PartialDate
from modelmeta.pricing import Condition, Rate
from modelmeta.records import (
    Capabilities,
    Endpoint,
    Lifecycle,
    Limits,
    Link,
    Measurement,
    Modalities,
    Model,
    PlatformId,
    Provider,
    RateLimit,
    Reasoning,
    Snapshot,
    Tool,
)

RECORDS = sorted(
    {
        value
        for module in (catalog, find, pricing, provenance, records)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Record) and value is not Record
    },
    key=lambda cls: cls.__name__,
)

# What a record may hold, as strategies -------------------------------------------------------------------

texts = st.text(max_size=12)
counts = st.integers(min_value=1, max_value=10**10)
flags = st.booleans()
amounts = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False) | st.sampled_from(
    [Decimal("1E-9"), Decimal("1E+3"), Decimal("0E-12"), Decimal("0.40")]
)
days = st.dates().map(lambda day: PartialDate.parse(day.isoformat()))
months = st.dates().map(lambda day: PartialDate.parse(day.isoformat()[:7]))
partial_dates = days | months | st.integers(1, 9999).map(lambda year: PartialDate(year=year))

_BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "str": texts,
    "int": counts,
    "bool": flags,
    "Decimal": amounts,
    "PartialDate": partial_dates,
}


def _values(annotation: str) -> st.SearchStrategy[Any]:
    name = annotation.removesuffix(" | None")
    if name.startswith("tuple["):
        return st.lists(_values(name[6:].removesuffix(", ...]")), max_size=3).map(tuple)
    return _BY_NAME[name] if name in _BY_NAME else made(getattr(records, name, None) or getattr(pricing, name))


def made(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Records of a class with any of their fields given."""
    fields = {name: _values(annotation) for name, annotation in cls.__annotations__.items()}
    given_always = {name: fields.pop(name) for name in cls.__annotations__ if name not in cls._defaults}
    return st.fixed_dictionaries(given_always, optional=fields).map(lambda values: cls(**values))


models = made(Model)


def example() -> Model:
    return Model(
        id="gpt-9",
        provider="openai",
        knowledge_cutoff=PartialDate.parse("2026-01"),
        limits=Limits(context_window=400_000),
        modalities=Modalities(input=("text", "image")),
        endpoints=(Endpoint(name="responses", supported=True), Endpoint(name="realtime", supported=False)),
        tools=(Tool(name="web_search"),),
        prices=(
            Rate(component="input", unit="1M tokens", amount=Decimal("1.25")),
            Rate(
                component="input",
                unit="1M tokens",
                amount=Decimal("2.5"),
                condition=Condition(above_input_tokens=200_000),
            ),
        ),
        snapshots=(Snapshot(id="gpt-9-2026-05-01", released=PartialDate.parse("2026-05-01")),),
        platform_ids=(PlatformId(platform="azure", id="gpt-9"),),
        observed=(Measurement(ttft_ms=400),),
        links=(Link(kind="docs", url="https://example.com"),),
        rate_limits=(RateLimit(tier="Tier 1", rpm=500),),
    )


# What dataclasses say of them -------------------------------------------------------------------------


@pytest.mark.parametrize("cls", RECORDS)
def test_is_a_dataclass(cls: Any) -> None:
    fields = dataclasses.fields(cls)
    assert tuple(field.name for field in fields) == field_names(cls) == tuple(cls.__annotations__)
    assert all(field.kw_only for field in fields)
    assert {field.name: field.default for field in fields if field.default is not dataclasses.MISSING} == (
        cls._defaults
    )
    assert cls.__dataclass_params__.frozen
    assert dataclasses.is_dataclass(cls)


def test_looking_at_the_base_class_leaves_every_record_its_fields() -> None:
    """``pydantic`` and others walk the classes a record inherits from, and ask each for its fields."""
    assert not dataclasses.is_dataclass(Record)

    class Late(Record):
        number: int

    assert [field.name for field in dataclasses.fields(Late)] == ["number"]

    class Later(Record):
        text: str = ""

    assert [field.name for field in dataclasses.fields(Later)] == ["text"]
    assert [field.name for field in dataclasses.fields(Late)] == ["number"]


def test_a_subclass_adds_to_the_fields_of_its_parent() -> None:
    class Priced(Limits):
        note: str = "none"

    limits = Priced(context_window=5)
    assert [field.name for field in dataclasses.fields(limits)] == [*field_names(Limits), "note"]
    assert field_names(Priced) == Priced.__match_args__ == (*field_names(Limits), "note")
    assert (limits.context_window, limits.note, limits.max_output_tokens) == (5, "none", None)
    assert dataclasses.replace(limits, note="x") == Priced(context_window=5, note="x") != limits
    read = from_json(Priced, {"context_window": 7, "note": "y"})
    assert (read.context_window, read.note) == (7, "y")
    with pytest.raises(TypeError, match="needs 'id'"):
        type("Other", (Snapshot,), {})()


def test_a_subclass_of_the_same_name_changes_no_record_of_the_dataset() -> None:
    type("Limits", (Limits,), {})
    assert type(from_json(Model, {"limits": {"context_window": 1}}).limits) is Limits


def test_asdict_goes_to_the_bottom() -> None:
    plain = dataclasses.asdict(example())
    assert plain["limits"]["context_window"] == 400_000
    assert plain["prices"][1]["condition"]["above_input_tokens"] == 200_000
    assert plain["snapshots"][0]["released"] == {"year": 2026, "month": 5, "day": 1}
    assert not any(isinstance(value, Record) for value in plain.values())


def test_astuple() -> None:
    assert dataclasses.astuple(Limits(context_window=5)) == (5, None, None, None, None)


def test_replace_makes_a_changed_copy() -> None:
    before = example()
    after = dataclasses.replace(before, name="GPT 9", limits=Limits(context_window=1))
    assert (after.name, after.limits.context_window) == ("GPT 9", 1)
    assert (before.name, before.limits.context_window) == (None, 400_000)
    assert dataclasses.replace(after, name=None, limits=before.limits) == before
    with pytest.raises(TypeError, match="nonsense"):
        dataclasses.replace(before, nonsense=1)  # type: ignore[call-arg]


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace came with Python 3.13")
def test_copy_replace() -> None:
    assert copy.replace(example(), name="GPT 9").name == "GPT 9"  # type: ignore[attr-defined]


def test_replace_of_a_record_that_nobody_has_read_yet() -> None:
    lazy: Limits = from_json(Limits, {"context_window": 7, "max_output_tokens": 3})
    assert dataclasses.replace(lazy, max_output_tokens=4) == Limits(context_window=7, max_output_tokens=4)


# Frozen, to the bottom ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["id", "limits", "qualified_id", "no_such_field", "_raw", "__class__"])
def test_cannot_be_changed(name: str) -> None:
    model = example()
    with pytest.raises(dataclasses.FrozenInstanceError, match=r"replace\(\)"):
        setattr(model, name, "x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(model, name)
    assert model == example()


def test_has_no_dict_and_no_room_for_more() -> None:
    for record in (example(), Limits(), PartialDate(year=2026), from_json(Limits, {})):
        assert not hasattr(record, "__dict__")
        with pytest.raises(AttributeError):
            object.__setattr__(record, "extra", 1)


def test_a_list_given_becomes_a_tuple() -> None:
    given_list = ["text"]
    modalities = Modalities(input=given_list)  # type: ignore[arg-type]
    given_list.append("image")
    assert modalities.input == ("text",)


def test_what_is_read_from_json_is_immutable_too() -> None:
    raw = json.loads(json.dumps(to_json(example())))
    model: Model = from_json(Model, raw)

    def walk(value: object) -> None:
        assert not isinstance(value, (list, dict, set))
        if isinstance(value, Record):
            for name in field_names(type(value)):
                walk(getattr(value, name))
        if isinstance(value, tuple):
            for item in value:
                walk(item)

    walk(model)


# Made wrongly ---------------------------------------------------------------------------------------------


def test_unknown_field_is_named_with_those_that_exist() -> None:
    with pytest.raises(TypeError, match=r"Limits\(\) has no field 'context'.*context_window"):
        Limits(context=1)  # type: ignore[call-arg]


def test_missing_field_is_named() -> None:
    with pytest.raises(TypeError, match=r"Model\(\) needs 'provider'"):
        Model(id="x")  # type: ignore[call-arg]


def test_fields_are_keywords() -> None:
    with pytest.raises(TypeError):
        Limits(5)  # type: ignore[call-arg]


def test_unknown_attribute() -> None:
    records_made: list[Any] = [Limits(), from_json(Limits, {})]
    for record in records_made:
        with pytest.raises(AttributeError, match="'Limits' object has no attribute 'context'"):
            _ = record.context


# Equality and hash ----------------------------------------------------------------------------------------


@given(models)
def test_equal_records_hash_alike(model: Model) -> None:
    again = dataclasses.replace(model)
    assert again is not model
    assert again == model
    assert hash(again) == hash(model)
    assert {model: "found"}[again] == "found"


@given(models, models)
def test_equality_is_that_of_the_fields(one: Model, other: Model) -> None:
    assert (one == other) is (dataclasses.astuple(one) == dataclasses.astuple(other))


def test_other_classes_are_never_equal() -> None:
    assert Link(kind="a", url="b") != PlatformId(platform="a", id="b")
    assert Limits() != Reasoning()
    assert Limits() != {}
    assert Limits() != None  # noqa: E711
    assert Limits().__eq__(1) is NotImplemented


def test_a_lazy_record_equals_the_one_made_outright() -> None:
    lazy: Limits = from_json(Limits, {"context_window": 5})
    assert lazy == Limits(context_window=5)
    assert hash(lazy) == hash(Limits(context_window=5))


# Copies ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(protocol: int) -> None:
    lazy: Model = from_json(Model, to_json(example()))
    for model in (example(), lazy):
        again = pickle.loads(pickle.dumps(model, protocol))
        assert again == model
        assert to_json(again) == to_json(model)
        with pytest.raises(dataclasses.FrozenInstanceError):
            again.id = "x"


@given(models, st.sampled_from(range(pickle.HIGHEST_PROTOCOL + 1)))
def test_pickle_gives_back_what_went_in(model: Model, protocol: int) -> None:
    assert pickle.loads(pickle.dumps(model, protocol)) == model


def test_a_pickle_of_another_release_keeps_what_both_know() -> None:
    rebuild, (cls, values) = Limits(context_window=5).__reduce__()
    assert rebuild(cls, {**values, "of_the_future": 1}) == Limits(context_window=5)
    assert rebuild(cls, {"context_window": 5}) == Limits(context_window=5)
    with pytest.raises(TypeError, match=r"Snapshot\(\) needs 'id'"):
        rebuild(Snapshot, {})


def test_copy_and_deepcopy() -> None:
    model = example()
    assert copy.copy(model) == model
    assert copy.deepcopy(model) == model
    assert copy.deepcopy({"models": [model]})["models"][0] == model


@pytest.mark.parametrize("cls", RECORDS)
def test_every_record_pickles_by_its_public_place(cls: type[Any]) -> None:
    assert pickle.loads(pickle.dumps(cls)) is cls


# Pattern matching and repr -------------------------------------------------------------------------------


def test_pattern_matching() -> None:
    match example():
        case Model(provider="openai", limits=Limits(context_window=window), endpoints=(Endpoint(name=first), *_)):
            assert (window, first) == (400_000, "responses")
        case _:
            pytest.fail("no case matched")


def test_positional_patterns_follow_the_fields() -> None:
    match Link(kind="docs", url="https://example.com"):
        case Link(kind, url):  # type: ignore[misc]
            assert (kind, url) == ("docs", "https://example.com")  # type: ignore[unreachable]


def test_repr_shows_what_is_stated_and_can_be_evaluated() -> None:
    assert repr(Limits()) == "Limits()"
    assert repr(Limits(context_window=5)) == "Limits(context_window=5)"
    shown = Rate(component="input", unit="1M tokens", amount=Decimal("0.4"))
    assert eval(repr(shown), {"Rate": Rate, "Decimal": Decimal}) == shown


def test_repr_of_a_model_is_one_line() -> None:
    shown = repr(example())
    assert "\n" not in shown
    assert "openai/gpt-9" in shown
    assert "400,000" in shown
    assert "1.25 USD/1M tokens" in shown


# Lazily decoded -------------------------------------------------------------------------------------------


def test_a_field_is_decoded_when_first_read_and_kept() -> None:
    model: Model = from_json(Model, to_json(example()))
    assert model.limits is model.limits
    assert model.prices is model.prices
    assert model.prices[0].amount == Decimal("1.25")
    assert type(model.knowledge_cutoff) is PartialDate
    assert model.reasoning == Reasoning()


def test_a_fact_that_is_absent_is_none() -> None:
    model: Model = from_json(Model, {"id": "x", "provider": "y"})
    assert model.open_weights is None
    assert model.limits.context_window is None
    assert model.capabilities.tool_calling is None
    assert model.price("input") is None
    assert model.prices == ()


def test_a_record_without_a_field_it_needs_says_so() -> None:
    with pytest.raises(AttributeError, match="Provider record without 'id'"):
        _ = from_json(Provider, {}).id


@pytest.mark.parametrize("cls", RECORDS)
def test_every_annotation_is_decoded_as_what_it_says(cls: type[Any]) -> None:
    """A field typed as a record that is defined further down would stay a dict, and nobody would be told."""
    plain = {"str", "int", "bool", "object"}
    for name, annotation in cls.__annotations__.items():
        inner = annotation.removesuffix(" | None").removeprefix("tuple[").removesuffix(", ...]")
        if inner not in plain:
            assert inner in _record._DECODERS, f"{cls.__name__}.{name}: nobody decodes {inner}"
            assert cls._decode[name].__code__ is decoder(annotation).__code__, f"{cls.__name__}.{name}"


def test_record_names_are_unique() -> None:
    """Decoders go by the name of the class."""
    gc.collect()
    names = [cls.__name__ for cls in Record.__subclasses__() if cls.__module__.startswith("modelmeta")]
    assert len(names) == len(set(names))


def test_threads_that_read_one_record_at_once() -> None:
    raw = to_json(example())
    for _ in range(20):
        model: Model = from_json(Model, raw)
        start = threading.Barrier(8)
        seen: list[Any] = []

        def read(model: Model = model, start: threading.Barrier = start, seen: list[Any] = seen) -> None:
            start.wait()
            seen.append((model, tuple(getattr(model, name) for name in field_names(Model))))

        threads = [threading.Thread(target=read) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seen) == 8
        assert all(values == seen[0][1] for _, values in seen)
        assert all(record == example() for record, _ in seen)


# JSON -----------------------------------------------------------------------------------------------------


@given(models)
def test_json_round_trip(model: Model) -> None:
    raw = json.loads(json.dumps(to_json(model)))
    assert from_json(Model, raw) == model


@given(made(Rate))
def test_json_round_trip_of_a_rate(rate: Rate) -> None:
    raw = json.loads(json.dumps(to_json(rate)))
    assert from_json(Rate, raw) == rate
    assert set(raw["amount"]) <= set("0123456789."), "an amount is written without an exponent"


def test_json_leaves_out_what_is_not_stated() -> None:
    assert to_json(Capabilities(tool_calling=False)) == {"tool_calling": False}
    assert to_json(Model(id="x", provider="y")) == {"id": "x", "provider": "y"}


# pydantic -------------------------------------------------------------------------------------------------


PYDANTIC_EXAMPLES = [
    Limits(context_window=5),
    Lifecycle(released=PartialDate.parse("2026-05")),
    Rate(component="input", unit="1M tokens", amount=Decimal("0.4")),
    PartialDate.parse("2024-06"),
    example(),
]


@pytest.mark.parametrize("record", PYDANTIC_EXAMPLES, ids=lambda record: type(record).__name__)
def test_pydantic_takes_a_record_as_it_is(record: Record) -> None:
    from pydantic import TypeAdapter

    assert TypeAdapter(type(record)).validate_python(record) == record
    assert TypeAdapter(list[type(record)]).validate_python([record]) == [record]  # type: ignore[misc, arg-type]


@pytest.mark.parametrize("record", PYDANTIC_EXAMPLES, ids=lambda record: type(record).__name__)
def test_pydantic_reads_and_writes_the_json_form(record: Record) -> None:
    from pydantic import TypeAdapter

    adapter = TypeAdapter(type(record))
    assert json.loads(adapter.dump_json(record)) == to_json(record)
    assert adapter.validate_json(adapter.dump_json(record)) == record
    assert adapter.validate_python(to_json(record)) == record
    adapter.json_schema()


@pytest.mark.parametrize(
    ("cls", "wrong"),
    [
        (Limits, {"context_window": "many"}),
        (Limits, {"context": 5}),
        (Lifecycle, {"released": "2026-13"}),
        (Rate, {"component": "input", "unit": "1M tokens", "amount": "free"}),
        (Rate, {"component": "input"}),
        (Model, {"id": "x"}),
        (PartialDate, "yesterday"),
        (Limits, 5),
    ],
)
def test_pydantic_refuses_what_is_no_record(cls: type[Any], wrong: object) -> None:
    from pydantic import TypeAdapter, ValidationError

    with pytest.raises(ValidationError):
        TypeAdapter(cls).validate_python(wrong)


def test_pydantic_model_of_an_app() -> None:
    from pydantic import create_model

    app = create_model("App", model=(Model, ...), seen=(date, ...))
    held = app(model=example(), seen=date(2026, 11, 1))
    assert held.model == example()  # type: ignore[attr-defined]
    assert app.model_validate_json(held.model_dump_json()) == held
