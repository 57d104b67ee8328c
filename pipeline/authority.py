"""Who is believed about what: one table, field by field, and the reason for each row.

A row lists groups of sources, the most believed group first. Within a group the newest statement wins, and an
undated one counts as older than any dated one. A source that a row does not list is not believed about that field.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

FIRST_PARTY = ("vendor-pages", "vendor-apis", "page-openai")
COPIES = ("vendor-copies",)
REPORTS = ("vendor-reports",)
ROUTERS = ("openrouter-api", "zenmux-api")
CATALOGUES = ("models.dev", "models.dev-base", "genai-prices", "portkey")
OTHER_PAGES = ("page-tracker", "page-modelmeta", "page-starmap-provider", "page-starmap-author")


@dataclass(frozen=True, slots=True)
class Authority:
    """Who is believed about the fields that match ``field`` (a shell pattern), and why."""

    field: str
    groups: tuple[tuple[str, ...], ...]
    reason: str


_BY_STANDING = (FIRST_PARTY, COPIES, ROUTERS, REPORTS, CATALOGUES, OTHER_PAGES)
_APIS_FIRST = (
    ("vendor-apis",), ("page-openai", "vendor-pages"), COPIES, ROUTERS, REPORTS, ("models.dev",), CATALOGUES[1:],
    OTHER_PAGES,
)  # fmt: skip

AUTHORITY = (
    Authority(
        "lifecycle.released",
        (
            ("vendor-pages",),
            COPIES,
            ("models.dev",),
            ("vendor-apis",),
            REPORTS,
            ("models.dev-base", "zenmux-api"),
            OTHER_PAGES,
        ),
        "A page prints the day of release; an API's creation time can be days off it.",
    ),
    Authority(
        "lifecycle.*_listed",
        (("vendor-apis",), ROUTERS),
        "Only the vendor's own list can show that a model has left it.",
    ),
    Authority(
        "lifecycle.*",
        ((*FIRST_PARTY, *COPIES, *REPORTS), ROUTERS, CATALOGUES, OTHER_PAGES),
        "Deprecations are announced and moved; the newest account of the vendor's announcement is the right one.",
    ),
    Authority(
        "knowledge_cutoff",
        (
            ("page-openai", "vendor-pages"),
            COPIES,
            REPORTS,
            ("openrouter-api",),
            ("models.dev",),
            ("models.dev-base",),
            OTHER_PAGES,
        ),
        "Only the author knows it; catalogues copy each other and agree on fewer than half.",
    ),
    Authority(
        "training_cutoff",
        (("vendor-pages",), COPIES, REPORTS),
        "Only the author knows it.",
    ),
    Authority(
        "limits.*",
        _APIS_FIRST,
        "The API enforces what its model list states; pages follow; catalogues mix input limit and context window.",
    ),
    Authority(
        "modalities.*",
        (
            ("page-openai", "vendor-pages"),
            COPIES,
            ("vendor-apis",),
            ROUTERS,
            REPORTS,
            ("models.dev",),
            ("models.dev-base", "portkey"),
            OTHER_PAGES,
        ),
        "The vendor's page lists them by direction; model-list APIs mostly do not.",
    ),
    Authority(
        "capabilities.*",
        _APIS_FIRST,
        "A capability tree answered by the API is what the API does; then the page's feature list.",
    ),
    Authority(
        "endpoints.*",
        (("vendor-apis",), ("vendor-pages",), COPIES, ("page-openai",), REPORTS, ROUTERS, CATALOGUES, OTHER_PAGES),
        "A page's table of endpoints says yes and no for each; an enumeration in a specification says only yes.",
    ),
    Authority("endpoint_paths.*", (FIRST_PARTY, COPIES, REPORTS), "Paths are the vendor's to name."),
    Authority("tools.*", _BY_STANDING, "Built-in tools run at the vendor, who says which model may call them."),
    Authority(
        "reasoning.*",
        _APIS_FIRST,
        "Efforts and budgets are enforced by the API; its own statement comes first.",
    ),
    Authority(
        "rate_limits",
        (FIRST_PARTY, COPIES, REPORTS, OTHER_PAGES),
        "Limits by usage tier are the vendor's to state; copies often cut the table.",
    ),
    Authority(
        "price",
        ((*FIRST_PARTY, *COPIES), ROUTERS, REPORTS, ("models.dev",), ("genai-prices",), ("portkey",), OTHER_PAGES),
        "A price is what the vendor's newest price page says; then the catalogue that agrees most with such pages.",
    ),
    Authority(
        "aliases",
        (FIRST_PARTY, COPIES, REPORTS, ROUTERS),
        "What an id points at is the vendor's decision.",
    ),
    Authority("snapshots", (FIRST_PARTY, COPIES, REPORTS), "Pinned versions are listed by the vendor."),
    Authority(
        "default_snapshot",
        ((*FIRST_PARTY, *COPIES), REPORTS, ROUTERS),
        "An alias moves; the newest page says where it points.",
    ),
    Authority("platform_ids", (FIRST_PARTY, COPIES, REPORTS), "Author and platform publish the ids side by side."),
    Authority(
        "observed",
        (("measurements",), OTHER_PAGES),
        "Speed is measured, not stated by vendors; every measurement keeps its day and who made it.",
    ),
    Authority(
        "license",
        (FIRST_PARTY, COPIES, REPORTS, CATALOGUES),
        "The author grants it.",
    ),
    Authority("name", _BY_STANDING, "The vendor's spelling of its own product."),
    Authority("author", _BY_STANDING, "Stated by whoever is closest to the vendor."),
    Authority(
        "family",
        (("vendor-pages",), COPIES, ("models.dev",), ("models.dev-base", "genai-prices", "portkey"), OTHER_PAGES),
        "The vendor's line, else models.dev's grouping.",
    ),
    Authority(
        "base",
        (("models.dev-base",), FIRST_PARTY, COPIES),
        "models.dev keeps the links by hand; pages seldom state them.",
    ),
    Authority(
        "size_class",
        (FIRST_PARTY, COPIES, REPORTS, OTHER_PAGES),
        "A vendor's word, or where none is printed a tracker's.",
    ),
    Authority(
        "open_weights",
        (FIRST_PARTY, COPIES, REPORTS, ("models.dev",), ("models.dev-base",), OTHER_PAGES),
        "The author publishes weights or does not.",
    ),
    Authority("links.*", (*_BY_STANDING,), "The page itself."),
    Authority(
        "provider.*", (("models.dev",),), "models.dev keeps names, base URLs and key variables of every provider."
    ),
    Authority(
        "parameter_*",
        (
            ("parameter-facts", "openai-openapi", *FIRST_PARTY),
            COPIES,
            REPORTS,
            OTHER_PAGES,
            ROUTERS,
            (*CATALOGUES, "modelparams"),
        ),
        "Kept whole for the parameter rules, which weigh them one by one.",
    ),
    Authority(
        "parameters.*",
        (("openai-openapi", "parameter-facts", *FIRST_PARTY), COPIES, REPORTS, OTHER_PAGES),
        "The page of the parameter rule, or of the limit of the model that the rule goes by.",
    ),
    Authority(
        "unsupported_parameters",
        (FIRST_PARTY, COPIES, REPORTS),
        "Kept whole for the parameter rules.",
    ),
    Authority("supported_parameters", (ROUTERS,), "Kept whole for the parameter rules."),
)


@cache
def authority(field: str) -> Authority:
    """The row for a field; raises ``LookupError`` when the table has none."""
    for row in AUTHORITY:
        if fnmatchcase(field, row.field):
            return row
    raise LookupError(f"authority.py has no row for the field {field!r}: say who is believed about it, and why")


@cache
def rank(field: str, source: str) -> int | None:
    """The place of a source's group for a field (0 is believed first), or ``None`` if it is not believed at all."""
    for place, group in enumerate(authority(field).groups):
        if source in group:
            return place
    return None
