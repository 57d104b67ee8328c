"""Which records are the same model: links that are stated, and links that only spelling tells."""

from __future__ import annotations

import random
from typing import Any

import pytest

from pipeline.identity import Identities, Link, Subject, identify
from pipeline.observations import Observation


def say(
    provider: str,
    model: str,
    field: str = "name",
    value: Any = "x",
    source: str = "vendor-pages",
    *,
    date: str | None = "2026-11-01",
) -> Observation:
    return Observation(provider, model, field, value, source, "page", date)


def subject(found: Identities, qualified: str) -> Subject:
    provider, _, model = qualified.partition("/")
    return found.subjects[provider, model.lower()]


def ids(found: Identities) -> set[str]:
    return {f"{subject.provider}/{subject.id}" for subject in found.subjects.values()}


def test_each_provider_has_its_own() -> None:
    found = identify([say("openai", "gpt-9"), say("azure", "gpt-9"), say("openai", "gpt-9-mini")])
    assert ids(found) == {"openai/gpt-9", "azure/gpt-9", "openai/gpt-9-mini"}
    assert [s.value for s in subject(found, "azure/gpt-9").observations] == ["x"]


def test_spellings_that_differ_in_case_are_one_and_the_vendors_is_kept() -> None:
    found = identify(
        [
            say("minimax", "minimax-m9", value="a", source="genai-prices"),
            say("minimax", "MiniMax-M9", value="b", source="vendor-apis"),
            say("minimax", "MINIMAX-M9", value="c", source="models.dev"),
        ]
    )
    assert ids(found) == {"minimax/MiniMax-M9"}
    assert {s.value for s in subject(found, "minimax/MiniMax-M9").observations} == {"a", "b", "c"}


def test_neutral_and_provider_wide_statements_are_no_models() -> None:
    found = identify(
        [
            say("", "openai/gpt-9"),
            say("openai", "*", "provider.name", "OpenAI"),
            say("openai", "7b"),
            say("openai", "x"),
        ]
    )
    assert ids(found) == {"openai/x"}
    assert list(found.neutral) == ["openai/gpt-9"]
    assert list(found.wildcards) == ["openai"]


def test_what_only_links_to_a_base_is_no_evidence_of_a_model() -> None:
    assert ids(identify([say("openai", "ghost", "base", "openai/ghost")])) == set()


# Aliases -----------------------------------------------------------------------------------------------


def test_a_stated_alias_is_another_name_and_what_was_said_of_it_is_said_of_the_model() -> None:
    found = identify(
        [
            say("mistral", "mistral-large-2512", "aliases", ["mistral-large-latest"]),
            say("mistral", "mistral-large-latest", "limits.context_window", 256_000, "models.dev"),
        ]
    )
    assert ids(found) == {"mistral/mistral-large-2512"}
    model = subject(found, "mistral/mistral-large-2512")
    assert model.aliases == {"mistral-large-latest"}
    (merged,) = [s for s in model.observations if s.field == "limits.context_window"]
    assert "mistral-large-latest" in merged.note
    assert Link("mistral", "mistral-large-latest", "alias of", "mistral-large-2512", "vendor-pages") in found.links


def test_an_alias_that_moved_points_where_the_newest_page_says() -> None:
    statements = [
        say("mistral", "mistral-large-2411", "aliases", ["mistral-large-latest"], date="2025-01-01"),
        say("mistral", "mistral-large-2512", "aliases", ["mistral-large-latest"], date="2026-01-01"),
    ]
    for order in (statements, statements[::-1]):
        found = identify(order)
        assert subject(found, "mistral/mistral-large-2512").aliases == {"mistral-large-latest"}
        assert subject(found, "mistral/mistral-large-2411").aliases == set()


def test_dates_and_prices_of_an_alias_are_not_the_models() -> None:
    """An alias is released and priced on other days than the version that it points at now."""
    found = identify(
        [
            say("mistral", "mistral-large-2512", "aliases", ["mistral-large-latest"]),
            say("mistral", "mistral-large-latest", "lifecycle.released", "2024-01-01"),
            say("mistral", "mistral-large-latest", "price", {"component": "input"}),
        ]
    )
    assert {s.field for s in subject(found, "mistral/mistral-large-2512").observations} == {"aliases"}


