"""What is about to go away, what replaces it, and whether the ids in an app or a configuration still hold."""

from __future__ import annotations

from ._record import Record
from .active import current_catalog, forget_lookups
from .catalog import Catalog
from .dates import as_day
from .errors import AmbiguousModelError, InvalidReferenceError, UnknownModelError
from .records import Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, timedelta

    from .resolution import Resolution

__all__ = [
    "CODES",
    "AuditFinding",
    "AuditReport",
    "audit_models",
    "replacement_chain",
    "retiring",
    "stale",
    "warn_deprecated",
]


def retiring(within: timedelta, *, on: date | datetime | None = None, provider: str | None = None) -> tuple[Model, ...]:
    """The models that retire within that time from ``on`` (today by default), the soonest first.

    A date known to the month counts from the month's first day, since it may be that. Models that are retired on
    ``on`` already are not among them. Raises ``UnknownProviderError``.

    >>> from datetime import date, timedelta
    >>> soon = retiring(timedelta(days=60), on=date(2026, 12, 1), provider="openai")
    >>> "gpt-4.1-mini" in [model.id for model in soon]
    True
    """
    day = _day(on)
    found = [
        (retires.first_day, model.qualified_id, model)
        for model in current_catalog().list_models(provider=provider)
        if (retires := model.lifecycle.retires_on) is not None
        and retires.first_day - day <= within
        and model.status_on(day) != "retired"
    ]
    return tuple([model for _, _, model in sorted(found, key=lambda row: row[:2])])


def stale(
    after: timedelta, *, on: date | datetime | None = None, provider: str | None = None, field: str | None = None
) -> tuple[Model, ...]:
    """The models that no source has spoken of for longer than ``after`` before ``on``, the longest first.

    With a ``field`` (or a group of fields: ``"pricing"``, ``"limits"``) it is what is believed of that field which no
    source has said for so long; of a group, the fact said the longest ago counts. That reads what every source said
    of each model: under a second for a ``provider``, half a minute for all. First come those of which no source says
    when it spoke. Retired models, whose facts no longer change, are left out.

    >>> from datetime import date, timedelta
    >>> from modelmeta import get_model
    >>> get_model("gpt-4.1-mini") in stale(timedelta(days=1), on=date(2100, 1, 1), provider="openai")
    False
    >>> get_model("gpt-5.4") in stale(timedelta(days=1), on=date(2026, 12, 1), provider="openai", field="pricing")
    True
    """
    from .provenance import last_said

    day = _day(on)
    catalog = current_catalog()
    found: list[tuple[date, str, Model]] = []
    for model in catalog.list_models(provider=provider):
        if model.status_on(day) == "retired":
            continue
        if field is None:
            seen = model.seen_on
        elif said := catalog.list_observations(model.qualified_id, field):
            seen = last_said(said)
        else:
            continue
        last = day.min if seen is None else seen.last_day
        if last == day.min or day - last > after:
            found.append((last, model.qualified_id, model))
    return tuple([model for _, _, model in sorted(found, key=lambda row: row[:2])])


def _day(on: date | datetime | None) -> date:
    from datetime import datetime, timezone

    return as_day(datetime.now(timezone.utc) if on is None else on, "on")


def replacement_chain(ref: str | Model) -> tuple[Model, ...]:
    """What the vendor names to replace a model, what to replace that, and so on; empty where nothing is named.

    It ends at the first model for which no replacement is published, at one that the dataset does not know, and
    before one that was named already. Raises what :func:`modelmeta.get_model` raises.

    >>> [model.id for model in replacement_chain("gpt-4.1-mini")]
    ['gpt-6-luna']
    """
    catalog = current_catalog()
    return tuple(_chain(catalog, ref if isinstance(ref, Model) else catalog.get_model(ref)))


def _chain(catalog: Catalog, model: Model) -> list[Model]:
    chain: list[Model] = []
    seen = {model.qualified_id}
    while (replacement := _replacement(catalog, model)) is not None and replacement.qualified_id not in seen:
        chain.append(replacement)
        seen.add(replacement.qualified_id)
        model = replacement
    return chain


def _replacement(catalog: Catalog, model: Model) -> Model | None:
    """The model named as replacement: at the same provider if that serves it, else where its id points."""
    name = model.lifecycle.replacement
    if name is None:
        return None
    for provider in (model.provider, None):
        try:
            return catalog.get_model(name, provider=provider)
        except (UnknownModelError, AmbiguousModelError, InvalidReferenceError):
            continue
    return None


# Audit ------------------------------------------------------------------------------------------------------

CODES: dict[str, str] = {
    "retired": "error",
    "unknown": "error",
    "ambiguous": "error",
    "invalid": "error",
    "retiring": "warning",
    "deprecated": "warning",
    "moving": "warning",
}
"""What an audit can find, and how bad it is: with an error requests fail, or may mean another model than you think."""


