"""The languages that a policy is written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# From how many titles on one can speak of most of them, and which part of them that is.
_ENOUGH = 4
_MOST = 0.8


def tagged(written: Iterable[str | None]) -> frozenset[str]:
    """The languages of some titles, by their tags; none where one of them is the same in all, which has no tag."""
    found = [*written]
    return frozenset(each for each in found if each is not None) if None not in found else frozenset()


def main_languages(ways: Mapping[tuple[str | None, ...], int]) -> frozenset[str]:
    """The languages that most of what has titles has one in; `ways` has how many have titles with these tags."""
    count: dict[str, int] = {}
    counted = 0
    for way, number in ways.items():
        languages = tagged(way)
        counted += number if languages else 0
        for each in languages:
            count[each] = count.get(each, 0) + number
    return frozenset(each for each, number in count.items() if counted >= _ENOUGH and number >= _MOST * counted)
