"""Marked text for editors: `$0` is the cursor, and what a feature answers is drawn below the line that it is about.

    party shop is con$0troller
          ^^^^ use

Several files may stand in one text. What stands before the first `--- house.policy` is `shop.policy`. Marks cover the
cursor's two characters where it is inside of what they are about, so that they stay below it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import ndiff
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from policyspec.diagnostic import Edit, apply_edits
from policyspec.library import PREFIX
from policyspec.source import Source, Span
from policyspec.workspace import Workspace
from support import draw

EXAMPLES = Path(__file__).parents[2] / "examples"
PATH = "shop.policy"
CURSOR = "$0"
_FILE = re.compile(r"^--- (\S+)\n", re.M)
_MARKS = re.compile(rf"^(?:[ \t]*\^|{PREFIX}).*\n", re.M)
# A place in a file, and what is said of it.
Mark = tuple[str, Span, str]


class Marked(NamedTuple):
    """A workspace, and the place of the cursor in it; that is 0 in `shop.policy` where the text has none."""

    workspace: Workspace
    path: str
    offset: int

    @property
    def text(self) -> str:
        """The text of the file with the cursor."""
        return self.workspace.source(self.path).text


def read(text: str) -> Marked:
    """The files of a text, without its marks and its cursor."""
    files = split(_MARKS.sub("", plain(text)))
    path = next((path for path, text in files.items() if CURSOR in text), PATH)
    offset = max(files.get(path, "").find(CURSOR), 0)
    sources = {path: Source(path, text.replace(CURSOR, "")) for path, text in files.items()}
    return Marked(Workspace(sources), path, offset)


def check(text: str, find: Callable[[Workspace, str, int], Iterable[Mark]]) -> None:
    """What is found at the cursor is what is marked in the text, and no more.

    What is found in a file of the library stands behind the text, in a line of its own: its path, the name, and what is
    said of it.
    """
    workspace, path, offset = read(text)
    marks = list(find(workspace, path, offset))
    drawn = {}
    for name, source in workspace.sources.items():
        text_, here = source.text, [(span, said) for where, span, said in marks if where == name]
        if name == path and CURSOR in text:
            text_ = text_[:offset] + CURSOR + text_[offset:]
            here = [(_shifted(span, offset), said) for span, said in here]
        drawn[name] = re.sub(r"[ \t]+$", "", draw(text_, sorted(here)), flags=re.M)
    others = [mark for mark in marks if mark[0].startswith(PREFIX)]
    shown = [f"{where}: {_first_line(workspace, where, span)} {said}".rstrip() + "\n" for where, span, said in others]
    same(join(drawn) + "".join(shown), plain(text))


def same(found: str, wanted: str) -> None:
    """Two texts are the same; else it is shown how they differ."""
    assert found == wanted, "\n" + "".join(ndiff(wanted.splitlines(True), found.splitlines(True)))


def edited(workspace: Workspace, edits: Mapping[str, Iterable[Edit]]) -> str:
    """The files of a workspace after edits, as one text."""
    return join({path: apply_edits(each.text, edits.get(path, ())) for path, each in workspace.sources.items()})


def split(text: str) -> dict[str, str]:
    """The files of one text, by path."""
    first, *rest = _FILE.split(text)
    files = {PATH: first} if first or not rest else {}
    return files | dict(zip(rest[::2], rest[1::2], strict=True))


def join(files: Mapping[str, str]) -> str:
    """Files as one text."""
    return "".join(text if path == PATH else f"--- {path}\n{text}" for path, text in files.items())


def plain(text: str) -> str:
    """A text without the indentation common to all lines."""
    return dedent(text).removeprefix("\n").rstrip() + "\n"


def broken(example: str = "web_shop", pieces: int = 12) -> Iterator[str]:
    """The text of an example: whole, empty, cut off at some places, and with some pieces missing there."""
    text = (EXAMPLES / example / f"{example}.policy").read_text("utf-8")
    yield from (text, "")
    for number in range(1, pieces):
        at = number * len(text) // pieces
        yield text[:at]
        yield text[:at] + text[at + 3 * number :]


def offsets(text: str, count: int = 40) -> range:
    """Some places of a text, both of its ends among them."""
    return range(0, len(text) + 1, max(len(text) // count, 1))


def _shifted(span: Span, cursor: int) -> Span:
    """A span in the text with the cursor in it."""
    start = span.start + len(CURSOR) * (span.start >= cursor)
    return Span(start, max(start, span.end + len(CURSOR) * (span.end > cursor)))


def _first_line(workspace: Workspace, path: str, span: Span) -> str:
    return workspace.source(path).text[span.start : span.end].partition("\n")[0]
