"""Checking requests: how they are spelled, what counts as sent, and what a report says."""

from __future__ import annotations

import copy
import pickle
import threading
from collections import UserDict
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from modelmeta import (
    ContextRoom,
    Model,
    ModelMetaError,
    ParameterError,
    ParameterReport,
    UnknownModelError,
    check_parameters,
    context_room,
    get_model,
    get_parameters,
    list_models,
    validate_parameters,
)
from modelmeta.records import Limits

TOOLS = [{"type": "function", "function": {"name": "add"}}]


def codes(report: ParameterReport) -> list[tuple[str, str]]:
    return [(issue.code, issue.path) for issue in report.issues]


def errors(model: str, params: Any, endpoint: str | None = None, provider: str | None = None) -> list[tuple[str, str]]:
    report = check_parameters(model, params, endpoint=endpoint, provider=provider)
    return [(issue.code, issue.path) for issue in report.errors]


# Reports ---------------------------------------------------------------------------------------------------------


def test_one_report_names_the_range_the_limit_and_the_misspelling() -> None:
    params = {"temperature": 2.5, "top_p": 0.5, "max_tokens": 40_000, "frequency_penaltyy": 1}
    report = check_parameters("gpt-4.1-mini", params)
    assert codes(report) == [
        ("out_of_range", "temperature"),
        ("deprecated", "max_tokens"),
        ("limit_exceeded", "max_tokens"),
        ("unknown_parameter", "frequency_penaltyy"),
    ]
    high, _, limit, misspelt = report.issues
    assert (high.value, high.allowed, high.suggestion) == (2.5, ("[0, 2]",), "use 2")
    assert "32,768" in limit.message
    assert misspelt.severity == "warning"
    assert "'frequency_penalty'" in misspelt.message
    assert not report
    assert not report.ok
    assert [issue.code for issue in report.warnings] == ["deprecated", "unknown_parameter"]
    assert report.safe_params == {**params, "temperature": 2, "max_tokens": 32_768}
    assert report.changes == ("temperature: 2.5 became 2", "max_tokens: 40000 became 32768")


def test_a_fine_request_has_nothing_to_report() -> None:
    report = check_parameters("gpt-4.1-mini", {"temperature": 0.5, "messages": [{"role": "user", "content": "hi"}]})
    assert report
    assert report.ok
    assert (report.issues, report.errors, report.warnings, report.changes) == ((), (), (), ())
    assert str(report) == "openai/gpt-4.1-mini chat_completions: fine"


def test_each_issue_says_where_it_comes_from() -> None:
    (issue,) = check_parameters("gpt-5", {"temperature": 0.2}, endpoint="chat_completions").errors
    assert issue.sources
    assert all(source.url.startswith("https://") and source.kind for source in issue.sources)
    assert any(source.date for source in issue.sources)
    assert str(issue) == f"error: {issue.message}"
    assert str(issue.sources[0]) == issue.sources[0].url


def test_a_renamed_parameter_keeps_its_value() -> None:
    report = check_parameters("o3", {"max_tokens": 500}, endpoint="chat_completions")
    assert codes(report) == [("renamed", "max_tokens")]
    assert report.safe_params == {"max_completion_tokens": 500}
    assert report.changes == ("max_tokens: renamed max_completion_tokens",)


def test_a_renamed_parameter_gives_way_to_one_that_was_sent() -> None:
    report = check_parameters("o3", {"max_tokens": 500, "max_completion_tokens": 9}, endpoint="chat_completions")
    assert report.safe_params == {"max_completion_tokens": 9}


def test_the_nearest_effort_is_the_least_change() -> None:
    report = check_parameters("gpt-5", {"reasoning": {"effort": "max"}}, endpoint="responses")
    assert codes(report) == [("unsupported_value", "reasoning.effort")]
    assert report.issues[0].allowed == ("minimal", "low", "medium", "high")
    assert report.safe_params == {"reasoning": {"effort": "high"}}


def test_an_ignored_parameter_is_a_warning_and_stays() -> None:
    report = check_parameters("gemini-3.6-flash", {"temperature": 0.5}, provider="google")
    assert report.ok
    assert codes(report) == [("ignored", "temperature")]
    assert report.safe_params == {"temperature": 0.5}


