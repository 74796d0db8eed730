"""What in a text can be opened: imported modules, and addresses of the web."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from policyspec import library
from policyspec.scope import import_key, items
from policyspec.source import Span
from policyspec.syntax import lexer, nodes
from policyspec.workspace import Workspace

# No control characters and nothing that ends an address in prose; what is neither of http nor of https is no link.
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\^`{|}\u0000-\u001f\u007f-\u00a0“”‘’「」『』（）《》【】，。、；！？]+")
_TRAILING = ".,;:!?*_~…"
_BRACKETS = {")": "(", "]": "["}
_STRINGS = ("STRING", "TEXT", "BROKEN_STRING", "BROKEN_TEXT")


class Link(NamedTuple):
    """A part of a text that opens a file of the workspace or the library by its path, or an address of the web."""

    span: Span
    target: str
    tooltip: str


def links(workspace: Workspace, path: str) -> tuple[Link, ...]:
    """The links of a file, in order."""
    return tuple(sorted((*_imports(workspace, path), *_addresses(workspace.source(path).text))))


def _imports(workspace: Workspace, path: str) -> Iterator[Link]:
    for base, item in items(workspace.tree(path)):
        for each in item.modules if type(item) is nodes.Import else ():
            key = import_key(path, each)
            if type(each) is nodes.Name and key in library.names():
                yield Link(each.span.shifted(base), library.sources(key)[0].path, f"Open the module {key}")
            elif type(each) is nodes.Title and key in workspace.sources:
                inner = Span(each.span.start + 1, each.span.end - 1)
                yield Link(inner.shifted(base), key, f"Open {key.rpartition('/')[2]}")


def _addresses(text: str) -> Iterator[Link]:
    for token in lexer.tokens(text)[0] if "://" in text else ():
        if token.type in _STRINGS:
            for found in _ADDRESS.finditer(text, token.start, token.end):
                address = _without_trailing(found.group())
                if address.partition("://")[2]:
                    yield Link(Span(found.start(), found.start() + len(address)), address, "Open in the browser")


def _without_trailing(address: str) -> str:
    """An address without what belongs to the sentence around it."""
    while address and (
        address[-1] in _TRAILING
        or (address[-1] in _BRACKETS and address.count(address[-1]) > address.count(_BRACKETS[address[-1]]))
    ):
        address = address[:-1]
    return address