class AuditFinding(Record):
    """Something to do about one id.

    ``code`` is ``"retired"``, ``"unknown"``, ``"ambiguous"`` or ``"invalid"`` (errors), ``"retiring"``,
    ``"deprecated"`` or ``"moving"`` (warnings). ``action`` says what to do; ``suggestions`` holds ids to use instead,
    best first; ``model`` is ``None`` where the id names none.

    >>> from datetime import date
    >>> print(audit_models(["gpt-4-0314"], on=date(2026, 11, 1)).findings[0])
    error: gpt-4-0314: it is retired since 2026-03-26; move to 'openai/gpt-6-luna'
    """

    reference: str
    code: str
    message: str
    action: str
    suggestions: tuple[str, ...] = ()
    model: Model | None = None

    @property
    def severity(self) -> str:
        """``"error"`` or ``"warning"``."""
        return CODES[self.code]

    def __str__(self) -> str:
        return f"{self.severity}: {self.reference}: {self.message}; {self.action}"


class AuditReport(Record):
    """What is wrong with a list of model ids on a day. It is true when nothing in it is an error.

    ``on`` is the day, ``checked`` the ids in order, each once. ``str()`` lists the findings, one a line.

    >>> from datetime import date
    >>> report = audit_models(["gpt-4-0314"], on=date(2026, 11, 1))
    >>> bool(report), len(report.errors), len(report.warnings)
    (False, 1, 0)
    """

    on: date
    checked: tuple[str, ...]
    findings: tuple[AuditFinding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return not self.errors

    @property
    def errors(self) -> tuple[AuditFinding, ...]:
        """The ids with which requests fail, or may mean another model."""
        return tuple([finding for finding in self.findings if finding.severity == "error"])

    @property
    def warnings(self) -> tuple[AuditFinding, ...]:
        """The ids that work on that day but should be changed."""
        return tuple([finding for finding in self.findings if finding.severity == "warning"])

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        errors, warnings = counted(len(self.errors), "error"), counted(len(self.warnings), "warning")
        count = f"{errors}, {warnings} in {counted(len(self.checked), 'id')} on {self.on}"
        return "\n".join([*(str(finding) for finding in self.findings), count])


def counted(number: int, what: str) -> str:
    """``"1 error"``, ``"2 errors"``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def audit_models(
    refs: Iterable[str | Model], *, on: date | datetime | None = None, within: timedelta | None = None
) -> AuditReport:
    """Check that model ids still mean what they should on a day (today by default), for an app or a CI job.

    Reported are ids that are retired, retire ``within`` a time (90 days by default), are deprecated, unknown (with
    the closest ids), ambiguous (with the choices), or move: aliases that may mean another version tomorrow. Each id
    has at most one finding of its lifecycle and, if it stays for that time, one that it moves. An alias of your own
    overlay is meant to move.

    >>> from datetime import date
    >>> report = audit_models(["gpt-4.1-mini-2025-04-14", "gpt4.1-mini"], on=date(2026, 11, 1))
    >>> [(finding.reference, finding.code) for finding in report.findings]
    [('gpt-4.1-mini-2025-04-14', 'retiring'), ('gpt4.1-mini', 'unknown')]
    >>> report.ok, report.findings[1].suggestions[0]
    (False, 'gpt-4.1-mini')
    """
    from datetime import timedelta

    if isinstance(refs, (str, Model)):
        refs = (refs,)
    day = _day(on)
    horizon = timedelta(days=90) if within is None else within
    catalog = current_catalog()
    checked: list[str] = []
    findings: list[AuditFinding] = []
    for ref in refs:
        name = ref.qualified_id if isinstance(ref, Model) else ref
        if name in checked:
            continue
        checked.append(name)
        findings += _audited(catalog, name, day, horizon)
    return AuditReport(on=day, checked=tuple(checked), findings=tuple(findings))


def _audited(catalog: Catalog, ref: str, day: date, horizon: timedelta) -> list[AuditFinding]:
    try:
        found = catalog.resolve(ref)
    except InvalidReferenceError as error:
        return [AuditFinding(reference=str(ref)[:200], code="invalid", message=str(error), action="write a model's id")]
    except UnknownModelError as error:
        action = f"use {error.suggestions[0]!r}, if that is meant" if error.suggestions else "check how it is spelt"
        return [
            AuditFinding(
                reference=ref,
                code="unknown",
                message="no model of that id is known",
                action=action,
                suggestions=error.suggestions,
            )
        ]
    except AmbiguousModelError as error:
        return [
            AuditFinding(
                reference=ref,
                code="ambiguous",
                message=f"{len(error.choices)} providers serve a model of that id",
                action=f"write which one, such as {error.choices[0]!r}",
                suggestions=error.choices,
            )
        ]
    ending = _of_lifecycle(catalog, found, day, horizon)
    moves = ref.strip().lower() not in catalog.own_aliases and (
        ending is None or ending.code not in {"retired", "retiring"}
    )
    moving = _of_movement(found) if moves else None
    return [finding for finding in (ending, moving) if finding is not None]


def _of_lifecycle(catalog: Catalog, found: Resolution, day: date, horizon: timedelta) -> AuditFinding | None:
    model = found.model
    life = model.lifecycle
    status = model.status_on(day)
    retires = life.retires_on
    if status == "retired":
        code = "retired"
        message = "it is retired" + (f" since {retires}" if retires is not None else "")
    elif _goes(model, day, horizon):
        code, message = "retiring", f"it retires on {retires}"
    elif status == "deprecated":
        since = life.deprecated_on
        code = "deprecated"
        message = "it is deprecated" + (f" since {since}" if since is not None else "")
        message += f" and retires on {retires}" if retires is not None else ""
    else:
        return None
    successors = _living(catalog, model, day, horizon)
    if successors:
        action = f"move to {successors[0]!r}"
    elif life.replacement is not None:
        action = f"move to {life.replacement!r}, which the vendor names"
        successors = (life.replacement,)
    else:
        action = "choose another model: the vendor names no replacement"
    return AuditFinding(
        reference=found.requested, code=code, message=message, action=action, suggestions=successors, model=model
    )


def _living(catalog: Catalog, model: Model, day: date, horizon: timedelta) -> tuple[str, ...]:
    """What to move to: the models of the chain that stay, nearest first, then those that at least still serve."""
    serving = [model for model in _chain(catalog, model) if model.status_on(day) != "retired"]
    staying = [model for model in serving if model.status_on(day) != "deprecated" and not _goes(model, day, horizon)]
    return tuple([model.qualified_id for model in [*staying, *(model for model in serving if model not in staying)]])


def _goes(model: Model, day: date, horizon: timedelta) -> bool:
    retires = model.lifecycle.retires_on
    return retires is not None and retires.first_day - day <= horizon


def _of_movement(found: Resolution) -> AuditFinding | None:
    """Whether the id may mean another version tomorrow: an alias, or an undated id of which there are versions."""
    model = found.model
    asked = found.requested.strip().lower()
    if found.kind == "fine_tune" or model.snapshot_of is not None:
        return None
    is_alias = found.kind == "alias" or asked.endswith("-latest")
    pinned = model.default_snapshot
    if pinned is None and not is_alias:
        return None
    if pinned is not None and asked.rpartition("/")[2] == pinned.lower():
        return None
    if pinned is None and is_alias and not model.id.lower().endswith("-latest"):
        pinned = model.id
    message = "it moves from version to version, and which one it means is not published"
    action = "name a dated version to pin it"
    suggestions: tuple[str, ...] = ()
    if pinned is not None:
        message = f"it means {pinned!r} today and may mean another version tomorrow"
        action = "expect it to: the version has a name, but no id to ask for it is published"
    if pinned is not None and (pinned.islower() or not model.id.islower()):
        qualified = asked.startswith((f"{model.provider}/", f"{model.provider}:"))
        name = f"{model.provider}/{pinned}" if qualified else pinned
        action, suggestions = f"write {name!r} to stay with that version", (name,)
    return AuditFinding(
        reference=found.requested,
        code="moving",
        message=message,
        action=action,
        suggestions=suggestions,
        model=model,
    )


# Warnings ---------------------------------------------------------------------------------------------------


def warn_deprecated(enabled: bool = True) -> None:
    """Have ``get_model`` emit a ``DeprecationWarning`` for models that are deprecated or retired today, or stop it.

    Off unless this is called or ``MODELMETA_WARN_DEPRECATED`` is set in the environment. While it is on, such models
    are looked up anew at each call instead of being remembered, so that every call warns; others cost what they did.

    >>> import warnings
    >>> from modelmeta import get_model
    >>> warn_deprecated()
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     _ = get_model("gpt-4-0314")
    >>> warn_deprecated(False)
    >>> print(caught[0].message)
    openai/gpt-4-0314 is retired ...
    """
    Catalog.watch = staticmethod(_watch) if enabled else None
    forget_lookups()


def _watch(model: Model) -> bool:
    """Warn of a model that is on its way out; whether it did."""
    status = model.status
    if status not in {"deprecated", "retired"}:
        return False
    import sys
    from warnings import warn

    life = model.lifecycle
    day = life.retires_on if status == "retired" or life.deprecated_on is None else life.deprecated_on
    message = f"{model.qualified_id} is {status}" + (f" since {day}" if day is not None else "")
    if status == "deprecated" and life.retires_on is not None:
        message += f" and retires on {life.retires_on}"
    if life.replacement is not None:
        message += f"; its replacement is {life.replacement!r}"
    level, frame = 1, sys._getframe(0)  # pyright: ignore[reportPrivateUsage]
    package = __name__.partition(".")[0]
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        level, frame = level + 1, frame.f_back
    warn(message, DeprecationWarning, stacklevel=level)
    return True
