"""Find, list, compare and choose: over the bundled data and over a small dataset made by hand."""

from __future__ import annotations

import asyncio
import contextvars
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import modelmeta
from modelmeta import (
    AmbiguousModelError,
    Author,
    Catalog,
    DatasetError,
    InvalidReferenceError,
    Limits,
    Model,
    ModelMetaError,
    PartialDate,
    Provider,
    Rate,
    UnknownModelError,
    UnknownProviderError,
    _apart,
    active,
    compare_models,
    dataset_info,
    find_models,
    get_author,
    get_model,
    get_provider,
    list_aliases,
    list_authors,
    list_models,
    list_providers,
    list_snapshots,
    list_sources,
    resolve,
    use_catalog,
)
from modelmeta._record import to_json
from modelmeta.storage import Folder

Files = dict[str, bytes]
Make = Callable[..., Files]


@pytest.fixture
def small(small_folder: Path) -> Catalog:
    return Catalog(Folder(str(small_folder)))


pytestmark = pytest.mark.usefixtures("fresh_process")


# One model ------------------------------------------------------------------------------------------------


def test_get_model_gives_the_same_object_every_time() -> None:
    model = get_model("gpt-4.1-mini")
    assert isinstance(model, Model)
    for spelling in ("openai/gpt-4.1-mini", "GPT-4.1-MINI", "openai:gpt-4.1-mini"):
        assert get_model(spelling) is model
    assert get_model("gpt-4.1-mini", provider="openai") is model
    assert get_model("gpt-4.1-mini", provider="azure") is not model
    assert model in list_models(provider="openai")


def test_the_author_comes_before_other_hosts(small: Catalog) -> None:
    assert small.get_model("gpt-9").provider == "openai"
    assert small.get_model("gpt-9", provider="azure").qualified_id == "azure/gpt-9"
    assert small.get_model("gpt-9", provider="openrouter").qualified_id == "openrouter/openai/gpt-9"


def test_the_only_host_is_meant_where_the_author_serves_it_not(small: Catalog) -> None:
    assert small.get_model("open-1").qualified_id == "azure/open-1"
    assert small.get_model("openmodel/open-1").qualified_id == "openrouter/openmodel/open-1"


def test_resolve_tells_what_was_meant() -> None:
    found = resolve("openai:gpt-4.1-mini")
    assert (found.requested, found.kind, found.canonical_id) == ("openai:gpt-4.1-mini", "model", "openai/gpt-4.1-mini")
    assert found.snapshot == "gpt-4.1-mini-2025-04-14"
    assert found.model is get_model("gpt-4.1-mini")
    with pytest.raises(FrozenInstanceError):
        found.kind = "x"  # type: ignore[misc]


def test_ambiguous(make_files: Make, in_memory: Callable[[Files], Catalog]) -> None:
    hosts = [f"host-{number}" for number in range(12)]
    files = make_files(
        {host: {"thing-1": {"name": "Thing 1"}} for host in hosts} | {"solo": {"thing-2": {"name": "T"}}}
    )
    catalog = in_memory(files)
    choices = tuple(sorted(f"{host}/thing-1" for host in hosts))
    for reference in ("thing-1", "THING-1", " thing-1 "):
        with pytest.raises(AmbiguousModelError) as caught:
            catalog.get_model(reference)
        error = caught.value
        assert isinstance(error, LookupError)
        assert not isinstance(error, UnknownModelError)
        assert error.choices == choices
        assert "12 providers serve" in str(error)
        assert "host-0/thing-1" in str(error)
        assert "and 4 more" in str(error)
        assert error.__context__ is None or error.__suppress_context__
    assert [catalog.get_model(choice).qualified_id for choice in choices] == list(choices)
    assert catalog.get_model("thing-1", provider="host-3").provider == "host-3"
    assert {offer.qualified_id for offer in catalog.list_offers("thing-1")} == set(choices)
    assert catalog.get_model("thing-2").provider == "solo"


def test_ambiguous_in_the_bundled_data(loaded_catalog: Catalog) -> None:
    """Nobody's own API serves it under that name, and several hosts do."""
    with pytest.raises(AmbiguousModelError) as caught:
        loaded_catalog.get_model("mistralai/mistral-7b-instruct-v0.3")
    assert len(caught.value.choices) > 2
    for choice in caught.value.choices:
        assert loaded_catalog.get_model(choice).qualified_id == choice


