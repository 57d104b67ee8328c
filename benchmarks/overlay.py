"""What an overlay costs: one price of one model, laid over the dataset and asked for, and what of it is read."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.reporting import Summary
from benchmarks.sections import Options, Section, Table

MODEL, FILE = "gpt-4.1-mini", "models/openai.json"
ROW = {"component": "input", "unit": "1M tokens", "amount": "0.32"}
DOCUMENT: dict[str, object] = {"changes": {MODEL: {"prices": [ROW]}}}
TOML = f'[[changes."{MODEL}".prices]]\ncomponent = "input"\nunit = "1M tokens"\namount = 0.32\n'
NEEDED = {"manifest.json", "index.json", FILE}


def run(options: Options) -> Section:
    """Lay the overlay on a catalog again and again, from a mapping and from files."""
    with tempfile.TemporaryDirectory() as folder:
        forms: dict[str, str | dict[str, object]] = {"a mapping": DOCUMENT}
        for name, text in (("JSON", json.dumps(DOCUMENT)), ("TOML", TOML)):
            path = Path(folder, f"contract.{name.lower()}")
            path.write_text(text, encoding="utf-8")
            forms[f"a {name} file"] = str(path)
        times = {name: _times(form, options.times(500)) for name, form in forms.items()}
    read = _read()
    rows = tuple((name, Summary.of(measured).text(1e6)) for name, measured in times.items())
    wrong = sorted(set(read) - NEEDED)
    words = (
        "The price of one model, laid over the dataset and looked up again; after the first time, which compiles "
        f"what checks it. It reads {sum(read.values()) / 1024:.0f} KiB of {len(read)} files, and nothing of any other "
        "provider."
    )
    return Section(
        "An overlay",
        (words, Table(("stated in", "µs"), rows)),
        tuple(f"an overlay of {MODEL} reads {name}" for name in wrong),
    )


def _times(overlay: str | dict[str, object], rounds: int) -> list[float]:
    from modelmeta import Catalog

    base = Catalog.bundled()
    found = []
    for _ in range(rounds + 1):
        start = perf_counter()
        rate = base.with_overlay(overlay).get_model(MODEL).price("input")
        found.append(perf_counter() - start)
        assert rate is not None
        assert str(rate.amount) == "0.32"
    return found[1:]


def _read() -> dict[str, int]:
    """The bytes read of each file by one overlay and one lookup."""
    from modelmeta import Catalog
    from modelmeta.storage import Folder, open_storage

    read: dict[str, int] = {}

    class Counted(Folder):
        def read(self, name: str, start: int = 0, length: int = -1) -> bytes:
            data = super().read(name, start, length)
            read[name] = read.get(name, 0) + len(data)
            return data

    Catalog(Counted(str(open_storage()))).with_overlay(DOCUMENT).get_model(MODEL)
    return read
