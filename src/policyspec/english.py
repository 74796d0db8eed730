"""What English says in other words than the language: articles, negations, conjunctions and adverbs."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import starmap

# A conjunction or preposition, and the clause word that says the same; none does for `before`.
_CLAUSE_WORDS = {"if": "when", "except": "unless", "about": "from", "because": "under", "before": ""}
_CONJUNCTION = re.compile(r"(?:(if|about|before)|(except)(?:[ \t]+(?:when|where|if))?|(because)(?:[ \t]+of)?)\b", re.I)
# Who the provider and the reader are. A sentence that begins with `we` says no more than one without it.
PROVIDER = frozenset(("we", "i"))
# With these people begin a sentence in English, where the action should stand.
WHO = PROVIDER | {
    "you", "he", "she", "it", "they", "us", "our", "your", "his", "her", "its", "their", "the", "a", "an", "this",
    "that", "these", "those", "who", "everyone", "nobody",
}  # fmt: skip
_SOON = frozenset(("promptly", "immediately", "quickly", "soon", "swiftly", "instantly", "asap", "forthwith", "timely"))
# What stands in front of a noun, and says nothing that a name would not.
_FILLERS = "the|an?|all|any|your|our|my|his|her|its|their|this|that|these|those"
_FILLER = re.compile(rf"(?:(?:{_FILLERS})[ \t]+)+(?=([^\W\d]\w*))", re.I)
_NEGATION = re.compile(
    r"(?:(?:we|i|you|they|it)[ \t]+)?(?:(?:do|does|will|shall|can|may|must|should)[ \t]+not|cannot)(?=[ \t]+(\w+))",
    re.I,
)


def fillers(text: str, words: Container[str]) -> tuple[int, int] | None:
    """How long the articles and the like are that a text begins with, and how long they are with the name behind them.

    That is none of the language's `words`.
    """
    found = _FILLER.match(text)
    return (found.end(), found.end(1)) if found and found[1] not in words else None


def negation(text: str) -> tuple[int, str] | None:
    """How long a beginning such as `do not` or `we will not` is, and the verb behind it."""
    found = _NEGATION.match(text)
    return (found.end(), found[1]) if found else None


def conjunction(text: str) -> tuple[int, str] | None:
    """How long a beginning such as `if` or `except when` is, and the clause word for it, empty if there is none."""
    found = _CONJUNCTION.match(text)
    return (found.end(), _CLAUSE_WORDS[found[found.lastindex or 0].casefold()]) if found else None


def is_soon(word: str) -> bool:
    return word.casefold() in _SOON


def is_adverb(word: str) -> bool:
    return is_soon(word) or (word.endswith("ly") and len(word) > 4)


def begin_alike(left: str, right: str) -> bool:
    """Whether the words of two names begin alike, as those of `opt_out` and `opted_out` do."""
    words = (name.casefold().split("_") for name in (left, right))
    return all(starmap(_begins_alike, zip(*words, strict=False)))


def _begins_alike(left: str, right: str) -> bool:
    """Whether two words have their first letters in common, all but the end of the shorter one."""
    length = max(3, min(5, len(left) - 1, len(right) - 1))
    return left[:length] == right[:length]