def test_unknown(small: Catalog) -> None:
    with pytest.raises(UnknownModelError, match=r"no model 'gpt-09'; did you mean 'gpt-9'") as caught:
        small.get_model("gpt-09")
    assert caught.value.suggestions[0] == "gpt-9"
    assert isinstance(caught.value, LookupError)
    assert isinstance(caught.value, ModelMetaError)


def test_a_provider_that_does_not_serve_the_model() -> None:
    with pytest.raises(UnknownModelError) as caught:
        get_model("gpt-4.1-mini", provider="anthropic")
    message = str(caught.value)
    assert "'anthropic'" in message
    assert "openai/gpt-4.1-mini" in message
    assert not isinstance(caught.value, UnknownProviderError)
    with pytest.raises(UnknownModelError, match="these serve it"):
        get_model("mistralai/mistral-7b-instruct-v0.3", provider="anthropic")


def test_a_host_named_in_the_reference_is_not_silently_another() -> None:
    """Groq serves no gpt-4o: its price there is unknown, not OpenAI's."""
    for reference in ("groq/gpt-4o", "groq:gpt-4o", "gpt-4o@groq"):
        with pytest.raises(UnknownModelError):
            get_model(reference)


def test_a_provider_that_does_not_exist() -> None:
    calls: tuple[Callable[[str], object], ...] = (
        lambda provider: get_model("gpt-4.1-mini", provider=provider),
        lambda provider: list_models(provider=provider),
        lambda provider: find_models(provider=provider),
        get_provider,
    )
    for call in calls:
        with pytest.raises(UnknownProviderError, match=r"no provider 'antropic'.*'anthropic'") as caught:
            call("antropic")
        assert "anthropic" in caught.value.suggestions


# Many models --------------------------------------------------------------------------------------------


def test_list_models_is_all_of_them_in_order() -> None:
    models = list_models()
    assert len(models) == dataset_info().counts.models
    qualified = [model.qualified_id for model in models]
    assert len(set(qualified)) == len(qualified)
    assert [model.provider for model in models] == sorted(model.provider for model in models)
    assert models == list_models()


@pytest.mark.parametrize("provider", ["openai", "OpenAI", " openai "])
def test_list_models_of_a_provider(provider: str) -> None:
    models = list_models(provider=provider)
    assert models
    assert {model.provider for model in models} == {"openai"}


def test_list_models_by_any_other_name_of_the_provider() -> None:
    assert list_models(provider="bedrock") == list_models(provider="amazon-bedrock")
    assert list_models(provider="together_ai") == list_models(provider="togetherai")


def test_list_models_filters() -> None:
    openai = list_models(provider="openai")
    assert {model.author for model in list_models(author="anthropic")} == {"anthropic"}
    assert {model.provider for model in list_models(author="anthropic")} > {"anthropic", "amazon-bedrock"}
    family = get_model("claude-sonnet-4-5").family
    assert family is not None
    assert get_model("claude-sonnet-4-5") in list_models(family=family)
    assert {model.status for model in list_models(provider="openai", status="retired")} == {"retired"}
    by_status = [
        model
        for status in {model.status for model in openai}
        for model in list_models(provider="openai", status=status)
    ]
    assert sorted(model.id for model in by_status) == sorted(model.id for model in openai)
    assert list_models(author="nobody") == ()


def test_list_models_takes_letter_case_as_it_comes(make_files: Make, in_memory: Callable[[Files], Catalog]) -> None:
    catalog = in_memory(
        make_files({"minimax": {"MiniMax-M9": {"base": "minimax/MiniMax-M9", "family": "MiniMax", "name": "M9"}}})
    )
    (model,) = catalog.list_models()
    assert model.base is not None
    for base in (model.base, model.base.lower(), model.base.upper()):
        assert catalog.list_models(base=base) == (model,)
        assert catalog.list_offers(base) == (model,)
    assert catalog.list_models(family="minimax") == catalog.list_models(family="MiniMax") == (model,)
    assert catalog.list_models(author="MINIMAX") == (model,)


