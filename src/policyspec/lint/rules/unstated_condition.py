"""A sentence does not say what a prohibition makes its condition.

“We share nothing without your separate consent”, and then: “we share your address with our partners”. The two agree
only if the partners get it with that consent, and nowhere does the policy say so. Where another sentence about the
same says it, that is enough.

Say on which condition it is done.

Bad:

    share email to partner for analytics
    never share personal to third_party unless separate_consent

Good:

    share email to partner for analytics under separate_consent
    never share personal to third_party unless separate_consent

Good:

    share email to partner for analytics
    share contact_information under separate_consent
    never share personal to third_party unless separate_consent

Good:

    store email only in EEA
    store email keep 30 days
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.clashes import described, lift_place
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.lifting import named, not_stated_elsewhere, wanted

LEVEL = Severity.WARNING
HELP = "say on which condition it is done"


def check(policy: Facts) -> Iterator[Finding]:
    for clash in not_stated_elsewhere(policy, policy.clashes("unstated")):
        needed = wanted(clash.ban.lifts)
        found = described(policy, clash, f"{{it}} does not say {needed}, which {named(clash)} asks for{{why}}")
        related = (*found.related, *lift_place(policy, clash))
        yield policy.of_sentence(clash.sentence, found.message, found.span, related=related)
