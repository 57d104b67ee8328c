"""The examples that price a log run, with few rows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.frames.engines import REASONS, has_java

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(name: str) -> str:
    command = [sys.executable, str(EXAMPLES / name), "--rows", "3_000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert "our-own-fine-model: unknown model, requests" in done.stdout
    return done.stdout


def test_a_log_on_duckdb() -> None:
    pytest.importorskip("duckdb")
    printed = run("price_a_log_duckdb.py")
    assert "written         3,000 of 3,000 rows" in printed
    assert "most memory: " in printed


@pytest.mark.slow
def test_a_log_on_spark() -> None:
    pytest.importorskip("pyspark")
    if not has_java():
        pytest.skip(REASONS["pyspark"])
    assert "priced 3,000 rows" in run("price_a_log_spark.py")
