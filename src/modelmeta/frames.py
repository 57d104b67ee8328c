"""Costs and the dataset in frames: pandas, Polars, PyArrow, DuckDB, PySpark, Dask and Ibis.

Needs the extra ``frames`` (``pip install modelmeta[frames]``) and whichever engine the frames are of. Nothing here
loops over rows: prices are laid out as a small table, and the engine joins and multiplies.
"""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any, TypeVar

try:
    import narwhals.stable.v2 as nw
except ImportError as error:  # pragma: no cover
    raise ImportError("modelmeta.frames needs narwhals: pip install 'modelmeta[frames]'") from error

from ._frame_columns import Asked, output_names
from ._frame_engines import is_timed
from ._frame_query import Query
from ._frame_rates import Scope
from ._frame_references import UNKNOWN, references_of
from .api import current_catalog
from .components import COUNTS, TOKENS
from .cost import _seconds, _tier
from .errors import UsageError
from .pricing import OPTIONS, TIERS
from .references import provider_name
from .suggestions import closest
from .usage import check_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal, TypeAlias

    from typing_extensions import TypedDict, Unpack

    from .cost import Moment

    Frame: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"

    class OtherColumns(TypedDict, total=False):
        """The columns of the counts that few requests have, and what all requests have in common."""

        input_audio_tokens: str | None
        cached_input_audio_tokens: str | None
        input_image_tokens: str | None
        cached_input_image_tokens: str | None
        input_video_tokens: str | None
        cached_input_video_tokens: str | None
        output_audio_tokens: str | None
        output_image_tokens: str | None
        output_video_tokens: str | None
        citation_tokens: str | None
        training_tokens: str | None
        cache_storage_token_hours: str | None
        training_hours: str | None
        characters: str | None
        images: str | None
        image_edits: str | None
        input_images: str | None
        megapixels: str | None
        steps: str | None
        seconds: str | None
        input_seconds: str | None
        output_seconds: str | None
        videos: str | None
        frames: str | None
        songs: str | None
        pages: str | None
        annotated_pages: str | None
        requests: str | None
        web_searches: str | None
        x_searches: str | None
        file_searches: str | None
        map_searches: str | None
        rerank_searches: str | None
        grounded_prompts: str | None
        url_fetches: str | None
        code_sessions: str | None
        code_hours: str | None
        storage_gb_days: str | None
        instance_hours: str | None
        instance_months: str | None
        region: str | None
        size: str | None
        quality: str | None
        resolution: str | None
        context_size: str | None
        modality: str | None
        fine_tuned: bool
        thinking: bool | None
        with_audio: bool | None
        variant: str | None


__all__ = ["with_cost"]

FrameT = TypeVar("FrameT")

