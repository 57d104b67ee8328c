"""The facts kept by hand: every line is valid, sorted and sourced, and the reader forgives nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import build as building
from pipeline.__main__ import main
from pipeline.observations import ANY_MODEL, NEUTRAL, Observation
from pipeline.sources import curation

ROOT = Path(__file__).resolve().parents[2] / "curation"
FILES = sorted(path for path in ROOT.glob("*/*.jsonl") if path.parent.name not in curation.NOT_PROVIDERS)

GOOD: dict[str, Any] = {
    "model": "gpt-4.1-mini",
    "field": "limits.context_window",
    "value": 1047576,
    "page": "https://platform.openai.com/docs/models/gpt-4.1-mini",
    "source": "vendor-pages",
    "date": "2025-08",
}


def write(root: Path, row: object, folder: str = "openai", topic: str = "models") -> Path:
    path = root / folder / f"{topic}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(GOOD) + "\n" + json.dumps(row) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES])
class TestEveryFile:
    def test_is_valid(self, path: Path) -> None:
        assert list(curation.read_file(path))

    def test_is_sorted_and_says_nothing_twice(self, path: Path) -> None:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        keys = [(row["model"], row["field"], row["page"]) for row in rows]
        assert keys == sorted(keys)
        statements = [json.dumps({**row, "note": ""}, sort_keys=True) for row in rows]
        assert len(statements) == len(set(statements))

    def test_is_written_as_python_writes_json(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert text == "".join(json.dumps(json.loads(line), ensure_ascii=False) + "\n" for line in text.splitlines())


def dated(day: str | None) -> bool:
    """Whether a day, month or year is not after the build; ``None`` is an honest undated."""
    built_on = json.loads((ROOT / "release.json").read_text(encoding="utf-8"))["built_on"]
    return day is None or (re.fullmatch(r"\d{4}(-\d\d){0,2}", day) is not None and day <= built_on[: len(day)])


def test_every_value_has_a_page_and_a_day_or_says_that_there_is_none() -> None:
    count = undated = 0
    for observation in curation.read(ROOT):
        count += 1
        undated += observation.date is None
        assert observation.locator.startswith(("https://", "http://", "page:")), observation
        assert observation.locator.startswith("page:") <= (observation.source in curation.PAGE_SOURCES), observation
        assert dated(observation.date), observation
    assert count > 9000
    assert 0 < undated < count / 2


@pytest.mark.parametrize("path", sorted((ROOT / "parameters").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_page_of_a_parameter_rule_has_a_day_or_says_that_there_is_none(path: Path) -> None:
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    for page in file.get("pages", {}).values():
        assert page["url"].startswith("https://"), page
        assert dated(str(page["date"]) if page.get("date") else None), page


def test_the_table_of_use_has_pages_and_days() -> None:
    rows = [json.loads(line) for line in (ROOT / "usage.jsonl").read_text(encoding="utf-8").splitlines()]
    keys = [(row["base"], row["page"]) for row in rows]
    assert keys == sorted(keys)
    for row in rows:
        assert list(row) == ["base", "share", "of", "page", "date"]
        assert row["page"].startswith("https://")
        assert row["date"] is not None
        assert dated(row["date"])


def test_the_whole_folder_reads_in_the_same_order_each_time() -> None:
    first = list(curation.read(ROOT))
    assert len(first) > 9000
    assert first == list(curation.read(ROOT))
    assert all(observation.locator for observation in first)


def test_facts_without_a_provider_are_about_base_models() -> None:
    neutral = [observation for observation in curation.read(ROOT) if observation.provider == NEUTRAL]
    assert neutral
    assert all(observation.model.count("/") == 1 for observation in neutral)
    assert all(observation.model != ANY_MODEL for observation in neutral)


@pytest.mark.parametrize("source", sorted(curation.PAGE_SOURCES))
def test_the_five_pages_speak_of_one_model(source: str) -> None:
    said = [o for o in curation.read_file(ROOT / "openai" / "pages.jsonl") if o.source == source]
    assert {(o.provider, o.model) for o in said} == {("openai", "gpt-4.1-mini")}
    assert len({o.locator for o in said}) == 1


def test_a_line_becomes_an_observation(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "field": "name", "value": "GPT-4.1 mini", "note": "as printed"})
    context, name = curation.read(tmp_path)
    assert context.note == ""
    assert name == Observation(
        provider="openai",
        model="gpt-4.1-mini",
        field="name",
        value="GPT-4.1 mini",
        source="vendor-pages",
        locator="https://platform.openai.com/docs/models/gpt-4.1-mini",
        date="2025-08",
        note="as printed",
    )


def test_base_models_and_other_readers_folders(tmp_path: Path) -> None:
    row = {**GOOD, "model": "meta/llama-3.1-8b"}
    path = write(tmp_path, row, folder=curation.BASE_MODELS)
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    write(tmp_path, {"anything": True}, folder="parameters", topic="openai")
    (observation,) = curation.read(tmp_path)
    assert (observation.provider, observation.model) == (NEUTRAL, "meta/llama-3.1-8b")


PRICE = {"component": "input", "unit": "1M tokens", "amount": "0.4", "currency": "USD", "tier": "standard"}
TEXT_PRICE = {**GOOD, "field": "price"}
LIMIT = {**GOOD, "field": "rate_limits"}
RANGE = {**GOOD, "field": "parameter_range"}


@pytest.mark.parametrize(
    ("topic", "row", "complaint"),
    [
        ("models", ["no", "object"], "one JSON object"),
        ("models", {**GOOD, "notes": "x"}, "unknown key 'notes'"),
        ("models", {key: GOOD[key] for key in GOOD if key != "date"}, "the keys must be"),
        ("models", dict(reversed(GOOD.items())), "in this order"),
        ("models", {**GOOD, "note": ""}, "without spaces around"),
        ("models", {**GOOD, "model": " gpt"}, "without spaces around"),
        ("models", {**GOOD, "field": "limits.context"}, "unknown field 'limits.context'"),
        (
            "models",
            {**GOOD, "field": "capabilities.magic", "value": True},
            "unknown field 'capabilities.magic'",
        ),
        ("models", {**GOOD, "field": "description", "value": "best"}, "unknown field 'description'"),
        ("models", {**GOOD, "field": "lifecycle.released", "value": "2025"}, "belongs into lifecycle.jsonl"),
        ("models", {**GOOD, "value": 0}, "not a positive whole number"),
        ("models", {**GOOD, "value": True}, "not a positive whole number"),
        ("models", {**GOOD, "value": 1.5}, "1.5 is a float"),
        ("models", {**GOOD, "field": "capabilities.streaming", "value": "yes"}, "not true or false"),
        ("models", {**GOOD, "field": "modalities.input", "value": ["text", "image"]}, "not sorted"),
        ("models", {**GOOD, "field": "modalities.input", "value": ["smell"]}, "'smell' is not one of"),
        ("models", {**GOOD, "field": "snapshots", "value": ["a", "a"]}, "without repetitions"),
        ("models", {**GOOD, "field": "knowledge_cutoff", "value": "June 2024"}, "not a day, month or year"),
        ("models", {**GOOD, "field": "platform_ids", "value": {"Amazon": "x"}}, "not a provider id"),
        ("models", {**GOOD, "source": "hearsay"}, "'hearsay' is not one of"),
        ("models", {**GOOD, "source": "page-openai"}, "'page-openai' is not one of"),
        ("models", {**GOOD, "page": "openai.com"}, "not a URL"),
        ("models", {**GOOD, "page": "page:tracker"}, "not a URL"),
        ("models", {**GOOD, "date": "2025-8"}, "not a day, month or year"),
        ("models", {**GOOD, "date": "2025-02-30"}, "'2025-02-30' is not a date: day"),
        ("lifecycle", {**GOOD, "field": "lifecycle.stated", "value": "dead"}, "'dead' is not one of"),
        ("prices", {**TEXT_PRICE, "value": {**PRICE, "amount": "0.40"}}, "trailing zeros"),
        ("prices", {**TEXT_PRICE, "value": {**PRICE, "amount": 1}}, "amount: 1 is not a text"),
        ("prices", {**TEXT_PRICE, "value": {**PRICE, "tier": "cheap"}}, "tier: 'cheap' is not one of"),
        ("prices", {**TEXT_PRICE, "value": {**PRICE, "unit": "token"}}, "unit: 'token' is not one of"),
        ("prices", {**TEXT_PRICE, "value": {**PRICE, "discount": "1"}}, "unknown key 'discount'"),
        ("prices", {**TEXT_PRICE, "value": {**PRICE, "condition": {"moon": True}}}, "unknown key 'moon'"),
        ("rate_limits", {**LIMIT, "value": []}, "no limits"),
        ("rate_limits", {**LIMIT, "value": [{"tier": "Tier 1"}]}, "has no limit"),
        ("rate_limits", {**LIMIT, "value": [{"tier": "Tier 1", "rpm": 0}]}, "not a positive whole number"),
        ("parameters", {**RANGE, "value": {"minimum": 0}}, "'parameter' is missing"),
        ("parameters", {**RANGE, "value": {"parameter": "temperature"}}, "without a statement"),
        ("parameters", {**RANGE, "value": {"parameter": "temperature", "maximum": "2.0"}}, "trailing zeros"),
        ("measurements", {**GOOD, "field": "observed", "value": {"ttft_ms": 5}}, "'measured_by' is missing"),
    ],
)
def test_a_wrong_line_is_an_error_that_names_it(tmp_path: Path, topic: str, row: object, complaint: str) -> None:
    path = write(tmp_path, row, topic=topic)
    if topic != "models":
        path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="jsonl:") as caught:
        list(curation.read(tmp_path))
    assert complaint in str(caught.value)
    assert f"openai/{topic}.jsonl:{2 if topic == 'models' else 1}:" in str(caught.value)


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.write_text("{\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"models\.jsonl:1: "):
        list(curation.read(tmp_path))


@pytest.mark.parametrize(("folder", "topic"), [("openai", "gossip"), ("Open AI", "models")])
def test_unknown_files_are_errors(tmp_path: Path, folder: str, topic: str) -> None:
    write(tmp_path, GOOD, folder=folder, topic=topic)
    with pytest.raises(ValueError, match=r"unknown topic 'gossip'|'Open AI' is not a provider id"):
        list(curation.read(tmp_path))


def test_a_base_model_needs_its_author(tmp_path: Path) -> None:
    write(tmp_path, GOOD, folder=curation.BASE_MODELS)
    with pytest.raises(ValueError, match="a base model is author/name"):
        list(curation.read(tmp_path))


def test_partial_dates_keep_their_precision(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "field": "knowledge_cutoff", "value": "2024-06", "date": None})
    _, cutoff = curation.read(tmp_path)
    assert (cutoff.value, cutoff.date) == ("2024-06", None)


def test_a_build_says_which_line_is_wrong_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, {**GOOD, "field": "limits.context"})
    monkeypatch.setattr(building, "build", lambda _: list(curation.read(tmp_path)))
    assert main(["build", "--sources", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{path}:2: limits.context: unknown field 'limits.context'\n"