@pytest.mark.parametrize("argument", ["author", "family", "base", "provider"])
@pytest.mark.parametrize("value", [5, b"openai", ["openai"], "", "é"])
def test_list_models_refuses_what_names_nothing(argument: str, value: Any) -> None:
    with pytest.raises(InvalidReferenceError):
        list_models(**{argument: value})


@pytest.mark.parametrize("status", ["activ", "ACTIVE", "", 5, None.__class__])
def test_a_status_that_does_not_exist(status: Any) -> None:
    for call in (list_models, find_models):
        with pytest.raises(ModelMetaError, match="no status is called"):
            call(provider="openai", status=status)


# Relations ------------------------------------------------------------------------------------------------


def test_aliases_and_snapshots(small: Catalog) -> None:
    assert small.list_aliases("gpt-9") == ("gpt-9-latest",)
    for reference in ("gpt-9", "gpt-9-2026-05-01", "gpt-9-latest", "openai/gpt-9"):
        (snapshot,) = small.list_snapshots(reference)
        assert (snapshot.id, str(snapshot.released)) == ("gpt-9-2026-05-01", "2026-05-01")
    assert small.list_snapshots("gpt-9-mini") == ()
    assert small.list_aliases("gpt-9-mini") == ()


def test_aliases_and_snapshots_of_real_models() -> None:
    assert [snapshot.id for snapshot in list_snapshots("gpt-4.1-mini")] == ["gpt-4.1-mini-2025-04-14"]
    snapshots = [snapshot.id for snapshot in list_snapshots("gpt-4o")]
    assert {"gpt-4o-2024-05-13", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20"} <= set(snapshots)
    assert "mistral-large-latest" in list_aliases("mistral-large-latest")


def test_offers(small: Catalog) -> None:
    offers = {offer.qualified_id for offer in small.list_offers("openai/gpt-9")}
    assert offers == {"openai/gpt-9", "azure/gpt-9", "openrouter/openai/gpt-9"}
    for reference in ("gpt-9", "azure/gpt-9", "gpt-9-2026-05-01", "openrouter/openai/gpt-9", "gpt-9@azure"):
        assert {offer.qualified_id for offer in small.list_offers(reference)} == offers
    with pytest.raises(UnknownModelError):
        small.list_offers("gpt-99")


def test_every_base_has_offers_that_have_it_as_their_base(loaded_catalog: Catalog) -> None:
    """Only those that are served undated are listed, unless there is nothing else."""
    bases = {model.base for model in loaded_catalog.list_models() if model.base is not None}
    for base in bases:
        offers = loaded_catalog.list_offers(base)
        assert offers, base
        assert {offer.base.lower() for offer in offers if offer.base} == {base.lower()}


def test_a_model_without_a_base_is_its_own_only_offer(small: Catalog) -> None:
    model = small.get_model("odd/two words")
    assert model.base is None
    assert small.list_offers("odd/two words") == (model,)


# Providers and authors ----------------------------------------------------------------------------------


def test_providers() -> None:
    providers = list_providers()
    assert all(isinstance(provider, Provider) for provider in providers)
    assert [provider.id for provider in providers] == sorted(provider.id for provider in providers)
    assert len(providers) == dataset_info().counts.providers
    assert sum(provider.models for provider in providers) == len(list_models())
    assert get_provider("openai") in providers
    assert get_provider("OPENAI").id == "openai"
    assert get_provider("openai").models == len(list_models(provider="openai"))


def test_authors() -> None:
    authors = list_authors()
    assert all(isinstance(author, Author) for author in authors)
    assert [author.id for author in authors] == sorted(author.id for author in authors)
    assert get_author("Anthropic") in authors
    assert get_author("anthropic").providers == ("anthropic",)
    assert get_author("anthropic").models == len(list_models(author="anthropic"))
    with pytest.raises(UnknownModelError, match="no author 'antropic'; did you mean 'anthropic'") as caught:
        get_author("antropic")
    assert caught.value.suggestions[0] == "anthropic"
    known = {provider.id for provider in list_providers()}
    assert all(set(author.providers) <= known for author in authors)


# The dataset ----------------------------------------------------------------------------------------------


def test_dataset_info() -> None:
    info = dataset_info()
    assert info.schema_version == 1
    assert info.version
    assert info.built_on.precision == "day"
    assert info.counts.providers >= 180
    assert info.counts.models >= 7_000
    assert info.sources == list_sources()
    assert {"models.dev", "vendor-pages", "vendor-apis"} <= {source.id for source in info.sources}
    assert all(source.licence for source in info.sources)


def test_every_fact_of_price_names_a_source_that_is_listed(loaded_catalog: Catalog) -> None:
    known = {source.id for source in list_sources()}
    stated = {rate.source for model in loaded_catalog.list_models() for rate in model.prices}
    assert stated <= known


def test_every_record_can_be_read_to_the_bottom(loaded_catalog: Catalog) -> None:
    """And says only what there is: no zero where nothing is stated, no empty text."""
    for model in loaded_catalog.list_models():
        raw = to_json(model)
        assert raw["id"] == model.id
        limits = raw.get("limits", {})
        assert all(value > 0 for value in limits.values()), model.qualified_id
        assert all(rate.amount >= 0 and rate.unit and rate.currency for rate in model.prices), model.qualified_id
        for name in ("name", "author", "base", "family"):
            assert raw.get(name) != "", model.qualified_id


# Choosing -------------------------------------------------------------------------------------------------

CHOICE: dict[str, dict[str, dict[str, Any]]] = {
    "acme": {
        "says-all": {
            "name": "b",
            "capabilities.tool_calling": True,
            "capabilities.reasoning": False,
            "endpoints.responses": True,
            "tools.web_search": True,
            "limits.context_window": 1000,
            "limits.max_output_tokens": 100,
            "modalities.input": ["image", "text"],
            "modalities.output": ["text"],
            "open_weights": True,
            "lifecycle.released": "2026-03",
            "price.input": "2",
            "price.output": "4",
        },
        "says-no": {
            "name": "a",
            "capabilities.tool_calling": False,
            "endpoints.responses": False,
            "tools.web_search": False,
            "limits.context_window": 10,
            "limits.max_output_tokens": 1,
            "modalities.input": ["audio"],
            "modalities.output": ["audio"],
            "open_weights": False,
            "lifecycle.released": "2026-03-02",
            "price.input": "20",
            "price.output": "40",
        },
        "says-nothing": {"license": "none"},
        "free": {"name": "c", "limits.context_window": 5000, "price.input": "0", "price.output": "0"},
    }
}


@pytest.fixture(scope="module")
def choice(make_files: Make, in_memory: Callable[[Files], Catalog]) -> Catalog:
    facts: dict[str, dict[str, dict[str, Any]]] = {"acme": {}}
    for name, fields in CHOICE["acme"].items():
        rows = [
            {
                "component": field.partition(".")[2],
                "unit": "1M tokens",
                "amount": value,
                "currency": "USD",
                "tier": "standard",
            }
            for field, value in fields.items()
            if field.startswith("price.")
        ]
        facts["acme"][name] = {field: value for field, value in fields.items() if not field.startswith("price.")}
        if rows:
            facts["acme"][name]["prices"] = rows
    return in_memory(make_files(facts))


def found(catalog: Catalog, **conditions: Any) -> list[str]:
    with use_catalog(catalog):
        return [model.id for model in find_models(**conditions)]


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        ({}, ["free", "says-all", "says-no", "says-nothing"]),
        ({"requires": ["tool_calling"]}, ["says-all"]),
        ({"requires": "tool_calling"}, ["says-all"]),
        ({"requires": ["reasoning"]}, []),
        ({"requires": ["responses"]}, ["says-all"]),
        ({"requires": ["web_search"]}, ["says-all"]),
        ({"requires": ["tool_calling", "responses", "web_search"]}, ["says-all"]),
        ({"requires": ["json_mode"]}, []),
        ({"min_context": 0}, ["free", "says-all", "says-no"]),
        ({"min_context": 1000}, ["free", "says-all"]),
        ({"min_context": 1001}, ["free"]),
        ({"min_output": 1}, ["says-all", "says-no"]),
        ({"min_output": 2}, ["says-all"]),
        ({"input_modalities": ["text"]}, ["says-all"]),
        ({"input_modalities": ["text", "image"]}, ["says-all"]),
        ({"input_modalities": "audio"}, ["says-no"]),
        ({"output_modalities": ["text"]}, ["says-all"]),
        ({"open_weights": True}, ["says-all"]),
        ({"open_weights": False}, ["says-no"]),
        ({"max_input_price": 2}, ["free", "says-all"]),
        ({"max_input_price": Decimal("1.99")}, ["free"]),
        ({"max_input_price": "20"}, ["free", "says-all", "says-no"]),
        ({"max_output_price": 4.0}, ["free", "says-all"]),
        ({"max_input_price": 0}, ["free"]),
        ({"sort_by": "input_price"}, ["free", "says-all", "says-no", "says-nothing"]),
        ({"sort_by": "output_price", "limit": 2}, ["free", "says-all"]),
        ({"sort_by": "context_window"}, ["free", "says-all", "says-no", "says-nothing"]),
        ({"sort_by": "max_output_tokens"}, ["says-all", "says-no", "free", "says-nothing"]),
        ({"sort_by": "name"}, ["says-no", "says-all", "free", "says-nothing"]),
        ({"sort_by": "released"}, ["says-no", "says-all", "free", "says-nothing"]),
        ({"limit": 0}, []),
        ({"limit": 99}, ["free", "says-all", "says-no", "says-nothing"]),
        ({"status": "active"}, ["free", "says-all", "says-no", "says-nothing"]),
        ({"status": "retired"}, []),
        ({"provider": "acme", "author": "nobody"}, []),
    ],
    ids=str,
)
def test_what_is_not_known_meets_no_condition(choice: Catalog, conditions: dict[str, Any], ids: list[str]) -> None:
    assert found(choice, **conditions) == ids


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"requires": ["tool_caling"]}, "tool_calling"),
        ({"requires": 5}, "requires"),
        ({"requires": [5]}, "capability, endpoint or tool"),
        ({"input_modalities": ["txt"]}, "did you mean 'text'"),
        ({"output_modalities": [None]}, "modality"),
        ({"min_context": "1000"}, "min_context"),
        ({"min_context": -1}, "min_context"),
        ({"min_context": 1.5}, "min_context"),
        ({"min_output": True}, "min_output"),
        ({"limit": "3"}, "limit"),
        ({"limit": -1}, "limit"),
        ({"max_input_price": "cheap"}, "max_input_price"),
        ({"max_input_price": float("nan")}, "max_input_price"),
        ({"max_output_price": float("inf")}, "max_output_price"),
        ({"max_output_price": True}, "max_output_price"),
        ({"sort_by": "price"}, "input_price"),
        ({"sort_by": 5}, "input_price"),
        ({"status": "gone"}, "retired"),
    ],
    ids=str,
)
def test_a_condition_that_cannot_be_meant(choice: Catalog, conditions: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelMetaError, match=message) as caught:
        found(choice, **conditions)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_find_models_in_the_bundled_data() -> None:
    for model in find_models(requires=["tool_calling"], min_context=1_000_000, max_input_price="0.5"):
        assert model.capabilities.tool_calling is True
        assert (model.limits.context_window or 0) >= 1_000_000
        rate = model.price("input")
        assert rate is not None
        assert rate.amount <= Decimal("0.5")
        assert (rate.currency, rate.unit) == ("USD", "1M tokens")
    cheapest = find_models(provider="openai", output_modalities=["text"], sort_by="input_price", limit=5)
    prices = [rate.amount for model in cheapest if (rate := model.price("input"))]
    assert prices == sorted(prices)


