"""The same is promised with differing strength.

One sentence says that something must be done, another that one strives to do it. People may rely on the first, and a
lawyer on the second.

Promise it once, as strongly as it is meant.

Bad:

    must delete personal within 30 days of account_closure
    should delete personal within 30 days of account_closure

Good:

    must delete personal within 30 days of account_closure
    should delete statistics within 30 days of account_closure
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.lint.redundancy import weaker

LEVEL = Severity.WARNING
HELP = "promise it once, as strongly as it is meant"


def check(policy: Facts) -> Iterator[Finding]:
    for weak, strong in weaker(policy, {"should": ("must", "")}):
        is_owed = strong.says.modality == "must"
        said = "must be done" if is_owed else "is done"
        message = f"{doing(weak)} only strives for what {said} according to another sentence"
        there = policy.see(strong, f"this {said}")
        yield policy.of_sentence(weak, message, related=(there,), level=None if is_owed else Severity.INFO)
