"""What a model can do and how fast, as tables: the sections of its page that need nothing but the record."""

from __future__ import annotations

from ._display_blocks import Column, Facts, Note, Span, Table, columns, joined
from ._display_words import STATUS_TONES, count, state, words
from ._record import field_names
from .records import Capabilities, Modalities, RateLimit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._display_blocks import Block, Inline
    from .records import Model

__all__ = [
    "capabilities",
    "endpoints",
    "measurements",
    "modalities",
    "names",
    "rate_limits",
    "reasoning",
    "tools",
]


def modalities(model: Model) -> Block:
    kinds = [
        name
        for name in Modalities.NAMES
        if name in {"text", "image", "audio", "video", "pdf"} or name in model.modalities.output
    ]
    rows = []
    for direction, stated in (("input", model.modalities.input), ("output", model.modalities.output)):
        rows.append((direction, *[state(kind in stated if stated else None) for kind in kinds]))
    return Table(columns("", *kinds), tuple(rows))


def capabilities(model: Model) -> list[Block]:
    """A line for each capability that someone has spoken of, and the names of the others."""
    stated = {name: getattr(model.capabilities, name) for name in field_names(Capabilities)}
    rows = [
        (words(name), (state(value), said))
        for wanted, said in ((True, " yes"), (False, Span(" no", "dim")))
        for name, value in stated.items()
        if value is wanted
    ]
    blocks: list[Block] = [Table(columns("capability", "supported"), tuple(rows))] if rows else []
    unknown = [words(name) for name, value in stated.items() if value is None]
    if unknown:
        blocks.append(Note(Span(f"Not stated: {', '.join(unknown)}.", "dim")))
    return blocks


def reasoning(model: Model) -> list[Block]:
    steering = model.reasoning
    rows: list[tuple[str, Inline]] = []
    for name in field_names(type(steering)):
        value = getattr(steering, name)
        if value is not None:
            shown: Inline = (
                ("yes" if value else "no")
                if isinstance(value, bool)
                else ", ".join(map(str, value)) or "none"
                if isinstance(value, tuple)
                else count(value, "tokens")
                if isinstance(value, int)
                else str(value)
            )
            rows.append((words(name), shown))
    return [Facts(tuple(rows))] if rows else []


def endpoints(model: Model) -> list[Block]:
    if not model.endpoints:
        return []
    rows = [
        (words(endpoint.name), Span(endpoint.path or "", "code"), state(endpoint.supported))
        for endpoint in model.endpoints
    ]
    return [Table(columns("endpoint", "path", "supported"), tuple(rows))]


def tools(model: Model) -> list[Block]:
    if not model.tools:
        return []
    rows = [(words(tool.name), Span(tool.version or "", "code"), state(tool.supported)) for tool in model.tools]
    shown = columns("tool", "version", "supported")
    if not any(tool.version for tool in model.tools):
        return [Table((shown[0], shown[2]), tuple([(row[0], row[2]) for row in rows]))]
    return [Table(shown, tuple(rows))]


def rate_limits(model: Model, title: str = "Rate limits") -> list[Block]:
    if not model.rate_limits:
        return []
    used = [
        name
        for name in field_names(RateLimit)
        if name not in {"tier", "seen_on"} and any(getattr(limit, name) is not None for limit in model.rate_limits)
    ]
    rows = []
    for limit in model.rate_limits:
        values = [getattr(limit, name) for name in used]
        rows.append(
            (
                limit.tier,
                *(
                    value if isinstance(value, str) else count(value) if value is not None else Span("-", "dim")
                    for value in values
                ),
            )
        )
    shown = [Column(""), *(Column(_RATE_NAMES.get(name, words(name)), _rate_align(name)) for name in used)]
    dates = sorted({str(limit.seen_on) for limit in model.rate_limits if limit.seen_on is not None})
    seen = f"as of {dates[-1]}" if dates else ""
    return [Table(tuple(shown), tuple(rows), title=", ".join(part for part in (title, seen) if part))]


def _rate_align(name: str) -> str:
    return "left" if name in {"region", "context"} else "right"


_RATE_NAMES = {
    "rps": "requests/s",
    "rpm": "requests/min",
    "rpd": "requests/day",
    "tpm": "tokens/min",
    "tpd": "tokens/day",
    "itpm": "input tokens/min",
    "otpm": "output tokens/min",
    "ipm": "images/min",
    "audio_seconds_per_hour": "audio s/hour",
    "batch_queue_limit": "batch queue tokens",
}


def names(model: Model) -> list[Block]:
    blocks: list[Block] = []
    if model.snapshots:
        rows = [
            (
                (Span(snapshot.id, "code"), Span(" (default)" if snapshot.id == model.default_snapshot else "", "dim")),
                Span(snapshot.status, STATUS_TONES.get(snapshot.status, "")),
                "" if snapshot.released is None else str(snapshot.released),
                "" if snapshot.retires_on is None else str(snapshot.retires_on),
            )
            for snapshot in model.snapshots
        ]
        blocks.append(Table(columns("snapshot", "status", "released", "retires"), tuple(rows)))
    if model.aliases:
        blocks.append(Facts((("aliases", joined([Span(alias, "code") for alias in model.aliases])),)))
    if model.platform_ids:
        rows_ = tuple([(place.platform, Span(place.id, "code")) for place in model.platform_ids])
        blocks.append(Table(columns("platform", "its id there"), rows_))
    return blocks


def measurements(model: Model) -> list[Block]:
    if not model.observed:
        return []
    rows = [
        (
            "" if measured.measured_on is None else str(measured.measured_on),
            "" if measured.output_tokens_per_second is None else f"{measured.output_tokens_per_second:f}",
            "" if measured.ttft_ms is None else f"{measured.ttft_ms:,}",
            measured.measured_by or "",
        )
        for measured in model.observed
    ]
    shown = columns(
        "day", "tokens/s", "ms to first token", "measured by", point=["tokens/s"], right=["ms to first token"]
    )
    return [Table(shown, tuple(rows))]