def test_supports_knows_only_features(choice: Catalog) -> None:
    model = choice.get_model("says-all")
    assert model.supports("tool_calling") is True
    assert model.supports("reasoning") is False
    assert model.supports("json_mode") is None
    assert choice.get_model("says-nothing").supports("web_search") is None
    for name in ("tool_caling", "_raw", "__class__", "__doc__", "_fields", ""):
        with pytest.raises(ValueError, match="no capability, endpoint or tool"):
            model.supports(name)


# Comparing ------------------------------------------------------------------------------------------------


def test_compare(choice: Catalog) -> None:
    with use_catalog(choice):
        compared = compare_models("says-all", "says-no", "says-nothing")
    assert [model.id for model in compared.models] == ["says-all", "says-no", "says-nothing"]
    rows = {row.field: row for row in compared.rows}
    assert rows["limits.context_window"].values == (1000, 10, None)
    assert rows["limits.context_window"].differs
    assert "limits.max_reasoning_tokens" not in rows
    assert rows["status"].values == ("active", "active", "active")
    assert not rows["status"].differs
    assert compared.differences == tuple(row for row in compared.rows if row.differs)
    rate = rows["pricing.standard.input"].values[0]
    assert isinstance(rate, Rate)
    assert rate.amount == 2


def test_what_one_model_does_not_state_is_not_known_to_differ(choice: Catalog) -> None:
    with use_catalog(choice):
        compared = compare_models("says-all", "says-nothing")
    rows = {row.field: row for row in compared.rows}
    assert rows["limits.context_window"].values == (1000, None)
    assert rows["limits.context_window"].differs is None
    assert rows["status"].differs is False
    assert "limits.context_window" not in [row.field for row in compared.differences]


