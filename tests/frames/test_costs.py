"""Costs in frames: on every engine what ``compute_cost`` says."""

from __future__ import annotations

from typing import Any

from modelmeta.frames import with_cost
from tests.frames.conftest import columns_of
from tests.frames.engines import Engine
from tests.frames.expected import Answer, differs


def test_ten_thousand_requests_cost_what_compute_cost_says(
    an_engine: Engine, log: list[dict[str, Any]], answers: dict[int, Answer]
) -> None:
    frame = an_engine.make(columns_of(log))
    rows = an_engine.run(with_cost(frame, tier="tier", at="at"))
    assert len(rows) == len(log)
    wrong = [(row["row"], row["model"], found) for row in rows if (found := differs(row, answers[row["row"]]))]
    assert wrong == []
