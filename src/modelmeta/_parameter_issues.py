"""What a check finds: records of single issues and of the pages behind them."""

from __future__ import annotations

from ._record import Record

__all__ = ["ParameterIssue", "ParameterSource"]


class ParameterSource(Record):
    """The page that a rule was taken from, and the day (or month, or year) on which it said so.

    ``kind`` is ``"official_spec"``, ``"official_docs"``, ``"official_sdk"``, ``"probe"`` (someone tried it),
    ``"report"`` (a request that the provider rejected) or ``"third_party"``.

    >>> from modelmeta import get_parameters
    >>> (source,) = get_parameters("gpt-4.1-mini")["temperature"].sources
    >>> source.kind, source.date
    ('official_spec', '2026-08-21')
    """

    url: str
    date: str | None = None
    kind: str = ""

    def __str__(self) -> str:
        return self.url


class ParameterIssue(Record):
    """One thing that is wrong with a request.

    ``code`` is stable: ``unsupported_parameter``, ``unsupported_value``, ``out_of_range``, ``wrong_type``,
    ``conflict``, ``missing_required``, ``limit_exceeded``, ``renamed``, ``deprecated``, ``ignored``,
    ``unknown_parameter``, ``unknown_model``. ``severity`` is ``"error"`` (the provider rejects the request) or
    ``"warning"``. ``path`` is the parameter as the caller spelled it and ``value`` what it was set to, ``allowed``
    what would pass (choices, or a range such as ``"[0, 2]"``), ``suggestion`` the fix, ``sources`` the pages that
    say so, each with ``url``, ``date`` and ``kind`` (``"official_docs"``, ``"probe"``, ``"report"`` …).

    >>> from modelmeta import check_parameters
    >>> (issue,) = check_parameters("gpt-4.1-mini", {"temperature": 2.5}).issues
    >>> issue.code, issue.severity, issue.path, issue.value, issue.allowed
    ('out_of_range', 'error', 'temperature', 2.5, ('[0, 2]',))
    """

    code: str
    severity: str
    path: str
    value: object = None
    message: str = ""
    allowed: tuple[object, ...] = ()
    suggestion: str | None = None
    sources: tuple[ParameterSource, ...] = ()

    def __str__(self) -> str:
        return f"{self.severity}: {self.message}"
