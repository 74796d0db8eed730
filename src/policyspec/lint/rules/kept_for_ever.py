"""Personal information is kept for ever.

It may be kept for the shortest time that the purpose needs, unless a law or administrative regulation says otherwise.
No purpose takes for ever. Sentences that rest on a law, and information that is anonymised, are left alone.

Bad:

    store browsing_history for analytics under consent keep forever

Good:

    store browsing_history for analytics under consent keep 6 months
    store transaction_history under legal_duty keep forever
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.statements import OBJECTS

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 19",)
HELP = "keep it no longer than the purpose needs, or name the law that demands more"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)


def check(policy: Facts) -> Iterator[Finding]:
    for sentence in sets.sentences(policy, sets.practices(policy) & sets.keeping(policy, "forever")):
        says = sentence.says
        grounds = (*says.terms("under"), *says.terms("when"))
        if any(policy.is_a(each, "basis", "required_by_law") for each in grounds) or any(
            policy.is_a(each, "exception", "archiving") for each in grounds
        ):
            continue
        if any(policy.is_a(each, "safeguard", "anonymised", "aggregated") for each in says.terms("with")):
            continue
        terms = [each for each in says.objects if policy.is_a(each, "data", "personal")]
        if terms:
            place = policy.clause(sentence, "keep") or policy.place(sentence, terms[0], OBJECTS)
            verb = "is" if len(terms) == 1 else "are"
            yield policy.of_sentence(sentence, f"{shown(*terms)} {verb} kept for ever", place)
