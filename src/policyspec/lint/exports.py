"""Personal information that leaves the mainland of China: which sentences say so, and by which term.

It leaves where it is transferred to a place other than China, or disclosed to somebody who is established in one. To
keep it in such a place comes to the same, though the law does not say so in as many words: `by` tells the two apart.
A policy whose providers are all established elsewhere sends nothing out of China; it collects it from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from policyspec.lint import sets
from policyspec.lint.facts import Facts
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence


class Export(NamedTuple):
    """A sentence by which information leaves, the place or recipient that says so, and the clause it stands in."""

    sentence: Sentence
    term: Definition
    by: str


def exports(policy: Facts) -> Sequence[Export]:
    """The practices by which personal information leaves China, once each. Exemptions are not among them."""
    return policy.once("exports", lambda: tuple(_exports(policy)))


def _exports(policy: Facts) -> Iterator[Export]:
    if policy.provider and all(any(_is_abroad(policy, x) for x in _places(policy, each)) for each in policy.provider):
        return
    abroad = sets.naming(policy, "to", *(each for each in sets.terms(policy, "to") if _leads_abroad(policy, each)))
    kept = sets.naming(policy, "in", *(each for each in sets.terms(policy, "in") if _is_abroad(policy, each)))
    if not abroad | kept:
        return
    sending = sets.practices(policy) & (abroad & sets.doing(policy, "disclose") | kept & sets.doing(policy, "store"))
    sending &= sets.writing(policy, OBJECTS, "data", "personal") & ~sets.having(policy, "without")
    sending &= ~sets.writing(policy, "with", "safeguard", "anonymised", "aggregated")
    for sentence in sets.sentences(policy, sending):
        says = sentence.says
        if any(policy.is_a(each, "action", "disclose") for each in says.actions):
            found = next((each for each in says.terms("to") if _leads_abroad(policy, each)), None)
            if found is not None:
                yield Export(sentence, found, "to")
        elif any(policy.is_a(each, "action", "store") for each in says.actions):
            found = next((each for each in says.terms("in") if _is_abroad(policy, each)), None)
            if found is not None:
                yield Export(sentence, found, "in")


def _leads_abroad(policy: Facts, term: Definition) -> bool:
    places = (term,) if term.kind == "place" else _places(policy, term)
    return any(_is_abroad(policy, each) for each in places)


def _places(policy: Facts, party: Definition) -> tuple[Definition, ...]:
    return policy.order.field(party, "place") if party.kind == "party" else ()


def _is_abroad(policy: Facts, place: Definition) -> bool:
    return place.kind == "place" and not policy.is_a(place, "place", "CN")
