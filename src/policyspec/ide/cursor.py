"""What stands at a place of a text: its nodes, and the term that it names; and where else a term is named.

All features of editors begin here. They work on any text, however broken, for that is when they are used.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from policyspec import library
from policyspec.library import compiled
from policyspec.scope import Definition, Resolution
from policyspec.source import Span
from policyspec.syntax import nodes
from policyspec.syntax.parser import Tree
from policyspec.workspace import Workspace


class Place(NamedTuple):
    """A span of a file."""

    path: str
    span: Span


class Site(NamedTuple):
    """A name in a text, and the term that it means; `is_declaration` where it is the name in the term's declaration."""

    span: Span
    definition: Definition
    is_declaration: bool = False


class Standing(NamedTuple):
    """A node, and its span in the file; `base` is what the spans in it count from."""

    node: nodes.Node
    span: Span
    base: int


def site(workspace: Workspace, path: str, offset: int) -> Site | None:
    """The name at an offset, or that ends there, and what it means; None where no term is named."""
    resolution = resolution_of(workspace, path)
    references = resolution.references.get(path, {})
    starts = _starts(workspace, path, resolution)
    at = bisect_right(starts, offset) - 1
    # Of two names that meet at the offset, the one that begins there.
    for start in starts[max(at - 1, 0) : at + 1][::-1]:
        found = references[start]
        if found.span.start <= offset <= found.span.end:
            definition = known(found.definition)
            is_declaration = (definition.file, definition.name_span.start) == (path, found.span.start)
            return Site(found.span, definition, is_declaration)
    return None


def _starts(workspace: Workspace, path: str, resolution: Resolution) -> list[int]:
    return workspace.once("places of names", path, lambda: sorted(resolution.references.get(path, {})))


def resolution_of(workspace: Workspace, path: str) -> Resolution:
    """What the names in a file of the workspace or of the library mean; KeyError for another path.

    Of a library file, the definitions are not those that a policy's names mean: see `known`.
    """
    if path.startswith(library.PREFIX):
        workspace.source(path)
        return _from_source(module_of(path))
    return workspace.resolution(path)


def module_of(path: str) -> str:
    """The library's module that a file of it belongs to."""
    name = path[len(library.PREFIX) :].removesuffix(".policy").replace("/", ".")
    return next(each for each in library.names() if f"{name}.".startswith(f"{each}."))


@cache
def _from_source(module: str) -> Resolution:
    return compiled.from_source(module)


def known(definition: Definition) -> Definition:
    """A definition as policies know it: of the library, there is another one in its own files."""
    if not definition.is_library:
        return definition
    found = compiled.module(definition.module).exact.get(definition.path, ())
    return next((each for each in found if each.kind == definition.kind), definition)


def places(workspace: Workspace, definition: Definition) -> Iterator[Place]:
    """Where a term is named in the workspace's own files, but for its own declaration, in order."""
    for path in sorted(workspace.sources):
        for _, found in sorted(workspace.resolution(path).references.get(path, {}).items()):
            if found.definition is definition and (path, found.span) != (definition.file, definition.name_span):
                yield Place(path, found.span)


def standing(tree: Tree, offset: int) -> tuple[Standing, ...]:
    """The nodes that hold an offset, or end there, the outermost first. Of two that meet there, the one behind it."""
    found: list[Standing] = []
    _descend(tree.items, 0, offset, found)
    return tuple(found)


def _descend(placed: tuple[nodes.Placed, ...], base: int, offset: int, found: list[Standing]) -> None:
    near = None
    for start, node in placed:
        span = node.span.shifted(base + start)
        if span.start <= offset <= span.end:
            near = Standing(node, span, base + start)
        if span.start > offset:
            break
    if near is None:
        return
    found.append(near)
    if type(near.node) is nodes.Section:
        before = len(found)
        _descend(near.node.items, near.base, offset, found)
        if len(found) > before:
            return
    _inside(near.node, near.base, offset, found)


def _inside(node: nodes.Node, base: int, offset: int, found: list[Standing]) -> None:
    near = None
    for child in children(node):
        span = child.span.shifted(base)
        if span.start <= offset <= span.end and (near is None or span.start >= near.span.start):
            near = Standing(child, span, base)
    if near is not None:
        found.append(near)
        _inside(near.node, base, offset, found)


def children(node: nodes.Node) -> Iterator[nodes.Node]:
    """The nodes directly in a node, but for the items of a section, which have a place of their own."""
    for value in node:
        values: Any = value if type(value) is tuple else (value,)
        yield from (each for each in values if hasattr(each, "span"))
