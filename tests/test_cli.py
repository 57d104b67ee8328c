"""The command line: what it prints, what it exits with, and how it behaves among other programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("typer")

from typer.testing import CliRunner

from modelmeta import Cost, RefreshResult, compute_cost, get_model, list_providers
from modelmeta._cli_bill import count_value
from modelmeta._cli_scan import literals
from modelmeta.cli import app

runner = CliRunner()

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of what is expected here: what is deprecated today is retired tomorrow."""
    monkeypatch.setattr("modelmeta.dates.today_text", TODAY.isoformat)


def run(*arguments: str, stdin: str | bytes | None = None, code: int = 0, **environment: str) -> Any:
    result = runner.invoke(app, list(arguments), input=stdin, env={"COLUMNS": "100", **environment})
    assert result.exit_code == code, (result.output, result.exception)
    return result


def run_json(*arguments: str, stdin: str | None = None, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", stdin=stdin, code=code).stdout)


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "modelmeta", *arguments],
        capture_output=True, text=True, encoding="utf-8", env=environment, timeout=60, check=False, **options,
    )  # fmt: skip


# Look up ------------------------------------------------------------------------------------------------


def test_show_fits_a_screen() -> None:
    lines = run("show", "gpt-4.1-mini").stdout.splitlines()
    assert len(lines) <= 52
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("GPT-4.1 mini  openai/gpt-4.1-mini")


def test_show_several_and_a_provider() -> None:
    shown = run("show", "openai/gpt-4.1-mini", "anthropic").stdout
    assert "GPT-4.1 mini" in shown
    assert "Anthropic  anthropic" in shown


@pytest.mark.parametrize(("form", "start"), [("markdown", "# GPT-4.1 mini"), ("html", '<div class="modelmeta">')])
def test_show_in_other_forms(form: str, start: str) -> None:
    assert run("show", "gpt-4.1-mini", "--format", form).stdout.startswith(start)


def test_show_page_has_everything() -> None:
    shown = run("show", "gpt-4.1-mini", "--page").stdout
    for title in ("Capabilities", "Endpoints", "What a month costs", "Where sources differ", "Sources"):
        assert f"\n{title}\n" in shown


def test_show_json_is_the_record_and_its_status() -> None:
    shown = run_json("show", "gpt-4.1-mini")
    assert shown["limits"] == {"context_window": 1_047_576, "max_output_tokens": 32_768}
    assert shown["prices"][0]["amount"] == "0.4"
    assert shown["status"] == get_model("gpt-4.1-mini").status
    assert [one["id"] for one in run_json("show", "gpt-4.1-mini", "gpt-4.1-nano")] == ["gpt-4.1-mini", "gpt-4.1-nano"]


def test_an_unknown_model_is_an_error_with_suggestions() -> None:
    result = run("show", "gpt4.1-mini", code=2)
    assert result.stdout == ""
    assert "did you mean 'gpt-4.1-mini'" in result.stderr
    error = run_json("show", "gpt4.1-mini", code=2)["error"]
    assert error["type"] == "UnknownModelError"
    assert error["suggestions"][0] == "gpt-4.1-mini"


def test_an_ambiguous_model_lists_its_choices() -> None:
    error = run_json("show", "llama-3.1-8b-instruct", code=2)["error"]
    assert error["type"] == "AmbiguousModelError"
    assert len(error["choices"]) > 1


def test_list() -> None:
    assert "openai/gpt-4.1-mini" in run("list", "--provider", "openai", "--limit", "0").stdout
    assert run("list", "-p", "openai", "--limit", "2").stdout.splitlines()[-1].startswith("… and ")
    assert len(run_json("list", "--providers")) == len(list_providers())
    assert "anthropic" in run("list", "--authors").stdout
    assert {model["status"] for model in run_json("list", "-p", "openai", "--status", "retired")} == {"retired"}
    assert "no provider 'opnai'; did you mean 'openai'" in run("list", "-p", "opnai", code=2).stderr


