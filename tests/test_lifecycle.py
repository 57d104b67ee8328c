"""What is about to go away, what replaces it, and what an audit says of a list of ids."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from modelmeta import (
    Catalog,
    Lifecycle,
    Model,
    PartialDate,
    UnknownModelError,
    UnknownProviderError,
    active,
    audit_models,
    get_model,
    list_models,
    replacement_chain,
    retiring,
    stale,
    use_catalog,
    warn_deprecated,
)

DAY = date(2026, 11, 1)


def model(id: str, provider: str = "acme", seen_on: str | None = None, **life: str) -> Model:
    dated = {name: PartialDate.parse(text) if text[:1].isdigit() else text for name, text in life.items()}
    return Model(
        id=id,
        provider=provider,
        lifecycle=Lifecycle(**dated),  # type: ignore[arg-type]
        seen_on=None if seen_on is None else PartialDate.parse(seen_on),
    )


MODELS = [
    model("new", seen_on="2026-10-31"),
    model("soon", retires_on="2026-11-20", replacement="middle", seen_on="2026-05"),
    model("month", retires_on="2027-01", replacement="new"),
    model("later", retires_on="2027-06-01", deprecated_on="2026-10-01", replacement="new"),
    model("gone", retires_on="2026-10-01", replacement="soon"),
    model("middle", deprecated_on="2026-09-01", replacement="new", seen_on="2025-12-31"),
    model("lost", retires_on="2026-10-01", replacement="never-heard-of"),
    model("orphan", deprecated_on="2026-10-01"),
    model("ring-1", deprecated_on="2026-10-01", replacement="ring-2"),
    model("ring-2", deprecated_on="2026-10-01", replacement="ring-1"),
    model("self", deprecated_on="2026-10-01", replacement="self"),
    model("soon", "host", retires_on="2026-11-02", replacement="elsewhere"),
    model("elsewhere", "other"),
    model("two", "host"),
    model("two", "other"),
]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.bundled().with_models(MODELS)


@pytest.fixture(autouse=True)
def _in_force(catalog: Catalog) -> Iterator[None]:
    with use_catalog(catalog):
        yield


def ids(models: tuple[Model, ...]) -> list[str]:
    return [model.id for model in models]


# Retiring and stale -------------------------------------------------------------------------------------------


def test_retiring_lists_what_goes_within_a_time_soonest_first() -> None:
    assert ids(retiring(timedelta(days=30), on=DAY, provider="acme")) == ["soon"]
    assert ids(retiring(timedelta(days=61), on=DAY, provider="acme")) == ["soon", "month"]  # the first of January
    assert ids(retiring(timedelta(days=60), on=DAY, provider="acme")) == ["soon"]
    assert ids(retiring(timedelta(days=400), on=DAY, provider="acme")) == ["soon", "month", "later"]
    everywhere = retiring(timedelta(days=400), on=DAY)
    assert [m.qualified_id for m in everywhere if m.provider in {"acme", "host"}] == [
        "host/soon", "acme/soon", "acme/month", "acme/later",
    ]  # fmt: skip
    assert ids(retiring(timedelta(days=1), on=datetime(2027, 1, 15, tzinfo=timezone.utc), provider="acme")) == ["month"]
    with pytest.raises(UnknownProviderError):
        retiring(timedelta(days=1), provider="acne")


def test_retiring_without_a_day_means_today() -> None:
    assert retiring(timedelta(days=36_500), provider="openai") == retiring(
        timedelta(days=36_500), on=datetime.now(timezone.utc), provider="openai"
    )


def test_stale_lists_what_nobody_spoke_of_for_long() -> None:
    unknown = ["later", "month", "orphan", "ring-1", "ring-2", "self"]
    assert ids(stale(timedelta(days=180), on=DAY, provider="acme")) == [*unknown, "middle"]
    assert ids(stale(timedelta(days=100), on=DAY, provider="acme")) == [*unknown, "middle", "soon"]
    assert ids(stale(timedelta(0), on=DAY, provider="acme")) == [*unknown, "middle", "soon", "new"]


def test_a_fact_is_stale_although_something_else_was_said_of_the_model_since() -> None:
    """Of GPT-4.1 mini the newest is a report of its retirement; its limits were last seen on a copy of July 2026."""
    with use_catalog(Catalog.bundled()):
        mini = get_model("gpt-4.1-mini")
        assert str(mini.seen_on) == "2026-11-04"
        (on, soon) = (date(2026, 11, 21), timedelta(days=60))
        assert mini not in stale(soon, on=on, provider="openai")
        assert mini in stale(soon, on=on, provider="openai", field="limits")
        assert mini not in stale(timedelta(days=120), on=on, provider="openai", field="limits.max_output_tokens")
        assert mini not in stale(timedelta(days=36_500), on=on, provider="openai", field="limits")
        assert get_model("gpt-4-0314") not in stale(soon, on=on, provider="openai", field="pricing")


def test_a_model_of_which_nothing_is_said_about_a_field_is_not_stale_in_it() -> None:
    assert stale(timedelta(0), on=DAY, provider="acme", field="pricing") == ()


# Replacements -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ref", "chain"),
    [
        ("acme/gone", ["acme/soon", "acme/middle", "acme/new"]),
        ("acme/new", []),
        ("acme/lost", []),
        ("acme/ring-1", ["acme/ring-2"]),
        ("acme/self", []),
        ("host/soon", ["other/elsewhere"]),
    ],
)
def test_the_chain_of_replacements_ends(ref: str, chain: list[str]) -> None:
    assert [found.qualified_id for found in replacement_chain(ref)] == chain
    assert [found.qualified_id for found in replacement_chain(get_model(ref))] == chain


def test_the_chain_of_an_unknown_model_is_an_error() -> None:
    with pytest.raises(UnknownModelError):
        replacement_chain("gone-for-good")


def test_every_chain_of_the_bundled_dataset_ends() -> None:
    with use_catalog(Catalog.bundled()):
        for provider in ("openai", "anthropic", "google", "azure"):
            for found in list_models(provider=provider):
                chain = replacement_chain(found)
                assert len({found, *chain}) == len(chain) + 1


# Audits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("acme/new", []),
        ("acme/gone", [("retired", "it is retired since 2026-10-01", "move to 'acme/new'")]),
        (
            "acme/lost",
            [("retired", "it is retired since 2026-10-01", "move to 'never-heard-of', which the vendor names")],
        ),
        ("acme/soon", [("retiring", "it retires on 2026-11-20", "move to 'acme/new'")]),
        ("acme/month", [("retiring", "it retires on 2027-01", "move to 'acme/new'")]),
        (
            "acme/later",
            [("deprecated", "it is deprecated since 2026-10-01 and retires on 2027-06-01", "move to 'acme/new'")],
        ),
        (
            "acme/orphan",
            [
                (
                    "deprecated",
                    "it is deprecated since 2026-10-01",
                    "choose another model: the vendor names no replacement",
                )
            ],
        ),
        ("acme/ring-1", [("deprecated", "it is deprecated since 2026-10-01", "move to 'acme/ring-2'")]),
        ("two", [("ambiguous", "2 providers serve a model of that id", "write which one, such as 'host/two'")]),
        ("gpt4.1-mini", [("unknown", "no model of that id is known", "use 'gpt-4.1-mini', if that is meant")]),
        ("qqqqqqqqqqqq", [("unknown", "no model of that id is known", "check how it is spelt")]),
        ("", [("invalid", "a model reference is empty; give an id such as 'gpt-4.1-mini'", "write a model's id")]),
    ],
)
def test_an_audit_says_what_is_wrong_and_what_to_do(ref: str, expected: list[tuple[str, str, str]]) -> None:
    report = audit_models([ref], on=DAY)
    assert [(finding.code, finding.message, finding.action) for finding in report.findings] == expected
    assert report.checked == (ref,)


@pytest.mark.parametrize(
    ("ref", "pinned"),
    [
        ("gpt-4.1-mini", "gpt-4.1-mini-2025-04-14"),
        ("openai/gpt-4.1-mini", "openai/gpt-4.1-mini-2025-04-14"),
        ("claude-3-7-sonnet-latest", "claude-3-7-sonnet-20250219"),
        ("gpt-4.1-mini-2025-04-14", None),
        ("claude-3-7-sonnet-20250219", None),
        ("ft:gpt-4.1-mini-2025-04-14:acme::x", None),
    ],
)
def test_an_audit_tells_ids_that_move(ref: str, pinned: str | None) -> None:
    report = audit_models([ref], on=date(2025, 6, 1))
    assert [finding.suggestions for finding in report.findings if finding.code == "moving"] == (
        [(pinned,)] if pinned else []
    )
    assert report.ok


def test_a_version_that_has_only_a_name_is_not_suggested() -> None:
    (finding,) = audit_models(["deepseek-chat"], on=date(2026, 1, 1)).findings
    assert (finding.code, finding.suggestions) == ("moving", ())
    assert finding.message == "it means 'DeepSeek-V3.2' today and may mean another version tomorrow"
    assert finding.action == "expect it to: the version has a name, but no id to ask for it is published"


def test_an_id_that_goes_away_soon_need_not_be_pinned() -> None:
    codes = [[finding.code for finding in audit_models("gpt-4o", on=day).findings] for day in (date(2026, 1, 1), DAY)]
    assert codes == [["moving"], ["retiring"]]


def test_an_audit_of_many_is_counted_and_printed() -> None:
    report = audit_models(["acme/new", "acme/gone", get_model("acme/soon"), "acme/new"], on=DAY)
    assert report.checked == ("acme/new", "acme/gone", "acme/soon")
    assert not report
    assert (len(report.errors), len(report.warnings)) == (1, 1)
    assert str(report).splitlines() == [
        "error: acme/gone: it is retired since 2026-10-01; move to 'acme/new'",
        "warning: acme/soon: it retires on 2026-11-20; move to 'acme/new'",
        "1 error, 1 warning in 3 ids on 2026-11-01",
    ]
    assert report.findings[0].model == get_model("acme/gone")
    assert audit_models("acme/new").ok
    assert audit_models([], on=DAY).ok
    near = audit_models(["acme/soon"], on=DAY, within=timedelta(days=3))
    assert near.findings == ()


def test_an_alias_of_ones_own_may_move(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    path.write_text('{"aliases": {"prod": "openai/gpt-4.1-mini"}}')
    with use_catalog(catalog.with_overlay(path)):
        assert audit_models(["prod"], on=date(2025, 6, 1)).findings == ()


# Warnings -----------------------------------------------------------------------------------------------------


@pytest.fixture
def _warning() -> Iterator[None]:
    warn_deprecated()
    yield
    warn_deprecated(False)


@pytest.mark.usefixtures("_warning")
def test_get_model_warns_where_it_is_called_each_time() -> None:
    for _ in range(2):
        with pytest.warns(DeprecationWarning, match="openai/gpt-4-0314 is retired") as caught:
            get_model("gpt-4-0314")
        assert caught[0].filename == __file__
    with pytest.warns(DeprecationWarning, match="acme/orphan is deprecated since 2026-10-01"):
        replacement_chain("acme/orphan")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert get_model("acme/new") is get_model("acme/new")


@pytest.mark.usefixtures("fresh_process")
def test_it_does_not_warn_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        get_model("gpt-4-0314")
        active.renew_default()
        monkeypatch.setenv("MODELMETA_WARN_DEPRECATED", "1")
        monkeypatch.setenv("MODELMETA_DATASET", "bundled")
        active._scoped.set(None)
        try:
            with pytest.raises(DeprecationWarning):
                get_model("gpt-4-0314")
        finally:
            warn_deprecated(False)
        get_model("gpt-4-0314")
