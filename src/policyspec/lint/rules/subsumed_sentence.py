"""A sentence says less than another, and nothing else.

All that it says, another sentence says too, or says more broadly. It is either left over, or meant to say more: a
purpose, a recipient, a condition.

Remove it, or say what is special about it.

Bad:

    collect email under contract
    collect email, name for delivery under contract

Good:

    collect email for account_management under contract
    collect email, name for delivery under contract

Bad:

    never share email to advertiser
    never share contact_information to third_party

Good:

    never share contact_information to third_party
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.lint.redundancy import weaker

LEVEL = Severity.INFO
HELP = "remove it, or say what is special about it"
_SAME = {modality: (modality,) for modality in ("", "must", "should", "never")}


def check(policy: Facts) -> Iterator[Finding]:
    for sentence, other in weaker(policy, _SAME):
        there = policy.see(other, "this says it, and more")
        message = f"{doing(sentence)} says no more than another sentence does"
        yield policy.of_sentence(sentence, message, related=(there,))
