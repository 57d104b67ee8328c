"""Dates that are never more exact than their source."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from modelmeta import Lifecycle, Model, PartialDate
from modelmeta.dates import as_day

days = st.dates()
months = st.tuples(st.integers(1, 9999), st.integers(1, 12))
years = st.integers(1, 9999)
texts = (
    days.map(lambda day: day.isoformat())
    | months.map(lambda month: "{:04}-{:02}".format(*month))
    | years.map(lambda year: f"{year:04}")
)


@given(texts)
def test_text_comes_back_as_it_was(text: str) -> None:
    assert str(PartialDate.parse(text)) == text


@given(texts)
def test_partial_dates_come_back_as_they_were(text: str) -> None:
    found = PartialDate.parse(text)
    assert PartialDate.parse(str(found)) == found
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2024-06-01", "day", date(2024, 6, 1), date(2024, 6, 1)),
        ("2024-06", "month", date(2024, 6, 1), date(2024, 6, 30)),
        ("2024-12", "month", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", "month", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
        ("9999", "year", date(9999, 1, 1), date(9999, 12, 31)),
        ("9999-06", "month", date(9999, 6, 1), date(9999, 6, 30)),
        ("9999-12", "month", date(9999, 12, 1), date(9999, 12, 31)),
        ("0001", "year", date(1, 1, 1), date(1, 12, 31)),
    ],
)
def test_precision_and_span(text: str, precision: str, first: date, last: date) -> None:
    found = PartialDate.parse(text)
    assert (found.precision, found.first_day, found.last_day) == (precision, first, last)


@given(texts)
def test_the_span_is_all_days_that_begin_with_the_text(text: str) -> None:
    found = PartialDate.parse(text)
    assert found.first_day <= found.last_day
    assert found.first_day.isoformat().startswith(text)
    assert found.last_day.isoformat().startswith(text)
    for outside in (-1, 1):
        edge = found.first_day if outside < 0 else found.last_day
        assume(date.min < edge < date.max)
        assert not (edge + timedelta(days=outside)).isoformat().startswith(text)


@given(days)
def test_a_whole_date_equals_the_day_and_hashes_as_it(day: date) -> None:
    found = PartialDate.parse(day.isoformat())
    assert found == day
    assert day == found
    assert hash(found) == hash(day)
    held: dict[object, str] = {found: "partial", day: "whole"}
    assert held == {day: "whole"}


def test_a_month_is_not_its_first_day() -> None:
    month = PartialDate.parse("2024-06")
    assert month != date(2024, 6, 1)
    assert month != PartialDate.parse("2024-06-01")
    assert PartialDate.parse("2024") != PartialDate.parse("2024-01")
    assert len({PartialDate.parse(text) for text in ("2024", "2024-01", "2024-01-01", "2024-01-01")}) == 3


def test_equals_neither_a_moment_nor_a_text() -> None:
    day = PartialDate.parse("2024-06-01")
    assert day != datetime(2024, 6, 1)  # noqa: DTZ001
    assert day != "2024-06-01"
    assert day != 20240601


def test_has_no_order_since_it_is_not_known() -> None:
    with pytest.raises(TypeError):
        _ = PartialDate.parse("2024-06") < PartialDate.parse("2024-06-15")  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "--", "24", "202", "20240", "2024-", "2024-6", "2024-06-1", "2024-00", "2024-13", "2024-06-00",
        "2024-06-31", "2023-02-29", "0000", "0000-01", "20240601", "202406", "2024/06/01", "2024-06-01T00:00:00",
        "2024-06-01-01", " 2024", "2024 ", "2024-06-01\n", "+2024", "-2024", "2024-+6", "2024-06-0x", "June 2024",
        "\uff12\uff10\uff12\uff14", "2024-\u0660\u0666", "2024-\xb26", "2024\x00", "2024\u201006", "9" * 100, "x" * 1_000_000,
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date") as caught:
        PartialDate.parse(text)
    assert len(str(caught.value)) < 200
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("value", [None, 2024, 20.24, b"2025", ["2024"], date(2024, 6, 1)])
def test_what_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        PartialDate.parse(value)


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        found = PartialDate.parse(text)
    except ValueError:
        return
    assert str(found) == text


# as_day -----------------------------------------------------------------------------------------------


def test_as_day_takes_days_and_moments() -> None:
    day = date(2026, 11, 21)
    assert as_day(day) == day
    assert as_day(datetime(2026, 11, 21, 23, 59)) == day  # noqa: DTZ001
    assert as_day(datetime(2026, 11, 21, tzinfo=timezone.utc)) == day
    assert as_day(datetime(2026, 11, 22, 1, tzinfo=timezone(timedelta(hours=2)))) == day
    assert as_day(datetime(2026, 11, 20, 23, tzinfo=timezone(timedelta(hours=-2)))) == day
    assert type(as_day(datetime(2026, 11, 21, 1, tzinfo=timezone.utc))) is date


@pytest.mark.parametrize(
    "text",
    ["2026-11-21", "2026-11-21T10:00:00", "2026-11-21T10:00:00Z", "2026-11-22T01:00:00+02:00", "2026-11-21 10:00"],
)
def test_as_day_takes_iso_text(text: str) -> None:
    assert as_day(text) == date(2026, 11, 21)


@pytest.mark.parametrize("value", ["", "soon", "2026-13-01", "21.11.2026", "2026-11", "x" * 100_000])
def test_as_day_names_the_argument_and_the_value(value: str) -> None:
    with pytest.raises(ValueError, match=r"^started_on is a day such as") as caught:
        as_day(value, "started_on")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", [None, 5, 1.5, b"2026-11-21", (2026, 11, 21)])
def test_as_day_refuses_other_types(value: object) -> None:
    with pytest.raises(TypeError, match=rf"^at is a date or a datetime, not {type(value).__name__}"):
        as_day(value)


@pytest.mark.parametrize(
    "value",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
    ],
)
def test_as_day_at_the_ends_of_time(value: datetime) -> None:
    with pytest.raises(ValueError, match=r"^at is a day"):
        as_day(value)


# Status by day ---------------------------------------------------------------------------------------------


def stage(day: str, **facts: str) -> str:
    dates = {name: value if name == "stated" else PartialDate.parse(value) for name, value in facts.items()}
    return Lifecycle(**dates).status_on(date.fromisoformat(day))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "facts", "status"),
    [
        ("2026-11-21", {}, "active"),
        ("2026-04-30", {"released": "2026-05-01"}, "unreleased"),
        ("2026-05-01", {"released": "2026-05-01"}, "active"),
        ("2026-05-15", {"released": "2026-05"}, "active"),
        ("2026-04-30", {"released": "2026-05"}, "unreleased"),
        ("2026-05-01", {"released": "2026-05-01", "stated": "preview"}, "preview"),
        ("2026-10-13", {"deprecated_on": "2026-10-14", "retires_on": "2027-01-14"}, "active"),
        ("2026-10-14", {"deprecated_on": "2026-10-14", "retires_on": "2027-01-14"}, "deprecated"),
        ("2027-01-13", {"deprecated_on": "2026-10-14", "retires_on": "2027-01-14"}, "deprecated"),
        ("2027-01-14", {"deprecated_on": "2026-10-14", "retires_on": "2027-01-14"}, "retired"),
        ("2026-09-01", {"deprecated_on": "2026-10-14", "stated": "legacy"}, "legacy"),
        ("2026-11-01", {"deprecated_on": "2026-10-14", "stated": "legacy"}, "deprecated"),
        ("2026-11-21", {"stated": "deprecated"}, "deprecated"),
        ("2026-11-21", {"stated": "deprecated", "retires_on": "2027-01"}, "deprecated"),
        ("2026-11-21", {"stated": "retired"}, "retired"),
        ("2025-11-21", {"stated": "retired", "retires_on": "2026-01-01", "deprecated_on": "2025-06-01"}, "deprecated"),
        ("2025-01-21", {"stated": "retired", "retires_on": "2026-01-01", "deprecated_on": "2025-06-01"}, "active"),
        ("2026-01-19", {"last_listed": "2026-01-19"}, "active"),
        ("2026-01-20", {"last_listed": "2026-01-19"}, "retired"),
        ("2026-01-20", {"last_listed": "2026-01-19", "retires_on": "2026-02-17"}, "active"),
        ("2027-01-31", {"retires_on": "2027-01"}, "retired"),
        ("2027-01-30", {"retires_on": "2027-01"}, "active"),
        ("2027-06-01", {"retires_not_before": "2027-01-01"}, "active"),
    ],
)
def test_status_follows_from_the_dates(day: str, facts: dict[str, str], status: str) -> None:
    assert stage(day, **facts) == status


@given(
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("released", "deprecated_on", "retires_on", "retires_not_before", "last_listed"), texts),
            "stated": st.sampled_from(["preview", "active", "legacy", "deprecated", "retired"]),
        },
    ),
    days,
    days,
)
def test_nothing_comes_back_from_retirement(facts: dict[str, str], one: date, other: date) -> None:
    earlier, later = sorted([one, other])
    assume("released" not in facts)
    if stage(earlier.isoformat(), **facts) == "retired":
        assert stage(later.isoformat(), **facts) == "retired"


def test_a_model_takes_a_moment_as_well_as_a_day() -> None:
    model = Model(id="x", provider="y", lifecycle=Lifecycle(retires_on=PartialDate.parse("2026-11-21")))
    assert model.status_on(datetime(2026, 11, 20, 23, tzinfo=timezone(timedelta(hours=-2)))) == "retired"
    assert model.status_on(date(2026, 11, 20)) == "active"
    assert model.lifecycle.status_on(datetime(2026, 11, 21, 1, tzinfo=timezone.utc)) == "retired"
    with pytest.raises(TypeError, match=r"^day is a date"):
        model.status_on(None)  # type: ignore[arg-type]
