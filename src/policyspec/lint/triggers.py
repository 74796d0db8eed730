"""What sentences wait for: the circumstances after `when` and `unless`, and the events of their periods."""

from __future__ import annotations

from collections.abc import Iterator

from policyspec.lint.facts import Facts
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.statements import Sentence
from policyspec.syntax import nodes


def triggers(policy: Facts, sentence: Sentence) -> Iterator[tuple[Definition, Span]]:
    """Each of them, with its place."""
    for word in ("when", "unless"):
        yield from policy.names(sentence, word)
    references = policy.resolutions[sentence.file].references.get(sentence.file, {})
    for clause in sentence.node.statement.clauses:
        for each in clause.periods:
            name = each.end if type(each) is nodes.Until else getattr(each, "event", None)
            if type(name) is nodes.Name and (found := references.get(name.span.start + sentence.base)) is not None:
                yield found.definition, found.span
