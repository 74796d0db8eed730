"""Something rests on consent, and nothing is said of withdrawing it.

Whoever consents may withdraw, and has to be offered a convenient way to do so. A right, or a duty for the case that
consent is withdrawn, counts as saying so.

Bad:

    collect interest for newsletter under consent

Good:

    collect interest for newsletter under consent
    grant withdrawal_of_consent via app_settings
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, doing

PACK = "cn.pipl"
LEVEL = Severity.ERROR
CITE = ("PIPL art. 15(1)", "PIPL art. 17(1)(3)", "Network data regulations (2024) art. 21(1)(4)")
HELP = "say how consent is withdrawn, as in `grant withdrawal_of_consent via app_settings`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if sets.is_named(policy, "right", "withdrawal_of_consent") or sets.is_named(policy, "event", "withdrawal"):
        return
    for sentence in sets.sentences(policy, sets.practices(policy) & sets.writing(policy, "under", "basis", "consent")):
        for each in sentence.says.terms("under"):
            if policy.is_a(each, "basis", "consent"):
                message = f"{doing(sentence)} rests on consent, and nothing is said of how to withdraw it"
                yield policy.of_sentence(sentence, message, policy.place(sentence, each, "under"))
                return
