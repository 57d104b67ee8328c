"""What the archived model-list APIs share: one line a model, with the days it was first and last listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.sources.facts import Fact, Statement, load

FOLDER = "provider-apis"


@dataclass(frozen=True, slots=True)
class Listing:
    """One model of a list: its record as last seen."""

    id: str
    record: dict[str, Any]
    first_seen: str
    last_seen: str
    has_left: bool
    locator: str

    def said_of(self, model: str, *, provider: str, source: str) -> Statement:
        return Statement(provider, model, source, self.locator, self.last_seen)

    def presence(self) -> Iterator[Fact]:
        """That the model was listed, which for many ids is all the API says of them."""
        yield Fact("lifecycle.first_listed", self.first_seen)
        if self.has_left:
            yield Fact("lifecycle.last_listed", self.last_seen)


def read_listings(root: Path, vendor: str) -> Iterator[Listing]:
    """The models of one vendor's list, in the file's order.

    A model was removed when it was last seen before the newest answer that the archive has of this list.
    """
    name = f"{FOLDER}/{vendor}.jsonl"
    lines = [load(line) for line in (root / name).read_text(encoding="utf-8").splitlines() if line.strip()]
    newest = max((line["last_seen"] for line in lines), default="")
    for line in lines:
        yield Listing(
            id=line["id"],
            record=line["record"],
            first_seen=line["first_seen"],
            last_seen=line["last_seen"],
            has_left=line["last_seen"] < newest,
            locator=f"{name}#{line['id']}",
        )