def test_a_source_that_is_not_believed_about_aliases_makes_none() -> None:
    found = identify([say("openai", "gpt-9", "aliases", ["gpt-9-latest"], "portkey"), say("openai", "gpt-9")])
    assert subject(found, "openai/gpt-9").aliases == set()


# Snapshots ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("undated", "pinned"),
    [
        ("gpt-9", "gpt-9-2026-05-01"),
        ("claude-nine", "claude-nine-20260501"),
        ("claude-nine", "claude-nine@20260501"),
        ("gpt-9", "gpt-9-0613"),
        ("mistral-big", "mistral-big-2611"),
        ("gemini-9-pro", "gemini-9-pro-002"),
        ("gemini-9-pro", "gemini-9-pro-preview-05-06"),
        ("command-z", "command-z-08-2026"),
    ],
)
def test_a_date_makes_a_snapshot_where_the_undated_id_exists(undated: str, pinned: str) -> None:
    found = identify([say("acme", undated), say("acme", pinned)])
    assert subject(found, f"acme/{pinned}").snapshot_of == undated
    assert subject(found, f"acme/{undated}").snapshots == {pinned}
    (link,) = [link for link in found.links if link.relation == "snapshot of"]
    assert (link.id, link.target) == (pinned, undated)
    assert link.how.startswith("date suffix")
    alone = identify([say("acme", pinned), say("other", undated)])
    assert subject(alone, f"acme/{pinned}").snapshot_of is None


def test_stated_snapshots_come_before_spelling_and_may_be_new() -> None:
    found = identify(
        [
            say("openai", "gpt-9", "snapshots", ["gpt-9-2026-05-01"]),
            say("openai", "gpt-9", "default_snapshot", "gpt-9-2026-05-01"),
        ]
    )
    assert ids(found) == {"openai/gpt-9", "openai/gpt-9-2026-05-01"}
    assert subject(found, "openai/gpt-9").default_snapshot == "gpt-9-2026-05-01"
    assert Link("openai", "gpt-9-2026-05-01", "snapshot of", "gpt-9", "vendor-pages") in found.links


def test_the_newest_page_says_where_an_undated_id_points() -> None:
    found = identify(
        [
            say("openai", "gpt-9", "default_snapshot", "gpt-9-2026-05-01", date="2026-05-02"),
            say("openai", "gpt-9", "default_snapshot", "gpt-9-2026-08-01", date="2026-08-02"),
        ]
    )
    assert subject(found, "openai/gpt-9").default_snapshot == "gpt-9-2026-08-01"


def test_an_alias_without_the_date_is_the_model_and_the_dated_id_its_version() -> None:
    found = identify([say("anthropic", "claude-nine-20260401", "aliases", ["claude-nine"])])
    head = subject(found, "anthropic/claude-nine")
    assert (head.snapshots, head.default_snapshot) == ({"claude-nine-20260401"}, "claude-nine-20260401")
    assert subject(found, "anthropic/claude-nine-20260401").snapshot_of == "claude-nine"
    assert subject(found, "anthropic/claude-nine-20260401").aliases == set()


def test_no_version_of_a_version() -> None:
    found = identify(
        [
            say("openai", "gpt-9"),
            say("openai", "gpt-9-2026-05-01", "snapshots", ["gpt-9-2026-05-01-1106"]),
            say("openai", "gpt-9-2026-05-01-1106"),
        ]
    )
    for item in found.subjects.values():
        if item.snapshot_of is not None:
            assert subject(found, f"openai/{item.snapshot_of}").snapshot_of is None


def test_a_model_is_no_version_of_itself() -> None:
    found = identify(
        [say("openai", "gpt-9", "snapshots", ["GPT-9"]), say("openai", "gpt-9", "default_snapshot", "gpt-9")]
    )
    assert ids(found) == {"openai/gpt-9"}
    assert subject(found, "openai/gpt-9").snapshot_of is None
    assert subject(found, "openai/gpt-9").default_snapshot is None


# Platforms and base models --------------------------------------------------------------------------------


def test_a_platform_id_is_an_offer_there_of_the_same_base() -> None:
    found = identify(
        [say("anthropic", "claude-nine", "platform_ids", {"amazon-bedrock:us": "us.anthropic.claude-nine-v1:0"})]
    )
    offer = subject(found, "amazon-bedrock/us.anthropic.claude-nine-v1:0")
    assert offer.base == subject(found, "anthropic/claude-nine").base == "anthropic/claude-nine"
    (link,) = [link for link in found.links if link.relation == "offer of"]
    assert (link.provider, link.target) == ("amazon-bedrock", "anthropic/claude-nine")


