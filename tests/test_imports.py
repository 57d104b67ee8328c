"""What an import and a first lookup cost: proved in a process of their own, by what they load and open."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import modelmeta

PACKAGE = Path(modelmeta.__file__).parent

NEVER = frozenset(
    """
    json re dataclasses typing typing_extensions enum inspect ast decimal _decimal numbers fractions datetime pathlib
    functools collections collections.abc copy pickle random hashlib ssl socket asyncio threading
    concurrent subprocess tempfile shutil zipfile logging argparse difflib unicodedata urllib http email
    importlib.resources importlib.metadata importlib_resources importlib.abc
    pydantic pydantic_core pandas polars pyarrow numpy yaml requests rich platformdirs
    modelmeta.validation modelmeta.suggestions modelmeta.provenance modelmeta.parameters modelmeta.cost modelmeta.usage
    modelmeta.find modelmeta.display modelmeta.refresh modelmeta.updates modelmeta.overlay
    """.split()
)
"""What neither an import nor a first lookup may load."""


def without_lock() -> bool:
    """Whether this interpreter has no global lock."""
    return not getattr(sys, "_is_gil_enabled", lambda: True)()


FIRST_LOOKUP = frozenset(
    """
    __future__ contextvars _contextvars _json zlib warnings
    importlib importlib._bootstrap importlib._bootstrap_external
    modelmeta modelmeta._record modelmeta.active modelmeta.catalog modelmeta.dates modelmeta.errors modelmeta.pricing
    modelmeta.records modelmeta.references modelmeta.storage
    """.split()
) | ({"modelmeta._apart"} if without_lock() else set())
"""All that a first lookup may load."""

EXACT = frozenset(
    """
    decimal _decimal numbers datetime _datetime math collections collections.abc _collections keyword operator _operator
    reprlib itertools types functools _functools
    """.split()
)
"""What exact amounts and days are made of."""

FIRST_ANSWERS = {
    "check": (
        (
            "from modelmeta import check_parameters\n"
            "assert check_parameters('gpt-4.1-mini', {'temperature': 1, 'max_tokens': 100, 'top_p': 0.9})"
        ),
        (
            "parameters _parameter_conditions _parameter_issues _parameter_names "
            "_parameter_requests _parameter_rules _parameter_shortcuts _parameter_values"
        ),
        frozenset[str](),
    ),
    "cost": (
        (
            "from modelmeta import compute_cost\n"
            "assert compute_cost('gpt-4.1-mini', input_tokens=1000, cached_input_tokens=200, output_tokens=100)"
        ),
        "cost components usage _bills _plans",
        EXACT | {"bisect", "_bisect"},
    ),
    "find": (
        (
            "from modelmeta import find_models\n"
            "assert find_models(requires=['tool_calling'], min_context=200_000, max_input_price='1', sort_by='released')"
        ),
        "api find results _columns",
        EXACT,
    ),
}
"""The first answer of each kind, and all that it may load beside what a first lookup does: own modules, and others."""

WATCH = """
import sys
sys.path.insert(0, {root!r})
before = set(sys.modules)
seen = []
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        seen.append(str(arguments[0]))
    elif event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "urllib.")):
        seen.append(event)
sys.addaudithook(hook)
{program}
loaded = sorted(set(sys.modules) - before)
import json
print(json.dumps([loaded, seen]))
"""


def watch(program: str) -> tuple[set[str], list[str]]:
    """The modules that a program loads, and the files of data and the doors that it opens."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", WATCH.format(root=str(PACKAGE.parent), program=program)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    loaded, seen = json.loads(done.stdout)
    data = str(PACKAGE / "data")
    opened = [Path(name).relative_to(data).as_posix() for name in seen if name.startswith(data)]
    doors = [name for name in seen if name.startswith(("socket.", "subprocess.", "os.", "urllib."))]
    assert not doors, doors
    return set(loaded), opened


def test_import_loads_nothing_and_reads_no_data() -> None:
    loaded, opened = watch("import modelmeta")
    assert loaded <= {"modelmeta", "__future__"}
    assert opened == []


def test_a_name_is_loaded_when_it_is_wanted() -> None:
    loaded, opened = watch("from modelmeta import get_model, Model, UnknownModelError, Catalog")
    assert opened == []
    assert not loaded & NEVER
    assert loaded <= FIRST_LOOKUP


@pytest.mark.parametrize(
    ("reference", "provider"),
    [("gpt-4.1-mini", "openai"), ("anthropic/claude-sonnet-4-5", "anthropic"), ("models/gemini-2.5-pro", "google")],
)
def test_a_first_lookup_loads_little_and_reads_three_files(reference: str, provider: str) -> None:
    loaded, opened = watch(f"from modelmeta import get_model\nmodel = get_model({reference!r})\nassert model.id")
    if "/" not in reference or reference.startswith(provider):
        assert not loaded & NEVER, loaded & NEVER
        assert loaded <= FIRST_LOOKUP, loaded - FIRST_LOOKUP
    assert set(opened) == {"manifest.json", "index.json", f"models/{provider}.json"}


