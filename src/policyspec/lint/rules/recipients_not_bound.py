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
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition

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
    for sentence in policy.sentences:
        says = sentence.says
        if any(policy.is_a(each, "action", "bind", "supervise") for each in says.actions) or any(
            policy.is_a(each, "safeguard", *_UNDERTAKINGS) for each in (*says.terms("with"), *says.objects)
        ):
            return
    for sentence in policy.practices:
        says = sentence.says
        if "without" in says.clauses or not any(policy.is_a(x, "action", "share", "sell") for x in says.actions):
            continue
        if not any(policy.is_a(each, "data", "personal") for each in says.objects):
            continue
        recipients = [each for each in says.terms("to") if _is_handler(policy, each)]
        if recipients:
            place = policy.place(sentence, recipients[0], "to")
            yield policy.of_sentence(sentence, f"nothing is said of what binds {shown(*recipients)}", place)
            return


def _is_handler(policy: Facts, party: Definition) -> bool:
    return party.kind == "party" and not policy.is_a(party, "party", *_NOT_BOUND)
