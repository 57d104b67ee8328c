"""A date known to the day, the month or only the year, and never more exact than its source."""

from __future__ import annotations

from ._record import Record, register_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

__all__ = ["PartialDate", "as_day", "today", "today_text"]


def today() -> date:
    """Today (UTC)."""
    from datetime import date

    return date.fromisoformat(today_text())


def today_text() -> str:
    """Today (UTC) as ``2026-11-21``, for where importing ``datetime`` would take longer than what is asked."""
    from time import gmtime, strftime

    return strftime("%Y-%m-%d", gmtime())


class PartialDate(Record):
    """A date with the precision its source gave it.

    ``month`` and ``day`` are ``None`` where they were not stated. A partial date known to the day equals (and
    hashes as) that :class:`datetime.date`. There is no ``<``: whether 2024-06 comes before 2024-06-15 is not
    known. Compare ``first_day`` or ``last_day``, whichever the question is about.

    >>> str(PartialDate.parse("2024-06")), PartialDate.parse("2024-06").last_day.isoformat()
    ('2024-06', '2024-06-30')
    """

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``"2024-06-01"``, ``"2024-06"`` or ``"2024"``; raises ``ValueError`` for anything else."""
        given: object = text
        parts = given.split("-") if isinstance(given, str) else []
        digits = all(part.isascii() and part.isdigit() for part in parts)
        if not digits or [len(part) for part in parts] not in ([4], [4, 2], [4, 2, 2]):
            raise ValueError(f"{_shown(text)} is not a date; write 2024-06-01, 2024-06 or 2024")
        numbers = [int(part) for part in parts]
        found = cls(
            year=numbers[0],
            month=numbers[1] if len(numbers) > 1 else None,
            day=numbers[2] if len(numbers) > 2 else None,
        )
        try:
            _ = found.first_day
        except ValueError as error:
            raise ValueError(f"{text!r} is not a date: {error}") from None
        return found

    @property
    def precision(self) -> str:
        """``"day"``, ``"month"`` or ``"year"``."""
        return "year" if self.month is None else "month" if self.day is None else "day"

    @property
    def first_day(self) -> date:
        """The earliest day it can mean."""
        from datetime import date

        return date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @property
    def last_day(self) -> date:
        """The latest day it can mean."""
        from datetime import date, timedelta

        if self.day is not None:
            return self.first_day
        if self.month is None or self.month == 12:
            return date(self.year, 12, 31)
        return date(self.year, self.month + 1, 1) - timedelta(days=1)

    def __str__(self) -> str:
        if self.month is None:
            return f"{self.year:04}"
        if self.day is None:
            return f"{self.year:04}-{self.month:02}"
        return f"{self.year:04}-{self.month:02}-{self.day:02}"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PartialDate):
            return (self.year, self.month, self.day) == (other.year, other.month, other.day)
        from datetime import date, datetime

        if isinstance(other, date) and not isinstance(other, datetime):
            return self.day is not None and self.first_day == other
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.first_day) if self.day is not None else hash((self.year, self.month))


def as_day(value: object, name: str = "at") -> date:
    """The calendar day of a ``date``, an aware or naive ``datetime`` (UTC) or an ISO string.

    Raises ``TypeError`` or ``ValueError`` naming the argument.
    """
    from datetime import date, datetime, timezone

    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else value
        if isinstance(moment, datetime):
            return (moment.astimezone(timezone.utc) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        raise ValueError(f"{name} is a day such as 2026-11-21, not {_shown(value)}") from None
    if isinstance(value, date):
        return value
    raise TypeError(f"{name} is a date or a datetime, not {type(value).__name__}")


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


register_type("PartialDate", PartialDate.parse)