def test_a_list_for_a_pipe_has_a_line_for_each_model() -> None:
    lines = run("list", "-p", "openrouter", "--limit", "0", COLUMNS="").stdout.splitlines()
    assert sum(line.startswith("openrouter/") for line in lines) == len(lines) - 1


def test_find() -> None:
    options = (
        "-r",
        "tool_calling",
        "-i",
        "image",
        "--min-context",
        "1000000",
        "--max-input-price",
        "0.4",
        "-p",
        "openai",
    )
    shown = run("find", *options, "--sort", "input_price").stdout
    assert "openai/gpt-4.1-mini" in shown
    assert "openai/gpt-4.1-mini" in [f"{one['provider']}/{one['id']}" for one in run_json("find", *options)]
    assert "nothing found" in run("find", "--min-context", "1000000000").stderr
    assert "tool_calling" in run("find", "-r", "tool_caling", code=2).stderr
    assert "personal" in run("find", "--sort", "cost", "--workload", "huge", code=2).stderr
    cheapest = run_json("find", "-p", "openai", "--sort", "cost", "--workload", "personal", "--limit", "1")
    assert len(cheapest) == 1


def test_compare() -> None:
    assert "≠  input price" in run("compare", "gpt-4.1-mini", "gpt-4.1-nano").stdout
    assert "context window" not in run("compare", "gpt-4.1-mini", "gpt-4.1-nano", "-d").stdout
    compared = run_json("compare", "gpt-4.1-mini", "gpt-4.1-nano")
    assert compared["models"] == ["openai/gpt-4.1-mini", "openai/gpt-4.1-nano"]
    assert {"field": "limits.context_window", "values": [1047576, 1047576], "differs": False} in compared["rows"]


def test_names_and_parameters() -> None:
    assert "gpt-4.1-mini-2025-04-14" in run("snapshots", "gpt-4.1-mini").stdout
    assert run_json("snapshots", "gpt-4.1-mini") == [
        {
            "id": "gpt-4.1-mini-2025-04-14",
            "deprecated_on": "2026-10-14",
            "retires_on": "2027-01-14",
            "status": "deprecated",
        }
    ]
    assert run_json("aliases", "claude-sonnet-4-5")["model"] == "anthropic/claude-sonnet-4-5"
    assert "(amazon-bedrock" in run("aliases", "claude-sonnet-4-5-20250929").stdout
    assert "azure/gpt-4.1-mini" in run("offers", "gpt-4.1-mini").stdout
    assert "-2 to 2" in run("parameters", "gpt-4.1-mini").stdout
    assert {"path": "temperature", "maximum": 2}.items() <= next(
        one for one in run_json("parameters", "gpt-4.1-mini") if one["path"] == "temperature"
    ).items()


# Cost -------------------------------------------------------------------------------------------------------


def test_cost_of_a_request() -> None:
    result = run("cost", "gpt-4.1-mini", "--input", "10000", "-c", "8000", "-o", "1000", "web_searches=2")
    assert result.stdout.splitlines()[-1].split() == ["total", "0.0232"]
    shown = run_json("cost", "gpt-4.1-mini", "output_tokens=500", "--tier", "batch", "--at", "2026-09-01")
    assert shown["total"] == "0.0004"


