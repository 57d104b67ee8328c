"""The page of agreement: what the command writes, and what its numbers count."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from modelmeta import Catalog, list_conflicts, list_providers
from pipeline.__main__ import main
from pipeline.agreement import page
from pipeline.build import DATA
from pipeline.emit import write
from pipeline.observations import Observation

REPOSITORY = Path(__file__).parents[2]
USAGE = REPOSITORY / "curation" / "usage.jsonl"
PAGE = REPOSITORY / "docs" / "agreement.md"


def test_the_committed_page_is_what_the_command_writes(tmp_path: Path) -> None:
    assert main(["agreement", "--out", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text("utf-8") == PAGE.read_text("utf-8")


def say(field: str, value: object, source: str, model: str = "gpt-9") -> Observation:
    return Observation("openai", model, field, value, source, source, "2026-11-01")  # type: ignore[arg-type]


def price(amount: str, source: str) -> Observation:
    row = {"component": "input", "unit": "1M tokens", "currency": "USD", "tier": "standard", "amount": amount}
    return say("price", row, source)


SAID = [
    say("limits.context_window", 131_072, "vendor-pages"),
    say("limits.context_window", 128_000, "models.dev"),  # rounded
    say("limits.context_window", 8_192, "portkey"),  # unexplained
    say("limits.max_output_tokens", 4_096, "models.dev"),  # believed: there is nothing to compare
    say("modalities.input", ["image", "text"], "vendor-pages"),
    say("modalities.input", ["text"], "models.dev"),  # a shorter list, which explains nothing
    price("2", "vendor-pages"),
    price("2", "models.dev"),
    price("2", "portkey"),
    say("name", "GPT 9", "models.dev"),
]


def test_a_comparison_is_counted_for_the_source_that_was_not_believed(
    tmp_path: Path, observed_files: Callable[[list[Observation]], dict[str, bytes]]
) -> None:
    write(observed_files(SAID), tmp_path)
    rows = [line.strip("| ").split(" | ") for line in page(tmp_path, USAGE).splitlines() if line.startswith("| ")]
    assert ["models.dev", "3", "1", "33.3 %", "2", "1", "1", "rounded 1"] in rows
    assert ["Portkey models", "2", "1", "50.0 %", "1", "0", "1", "-"] in rows
    assert ["**all**", "5", "2", "40.0 %", "3", "1", "2", "rounded 1"] in rows
    assert [row[0] for row in rows if row[1] == "`limits.context_window`"] == ["`openai/gpt-9`"]
    assert not any(row[0].startswith("Vendors") for row in rows)


@pytest.fixture(scope="module")
def text() -> str:
    return PAGE.read_text("utf-8")


def test_no_comparison_is_left_out(text: str) -> None:
    numbers = re.search(r"^\| \*\*all\*\* \| (\S+) \| (\S+) \| \S+ % \| (\S+) \| (\S+) \| (\S+) \|", text, re.MULTILINE)
    assert numbers is not None
    compared, equal, differing, explained, unexplained = (int(number.replace(",", "")) for number in numbers.groups())
    assert (equal + differing, explained + unexplained) == (compared, differing)
    assert compared > 15_000
    said = {(c.model, c.field, o.source, o.value) for c in list_conflicts() if c.settled is not None for o in c.others}
    assert differing <= len(said) <= differing + 200  # a price stated with and without its days is one comparison


def test_the_page_reads_the_dataset_alone() -> None:
    assert {path.stem for path in (DATA / "provenance").glob("*.json")} == {one.id for one in list_providers()}
    assert str(Catalog.bundled().storage) == str(DATA)
