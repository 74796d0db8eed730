"""A place of a text: the word that is being typed there, and what has been read in front of it.

What may follow is what the parser would take there. Only the item that the place is in is read, up to the place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from policyspec.ide import reading
from policyspec.ide.reading import Stack
from policyspec.source import Span
from policyspec.syntax import nodes
from policyspec.syntax.lexer import Token
from policyspec.syntax.parser import Tree

# A language tag, a number or a path: what is being typed. Combining marks belong to words of some scripts.
_BEFORE = re.compile(r"(?:@[A-Za-z0-9-]*|[^\W\d][\w.\u0300-\u036f\u0900-\u1cff\u3099\u309a]*|\d[\d-]*)\Z")
_BEHIND = re.compile(r"[\w.\u0300-\u036f\u0900-\u1cff\u3099\u309a]*")
_BEHIND_TAG = re.compile(r"[A-Za-z0-9-]*")
# How far is looked for the beginning of a word, or for a colon.
_REACH = 200
# What a section begins with.
_SECTION = (Token("SECTION", "section", 0, 0), Token("STRING", '""', 0, 0), Token("LBRACE", "{", 0, 0))


class Expected(NamedTuple):
    """A place of a text: the word that is being typed there, and the machine's stack in front of that word.

    `inside` is `string`, `text` or `comment` where the place is in one; then `word` is that, up to the place. `last` is
    the token before the word.
    """

    text: str
    offset: int
    word: Span
    inside: str
    stack: Stack
    last: Token | None

    @property
    def typed(self) -> str:
        """The part of the word that is in front of the place."""
        return self.text[self.word.start : self.offset]

    @property
    def has_colon(self) -> bool:
        """Whether a colon follows, so that the word is the name of a field."""
        return self.text[self.word.end : self.word.end + _REACH].lstrip().startswith(":")

    @property
    def begins_line(self) -> bool:
        """Whether nothing but white space is before the word on its line."""
        return _begins_line(self.text, self.word.start)

    @property
    def begins_item(self) -> bool:
        """Whether an item that stands here is at the beginning of a line, or behind a brace."""
        return self.begins_line or self.last is None or self.last.type in ("LBRACE", "RBRACE")


def _begins_line(text: str, offset: int) -> bool:
    before = text[max(offset - _REACH, 0) : offset].rstrip(" \t\ufeff")
    return not before or before[-1] in "\r\n"


def at(tree: Tree, offset: int) -> Expected:
    """What may stand at an offset."""
    text = tree.text
    word = _word(text, offset)
    if (comment := _comment(tree, offset)) is not None:
        return Expected(text, offset, comment._replace(end=offset), "comment", reading.nothing(), None)
    start, stack = _begun(tree, word.start)
    tokens = list(reading.tokens(text, start, word.start))
    last = tokens[-1] if tokens else None
    if last is not None and last.type in ("BROKEN_STRING", "BROKEN_TEXT") and last.end == word.start:
        return _in_string(text, offset, last, stack, tokens[:-1])
    for index, token in enumerate(tokens):
        reading.read(stack, token, tokens[index + 1].type if index + 1 < len(tokens) else "")
    return Expected(text, offset, word, "", stack, last)


def _in_string(text: str, offset: int, last: Token, stack: Stack, before: Sequence[Token]) -> Expected:
    for token in before:
        reading.read(stack, token, "")
    inside = "string" if last.type == "BROKEN_STRING" else "text"
    return Expected(text, offset, Span(last.start, offset), inside, stack, before[-1] if before else None)


def _word(text: str, offset: int) -> Span:
    """The word at an offset, all of it: the path, the tag or the number that is being typed."""
    line = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    before = _BEFORE.search(text, max(line, offset - _REACH), offset)
    start = before.start() if before else offset
    pattern = _BEHIND_TAG if text.startswith("@", start) and start < offset else _BEHIND
    behind = pattern.match(text, offset)
    end = behind.end() if behind else offset
    return Span(start, offset if start == offset and text.startswith(".", offset) else end)


def _comment(tree: Tree, offset: int) -> Span | None:
    """The comment that an offset is in, or at the end of."""
    number = bisect_left(tree.comments, (offset,)) - 1
    found = tree.comments[number] if number >= 0 else None
    return found if found is not None and found.start < offset <= found.end else None


def _begun(tree: Tree, offset: int) -> tuple[int, Stack]:
    """Where to begin to read so that all that is open at the offset is known, and the stack there."""
    placed, base = tree.items, 0
    stack = reading.nothing()
    start = 0
    while True:
        number = bisect_left(placed, offset, key=lambda each: base + each.start + each.node.span.start) - 1
        # In broken text, what begins in the middle of a line may be a part of the item before.
        while number > 0 and not _begins_line(tree.text, base + placed[number].start + placed[number].node.span.start):
            number -= 1
        if number < 0:
            return start, stack
        base, node = base + placed[number].start, placed[number].node
        start = base + node.span.start
        if number:
            _pass_items(stack)
        if type(node) is not nodes.Section:
            return start, stack
        end = base + node.span.end
        if end <= offset and tree.text[end - 1] == "}" and _is_sound(tree, start, end):
            _pass_items(stack)
            return end, stack
        first = base + node.items[0].start + node.items[0].node.span.start if node.items else offset
        if first >= offset:
            return start, stack
        for token in _SECTION:
            reading.read(stack, token, "")
        placed = node.items


def _pass_items(stack: Stack) -> None:
    """Go on as behind an item: in a section, no field can stand there any more."""
    reading.go_on(stack, "item", None)
    behind = reading.after(stack, "NEVER")
    stack[:] = behind[:-1] if behind is not None else stack


def _is_sound(tree: Tree, start: int, end: int) -> bool:
    """Whether nothing is wrong with a part of the text, so that all its braces are closed."""
    first = bisect_left(tree.faults, start, key=lambda each: each.span.end)
    return first == len(tree.faults) or tree.faults[first].span.start > end


def before_name(expected: Expected, type: str = "NAME") -> Stack | None:
    """What is open in front of a name that stands at the place; None where no name may."""
    trial = reading.after(expected.stack, type)
    return trial[:-1] if trial is not None else None