def test_compare_looks_at_what_is_paid_not_at_who_says_so() -> None:
    here = Rate(component="input", unit="1M tokens", amount=Decimal("0.40"), source="vendor-pages")
    there = Rate(component="input", unit="1M tokens", amount=Decimal("0.4"), source="models.dev")
    compared = compare_models(Model(id="a", provider="x", prices=(here,)), Model(id="a", provider="y", prices=(there,)))
    rows = {row.field: row for row in compared.rows}
    assert not rows["pricing.standard.input"].differs


def test_compare_takes_models_and_references() -> None:
    model = get_model("gpt-4.1-mini")
    assert compare_models(model, "gpt-4.1-nano").models == (model, get_model("gpt-4.1-nano"))
    for wrong in (5, None, b"gpt-4.1-mini", ["gpt-4.1-mini"]):
        with pytest.raises(InvalidReferenceError):
            compare_models(model, wrong)  # type: ignore[arg-type]


# Prices of a model ------------------------------------------------------------------------------------------


def priced(*rates: Rate) -> Model:
    return Model(id="x", provider="y", prices=rates)


def rate(amount: str, **more: Any) -> Rate:
    return Rate(**{"component": "input", "unit": "1M tokens", "amount": Decimal(amount), **more})


def test_price_by_tier() -> None:
    model = priced(rate("2"), rate("1", tier="batch"))
    assert (model.price("input"), model.price("input", tier="batch")) == model.prices
    assert model.price("input", tier="flex") is None
    assert model.price("output") is None
    with pytest.raises(ValueError, match="no service tier 'Batch'; the tiers are standard, batch"):
        model.price("input", tier="Batch")


