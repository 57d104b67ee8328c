"""Overlay files: three formats, errors with the file, the line and the path, and whatever else a file may hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelmeta import Catalog, DatasetError
from modelmeta import _overlay_files as overlay_files
from modelmeta._positions import json_positions, line_of
from tests.small_dataset import rate, write_dataset

INPUT = {"component": "input", "unit": "1M tokens", "amount": "1.5"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return Catalog.load(write_dataset(tmp_path_factory.mktemp("dataset")))


def error_of(call: Callable[[], object]) -> str:
    with pytest.raises(DatasetError) as caught:
        call()
    return str(caught.value)


DOCUMENT: dict[str, Any] = {
    "name": "three formats",
    "models": {"house/x.1": {"aliases": ["y"], "open_weights": True, "prices": [rate("input", "0.25")]}},
    "changes": {"road-1": {"limits": {"context_window": 12}}},
    "aliases": {"prod": "road-2"},
}
YAML = """\
name: three formats
models:
  house/x.1:
    aliases: [y]
    open_weights: true
    prices:
      - {component: input, unit: 1M tokens, amount: 0.25, currency: USD, tier: standard, source: pages}
changes:
  road-1:
    limits: {context_window: 12}
aliases: {prod: road-2}
"""
TOML_SAME = """\
name = "three formats"
[models."house/x.1"]
aliases = ["y"]
open_weights = true
[[models."house/x.1".prices]]
component = "input"
unit = "1M tokens"
amount = 0.25
currency = "USD"
tier = "standard"
source = "pages"
[changes]
road-1.limits.context_window = 12
[aliases]
prod = "road-2"
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("o.json", json.dumps(DOCUMENT)), ("o.yaml", YAML), ("o.yml", "\ufeff" + YAML), ("o.toml", TOML_SAME)],
)
def test_the_three_formats_say_the_same(base: Catalog, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    mine = base.with_overlay(tmp_path / name)
    assert mine.list_models() == base.with_overlay(DOCUMENT).list_models()
    assert mine.get_model("prod").id == "road-2"


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

WRONG_FILES = [
    ("json", """
        {
         "changes": {
          "road-1": {
           "limits": {
            "context_window": "x"
        }}}}
        """, ':5: changes["road-1"].limits.context_window: '),
    ("json", """
        {
         "changes": {
          "road-1": {"prices": [
           {"component": "input"},
           {}
        ]}}}
        """, ':4: changes["road-1"].prices[0].unit: this has to be stated (and 4 more)'),
    ("json", '{\n "changes": {\n "road-1": {},\n "road-1": {}}}', ":4: the key 'road-1' stands twice"),
    ("json", '{\n "changes": }', ":2: not valid JSON"),
    ("json", '{"changes": {"road-1": {"limits": {"context_window": NaN}}}}', "NaN is not a number"),
    ("json", "[]", ":1: this is an object with named fields, not a list"),
    ("json", "", ":1: not valid JSON"),
    ("json", "[" * 100_000, "nested too deeply"),
    ("json", '{"models": {"a/b": {"limits": {"context_window": ' + "9" * 5000 + "}}}}", "valid"),
    ("json", '{"models": {"a/b": {"prices": [{"component": "input", "amount": 1e999999999}]}}}', "amount"),
    ("yaml", """
        changes:
          road-1:
            capabilities:
              tool_caling: yes
        """, ":4: changes[\"road-1\"].capabilities.tool_caling: there is no field 'tool_caling'; did you mean"),
    ("yaml", """
        changes:
          road-1:
            prices:
            - component: input
              unit: 1M tokens
              amount: 1
            - component: output
              unit: 1M tokens
              amount: -1
        """, ':9: changes["road-1"].prices[1].amount: '),
    ("yaml", "changes:\n  road-1: [\n", "not valid YAML"),
    ("yaml", "a: 1\na: 2\n", ":2: the key 'a' stands twice"),
    ("yaml", "a: 1\n---\nb: 2\n", ":2: a second document begins here"),
    ("yaml", "a: !!python/object:os.system x\n", ":1: the YAML tag"),
    ("yaml", "? [a]\n: 1\n", ":1: a key is a word"),
    ("yaml", "a: *b\n", ":1: no anchor 'b' stands before this"),
    ("yaml", "a: &a [*a]\n", ":1: no anchor 'a'"),
    ("yaml", "[" * 100_000, "nested too deeply"),
    ("yaml", LAUGHS, "too many values"),
    ("yaml", "a: '\x00'", "not valid YAML: "),
    ("toml", "date = 2026-13-01\n", ":1: not valid TOML"),
    ("toml", """
        # one

        [[changes."road-1".prices]]
        component = "input"
        unit = "1M tokens"
        amount = 1
        [[changes."road-1".prices]]
        component = "inptu"
        unit = "1M tokens"
        amount = 1
        """, ":8: changes[\"road-1\"].prices[1].component: no 'inptu' is counted by the 1M tokens; did you mean"),
    ("toml", """
        [changes."road-1"]
        prices = [
          # a comment ]
          {component = "input", unit = "1M tokens", amount = "1"},
          {component = "input", unit = "1M tokens", amount = "x"},
        ]
        """, ':5: changes["road-1"].prices[1].amount: '),
    ("toml", 'date = "yesterday"', ":1: date: 'yesterday' is no date such as 2027"),
    ("toml", "a" + ".a" * 600 + " = 1", ":1: more than 500 dots"),
    ("toml", "x = " + "[" * 100_000, "nested too deeply"),
    ("txt", "", "an overlay is a file that ends in .json, .toml, .yaml, .yml"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("suffix", "text", "told"), WRONG_FILES, ids=[f"{case[0]} {case[2][:40]}" for case in WRONG_FILES]
)
def test_an_error_names_the_file_the_line_and_the_path(
    base: Catalog, tmp_path: Path, suffix: str, text: str, told: str
) -> None:
    path = tmp_path / f"o.{suffix}"
    path.write_text(dedent(text).removeprefix("\n"), encoding="utf-8")
    message = error_of(lambda: base.with_overlay(path))
    assert message.startswith(str(path))
    assert told in message
    assert len(message) < 500 + len(str(path))


BACKWARDS = {"effective_from": "2026-02", "effective_until": "2026-01"}
WINDOW = {"utc_window": "9-17"}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"modles": {}}, "modles: there is no section 'modles'; did you mean 'models'?"),
        ({"models": []}, "models: this is an object with named fields, not a list"),
        ({"models": {"noslash": {}}}, "a model's key is provider/id"),
        ({"models": {"a/b": {"like": "rod-1"}}}, 'models["a/b"].like: no model \'rod-1\'; did you mean'),
        ({"models": {"a/b": {}, "A/B": {}}}, "stands here twice"),
        ({"models": {"a/b": {"limits": None}}}, "not null"),
        ({"models": {"a/b": {"id": "c"}}}, "there is no field 'id'"),
        ({"models": {"a/\x00": {}}}, "control character"),
        ({"changes": {"road-9": {"limits": {}}}}, "(a model of your own stands under 'models')"),
        ({"changes": {"road-1": {}}}, "the change states nothing"),
        ({"changes": {"road-1": {"replace": ["prices"]}}}, "is replaced by nothing"),
        ({"changes": {"road-1": {"replace": [[]], "limits": {}}}}, "is replaced by nothing"),
        ({"changes": {"road-1": {"limits": {}}, "acme/road-1": {"limits": {}}}}, "are the same model"),
        ({"changes": {"road-1": {"prices": [{**INPUT, "unit": "1M token"}]}}}, "did you mean '1M tokens'?"),
        ({"changes": {"road-1": {"prices": [{**INPUT, "tier": "standrad"}]}}}, "did you mean 'standard'?"),
        ({"changes": {"road-1": {"prices": [{**INPUT, "currency": "Dollar"}]}}}, "no currency code"),
        ({"changes": {"road-1": {"prices": [{**INPUT, "amount": 1.5}]}}}, "write '1.5' or a Decimal"),
        ({"changes": {"road-1": {"prices": [{**INPUT, "condition": WINDOW}]}}}, "no time of day"),
        ({"changes": {"road-1": {"prices": [{**INPUT, **BACKWARDS}]}}}, "before it starts"),
        ({"changes": {"road-1": {"lifecycle": {"stated": "dead"}}}}, "there is no status 'dead'"),
        ({"changes": {"road-1": {"endpoints": [{"name": "respnses"}]}}}, "did you mean 'responses'?"),
        ({"changes": {"road-1": {"modalities": {"input": ["text", "smell"]}}}}, "input[1]: there is no modality"),
        ({"changes": {"road-1": {"inherited": []}}}, "there is no field 'inherited'"),
        ({"aliases": {"x": "nothing-like-it"}}, "aliases.x: no model"),
        ({"changes": {"road-1": {"limits": {"context_window": "5"}}}}, "'5' is no whole number"),
        ({"changes": {"road-1": {"open_weights": "yes"}}}, "'yes' is neither true nor false"),
        ({"changes": {"road-1": {"name": 5}}}, "5 is no text; put it in quotes"),
        ({"changes": {"road-1": {"limits": {"context_window": True}}}}, "True is no whole number"),
        ({"changes": {"road-1": {"limits": {"context_window": -1}}}}, "context_window: -1 is below 0"),
        ({"changes": {"road-1": {"limits": 5}}}, "not int"),
        ({"changes": {"road-1": {"prices": {}}}}, "prices: {} is no list"),
        ({"changes": {"road-1": {"prices": [5]}}}, "prices[0]: 5 is no object with named fields"),
        ({"changes": {"road-1": {"prices": [{**INPUT, "amount": "-1"}]}}}, "'-1' is no amount: a decimal number that"),
        ({"changes": {"road-1": {"prices": [{**INPUT, "amount": -1}]}}}, "'-1' is no amount"),
        ({"changes": {"road-1": {"prices": [{**INPUT, "amuont": "1"}]}}}, "prices[0].amuont: there is no such field"),
        ({"changes": {"road-1": {"prices": [{**INPUT, "component": "input_tokens"}]}}}, "did you mean 'input'"),
        ({"changes": {"road-1": {"prices": [INPUT, {**INPUT, "amount": "2"}]}}}, "this and row 0 are the same price"),
        ({"changes": {"road-1": {"lifecycle": {"retires_on": "soon"}}}}, "'soon' is no date such as 2027"),
        ({"changes": {"road-1": {"name": "\ud800"}}}, "name: half of a character"),
        ({"changes": {"road-1": {"5-mini": {}}}}, "in TOML a name with a dot in it stands in quotes"),
        ({"models": {"a/b": {"like": "a/c"}, "a/c": {}}}, "like: 'a/c' is a model of this overlay"),
        ({"aliases": {"x": "y", "y": "road-1"}}, "aliases.x: 'y' is an alias of this overlay: name a model"),
        ({"aliases": {"x": 5}}, "an alias names the model"),
        ({"aliases": {"": "road-1"}}, "is empty"),
        ({"name": ""}, "name: this is text"),
        ({"date": "2026-02-30"}, "date: '2026-02-30' is not a date"),
        ({5: {}}, "a key is text, not int"),
        ({"providers": {"house": {"modls": 1}}}, "there is no field 'modls'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(base: Catalog, document: dict[str, Any], told: str) -> None:
    message = error_of(lambda: base.with_overlay(document))
    assert message.startswith("<overlay>")
    assert told in message


def test_files_that_are_no_text(base: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "o.json"
    assert "No such file" in error_of(lambda: base.with_overlay(path))
    path.mkdir()
    assert "not a file" in error_of(lambda: base.with_overlay(path))
    other = tmp_path / "p.json"
    other.write_bytes(b"{\n\xff}")
    assert f"{other}:2: not UTF-8" in error_of(lambda: base.with_overlay(other))
    monkeypatch.setattr(overlay_files, "MAX_OVERLAY_BYTES", 10)
    other.write_text(" " * 11)
    assert "larger than 10 bytes" in error_of(lambda: base.with_overlay(other))
    assert "null" in error_of(lambda: base.with_overlay(str(tmp_path / "q\0.json")))


@pytest.mark.parametrize("name", ["o.yaml", "o.toml"])
def test_a_missing_parser_is_told(base: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / name
    path.write_text("")

    def missing(module: str) -> None:
        raise ImportError(module)

    monkeypatch.setattr(overlay_files, "import_module", missing)
    monkeypatch.setattr("sys.version_info", (3, 10))
    assert f"pip install 'modelmeta[{name[2:]}]'" in error_of(lambda: base.with_overlay(path))


def test_an_empty_overlay_changes_nothing(base: Catalog, tmp_path: Path) -> None:
    for name, text in (("o.json", "{}"), ("o.toml", "")):
        (tmp_path / name).write_text(text)
        mine = base.with_overlay(tmp_path / name)
        assert mine.get_model("road-1") is base.get_model("road-1")
        assert mine.list_models(provider="acme") == base.list_models(provider="acme")


# Anything -----------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    "name url date models changes aliases providers road-1 acme/road-1 a/b like replace prices limits context_window "
    "component input unit amount 1M_tokens lifecycle retires_on 2026-01 tier capabilities null condition".split()
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.decimals(), st.floats(), st.text(max_size=8), WORDS, st.dates()
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)
PRICES = st.lists(
    st.fixed_dictionaries(
        {"component": WORDS, "unit": st.just("1M tokens"), "amount": st.sampled_from(["1", "0.5", 2]) | LEAVES},
        optional={"tier": LEAVES, "effective_from": st.dates(), "effective_until": LEAVES, "condition": TREES},
    ),
    max_size=3,
)
CHANGE = st.fixed_dictionaries(
    {}, optional={"prices": PRICES, "limits": TREES, "replace": TREES, "aliases": TREES, "lifecycle": TREES}
)
CHANGES = st.dictionaries(st.sampled_from(["road-1", "acme/road-1", "road-2"]) | WORDS, CHANGE)
DOCUMENTS = st.one_of(
    TREES,
    st.dictionaries(WORDS, TREES),
    st.fixed_dictionaries({"changes": CHANGES}, optional={"models": TREES, "aliases": st.dictionaries(WORDS, WORDS)}),
)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(DOCUMENTS)
def test_any_document_is_an_overlay_or_a_dataset_error(base: Catalog, document: Any) -> None:
    if not isinstance(document, dict):
        document = {"changes": document}
    try:
        mine = base.with_overlay(document)
    except DatasetError:
        return
    for model in mine.list_models():
        assert repr(model)
        hash(model)
    mine.list_observations("acme/road-1")


@QUICK
@given(st.sampled_from(["json", "yaml", "toml"]), st.data())
def test_any_text_is_an_overlay_or_a_dataset_error(
    base: Catalog, tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject
) -> None:
    good = {"json": json.dumps(DOCUMENT, indent=1), "yaml": YAML, "toml": TOML_SAME}[suffix]
    text = data.draw(st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace")))
    if data.draw(st.booleans()):
        start = data.draw(st.integers(0, len(good)))
        end = data.draw(st.integers(start, len(good)))
        text = good[:start].encode() + text[:5] + good[end:].encode()
    path = tmp_path_factory.getbasetemp() / f"any.{suffix}"
    path.write_bytes(text)
    try:
        base.with_overlay(path).list_models()
    except DatasetError as error:
        assert str(path) in str(error)  # noqa: PT017


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=15,
)


@QUICK
@given(JSON)
def test_every_line_of_a_json_text_is_found(value: Any) -> None:
    text = json.dumps(value, indent=1)
    positions, twice = json_positions(text)
    assert twice is None

    def check(value: Any, path: tuple[str | int, ...]) -> None:
        items = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
        for step, item in items:
            line = text.splitlines()[(line_of(positions, (*path, step)) or 0) - 1] if "\x85" not in text else ""
            if isinstance(step, str) and line:
                assert line.strip().startswith(json.dumps(step))
            if len(path) < 6:
                check(item, (*path, step))

    check(value, ())


# The documentation --------------------------------------------------------------------------------------------

GUIDE = (Path(__file__).parents[1] / "docs" / "overlays.md").read_text(encoding="utf-8")


def test_the_files_in_the_guide_are_what_it_says(tmp_path: Path) -> None:
    bundled = Catalog.bundled()
    for name, text in re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```', GUIDE, re.MULTILINE | re.DOTALL):
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = error_of(lambda: bundled.with_overlay(tmp_path / "mistake.toml")).removeprefix(f"{tmp_path}/")
    assert told in " ".join(GUIDE.split())
    house = bundled.with_overlay(tmp_path / "house.yaml")
    assert house.get_model("private").limits.context_window == 32_768
    assert house.resolve("prod-chat").canonical_id == "azure/gpt-4.1-mini"
    assert house.get_model("prod-eu").limits == bundled.get_model("azure/gpt-4.1-mini").limits
    assert str(house.get_model("gpt-4.1-mini").lifecycle.retires_on) == "2027-01-10"
    claude = bundled.with_overlay(tmp_path / "claude.json").get_model("claude-sonnet-4-5")
    assert [str(rate.amount) for rate in claude.prices] == ["2.40", "12"]
