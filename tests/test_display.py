"""What people see of records: HTML, text and Markdown that are complete, escaped, and as wide as asked."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest

import modelmeta
from modelmeta import (
    Cost,
    Lifecycle,
    Link,
    Modalities,
    Model,
    PartialDate,
    Rate,
    Results,
    check_parameters,
    compare_models,
    compute_cost,
    cost_examples,
    dataset_info,
    find_models,
    get_author,
    get_model,
    get_parameters,
    get_provider,
    list_authors,
    list_changes,
    list_conflicts,
    list_models,
    list_observations,
    list_offers,
    list_providers,
    list_snapshots,
    list_sources,
    price_history,
    to_html,
    to_markdown,
    to_text,
)
from modelmeta._display_blocks import Column, Facts, Note, Span, Table
from modelmeta._display_html import html
from modelmeta._display_markdown import markdown
from modelmeta._display_text import size, text
from modelmeta._display_words import condition_text, field_words, money, words

TODAY = date(2026, 11, 21)


SHOWN: dict[str, Callable[[], object]] = {
    "model": lambda: get_model("gpt-4.1-mini"),
    "provider": lambda: get_provider("openai"),
    "author": lambda: get_author("anthropic"),
    "cost": lambda: compute_cost("gpt-4.1-mini", input_tokens=1_000, cached_input_tokens=200, output_tokens=50),
    "sum of costs": lambda: compute_cost("gpt-4.1-mini", input_tokens=9) + compute_cost("gpt-4.1-nano", input_tokens=9),
    "report": lambda: check_parameters("gpt-4.1-mini", {"temperature": 9, "max_tokens": 10**6, "nonsense": 1}),
    "clean report": lambda: check_parameters("gpt-4.1-mini", {"temperature": 1}),
    "comparison": lambda: compare_models("gpt-4.1-mini", "claude-sonnet-4-5", "gemini-2.5-flash"),
    "conflict": lambda: list_conflicts("gpt-4.1-mini")[0],
    "conflicts": lambda: list_conflicts("gpt-4.1-mini"),
    "models": lambda: find_models(provider="mistral", limit=20),
    "offers": lambda: list_offers("openai/gpt-4.1-mini"),
    "providers": lambda: list_providers()[:30],
    "authors": lambda: list_authors()[:30],
    "snapshots": lambda: list_snapshots("gpt-4o"),
    "observations": lambda: list_observations("gpt-4.1-mini", "limits"),
    "sources": list_sources,
    "changes": lambda: list_changes("gpt-4o"),
    "price changes": lambda: price_history("gpt-4o"),
    "specs": lambda: list(get_parameters("gpt-4.1-mini").values()),
    "examples": lambda: cost_examples("gpt-4.1-mini"),
    "costs": lambda: [compute_cost("gpt-4.1-mini", output_tokens=n) for n in (1, 2)],
    "info": dataset_info,
    "audit": lambda: modelmeta.audit_models(["gpt-4.1-mini", "gpt-4-0314", "gpt4.1-mini"]),
    "clean audit": lambda: modelmeta.audit_models([]),
    "records without a table": lambda: get_model("gpt-4.1-mini").endpoints,
    "one without a view": lambda: get_model("gpt-4.1-mini").limits,
    "nothing": lambda: (),
}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of what is expected here: what is deprecated today is retired tomorrow."""
    monkeypatch.setattr("modelmeta.dates.today_text", TODAY.isoformat)


@pytest.fixture(params=SHOWN)
def shown(request: pytest.FixtureRequest) -> object:
    return SHOWN[request.param]()


class Checked(HTMLParser):
    """Fails on a tag that is not closed, and collects what could load or run anything."""

    VOID = ("br",)

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.suspicious: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        if tag in {"script", "img", "iframe", "link", "object", "embed", "form", "input", "svg", "base", "meta"}:
            self.suspicious.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"src", "srcset", "style", "background", "action"}:
                self.suspicious.append(name)
            if name == "href" and not re.match(r"https?://", value or ""):
                self.suspicious.append(str(value))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.words.append(data)
        else:
            assert "url(" not in data
            assert "@import" not in data


def check(source: str) -> str:
    """The words of a fragment that is sound."""
    parser = Checked()
    parser.feed(source)
    parser.close()
    assert not parser.open
    assert not parser.suspicious
    return " ".join(parser.words)


# In every form --------------------------------------------------------------------------------------


def test_html_is_closed_and_loads_and_runs_nothing(shown: object) -> None:
    fragment = to_html(shown)
    assert check(fragment)
    assert "prefers-color-scheme:dark" in fragment


@pytest.mark.parametrize("width", [30, 50, 80, 100, 160])
def test_text_is_as_wide_as_asked(shown: object, width: int) -> None:
    for line in to_text(shown, width=width).splitlines():
        assert line == line.rstrip()
        assert size(line) <= width, line


