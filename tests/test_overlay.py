"""A user's own models, prices, corrections and names, laid over a dataset."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from modelmeta import (
    AmbiguousModelError,
    Catalog,
    DatasetError,
    Limits,
    Model,
    Rate,
    UnknownModelError,
    active,
    dataset_info,
    find_models,
    get_model,
    list_models,
    storage,
    use_catalog,
)
from modelmeta.cost import compute_cost
from modelmeta.records import Snapshot
from tests.small_dataset import write_dataset

INPUT = {"component": "input", "unit": "1M tokens", "amount": "1.5"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return Catalog.load(write_dataset(tmp_path_factory.mktemp("dataset")))


def error_of(call: Callable[[], object]) -> str:
    with pytest.raises(DatasetError) as caught:
        call()
    return str(caught.value)


# One field ---------------------------------------------------------------------------------------------------


def test_one_price_changes_and_the_rest_stays(base: Catalog) -> None:
    mine = base.with_overlay({"changes": {"road-1": {"prices": [INPUT]}}})
    model = mine.get_model("acme/road-1")
    assert model.price("input") == Rate(
        component="input", unit="1M tokens", amount=Decimal("1.5"), source="overlay:overlay"
    )
    assert [(r.component, r.tier, str(r.amount)) for r in model.prices] == [
        ("input", "standard", "4"),
        ("input", "batch", "1"),
        ("output", "standard", "8"),
        ("input", "standard", "1.5"),
    ]
    assert model.price("input", input_tokens=501).amount == 4  # type: ignore[union-attr]
    assert model.limits == base.get_model("road-1").limits
    assert base.get_model("road-1").price("input").amount == 2  # type: ignore[union-attr]


def test_a_change_reads_no_other_file(base: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = Catalog(base.storage)
    read: list[str] = []
    real = type(fresh.storage).read

    def spy(self: Any, name: str, *rest: int) -> bytes:
        read.append(name)
        return real(self, name, *rest)

    monkeypatch.setattr(type(fresh.storage), "read", spy)
    mine = fresh.with_overlay({"changes": {"road-1": {"prices": [INPUT]}}})
    mine.get_model("road-1")
    assert set(read) == {"manifest.json", "index.json", "models/acme.json"}


def test_one_price_on_the_bundled_dataset_reads_one_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    real = storage.Folder.read

    def spy(self: storage.Folder, name: str, start: int = 0, length: int = -1) -> bytes:
        opened.append(name)
        return real(self, name, start, length)

    monkeypatch.setattr(storage.Folder, "read", spy)
    mine = Catalog.bundled().with_overlay({"changes": {"gpt-4.1-mini": {"prices": [INPUT]}}})
    assert set(opened) == {"manifest.json", "index.json"}
    assert str(mine.get_model("gpt-4.1-mini").price("input").amount) == "1.5"  # type: ignore[union-attr]
    assert mine.get_model("claude-sonnet-4-5").author == "anthropic"
    assert set(opened) == {"manifest.json", "index.json", "models/openai.json", "models/anthropic.json"}
    assert len(opened) < 60  # each a block of 8 KB: 0.5 MB of the 42 there are


def test_a_price_change_holds_for_the_version_that_the_id_points_at_only(base: Catalog) -> None:
    mine = base.with_overlay({"changes": {"road-1": {"prices": [INPUT], "limits": {"context_window": 5}}}})
    pinned, older = mine.get_model("road-1-2026-01-01"), mine.get_model("road-1-2025-01-01")
    assert str(pinned.price("input").amount) == "1.5"  # type: ignore[union-attr]
    assert pinned.limits.context_window is None
    assert str(older.price("input").amount) == "3"  # type: ignore[union-attr]
    own = base.with_overlay(
        {"changes": {"road-1": {"prices": [INPUT]}, "road-1-2026-01-01": {"prices": [{**INPUT, "amount": "7"}]}}}
    )
    assert str(own.get_model("road-1-2026-01-01").price("input").amount) == "7"  # type: ignore[union-attr]


def test_a_dated_price_leaves_the_time_before_and_after_it(base: Catalog) -> None:
    dated = {**INPUT, "effective_from": "2026-03-01", "effective_until": "2026-06-01"}
    model = base.with_overlay({"changes": {"road-1": {"prices": [dated]}}}).get_model("road-1")
    amounts = {
        day: str(model.price("input", at=date.fromisoformat(day)).amount)  # type: ignore[union-attr]
        for day in ("2026-02-28", "2026-03-01", "2026-05-31", "2026-06-01")
    }
    assert amounts == {"2026-02-28": "2", "2026-03-01": "1.5", "2026-05-31": "1.5", "2026-06-01": "2"}


def test_replaced_prices_are_the_only_ones(base: Catalog) -> None:
    mine = base.with_overlay({"changes": {"road-1": {"replace": ["prices"], "prices": [INPUT]}}})
    assert [r.component for r in mine.get_model("road-1").prices] == ["input"]


def test_objects_change_field_by_field_rows_by_their_name_and_null_takes_back(base: Catalog) -> None:
    change = {
        "limits": {"context_window": 500, "max_output_tokens": None},
        "capabilities": {"json_mode": True},
        "endpoints": [{"name": "responses", "supported": False}, {"name": "batch", "supported": True}],
        "rate_limits": [{"tier": "Tier 1", "rpm": 99}],
        "modalities": {"input": ["text"]},
        "lifecycle": None,
        "aliases": ["street"],
    }
    mine = base.with_overlay({"changes": {"road-1": change}})
    model = mine.get_model("street")
    assert (model.limits.context_window, model.limits.max_output_tokens) == (500, None)
    assert (model.capabilities.tool_calling, model.capabilities.json_mode) == (True, True)
    assert [(e.name, e.path, e.supported) for e in model.endpoints] == [
        ("responses", "v1/responses", False),
        ("batch", None, True),
    ]
    assert (model.rate_limits[0].rpm, model.rate_limits[0].tpm) == (99, 100)
    assert model.modalities.input == ("text",)
    assert model.modalities.output == ("text",)
    assert model.lifecycle.retires_on is None
    assert model.inherited == ()
    assert mine.resolve("street").kind == "alias"
    assert mine.list_aliases("road-1") == ("street",)


def test_fast_and_priority_are_one_tier_where_the_provider_says_so() -> None:
    catalog = Catalog.bundled()
    assert catalog.get_model("gpt-4.1-mini").price("input", tier="priority") is not None
    row = {**INPUT, "amount": "0.6", "tier": "fast"}
    model = catalog.with_overlay({"changes": {"gpt-4.1-mini": {"prices": [row]}}}).get_model("gpt-4.1-mini")
    rows = [
        r for r in model.prices if r.component == "input" and r.tier in {"fast", "priority"} and r.condition is None
    ]
    assert [str(r.amount) for r in rows] == ["0.6"]


# Whole models, names and providers ----------------------------------------------------------------------------


def test_a_model_of_ones_own_is_seen_everywhere(base: Catalog) -> None:
    mine = base.with_overlay(
        {
            "models": {
                "house/Private-1": {
                    "author": "house",
                    "base": "acme/road-1",
                    "limits": {"context_window": 64_000},
                    "capabilities": {"tool_calling": True},
                    "aliases": ["private"],
                }
            },
            "providers": {"house": {"name": "Our house", "api": "https://llm.internal/v1"}},
        }
    )
    for ref in ("house/Private-1", "private-1", "house:private-1", "private", "house/private"):
        assert mine.get_model(ref).limits.context_window == 64_000
    assert mine.get_model("private-1", provider="house").id == "Private-1"
    assert [m.id for m in mine.list_models(provider="house")] == ["Private-1"]
    assert mine.get_provider("house").api == "https://llm.internal/v1"
    assert mine.get_provider("house").models == 1
    assert mine.get_author("house").models == 1
    assert "house" in [p.id for p in mine.list_providers()]
    assert [m.qualified_id for m in mine.list_offers("acme/road-1")] == [
        "acme/road-1", "cloud/acme.road-1", "house/Private-1",
    ]  # fmt: skip
    assert len(mine.list_models()) == len(base.list_models()) + 1
    assert mine.dataset_info().counts.models == base.dataset_info().counts.models + 1
    with use_catalog(mine):
        assert [m.id for m in find_models(min_context=50_000)] == ["Private-1"]
        assert [m.id for m in list_models(author="house")] == ["Private-1"]
    with pytest.raises(UnknownModelError, match="private-1"):
        mine.get_model("privat-1")


def test_a_whole_model_takes_the_place_of_the_dataset_s(base: Catalog) -> None:
    mine = base.with_overlay({"models": {"ACME/road-1": {"limits": {"context_window": 7}}}})
    assert mine.get_model("road-1").limits == Limits(context_window=7)
    assert mine.get_model("road-1").prices == ()
    assert [m.id for m in mine.list_models(provider="acme")] == [m.id for m in base.list_models(provider="acme")]


def test_a_deployment_like_another_model(base: Catalog) -> None:
    mine = base.with_overlay(
        {"models": {"cloud/prod": {"like": "acme/road-1", "prices": [INPUT], "limits": {"max_output_tokens": 10}}}}
    )
    model = mine.get_model("prod")
    assert model.limits == Limits(context_window=1000, max_output_tokens=10)
    assert [str(r.amount) for r in model.prices if r.component == "input" and r.tier == "standard"] == ["4", "1.5"]
    assert (model.provider, model.base, model.snapshots, model.seen_on) == ("cloud", "acme/road-1", (), None)
    assert "cloud/prod" in [m.qualified_id for m in mine.list_offers("acme/road-1")]


def test_an_alias_maps_a_deployment_to_a_model(base: Catalog) -> None:
    mine = base.with_overlay({"aliases": {"Prod-Chat": "cloud/acme.road-1", "road-2": "road-1"}})
    found = mine.resolve("prod-chat")
    assert (found.kind, found.canonical_id) == ("alias", "cloud/acme.road-1")
    assert mine.get_model("prod-chat", provider="cloud") is found.model
    assert found.model.aliases == ("Prod-Chat",)
    assert mine.get_model("road-2").id == "road-1"
    assert mine.get_model("acme/road-2").id in {"road-1", "road-2"}
    assert mine.own_aliases == {"prod-chat", "road-2"}


def test_a_bare_id_keeps_its_meaning_and_new_ones_can_be_ambiguous(base: Catalog) -> None:
    mine = base.with_overlay({"models": {"one/road-1": {}, "one/new": {}, "two/new": {}}})
    assert mine.get_model("road-1").provider == "acme"
    with pytest.raises(AmbiguousModelError) as caught:
        mine.get_model("new")
    assert caught.value.choices == ("one/new", "two/new")


def test_overlays_stack(base: Catalog) -> None:
    below = base.with_overlay({"models": {"house/x": {"prices": [INPUT]}}, "aliases": {"a": "house/x"}})
    above = below.with_overlay({"changes": {"house/x": {"limits": {"context_window": 3}}}, "aliases": {"b": "a"}})
    assert above.get_model("b") is above.get_model("a")
    assert above.get_model("b").limits.context_window == 3
    assert above.get_model("b").price("input") is not None
    assert below.get_model("a").limits.context_window is None


def test_records_as_models(base: Catalog) -> None:
    own = Model(
        id="private-1",
        provider="house",
        prices=(Rate(component="input", unit="1M tokens", amount=Decimal("0.10")),),
        snapshots=(Snapshot(id="private-1-0613"),),
    )
    mine = base.with_models([own], name="house models")
    assert str(mine.get_model("private-1").price("input").amount) == "0.10"  # type: ignore[union-attr]
    assert mine.get_model("private-1").prices[0].source == "overlay:house models"
    with use_catalog(mine):
        assert str(compute_cost("house/private-1", input_tokens=1_000_000).total) == "0.1"
    assert mine.with_models([base.get_model("road-1")]).get_model("road-1").prices[0].source == "pages"


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (Model(id=5, provider="house"), 'models["house/5"]'),  # type: ignore[arg-type]
        (Model(id="x", provider="house", limits=Limits(context_window="big")), "limits.context_window"),  # type: ignore[arg-type]
        (Model(id="x", provider="house", limits=Limits(context_window=-1)), "-1 is below 0"),
        (Model(id="x", provider="ho use"), "a provider's id has"),
        (Model(id="", provider="house"), "provider/id"),
        (Model(id="x", provider="house", family=object()), "nothing that an overlay can hold"),  # type: ignore[arg-type]
    ],
)
def test_a_record_with_the_wrong_content_is_refused(base: Catalog, model: Model, told: str) -> None:
    if told.startswith("models"):
        assert base.with_models([model]).get_model("house/5").id == "5"  # an id is text, whatever it was made from
    else:
        assert told in error_of(lambda: base.with_models([model]))


def test_what_is_no_overlay_is_a_type_error(base: Catalog) -> None:
    with pytest.raises(TypeError, match="file or a mapping"):
        base.with_overlay(5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="several models"):
        base.with_models(Model(id="x", provider="y"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="item 0"):
        base.with_models(["x"])  # type: ignore[list-item]
    assert "given twice" in error_of(lambda: base.with_models([Model(id="x", provider="y")] * 2))


# Who says so --------------------------------------------------------------------------------------------------

TOML = """\
name = "acme contract"
date = "2026-11-01"
url = "https://wiki.internal/contract"

