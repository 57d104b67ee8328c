"""Whatever is sent: a report, a corrected request that checks clean, and the same answer every time."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelmeta import ParameterError, check_parameters
from modelmeta._parameter_checks import checked
from modelmeta._parameter_names import glob_matches
from modelmeta.parameters import plan_for
from tests.parameter_families import ACCEPTED, REJECTED

SURFACES = sorted({(row[0], row[1], row[2]) for row in [*REJECTED, *ACCEPTED]})
NAMES = sorted({name for row in REJECTED for name in row[3]} | {name for row in ACCEPTED for name in row[3]})
VALUES = [value for row in REJECTED for value in row[3].values()]
VALUES += [value for row in ACCEPTED for value in row[3].values()]

scalars = (
    st.none() | st.booleans() | st.integers(-5, 200_000) | st.floats(-3, 3) | st.sampled_from(["none", "low", "x"])
)
odd = st.sampled_from([float("nan"), float("inf"), 10**400, -(10**400), "", [], {}, b"x", object(), {1: 2}, [[[]]]])
known = st.sampled_from(VALUES)
nested = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
requests = st.dictionaries(st.sampled_from(NAMES), scalars | known, max_size=6)
wild = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), scalars | known | odd | nested, max_size=6)
surfaces = st.sampled_from(SURFACES)


@settings(max_examples=400, deadline=None)
@given(surface=surfaces, params=requests)
def test_the_corrected_request_checks_clean_and_stays_as_it_is(
    surface: tuple[str, str, str], params: dict[str, Any]
) -> None:
    provider, model, endpoint = surface
    before = copy.deepcopy(params)
    report = check_parameters(model, params, endpoint=endpoint, provider=provider)
    safe = report.safe_params
    again = check_parameters(model, safe, endpoint=endpoint, provider=provider)
    assert again.ok
    assert again.safe_params == safe
    assert params == before
    if report.ok:
        assert safe == params
        assert report.changes == ()
    else:
        assert report.changes


@settings(max_examples=300, deadline=None)
@given(surface=surfaces, params=requests)
def test_what_no_error_speaks_of_is_kept(surface: tuple[str, str, str], params: dict[str, Any]) -> None:
    provider, model, endpoint = surface
    report = check_parameters(model, params, endpoint=endpoint, provider=provider)
    at_fault = {issue.path.partition(".")[0].partition("[")[0] for issue in report.errors}
    rest = {name: value for name, value in params.items() if name not in at_fault and value is not None}
    if check_parameters(model, rest, endpoint=endpoint, provider=provider).ok:
        safe = report.safe_params
        fixed = {name for issue in report.errors for name in rest if f"{name!r}" in issue.message}
        assert {name: value for name, value in safe.items() if name in rest and name not in fixed} == {
            name: value for name, value in rest.items() if name not in fixed
        }


@settings(max_examples=400, deadline=None)
@given(surface=surfaces, params=wild)
def test_anything_gets_a_report(surface: tuple[str, str, str], params: dict[Any, Any]) -> None:
    provider, model, endpoint = surface
    report = check_parameters(model, params, endpoint=endpoint, provider=provider)
    assert all(issue.message and issue.code and issue.severity in {"error", "warning"} for issue in report.issues)
    assert str(report)
    assert repr(report.issues)
    assert isinstance(report.safe_params, dict)
    assert isinstance(report.changes, tuple)


@settings(max_examples=400, deadline=None)
@given(surface=surfaces, params=wild)
def test_the_short_ways_say_the_same_as_the_long_one(surface: tuple[str, str, str], params: dict[Any, Any]) -> None:
    provider, model, endpoint = surface
    report = check_parameters(model, params, endpoint=endpoint, provider=provider)
    twice = check_parameters(model, params, endpoint=endpoint, provider=provider)
    found = checked(plan_for(model, endpoint, provider), params, strict=False)
    expected = [(one["code"], one["path"], one["severity"]) for one in found]
    for one in (report, twice):
        assert [
            (issue.code, issue.path, issue.severity) for issue in one.issues if issue.code != "unknown_model"
        ] == expected


@given(params=st.one_of(st.none(), st.integers(), st.text(), st.lists(st.integers()), st.binary()))
def test_params_that_are_no_mapping_are_refused(params: Any) -> None:
    with pytest.raises(ParameterError, match="mapping"):
        check_parameters("gpt-4o", params)


@given(parts=st.lists(st.text("ab-", max_size=4), max_size=6), name=st.text("ab-", max_size=30))
def test_a_pattern_matches_what_its_pieces_say(parts: list[str], name: str) -> None:
    pattern = "*".join(parts)
    matches = glob_matches(pattern, name)
    assert matches == _slowly(pattern, name)
    assert glob_matches(pattern, pattern.replace("*", ""))


def _slowly(pattern: str, name: str) -> bool:
    if not pattern:
        return not name
    if pattern[0] == "*":
        return _slowly(pattern[1:], name) or (bool(name) and _slowly(pattern, name[1:]))
    return bool(name) and pattern[0] == name[0] and _slowly(pattern[1:], name[1:])
