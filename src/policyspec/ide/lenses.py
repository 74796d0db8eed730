"""What an editor shows above declarations and tests: how often a term is used, and what can be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from policyspec import library
from policyspec.ide import navigation, testing
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.workspace import Workspace

REFERENCES = "policyspec.references"
RUN_TEST = "policyspec.runTest"
PREVIEW = "policyspec.preview"
SHOW_MODEL = "policyspec.showModel"


class Lens(NamedTuple):
    """A command above a place; its arguments are a path, and an offset where it is about one."""

    span: Span
    title: str
    command: str
    arguments: tuple[str | int, ...]


def lenses(workspace: Workspace, path: str) -> tuple[Lens, ...]:
    """The lenses of a file of the workspace, in order; none of a file of the library."""
    if path.startswith(library.PREFIX):
        return ()
    return tuple(sorted(_lenses(workspace, path), key=lambda each: each.span.start))


def _lenses(workspace: Workspace, path: str) -> Iterator[Lens]:
    header = workspace.header(path)
    if header is not None:
        yield Lens(header.name_span, "Preview", PREVIEW, (path,))
        yield Lens(header.name_span, "Show compiled model", SHOW_MODEL, (path,))
    uses = workspace.once("numbers of uses", "", lambda: _uses(workspace))
    for each in workspace.module(path).definitions:
        if uses[each] and each is not header:
            title = "1 use" if uses[each] == 1 else f"{uses[each]} uses"
            yield Lens(each.name_span, title, REFERENCES, (path, each.name_span.start))
    for test in testing.tests(workspace.tree(path)):
        yield Lens(test.span, "Run test", RUN_TEST, (path, test.span.start))


def _uses(workspace: Workspace) -> Counter[Definition]:
    """How often each term is named, and is part of a name, but for its declaration."""
    found = Counter[Definition]()
    for path, source in workspace.sources.items():
        for start, reference in workspace.resolution(path).references.get(path, {}).items():
            meant = reference.definition
            if meant.is_library or (meant.file, meant.name_span) == (path, reference.span):
                continue
            text = source.text[slice(*reference.span)]
            if "." in text:
                found.update(each.definition for each in navigation.parts(text, start, meant))
            else:
                found[meant] += 1
    return found