def test_cost_without_a_price() -> None:
    assert "no published price" in run("cost", "gpt-4.1-mini", "seconds=5", code=2).stderr.replace("for", "")
    assert "partial" in run("cost", "gpt-4.1-mini", "-i", "5", "seconds=5", "--on-missing", "skip", code=1).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cost"], "say which model"),
        (["cost", "gpt-4.1-mini"], "nothing to price"),
        (["cost", "gpt-4.1-mini", "input_tokens=many"], "is not a number"),
        (["cost", "gpt-4.1-mini", "input_tokens=1.5"], "not a whole number"),
        (["cost", "gpt-4.1-mini", "input_tokns=5"], "did you mean input_tokens"),
        (["cost", "gpt-4.1-mini", "input=5"], "did you mean input_tokens?"),
        (["cost", "gpt-4.1-mini", "hello"], "'hello' is neither a file nor NAME=VALUE"),
        (["cost", "gpt-4.1-mini", "-i", "5", "--tier", "premium"], "the tiers are"),
        (["cost", "gpt-4.1-mini", "-i", "5", "--at", "yesterday"], "is not a date"),
        (["cost", "--from", "absent.jsonl"], "absent.jsonl: No such file"),
        (["cost", "--from", "-", "--input-format", "xml"], "no format 'xml'"),
        (["cost", "-i", "5", "-"], "counts or a file, not both"),
    ],
)
def test_cost_says_what_is_wrong(arguments: list[str], said: str) -> None:
    result = run(*arguments, stdin="", code=2)
    assert said in result.stderr
    assert "Traceback" not in result.output


LOG = [
    {"model": "gpt-4.1-mini", "input_tokens": 1200, "output_tokens": 300, "user": "a"},
    {"model": "gpt-4.1-mini", "usage": {"prompt_tokens": 1000, "completion_tokens": 10}},
    {"model": "claude-sonnet-4-5", "input_tokens": 50, "cache_read_input_tokens": 900, "output_tokens": 20},
]


def log_total() -> str:
    first = compute_cost("gpt-4.1-mini", input_tokens=2200, output_tokens=310)
    second = compute_cost("claude-sonnet-4-5", input_tokens=950, cached_input_tokens=900, output_tokens=20)
    total: Cost = first + second
    return str(total.total)


def test_a_log_as_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "usage.jsonl"
    path.write_text("\n".join(map(json.dumps, LOG)), "utf-8")
    bill = run_json("cost", str(path))
    assert bill["totals"] == {"USD": log_total()}
    assert bill["rows"] == bill["priced"] == 3
    assert {one["model"]: one["input_tokens"] for one in bill["models"]} == {
        "anthropic/claude-sonnet-4-5": 950,
        "openai/gpt-4.1-mini": 2200,
    }
    result = run("cost", str(path))
    assert "total" in result.stdout
    assert "columns that were not read: user" in result.stderr


@pytest.mark.parametrize("text", [json.dumps(LOG), json.dumps(LOG, indent=2), "\n\n" + "\n".join(map(json.dumps, LOG))])
def test_a_log_from_standard_input(text: str) -> None:
    assert run_json("cost", "-", stdin=text)["totals"] == {"USD": log_total()}


CSV = """\ufefftimestamp,model,input_tokens,cached_input_tokens,output_tokens,service_tier,user
2026-11-02 10:00:00,gpt-4.1-mini,1200,1000,80,default,alice
2026-11-02T11:00:00Z,gpt-4.1-mini,1000,,,batch,"bob, jr"
1762080000,gemini-2.5-flash,100,,20,,carol
"""


def test_a_log_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    path.write_text(CSV, "utf-8")
    bill = run_json("cost", str(path))
    assert {(one["model"], one["tier"]): one["total"] for one in bill["models"]} == {
        ("openai/gpt-4.1-mini", "standard"): "0.000308",
        ("openai/gpt-4.1-mini", "batch"): "0.0002",
        ("google/gemini-2.5-flash", "standard"): "0.00008",
    }
    assert run_json("cost", "-", stdin=CSV)["totals"] == bill["totals"]
    assert run_json("cost", "-", stdin=CSV.replace(",", "\t").replace('"bob\t jr"', "bob"))["totals"] == bill["totals"]


def test_a_log_as_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "usage.parquet"
    rows = {"model": ["gpt-4.1-mini", "gpt-4.1-mini"], "input_tokens": [1000, 2000], "output_tokens": [None, 10]}
    parquet.write_table(pyarrow.table(rows), path)
    assert run_json("cost", str(path))["totals"] == {"USD": "0.001216"}
    path.write_bytes(b"PAR1 not really")
    assert str(path) in run("cost", str(path), code=2).stderr