def test_a_stated_base_comes_before_spelling() -> None:
    found = identify(
        [
            say("host", "claude-nine", "base", "anthropic/claude-nine-fast", "models.dev-base"),
            say("host", "claude-nine"),
            say("other", "claude-nine"),
        ]
    )
    assert subject(found, "host/claude-nine").base == "anthropic/claude-nine-fast"
    assert subject(found, "other/claude-nine").base == "anthropic/claude-nine"


def test_spellings_meet_at_one_base() -> None:
    found = identify(
        [
            say("anthropic", "claude-nine-4-5"),
            say("openrouter", "anthropic/claude-nine-4.5"),
            say("amazon-bedrock", "anthropic.claude-nine-4-5-20260401-v1:0"),
            say("google-vertex", "claude-nine-4-5@20260401"),
        ]
    )
    assert {item.base for item in found.subjects.values()} == {"anthropic/claude-nine-4-5"}
    assert all(link.how for link in found.links)


def test_a_version_has_the_base_of_its_model() -> None:
    found = identify(
        [
            say("openai", "gpt-9"),
            say("openai", "gpt-9-0613"),
            say("openai", "gpt-9", "base", "openai/gpt-nine", "models.dev-base"),
        ]
    )
    assert subject(found, "openai/gpt-9-0613").base == "openai/gpt-nine"


def test_an_earlier_version_is_no_offer_of_a_base_that_is_named_after_a_later_one() -> None:
    found = identify(
        [
            say("", "anthropic/claude-3-5-sonnet-20241022"),
            say("amazon-bedrock", "anthropic.claude-3-5-sonnet-20241022-v2:0"),
            say("amazon-bedrock", "anthropic.claude-3-5-sonnet-20240620-v1:0"),
            say("anthropic", "claude-3-5-sonnet-20240620"),
        ]
    )
    assert {item.id: item.base for item in found.subjects.values()} == {
        "anthropic.claude-3-5-sonnet-20241022-v2:0": "anthropic/claude-3-5-sonnet-20241022",
        "anthropic.claude-3-5-sonnet-20240620-v1:0": "anthropic/claude-3-5-sonnet-20240620",
        "claude-3-5-sonnet-20240620": "anthropic/claude-3-5-sonnet-20240620",
    }


def test_an_id_that_tells_nothing_has_no_base() -> None:
    assert subject(identify([say("host", "mystery-model")]), "host/mystery-model").base is None


# Order -----------------------------------------------------------------------------------------------------


def test_the_order_of_statements_does_not_matter() -> None:
    statements = [
        say("openai", "gpt-9"), say("openai", "gpt-9-2026-05-01"), say("openai", "gpt-9", "aliases", ["gpt-9-latest"]),
        say("openai", "GPT-9", source="models.dev"), say("azure", "gpt-9"), say("openrouter", "openai/gpt-9"),
        say("anthropic", "claude-nine-20260401", "aliases", ["claude-nine"]),
        say("anthropic", "claude-nine-20260401", "platform_ids", {"amazon-bedrock": "anthropic.claude-nine-v1:0"}),
        say("mistral", "mistral-large-2411", "aliases", ["mistral-large-latest"], date=None),
        say("mistral", "mistral-large-2512", "aliases", ["mistral-large-latest"], date=None),
        say("mistral", "mistral-large-latest"), say("", "openai/gpt-9"),
    ]  # fmt: skip

    def shape(found: Identities) -> object:
        return [
            (s.provider, s.id, sorted(s.aliases), sorted(s.snapshots), s.snapshot_of, s.default_snapshot, s.base)
            for s in sorted(found.subjects.values(), key=lambda s: (s.provider, s.id))
        ], found.links

    expected = shape(identify(statements))
    for seed in range(30):
        shuffled = statements[:]
        random.Random(seed).shuffle(shuffled)
        assert shape(identify(shuffled)) == expected


def test_the_links_are_in_order() -> None:
    found = identify([say("b", "gpt-9"), say("a", "gpt-9"), say("a", "gpt-9-0613")])
    keys = [(link.provider, link.id, link.relation, link.target) for link in found.links]
    assert keys == sorted(keys)
