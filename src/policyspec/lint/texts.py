"""The texts of a policy, as its files have them: titles, prose, and what fields and periods say in quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from policyspec.lint.facts import Facts
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.syntax import nodes

TITLE, PROSE, PERIOD = "title", "prose", "period"
Holder: TypeAlias = nodes.Declaration | nodes.Section | nodes.Practice | nodes.Prose | nodes.Test
# What a text is searched for: a literal, or a pattern that begins with one.
Word: TypeAlias = str | re.Pattern[str]
_Found: TypeAlias = tuple[str, nodes.Title, Holder]
_QUOTED = re.compile(r'#[^\r\n]*|("""(?s:.*?)"""|"(?:[^"\\\r\n]|\\[^\r\n])*")')


class Text(NamedTuple):
    """A text between its quotation marks, its escapes unresolved; `start` is where it begins in the file.

    `what` is TITLE, PROSE, PERIOD or the name of a field, and `holder` what the text belongs to.
    """

    what: str
    text: str
    path: str
    start: int
    language: str | None
    holder: Holder

    def span(self, start: int, end: int) -> Span:
        """The place of a part of the text."""
        return Span(self.start + start, self.start + end)

    @property
    def whole(self) -> Span:
        return self.span(0, len(self.text))


def texts(policy: Facts, *whats: str) -> Sequence[Text]:
    """The texts of the policy's files in order, all of them or of some kinds; what rules say is not among them."""
    if whats:
        return policy.once(("texts", whats), lambda: [each for each in texts(policy) if each.what in whats])
    return policy.once(
        "texts",
        lambda: [
            text
            for placed in policy.items
            for what, title, holder in _of_item(placed.node)
            for text in _text(policy, what, title, holder, placed.path, placed.base)
        ],
    )


def mentioning(policy: Facts, words: Sequence[Word], *whats: str) -> Iterator[Text]:
    """The texts in which one of these words stands, in whatever case: those that a slow pattern may find something in.

    Words are written in lower case. A word that no text of a file has is looked for once, and not in every text.
    """
    chosen: set[int] = set()
    for path, source in policy.sources.items():
        faults = policy.resolutions[path].module.trees[path].faults
        if there := _there(source.text, tuple(words), not faults):
            chosen.update(_around(policy, path, there))
    for number in sorted(chosen):
        placed = policy.items[number]
        for what, title, holder in _of_item(placed.node):
            if not whats or what in whats:
                for text in _text(policy, what, title, holder, placed.path, placed.base):
                    lowered = folded(text.text)
                    if any(_is_in(word, lowered) for word in words):
                        yield text


@lru_cache(maxsize=1024)
def _there(text: str, words: tuple[Word, ...], is_faultless: bool) -> tuple[Word, ...]:
    """Those of some words that stand in the texts of a file; kept, for many policies import the same files."""
    quoted = _quoted(text) if is_faultless else folded(text)
    return tuple(word for word in words if _is_in(word, quoted))


@lru_cache(maxsize=128)
def _quoted(text: str) -> str:
    """All that stands in quotation marks in a file without faults."""
    return folded('"'.join(_QUOTED.findall(text)))


def _around(policy: Facts, path: str, words: Sequence[Word]) -> Iterable[int]:
    """The numbers of the items of a file in which one of these words may stand, be it in their texts or not."""
    starts, numbers = policy.once("starts of items", lambda: _starts(policy))[path]
    text = folded(policy.sources[path].text)
    if len(text) != len(policy.sources[path].text):
        return numbers
    found: dict[int, None] = {}
    for word in words:
        for at in _places(word, text):
            index = bisect_right(starts, at) - 1
            if index >= 0:
                placed = policy.items[numbers[index]]
                found[numbers[index]] = None
                if at >= placed.base + placed.node.span.end:
                    # Behind what a section has in it, there may be fields of its own.
                    found |= dict.fromkeys(each for each in numbers if type(policy.items[each].node) is nodes.Section)
    return found


def _starts(policy: Facts) -> Mapping[str, tuple[list[int], list[int]]]:
    """By file, where its items begin, and their numbers among all of the policy."""
    found: dict[str, tuple[list[int], list[int]]] = {path: ([], []) for path in policy.sources}
    for number, placed in enumerate(policy.items):
        starts, numbers = found[placed.path]
        starts.append(placed.base + placed.node.span.start)
        numbers.append(number)
    return found


def _places(word: Word, text: str) -> Iterator[int]:
    if isinstance(word, re.Pattern):
        yield from (each.start() for each in word.finditer(text))
        return
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _is_in(word: Word, text: str) -> bool:
    return word in text if isinstance(word, str) else word.search(text) is not None


def folded(text: str) -> str:
    """A text in lower case, in which letters that patterns take for the same without regard to case are the same."""
    return text.lower() if text.isascii() else text.casefold().replace("ı", "i").replace("i̇", "i")


def titles(policy: Facts, term: Definition) -> Iterator[Text]:
    """The titles of an own term."""
    if term in policy.declarations:
        node, path, base = policy.declarations[term]
        for each in node.titles:
            yield from _text(policy, TITLE, each, node, path, base)


def _text(policy: Facts, what: str, title: nodes.Title, holder: Holder, path: str, base: int) -> Iterator[Text]:
    """The text of a title; none where the parser had to make one up."""
    span = title.span.shifted(base)
    written = policy.sources[path].text[span.start : span.end]
    mark = '"""' if written.startswith('"""') else '"'
    end = written.rfind(mark)
    if written.startswith(mark) and end >= len(mark):
        yield Text(what, written[len(mark) : end], path, span.start + len(mark), title.language, holder)


def _of_item(node: nodes.Item) -> Iterator[_Found]:
    match node:
        case nodes.Declaration():
            yield from _of_declaration(node)
        case nodes.Section():
            yield from ((TITLE, each, node) for each in node.titles)
            yield from _of_fields(node.fields, node)
        case nodes.Test():
            yield from ((TITLE, each, node) for each in node.titles)
            yield from _of_fields((each for each in node.members if type(each) is nodes.Field), node)
        case nodes.Practice():
            for clause in node.statement.clauses:
                for period in clause.periods:
                    if type(period) is nodes.Quoted:
                        yield from ((PERIOD, each, node) for each in period.titles)
            yield from _of_fields(node.fields, node)
        case nodes.Prose():
            yield PROSE, node.text, node
            yield from _of_fields(node.fields, node)


def _of_declaration(outer: nodes.Declaration) -> Iterator[_Found]:
    todo = [outer]
    while todo:
        node = todo.pop()
        yield from ((TITLE, each, node) for each in node.titles)
        yield from _of_fields((each for each in node.members if type(each) is nodes.Field), node)
        todo += [each for each in reversed(node.members) if type(each) is nodes.Declaration]


def _of_fields(fields: Iterable[nodes.Field], holder: Holder) -> Iterator[_Found]:
    for each in fields:
        yield from ((each.name.text, value, holder) for value in each.values if type(value) is nodes.Title)