def test_price_over_a_threshold() -> None:
    from modelmeta import Condition

    high = rate("4", condition=Condition(above_input_tokens=200))
    higher = rate("8", condition=Condition(above_input_tokens=500))
    far = rate("9", condition=Condition(region="eu"))
    for rates in ((rate("2"), high, higher, far), (far, higher, high, rate("2"))):
        model = priced(*rates)
        amounts = [
            str(getattr(model.price("input", input_tokens=count), "amount", None)) for count in (0, 200, 201, 500, 501)
        ]
        assert amounts == ["2", "2", "4", "4", "8"]
    assert priced(far).price("input") is None


def test_price_by_day() -> None:
    past = rate("3", effective_until=PartialDate.parse("2026-06-01"))
    now = rate("2", effective_from=PartialDate.parse("2026-06-01"))
    model = priced(past, now)
    assert model.price("input", at=date(2026, 5, 31)) is past
    assert model.price("input", at=date(2026, 6, 1)) is now


def test_a_newer_price_comes_before_an_older_open_one() -> None:
    old = rate("3")
    new = rate("2", effective_from=PartialDate.parse("2026-06-01"))
    newest = rate("1", effective_from=PartialDate.parse("2026-09"))
    for rates in ((old, new, newest), (newest, new, old)):
        model = priced(*rates)
        assert model.price("input", at=date(2026, 5, 1)) is old
        assert model.price("input", at=date(2026, 7, 1)) is new
        assert model.price("input", at=date(2026, 11, 1)) is newest