def test_markdown_tables_are_whole(shown: object) -> None:
    page = to_markdown(shown)
    table: list[str] = []
    for line in [*page.splitlines(), ""]:
        if line.startswith("|"):
            table.append(line)
        elif table:
            counts = {len(re.findall(r"(?<!\\)\|", row)) for row in table}
            assert len(counts) == 1, table
            assert set(table[1]) <= set("|-: ")
            table = []


def test_models_of_every_provider_have_all_forms() -> None:
    models = list_models()
    for model in models[::211]:
        assert model.id in check(to_html(model))
        assert model.qualified_id in to_text(model).replace("\n", "")
        assert to_markdown(model).startswith("# ")


def test_same_thing_twice_is_the_same_text(shown: object) -> None:
    assert to_html(shown) == to_html(shown)
    assert to_text(shown) == to_text(shown)


def test_what_has_no_view_is_refused() -> None:
    with pytest.raises(TypeError, match="no view of a int"):
        to_html(3)


# A model ------------------------------------------------------------------------------------------------


def test_a_model_fits_one_screen() -> None:
    lines = to_text(get_model("gpt-4.1-mini"), width=100).splitlines()
    assert len(lines) <= 52
    card = "\n".join(lines)
    for fact in (
        "GPT-4.1 mini", "openai/gpt-4.1-mini", "[deprecated]", "2027-01-14", "gpt-6-luna", "lightweight", "closed",
        "2025-04-14", "2024-06-01", "1,047,576", "32,768", "text, image", "gpt-4.1-mini-2025-04-14", "tool calling",
        "distillation", "responses", "file search", "0.40", "0.10", "1.60", "0.20", "0.70", "$0.0232", "$108.00",
        "temperature 0 to 2 (1)", "reasoning_effort", "102 tokens/s", "629 ms", "15,000,000,000", "azure",
    ):  # fmt: skip
        assert fact in card, fact


def test_the_page_has_every_section() -> None:
    page = to_markdown("gpt-4.1-mini")
    titles = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert {
        "Lifecycle", "Limits", "Modalities", "Capabilities", "Endpoints", "Built-in tools", "Prices",
        "What a request costs", "What a month costs", "Parameters", "Rate limits", "Snapshots and aliases",
        "Measured speed", "The same model elsewhere", "Where sources differ", "Other models by the author", "Links",
        "Sources", "About this page",
    } <= set(titles)  # fmt: skip
    assert "| document summary | 10,000 | 1,000 | $0.0056 |" in page
    assert "| Tier 5 | 30,000 | - | 150,000,000 | 15,000,000,000 |" in page


def test_heading_levels_can_be_moved() -> None:
    page = to_markdown("gpt-4.1-nano", level=3)
    assert page.startswith("### ")
    assert "\n#### Prices\n" in page


def test_what_nobody_states_is_said_to_be_so() -> None:
    bare = Model(id="bare-1", provider="nowhere")
    for shown in (to_text(bare), check(to_html(bare)), to_markdown(bare)):
        assert "not stated" in shown
    assert "0 tokens" not in to_text(bare)


def test_data_cannot_become_markup() -> None:
    evil = "<script>alert('x')</script>|`*_\x1b[31m\"&"
    model = Model(
        id="evil",
        provider="nowhere",
        name=evil,
        family=evil,
        modalities=Modalities(input=(evil,)),
        aliases=(evil,),
        links=(Link(kind="docs", url="javascript:alert(1)"),),
    )
    shown = check(to_html(model))
    assert "<script>alert('x')</script>" in shown
    assert "\x1b" not in to_html(model)
    assert "\x1b" not in to_text(model)
    assert "\\x1b[31m" in to_text(model)
    markdown_it = pytest.importorskip("markdown_it")
    rendered = markdown_it.MarkdownIt("commonmark").enable("table").render(to_markdown(model))
    assert "<script>alert('x')</script>" in check(rendered)


def test_rates_with_thresholds_and_several_currencies() -> None:
    rates = (
        Rate(component="input", unit="1M tokens", amount=Decimal("1.25")),
        Rate(component="input", unit="1M tokens", amount=Decimal("0.5"), tier="batch"),
        Rate(component="output", unit="1M tokens", amount=Decimal(8), currency="CNY"),
        Rate(component="images", unit="image", amount=Decimal(0)),
        Rate(
            component="input",
            unit="1M tokens",
            amount=Decimal(9),
            effective_until=PartialDate.parse("2020-01-01"),
        ),
    )
    shown = to_text(Model(id="m", provider="p", prices=rates))
    assert re.search(r"input +1M tokens +1\.25 +0\.50", shown)
    assert "CNY per 1M tokens" in shown
    assert "free" in shown
    assert "9.00" not in shown


