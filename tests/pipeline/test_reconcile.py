"""Observations become facts: who is believed, and what a model takes from others."""

from __future__ import annotations

import random
from typing import Any

import pytest

from pipeline.identity import identify
from pipeline.observations import Observation
from pipeline.reconcile import ModelFacts, choose, reconcile

Models = dict[tuple[str, str], ModelFacts]


def say(
    provider: str,
    model: str,
    field: str,
    value: Any,
    source: str = "vendor-pages",
    *,
    date: str | None = "2026-11-01",
    locator: str = "page",
) -> Observation:
    return Observation(provider, model, field, value, source, locator, date)


def price(provider: str, model: str, amount: str, source: str = "vendor-pages", **more: Any) -> Observation:
    value = {"component": "input", "unit": "1M tokens", "amount": amount, "currency": "USD", "tier": "standard", **more}
    return say(provider, model, "price", value, source)


def settle(*statements: Observation) -> Models:
    return reconcile(identify(statements))


# One field -------------------------------------------------------------------------------------------------


def test_the_vendor_is_believed_over_a_newer_catalogue() -> None:
    vendor = say("acme", "one", "name", "One", date="2025-01-01")
    catalogue = say("acme", "one", "name", "Uno", "models.dev", date="2026-11-01")
    fact = choose([catalogue, vendor])["name"]
    assert (fact.value, fact.believed, fact.others) == ("One", vendor, (catalogue,))


@pytest.mark.parametrize(
    ("older", "newer"), [("2025-01-01", "2026-01-01"), ("2026-01", "2026-02"), ("2026", "2026-03-04"), (None, "2020")]
)
def test_within_a_group_the_newer_wins_and_undated_is_oldest(older: str | None, newer: str) -> None:
    statements = [
        say("acme", "one", "limits.context_window", 1, date=older, locator="old"),
        say("acme", "one", "limits.context_window", 2, date=newer, locator="new"),
    ]
    for order in (statements, statements[::-1]):
        assert choose(order)["limits.context_window"].value == 2


def test_what_nobody_states_is_no_fact() -> None:
    assert choose([say("acme", "one", "name", None)]) == {}
    assert choose([say("acme", "one", "aliases", ["uno"])]) == {}
    assert choose([say("acme", "one", "name", "x", "no-such-source")]) == {}
    assert choose([]) == {}


def test_false_and_zero_are_facts_when_stated() -> None:
    facts = choose([say("acme", "one", "capabilities.reasoning", False), say("acme", "one", "reasoning.budget_min", 0)])
    assert facts["capabilities.reasoning"].value is False
    assert facts["reasoning.budget_min"].value == 0


@pytest.mark.parametrize("seed", range(10))
def test_two_statements_that_nothing_tells_apart_are_settled_the_same_way_every_time(seed: int) -> None:
    statements = [say("acme", "one", "limits.context_window", value) for value in (1000, 2000, 3000)]
    expected = choose(statements)["limits.context_window"].value
    random.Random(seed).shuffle(statements)
    assert choose(statements)["limits.context_window"].value == expected


# What a version takes from its model -------------------------------------------------------------------------


def family() -> list[Observation]:
    return [
        say("openai", "gpt-9", "name", "GPT-9"),
        say("openai", "gpt-9", "limits.context_window", 400_000),
        say("openai", "gpt-9", "lifecycle.released", "2026-01-01"),
        say("openai", "gpt-9", "links.docs", "https://example.com"),
        price("openai", "gpt-9", "2"),
        say("openai", "gpt-9-2026-05-01", "limits.max_output_tokens", 1000),
    ]


def test_a_version_takes_what_it_does_not_state_and_it_is_marked() -> None:
    models = settle(*family())
    version = models["openai", "gpt-9-2026-05-01"]
    assert version.value("limits.context_window") == 400_000
    assert version.facts["limits.context_window"].inherited
    assert not version.facts["limits.max_output_tokens"].inherited
    assert [row["amount"] for row, _ in version.prices] == ["2"]
    assert version.prices_inherited


def test_a_version_has_its_own_dates_and_links() -> None:
    version = settle(*family())["openai", "gpt-9-2026-05-01"]
    assert version.value("lifecycle.released") is None
    assert version.value("links.docs") is None