def test_reading_the_fields_of_a_model_loads_only_what_they_are_made_of() -> None:
    program = """
from modelmeta import get_model
model = get_model("gpt-4.1-mini")
model.limits, model.capabilities, model.endpoints, model.snapshots, model.qualified_id, model.access
"""
    loaded, _ = watch(program)
    assert loaded <= FIRST_LOOKUP
    loaded, _ = watch(program + "model.status, model.price('input')")
    extra = {name.partition(".")[0] for name in loaded - FIRST_LOOKUP}
    assert not loaded & (
        NEVER - {"datetime", "decimal", "_decimal", "numbers", "collections", "collections.abc", "re", "functools"}
    )
    assert "datetime" in extra
    assert "json" not in extra


@pytest.mark.parametrize("kind", FIRST_ANSWERS)
def test_a_first_answer_loads_little(kind: str) -> None:
    program, own, others = FIRST_ANSWERS[kind]
    loaded, _ = watch(program)
    allowed = FIRST_LOOKUP | {f"modelmeta.{name}" for name in own.split()} | others
    assert loaded <= allowed, loaded - allowed


def test_a_first_choice_reads_the_columns_that_it_asks_and_no_model() -> None:
    program, _, _ = FIRST_ANSWERS["find"]
    _, opened = watch(program)
    asked = ("features", "context_window", "input_price", "released")
    assert set(opened) == {"manifest.json", *(f"columns/{name}.json" for name in asked)}


def test_nothing_is_read_twice() -> None:
    _, opened = watch("from modelmeta import get_model\nfor _ in range(50): get_model('gpt-4.1-mini')")
    _, once = watch("from modelmeta import get_model\nget_model('gpt-4.1-mini')")
    assert opened == once


# The front door --------------------------------------------------------------------------------------------


def static_imports() -> dict[str, set[str]]:
    """The names that type checkers see, by module."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    (block,) = [
        node for node in tree.body if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
    ]
    found: dict[str, set[str]] = {}
    for node in block.body:
        assert isinstance(node, ast.ImportFrom), ast.dump(node)
        assert node.level == 1
        assert node.module is not None
        for name in node.names:
            assert name.asname == name.name, f"{name.name} is not re-exported: write 'as {name.name}'"
            found.setdefault(node.module, set()).add(name.name)
    return found


HOMES: dict[str, set[str]] = {module: set(names.split()) for module, names in modelmeta._HOMES.items()}
NAMES = [(module, name) for module, names in sorted(HOMES.items()) for name in sorted(names)]


def test_what_type_checkers_see_is_what_there_is() -> None:
    assert static_imports() == HOMES


@pytest.mark.parametrize("module", sorted(HOMES))
def test_each_module_says_what_it_offers(module: str) -> None:
    home = import_module(f"modelmeta.{module}")
    assert HOMES[module] <= set(home.__all__), HOMES[module] - set(home.__all__)
    assert all(hasattr(home, name) for name in home.__all__)


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_each_name_comes_from_its_home(module: str, name: str) -> None:
    value: Any = getattr(modelmeta, name)
    assert value is getattr(import_module(f"modelmeta.{module}"), name)
    assert (value.__doc__ or "").strip(), f"{name} has no documentation"


def test_no_name_has_two_homes() -> None:
    assert len(NAMES) == len({name for _, name in NAMES})
    assert set(modelmeta.__all__) == {"__version__"} | {name for _, name in NAMES}
    assert len(modelmeta.__all__) == len(set(modelmeta.__all__))
    assert dir(modelmeta) == sorted(modelmeta.__all__)


def test_star_import() -> None:
    names: dict[str, Any] = {}
    exec("from modelmeta import *", names)
    assert set(modelmeta.__all__) <= set(names)


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(AttributeError, match="module 'modelmeta' has no attribute 'get_modle'"):
        _ = modelmeta.get_modle
    with pytest.raises(ImportError):
        exec("from modelmeta import get_modle")


def test_a_process_sees_the_modules_of_the_package_as_usual() -> None:
    loaded, _ = watch("import modelmeta.records, modelmeta\nassert modelmeta.records.Model is modelmeta.Model")
    assert "modelmeta.records" in loaded


# Which way arrows run ----------------------------------------------------------------------------------------

GROUND = {
    "_record": set(),
    "errors": set(),
    "dates": {"_record"},
    "pricing": {"_record", "dates"},
    "records": {"_record", "dates", "pricing"},
    "storage": {"errors"},
    "references": {"errors"},
}
"""The ground floor, and all that each module there may import from the package when it is loaded."""


@pytest.mark.parametrize("module", sorted(GROUND))
def test_the_ground_floor_knows_nothing_above_it(module: str) -> None:
    tree = ast.parse((PACKAGE / f"{module}.py").read_text("utf-8"))
    found = {node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.level == 1}
    assert found <= GROUND[module], found - GROUND[module]


def test_the_library_never_imports_the_pipeline() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names.append(node.module or "")
            assert not any(name.partition(".")[0] in {"pipeline", "tests"} for name in names), path
