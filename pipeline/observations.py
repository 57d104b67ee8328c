"""One statement of one source about one field of one model: the unit that the whole pipeline handles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

JSON: TypeAlias = "bool | int | str | list[JSON] | dict[str, JSON] | None"

ANY_MODEL = "*"
"""As ``Observation.model``: the statement holds for every model of the provider."""

NEUTRAL = ""
"""As ``Observation.provider``: the statement is about a base model (``author/name``), whoever serves it."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What ``source`` says about ``field`` of ``model`` at ``provider``.

    ``value`` is plain JSON without floats: an amount of money or another fraction is a decimal string.
    ``locator`` is the page, or the file and the place in it. ``date`` is the day (or month, or year) on which
    the source said so; ``None`` when it does not tell.
    """

    provider: str
    model: str
    field: str
    value: JSON
    source: str
    locator: str
    date: str | None = None
    note: str = ""
