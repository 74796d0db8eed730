"""How long data are kept: of which data a policy says so, wherever it does.

A notice states a period, or what ends it, for data; sentences state it for data and purposes. So what is said of a
datum anywhere counts here, for whatever purpose it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from policyspec.lint.facts import Facts
from policyspec.scope import Definition
from policyspec.statements import Sentence

# Deletion at these events puts something right, or says nothing of when they come.
_NO_PERIOD = (
    "request", "retention_end", "unlawful_processing", "accidental_collection", "minor_data_found", "backup_update",
)  # fmt: skip
# These end the need for what rests on consent, not for all that there is.
_ENDS_SOME = ("withdrawal", "objected")


def stated(policy: Facts) -> int:
    """The data whose retention is stated, as a set: by `keep`, or by deletion at an event that ends the need."""
    found = 0
    for sentence in policy.sentences:
        says = sentence.says
        if says.modality == "never":
            continue
        is_kept = "keep" in says.periods
        ends = () if is_kept else tuple(_ends(policy, sentence))
        if is_kept or ends:
            is_partial = bool(ends) and all(policy.is_a(each, "event", *_ENDS_SOME) for each in ends)
            for each in says.objects:
                if not (is_partial and each is policy.term("data", "personal")):
                    found |= policy.order.below(each)
    return found


def unstated(policy: Facts, sentence: Sentence, known: int) -> list[Definition]:
    """The personal data that a sentence collects without a stated retention; `known` is what `stated` gives."""
    says, order = sentence.says, policy.order
    if says.modality or "without" in says.clauses or not any(policy.is_a(x, "action", "collect") for x in says.actions):
        return []
    if says.terms("by") and not any(order.covers(by, each) for by in says.terms("by") for each in policy.provider):
        return []
    return [
        each for each in says.objects if policy.is_a(each, "data", "personal") and not _is_known(policy, each, known)
    ]


def _is_known(policy: Facts, term: Definition, known: int) -> bool:
    """Whether something is said of a term, or of each of the policy's own terms below it."""
    order = policy.order
    parts = [each for each in order.named(term) if each is not term]
    return bool(known & order.bit(term)) or (bool(parts) and all(known & order.bit(each) for each in parts))


def _ends(policy: Facts, sentence: Sentence) -> Iterator[Definition]:
    """The events at which a sentence deletes, or after which it does, that end the need for the data."""
    says = sentence.says
    if any(policy.is_a(each, "action", "delete", "anonymise") for each in says.actions):
        after = (each.event for each in says.periods.get("within", ()) if each.event is not None)
        for each in (*says.terms("when"), *after):
            if each.kind == "event" and not policy.is_a(each, "event", *_NO_PERIOD):
                yield each
