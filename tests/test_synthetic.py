"""The datasets that growth is measured on are datasets, and as large as they are said to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.synthetic import Copy, generate
from modelmeta import Catalog, use_catalog
from modelmeta.find import select

PROVIDERS = ("anthropic", "mistral", "openai")


@pytest.fixture(scope="module")
def threefold(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return Catalog.load(generate(Path(tmp_path_factory.mktemp("synthetic")), 3, PROVIDERS))


def test_it_holds_every_model_so_many_times(threefold: Catalog) -> None:
    bundled = [model for name in PROVIDERS for model in Catalog.bundled().list_models(provider=name)]
    assert len(threefold.list_models()) == 3 * len(bundled)
    assert len(threefold.list_providers()) == 3 * len(PROVIDERS)


def test_what_is_found_in_the_bundled_one_is_found_in_it_and_so_are_the_copies(threefold: Catalog) -> None:
    model = Catalog.bundled().get_model("gpt-4.1-mini")
    assert threefold.get_model("gpt-4.1-mini") == model
    for number in (1, 2):
        copy = Copy(number)
        twin = threefold.get_model(copy.name("gpt-4.1-mini"))
        assert twin.qualified_id == copy.qualified("openai/gpt-4.1-mini")
        assert twin.qualified_id[:6] != "openai"
        assert (twin.limits, twin.prices) == (model.limits, model.prices)
        assert twin in threefold.list_offers(copy.name("openai/gpt-4.1-mini"))


def test_a_choice_finds_each_copy(threefold: Catalog) -> None:
    with use_catalog(threefold):
        found = select(threefold, {"min_context": 1_000_000, "requires": ["tool_calling"]})
    walked = [
        model
        for model in threefold.list_models()
        if (model.limits.context_window or 0) >= 1_000_000 and model.supports("tool_calling")
    ]
    assert list(found) == walked
    assert len(found) % 3 == 0
    assert found