def with_cost(
    frame: FrameT,
    *,
    model: str = "model",
    input_tokens: str | None = "input_tokens",
    cached_input_tokens: str | None = "cached_input_tokens",
    cache_write_tokens: str | None = "cache_write_tokens",
    cache_write_1h_tokens: str | None = "cache_write_1h_tokens",
    output_tokens: str | None = "output_tokens",
    reasoning_tokens: str | None = "reasoning_tokens",
    tier: str | None = None,
    at: Moment | None = None,
    provider: str | None = None,
    models: Iterable[str] | None = None,
    components: bool = True,
    on_missing: Literal["null", "skip"] = "null",
    nulls: Literal["unpriced", "zero"] = "unpriced",
    prefix: str = "cost",
    **others: Unpack[OtherColumns],
) -> FrameT:
    """``frame`` with what each row costs: what ``compute_cost`` says of it, worked out by the frame's own engine.

    Added are ``cost``, one column for each component (``cost_input``, ``cost_output`` …; not with
    ``components=False``), ``cost_currency``, and ``cost_reason``: why a row has no cost. Such a row's cost is null,
    never zero. The frame is a pandas, Polars, PyArrow, DuckDB, PySpark, Dask or Ibis frame; one that is lazy stays
    so, and rows keep their order where the engine has one.

    ``model`` names the column of references, in any form that ``get_model`` reads. The counts are named as in
    :class:`Usage` and are columns: those of tokens are found by themselves where the frame calls them so, others
    are taken only when you name them (``web_searches="searches"``); ``None`` leaves one out. ``tier``, ``at`` and
    ``provider`` are columns when the frame has one of that name, else the value for all rows; a moment without a
    zone is UTC, and a null tier is the standard one. ``region``, ``size`` … are values for all rows.

    A null part of a total (``cached_input_tokens``) is zero; a null ``input_tokens`` or ``output_tokens`` leaves
    the row without a cost, unless ``nulls="zero"``. With ``on_missing="skip"`` a row that has used something
    without a price costs what the rest does, and ``cost_reason`` still names it.

    A lazy frame's references are unknown until it runs, so it is joined with a list of all spellings of all
    models, in lower case. Only a router's name before ``provider/model`` that is no provider with that model is
    not in it. If you know which references occur, ``models=`` makes the query faster, the list short and complete.

    Costs are 64-bit floats, within 1e-9 of the exact cost relative to it (within 1e-12 of the currency where a price
    by the minute or hour has no exact decimal). Raises ``UsageError`` for columns that are missing or hold no numbers.

    >>> import polars as pl  # doctest: +SKIP
    >>> log = pl.DataFrame({"model": ["gpt-4.1-mini"], "input_tokens": [1_000], "output_tokens": [500]})
    >>> with_cost(log)["cost"].to_list()
    [0.0012]
    """
    if on_missing not in {"null", "skip"}:
        raise UsageError(f"on_missing is 'null' or 'skip', not {on_missing!r}")
    if nulls not in {"unpriced", "zero"}:
        raise UsageError(f"nulls is 'unpriced' or 'zero', not {nulls!r}")
    given: Frame = nw.from_native(frame, pass_through=False)  # type: ignore[call-overload]
    counts: dict[str, Any] = {
        "input_tokens": input_tokens,
        "cached_input_tokens": cached_input_tokens,
        "cache_write_tokens": cache_write_tokens,
        "cache_write_1h_tokens": cache_write_1h_tokens,
        "output_tokens": output_tokens,
        "reasoning_tokens": reasoning_tokens,
        **others,
    }
    options = check_counts({name: counts.pop(name) for name in OPTIONS if name in counts})
    schema = given.collect_schema()
    found = _count_columns(counts, schema)
    tier_column, tiers = _column_or_tier(tier, schema.names())
    at_column, moment = _column_or_moment(at, schema.names())
    provider_column = provider if provider in schema.names() else None
    _need(model, schema.names(), "model")
    if schema[model] not in _STRINGS:
        raise UsageError(f"model={model!r} holds {schema[model]}, not strings")
    catalog = current_catalog()
    if provider is not None and provider_column is None:
        provider = catalog.get_provider(provider_name(provider)).id
    asked = Asked(
        counts=found,
        tier=tier_column,
        at=at_column,
        fractions=frozenset(count for count, column in found.items() if not schema[column].is_integer()),
        prefix=prefix,
        components=components,
        zero_nulls=nulls == "zero",
        skip_missing=on_missing == "skip",
        stranger=UNKNOWN if models is None else "not in models=",
    )
    taken = [name for name in output_names(asked) if name in schema.names()]
    if taken:
        raise UsageError(f"the frame already has a column {taken[0]!r}: choose another prefix=")
    scope = Scope(
        counts=tuple(found),
        tiers=tiers,
        at=None if at_column is not None else moment or (int(time()), True),
        timed=at_column is None or is_timed(given, at_column),
        stated=at is not None,
        options=tuple(options.items()),
        by_reasoning="reasoning_tokens" in found,
    )
    query = Query(
        references=references_of(catalog),
        asked=asked,
        scope=scope,
        model=model,
        provider=provider if provider_column is None else None,
        host=provider_column,
        models=None if models is None else tuple(dict.fromkeys(models)),
    )
    result = query.eager(given) if isinstance(given, nw.DataFrame) else query.lazy(given)
    return result if frame is given else result.to_native()  # type: ignore[return-value]


# Arguments ------------------------------------------------------------------------------------------

_STRINGS = (nw.String, nw.Categorical, nw.Enum, nw.Object)


def _count_columns(counts: dict[str, Any], schema: nw.Schema) -> dict[str, str]:
    """The columns of the counts, in the order of the vocabulary."""
    unknown = [name for name in counts if name not in COUNTS]
    if unknown:
        near = closest(unknown[0], (*COUNTS, *OPTIONS), 2)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise UsageError(f"with_cost() has no argument {unknown[0]!r}{hint}")
    found: dict[str, str] = {}
    for count in COUNTS:
        column = counts.get(count, count if count in TOKENS else None)
        if column is None or (column == count and count in TOKENS and column not in schema.names()):
            continue
        _need(column, schema.names(), count)
        dtype = schema[column]
        if not (dtype.is_numeric() or dtype == nw.Unknown):
            raise UsageError(f"{count}={column!r} holds {dtype}, not numbers: cast it first")
        found[count] = column
    if not found:
        raise UsageError(
            f"no column holds a count: name one, as in input_tokens={next(iter(schema.names()), 'prompt_tokens')!r}"
        )
    return found


def _need(column: object, columns: Sequence[str], argument: str) -> None:
    if column not in columns:
        near = closest(str(column), columns, 2)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {', '.join(columns)}"
        raise UsageError(f"the frame has no column {column!r} for {argument}=; {hint}")


def _column_or_tier(tier: str | None, columns: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    if tier is not None and tier in columns:
        return tier, TIERS
    return None, (_tier(tier, None),)


def _column_or_moment(at: Moment | None, columns: Sequence[str]) -> tuple[str | None, tuple[int, bool] | None]:
    if at is None:
        return None, None
    if isinstance(at, str) and at in columns:
        return at, None
    seconds, timed, _ = _seconds(at)
    return None, (seconds, timed)
