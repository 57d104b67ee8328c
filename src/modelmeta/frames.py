"""Costs and the dataset in frames: pandas, Polars, PyArrow, DuckDB, PySpark, Dask and Ibis.

Needs the extra ``frames`` (``pip install modelmeta[frames]``) and whichever engine the frames are of. Nothing here
loops over rows: prices are laid out as a small table, and the engine joins and multiplies.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

try:
    import narwhals.stable.v2 as nw
except ImportError as error:  # pragma: no cover
    raise ImportError("modelmeta.frames needs narwhals: pip install 'modelmeta[frames]'") from error

from ._frame_arguments import understood
from ._frame_engines import CARRIERS, carrier, temporary, whole_table
from ._frame_sql import dialect_of, statements
from ._frame_tables import TABLES, columns_of
from .api import list_models
from .errors import UsageError
from .suggestions import one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Literal, TypeAlias

    import pandas as pd
    import polars as pl
    from narwhals.stable.v2.typing import IntoFrame
    from typing_extensions import Unpack

    from ._usage_counts import UsageOptions
    from .cost import Moment

    Backend: TypeAlias = Literal["polars", "pandas", "pyarrow", "duckdb", "ibis", "dask", "pyspark"]
    Dialect: TypeAlias = Literal["bigquery", "duckdb", "postgres", "snowflake", "sqlite"]
    TableName: TypeAlias = Literal["models", "prices", "parameters"]

    class OtherColumns(UsageOptions, total=False):
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

    class Arguments(OtherColumns, total=False):
        """The arguments of ``with_cost`` beside the frame."""

        model: str
        input_tokens: str | None
        cached_input_tokens: str | None
        cache_write_tokens: str | None
        cache_write_1h_tokens: str | None
        output_tokens: str | None
        reasoning_tokens: str | None
        tier: str | None
        at: Moment | None
        provider: str | None
        models: Iterable[str] | None
        components: bool
        on_missing: Literal["null", "skip"]
        nulls: Literal["unpriced", "zero"]
        prefix: str


__all__ = [
    "CostQuery",
    "cost_sql",
    "model_table",
    "parameter_table",
    "price_table",
    "table_sql",
    "with_cost",
    "write_parquet",
]

FrameT = TypeVar("FrameT")

BACKENDS = (*CARRIERS, "duckdb", "ibis", "dask", "pyspark")


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

    A lazy frame's references are unknown until it runs, so it is joined with a list of all spellings of all models,
    which takes some seconds to make once in a process. Not in it are a router's name before ``provider/model``, and
    another provider's ``provider/model`` beside a column of providers: such a row says that its model is unknown. If
    you know which references occur, ``models=`` makes the list short, complete and quick.

    Costs are 64-bit floats, within 1e-9 of the exact cost relative to it (within 1e-12 of the currency where a price
    by the minute or hour has no exact decimal). Raises ``UsageError`` for columns that are missing or hold no numbers.

    >>> import polars as pl  # doctest: +SKIP
    >>> log = pl.DataFrame(  # doctest: +SKIP
    ...     {"model": ["gpt-4.1-mini"], "input_tokens": [1_000], "output_tokens": [500]}
    ... )
    >>> with_cost(log)["cost"].to_list()  # doctest: +SKIP
    [0.0012]
    """
    try:
        given: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(frame, pass_through=False)
    except TypeError as error:
        raise UsageError(f"with_cost() takes a frame, not {type(frame).__name__}: {error}") from None
    query = understood(
        given,
        model=model,
        tier=tier,
        at=at,
        provider=provider,
        models=models,
        components=components,
        on_missing=on_missing,
        nulls=nulls,
        prefix=prefix,
        input_tokens=input_tokens,
        cached_input_tokens=cached_input_tokens,
        cache_write_tokens=cache_write_tokens,
        cache_write_1h_tokens=cache_write_1h_tokens,
        output_tokens=output_tokens,
        reasoning_tokens=reasoning_tokens,
        **others,
    )
    result = query.eager(given) if isinstance(given, nw.DataFrame) else query.lazy(given)
    return result if frame is given else result.to_native()  # type: ignore[return-value]


# The dataset ------------------------------------------------------------------------------------------


@overload
def model_table(backend: Literal["polars"]) -> pl.DataFrame: ...
@overload
def model_table(backend: Literal["pandas"]) -> pd.DataFrame: ...
@overload
def model_table(backend: Backend) -> IntoFrame: ...
def model_table(backend: Backend) -> IntoFrame:
    """All models as a frame of ``backend``, a row for each: identity, lifecycle, limits, capabilities.

    ``backend`` is ``"polars"``, ``"pandas"``, ``"pyarrow"``, ``"duckdb"``, ``"ibis"``, ``"dask"`` or ``"pyspark"``.
    Lists are one text with blanks between; dates are text as precise as they are known (``2024-06``).

    >>> model_table("pyarrow").num_rows > 1_000  # doctest: +SKIP
    True
    """
    return _frame_of("models", backend)