def test_strict_makes_unknown_parameters_errors() -> None:
    params = {"temperature": 0.5, "frequency_penaltyy": 1, "zzz": 1}
    assert check_parameters("gpt-4.1-mini", params).ok
    report = check_parameters("gpt-4.1-mini", params, strict=True)
    assert [(issue.code, issue.path) for issue in report.errors] == [
        ("unknown_parameter", "frequency_penaltyy"),
        ("unknown_parameter", "zzz"),
    ]
    assert report.safe_params == {"temperature": 0.5, "frequency_penalty": 1}


def test_a_report_survives_copies_and_pickles() -> None:
    report = check_parameters("o3", {"max_tokens": 500, "temperature": 0.2}, endpoint="chat_completions")
    assert report.safe_params == {"max_completion_tokens": 500}
    for twin in (copy.copy(report), copy.deepcopy(report), pickle.loads(pickle.dumps(report))):
        assert twin == report
        assert twin.issues == report.issues
        assert twin.safe_params == report.safe_params


def test_a_report_keeps_what_was_checked() -> None:
    params = {"stop": ["x"]}
    report = check_parameters("gpt-4o", params)
    report.safe_params["stop"] = None
    params["top_k"] = ["later"]
    assert report.params == {"stop": ["x"]}
    assert report.safe_params == {"stop": ["x"]}


def test_validate_gives_the_parameters_or_raises_with_the_report() -> None:
    params = {"temperature": 0.5}
    assert validate_parameters("gpt-4o", params) == params
    with pytest.raises(ParameterError, match=r"'temperature' is 3.*and 1 more") as caught:
        validate_parameters("gpt-4o", {"temperature": 3, "top_p": 2})
    assert caught.value.report is not None
    assert len(caught.value.report.errors) == 2


# How a request is spelled ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "endpoint",
    ["chat_completions", "chat.completions", "/v1/chat/completions", "chat/completions", "Chat-Completions"],
)
def test_an_endpoint_has_many_names(endpoint: str) -> None:
    report = check_parameters("gpt-4o", {}, endpoint=endpoint)
    assert report.endpoint == "chat_completions"


@pytest.mark.parametrize(
    ("endpoint", "plain"),
    [
        ("images_generations", "images"),
        ("images.edits", "image_edits"),
        ("audio_transcriptions", "transcriptions"),
        ("audio.speech", "speech"),
        ("generateContent", "generate_content"),
        ("streamGenerateContent", "generate_content"),
        ("v1/messages", "messages"),
        ("Converse", "converse"),
        ("InvokeModel", "invoke_model"),
        ("embeddings", "embeddings"),
    ],
)
def test_every_surface_has_its_names(endpoint: str, plain: str) -> None:
    assert check_parameters("gpt-4o", {}, endpoint=endpoint).endpoint == plain


def test_an_endpoint_that_does_not_exist_is_an_error_with_the_nearest() -> None:
    with pytest.raises(ParameterError, match="did you mean 'responses'"):
        check_parameters("gpt-4o", {}, endpoint="respones")
    with pytest.raises(ParameterError, match="not int"):
        check_parameters("gpt-4o", {}, endpoint=7)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("model", "endpoint"),
    [
        ("openai/gpt-4o", "chat_completions"),
        ("openai/gpt-5-codex", "responses"),
        ("openai/text-embedding-3-small", "embeddings"),
        ("openai/dall-e-3", "images"),
        ("openai/tts-1", "speech"),
        ("openai/whisper-1", "transcriptions"),
        ("anthropic/claude-sonnet-4-5", "messages"),
        ("google/gemini-2.5-pro", "generate_content"),
        ("amazon-bedrock/amazon.nova-pro-v1:0", "converse"),
        ("cohere/command-a-03-2025", "chat"),
        ("groq/llama-3.3-70b-versatile", "chat_completions"),
    ],
)
def test_without_an_endpoint_the_main_one_counts(model: str, endpoint: str) -> None:
    assert check_parameters(model, {}).endpoint == endpoint


