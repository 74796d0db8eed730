"""Whole items to fill in, in the protocol's syntax: `${1:name}` is a place to fill in, `$0` where one is at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from policyspec.kinds import CLAUSES, KINDS, Takes, fields_of
from policyspec.syntax.build import UNITS

# The editor writes the day; one that cannot leaves these numbers to be written over.
DATE = "${1:${CURRENT_YEAR:2026}-${CURRENT_MONTH:01}-${CURRENT_DATE:01}}"
DATE_FORM = "YYYY-MM-DD"
# The clauses that a practice says most of what it has to say with, and what stands for the terms after them.
_TOLD = {"from": "whom", "for": "what_for", "under": "what_ground"}
_HEADER = ("provider", "audience", "effective")


class Snippet(NamedTuple):
    """What is offered under a label, for the word that it begins with; `says` is what it is for."""

    label: str
    word: str
    body: str
    says: str


def escaped(text: str) -> str:
    """A text as it stands in a snippet for itself."""
    return re.sub(r"[\\$}]", r"\\\g<0>", text)


def choice(number: int, options: Sequence[str]) -> str:
    """A place to fill in with one of some words."""
    listed = ",".join(re.sub(r"[\\,|]", r"\\\g<0>", each) for each in options)
    return f"${{{number}|{listed}|}}"


def units() -> list[str]:
    """The units of time as one writes them behind a number, the longest first."""
    return [f"{unit.replace('_', ' ')}s" for unit in reversed(UNITS)]


def duration(number: int, amount: int) -> str:
    return f"${{{number}:{amount}}} {choice(number + 1, units())}"


def practice(action: str) -> Snippet:
    """A sentence with an action, and the clauses that tell most."""
    clauses = "".join(f" {word} ${{{number}:{noun}}}" for number, (word, noun) in enumerate(_TOLD.items(), 2))
    label = f"{action} … {' … '.join(_TOLD)} … keep …"
    body = f"{escaped(action)} ${{1:what}}{clauses} keep {duration(len(_TOLD) + 2, 1)}"
    return Snippet(label, action, body, "practice")


def items() -> list[Snippet]:
    """Prohibitions and duties, one declaration of each kind, and what else an item may be."""
    never = "never ${1:do} ${2:what} unless ${3:what_lifts_it}"
    must = f"must ${{1:do}} ${{2:what}} within {duration(3, 30)}"
    kinds = [kind for kind in KINDS if kind != "policy"]
    extend = f"extend {choice(1, kinds)} ${{2:term}} is ${{3:own_term}}"
    levels = choice(6, fields_of("rule")["level"][0].choices)
    rule = 'rule ${1:name_of_the_fault} "${2:What is wrong}" {\n  every ${3:do} ${4:what} needs '
    rule += f"{choice(5, tuple(CLAUSES))}\n  level: {levels}\n}}"
    test = 'test "${1:What is asked}" {\n  allows  ${2:do} ${3:what}\n  forbids ${4:do} ${5:what}\n}'
    return [
        Snippet("never … unless …", "never", never, "prohibition"),
        Snippet("must … within …", "must", must, "duty"),
        *map(_declaration, KINDS),
        Snippet("extend … is …", "extend", extend, "a term of another module below one of one's own"),
        Snippet("section …", "section", 'section "${1:Title}" {\n  $0\n}', "part of the policy"),
        Snippet("rule …", "rule", rule, "what has to hold"),
        Snippet("test …", "test", test, "questions to the policy"),
        Snippet('"""…"""', '"""', '"""$1"""', "prose"),
        Snippet("# policyspec: allow …", "#", f"# {allowance()}", "suppress a finding of the next item"),
    ]


def judgements() -> list[Snippet]:
    """What a rule may demand."""
    every = f"every ${{1:do}} ${{2:what}} needs {choice(3, tuple(CLAUSES))}"
    return [
        Snippet("every … needs …", "every", every, "each practice that is like this states these clauses"),
        Snippet("no …", "no", "no ${1:do} ${2:what}", "there is no such practice"),
        Snippet("some …", "some", "some ${1:do} ${2:what}", "there is such a practice"),
    ]


def _declaration(kind: str) -> Snippet:
    if kind != "policy":
        body = f'{kind} ${{1:name}} is ${{2:what_it_is}} "${{3:Title}}"'
        return Snippet(f"{kind} …", kind, body, "declaration")
    width = max(map(len, _HEADER)) + 1
    lines = [f"  {f'{name}:':<{width}} {_value(name, number)}\n" for number, name in enumerate(_HEADER, 3)]
    return Snippet("policy …", kind, 'policy ${1:name} "${2:Title}" {\n' + "".join(lines) + "}", "what this is")


def _value(name: str, number: int) -> str:
    takes, _ = fields_of("policy")[name]
    return DATE.replace("1:", f"{number}:", 1) if takes.form == "date" else f"${{{number}:its_{name}}}"


def allowance(rule: str = "rule") -> str:
    """The rest of a comment that suppresses a finding, behind `#`."""
    return f"policyspec: allow ${{1:{escaped(rule)}}} -- ${{2:reason}}"


def field(name: str, takes: Takes) -> str:
    """A field with the place where its value is written."""
    if takes.form in ("text", "strings"):
        return f'{name}: "$1"'
    if takes.form == "flag":
        return f"{name}: {choice(1, ('yes', 'no'))}"
    if takes.form == "choice":
        return f"{name}: {choice(1, takes.choices)}"
    return f"{name}: $1"