@overload
def price_table(backend: Literal["polars"]) -> pl.DataFrame: ...
@overload
def price_table(backend: Literal["pandas"]) -> pd.DataFrame: ...
@overload
def price_table(backend: Backend) -> IntoFrame: ...
def price_table(backend: Backend) -> IntoFrame:
    """All prices as a frame of ``backend`` (see :func:`model_table`), a row for each rate of each model.

    ``amount`` is a float and ``exact_amount`` the same as a decimal in text, in ``currency`` for each ``unit``;
    the columns from ``above_input_tokens`` on say on what condition, ``source`` who says so.

    >>> price_table("pyarrow").num_rows > 1_000  # doctest: +SKIP
    True
    """
    return _frame_of("prices", backend)


@overload
def parameter_table(backend: Literal["polars"]) -> pl.DataFrame: ...
@overload
def parameter_table(backend: Literal["pandas"]) -> pd.DataFrame: ...
@overload
def parameter_table(backend: Backend) -> IntoFrame: ...
def parameter_table(backend: Backend) -> IntoFrame:
    """All request parameters as a frame of ``backend`` (see :func:`model_table`), a row for each of each model.

    ``default`` and ``choices`` are JSON.

    >>> parameter_table("pyarrow").num_rows > 1_000  # doctest: +SKIP
    True
    """
    return _frame_of("parameters", backend)


def _frame_of(name: TableName, backend: str) -> IntoFrame:
    one_of(backend, BACKENDS, "backend")
    table = TABLES[name]
    made: IntoFrame = whole_table(columns_of(table, list_models()), table.kinds, backend)
    return made


def write_parquet(folder: str | os.PathLike[str]) -> None:
    """Write ``models.parquet``, ``prices.parquet`` and ``parameters.parquet`` into ``folder``, made if need be."""
    os.makedirs(folder, exist_ok=True)
    for name, table in TABLES.items():
        frame = nw.from_native(whole_table(columns_of(table, list_models()), table.kinds, carrier()), eager_only=True)
        frame.write_parquet(os.path.join(folder, f"{name}.parquet"))


def table_sql(name: TableName, *, dialect: Dialect = "duckdb") -> Iterator[str]:
    """The statements that make the table ``modelmeta_models``, ``…_prices`` or ``…_parameters`` and fill it.

    ``name`` is ``"models"``, ``"prices"`` or ``"parameters"``, with the columns of :func:`model_table` and its kin;
    ``dialect`` is ``"bigquery"``, ``"duckdb"``, ``"postgres"``, ``"snowflake"`` or ``"sqlite"``.

    >>> next(table_sql("prices", dialect="sqlite"))[:29]
    'CREATE TABLE modelmeta_prices'
    """
    table = TABLES[one_of(name, tuple(TABLES), "table")]
    return statements(f"modelmeta_{name}", columns_of(table, list_models()), table.kinds, dialect)


class CostQuery(NamedTuple):
    """A query for costs in SQL, and the statements that make the tables of prices which it joins."""

    query: str
    setup: tuple[str, ...]


def cost_sql(
    table: str, columns: Mapping[str, str], *, dialect: Dialect = "duckdb", **arguments: Unpack[Arguments]
) -> CostQuery:
    """What :func:`with_cost` does, as SQL for a warehouse: the columns of ``table`` and what each row costs.

    ``table`` may name its schema and database (``prod.usage.log``). ``columns`` are those that the result is to
    have, with their types (``{"model": "string", "input_tokens": "int64", "sent": "timestamp"}``); the other arguments
    are those of :func:`with_cost`. Run ``setup`` once: it makes the tables ``modelmeta_references``,
    ``modelmeta_rates`` and where it is needed ``modelmeta_places``, which hold for these arguments and today's prices.
    The first is long unless ``models=`` says which references occur. Without it SQLite, which has no regular
    expressions, does not find fine-tunes, ARNs and project paths.

    Needs Ibis (``pip install 'ibis-framework[duckdb]'``), which knows the dialects; see :func:`table_sql` for them.

    >>> columns = {"model": "string", "input_tokens": "int64", "output_tokens": "int64"}
    >>> made = cost_sql("log", columns, models=["gpt-4.1-mini"], dialect="snowflake")  # doctest: +SKIP
    """
    dialect_of(dialect)
    try:
        import ibis
    except ImportError:
        raise UsageError("cost_sql() needs Ibis: pip install 'ibis-framework[duckdb]'") from None
    *above, name = table.split(".")[-3:]
    place = dict(zip(("database", "catalog"), reversed(above), strict=False))
    given: nw.LazyFrame[Any] = nw.from_native(ibis.table(dict(columns), name=name, **place))
    asked: dict[str, Any] = {**(with_cost.__kwdefaults__ or {}), **arguments}
    query = understood(given, **asked)._replace(plain=dialect == "sqlite")
    prepared = query.prepared(given)
    setup: list[str] = []
    for sheet in filter(None, (prepared.references, prepared.places, prepared.cells)):
        named = {temporary(name): values for name, values in sheet.columns.items()}
        kinds = {temporary(name): sheet.kind(name) for name in sheet.columns}
        setup += statements(f"modelmeta_{sheet.name}", named, kinds, dialect)
    return CostQuery(str(ibis.to_sql(query.lazy(given).to_native(), dialect=dialect)), tuple(setup))
