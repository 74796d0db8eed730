"""Which data the provider of a policy has: those that its sentences have it do something with.

What is said of personal data as a whole says nothing of a single datum. So of a policy that lists none it is unknown
what its provider has, and nothing follows.
"""

from __future__ import annotations

from policyspec.lint import sets
from policyspec.lint.facts import Facts
from policyspec.scope import Definition
from policyspec.statements import Sentence

# What is done with data in order to have them no longer.
_ENDING = ("delete", "restrict", "return")


def held(policy: Facts) -> tuple[Definition, ...]:
    """The data that a policy says its provider has, as it names them."""
    having = [
        each
        for each in sets.terms(policy, sets.ACTIONS)
        if policy.is_a(each, "action", "process") and not policy.is_a(each, "action", *_ENDING)
    ]
    chosen = sets.naming(policy, sets.ACTIONS, *having) & sets.promises(policy) & ~sets.having(policy, "without")
    found = {
        each: None
        for sentence in sets.sentences(policy, chosen)
        if is_of_provider(policy, sentence)
        for each in sentence.says.objects
        if each.kind == "data" and not policy.fields(each).get("root")
    }
    return tuple(found)


def may_have(policy: Facts, term: Definition, known: tuple[Definition, ...]) -> bool:
    """Whether one who has the `known` data may have a datum: it is one of them, below one, above one, or in a title."""
    if any(policy.order.common(each, term) for each in known):
        return True
    name = _letters(term.name)
    return any(name in _letters(text) for each in known for text, _ in each.titles)


def is_of_provider(policy: Facts, sentence: Sentence) -> bool:
    """Whether a sentence is about what the provider does, or says of nobody that they do it."""
    by = sentence.says.terms("by")
    return not by or any(policy.order.covers(x, y) for x in by for y in policy.provider)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