[aliases]
prod = "cloud/acme.road-1"

[changes.road-1.limits]
context_window = 500

[[changes.road-1.prices]]
component = "input"
unit = "1M tokens"
amount = 1.50
"""


def test_an_overlay_is_a_source(base: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "contract.toml"
    path.write_text(TOML)
    mine = base.with_overlay(path)
    assert str(mine.get_model("road-1").price("input").amount) == "1.50"  # type: ignore[union-attr]
    assert str(mine.get_model("road-1").seen_on) == "2026-11-01"
    source = mine.dataset_info().sources[-1]
    assert (source.id, source.url, source.standing) == (
        "overlay:acme contract", "https://wiki.internal/contract", "overlay",
    )  # fmt: skip
    context = mine.list_observations("road-1", "limits.context_window")
    assert [(o.source, o.value, o.locator, str(o.seen_on), o.believed) for o in context] == [
        ("overlay:acme contract", 500, f"{path}:9", "2026-11-01", True),
        ("pages", 1000, "https://acme.example/road-1", "2026-06-01", False),
    ]
    assert "says otherwise" in context[1].reason
    prices = mine.list_observations("road-1", "pricing")
    assert [(o.field, o.source, o.believed) for o in prices] == [
        ("pricing.standard.input", "overlay:acme contract", True),
        ("pricing.standard.input", "pages", False),
        ("pricing.standard.output", "pages", True),
    ]
    assert prices[0].locator == f"{path}:11"
    assert dict(prices[0].value)["amount"] == "1.50"  # type: ignore[call-overload]
    (pinned,) = mine.list_observations("road-1-2026-01-01", "pricing")
    assert pinned.locator == f"{path}:11"
    assert pinned.reason == "the version that road-1 points at"
    (alias,) = mine.list_observations("prod", "aliases")
    assert (alias.value, alias.locator) == (("prod",), f"{path}:6")
    settled = {conflict.field: conflict.settled for conflict in mine.list_conflicts("road-1")}
    assert settled["limits.context_window"] == 500
    assert {conflict.model for conflict in mine.list_conflicts()} == {"acme/road-1"}
    assert mine.list_conflicts("cloud/acme.road-1") == ()


def test_what_is_taken_back_and_what_is_like_another_is_said(base: Catalog) -> None:
    mine = base.with_overlay(
        {
            "changes": {"road-1": {"limits": None}},
            "models": {"cloud/prod": {"like": "road-1", "limits": {"max_output_tokens": 1}}},
        }
    )
    assert [(o.value, o.believed) for o in mine.list_observations("road-1", "limits")] == [
        (None, True), (1000, False), (100, False),
    ]  # fmt: skip
    like = {o.field: (o.source, o.value, o.reason) for o in mine.list_observations("cloud/prod")}
    assert like["limits.context_window"] == ("pages", 1000, "like acme/road-1")
    assert like["limits.max_output_tokens"][:2] == ("overlay:overlay", 1)


# In force -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fresh_process")
def test_the_environment_names_datasets_and_overlays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_dataset(tmp_path / "data")
    (tmp_path / "a.json").write_text('{"changes": {"road-1": {"limits": {"context_window": 5}}}}')
    (tmp_path / "b.toml").write_text('aliases.prod = "road-1"')
    paths = [str(tmp_path / "a.json"), str(folder), str(tmp_path / "b.toml")]
    monkeypatch.setenv("MODELMETA_DATASET", os.pathsep.join(paths))
    assert get_model("prod").limits.context_window == 5
    assert dataset_info().version == "2099.01.01"
    active.renew_default()
    monkeypatch.setenv("MODELMETA_DATASET", os.pathsep.join([str(folder), str(folder)]))
    assert "two datasets" in error_of(dataset_info)
    monkeypatch.setenv("MODELMETA_DATASET", str(tmp_path / "none"))
    assert "no such folder" in error_of(dataset_info)
    for bundled in ("bundled", ""):
        monkeypatch.setenv("MODELMETA_DATASET", bundled)
        active.renew_default()
        assert type(active.current_catalog()) is Catalog
        assert get_model("gpt-4.1-mini").provider == "openai"
    (tmp_path / "c.json").write_text('{"aliases": {"prod": "gpt-4.1-mini"}}')
    monkeypatch.setenv("MODELMETA_DATASET", str(tmp_path / "c.json"))
    active.renew_default()
    assert get_model("prod").id == "gpt-4.1-mini"


@pytest.mark.usefixtures("fresh_process")
def test_use_catalog_takes_a_path(tmp_path: Path) -> None:
    path = tmp_path / "o.json"
    path.write_text('{"aliases": {"prod": "gpt-4.1-mini"}}')
    with use_catalog(path):
        assert get_model("prod").id == "gpt-4.1-mini"
    with pytest.raises(UnknownModelError):
        get_model("prod")
    with pytest.raises(TypeError, match="Catalog or a path"):
        use_catalog(5)  # type: ignore[arg-type]


@pytest.mark.usefixtures("fresh_process")
def test_a_scope_is_of_its_thread_and_its_task(base: Catalog) -> None:
    one = base.with_overlay({"aliases": {"prod": "road-1"}})
    two = base.with_overlay({"aliases": {"prod": "road-2"}})
    seen: dict[str, str] = {}

    def note(name: str) -> None:
        try:
            seen[name] = get_model("prod").id
        except UnknownModelError:
            seen[name] = "nothing"

    def run(*threads: threading.Thread) -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    with use_catalog(one):
        inherited = copy_context()
        run(
            threading.Thread(target=inherited.run, args=(note, "copied")),
            threading.Thread(target=copy_context().run, args=(_scoped, two, note, "own")),
        )
        note("here")
    run(threading.Thread(target=note, args=("after",)))
    assert seen == {"copied": "road-1", "own": "road-2", "here": "road-1", "after": "nothing"}

    async def ask(catalog: Catalog, name: str) -> None:
        with use_catalog(catalog):
            for _ in range(5):
                await asyncio.sleep(0)
                note(name)
            await asyncio.to_thread(note, f"{name} in a thread")

    async def both() -> None:
        await asyncio.gather(ask(one, "task one"), ask(two, "task two"))

    asyncio.run(both())
    assert {name: seen[name] for name in ("task one", "task two", "task one in a thread", "task two in a thread")} == {
        "task one": "road-1", "task two": "road-2", "task one in a thread": "road-1", "task two in a thread": "road-2",
    }  # fmt: skip


def _scoped(catalog: Catalog, call: Callable[[str], None], name: str) -> None:
    with use_catalog(catalog):
        call(name)


@pytest.mark.usefixtures("fresh_process")
def test_a_block_is_never_seen_by_another_thread_even_while_it_begins(
    base: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a call is one alone or the head of a ``with`` is open for a moment: others keep what they have."""

    def seen_elsewhere() -> object:
        found: list[object] = []
        # Without the global lock, threads inherit the context of their maker from Python 3.14 on.
        thread = threading.Thread(target=lambda: Context().run(lambda: found.append(active.current_catalog())))
        thread.start()
        thread.join()
        return found[0]

    before = seen_elsewhere()
    block = use_catalog(base)
    assert seen_elsewhere() is before
    with block:
        assert (active.current_catalog(), seen_elsewhere()) == (base, before)
    assert active.current_catalog() is before
    use_catalog(base)
    assert (seen_elsewhere(), active.current_catalog()) == (base, base)
    held = use_catalog(mine := Catalog(base.storage))
    assert seen_elsewhere() is base
    assert (active.current_catalog(), seen_elsewhere()) == (mine, mine)
    with held:
        assert (active.current_catalog(), seen_elsewhere()) == (mine, base)
    held = use_catalog(mine)
    monkeypatch.setattr(active, "_MOMENT", -1.0)
    assert seen_elsewhere() is mine
    del held


def test_the_past_of_the_dataset_stays_and_an_overlay_has_none() -> None:
    bundled = Catalog.bundled()
    mine = bundled.with_overlay({"changes": {"gpt-4.1-mini": {"prices": [INPUT]}}, "models": {"house/x": {}}})
    assert mine.list_changes("gpt-4.1-mini") == bundled.list_changes("gpt-4.1-mini")
    assert mine.price_history("gpt-4.1-mini") == bundled.price_history("gpt-4.1-mini")
    assert (mine.list_changes("house/x"), mine.price_history("house/x")) == ((), ())
