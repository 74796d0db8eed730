"""Sentences by what they are about: so that rules need not compare each with each, or speak of each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence

_MOST_RELATED = 4


def by_object(sentences: Iterable[Sentence]) -> dict[Definition, list[Sentence]]:
    """The sentences by each of their objects, in order."""
    found: dict[Definition, list[Sentence]] = {}
    for sentence in sentences:
        for each in sentence.says.objects:
            found.setdefault(each, []).append(sentence)
    return found


def as_one(policy: Facts, found: Sequence[tuple[Sentence, Sequence[Definition]]], message: str) -> Finding:
    """One finding about objects of several sentences, at the first: a policy that says something nowhere would have one
    at each. In `message`, `{them}` is the objects with the verb, as in “`a` and `b` are”.
    """
    (first, span), *others = [(each, policy.place(each, terms[0], OBJECTS)) for each, terms in found]
    related = tuple(policy.see(each, "and here", where) for each, where in others[:_MOST_RELATED])
    every = [each for _, terms in found for each in terms]
    them = f"{shown(*every)} {'is' if len({*every}) == 1 else 'are'}"
    return policy.of_sentence(first, message.format(them=them), span, related=related)
