"""How data come to a policy's provider: collected, read, made out of others, or given by somebody else."""

from __future__ import annotations

from policyspec.lint import sets
from policyspec.lint.facts import Facts
from policyspec.scope import Definition
from policyspec.statements import Sentence

# By these, data come to be there. To process is also to collect.
_OBTAINING = ("collect", "access", "monitor", "derive", "aggregate", "combine", "deidentify")
_GIVING = ("disclose", "return")


def obtaining(policy: Facts) -> int:
    """The sentences that say how data come to the provider, or that somebody else gives them away."""
    return policy.once("obtaining", lambda: _obtaining(policy))


def _obtaining(policy: Facts) -> int:
    process = policy.term("action", "process")
    coming = sets.doing(policy, *_OBTAINING) | sets.naming(policy, sets.ACTIONS, *filter(None, (process,)))
    given = sets.doing(policy, *_GIVING) & ~by_provider(policy)
    return (coming | given) & sets.promises(policy) & ~sets.having(policy, "without")


def by_provider(policy: Facts) -> int:
    """The sentences about what the provider does."""

    def make() -> int:
        covered: dict[tuple[Definition, ...], bool] = {}

        def is_provider(parties: tuple[Definition, ...]) -> bool:
            if parties not in covered:
                covered[parties] = any(policy.order.covers(x, y) for x in parties for y in policy.provider)
            return covered[parties]

        def is_own(sentence: Sentence) -> bool:
            says = sentence.says
            return is_provider(says.terms("by") or sentence.by if "by" in says.clauses else sentence.by)

        return sets.such(policy, is_own)

    return policy.once("by provider", make)


def obtained(policy: Facts) -> list[Definition]:
    """The data that a policy says are obtained, as it names them. What is said of all data says nothing of one."""
    return [
        each
        for each in sets.about(policy, obtaining(policy))
        if each.kind == "data" and not policy.fields(each).get("root")
    ]
