"""Parameter rules that the build did not write: refused, or such that no request can break on them."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelmeta import Catalog, DatasetError, ModelMetaError, check_parameters, get_parameters, use_catalog
from modelmeta._parameter_schema import _FACETS
from pipeline.parameters.rules import FACETS
from tests.small_dataset import dataset_files, write_dataset

RULE: dict[str, Any] = {"path": "temperature", "min": 0, "max": 1, "tier": 8, "src": [0]}
ENDPOINTS = {"acme": ["chat_completions"], "generic": ["chat_completions"]}
INDEX = {"providers": {"acme": "acme"}, "endpoints": ENDPOINTS}
FILE: dict[str, dict[str, Any]] = {
    "chat_completions": {
        "inside": [],
        "content": ["messages", "tools"],
        "names": {},
        "sources": [{"url": "https://acme.example/api", "date": None, "kind": "official_docs"}],
        "rules": [RULE],
    }
}


def loaded(folder: Path, rules: list[Any], index: dict[str, Any] = INDEX) -> Catalog:
    """A dataset with these rules, as it is loaded."""
    file = deepcopy(FILE)
    file["chat_completions"]["rules"] = rules
    return Catalog.load(write_dataset(folder, dataset_files(rules={"acme": file, "generic": file, "index": index})))


def test_the_rules_of_a_dataset_are_those_that_hold(tmp_path: Path) -> None:
    with use_catalog(loaded(tmp_path, [RULE])):
        (issue,) = check_parameters("road-1", {"temperature": 1.5}).errors
        assert (issue.code, issue.path) == ("out_of_range", "temperature")
        assert [page.url for page in issue.sources] == ["https://acme.example/api"]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "bound": ({"max": "1.5"}, "max"),
    "endless": ({"max": 10**400}, "max"),
    "fact": ({"max": "@limits"}, "max"),
    "private": ({"when": {"@model.__class__": ["x"]}}, "is no field of a model"),
    "sent fact": ({"when": {"@model.family": "sent"}}, "a fact of the model, which is not sent"),
    "given fact": ({"when": {"@model.family": {"given": ["x"]}}}, "a fact of the model, which is not sent"),
    "rival": ({"conflicts": ["@model.family"]}, "a fact of the model, which no parameter conflicts with"),
    "feature": ({"when": {"@weather": ["x"]}}, "neither a parameter nor one of @audio"),
    "test": ({"when": {"stream": {"matches": "(a+)+"}}}, "a condition is 'sent', 'unsent', a list of values"),
    "operand": ({"when": {"stream": {"above": "1"}}}, "a condition is"),
    "nothing": ({"when": []}, "when"),
    "support": ({"support": "sometimes"}, "support"),
    "type": ({"type": "float"}, "a type is one or more of array, boolean"),
    "code": ({"code": "renamed"}, "code"),
    "code of a bound": ({"support": "unsupported", "code": "limit_exceeded"}, "that of a rule about a bound alone"),
    "counts": ({"items": [1]}, "items"),
    "source": ({"src": [7]}, "not among the 1 listed"),
    "no source": ({"src": []}, "src"),
    "default": ({"default": "@id"}, "is no limit of a model"),
    "nested": ({"fill": [[[[[[[[[[1]]]]]]]]]]}, "nested too deeply"),
    "stranger": ({"run": "rm"}, "Extra inputs are not permitted"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_rule_that_could_break_a_check_is_refused(kind: str, tmp_path: Path) -> None:
    change, told = WRONG[kind]
    with pytest.raises(DatasetError, match=r"parameters/acme.json: ") as caught:
        loaded(tmp_path, [{**RULE, **change}])
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"providers": {"acme": "../../secrets"}}, "providers.acme"),
        ({"providers": {"acme": "other"}}, "there are no rules of 'other'"),
        ({"endpoints": {"generic": []}}, "there are no rules of 'acme'"),
        ({"endpoints": {**ENDPOINTS, "acme": ["responses"]}}, "there are no rules of 'acme' on 'responses'"),
        ({"endpoints": {**ENDPOINTS, "acme": ["telepathy"]}}, "endpoints.acme.0"),
    ],
)
def test_an_index_that_leads_elsewhere_is_refused(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=rf"parameters/index.json: .*{told}"):
        loaded(tmp_path, [RULE], {**INDEX, **change})


def test_a_digit_that_changed_in_the_rules_is_no_answer(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, [RULE])
    path = tmp_path / "parameters" / "acme.json"
    path.write_bytes(path.read_bytes().replace(b'"max": 1', b'"max": 2'))
    with use_catalog(catalog), pytest.raises(DatasetError, match=r"acme.json: .*checksum"):
        check_parameters("road-1", {"temperature": 1.5})


def test_everything_that_the_build_writes_is_known_here() -> None:
    assert set(_FACETS) == {*FACETS, "models", "among", "except", "when"}


scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.sampled_from(["", "a", "high", "@x"])
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=2), max_leaves=4)
paths = st.sampled_from(["temperature", "tools", "messages", "reasoning.effort", "max_tokens", "stream"])
subjects = paths | st.sampled_from(["@tools", "@roles", "@model.limits.context_window", "@model.name"])
tests = st.sampled_from(["above", "below", "from", "to", "has", "lacks", "not", "given", "type"])
wanted = st.sampled_from(["sent", "unsent", "array"]) | st.lists(scalars, max_size=2)
conditions = wanted | st.dictionaries(tests, scalars | wanted, min_size=1, max_size=1)
whens = st.dictionaries(subjects, conditions, min_size=1, max_size=2)
bounds = (
    st.integers(-2, 2) | st.floats(-2, 2) | st.sampled_from(["@limits.max_output_tokens", "@limits.context_window"])
)
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "when": whens | st.lists(whens, max_size=2),
    "requires": whens,
    "conflicts": st.lists(subjects, max_size=2),
    "less_than": paths,
    "support": st.sampled_from(["supported", "unsupported", "deprecated", "ignored", "fixed"]),
    "type": st.sampled_from(["array", "boolean", "integer", "number", "object", "string", "string|array"]),
    "code": st.sampled_from(
        ["conflict", "limit_exceeded", "out_of_range", "unsupported_parameter", "unsupported_value"]
    ),
    "level": st.sampled_from(["warning", "error"]),
    "at": st.just("role:system"),
    "fix": st.dictionaries(paths, scalars | st.sampled_from(["@drop_last", "@user:system"]), max_size=2),
    "use": st.sampled_from(["max_tokens", "stream=true", "x.y"]),
    "items": st.lists(st.none() | st.integers(0, 3), min_size=2, max_size=2),
    "length": st.lists(st.none() | st.integers(0, 3), min_size=2, max_size=2),
    **dict.fromkeys(["min", "max", "above", "below"], bounds),
    **dict.fromkeys(["allow", "choices", "also"], st.lists(scalars, max_size=3)),
    **dict.fromkeys(["models", "among", "except"], st.lists(st.sampled_from(["*", "road*", "x"]), max_size=2)),
    **dict.fromkeys(["each", "any_case", "nonblank", "required", "sure", "implied", "foreign"], st.booleans()),
    "why": st.just("so it is"),
}
likely = {name: LIKELY.get(name, anything) for name in _FACETS}
rule = st.fixed_dictionaries({"path": paths, "tier": st.integers(0, 9), "src": st.just([0])}, optional=likely)
values = anything | st.dictionaries(st.sampled_from(["effort", "type"]), scalars, max_size=2)
request = st.dictionaries(
    paths.map(lambda path: path.partition(".")[0]),
    values | st.just([{"role": "system", "content": "x"}, {"role": "assistant", "content": "y"}]),
    max_size=4,
)


@given(rules=st.lists(rule, max_size=4), params=request)
@settings(deadline=None, max_examples=80)
def test_rules_that_are_taken_break_no_check(
    rules: list[dict[str, Any]], params: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    try:
        catalog = loaded(tmp_path_factory.getbasetemp() / "rules", rules)
    except DatasetError:
        return
    with use_catalog(catalog):
        for model in ("road-1", "road-2"):
            try:
                report = check_parameters(model, params, endpoint="chat_completions")
                str(report)
                str(check_parameters(model, report.safe_params, endpoint="chat_completions"))
                repr(get_parameters(model, endpoint="chat_completions"))
            except ModelMetaError:
                pass
