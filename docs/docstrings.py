"""Docstrings for the reference: cross-references become links, and examples become blocks of code."""

from __future__ import annotations

import re
from typing import Any

import griffe

import modelmeta

ROLE = re.compile(r":(?:func|class|meth|attr|data|mod|exc):`~?\.?([\w.]+)`")
DOUBLE = re.compile(r"``([^`]+)``")


class Docstrings(griffe.Extension):
    """Rewrite every docstring of the package before it is rendered."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Called when all modules are read."""
        rewrite(pkg)
        for module in pkg.modules.values():
            for cls in module.classes.values():
                if not cls.is_alias and any(str(base) == "Record" for base in cls.bases):
                    make_signature(cls)


def make_signature(cls: griffe.Class) -> None:
    """A record is made of keyword arguments: its annotated fields, with the defaults that the class gives them."""
    fields = [
        member
        for member in cls.attributes.values()
        if member.annotation is not None and "property" not in member.labels and not member.name.startswith("_")
    ]
    plain, keyword = griffe.ParameterKind("positional or keyword"), griffe.ParameterKind("keyword-only")
    parameters = [griffe.Parameter("self", kind=plain)]
    parameters += [
        griffe.Parameter(field.name, annotation=field.annotation, kind=keyword, default=field.value) for field in fields
    ]
    cls.set_member("__init__", griffe.Function("__init__", parameters=griffe.Parameters(*parameters)))


def rewrite(obj: griffe.Object) -> None:
    """The docstring of an object and those of all in it."""
    if obj.docstring is not None:
        obj.docstring.value = rewritten(obj.docstring.value, obj)
    for member in obj.members.values():
        if not member.is_alias:
            rewrite(member)  # type: ignore[arg-type]  # what is no alias is an object


def rewritten(text: str, obj: griffe.Object) -> str:
    """Markdown instead of what Sphinx reads."""
    text = ROLE.sub(lambda match: linked(match[1], obj), text)
    return fenced(DOUBLE.sub(lambda match: named(match[1], obj), text))


def named(code: str, obj: griffe.Object) -> str:
    """Code; a link where it is a public name that is explained elsewhere."""
    return linked(code, obj) if code in modelmeta.__all__ and code != obj.name else f"`{code}`"


PAGES = ("modelmeta.frames", "modelmeta.plots")
"""Modules with names of their own in the reference."""


def linked(name: str, obj: griffe.Object) -> str:
    """A link to a public name, or to one of the same class or module; other names stand as they are."""
    owner = obj if obj.is_class else obj.parent
    if owner is not None and owner.is_class and name in owner.members:
        return f"[`{name}`][modelmeta.{owner.name}.{name}]"
    target = name.removeprefix("modelmeta.")
    if target in modelmeta.__all__:
        return f"[`{target}`][modelmeta.{target}]"
    if obj.module.path in PAGES and target in obj.module.members:
        return f"[`{target}`][{obj.module.path}.{target}]"
    return f"`{name}`"


def fenced(text: str) -> str:
    """Examples as they stand in an interpreter, each run of them in one fence."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith(">>>") and not inside:
            lines += ["```pycon"]
            inside = True
        elif inside and not line.strip():
            lines += ["```"]
            inside = False
        lines.append(line)
    if inside:
        lines.append("```")
    return "\n".join(lines)