def test_rows_without_a_price_are_listed_and_fail() -> None:
    text = '{"model": "nonsense-9", "input_tokens": 5}\nnot json\n[1]\n{"model": "gpt-4.1-mini", "input_tokens": 5}\n'
    bill = run_json("cost", "-", "--input-format", "jsonl", stdin=text, code=1)
    assert bill["priced"] == 1
    assert [one["line"] for one in bill["problems"]] == [1, 2, 3]
    shown = run("cost", "-", "--input-format", "jsonl", stdin=text, code=1).stdout
    assert "no model 'nonsense-9'" in shown


def test_a_row_without_counts_is_not_free() -> None:
    bill = run_json("cost", "-", stdin="model,words\ngpt-4.1-mini,5\n", code=1)
    assert "no column is a count by a known name such as input_tokens" in bill["problems"][0]["message"]
    unread = run_json("cost", "-", stdin="model,tokens_in\ngpt-4.1-mini,5\n", code=1)
    assert "tokens_in" in unread["problems"][0]["message"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("excel.csv", b"\xef\xbb\xbfModel;Input Tokens;Output Tokens\r\ngpt-4.1-mini;1000;10\r\n"),
        ("powershell.csv", "model,input_tokens,output_tokens\ngpt-4.1-mini,1000,10\n".encode("utf-16")),
        ("warehouse.csv", b"MODEL,INPUT_TOKENS,OUTPUT_TOKENS\ngpt-4.1-mini,1000,10\n"),
        ("provider.tsv", b"model\tPrompt_Tokens\tcompletion_tokens\ngpt-4.1-mini\t1000\t10\n"),
        ("bom.jsonl", b'\xef\xbb\xbf{"model": "gpt-4.1-mini", "input_tokens": 1000, "output_tokens": 10}\r\n\r\n'),
        ("app.log", b'{"model": "gpt-4.1-mini", "prompt_tokens": 1000, "completion_tokens": 10}\n'),
    ],
)
def test_logs_as_other_programs_write_them(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert run_json("cost", str(path))["totals"] == {"USD": "0.000416"}  # 1,000 x 0.40 + 10 x 1.60 USD per 1M


def test_a_byte_order_mark_on_standard_input_is_no_data() -> None:
    text = '\ufeff{"model": "gpt-4.1-mini", "input_tokens": 1000}\n'
    assert run_json("cost", "-", stdin=text)["totals"] == {"USD": "0.0004"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent.csv", None, "absent.csv: No such file or directory"),
        ("empty.csv", b"", "empty.csv: there is nothing to read"),
        ("blank.jsonl", b"\r\n \r\n", "blank.jsonl: there is nothing to read"),
        ("cut.json", b'[{"model": "gpt-4.1-mini"', "cut.json: this is not JSON"),
        ("nan.json", b'{"model": "gpt-4.1-mini", "input_tokens": NaN}', "nan.json: this is not JSON: there is no NaN"),
        ("deep.json", b"[" * 100_000, "deep.json: this is not JSON: it is nested too deeply"),
        ("latin.csv", b"model,input_tokens\nm\xe9,5\n", "latin.csv: this is not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert said in run("cost", str(tmp_path / name), code=2).stderr


def test_what_a_file_says_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in run("cost", "-", stdin="model,input_tokens,\x1b[2Jx\ngpt-4.1-mini,5,6\n").output


def test_a_model_for_rows_that_name_none() -> None:
    assert run_json("cost", "gpt-4.1-mini", "--from", "-", stdin="input_tokens\n1000\n")["totals"] == {"USD": "0.0004"}


def test_counts_from_text() -> None:
    assert count_value("input_tokens", "1_000") == 1000
    assert str(count_value("seconds", "1.5")) == "1.5"
    assert count_value("region", "eu") == "eu"


# Check ------------------------------------------------------------------------------------------------------

BODY = {"model": "gpt-4.1-mini", "temperature": 2.5, "messages": [{"role": "user", "content": "hi"}]}


def test_check_parameters_from_the_command_line() -> None:
    assert "The parameter is fine." in run("check", "gpt-4.1-mini", "temperature=0.5").stdout
    result = run("check", "gpt-4.1-mini", "temperature=2.5", code=1)
    assert "out_of_range" in result.stdout
    assert 'send instead  {"temperature": 2}' in result.stdout


def test_check_a_body(tmp_path: Path) -> None:
    path = tmp_path / "body.json"
    path.write_text(json.dumps(BODY), "utf-8")
    report = run_json("check", str(path), code=1)
    assert (report["ok"], report["model"], report["endpoint"]) == (False, "openai/gpt-4.1-mini", "chat_completions")
    assert [issue["code"] for issue in report["issues"]] == ["out_of_range"]
    fixed = json.loads(run("check", str(path), "--fix").stdout)
    assert fixed == {**BODY, "temperature": 2}
    assert run_json("check", "-", stdin=json.dumps(fixed))["ok"] is True
    assert (
        run_json("check", "claude-sonnet-4-5", "-", "max_tokens=5", stdin=json.dumps(BODY), code=1)["endpoint"]
        == "messages"
    )


def test_check_many_bodies() -> None:
    lines = "\n".join(json.dumps({**BODY, "temperature": heat}) for heat in (0, 1, 3))
    reports = run_json("check", "-", stdin=lines, code=1)
    assert [(report["line"], report["ok"]) for report in reports] == [(1, True), (2, True), (3, False)]
    shown = run("check", "-", stdin=lines, code=1).stdout
    assert "line 3" in shown


def test_check_knows_batch_files_and_the_responses_surface() -> None:
    line = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": BODY}
    assert run_json("check", "-", stdin=json.dumps(line), code=1)["endpoint"] == "chat_completions"
    body = {"model": "gpt-4.1-mini", "input": "hi", "max_output_tokens": 100}
    assert run_json("check", "-", stdin=json.dumps(body))["endpoint"] == "responses"


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        ("", "nothing"),
        ("{", "not JSON"),
        ("[]", "nothing to check"),
        ("[3]", "not an object"),
        ('{"a": 1}', "names none"),
    ],
)
def test_check_says_what_is_wrong(stdin: str, said: str) -> None:
    assert said in run("check", "-", stdin=stdin, code=2).stderr


def test_check_strict() -> None:
    run("check", "gpt-4.1-mini", "nonsense=1")
    run("check", "gpt-4.1-mini", "nonsense=1", "--strict", code=1)


# Audit --------------------------------------------------------------------------------------------------------

SOURCE = '''"""Prose about gpt-4-0314 is no code."""
MODEL = "gpt-4-0314"
def ask(model: str = "gpt-4.1-mini", *, fallback_model="nonsense-9.9"): ...
ask(model="gpt-5-typo-1")
OTHERS = ["claude-sonnet-4-5-20250929", "utf-8", "text/plain", "2024-01-01", "some words 1-2", "auto"]
config = {"model": "sonar", "url": "https://gpt-4-0314", "mode": "gpt-4o-mini-x1"}
'''


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text(SOURCE, "utf-8")
    (tmp_path / "app" / "settings.yaml").write_text("llm:\n  model: claude-2.1  # old\n  encoding: cp1252\n", "utf-8")
    (tmp_path / "app" / "web.ts").write_text("const model = 'gpt-4.1-mini';\ncall(`text-davinci-003`);\n", "utf-8")
    (tmp_path / "app" / "broken.py").write_text("model = 'gpt-4-0314' +\n", "utf-8")
    (tmp_path / "app" / "image.py").write_bytes(b"\0\1gpt-4-0314")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "x.js").write_text("model = 'gpt-4-0314'", "utf-8")
    return tmp_path


