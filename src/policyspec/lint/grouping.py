"""Sentences by what they are about, so that rules need not compare each with each."""

from __future__ import annotations

from collections.abc import Iterable

from policyspec.scope import Definition
from policyspec.statements import Sentence


def by_object(sentences: Iterable[Sentence]) -> dict[Definition, list[Sentence]]:
    """The sentences by each of their objects, in order."""
    found: dict[Definition, list[Sentence]] = {}
    for sentence in sentences:
        for each in sentence.says.objects:
            found.setdefault(each, []).append(sentence)
    return found
