"""Processing rests on consent, and nothing is said of asking anew when it changes.

Consent is asked anew when the purpose, the method or the kind of information changes. A duty to ask or to obtain
consent for a new purpose, new data or a changed policy says so. One for new data alone leaves out new purposes.

Bad:

    collect interest for newsletter under consent

Bad:

    collect interest for newsletter under consent
    must ask_consent user when new_data

Good:

    collect interest for newsletter under consent
    must ask_consent user when new_purpose, new_data
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 14(2)", "Network data regulations (2024) art. 22(1)(6)")
HELP = "promise it, as in `must ask_consent user when new_purpose, new_data`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if not sets.writing(policy, "under", "basis", "consent") & sets.practices(policy):
        return
    obtaining = sets.writing(policy, OBJECTS, "basis", "consent") & sets.doing(policy, "obtain")
    asked: list[Definition] = []
    for sentence in sets.sentences(policy, (sets.doing(policy, "ask_consent") | obtaining) & sets.promises(policy)):
        # To ask in every case is to ask in these.
        if not sentence.says.terms("when"):
            return
        asked += sentence.says.terms("when")
    if any(policy.is_a(each, "event", "new_purpose", "policy_change") for each in asked):
        return
    what = "for a new purpose" if any(policy.is_a(each, "event", "new_data") for each in asked) else "when it changes"
    yield policy.of_policy(f"nothing is said of asking for consent anew {what}")
