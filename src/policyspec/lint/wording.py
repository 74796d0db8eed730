"""Where sentences do not say, but speak: periods in the policy's own words, and lists that go on (`etc`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from policyspec.source import Span
from policyspec.statements import OBJECTS, Sentence
from policyspec.syntax import nodes


class Spoken(NamedTuple):
    """A period in the policy's own words: `text` is empty where the list just goes on."""

    text: str
    span: Span


def spoken(sentence: Sentence, word: str) -> Iterator[Spoken]:
    """What a sentence says in its own words after `keep` or `within`."""
    for clause in sentence.node.statement.clauses:
        for each in clause.periods if clause.word.text == word else ():
            if type(each) is nodes.Quoted:
                text = next((title.text for title in each.titles), "")
                yield Spoken(text, each.span.shifted(sentence.base))
            elif type(each) is nodes.Etc:
                yield Spoken("", each.span.shifted(sentence.base))


def open_lists(sentence: Sentence) -> Iterator[tuple[str, Span]]:
    """The clause words, or OBJECTS, whose list goes on, with the place of its `etc`."""
    node = sentence.node.statement
    lists = [(OBJECTS, node.objects), *((clause.word.text, clause.items) for clause in node.clauses)]
    for word, items in lists:
        for each in items:
            if not each.names:
                yield word, each.span.shifted(sentence.base)
