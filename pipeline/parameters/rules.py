"""One rule about one request parameter, as every reader states it, and the sources it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Facets: TypeAlias = dict[str, Any]

CURATED_HOST, CURATED, FIRST_PARTY, OFFICIAL, THIRD_PARTY, FILL = 9, 8, 5, 4, 2, 1
"""How far a rule is believed: checked by hand for this host, checked by hand, a vendor's page, a specification or
SDK, somebody else's notes, a community catalogue."""

FACETS = (
    "support",
    "allow",
    "type",
    "min",
    "above",
    "max",
    "below",
    "also",
    "each",
    "default",
    "choices",
    "any_case",
    "items",
    "length",
    "nonblank",
    "required",
    "fill",
    "conflicts",
    "requires",
    "sure",
    "less_than",
    "implied",
    "code",
    "use",
    "level",
    "foreign",
    "why",
    "at",
    "fix",
)
"""What a rule can say, in the order in which it is written."""


@dataclass(frozen=True, order=True)
class Page:
    """Where a rule was read."""

    url: str
    date: str | None
    kind: str


@dataclass
class Rule:
    """``facets`` hold for ``path`` on ``endpoint`` of ``provider``, for the models named, under ``when``.

    ``among`` keeps a rule to a vendor's models on hosts that serve others too; unlike ``models`` it does not make
    the rule a narrower one.
    """

    provider: str
    endpoint: str
    path: str
    facets: Facets
    pages: tuple[Page, ...]
    tier: int
    models: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    when: Any = None
    among: tuple[str, ...] = ()
    order: tuple[Any, ...] = field(default=())

    def key(self) -> str:
        """A text that is equal for rules that say the same of the same models."""
        return repr(
            (
                self.path,
                self.models,
                self.exclude,
                self.among,
                self.when,
                sorted(self.facets.items(), key=repr),
                self.tier,
            )
        )