def test_audit_finds_ids_in_code(code: Path) -> None:
    report = run_json("audit", str(code), "--on", "2026-11-20", code=1)
    found = {finding["reference"]: finding for finding in report["findings"]}
    assert {name: finding["code"] for name, finding in found.items()} == {
        "gpt-4-0314": "retired",
        "claude-2.1": "retired",
        "text-davinci-003": "retired",
        "gpt-4.1-mini": "retiring",
        "claude-sonnet-4-5-20250929": "retiring",
        "nonsense-9.9": "unknown",
        "gpt-5-typo-1": "unknown",
    }
    places = [(Path(place["path"]).name, place["line"], place["column"]) for place in found["gpt-4-0314"]["places"]]
    assert places == [("broken.py", 1, 10), ("main.py", 2, 9)]
    assert not report["ok"]


def test_audit_writes_places(code: Path) -> None:
    lines = run("audit", str(code / "app" / "main.py"), "--on", "2026-11-20", code=1).stdout.splitlines()
    assert lines[0].startswith(f"{code / 'app' / 'main.py'}:2:9: error: gpt-4-0314: it is retired")
    assert [int(line.removeprefix(str(code)).split(":")[1]) for line in lines] == sorted(
        int(line.removeprefix(str(code)).split(":")[1]) for line in lines
    )