@pytest.mark.parametrize(
    "params",
    [
        {"generationConfig": {"thinkingConfig": {"thinkingBudget": 40_000}}},
        {"generationConfig.thinkingConfig.thinkingBudget": 40_000},
        {"generation_config": {"thinking_config": {"thinking_budget": 40_000}}},
        {"config": {"thinking_config": {"thinking_budget": 40_000}}},
        {"thinkingConfig": {"thinkingBudget": 40_000}},
        {"thinking_config": {"thinking_budget": 40_000}},
    ],
)
def test_gemini_is_understood_in_every_spelling(params: dict[str, Any]) -> None:
    (issue,) = check_parameters("gemini-2.5-pro", params, provider="google").errors
    (top,) = params
    assert issue.code == "out_of_range"
    assert issue.path.startswith(top)
    safe = check_parameters("gemini-2.5-pro", params, provider="google").safe_params
    assert str(safe) == str(params).replace("40000", "32768")


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"inferenceConfig": {"temperature": 1.5}}, "inferenceConfig.temperature"),
        ({"temperature": 1.5}, "temperature"),
        ({"inferenceConfig": {"topP": 1.5}}, "inferenceConfig.topP"),
        ({"additionalModelRequestFields": {"frequency_penalty": 1}}, "additionalModelRequestFields.frequency_penalty"),
    ],
)
def test_bedrock_is_understood_in_its_own_words(params: dict[str, Any], path: str) -> None:
    found = errors("anthropic.claude-3-haiku-20240307-v1:0", params, "converse", "bedrock")
    assert path in [found_path for _, found_path in found]


def test_what_is_in_extra_body_counts_as_if_it_lay_at_the_top() -> None:
    assert errors("gpt-5", {"extra_body": {"temperature": 0.5}}, "chat_completions") == [
        ("unsupported_value", "extra_body.temperature")
    ]
    report = check_parameters(
        "gpt-5.4", {"temperature": 0.5, "extra_body": {"reasoning_effort": "low"}}, endpoint="chat_completions"
    )
    assert [(issue.code, issue.path) for issue in report.errors] == [("unsupported_value", "temperature")]
    assert errors("gpt-4o", {"extra_body": [1]}) == [("wrong_type", "extra_body")]


def test_any_mapping_will_do() -> None:
    for params in (UserDict({"temperature": 3}), MappingProxyType({"temperature": 3})):
        assert errors("gpt-4o", params) == [("out_of_range", "temperature")]
    nested = {"response_format": MappingProxyType({"type": "xml"})}
    assert errors("gpt-4o", nested) == [("unsupported_value", "response_format.type")]


# What counts as sent ---------------------------------------------------------------------------------------------


def test_none_is_not_sent() -> None:
    assert check_parameters("o3", {"temperature": None, "stop": None}, endpoint="chat_completions").issues == ()
    assert errors("claude-sonnet-4-5", {"max_tokens": None}) == [("missing_required", "max_tokens")]


def test_a_zero_is_sent_and_hosts_differ_on_it() -> None:
    assert errors("grok-4", {"presence_penalty": 0}, provider="xai") == [("unsupported_parameter", "presence_penalty")]
    assert errors("gpt-4o", {"presence_penalty": 0}) == []
    assert errors("o3", {"presence_penalty": 0}, "chat_completions") == []
    assert errors("sonar", {"frequency_penalty": 0}, provider="perplexity") == [("out_of_range", "frequency_penalty")]


def test_a_default_that_was_not_sent_counts() -> None:
    assert errors("gpt-5.2", {"temperature": 0.5}, "chat_completions") == []  # effort defaults to none
    assert errors("gpt-5.5", {"temperature": 0.5}, "chat_completions") == [("unsupported_value", "temperature")]
    assert errors("gpt-5.5", {"temperature": 0.5, "reasoning_effort": "none"}, "chat_completions") == []
    thinking = {"tools": TOOLS, "tool_choice": "required"}
    assert errors("deepseek-v4-flash", thinking, provider="deepseek") == [("conflict", "tool_choice")]
    assert errors("deepseek-v4-flash", {**thinking, "thinking": {"type": "disabled"}}, provider="deepseek") == []


def test_bounds_refer_to_other_parameters_and_to_the_model() -> None:
    params = {"max_tokens": 3000, "thinking": {"type": "enabled", "budget_tokens": 3000}}
    report = check_parameters("claude-sonnet-4-5", params)
    assert codes(report) == [("conflict", "thinking.budget_tokens")]
    assert report.safe_params["thinking"] == {"type": "enabled", "budget_tokens": 2999}
    small = Model(id="gpt-4o", provider="openai", limits=Limits(max_output_tokens=10))
    assert [issue.code for issue in check_parameters(small, {"max_completion_tokens": 11}).errors] == ["limit_exceeded"]


