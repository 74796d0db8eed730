"""Children in a policy: those under 14, whom the law of China protects specially, and those that other packs name.

A subject is one under 14 if it is below `cn.pipl.child_under_14`, or below `minor` and so young by its `age:`.
"""

from __future__ import annotations

from collections.abc import Sequence

from policyspec.lint import sets
from policyspec.lint.facts import Facts
from policyspec.scope import Definition
from policyspec.statements import Sentence

# The age from which one decides for oneself.
AGE = 14


def years(policy: Facts, term: Definition) -> int | None:
    """Below which age, in years, one is such a subject; None where it does not say."""
    age = policy.fields(term).get("age")
    match age:
        case ("under", int(amount), "year"):
            return amount
        case ("at_most", int(amount), "year"):
            return amount + 1
    return None


def is_child(policy: Facts, term: Definition) -> bool:
    if policy.is_a(term, "subject", "child_under_14", module="cn.pipl"):
        return True
    age = years(policy, term)
    return age is not None and age <= AGE and policy.is_a(term, "subject", "minor")


def children(policy: Facts) -> list[Definition]:
    """The policy's own subjects that are children under 14."""
    return [each for each in sets.own_of(policy, "subject") if is_child(policy, each)]


def are_kept_out(policy: Facts, own: Sequence[Definition]) -> bool:
    """Whether the policy says that it collects nothing from any of them."""
    left = policy.order.bits(own)
    for sentence in policy.prohibitions:
        says = sentence.says
        clauses = {word for word in says.clauses if word != "from"}
        if not clauses and any(policy.is_a(each, "action", "collect", "process") for each in says.actions):
            if any(policy.fields(each).get("root") for each in says.objects):
                for each in says.terms("from"):
                    left &= ~policy.order.below(each)
    return not left


def are_among(policy: Facts, sentence: Sentence, kind: str, module: str) -> bool:
    """Whether children of some kind, which a module has, are among those whose data a sentence is about."""
    whose = [each for each in sentence.says.terms("from") if each.kind == "subject"] or sentence.from_
    return any(policy.is_a(x, "subject", kind, module=module) for each in whose for x in policy.order.named(each))