def test_what_is_called_a_model_and_is_none_is_let_be(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(
        json.dumps({"device_model": "iPhone-12", "dataModel": "v2-x", "embeddingModel": "nope-1", "modelId": "nope-2"})
    )
    (tmp_path / "app.properties").write_text("llm.model.name=nope-3\r\nmodel.path=nope-4\r\n")
    found = {finding["reference"] for finding in run_json("audit", str(tmp_path), code=1)["findings"]}
    assert found == {"nope-1", "nope-2", "nope-3"}


def test_audit_options(code: Path) -> None:
    settings = str(code / "app" / "web.ts")
    assert "::error file=" in run("audit", settings, "--github", code=1).stdout
    codes = {
        finding["code"] for finding in run_json("audit", settings, "--pins", "--on", "2026-01-01", code=1)["findings"]
    }
    assert "moving" in codes
    only = run_json("audit", str(code), "-x", "*.py", "-x", "*.yaml", "--on", "2026-05-01", code=1)
    assert [finding["reference"] for finding in only["findings"]] == ["text-davinci-003"]
    assert "is a day such as" in run("audit", settings, "--on", "soon", code=2).stderr


def test_audit_ids() -> None:
    run("audit", "gpt-4.1-mini", "--on", "2026-01-01")
    run("audit", "gpt-4.1-mini", "--on", "2026-12-01", "--strict", code=1)
    assert "2 ids looked at" in run("audit", "-", "--on", "2026-01-01", stdin="gpt-4.1-mini\n\ngpt-4.1-nano\n").stderr
    assert "providers serve" in run("audit", "llama-3.1-8b-instruct", code=1).stdout
    assert "no such file or folder" in run("audit", "absent/", code=2).stderr
    assert "no such file or folder" in run("audit", "absent.py", code=2).stderr


def test_literals_of_a_notebook(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": [{"source": ["client.create(model='gpt-4-0314')\n"]}]}), "utf-8")
    assert ("gpt-4-0314", True) in [(one.text, one.named) for one in literals(str(path))]


# Facts --------------------------------------------------------------------------------------------------------


def test_sources() -> None:
    assert "models.dev" in run("sources").stdout
    assert "1,047,576" in run("sources", "gpt-4.1-mini", "--field", "limits.context_window").stdout
    stated = run_json("sources", "gpt-4.1-mini", "-f", "limits.context_window")
    assert [one["value"] for one in stated if one.get("believed")] == [1_047_576]


def test_conflicts_and_history() -> None:
    assert "limits.context_window" in run("conflicts", "gpt-4.1-mini").stdout
    assert any(one["field"] == "limits.max_output_tokens" for one in run_json("conflicts", "gpt-4.1-mini"))
    assert "pricing.standard.cached_input" in run("history", "grok-4.5").stdout
    assert run_json("history", "grok-4.5", "-f", "pricing")


def test_diff(small_folder: Path) -> None:
    assert "No difference" in run("diff", "bundled", "bundled").stdout
    assert "# Dataset" in run("diff", "bundled", str(small_folder), "--markdown", "--exit-code", code=1).stdout
    shown = run("diff", str(small_folder), "bundled").stdout
    assert "Models added" in shown
    assert run_json("diff", str(small_folder), str(small_folder))["old_version"] == "1"
    assert "nowhere" in run("diff", "nowhere", code=2).stderr


def test_info_and_version() -> None:
    assert "models" in run("info").stdout
    assert run_json("info")["dataset"]["counts"]["models"] > 8_000
    assert run("--version").stdout.startswith("modelmeta ")


def test_another_dataset(small_folder: Path) -> None:
    done = process("--dataset", str(small_folder), "show", "gpt-9", "--json")
    assert json.loads(done.stdout)["name"] == "GPT-9"
    assert "nowhere" in process("--dataset", "nowhere", "info").stderr


def test_an_update_that_has_no_place_to_go_to_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    there = RefreshResult(status="unavailable", version="1", path="/data", url="https://example.com/latest.json")
    monkeypatch.setattr("modelmeta.updates.refresh", lambda *_, **__: there)
    assert "unavailable" in run("update", "--json", code=2).stdout
    assert "there is no place to install to: dataset 1" in run("update", code=2).stdout


def test_update_says_what_came_of_it(tmp_path: Path) -> None:
    pytest.importorskip("requests")
    away = {"MODELMETA_CACHE": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    result = run("update", "--url", "http://127.0.0.1:9/latest.json", "--timeout", "2", code=2, **away)
    assert result.stderr.startswith("modelmeta: ")


# Among other programs --------------------------------------------------------------------------------------------


def test_help_names_every_command() -> None:
    shown = run("--help").stdout
    for (
        name
    ) in "show list find compare cost check snapshots aliases history sources conflicts audit diff update info".split():
        assert f" {name} " in shown
        assert "--json" in run(name, "--help").stdout


def test_a_reader_that_leaves_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "modelmeta", "show", "gpt-4.1-mini"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        said = program.stderr.read()
    assert said == b""
    assert program.returncode == 141


def test_no_colour_without_a_terminal_or_when_it_is_not_wanted() -> None:
    assert "\x1b" not in process("show", "gpt-4.1-mini").stdout
    assert "\x1b" not in process("show", "gpt-4.1-mini", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout
    assert "\x1b[" in process("show", "gpt-4.1-mini", env={"FORCE_COLOR": "1", "NO_COLOR": "", "TERM": "xterm"}).stdout


@pytest.mark.parametrize("width", ["40", "80", "160"])
def test_width_is_that_of_the_terminal(width: str) -> None:
    lines = run("show", "gpt-4.1-mini", COLUMNS=width).stdout.splitlines()
    assert max(map(len, lines)) <= int(width)


def test_an_old_encoding_gets_plain_signs() -> None:
    done = process("compare", "gpt-4.1-mini", "gpt-4.1-nano", "-d", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "*  input price" in done.stdout


def test_completion() -> None:
    words = {"_MODELMETA_COMPLETE": "complete_bash", "COMP_WORDS": "modelmeta show gpt-4.1-mini-2", "COMP_CWORD": "2"}
    assert process(env=words).stdout.split() == ["gpt-4.1-mini-2025-04-14"]


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise ImportError('no typer', name='typer')")
    done = process("info", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 2
    assert "pip install 'modelmeta[cli]'" in done.stderr