def test_price_on_a_day_that_is_none() -> None:
    with pytest.raises(TypeError, match="at is a date"):
        priced(rate("1")).price("input", at=5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at is a day"):
        priced(rate("1")).price("input", at="tomorrow")  # type: ignore[arg-type]


# Which catalog is asked -------------------------------------------------------------------------------------

Look: TypeAlias = Callable[..., Model]


@pytest.fixture(params=[get_model, _apart.get_model], ids=["together", "apart"])
def look(request: pytest.FixtureRequest) -> Look:
    """A lookup, as it is with the global lock and without: what it finds does not depend on that."""
    found: Look = request.param
    return found


@pytest.mark.parametrize("locked", [True, False])
def test_which_lookup_it_is_depends_on_the_lock(locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: locked, raising=False)
    assert active._apart(get_model) is (get_model if locked else _apart.get_model)


def test_a_thread_remembers_what_it_looked_up_until_the_catalog_changes(small: Catalog) -> None:
    use_catalog(small)
    for _ in range(2):  # found, then remembered
        assert _apart.get_model("gpt-9").provider == "openai"
    assert [*active._recalled.models] == ["gpt-9"]
    use_catalog(Catalog.bundled())
    assert not hasattr(active._recalled, "models")
    with pytest.raises(UnknownModelError):
        _apart.get_model("gpt-9")


def test_use_catalog_for_the_process(small: Catalog, look: Look) -> None:
    use_catalog(small)
    assert look("gpt-9").provider == "openai"
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(look("gpt-9").id))
    thread.start()
    thread.join()
    assert seen == ["gpt-9"]
    use_catalog(Catalog.bundled())
    with pytest.raises(UnknownModelError):
        look("gpt-9")


def test_use_catalog_for_a_block(small: Catalog, look: Look) -> None:
    before = look("gpt-4.1-mini")
    with use_catalog(small) as catalog:
        assert catalog is small
        assert look("gpt-9").provider == "openai"
        with pytest.raises(UnknownModelError):
            look("gpt-4.1-mini")
        with use_catalog(Catalog.bundled()):
            assert look("gpt-4.1-mini") == before
        assert look("gpt-9").provider == "openai"
    assert look("gpt-4.1-mini") is before
    with pytest.raises(UnknownModelError):
        look("gpt-9")


def test_a_block_that_fails_gives_back_what_was(small: Catalog, look: Look) -> None:
    with pytest.raises(ZeroDivisionError), use_catalog(small):
        _ = 1 / 0
    assert look("gpt-4.1-mini").provider == "openai"


def test_a_block_inside_a_process_choice(small: Catalog, look: Look) -> None:
    use_catalog(small)
    with use_catalog(Catalog.bundled()):
        assert look("gpt-4.1-mini").id
    assert look("gpt-9").id


def test_a_block_used_twice_and_inside_itself(small: Catalog, look: Look) -> None:
    chosen = use_catalog(small)
    for _ in range(2):
        with chosen:
            assert look("gpt-9").id
            with chosen:
                assert look("gpt-9").id
            assert look("gpt-9").id
        assert look("gpt-4.1-mini").id
    other = Catalog.bundled()
    use_catalog(other)
    with chosen:
        pass
    assert active.current_catalog() is other


def test_a_block_holds_for_its_thread_only(small: Catalog, look: Look) -> None:
    inside, done = threading.Event(), threading.Event()
    seen: list[str] = []

    def elsewhere() -> None:
        inside.wait(10)
        seen.append(look("gpt-4.1-mini").id)
        done.set()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    with use_catalog(small):
        inside.set()
        done.wait(10)
        assert look("gpt-9").id
    thread.join()
    assert seen == ["gpt-4.1-mini"]


def test_blocks_of_many_threads_leave_the_process_as_it_was(small: Catalog, look: Look) -> None:
    look("gpt-4.1-mini")
    before = active.current_catalog()
    start = threading.Barrier(8)
    wrong: list[BaseException] = []

    def work() -> None:
        start.wait()
        try:
            for _ in range(300):
                with use_catalog(small):
                    assert active.current_catalog() is small
        except BaseException as error:  # noqa: BLE001
            wrong.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not wrong
    assert active.current_catalog() is before


