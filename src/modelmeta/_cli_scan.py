"""Find what may be model ids in a code base: the string literals of Python, the quoted and bare values of the rest."""

from __future__ import annotations

import ast
import os
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Literal", "files", "literals"]

LONGEST_KEY = 80
"""A key is looked for so far before a value."""

MOST_BYTES = 2_000_000
"""A larger file is not source code."""

SKIPPED = frozenset(
    ".git .hg .svn .venv venv .env node_modules __pycache__ .mypy_cache .pytest_cache .ruff_cache .tox .nox .idea "
    ".vscode dist build site target vendor .next .cache .eggs".split()
)

ENDINGS = frozenset(
    ".py .pyi .ipynb .js .jsx .mjs .cjs .ts .tsx .mts .cts .vue .svelte .go .rs .java .kt .kts .scala .rb .php .cs .fs "
    ".swift .m .c .cc .cpp .h .hpp .ex .exs .erl .clj .lua .r .jl .dart .sh .bash .zsh .ps1 .sql .tf .hcl .json .jsonc "
    ".json5 .yaml .yml .toml .ini .cfg .conf .env .properties .xml .md .mdx .rst .txt".split()
)

NAMES = frozenset(["Dockerfile", "Makefile", ".env", ".env.example", "Procfile"])


class Literal(NamedTuple):
    """Text that may be an id, and where it stands. ``named`` tells that something called a model is set to it."""

    text: str
    path: str
    line: int
    column: int
    named: bool


def files(path: str) -> Iterator[str]:
    """The source files under a path, sorted; a path that is a file is taken whatever its name."""
    if not os.path.isdir(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.endswith(".egg-info"))
        for name in sorted(names):
            if os.path.splitext(name)[1].lower() in ENDINGS or name in NAMES:
                yield os.path.normpath(os.path.join(folder, name))


def literals(path: str) -> Iterator[Literal]:
    """What in a file may be an id; nothing for what is no text."""
    if os.path.getsize(path) > MOST_BYTES:
        return
    with open(path, "rb") as file:
        raw = file.read()
    if b"\0" in raw[:8192]:
        return
    source = raw.decode("utf-8-sig", "replace")
    if path.endswith((".py", ".pyi")):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
        else:
            yield from _of_python(tree, path)
            return
    yield from _of_text(source, path)


# Python -------------------------------------------------------------------------------------------------


def _of_python(tree: ast.AST, path: str) -> Iterator[Literal]:
    """The strings that are not prose; a node is met before what is in it, so that it is known what each belongs to."""
    named: set[int] = set()
    prose: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and id(node) not in prose:
                yield Literal(node.value, path, node.lineno, node.col_offset + 1, id(node) in named)
        elif isinstance(node, ast.Expr):
            prose.add(id(node.value))
        else:
            named.update(map(id, _set_as_model(node)))


def _set_as_model(node: ast.AST) -> list[ast.expr | None]:
    """The values that a node gives to something called a model: an argument, a key, a variable."""
    if isinstance(node, ast.keyword):
        return [node.value] if _is_model(node.arg) else []
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [value for key, value in pairs if isinstance(key, ast.Constant) and _is_model(key.value)]
    if isinstance(node, ast.Assign):
        return [node.value] if any(_is_model(_name_of(target)) for target in node.targets) else []
    if isinstance(node, ast.AnnAssign):
        return [node.value] if _is_model(_name_of(node.target)) else []
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _defaults(node.args)
    return []


def _defaults(arguments: ast.arguments) -> list[ast.expr | None]:
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = [
        *zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return [value for argument, value in pairs if _is_model(argument.arg)]


def _name_of(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


_KINDS = frozenset(
    "agent ai anthropic azure backup base bedrock chat cheap claude code coding completion completions current default "
    "embed embedder embedding embeddings eval fallback fast gemini generation google gpt grok groq image judge large "
    "llm main mistral my new old open openai openrouter planner primary rag reasoning router secondary small smart "
    "speech summary target text title tool translation tts vision voice writer".split()
)
"""What stands before ``model`` in a name that means a model of this kind, and not that of a phone or a car."""

_LAST_NAME = re.compile(r"^.*\.(?!(?:id|name)$)", re.IGNORECASE)
_WORDS_OF_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def _is_model(name: object) -> bool:
    """Whether something of that name is set to a model's id: ``model``, ``MODEL_ID``, ``llm.chatModel``."""
    if not isinstance(name, str) or "model" not in name.lower():
        return False
    words = [word.lower() for word in _WORDS_OF_NAME.findall(_LAST_NAME.sub("", name))]
    if words[-1:] in (["id"], ["name"]):
        words.pop()
    return words[-1:] == ["model"] and _KINDS.issuperset(words[:-1])


# Everything else ------------------------------------------------------------------------------------------

_WORD = r"[A-Za-z0-9@][A-Za-z0-9._:/@+-]{1,199}"
_QUOTED = re.compile(rf"""(?P<quote>["'`])(?P<text>{_WORD})(?P=quote)""")
_BARE = re.compile(
    rf"""^\s*(?:-\s+|export\s+|ENV\s+|ARG\s+)?["']?(?P<key>[A-Za-z_][\w.-]*)["']?\s*[:=]\s*(?P<text>{_WORD})\s*(?:[,;#].*)?$"""
)
_KEY = re.compile(r"""["'`]?([A-Za-z_][\w.-]*)["'`]?\s*(?:[:=]>?|=>)\s*$""")


def _of_text(source: str, path: str) -> Iterator[Literal]:
    for number, line in enumerate(source.splitlines(), 1):
        if len(line) > 20_000:
            continue
        for match in _QUOTED.finditer(line):
            key = _KEY.search(line, max(match.start() - LONGEST_KEY, 0), match.start())
            yield Literal(match["text"], path, number, match.start("text") + 1, key is not None and _is_model(key[1]))
        bare = _BARE.match(line)
        if bare is not None:
            yield Literal(bare["text"], path, number, bare.start("text") + 1, _is_model(bare["key"]))
