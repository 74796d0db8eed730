"""How data come to a policy's provider: collected, read, made out of others, or given by somebody else."""

from __future__ import annotations

from policyspec.lint.facts import Facts
from policyspec.scope import Definition
from policyspec.statements import Sentence

# By these, data come to be there. To process is also to collect.
_OBTAINING = ("collect", "access", "monitor", "derive", "aggregate", "combine", "deidentify")
_GIVING = ("disclose", "return")


def is_obtaining(policy: Facts, sentence: Sentence) -> bool:
    """Whether a sentence says how data come to the provider, or that somebody else gives them away."""
    says = sentence.says
    if says.modality == "never" or "without" in says.clauses:
        return False
    process = policy.term("action", "process")
    if any(each is process or policy.is_a(each, "action", *_OBTAINING) for each in says.actions):
        return True
    return not is_by_provider(policy, sentence) and any(policy.is_a(x, "action", *_GIVING) for x in says.actions)


def is_by_provider(policy: Facts, sentence: Sentence) -> bool:
    by = sentence.says.terms("by") or sentence.by
    return any(policy.order.covers(each, one) for each in by for one in policy.provider)


def obtained(policy: Facts) -> tuple[Definition, ...]:
    """The data that a policy says are obtained, as it names them. What is said of all data says nothing of one."""
    return tuple(
        dict.fromkeys(
            each
            for sentence in policy.sentences
            if is_obtaining(policy, sentence)
            for each in sentence.says.objects
            if each.kind == "data" and not policy.fields(each).get("root")
        )
    )
