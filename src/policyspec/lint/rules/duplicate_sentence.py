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
from policyspec.lint.redundancy import duplicates
from policyspec.lint.removal import without

LEVEL = Severity.INFO
HELP = "remove one of the two"
FIX = "unsafe"


def check(policy: Facts) -> Iterator[Finding]:
    for sentence, before in duplicates(policy):
        fix = Fix("remove this sentence", (without(policy.sources[sentence.file], sentence.span),))
        there = policy.see(before, "said here first")
        message = f"{doing(sentence)} says what another sentence has said before"
        yield policy.of_sentence(sentence, message, related=(there,), fixes=(fix,))
