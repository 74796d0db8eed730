"""Data go to other handlers, and nothing is said of what binds these.

Who gives personal information to another handler agrees with it on purpose, means, scope and duties of security, and
watches that it keeps to them. The agreement need not be public, so this is a hint: people want to know.

Bad:

    share email to partner for marketing under separate_consent

Good:

    share email to partner for marketing under separate_consent
    must bind partner with nda, equivalent_protection
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

PACK = "cn.network_data"
LEVEL = Severity.INFO
CITE = ("Network data regulations (2024) art. 12(1)",)
HELP = "say what recipients undertake, as in `must bind partner with equivalent_protection`"
STATUS = "in_force"
SINCE = datetime.date(2025, 1, 1)
ABSENCE = True

# Who is bound by no contract of this kind; of processors other rules speak.
_NOT_BOUND = ("government", "public", "processor", "affiliate", "other_user", "acquirer", "emergency_services")
_UNDERTAKINGS = ("confidentiality", "legal_measure", "documented_instructions", "equivalent_protection")


def check(policy: Facts) -> Iterator[Finding]:
    if sets.doing(policy, "bind", "supervise"):
        return
    if sets.writing_any(policy, ("with", OBJECTS), "safeguard", *_UNDERTAKINGS):
        return
    giving = sets.practices(policy) & sets.doing(policy, "share", "sell") & sets.having(policy, "to")
    giving &= sets.writing(policy, OBJECTS, "data", "personal") & ~sets.having(policy, "without")
    for sentence in sets.sentences(policy, giving):
        recipients = [each for each in sentence.says.terms("to") if _is_handler(policy, each)]
        if recipients:
            place = policy.place(sentence, recipients[0], "to")
            yield policy.of_sentence(sentence, f"nothing is said of what binds {shown(*recipients)}", place)
            return


def _is_handler(policy: Facts, party: Definition) -> bool:
    return party.kind == "party" and not policy.is_a(party, "party", *_NOT_BOUND)
