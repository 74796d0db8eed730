"""An account can be closed, and nothing is said of the data in it.

After an account is closed, the data are deleted or anonymised. A policy that offers the closing should say so, and
which law demands to keep what. What happens at the end of the contract happens then as well. Where somebody else
closes the account, such as the app that embeds an SDK, the account is theirs and nothing is asked here.

Bad:

    grant account_closure via account_settings

Good:

    grant account_closure via account_settings
    must delete or anonymise personal within 15 working days of account_closure unless required_by_law
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import OBJECTS

PACK = "cn.network_data"
LEVEL = Severity.WARNING
CITE = ("Network data regulations (2024) art. 24", "PIPL art. 47")
HELP = "say that the data are deleted or anonymised then, as in `must delete personal when account_closure`"
STATUS = "in_force"
SINCE = datetime.date(2025, 1, 1)
ABSENCE = True
_CLOSING = ("account_closure", "account_exists", "contract_end")


def check(policy: Facts) -> Iterator[Finding]:
    if sets.writing_any(policy, ("when", "keep", "within"), "event", *_CLOSING) & sets.promises(policy):
        return
    message = "it is not said what happens to the data when an account is closed"
    found = None
    granted = sets.writing(policy, OBJECTS, "right", "account_closure") & sets.doing(policy, "grant")
    for sentence in sets.sentences(policy, granted & sets.duties(policy), granted & sets.practices(policy)):
        says = sentence.says
        closing = [each for each in says.objects if policy.is_a(each, "right", "account_closure")]
        if says.terms("by") and not set(says.terms("by")) & set(policy.provider):
            return
        found = found or policy.of_sentence(sentence, message, policy.place(sentence, closing[0]))
    for right in sets.own(policy, "right", "account_closure"):
        by = policy.fields(right).get("by", ())
        if by and not set(by) & set(policy.provider):
            return
        found = found or policy.of_term(right, message)
    if found is not None:
        yield found
