"""Requests that providers really answered: nearly all that they rejected are caught, none that they took is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from modelmeta import ParameterReport, check_parameters

FOLDER = Path(os.environ.get("MODELMETA_CASES", Path(__file__).parents[2] / "shared" / "cases"))

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no collection of real requests at {FOLDER}; set MODELMETA_CASES to its folder"
)

MISSES = {
    "rej-028-openai-gpt-5-1": "a parameter that is None counts as not sent, as in the SDKs' own settings",
    "rej-035-openai-o1-mini": "historical: o1-mini streams since its full release",
    "rej-226-azure-gpt-5-1": "historical: an older api-version refused none, which Azure's page now names the default",
}
"""Rejected requests that are not caught, each with the reason."""


def cases(name: str) -> list[dict[str, Any]]:
    path = FOLDER / f"{name}-requests.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def check(case: dict[str, Any], params: dict[str, Any]) -> ParameterReport:
    return check_parameters(case["model"], params, endpoint=case["endpoint"], provider=case["provider"])


def names_the_offender(report: ParameterReport, offending: list[str]) -> bool:
    paths = [issue.path for issue in report.errors]
    return any(
        path == name or path.startswith((f"{name}.", f"{name}[")) or path.endswith(f".{name}") or name.startswith(path)
        for name in offending
        for path in paths
    )


def test_at_least_nine_in_ten_rejected_requests_are_caught_with_the_parameter_at_fault() -> None:
    rejected = cases("rejected")
    caught = [case for case in rejected if names_the_offender(check(case, case["params"]), case["offending"])]
    missed = {case["id"] for case in rejected} - {case["id"] for case in caught}
    assert missed <= set(MISSES)
    assert len(caught) >= 0.9 * len(rejected)


def test_no_accepted_request_is_rejected() -> None:
    rejected = {case["id"]: check(case, case["params"]).errors for case in cases("accepted")}
    assert {name: errors for name, errors in rejected.items() if errors} == {}


def test_the_corrected_request_checks_clean_and_keeps_what_was_fine() -> None:
    for case in cases("rejected"):
        report = check(case, case["params"])
        safe = report.safe_params
        assert check(case, safe).ok, case["id"]
        at_fault = {issue.path.partition(".")[0].partition("[")[0] for issue in report.errors}
        for name, value in case["params"].items():
            if name not in at_fault and not report.ok:
                assert safe.get(name, value) == value, case["id"]


@pytest.mark.parametrize("missed", sorted(MISSES))
def test_a_miss_has_its_reason(missed: str) -> None:
    assert len(MISSES[missed]) > 20
