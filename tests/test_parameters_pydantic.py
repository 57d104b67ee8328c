"""Parameters and model references as pydantic types."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from modelmeta import ModelRef, check_parameters, get_parameters, list_models, parameters_model


class Settings(BaseModel):
    model: ModelRef


def test_a_setting_names_a_model() -> None:
    assert Settings(model="gpt-4.1-mini").model == "gpt-4.1-mini"
    assert Settings(model="anthropic/claude-sonnet-4-5").model == "anthropic/claude-sonnet-4-5"
    with pytest.raises(ValidationError, match="no model 'gpt-99'"):
        Settings(model="gpt-99")
    assert Settings.model_json_schema()["properties"]["model"]["type"] == "string"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"temperature": 2.5}, "temperature"),
        ({"temperature": "warm"}, "temperature"),
        ({"max_tokens": 40_000}, "max_tokens"),
        ({"frequency_penaltyy": 1}, "frequency_penaltyy"),
        ({"response_format": {"type": "xml"}}, "type"),
        ({"service_tier": "gold"}, "service_tier"),
        ({"reasoning_effort": "low"}, "reasoning_effort"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "stop"),
    ],
)
def test_the_bounds_are_those_of_the_specs(values: dict[str, Any], field: str) -> None:
    model = parameters_model("gpt-4.1-mini", "chat_completions")
    with pytest.raises(ValidationError) as caught:
        model(**values)
    assert field in {part for error in caught.value.errors() for part in error["loc"]}


def test_what_passes_is_a_request() -> None:
    model = parameters_model("gpt-4.1-mini", "chat_completions")
    settings = model(temperature=0.5, stop=["x"], response_format={"type": "json_object"}, seed=None)
    params = settings.model_dump(exclude_none=True)
    assert params == {"temperature": 0.5, "stop": ["x"], "response_format": {"type": "json_object"}}
    assert check_parameters("gpt-4.1-mini", params).ok


def test_what_a_provider_requires_is_required() -> None:
    model = parameters_model("claude-sonnet-4-5")
    with pytest.raises(ValidationError, match="max_tokens"):
        model(temperature=1)
    assert model(max_tokens=9).model_dump(exclude_none=True) == {"max_tokens": 9}
    assert model.__name__ == "ClaudeSonnet45Parameters"


def test_the_schema_draws_a_form() -> None:
    schema = parameters_model("gpt-4.1-mini", "chat_completions").model_json_schema()
    number = schema["properties"]["temperature"]
    assert number["default"] == 1
    assert {"minimum": 0, "maximum": 2, "type": "number"} in number["anyOf"]
    assert schema["additionalProperties"] is False
    assert {"temperature", "top_p", "max_tokens", "stop"} <= set(schema["properties"])


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google", "amazon-bedrock", "cohere", "mistral"])
def test_every_model_has_a_schema(provider: str) -> None:
    for model in list_models(provider=provider)[::7]:
        built = parameters_model(model)
        assert built.model_json_schema()["type"] == "object"
        supported = {path.partition(".")[0] for path, spec in get_parameters(model).items() if spec.support == "fixed"}
        assert {name for name in supported if name.isidentifier()} <= set(built.model_fields)


def test_nothing_else_imports_pydantic() -> None:
    code = "import sys, modelmeta; modelmeta.check_parameters('gpt-4o', {'temperature': 3}).safe_params; print('pydantic' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