def test_the_host_decides() -> None:
    effort = {"reasoning_effort": "high"}
    assert errors("claude-sonnet-4.5", effort, "chat_completions", "github_copilot") != []
    assert errors("anthropic/claude-sonnet-4.5", effort, "chat_completions", "openrouter") == []
    penalty = {"frequencyPenalty": 0.5}
    assert errors("gemini-2.5-flash", penalty, provider="google") == [("unsupported_value", "frequencyPenalty")]
    assert errors("gemini-2.5-flash", penalty, provider="vertex") == []


# Content ---------------------------------------------------------------------------------------------------------


def test_content_passes() -> None:
    params = {
        "model": "x",
        "messages": [{"role": "user", "content": "hi"}],
        "tools": TOOLS,
        "stream": True,
        "metadata": {"a": "b"},
        "extra_headers": {"x": "y"},
        "timeout": 5,
        "user": "me",
    }
    assert check_parameters("gpt-4o", params).ok


def made(**more: Any) -> Model:
    raw = {"id": "made-up", "provider": "openai", "name": "Made up", **more}
    return Model._from_json(raw)  # type: ignore[no-any-return]


IMAGE = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://x/y.png"}}]}]
SOUND = [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "", "format": "wav"}}]}]
SCHEMA = {"type": "json_schema", "json_schema": {"name": "o", "schema": {}}}


@pytest.mark.parametrize(
    ("facts", "params", "code", "path"),
    [
        ({"capabilities": {"tool_calling": False}}, {"tools": TOOLS}, "unsupported_parameter", "tools"),
        ({"capabilities": {"streaming": False}}, {"stream": True}, "unsupported_value", "stream"),
        (
            {"capabilities": {"structured_output": False}},
            {"response_format": SCHEMA},
            "unsupported_value",
            "response_format.type",
        ),
        ({"modalities": {"input": ["text"], "output": ["text"]}}, {"messages": IMAGE}, "unsupported_value", "messages"),
        ({"modalities": {"input": ["text"], "output": ["text"]}}, {"messages": SOUND}, "unsupported_value", "messages"),
    ],
)
def test_what_a_model_cannot_do_is_said_only_when_it_is_known(
    facts: dict[str, Any], params: dict[str, Any], code: str, path: str
) -> None:
    unable = check_parameters(made(**facts), params, endpoint="chat_completions")
    assert [(issue.code, issue.path) for issue in unable.errors] == [(code, path)]
    assert check_parameters(made(), params, endpoint="chat_completions").ok
    assert check_parameters(made(capabilities={"tool_calling": True}), params, endpoint="chat_completions").ok


def test_a_role_is_named_where_it_stands() -> None:
    messages = [{"role": "user", "content": "x"}, {"role": "system", "content": "y"}]
    report = check_parameters("o1-mini", {"messages": messages}, endpoint="chat_completions", provider="openai")
    assert [issue.path for issue in report.errors] == ["messages[1].role"]
    assert [turn["role"] for turn in report.safe_params["messages"]] == ["user", "user"]  # type: ignore[attr-defined]


# Models ----------------------------------------------------------------------------------------------------------


def test_a_new_member_of_a_known_family_is_checked_with_a_warning() -> None:
    report = check_parameters("claude-opus-4-7-20290101", {"max_tokens": 9, "temperature": 0.5}, provider="anthropic")
    assert ("unsupported_value", "temperature") in codes(report)
    assert ("unknown_model", "model") in codes(report)
    assert report.issues[-1].severity == "warning"


def test_an_unknown_model_is_an_error() -> None:
    with pytest.raises(UnknownModelError):
        check_parameters("no-such-model", {})
    with pytest.raises(UnknownModelError):
        check_parameters("no-such-model", {}, provider="openai")
    with pytest.raises(ModelMetaError):
        check_parameters("gpt-4o", {}, provider="no-such-provider")
    with pytest.raises(ParameterError, match="served by 'openai'"):
        check_parameters(get_model("gpt-4o"), {}, provider="azure")


def test_a_provider_without_rules_of_its_own_is_judged_by_the_model_alone() -> None:
    (model, *_) = [model for model in list_models(provider="deepinfra") if model.capabilities.tool_calling]
    report = check_parameters(model, {"temperature": 7, "tools": TOOLS, "no_such_thing": 1, "max_tokens": "x"})
    assert codes(report) == [("wrong_type", "max_tokens"), ("unknown_parameter", "no_such_thing")]


# Bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("params", [None, 1, "temperature=1", [("temperature", 1)], {1}, object()])
def test_params_that_are_no_mapping(params: Any) -> None:
    with pytest.raises(ParameterError, match="params is a mapping") as caught:
        check_parameters("gpt-4o", params)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), True, "1", [1], {"a": 1}, b"2", 10**400],
    ids=lambda value: f"{value!r:.10}",
)
def test_what_is_no_number_in_range(value: Any) -> None:
    (issue,) = check_parameters("gpt-4o", {"temperature": value}).errors
    assert issue.code in {"wrong_type", "out_of_range"}
    assert len(issue.message) < 300


class Scalar:
    """What NumPy's scalars and the like can do."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        return float(self.value)


class Whole(Scalar):
    def __index__(self) -> int:
        return int(self.value)


class Strange:
    def __float__(self) -> float:
        raise ValueError

    def __eq__(self, other: object) -> bool:
        raise ValueError

    def __hash__(self) -> int:
        raise ValueError

    def __repr__(self) -> str:
        raise ValueError


def test_numbers_of_other_libraries_are_numbers() -> None:
    assert errors("gpt-4o", {"temperature": Scalar(0.5), "max_tokens": Whole(9), "top_p": Decimal("0.5")}) == []
    assert errors("gpt-4o", {"temperature": Scalar(2.5)}) == [("out_of_range", "temperature")]
    assert errors("gpt-4o", {"max_tokens": Scalar(0.5)}) == [("wrong_type", "max_tokens")]


def test_objects_that_do_nothing_right_do_no_harm() -> None:
    params = {"temperature": Strange(), "response_format": Strange(), "stop": Strange(), "tools": Strange()}
    report = check_parameters("gpt-4o", params)
    assert isinstance(report.safe_params, dict)
    assert [issue.message for issue in report.issues]


def test_keys_that_are_no_strings_are_unknown_and_left_out() -> None:
    report = check_parameters("gpt-4o", {1: 2, None: 3, ("a",): 4, "temperature": 3})  # type: ignore[dict-item]
    assert [issue.code for issue in report.issues] == ["out_of_range"] + ["unknown_parameter"] * 3
    assert report.safe_params == {"temperature": 2}


def test_depth_and_cycles_end() -> None:
    deep: dict[str, Any] = {}
    inner = deep
    for _ in range(5000):
        inner["generationConfig"] = inner["thinking"] = {}
        inner = inner["thinking"]
    cycle: dict[str, Any] = {"temperature": 3}
    cycle["extra_body"] = cycle["reasoning"] = cycle["thinking"] = cycle
    loop: list[Any] = []
    loop.append(loop)
    for model in ("gpt-4o", "claude-sonnet-4-5", "gemini-2.5-pro"):
        for params in (deep, cycle, {"messages": loop, "stop": loop, "tools": loop, "contents": loop}):
            report = check_parameters(model, params)
            assert isinstance(report.safe_params, dict)
            assert all(len(issue.message) < 400 for issue in report.issues)


def test_long_input_is_cut_in_messages() -> None:
    report = check_parameters("gpt-4o", {"x" * 5000: 1, "service_tier": "y" * 5000, "stop": ["z" * 5000] * 9})
    assert all(len(issue.message) < 500 for issue in report.issues)


def test_threads_share_the_rules() -> None:
    found: list[list[tuple[str, str]]] = []

    def check() -> None:
        models = ("gpt-4o", "claude-sonnet-4-5", "gemini-2.5-pro", "grok-4", "o3")
        found.extend(codes(check_parameters(model, {"temperature": 3, "max_tokens": 10})) for model in models)

    threads = [threading.Thread(target=check) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert len({str(one) for one in found}) <= 5


# Specs -----------------------------------------------------------------------------------------------------------


def test_a_spec_draws_a_form() -> None:
    specs = get_parameters("gpt-4.1-mini")
    assert isinstance(specs, Mapping)
    assert list(specs) == sorted(specs)
    temperature = specs["temperature"]
    assert (temperature.type, temperature.minimum, temperature.maximum, temperature.default) == ("number", 0, 2, 1)
    assert (specs["top_p"].minimum, specs["top_p"].maximum, specs["top_p"].default) == (0, 1, 1)
    assert (specs["max_completion_tokens"].minimum, specs["max_completion_tokens"].maximum) == (1, 32_768)
    for penalty in ("presence_penalty", "frequency_penalty"):
        assert (specs[penalty].minimum, specs[penalty].maximum, specs[penalty].default) == (-2, 2, 0)
    assert specs["stop"].max_items == 4
    assert specs["max_tokens"].support == "deprecated"
    assert specs["max_tokens"].replaced_by == "max_completion_tokens"
    assert specs["response_format.type"].choices == ("text", "json_object", "json_schema")
    assert specs["top_logprobs"].requires == ("logprobs",)
    assert all(spec.sources for spec in specs.values() if spec.support != "unknown")


def test_a_spec_says_whether_a_parameter_applies() -> None:
    o3 = get_parameters("o3", endpoint="chat_completions")
    assert (o3["temperature"].support, o3["temperature"].choices) == ("fixed", (1,))
    assert o3["stop"].support == "unsupported"
    assert (o3["max_tokens"].support, o3["max_tokens"].replaced_by) == ("unsupported", "max_completion_tokens")
    assert o3["reasoning_effort"].choices == ("low", "medium", "high")
    assert "top_k" not in o3
    claude = get_parameters("claude-sonnet-4-5")
    assert claude["max_tokens"].required
    assert not claude["thinking.budget_tokens"].required
    assert claude["top_p"].conflicts == ("temperature",)
    assert "below max_tokens" in claude["thinking.budget_tokens"].requires
    assert (
        "not with reasoning.effort other than none" in get_parameters("gpt-5.4", endpoint="responses")["top_p"].requires
    )


LARGEST = [
    "openai",
    "anthropic",
    "google",
    "xai",
    "mistral",
    "cohere",
    "deepseek",
    "alibaba",
    "moonshotai",
    "zai",
    "minimax",
    "perplexity",
]
CORE = {
    "chat": ("temperature", "p", "max_tokens", "stop_sequences"),
    "chat_completions": ("temperature", "top_p", "max_tokens", "stop"),
    "generate_content": tuple(
        f"generationConfig.{x}" for x in ("temperature", "topP", "maxOutputTokens", "stopSequences")
    ),
    "messages": ("temperature", "top_p", "max_tokens", "stop_sequences"),
    "responses": ("temperature", "top_p", "max_output_tokens", "stop"),
}


@pytest.mark.parametrize("provider", LARGEST)
def test_the_four_controls_of_every_text_model_are_stated(provider: str) -> None:
    checked = 0
    for model in list_models(provider=provider):
        endpoint = check_parameters(model, {}).endpoint
        if endpoint in CORE and "text" in model.modalities.output:
            specs = get_parameters(model)
            assert {name: specs[name].support for name in CORE[endpoint]}
            checked += 1
    assert checked


# Whether a request fits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "tokens", "output", "fits"),
    [
        ({"context_window": 100, "max_output_tokens": 40}, 60, 40, True),
        ({"context_window": 100, "max_output_tokens": 40}, 61, 40, False),
        ({"context_window": 100, "max_output_tokens": 40}, 10, 41, False),
        ({"context_window": 100, "max_output_tokens": 40}, 100, None, True),
        ({"context_window": 100, "max_output_tokens": 40}, 101, None, False),
        ({"context_window": 100, "max_input_tokens": 50}, 51, 1, False),
        ({"max_input_tokens": 50, "max_output_tokens": 10}, 50, 10, True),
        ({"max_output_tokens": 10}, 5, 5, None),
        ({"max_output_tokens": 10}, 5, 11, False),
        ({}, 5, 5, None),
    ],
)
def test_whether_a_request_fits(limits: dict[str, int], tokens: int, output: int | None, fits: bool | None) -> None:
    room = context_room(Model(id="m", provider="openai", limits=Limits(**limits)), tokens, output)
    assert room.fits is fits
    assert room.message


def test_the_room_that_is_left() -> None:
    model = Model(id="m", provider="openai", limits=Limits(context_window=100, max_output_tokens=40))
    assert context_room(model, 70, 20) == ContextRoom(fits=True, input_room=30, output_room=10, message="it fits")
    assert context_room(model, 70, 40).message == "ask for at most 30 output tokens"
    assert context_room(model, 120).input_room == -20
    for bad in (-1, 1.5, True, "9"):
        with pytest.raises(ModelMetaError):
            context_room(model, bad)  # type: ignore[arg-type]