def test_a_block_holds_for_its_task_and_those_it_starts(small: Catalog, look: Look) -> None:
    async def other(inside: asyncio.Event, done: asyncio.Event) -> str:
        await inside.wait()
        found = look("gpt-4.1-mini").id
        done.set()
        return found

    async def child() -> str:
        await asyncio.sleep(0)
        return look("gpt-9").id

    async def main() -> list[str]:
        inside, done = asyncio.Event(), asyncio.Event()
        elsewhere = asyncio.create_task(other(inside, done))
        with use_catalog(small):
            inside.set()
            await done.wait()
            mine = await asyncio.create_task(child())
            in_thread = await asyncio.to_thread(get_model, "gpt-9")
        return [await elsewhere, mine, in_thread.id]

    assert asyncio.run(main()) == ["gpt-4.1-mini", "gpt-9", "gpt-9"]


def test_a_context_keeps_its_catalog(small: Catalog, look: Look) -> None:
    with use_catalog(small):
        context = contextvars.copy_context()
    assert context.run(get_model, "gpt-9").id == "gpt-9"
    with pytest.raises(UnknownModelError):
        look("gpt-9")


@pytest.mark.parametrize("wrong", [5, None, b"x", ["x"], Catalog])
def test_use_catalog_takes_a_catalog(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"use_catalog\(\) takes a Catalog"):
        use_catalog(wrong)


def test_dataset_of_the_environment(small_folder: Path, monkeypatch: pytest.MonkeyPatch, look: Look) -> None:
    monkeypatch.setenv("MODELMETA_DATASET", str(small_folder))
    assert look("gpt-9").provider == "openai"
    with pytest.raises(UnknownModelError):
        look("gpt-4.1-mini")


def test_dataset_of_the_environment_that_is_not_there(monkeypatch: pytest.MonkeyPatch, look: Look) -> None:
    monkeypatch.setenv("MODELMETA_DATASET", "/nowhere/at/all")
    for _ in range(2):
        with pytest.raises(DatasetError, match="/nowhere/at/all"):
            look("gpt-4.1-mini")
    monkeypatch.setenv("MODELMETA_DATASET", "")
    assert look("gpt-4.1-mini").id


# Many threads at once ---------------------------------------------------------------------------------------


def at_once(work: Callable[[], Any], count: int = 32) -> list[Any]:
    start = threading.Barrier(count)
    results: list[Any] = []

    def run() -> None:
        start.wait()
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_first_lookup_of_many_threads_at_once() -> None:
    expected = get_model("gpt-4.1-mini")
    for _ in range(10):
        catalog = Catalog.bundled()
        models = at_once(lambda: catalog.get_model("gpt-4.1-mini"))  # noqa: B023
        assert all(model is models[0] for model in models), models[:3]
        assert models[0] == expected


def test_first_listing_of_many_threads_at_once(small_folder: Path) -> None:
    catalog = Catalog(Folder(str(small_folder)))
    listings = at_once(catalog.list_models)
    assert all(listing == listings[0] for listing in listings)
    assert all(one is other for listing in listings for one, other in zip(listing, listings[0], strict=True))
    assert catalog.get_model("gpt-9") in listings[0]


def test_first_call_of_many_threads_opens_one_catalog() -> None:
    program = """
import sys, threading
sys.setswitchinterval(1e-6)
from modelmeta import get_model
start, models = threading.Barrier(32), []
def work():
    start.wait()
    models.append(get_model("gpt-4.1-mini"))
threads = [threading.Thread(target=work) for _ in range(32)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(models) == 32 and len({id(model) for model in models}) == 1, {id(model) for model in models}
"""
    root = str(Path(modelmeta.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {root!r}){program}"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


# Nobody can change what another sees --------------------------------------------------------------------------


def test_what_one_caller_holds_another_cannot_change() -> None:
    model = get_model("gpt-4.1-mini")
    before = to_json(model)
    raw = to_json(model)
    raw["id"] = "changed"
    raw["prices"].clear()
    with pytest.raises(FrozenInstanceError):
        model.limits.context_window = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        model.prices[0] = None  # type: ignore[index]
    assert to_json(get_model("gpt-4.1-mini")) == before
    assert isinstance(model.limits, Limits)


def test_a_catalog_shows_where_it_is(small: Catalog, small_folder: Path) -> None:
    assert repr(small) == f"<Catalog {small_folder}>"
