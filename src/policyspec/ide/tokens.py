"""What each word of a text is, for editors to colour: the lexer's tokens, and what names mean.

The types are the protocol's own, so that every theme knows them, and each kind of term has one for itself or shares it
with its like. A name that means nothing has none, and looks like plain text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple, TypeAlias

from policyspec.ide import cursor
from policyspec.kinds import KINDS
from policyspec.lint import suppressions
from policyspec.scope import Definition, Reference, file_stem, items
from policyspec.source import Span
from policyspec.syntax import grammar, lexer, nodes
from policyspec.syntax.parser import Tree
from policyspec.workspace import Workspace

# The protocol's types, in the order of its list, as far as they are used.
TYPES = (
    "namespace", "type", "class", "enum", "interface", "struct", "typeParameter", "parameter", "variable", "property",
    "enumMember", "event", "function", "method", "macro", "keyword", "modifier", "comment", "string", "number",
    "decorator",
)  # fmt: skip
# All but the last are the protocol's. That one is of the words that say whether something is done, owed or forbidden.
MODIFIERS = ("declaration", "defaultLibrary", "modality")

# In the usual themes types have one colour, values another, members of enumerations and functions a third and a fourth:
# so data, purposes, persons and actions differ, which is what most sentences are made of.
_OF_KIND = {
    "policy": "namespace", "party": "class", "subject": "interface", "data": "variable", "purpose": "enumMember",
    "basis": "type", "exception": "enum", "permission": "macro", "safeguard": "modifier", "right": "typeParameter",
    "channel": "parameter", "place": "struct", "event": "event", "action": "function",
}  # fmt: skip
_OF_TOKEN = {
    "FIELD": "property", "STRING": "string", "TEXT": "string", "BROKEN_STRING": "string", "BROKEN_TEXT": "string",
    "LANGUAGE": "decorator", "DATE": "number", "DURATION": "number", "NUMBER": "number",
}  # fmt: skip
_MODALITIES = ("MAY", "MUST", "SHOULD", "NEVER")
_LINE = re.compile(r"[^\r\n]+")
_MARGIN = re.compile(r"[ \t]*")

# By whether it is the name in a declaration, and whether the library has the term.
_MODIFIED = {
    (False, False): (), (True, False): ("declaration",), (False, True): ("defaultLibrary",),
    (True, True): ("declaration", "defaultLibrary"),
}  # fmt: skip
# Makes a named tuple without a call of Python code: of a long text there are thousands.
_new = tuple.__new__
# A type and its modifiers.
Look: TypeAlias = tuple[str, tuple[str, ...]]


class Token(NamedTuple):
    """A piece of a text on one line, its type and its modifiers: members of TYPES and MODIFIERS."""

    span: Span
    type: str
    modifiers: tuple[str, ...] = ()


def tokens(workspace: Workspace, path: str, span: Span | None = None) -> tuple[Token, ...]:
    """The tokens of a file in order, none over a line end; of a span, those that touch it."""
    found = workspace.once("colours", path, lambda: tuple(_tokens(workspace, path)))
    if span is None:
        return found
    first = bisect_left(found, span.start, key=lambda each: each.span.end)
    return found[first : bisect_right(found, span.end, key=lambda each: each.span.start)]


def _tokens(workspace: Workspace, path: str) -> Iterator[Token]:
    tree = workspace.tree(path)
    references = cursor.resolution_of(workspace, path).references.get(path, {})
    others = _others(tree)
    found, comments = lexer.tokens(tree.text)
    in_force = {each.span for each in suppressions.read(tree) if not each.problem}
    waiting = [_new(Token, (each, "macro" if each in in_force else "comment", ())) for each in reversed(comments)]
    looks = _looks()
    for type, text, start, end in found:
        while waiting and waiting[-1].span.start < start:
            yield waiting.pop()
        if type == "NAME":
            if start in references:
                yield from _name(text, references[start], path, start)
            elif start in others:
                yield _new(Token, (_new(Span, (start, end)), *others[start]))
        elif type in looks:
            if "\n" in text or "\r" in text:
                yield from _lines(tree.text, Span(start, end), *looks[type])
            else:
                yield _new(Token, (_new(Span, (start, end)), *looks[type]))


@cache
def _looks() -> Mapping[str, Look]:
    """By the lexer's types, but for names."""
    words: dict[str, Look] = dict.fromkeys(grammar.load().words.values(), ("keyword", ()))
    return (
        words
        | dict.fromkeys(_MODALITIES, ("keyword", ("modality",)))
        | {each: (type, ()) for each, type in _OF_TOKEN.items()}
    )


def _lines(text: str, span: Span, type: str, modifiers: tuple[str, ...]) -> Iterator[Token]:
    """A token for each line of a text, without what indents it."""
    for line in _LINE.finditer(text, *span):
        margin = _MARGIN.match(text, line.start(), line.end())
        start = margin.end() if margin and line.start() > span.start else line.start()
        if start < line.end():
            yield Token(Span(start, line.end()), type, modifiers)


def _name(text: str, reference: Reference, path: str, start: int) -> Iterator[Token]:
    """A name that means a term: in front of it may stand its kind, or the module that has it."""
    term = reference.definition
    front = _front(text, term, path) if "." in text else ""
    if front:
        yield Token(Span(start, start + len(front)), *(("keyword",) if front in KINDS else _module(term.is_library)))
    is_declared = term.name_span.start == start and term.file == path
    modifiers = _MODIFIED[is_declared, term.is_library]
    span = _new(Span, (start + len(front) + bool(front), reference.span.end))
    yield _new(Token, (span, _OF_KIND[term.kind], modifiers))


def _front(text: str, term: Definition, path: str) -> str:
    """What stands in front of a term's own name, without the dot."""
    kind, dot, _ = text.partition(".")
    if dot and kind in KINDS:
        return kind
    module = term.module if term.is_library else file_stem(term.file)
    return module if term.file != path and text != term.path and text.startswith(f"{module}.") else ""


def _others(tree: Tree) -> dict[int, Look]:
    """The names that mean no term, by their places: those of rules and of modules."""
    found: dict[int, Look] = {}
    for base, item in items(tree):
        if type(item) is nodes.Rule:
            found[item.name.span.start + base] = ("method", ("declaration",))
        elif type(item) is nodes.Import:
            found |= {each.span.start + base: _module(True) for each in item.modules if type(each) is nodes.Name}
    return found


def _module(is_library: bool) -> Look:
    return "namespace", ("defaultLibrary",) * is_library