def test_a_version_keeps_what_it_states_itself() -> None:
    models = settle(
        *family(),
        say("openai", "gpt-9-2026-05-01", "limits.context_window", 1, "portkey"),
        price("openai", "gpt-9-2026-05-01", "5"),
    )
    version = models["openai", "gpt-9-2026-05-01"]
    assert version.value("limits.context_window") == 1
    assert [row["amount"] for row, _ in version.prices] == ["5"]
    assert not version.prices_inherited


def test_a_preview_has_not_the_price_of_what_came_of_it() -> None:
    models = settle(
        price("google", "gemini-9-pro", "2"), say("google", "gemini-9-pro-preview-05-06", "name", "Preview")
    )
    assert models["google", "gemini-9-pro-preview-05-06"].prices == []


def test_a_past_price_of_the_model_is_not_the_versions() -> None:
    models = settle(*family(), price("openai", "gpt-9", "3", effective_until="2026-02-01"))
    assert [row["amount"] for row, _ in models["openai", "gpt-9-2026-05-01"].prices] == ["2"]


# What an undated id takes from the version it points at --------------------------------------------------------


def test_an_undated_id_shares_the_end_of_the_version_that_it_points_at() -> None:
    models = settle(
        say("anthropic", "claude-nine-20260401", "aliases", ["claude-nine"]),
        say("anthropic", "claude-nine-20260401", "lifecycle.stated", "deprecated"),
        say("anthropic", "claude-nine-20260401", "lifecycle.retires_on", "2027-01-01"),
        say("anthropic", "claude-nine-20260401", "lifecycle.replacement", "claude-ten"),
    )
    head = models["anthropic", "claude-nine"]
    assert head.value("lifecycle.retires_on") == "2027-01-01"
    assert head.value("lifecycle.replacement") == "claude-ten"
    assert head.value("lifecycle.stated") == "deprecated"
    assert head.facts["lifecycle.retires_on"].inherited


def versions(*ends: tuple[str, str], **head: str) -> Models:
    stated = [say("anthropic", f"claude-nine-{day}", "lifecycle.retires_on", end) for day, end in ends]
    own = [say("anthropic", "claude-nine", f"lifecycle.{name}", end, "vendor-apis") for name, end in head.items()]
    return settle(say("anthropic", "claude-nine", "limits.context_window", 1), *stated, *own)


def test_an_id_ends_with_the_last_of_its_versions() -> None:
    models = versions(("20260401", "2027-03-01"), ("20260601", "2027-01-01"))
    assert models["anthropic", "claude-nine"].value("lifecycle.retires_on") == "2027-03-01"
    assert models["anthropic", "claude-nine"].facts["lifecycle.retires_on"].inherited


@pytest.mark.parametrize("head", [{"stated": "active"}, {"first_listed": "2026-10-01"}, {"retires_on": "2028-01-01"}])
def test_an_id_of_which_something_is_said_does_not_end_with_its_versions(head: dict[str, str]) -> None:
    model = versions(("20260401", "2027-03-01"), **head)["anthropic", "claude-nine"]
    assert model.value("lifecycle.retires_on") == head.get("retires_on")


def test_an_id_does_not_end_while_a_version_stays() -> None:
    models = settle(
        say("anthropic", "claude-nine", "limits.context_window", 1),
        say("anthropic", "claude-nine-20260401", "lifecycle.retires_on", "2027-03-01"),
        say("anthropic", "claude-nine-20260601", "lifecycle.released", "2026-06-01"),
    )
    assert models["anthropic", "claude-nine"].value("lifecycle.retires_on") is None


def test_the_only_version_ends_with_its_id() -> None:
    models = versions(("20260401", "2027-03-01"), retires_on="2027-01-01")
    assert models["anthropic", "claude-nine-20260401"].value("lifecycle.retires_on") == "2027-03-01"  # said of itself
    models = settle(
        say("openai", "o9-preview", "lifecycle.retires_on", "2027-01-01"),
        say("openai", "o9-preview-2026-09-12", "limits.context_window", 1),
    )
    fact = models["openai", "o9-preview-2026-09-12"].facts["lifecycle.retires_on"]
    assert (fact.value, fact.inherited) == ("2027-01-01", True)


def test_of_several_versions_only_the_one_that_the_id_points_at_ends_with_it() -> None:
    models = settle(
        say("openai", "gpt-9", "lifecycle.retires_on", "2027-01-01"),
        say("openai", "gpt-9", "default_snapshot", "gpt-9-2026-05-01"),
        say("openai", "gpt-9-2026-05-01", "limits.context_window", 1),
        say("openai", "gpt-9-2026-08-01", "limits.context_window", 1),
    )
    ends = {version: models["openai", version].value("lifecycle.retires_on") for _, version in models}
    assert ends == {"gpt-9": "2027-01-01", "gpt-9-2026-05-01": "2027-01-01", "gpt-9-2026-08-01": None}


