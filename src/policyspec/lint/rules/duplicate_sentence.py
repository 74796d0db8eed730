"""A sentence stands there twice.

Two sentences say the same, in other words perhaps, in two sections. That is not wrong, until one of them is changed
and the other is not. Texts that were put together from others often have the same paragraph twice.

Remove one of the two, and let its section refer to the other.

Bad:

    section "Sharing" {
      must vet partner
      share email to partner for analytics under consent
    }
    section "Recipients" { must vet partner }

Good:

    section "Sharing" {
      share email to partner for analytics under consent
    }
    section "Recipients" { must vet partner }
"""

from collections.abc import Iterator

from policyspec.diagnostic import Fix, Severity
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.lint.redundancy import pairs, says_no_more
from policyspec.lint.removal import without
from policyspec.statements import Sentence

LEVEL = Severity.INFO
HELP = "remove one of the two"
FIX = "unsafe"
_SAME = {modality: (modality,) for modality in ("", "must", "should", "never")}


def check(policy: Facts) -> Iterator[Finding]:
    done: set[Sentence] = set()
    order = {each: number for number, each in enumerate(policy.sentences)}
    for sentence, other in pairs(policy, _SAME):
        if order[other] > order[sentence] or sentence in done or other in done:
            continue
        if says_no_more(policy, other, sentence):
            done.add(sentence)
            fix = Fix("remove this sentence", (without(policy.sources[sentence.file], sentence.span),))
            there = policy.see(other, "said here first")
            message = f"{doing(sentence)} says what another sentence has said before"
            yield policy.of_sentence(sentence, message, related=(there,), fixes=(fix,))
