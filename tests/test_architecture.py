"""Which way imports run: what docs/architecture.md says in two tables and a picture, against the code."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parent.parent
PIPELINE = ROOT / "pipeline"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
MODULES = {path.stem: path for path in sorted((ROOT / "src" / "modelmeta").glob("*.py")) if path.stem != "__init__"}


def table(heading: str) -> list[list[str]]:
    """The rows of the table under a heading of the page."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


LAYERS = {layer: code(modules) for layer, modules, _ in table("Where is what")}
UPWARDS = {
    (name, target)
    for module, targets, _ in table("What reaches up")
    for name in code(module)
    for target in code(targets)
}


def floor(module: str) -> int:
    """The place of a module's layer, which names it or has a pattern for it; the first is the lowest."""
    named = {place for place, names in enumerate(LAYERS.values()) for name in names if module == name}
    fitting = {place for place, names in enumerate(LAYERS.values()) for name in names if fnmatch(module, name)}
    (found,) = named or fitting
    return found


def imports(path: Path, package: str = "modelmeta") -> tuple[set[str], set[str]]:
    """The package's modules that a module imports when it is loaded, and those that it imports when it is called."""
    tree = ast.parse(path.read_text("utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    for_types = {id(node) for block in blocks for node in ast.walk(block)}
    loaded: set[str] = set()
    called: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or id(node) in for_types:
            continue
        name = (node.module or "").removeprefix(f"{package}.").partition(".")[0]
        if node.level or (node.module or "").startswith(f"{package}."):
            (loaded if node in tree.body else called).update([name] if name else [alias.name for alias in node.names])
    return loaded, called


def test_every_module_has_one_layer() -> None:
    for module in MODULES:
        assert 0 <= floor(module) < len(LAYERS), module
    for name in (name for names in LAYERS.values() for name in names):
        assert any(fnmatch(module, name) for module in MODULES), f"{name} is no module"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_loaded_without_the_layers_above_it(module: str) -> None:
    loaded, _ = imports(MODULES[module])
    assert [name for name in loaded & MODULES.keys() if floor(name) > floor(module)] == []


def test_what_reaches_up_is_listed() -> None:
    found = {
        (module, name)
        for module, path in MODULES.items()
        for name in imports(path)[1] & MODULES.keys()
        if floor(name) > floor(module)
    }
    assert found == UPWARDS


def test_the_arrows_of_the_picture_are_imports() -> None:
    """The box at an arrow's head imports the one at its tail, and none imports what comes after it."""
    picture = ET.parse(ROOT / "docs" / "images" / "architecture.svg").getroot()
    boxes = {str(box.get("id")): (box.get("data-modules") or "").split() for box in picture.findall(".//{*}g")}
    drawn = [(str(path.get("data-from")), str(path.get("data-to"))) for path in picture.findall(".//{*}path")]
    arrows = {(tail, head) for tail, head in drawn if tail in boxes and head in boxes}
    assert [name for name in boxes if name in LAYERS] == list(LAYERS)
    assert len(arrows) == len(drawn) - 3, "two arrows are files, one path is the head of an arrow"
    needs = {name: needed_layers(name) if name in LAYERS else needed_boxes(boxes, name) for name in boxes}
    for tail, head in arrows:
        assert tail in needs[head], f"{head} does not import {tail}"
    for name in boxes:
        assert not needs[name] & after(name, arrows), f"{name} imports what comes after it"


def needed_layers(layer: str) -> set[str]:
    names = [*LAYERS]
    own = [path for module, path in MODULES.items() if names[floor(module)] == layer]
    return {names[floor(needed)] for path in own for needed in imports(path)[0] & MODULES.keys()}


def needed_boxes(boxes: dict[str, list[str]], name: str) -> set[str]:
    """Those boxes of the pipeline that the modules of a box import."""
    own = [
        path for module in boxes[name] for path in (*PIPELINE.glob(f"{module}.py"), *PIPELINE.glob(f"{module}/*.py"))
    ]
    assert own, name
    needed = {module for path in own for module in imports(path, "pipeline")[0]}
    return {box for box, modules in boxes.items() if needed & set(modules)}


def after(name: str, arrows: set[tuple[str, str]]) -> set[str]:
    """What lies further along the arrows."""
    heads = {head for tail, head in arrows if tail == name}
    return heads.union(*(after(head, arrows) for head in heads))