def test_a_model_does_not_end_with_its_previews() -> None:
    models = settle(
        say("google", "gemini-9-pro", "limits.context_window", 1),
        say("google", "gemini-9-pro-preview-05-06", "lifecycle.retires_on", "2026-09-01"),
    )
    assert models["google", "gemini-9-pro"].value("lifecycle.retires_on") is None


def test_what_the_vendor_says_of_the_version_comes_before_what_a_catalogue_says_of_the_undated_id() -> None:
    models = settle(
        say("anthropic", "claude-nine-20260401", "aliases", ["claude-nine"]),
        say("anthropic", "claude-nine-20260401", "knowledge_cutoff", "2026-01"),
        say("anthropic", "claude-nine-20260401", "limits.context_window", 200_000),
        say("anthropic", "claude-nine", "knowledge_cutoff", "2026-03-31", "models.dev"),
        say("anthropic", "claude-nine", "limits.context_window", 1_000_000, "genai-prices"),
        say("anthropic", "claude-nine", "limits.max_output_tokens", 64_000, "models.dev"),
    )
    head = models["anthropic", "claude-nine"]
    assert head.value("knowledge_cutoff") == "2026-01"
    assert head.value("limits.context_window") == 200_000
    assert head.value("limits.max_output_tokens") == 64_000
    assert [other.value for other in head.facts["limits.context_window"].others] == [1_000_000]


# What belongs to the weights -----------------------------------------------------------------------------------


def test_facts_of_the_weights_hold_at_every_host_and_are_marked() -> None:
    models = settle(
        say("anthropic", "claude-nine", "knowledge_cutoff", "2026-01"),
        say("anthropic", "claude-nine", "limits.context_window", 200_000),
        say("openrouter", "anthropic/claude-nine", "name", "Claude Nine"),
        say("", "anthropic/claude-nine", "license", "proprietary", "models.dev-base"),
    )
    offer = models["openrouter", "anthropic/claude-nine"]
    assert offer.value("knowledge_cutoff") == "2026-01"
    assert offer.facts["knowledge_cutoff"].inherited
    assert offer.value("license") == "proprietary"
    assert offer.value("author") == "anthropic"
    assert offer.value("limits.context_window") is None, "limits are the host's"


def test_the_authors_own_offer_comes_before_neutral_statements() -> None:
    models = settle(
        say("", "anthropic/claude-nine", "knowledge_cutoff", "2025-12", "models.dev-base"),
        say("anthropic", "claude-nine", "knowledge_cutoff", "2026-01"),
        say("openrouter", "anthropic/claude-nine", "name", "x"),
    )
    assert models["openrouter", "anthropic/claude-nine"].value("knowledge_cutoff") == "2026-01"


def test_the_author_is_told_by_the_base_or_the_name() -> None:
    models = settle(
        say("host", "claude-nine", "name", "x"),
        say("host", "mystery", "name", "x"),
        say("host", "own", "author", "acme"),
    )
    assert models["host", "claude-nine"].value("author") == "anthropic"
    assert models["host", "claude-nine"].facts["author"].believed.source == "spelling"
    assert models["host", "mystery"].value("author") is None
    assert models["host", "own"].value("author") == "acme"


# Order -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_statements_does_not_matter(seed: int) -> None:
    statements = [
        *family(),
        say("azure", "gpt-9", "knowledge_cutoff", "2025-01", "models.dev"),
        say("openrouter", "openai/gpt-9", "name", "x"),
        say("", "openai/gpt-9", "family", "gpt", "models.dev-base"),
        say("openai", "gpt-9", "name", "GPT Nine", "models.dev"),
        say("openai", "gpt-9", "limits.context_window", 1, locator="another"),
        say("openai", "gpt-9", "default_snapshot", "gpt-9-2026-05-01"),
    ]

    def shape(models: Models) -> object:
        return {
            key: ({name: (fact.value, fact.inherited) for name, fact in model.facts.items()}, model.prices)
            for key, model in models.items()
        }

    expected = shape(settle(*statements))
    random.Random(seed).shuffle(statements)
    assert shape(settle(*statements)) == expected