def test_examples_of_texts_are_for_models_that_write() -> None:
    assert "quick chat" not in to_text(get_model("gpt-image-1"))
    assert "What a month costs" not in to_markdown("gpt-image-1")


def test_a_default_that_is_a_list_reads_as_one() -> None:
    assert "timestamp_granularities word|segment (segment)" in to_text(get_model("whisper-1")).replace(
        "\n            ", " "
    )


def test_a_retired_model_says_since_when() -> None:
    life = Lifecycle(retires_on=PartialDate.parse("2024-01"), replacement="newer")
    shown = to_text(Model(id="m", provider="p", lifecycle=life))
    assert "[retired]" in shown
    assert "retired on 2024-01 · use newer instead" in shown


# Other records -------------------------------------------------------------------------------------------


def test_differences_are_marked() -> None:
    compared = compare_models("gpt-4.1-mini", "gpt-4.1-nano")
    shown = str(compared)
    assert re.search(r"^≠ +input price +\$0\.40 / 1M tokens +\$0\.10 / 1M tokens$", shown, re.MULTILINE)
    assert re.search(r"^ +context window +1,047,576 +1,047,576$", shown, re.MULTILINE)
    assert compared._repr_html_().count("<tr class=on>") == len(compared.differences)  # type: ignore[union-attr]
    unsure = str(compare_models("gpt-4.1-mini", "claude-haiku-4-5"))
    assert re.search(r"^\? +citations +- +✓$", unsure, re.MULTILINE)
    assert re.search(r"fields differ \(≠\), \d+ do not, \d+ are not known of all \(\?\)$", unsure)
    assert repr(compared).startswith("<Comparison of openai/gpt-4.1-mini, openai/gpt-4.1-nano: ")


def test_a_bill_adds_up_on_paper() -> None:
    cost = compute_cost("gpt-4.1-mini", input_tokens=10_000, cached_input_tokens=8_000, output_tokens=1_000)
    lines = to_text(cost).splitlines()
    assert re.search(r"input +2,000 +0\.40 +1M tokens +0\.0008", lines[2])
    assert re.search(r"total +0\.0032$", lines[-1])
    assert str(cost) == "0.0032 USD"


def test_a_partial_bill_says_what_is_missing() -> None:
    cost = compute_cost("gpt-4.1-mini", input_tokens=10, seconds=5, on_missing="skip")
    assert "partial: no price is published for seconds" in to_text(cost)
    assert isinstance(cost, Cost)


def test_str_is_text_where_there_is_a_view_and_repr_elsewhere() -> None:
    model = get_model("gpt-4.1-mini")
    assert str(model) == to_text(model)
    assert repr(model).startswith("<Model 'openai/gpt-4.1-mini' ")
    assert str(model.limits) == repr(model.limits)
    assert model.limits._repr_html_() is None
    assert str(model.released) == "2025-04-14"


# Lists ---------------------------------------------------------------------------------------------------


def test_results_are_tuples() -> None:
    found = list_snapshots("gpt-4o")
    assert type(found) is Results
    assert found == tuple(found)
    assert hash(found) == hash(tuple(found))
    assert found[0] == next(iter(found))
    assert type(found[:1]) is Results
    for copied in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):
        assert copied == found
        assert type(copied) is Results
    assert repr(found[:1]) == f"({found[0]!r},)"


def test_long_lists_are_cut_and_say_so() -> None:
    models = list_models()
    assert len(repr(models)) < 2_000
    assert f"and {len(models) - 3:,} more" in repr(models)
    assert f"… and {len(models) - 60:,} more models" in str(models)
    assert f"… and {len(models) - 60:,} more models" in models._repr_html_()
    assert len(to_text(models[:100], limit=None, width=200).splitlines()) == 101


def test_pandas() -> None:
    pytest.importorskip("pandas")
    frame = list_models(provider="openai").to_pandas()
    row = frame[frame["id"] == "gpt-4.1-mini"].iloc[0]
    assert row["limits.context_window"] == 1_047_576
    assert row["status"] == get_model("gpt-4.1-mini").status
    assert row["lifecycle.released"] == "2025-04-14"
    compared = compare_models("gpt-4.1-mini", "gpt-4.1-nano").to_pandas().set_index("field")
    assert compared.loc["limits.context_window", "openai/gpt-4.1-nano"] == 1_047_576
    assert compared.loc["pricing.standard.input", "openai/gpt-4.1-mini"] == "0.4 USD/1M tokens"
    assert bool(compared.loc["limits.context_window", "differs"]) is False
    costs = Results(compute_cost("gpt-4.1-mini", output_tokens=n) for n in (1_000, 2_000)).to_pandas()
    assert list(costs["total"]) == [Decimal("0.0016"), Decimal("0.0032")]


