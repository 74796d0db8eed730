"""How long data are kept: of which data a policy says so, wherever it does.

A notice states a period, or what ends it, for data; sentences state it for data and purposes. So what is said of a
datum anywhere counts here, for whatever purpose it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence

# Deletion at these events puts something right, or says nothing of when they come.
_NO_PERIOD = (
    "request", "retention_end", "unlawful_processing", "accidental_collection", "minor_data_found", "backup_update",
)  # fmt: skip
# These end the need for what rests on consent, not for all that there is.
_ENDS_SOME = ("withdrawal", "objected")


def stated(policy: Facts) -> int:
    """The data whose retention is stated, as a set: by `keep`, or by deletion at an event that ends the need. What is
    below them is not in it.
    """
    return policy.once("retention stated", lambda: _stated(policy))


def _stated(policy: Facts) -> int:
    kept = sets.having(policy, "keep") & sets.promises(policy)
    found = sets.objects(policy, kept)
    ending = sets.doing(policy, "delete", "anonymise") & sets.having(policy, "when", "within") & ~kept
    for sentence in sets.sentences(policy, ending & sets.promises(policy)):
        ends = tuple(_ends(policy, sentence))
        is_partial = all(policy.is_a(each, "event", *_ENDS_SOME) for each in ends)
        for each in sentence.says.objects if ends else ():
            if not (is_partial and each is policy.term("data", "personal")):
                found |= policy.order.bit(each)
    return found


def unstated(policy: Facts) -> Mapping[Sentence, list[Definition]]:
    """The sentences that collect personal data without a stated retention, with these data.

    Where retention is stated for some data, sentences about all personal data speak of what others say in detail.
    """
    return policy.once("retention unstated", lambda: dict(_unstated(policy)))


def _unstated(policy: Facts) -> Iterator[tuple[Sentence, list[Definition]]]:
    known = stated(policy)
    is_told = sets.told(policy, known)
    collecting = sets.practices(policy) & sets.doing(policy, "collect") & ~sets.having(policy, "without")
    for sentence in sets.sentences(policy, collecting & sets.writing(policy, OBJECTS, "data", "personal")):
        by = sentence.says.terms("by")
        if by and not any(policy.order.covers(upper, each) for upper in by for each in policy.provider):
            continue
        terms = [each for each in sentence.says.objects if policy.is_a(each, "data", "personal") and not is_told(each)]
        if known:
            terms = [each for each in terms if not policy.fields(each).get("root")]
        if terms:
            yield sentence, terms


def findings(policy: Facts) -> Iterator[Finding]:
    """The finding at each of these sentences, for those laws that want it said."""
    for sentence, terms in unstated(policy).items():
        place = policy.place(sentence, terms[0], OBJECTS)
        yield policy.of_sentence(sentence, f"say how long you keep {shown(*terms)}, or what decides it", place)


def _ends(policy: Facts, sentence: Sentence) -> Iterator[Definition]:
    """The events at which a sentence deletes, or after which it does, that end the need for the data."""
    says = sentence.says
    after = (each.event for each in says.periods.get("within", ()) if each.event is not None)
    for each in (*says.terms("when"), *after):
        if each.kind == "event" and not policy.is_a(each, "event", *_NO_PERIOD):
            yield each
