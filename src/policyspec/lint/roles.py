"""Whom a policy's provider acts for: for itself, or for others who decide."""

from __future__ import annotations

from policyspec.lint.facts import Facts
from policyspec.scope import Definition
from policyspec.statements import Sentence

_INSTRUCTING = ("instruction", "authority_request", "corporate_change")
_INSTRUCTED = ("controller_authorisation", "documented_instructions")


def processors(policy: Facts) -> tuple[Definition, ...]:
    """Those of the providers that are processors, and nowhere said to be controllers."""
    return tuple(
        each
        for each in policy.provider
        if policy.is_a(each, "party", "processor") and not policy.is_a(each, "party", "controller")
    )


def acting(policy: Facts, sentence: Sentence, parties: tuple[Definition, ...]) -> Definition | None:
    """The first of some parties that a sentence says acts, by its name or by default."""
    by = sentence.says.terms("by") or sentence.by
    return next((each for each in parties if any(policy.order.covers(one, each) for one in by)), None)


def is_instructed(policy: Facts, sentence: Sentence) -> bool:
    """Whether a sentence says that it is done for somebody else, as ordered, or because it must be."""
    says = sentence.says
    return (
        bool(sentence.fields.get("on_behalf_of"))
        or any(policy.is_a(each, "basis", "entrustment", "required_by_law") for each in says.terms("under"))
        or any(policy.is_a(each, "event", *_INSTRUCTING) for each in says.terms("when"))
        or any(policy.is_a(each, "safeguard", *_INSTRUCTED) for each in says.terms("with"))
    )