def test_polars() -> None:
    polars = pytest.importorskip("polars")
    frame = list_models(provider="openai").to_polars()
    row = frame.filter(polars.col("id") == "gpt-4.1-mini").row(0, named=True)
    assert row["limits.context_window"] == 1_047_576
    assert row["modalities.input"] == ["text", "image"]
    compared = compare_models("gpt-4.1-mini", "gpt-4.1-nano").to_polars()
    assert compared["differs"].dtype == polars.Boolean
    assert "1047576" in compared["openai/gpt-4.1-mini"].to_list()


def test_a_frame_without_the_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ImportError, match="pip install polars"):
        list_snapshots("gpt-4o").to_polars()


def test_looking_up_and_listing_do_not_load_the_display() -> None:
    code = (
        "import sys, modelmeta as m; m.get_model('gpt-4.1-mini'); m.list_models(provider='openai'); "
        "print([name for name in sys.modules if 'display' in name or name in {'html', 'pandas', 'polars', 'rich'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# The small parts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("0", "USD", "$0.00"),
        ("0.4", "USD", "$0.40"),
        ("0.0025", "USD", "$0.0025"),
        ("1234567", "USD", "$1,234,567.00"),
        ("1.5", "CNY", "1.50 CNY"),
        ("1.5", None, "1.50"),
        ("1E+3", "USD", "$1,000.00"),
    ],
)
def test_money(amount: str, currency: str | None, shown: str) -> None:
    assert money(Decimal(amount), currency) == shown


def test_words() -> None:
    assert words("json_mode") == "JSON mode"
    assert field_words("pricing.batch.cached_input") == "cached input price (batch)"
    assert field_words("modalities.input") == "input modalities"


def test_conditions() -> None:
    condition = modelmeta.Condition(above_input_tokens=200_000, excess_only=True, thinking=False, region="eu")
    assert condition_text(condition) == "above 200,000 input tokens, only the tokens above, region eu, without thinking"


def test_wide_characters_line_up() -> None:
    table = Table((Column("name"), Column("n", "right")), (("模型", "1"), ("ab", "20")))
    assert text([table], 40).splitlines() == ["name   n", "模型   1", "ab    20"]


def test_decimal_points_line_up() -> None:
    table = Table((Column("x"), Column("n", "point")), (("a", "1.5"), ("b", "10.25"), ("c", "7")))
    assert text([table], 40).splitlines() == ["x      n", "a   1.5", "b  10.25", "c   7"]
    assert "1.5\u2007" in html([table])


def test_a_narrow_table_is_stacked() -> None:
    table = Table((Column("id"), Column("alpha", "right"), Column("beta", "right")), (("x", "1" * 12, "2" * 12),))
    assert text([table], 24).splitlines() == ["x", "  alpha  111111111111", "  beta   222222222222"]


def test_stacked_rows_stand_under_their_cells_without_a_title() -> None:
    table = Table((Column(""), Column(""), Column("alpha"), Column("beta")), (("≠", "price", "1" * 12, "2" * 12),))
    assert text([table], 24).splitlines() == ["≠ price", "  alpha  111111111111", "  beta   222222222222"]


def test_words_are_not_torn_from_their_punctuation() -> None:
    note = Note(("quite a few words ", Span("code", "code"), ", more"))
    assert text([note], 23).splitlines() == ["quite a few words code,", "more"]
    assert text([note], 22).splitlines() == ["quite a few words", "code, more"]


def test_long_words_break_at_a_mark() -> None:
    note = Note("https://example.org/one/two-three")
    assert text([note], 25).splitlines() == ["https://example.org/one/", "two-three"]


def test_facts_stand_side_by_side_where_there_is_room() -> None:
    facts = Facts((("a", "1"), ("b", "2")))
    assert text([facts], 80).splitlines() == ["a  1" + " " * 37 + "b  2"]
    assert text([facts], 40).splitlines() == ["a  1", "b  2"]


def test_markdown_escapes_what_means_something() -> None:
    assert markdown([Note("a|b *c* <d> [e] snake_case _f_ & g")]) == (
        "a\\|b \\*c\\* \\<d\\> \\[e\\] snake_case \\_f\\_ &amp; g\n"
    )
    assert markdown([Note("- not a list")]) == "\\- not a list\n"
    assert markdown([Note("12. not a list")]) == "12\\. not a list\n"


def test_status_and_price_follow_the_record_not_the_catalogue() -> None:
    changed = replace(get_model("gpt-4.1-mini"), name="Mine", lifecycle=Lifecycle())
    assert "Mine" in to_text(changed)
    assert "[active]" in to_text(changed)
