"""The notebook of the examples runs from top to bottom, and every cell shows what it should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")
for needed in ("ipykernel", "matplotlib", "pandas"):
    pytest.importorskip(needed)

NOTEBOOK = Path(__file__).parent.parent / "examples" / "tour.ipynb"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_it_runs_and_shows_tables_and_plots(tmp_path: Path) -> None:
    notebook: Any = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = {cell.source: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}
    for source, shown in outputs.items():
        assert shown, f"this shows nothing: {source}"
        assert not [one for one in shown if one.output_type in {"error", "stream"}], source
        kinds = {kind for one in shown for kind in one.get("data", {})}
        if "plot_" in source:
            assert "image/png" in kinds, source
        elif not source.startswith(("model =", "report.safe")):
            assert "text/html" in kinds, source
            for one in shown:
                assert len(one["data"]["text/plain"]) < 60_000, source


def test_it_is_kept_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)
