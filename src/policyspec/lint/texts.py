"""The texts of a policy, as its files have them: titles, prose, and what fields and periods say in quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from policyspec.lint.facts import Facts, Placed
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.syntax import nodes

TITLE, PROSE, PERIOD = "title", "prose", "period"
Holder: TypeAlias = nodes.Declaration | nodes.Section | nodes.Practice | nodes.Prose | nodes.Test
# What a text is searched for: a literal, or a pattern that begins with one.
Word: TypeAlias = str | re.Pattern[str]
_Found: TypeAlias = tuple[str, nodes.Title, Holder]
# What stands in quotation marks, and comments in which it would be taken for the beginning of a text block.
_QUOTED = re.compile(r'"""(?s:.*?)"""|"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"')
_MISLEADING = re.compile(r'#[^\r\n]*"""')


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

    Words are in lower case. Whether a file has one at all is found out before its texts are looked at one by one.
    """
    chosen: set[int] = set()
    for path, source in policy.sources.items():
        if policy.resolutions[path].module.trees[path].faults or _MISLEADING.search(source.text):
            chosen.update(range(*_ends(policy)[path]))
        elif there := _there(source.text, tuple(words)):
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
def _there(text: str, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Those of some words that a file without faults has in its texts, or perhaps in a comment.

    Many policies import the same files, so it is kept.
    """
    quoted = _quoted(text).text
    return tuple(word for word in words if _is_in(word, quoted))


class _Quoted(NamedTuple):
    """What stands in quotation marks in a file, folded, with a zero between two parts; and where each part begins, in
    this text and in the file.
    """

    text: str
    parts: Sequence[int]
    places: Sequence[int]


@lru_cache(maxsize=128)
def _quoted(text: str) -> _Quoted:
    found = [*_QUOTED.finditer(text.replace("\0", " "))]
    quoted = folded("\0".join([each[0] for each in found]))
    ends = accumulate(len(each) + 1 for each in quoted.split("\0"))
    return _Quoted(quoted, [0, *ends], [each.start() for each in found])


def _around(policy: Facts, path: str, words: Sequence[Word]) -> Iterator[int]:
    """The numbers of the items of a file that have texts with one of these words."""
    quoted = _quoted(policy.sources[path].text)
    parts = {bisect_right(quoted.parts, at) - 1 for word in words for at in _places(word, quoted.text)}
    first, last = _ends(policy)[path]
    for place in (quoted.places[number] for number in parts):
        index = bisect_right(policy.items, place, first, last, key=_start) - 1
        if index >= first:
            placed = policy.items[index]
            if place < placed.base + placed.node.span.end:
                yield index
            else:
                # Behind what a section has in it, there may be fields of its own.
                yield from (x for x in range(first, index) if type(policy.items[x].node) is nodes.Section)


def _start(placed: Placed) -> int:
    return placed.base + placed.node.span.start


def _ends(policy: Facts) -> Mapping[str, tuple[int, int]]:
    """By file, the numbers of its first item, and of the one behind its last."""

    def make() -> dict[str, tuple[int, int]]:
        count = Counter(each.path for each in policy.items)
        ends = accumulate(count[path] for path in policy.sources)
        return {path: (end - count[path], end) for path, end in zip(policy.sources, ends, strict=True)}

    return policy.once("ends of items", make)


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


def of_type(policy: Facts, type_: type) -> Sequence[Placed]:
    """The items of one type, in order."""

    def make() -> dict[type, list[Placed]]:
        found: dict[type, list[Placed]] = {}
        for each in policy.items:
            found.setdefault(type(each.node), []).append(each)
        return found

    return policy.once("items by type", make).get(type_, ())


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
