"""Marked text for what the resolver finds: see `support`. A finding that is no error says so: `warning: …`."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from policyspec.diagnostic import Diagnostic
from policyspec.model import Policy
from policyspec.source import Source
from policyspec.workspace import Workspace
from support import draw, marked

PATH = "shop.policy"


def plain(text: str) -> str:
    """The text without the indentation common to all lines."""
    return dedent(text).removeprefix("\n").rstrip() + "\n"


def workspace(text: str, files: Mapping[str, str] | None = None) -> Workspace:
    """A workspace of the text, as `shop.policy`, and of other files by path."""
    texts = {PATH: text, **(files or {})}
    return Workspace({path: Source(path, text) for path, text in texts.items()})


def diagnostics(text: str, files: Mapping[str, str] | None = None) -> tuple[Diagnostic, ...]:
    return workspace(text, files).diagnostics(PATH)


def check(text: str, files: Mapping[str, str] | None = None) -> None:
    """What is found in the text is what is marked in it, and no more."""
    bare = marked(text)
    assert draw(bare, [(each.span, _shown(each)) for each in diagnostics(bare, files)]) == plain(text)


def compiled(text: str, files: Mapping[str, str] | None = None) -> Policy:
    """The policy of a text in which nothing is found."""
    made = workspace(plain(text), files)
    assert [each.message for each in made.diagnostics(PATH)] == []
    return made.policy(PATH)


def _shown(found: Diagnostic) -> str:
    return found.message if found.is_error else f"{found.severity.value}: {found.message}"
