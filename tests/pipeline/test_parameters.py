"""Parameter rules: read from facts and from hand-kept files, written one file a provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modelmeta._parameter_names import ENDPOINTS
from modelmeta._parameter_rules import RuleBook, compile_plan
from modelmeta.active import get_model
from modelmeta.storage import Folder, open_storage
from pipeline.emit import rule_files
from pipeline.parameters import RuleFiles, build
from pipeline.parameters.curated import CurationError
from pipeline.parameters.rules import FACETS
from tests.small_dataset import write_dataset

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "modelmeta" / "data" / "parameters"

SURFACES = """
dialects:
  chat: {inside: [extra_body], content: [messages]}
  camel: {inside: [config], snake: config, content: []}
providers:
  openai: {chat_completions: chat}
  google: {generate_content: camel}
  cerebras: {chat_completions: chat}
  generic: {chat_completions: chat}
same_as: {azure: openai}
"""

CURATED = """
pages:
  page: {url: "https://example.com/a", kind: official_docs, date: 2026-01-02}
defaults: {hosts: [openai], endpoints: [chat_completions], from: [page]}
rules:
- {path: temperature, type: number, min: 0, max: 2}
- {models: [o3*], path: temperature, support: unsupported}
- {hosts: [google], endpoints: [generate_content], path: config.topP, type: number}
"""


CATALOGUE = """
model: gpt-oss-120b
params:
- {path: temperature, type: number, range: {min: 0, max: 1.5}, default: 1}
- {path: reasoning_effort, type: enum, values: [low, high]}
"""

OPENAPI = {
    "components": {
        "schemas": {
            "CreateChatCompletionRequest": {
                "allOf": [{"$ref": "#/components/schemas/Shared"}],
                "properties": {"seed": {"type": "integer", "minimum": 1, "deprecated": True}},
            },
            "Shared": {"properties": {"top_p": {"type": "number"}, "n": {"type": "integer", "maximum": 8}}},
        }
    }
}


def fact(**more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(
        "minimum maximum exclusive_minimum exclusive_maximum default enum min_items max_items max_length "
        "condition replaced_by notes".split()
    )
    return {
        "id": "x",
        "provider": "openai",
        "endpoint": "chat.completions",
        "parameter": "top_p",
        "type": "number",
        "required": False,
        "models": ["*"],
        "models_exclude": [],
        "support": "supported",
        "requires": [],
        "conflicts": [],
        "enforcement": "unspecified",
        "unknown": [],
        "source_url": "https://example.com/spec",
        "source_kind": "official_spec",
        "source_date": "2026-03-04",
        **empty,
        **more,
    }


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    (folder / "parameters").mkdir(parents=True)
    catalogue = folder / "modelparams" / "models" / "cerebras"
    catalogue.mkdir(parents=True)
    (catalogue / "gpt-oss.yaml").write_text(CATALOGUE, encoding="utf-8")
    (folder / "openai-openapi").mkdir()
    (folder / "openai-openapi" / "openapi.json").write_text(json.dumps(OPENAPI), encoding="utf-8")
    facts = [fact(minimum=0, maximum=1), fact(parameter="tools[].name"), fact(parameter="n", condition="in prose")]
    text = "\n".join(json.dumps(row) for row in facts)
    (folder / "parameters" / "parameters.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def curation(tmp_path: Path) -> Path:
    folder = tmp_path / "curation"
    (folder / "parameters").mkdir(parents=True)
    (folder / "parameters" / "surfaces.yaml").write_text(SURFACES, encoding="utf-8")
    (folder / "parameters" / "rules.yaml").write_text(CURATED, encoding="utf-8")
    return folder


def rules(files: RuleFiles, provider: str, endpoint: str = "chat_completions") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = files.providers[provider][endpoint]["rules"]
    return found


def test_facts_and_curated_rules_make_one_file(sources: Path, curation: Path) -> None:
    files = build(sources, curation)
    assert sorted(files.providers) == ["cerebras", "generic", "google", "openai"]
    found = {(rule["path"], tuple(rule.get("models", ()))): rule for rule in rules(files, "openai")}
    assert found["temperature", ()]["max"] == 2
    assert found["temperature", ("o3*",)]["support"] == "unsupported"
    assert (found["top_p", ()]["min"], found["top_p", ()]["max"]) == (0, 1)
    assert found["temperature", ()]["tier"] > found["top_p", ()]["tier"]
    assert not [path for path, _ in found if "[" in path]
    assert found["n", ()]["max"] == 8  # of the specification: the fact has a condition in prose
    assert found["seed", ()]["support"] == "deprecated"
    pages = files.providers["openai"]["chat_completions"]["sources"]
    assert {"url": "https://example.com/spec", "date": "2026-03-04", "kind": "official_spec"} in pages
    assert all(pages[number]["url"] for rule in rules(files, "openai") for number in rule["src"])


def test_the_catalogue_only_advises(sources: Path, curation: Path) -> None:
    found = {rule["path"]: rule for rule in rules(build(sources, curation), "cerebras")}
    assert found["temperature"]["models"] == ["gpt-oss-120b", "*/gpt-oss-120b"]
    assert (found["temperature"]["max"], found["temperature"]["default"]) == (1.5, 1)
    assert found["reasoning_effort"]["choices"] == ["low", "high"]
    assert {rule["level"] for rule in found.values()} == {"warning"}


def test_vendor_pages_give_efforts_and_ranges(sources: Path, curation: Path) -> None:
    row = {"model": "gpt-9", "page": "https://example.com/gpt-9", "source": "vendor-pages", "date": "2026-05-06"}
    rows = [
        {**row, "field": "reasoning.efforts", "value": ["low", "high"]},
        {**row, "field": "reasoning.efforts", "value": ["x"], "note": "partial list"},
        {**row, "field": "reasoning.default_effort", "value": "low"},
        {**row, "field": "parameter_range", "value": {"parameter": "temperature", "minimum": 0, "maximum": 1}},
    ]
    (curation / "openai").mkdir()
    text = "\n".join(json.dumps(one) for one in rows)
    (curation / "openai" / "models.jsonl").write_text(text, encoding="utf-8")
    (curation / "parameters" / "surfaces.yaml").write_text(
        SURFACES.replace("openai: {chat_completions: chat}", "openai: {chat_completions: chat, responses: chat}"),
        encoding="utf-8",
    )
    files = build(sources, curation)
    found = [rule for rule in rules(files, "openai") if rule.get("models") == ["gpt-9"]]
    assert {(rule["path"], str(rule.get("choices")), rule.get("default"), rule.get("max")) for rule in found} == {
        ("reasoning_effort", "['low', 'high']", None, None),
        ("reasoning_effort", "None", "low", None),
        ("temperature", "None", None, 1),
    }
    assert [rule["path"] for rule in rules(files, "openai", "responses")] == ["reasoning.effort"] * 2


def test_the_index_knows_who_repeats_whose_api(sources: Path, curation: Path) -> None:
    index = build(sources, curation).index
    assert index["providers"] == {"azure": "openai", "cerebras": "cerebras", "google": "google", "openai": "openai"}
    assert index["endpoints"]["google"] == ["generate_content"]


def test_snake_case_names_follow_from_camel_case(sources: Path, curation: Path) -> None:
    endpoint = build(sources, curation).providers["google"]["generate_content"]
    assert endpoint["names"]["top_p"] == "config.topP"
    assert endpoint["names"]["topP"] == "config.topP"


def test_equal_input_gives_equal_files(sources: Path, curation: Path) -> None:
    assert rule_files(build(sources, curation)) == rule_files(build(sources, curation))


def test_a_fraction_of_a_vendor_page_is_a_number_in_the_rule(sources: Path, curation: Path) -> None:
    bounds = {"parameter": "guidance", "minimum": "1.5", "maximum": 10, "default": "4.5"}
    row = {"model": "gpt-9", "field": "parameter_range", "value": bounds, "page": "p", "source": "vendor-pages"}
    (curation / "openai").mkdir()
    (curation / "openai" / "parameters.jsonl").write_text(json.dumps({**row, "date": "2026-01"}), encoding="utf-8")
    (rule,) = [rule for rule in rules(build(sources, curation), "openai") if rule["path"] == "guidance"]
    assert (rule["min"], rule["max"], rule["default"]) == (1.5, 10, 4.5)


def test_rules_that_say_the_same_share_their_pages(sources: Path, curation: Path) -> None:
    facts = [fact(maximum=1), fact(maximum=1, source_url="https://example.com/other")]
    text = "\n".join(json.dumps(row) for row in facts)
    (sources / "parameters" / "parameters.jsonl").write_text(text, encoding="utf-8")
    (rule,) = [rule for rule in rules(build(sources, curation), "openai") if rule["path"] == "top_p"]
    assert len(rule["src"]) == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("max: 2", "maximum: 2", "unknown maximum"),
        ("from: [page]", "from: [pages]", "no page"),
        ("from: [page]", "from: []", "names no page"),
        ("kind: official_docs", "kind: hearsay", "needs a url and a kind"),
        ("https://example.com/a", "http://example.com/a", "needs a url and a kind"),
        ("hosts: [openai]", "hosts: [nobody]", "no endpoints for nobody"),
    ],
)
def test_a_curated_rule_that_cannot_be_read_is_named(
    sources: Path, curation: Path, old: str, new: str, message: str
) -> None:
    path = curation / "parameters" / "rules.yaml"
    path.write_text(CURATED.replace(old, new), encoding="utf-8")
    with pytest.raises(CurationError, match=message):
        build(sources, curation)


# The rules that are shipped --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> dict[str, dict[str, Any]]:
    """The endpoints of each file of rules."""
    files = {path.stem: json.loads(path.read_text(encoding="ascii")) for path in DATA.glob("*.json")}
    return {name: file["endpoints"] for name, file in files.items() if name != "index"}


def test_every_rule_has_its_sources_and_says_something(shipped: dict[str, dict[str, Any]]) -> None:
    known = {"path", "models", "except", "among", "when", "tier", "src", *FACETS}
    for name, file in shipped.items():
        for endpoint, data in file.items():
            assert endpoint in ENDPOINTS, (name, endpoint)
            for rule in data["rules"]:
                assert set(rule) <= known, (name, rule)
                assert rule["src"], (name, rule)
                assert all(page < len(data["sources"]) for page in rule["src"])


def test_patterns_are_globs_and_no_regular_expressions(shipped: dict[str, dict[str, Any]]) -> None:
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789.-_/:@*+")
    for name, file in shipped.items():
        for data in file.values():
            for rule in data["rules"]:
                for key in ("models", "except", "among"):
                    assert all(set(pattern) <= allowed for pattern in rule.get(key, ())), (name, rule)


def test_every_file_is_read_by_people_line_by_line() -> None:
    for path in DATA.glob("*.json"):
        text = path.read_text(encoding="ascii")
        assert text.endswith("\n")
        assert max(map(len, text.splitlines())) < 12_000
        assert path.stat().st_size < 400_000


def test_the_rules_of_one_provider_are_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = Folder.read

    def spy(self: Folder, name: str, start: int = 0, length: int = -1) -> bytes:
        read.append(name)
        return real(self, name, start, length)

    model = get_model("gpt-4.1-mini")
    monkeypatch.setattr(Folder, "read", spy)
    compile_plan(RuleBook(open_storage()), model, "chat_completions")
    assert set(read) == {"manifest.json", "parameters/index.json", "parameters/openai.json"}


def test_a_pattern_with_many_stars_comes_to_an_end() -> None:
    from modelmeta._parameter_names import glob_matches

    assert not glob_matches("a*" * 60 + "b", "a" * 5000)


@pytest.mark.skipif(not (ROOT.parent / "shared" / "sources").is_dir(), reason="the sources are not here: make fetch")
def test_what_is_shipped_is_what_the_sources_give(shipped: dict[str, dict[str, Any]]) -> None:
    made = build(ROOT.parent / "shared" / "sources", ROOT / "curation")
    assert set(made.providers) == set(shipped)
    for name, data in rule_files(made).items():
        assert (DATA.parent / name).read_bytes() == data, f"{name}: make build-data"


def test_a_dataset_without_rules_falls_back_to_those_of_the_package(tmp_path: Path) -> None:
    book = RuleBook(open_storage(str(write_dataset(tmp_path))))
    assert book.file_of("openai") == "openai"
