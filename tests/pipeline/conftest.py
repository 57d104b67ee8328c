"""Fixtures of the pipeline's tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of real source snapshots; tests on real data are skipped where it is missing."""
    folder = Path(os.environ.get("MODELMETA_SOURCES") or REPOSITORY.parent / "shared" / "sources")
    if not folder.is_dir():
        pytest.skip(f"no source snapshots at {folder}: set MODELMETA_SOURCES to their folder")
    return folder
