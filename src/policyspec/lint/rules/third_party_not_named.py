"""A third party that gets children's information is not named.

The notice tells parents the identities and the specific categories of the third parties to which children's
information is disclosed, and for what. “Partners” or “advertisers” is a category and no identity.

Bad:

    subject kid is user, child_under_13 "Child under 13"
    share username from kid to partner for analytics under parental_consent_to_disclosure

Good:

    subject kid is user, child_under_13 "Child under 13"
    party counter is analytics_provider, partner "Example Analytics LLC"
    share username from kid to counter for analytics under parental_consent_to_disclosure
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import children, sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "us.coppa"
LEVEL = Severity.WARNING
CITE = ("16 CFR 312.4(d)",)
HELP = "declare the company as a `party`, and name it after `to`"
STATUS = "in_force"
SINCE = datetime.date(2026, 4, 22)
_UNNAMED = ("public", "other_user", "government", "acquirer")


def check(policy: Facts) -> Iterator[Finding]:
    if not sets.is_named(policy, "subject", "child_under_13", module=PACK):
        return
    giving = sets.practices(policy) & sets.doing(policy, "disclose") & ~sets.having(policy, "without")
    for sentence in sets.sentences(policy, giving & sets.having(policy, "to")):
        says = sentence.says
        unnamed = [
            each
            for each in says.terms("to")
            if each.is_library
            and policy.is_a(each, "party", "third_party")
            and not policy.is_a(each, "party", *_UNNAMED)
        ]
        if unnamed and children.are_among(policy, sentence, "child_under_13", PACK):
            message = f"say which {shown(*unnamed)} gets the information of children"
            yield policy.of_sentence(sentence, message, policy.place(sentence, unnamed[0], "to"))
