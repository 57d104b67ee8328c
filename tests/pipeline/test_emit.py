"""Facts become files: the same bytes for the same statements, and what is in them is what was said."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelmeta import Catalog
from modelmeta._record import to_json
from modelmeta.storage import MANIFEST, checksum
from modelmeta.validation import validate_dataset
from pipeline import emit
from pipeline.emit import manifest_file, sorted_file
from pipeline.history import stated_changes
from pipeline.identity import identify
from pipeline.observations import Observation
from pipeline.provenance import provenance
from pipeline.reconcile import reconcile

Files = dict[str, bytes]


def say(
    provider: str, model: str, field: str, value: Any, source: str = "vendor-pages", *, locator: str = "page"
) -> Observation:
    return Observation(provider, model, field, value, source, locator, "2026-11-01")


def price(
    provider: str, model: str, component: str, amount: str, source: str = "vendor-pages", **more: Any
) -> Observation:
    value = {
        "component": component,
        "unit": "1M tokens",
        "amount": amount,
        "currency": "USD",
        "tier": "standard",
        **more,
    }
    return say(provider, model, "price", value, source)


STATEMENTS = [
    say("openai", "gpt-9", "name", "GPT-9 “nine”"),
    say("openai", "gpt-9", "name", "Nine", "models.dev"),
    say("openai", "gpt-9", "limits.context_window", 400_000),
    say("openai", "gpt-9", "limits.context_window", 300_000, locator="another"),
    say("openai", "gpt-9", "modalities.input", ["image", "text"]),
    say("openai", "gpt-9", "modalities.output", ["text"]),
    say("openai", "gpt-9", "capabilities.reasoning", False),
    say("openai", "gpt-9", "capabilities.tool_calling", True),
    say("openai", "gpt-9", "endpoints.responses", True),
    say("openai", "gpt-9", "endpoints.chat_completions", False),
    say("openai", "gpt-9", "endpoint_paths.responses", "v1/responses"),
    say("openai", "gpt-9", "tools.web_search", True),
    say("openai", "gpt-9", "tools.computer_use", "computer_20260101"),
    say("openai", "gpt-9", "links.docs", "https://example.com/docs"),
    say("openai", "gpt-9", "rate_limits", [{"tier": "Tier 1", "rpm": 500}]),
    say("openai", "gpt-9", "observed", {"ttft_ms": 300, "measured_on": "2026-10-01"}, "measurements"),
    say("openai", "gpt-9", "observed", {"ttft_ms": 400, "measured_on": "2026-11-01"}, "measurements"),
    say("openai", "gpt-9", "aliases", ["gpt-9-latest"]),
    say("openai", "gpt-9", "default_snapshot", "gpt-9-2026-05-01"),
    say("openai", "gpt-9", "lifecycle.retires_on", "2027-05"),
    say("openai", "gpt-9-2026-05-01", "lifecycle.released", "2026-05-01"),
    price("openai", "gpt-9", "input", "2"),
    price("openai", "gpt-9", "output", "8"),
    price("openai", "gpt-9", "input", "4", condition={"above_input_tokens": 200_000}),
    price("openai", "gpt-9", "input", "3", "models.dev"),
    price("openai", "gpt-9", "input", "1", tier="batch"),
    say("azure", "gpt-9", "name", "GPT-9", "models.dev"),
    say("openrouter", "openai/gpt-9", "name", "GPT-9", "openrouter-api"),
    say("anthropic", "claude-nine-20260401", "aliases", ["claude-nine", "claude-nine-latest"]),
    say("anthropic", "claude-nine-20260401", "platform_ids", {"amazon-bedrock:us": "us.anthropic.claude-nine-v1:0"}),
    say("", "openai/gpt-9", "license", "proprietary", "models.dev-base"),
    say("openai", "*", "provider.name", "OpenAI", "models.dev"),
    say("odd", 'say-"hi"', "name", "snow ☃"),
    say("odd", "back\\slash", "name", "tab\there"),
]  # fmt: skip


def build(statements: list[Observation]) -> Files:
    found = identify(statements)
    models = reconcile(found)
    files = emit.data_files(models, {"openai": {"name": "OpenAI"}}, provenance(models, found), stated_changes(models))
    sources: list[Any] = [{"id": "vendor-pages", "name": "pages", "licence": "facts"}]
    totals = emit.counts(models, files)
    return {
        **files,
        MANIFEST: manifest_file(files, version="1", built_on="2026-11-01", sources=sources, totals=totals),
    }


@pytest.fixture(scope="module")
def files() -> Files:
    return build(STATEMENTS)


# The same bytes ----------------------------------------------------------------------------------------


def test_building_twice_gives_the_same_bytes(files: Files) -> None:
    assert build(STATEMENTS) == files


@pytest.mark.parametrize("seed", range(25))
def test_the_order_of_statements_does_not_matter(seed: int, files: Files) -> None:
    statements = STATEMENTS[:]
    random.Random(seed).shuffle(statements)
    again = build(statements)
    assert set(again) == set(files)
    assert [name for name in files if again[name] != files[name]] == []


def test_statements_said_twice_change_nothing(files: Files) -> None:
    again = build([*STATEMENTS, *STATEMENTS[:10]])
    assert again["models/openai.json"] == files["models/openai.json"]
    assert again["index.json"] == files["index.json"]


def test_one_more_model_changes_only_its_own_entry(files: Files) -> None:
    """A diff shows what changed and nothing else."""
    again = build([*STATEMENTS, say("openai", "o9", "name", "o9")])
    before = files["models/openai.json"].splitlines()
    after = again["models/openai.json"].splitlines()
    assert [line for line in before if line not in after] in ([], [b"}", b"}}"], [b"}"])
    assert again["models/azure.json"] == files["models/azure.json"]


# What is in them -----------------------------------------------------------------------------------------


def test_every_file_is_ascii_json_that_ends_in_a_line_break(files: Files) -> None:
    for name, data in files.items():
        assert data.isascii(), name
        assert data.endswith(b"\n"), name
        assert json.loads(data)["schema_version"] == 1, name
        assert b"\r" not in data


def test_entries_are_in_order_and_each_key_starts_a_line(files: Files) -> None:
    for name, data in files.items():
        keys = [line.partition(b'":')[0] for line in data.split(b"\n") if line.startswith(b'"')]
        assert keys == sorted(keys), name
        assert len(keys) == len(set(keys)), name


def test_every_entry_ends_in_its_checksum(files: Files) -> None:
    for name, data in files.items():
        if name == MANIFEST:
            continue
        body = data[data.index(b"{\n") + 2 : data.rindex(b"\n}}")]
        entries = (
            [entry if number == 0 else b'"' + entry for number, entry in enumerate(body.split(b',\n"'))] if body else []
        )
        for entry in entries:
            text, found, closing = entry.rsplit(b'"', 2)
            assert (found.decode(), closing.strip()) in {(checksum(name, text), b"]"), (checksum(name, text), b"}")}


def test_the_manifest_counts_and_digests_what_there_is(files: Files) -> None:
    manifest = json.loads(files[MANIFEST])
    assert set(manifest["files"]) == set(files) - {MANIFEST}
    for name, entry in manifest["files"].items():
        assert entry == {"bytes": len(files[name]), "sha256": sha256(files[name]).hexdigest()}
    counts = manifest["counts"]
    models = [key for name in files if name.startswith("models/") for key in json.loads(files[name])["models"]]
    assert counts["models"] == len(models)
    assert counts["providers"] == sum(name.startswith("models/") for name in files)
    assert counts["references"] == len(json.loads(files["index.json"])["refs"])
    assert counts["authors"] == len(json.loads(files["authors.json"])["authors"])
    assert counts["snapshots"] == 2


def test_what_was_said_can_be_read(files: Files, in_memory: Callable[[Files], Catalog]) -> None:
    model = in_memory(files).get_model("gpt-9")
    assert model.name == "GPT-9 “nine”"
    assert model.limits.context_window in {300_000, 400_000}
    assert model.modalities.input == ("text", "image")
    assert model.capabilities.reasoning is False
    assert model.capabilities.streaming is None
    assert [(endpoint.name, endpoint.path, endpoint.supported) for endpoint in model.endpoints] == [
        ("chat_completions", None, False),
        ("responses", "v1/responses", True),
    ]
    assert [(tool.name, tool.supported, tool.version) for tool in model.tools] == [
        ("web_search", True, None),
        ("computer_use", True, "computer_20260101"),
    ]
    assert [str(measurement.measured_on) for measurement in model.observed] == ["2026-11-01", "2026-10-01"]
    assert [(rate.tier, rate.component, str(rate.amount)) for rate in model.prices] == [
        ("standard", "input", "2"),
        ("standard", "input", "4"),
        ("standard", "output", "8"),
        ("batch", "input", "1"),
    ]
    assert {rate.source for rate in model.prices} == {"vendor-pages"}
    assert model.aliases == ("gpt-9-latest",)
    assert model.default_snapshot == "gpt-9-2026-05-01"
    assert [(snapshot.id, str(snapshot.released)) for snapshot in model.snapshots] == [
        ("gpt-9-2026-05-01", "2026-05-01")
    ]
    assert str(model.seen_on) == "2026-11-01"
    assert model.license == "proprietary"
    assert "license" in model.inherited


def test_nothing_is_said_that_nobody_said(files: Files) -> None:
    """No default fills a hole: what is absent from the statements is absent from the file."""
    stated = json.loads(files["models/azure.json"])["models"]["gpt-9"]
    assert set(stated) <= {"name", "author", "base", "license", "inherited", "seen_on", "checksum"}
    text = files["models/openai.json"]
    assert b"null" not in text
    assert b"[]" not in text
    assert b"{}" not in text


def test_odd_ids_and_names_come_back(files: Files, in_memory: Callable[[Files], Catalog]) -> None:
    catalog = in_memory(files)
    assert catalog.get_model('say-"hi"').name == "snow ☃"
    assert catalog.get_model("back\\slash").name == "tab\there"


def test_the_library_takes_the_dataset(files: Files, tmp_path: Path) -> None:
    emit.write(files, tmp_path)
    catalog = Catalog.load(tmp_path)
    validate_dataset(catalog.storage)
    assert {model.qualified_id for model in catalog.list_models()} >= {"openai/gpt-9", "odd/back\\slash"}
    assert [to_json(model) for model in catalog.list_models()] == [
        to_json(catalog.get_model(model.qualified_id)) for model in catalog.list_models()
    ]


# Writing -----------------------------------------------------------------------------------------------


def test_write_leaves_alone_what_has_not_changed_and_removes_what_is_no_longer_made(
    files: Files, tmp_path: Path
) -> None:
    emit.write(files, tmp_path)
    untouched = tmp_path / "models" / "azure.json"
    before = untouched.stat().st_mtime_ns
    (tmp_path / "models" / "gone.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("kept")
    smaller = {name: data for name, data in files.items() if name != "models/odd.json"}
    emit.write(smaller, tmp_path)
    assert untouched.stat().st_mtime_ns == before
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert names == set(smaller) | {"notes.txt"}


# Small parts -------------------------------------------------------------------------------------------


@given(
    st.text(max_size=10),
    st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.text() | st.lists(st.text()) | st.booleans()),
)
def test_an_object_is_json_with_its_checksum_last(key: str, value: dict[str, Any]) -> None:
    parsed = json.loads(sorted_file("things.json", "things", {key: value}))["things"][key]
    assert list(parsed) == [*value, "checksum"]
    assert {name: parsed[name] for name in value} == value


@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=8)), max_size=12))
def test_a_sorted_file_is_json_whatever_the_keys(entries: dict[str, list[str]]) -> None:
    parsed = json.loads(sorted_file("things.json", "things", entries))["things"]
    assert {key: value[:-1] for key, value in parsed.items()} == entries
