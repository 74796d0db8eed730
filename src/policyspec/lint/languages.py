"""The languages that a policy is written in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from policyspec.syntax import nodes

# From how many titles on one can speak of most of them, and which part of them that is.
_ENOUGH = 4
_MOST = 0.8


def tagged(titles: Iterable[nodes.Title]) -> frozenset[str]:
    """The languages of some titles; none where one of them is the same in all, which has no tag."""
    found = [each.language for each in titles]
    return frozenset(each for each in found if each is not None) if None not in found else frozenset()


def main_languages(titled: Iterable[frozenset[str]]) -> frozenset[str]:
    """The languages that most of what has titles has one in; each set is what `tagged` gives of one thing."""
    counted = [each for each in titled if each]
    count = Counter(language for each in counted for language in each)
    return frozenset(
        language for language, number in count.items() if len(counted) >= _ENOUGH and number >= _MOST * len(counted)
    )
