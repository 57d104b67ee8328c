"""What each family of models takes on each host."""

from __future__ import annotations

from typing import Any

import pytest

from modelmeta import check_parameters
from tests.parameter_families import ACCEPTED, REJECTED


def names(rows: list[Any]) -> list[str]:
    return [f"{number}-{row[0]}-{row[1].rpartition('/')[2]}-{'-'.join(row[3])}" for number, row in enumerate(rows)]


@pytest.mark.parametrize(("provider", "model", "endpoint", "params", "offending"), REJECTED, ids=names(REJECTED))
def test_what_a_provider_rejects_is_caught_and_repaired(
    provider: str, model: str, endpoint: str, params: dict[str, Any], offending: str
) -> None:
    report = check_parameters(model, params, endpoint=endpoint, provider=provider)
    assert not report.ok
    paths = [issue.path for issue in report.errors]
    assert any(f".{offending}." in f".{path}." or path.startswith(f"{offending}[") for path in paths), paths
    for issue in report.errors:
        assert issue.sources or "the model" in issue.message, issue
        assert all(source.url.startswith("https://") for source in issue.sources)
    again = check_parameters(model, report.safe_params, endpoint=endpoint, provider=provider)
    assert again.ok, [str(issue) for issue in again.errors]
    assert report.changes


@pytest.mark.parametrize(("provider", "model", "endpoint", "params"), ACCEPTED, ids=names(ACCEPTED))
def test_what_a_provider_takes_passes(provider: str, model: str, endpoint: str, params: dict[str, Any]) -> None:
    report = check_parameters(model, params, endpoint=endpoint, provider=provider)
    assert report.ok, [str(issue) for issue in report.errors]
    assert report.safe_params == params
    assert report.changes == ()
