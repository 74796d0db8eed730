"""The texts of a policy, as its files have them: titles, prose, and what fields and periods say in quotation marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from policyspec.lint.facts import Facts
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.syntax import nodes

TITLE, PROSE, PERIOD = "title", "prose", "period"
Holder: TypeAlias = nodes.Declaration | nodes.Section | nodes.Practice | nodes.Prose | nodes.Test
_Found: TypeAlias = tuple[str, nodes.Title, Holder]


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


def mentioning(policy: Facts, words: Sequence[str]) -> Iterator[Text]:
    """The texts in which one of these words stands, in whatever case: those that a slow pattern may find something in.

    A word that no file has is looked for once, and not in every text.
    """
    files = {path: source.text.lower() for path, source in policy.sources.items()}
    there = {path: [word for word in words if word in text] for path, text in files.items()}
    for each in texts(policy) if any(there.values()) else ():
        lowered = each.text.lower()
        if any(word in lowered for word in there[each.path]):
            yield each


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
