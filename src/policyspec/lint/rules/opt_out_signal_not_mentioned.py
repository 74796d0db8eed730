"""Who sells or shares does not say what it makes of opt-out signals.

A browser or device can send the choice not to have information sold or shared, as Global Privacy Control does. A
business that sells or shares treats the signal as a request to opt out, and its policy says how.

Bad:

    sell interest to data_broker for data_sale

Good:

    sell interest to data_broker for data_sale
    must honour global_privacy_control
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, doing

PACK = "us.ccpa"
LEVEL = Severity.WARNING
CITE = ("Cal. Civ. Code 1798.135(b)", "11 CCR 7011(e)", "11 CCR 7025")
HELP = "promise it: `must honour opt_out_signal`, and name the signal among the channels of the right"
STATUS = "in_force"
SINCE = datetime.date(2023, 1, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    shared = sets.writing(policy, "for", "purpose", "cross_context_advertising") & sets.doing(policy, "disclose")
    given = (sets.doing(policy, "sell") | shared) & sets.practices(policy)
    if not given or sets.is_mentioned(policy, "channel", "opt_out_signal"):
        return
    sentence = next(sets.sentences(policy, given))
    yield policy.of_sentence(sentence, f"say what you make of opt-out signals, since you {doing(sentence)}")
