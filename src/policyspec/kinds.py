"""What kinds of term there are, where each may stand, and which fields each takes.

The fields are those of the classes in `model`, which are the one place that defines them. Reading them from there
would make every start of the command line build every pydantic class, so they are kept as `fields.json`, made from the
classes and held against them by a test.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

FIELDS = Path(__file__).with_name("fields.json")

KindName = Literal[
    "policy", "party", "subject", "data", "purpose", "basis", "exception", "permission", "safeguard", "right",
    "channel", "place", "event", "action",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(KindName)

# Kinds whose terms may stand below one another. Legal bases, exceptions and events are all grounds on which
# something may be done; who acts and whose data it is are both persons.
FAMILIES: dict[str, tuple[str, ...]] = {
    **{kind: (kind,) for kind in KINDS},
    **dict.fromkeys(("basis", "exception", "event"), ("basis", "exception", "event")),
    **dict.fromkeys(("party", "subject"), ("party", "subject")),
}


@dataclass(frozen=True, slots=True)
class ClauseWord:
    """What may stand after a clause word: `kinds` of terms, or a period; `noun` names it, `says` explains it."""

    kinds: tuple[str, ...]
    noun: str
    says: str


# The one table of clause words. Completion, the reference and the resolver read it.
CLAUSES: dict[str, ClauseWord] = {
    "from": ClauseWord(("subject", "party"), "a subject or party", "whose data it is, or the party it came from"),
    "by": ClauseWord(("party", "subject"), "a party", "who does it; unsaid, the provider"),
    "to": ClauseWord(("party", "subject", "place"), "a recipient", "who receives it; for a transfer, places too"),
    "for": ClauseWord(("purpose",), "a purpose", "what it is done for"),
    "under": ClauseWord(("basis",), "a legal basis", "the legal basis that it rests on"),
    "without": ClauseWord(("basis",), "a legal basis", "the basis that an exemption waives"),
    "unless": ClauseWord(
        tuple(kind for kind in KINDS if kind not in ("policy", "action")),
        "a term of any kind",
        "what takes acts out of the sentence",
    ),
    "when": ClauseWord(
        ("exception", "event", "basis"), "an exception, event or basis", "the circumstance it is limited to"
    ),
    "via": ClauseWord(("permission", "channel"), "a permission or channel", "the means by which it is done"),
    "in": ClauseWord(("place",), "a place", "where it is done or kept"),
    "with": ClauseWord(("safeguard",), "a safeguard", "the safeguards that hold, all of them together"),
    "keep": ClauseWord((), "a period", "how long the data are kept"),
    "within": ClauseWord((), "a deadline", "by when it is done"),
}

# The clause that a term of a kind belongs after, where it stands somewhere else by mistake: the likeliest first.
STANDS_AFTER: dict[str, tuple[str, ...]] = {
    "party": ("to", "by", "from"), "subject": ("from",), "purpose": ("for",), "basis": ("under",),
    "exception": ("when",), "event": ("when",), "permission": ("via",), "channel": ("via",), "place": ("in",),
    "safeguard": ("with",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Takes:
    """What may be written after a field's colon.

    `form` is text (a string, in one or more languages), strings, term, terms, date, period, flag, word (a name or
    a string, taken as it is), kinds, or one of `choices`.
    """

    form: str
    kinds: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _all_fields() -> dict[str, dict[str, tuple[Takes, str]]]:
    tables = json.loads(FIELDS.read_text("utf-8"))
    return {
        of: {
            name: (Takes(form, tuple(kinds), tuple(choices)), description)
            for name, (form, kinds, choices, description) in fields.items()
        }
        for of, fields in tables.items()
    }


def fields_of(what: str) -> dict[str, tuple[Takes, str]]:
    """The fields of a kind of term (`data`) or of a construct (`practice`, `section`, `prose`, `rule`, `test`).

    Each has what may be written after its colon, and what it means.
    """
    return _all_fields()[what]


@lru_cache(maxsize=1)
def common_fields() -> frozenset[str]:
    """The fields that every kind of term takes."""
    return frozenset.intersection(*(frozenset(fields_of(kind)) for kind in KINDS))


def article(kind: str) -> str:
    """A kind as sentences speak of one of it."""
    if kind == "data":
        return "data"
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def nouns(kinds: Sequence[str]) -> str:
    """One of several kinds: `a subject or a party`."""
    return either([article(kind) for kind in kinds])


def either(words: Sequence[str]) -> str:
    """Words as alternatives: `a, b or c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
