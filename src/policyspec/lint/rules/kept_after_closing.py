"""Data are kept long after the account is closed, and no law is named that demands it.

When an account is closed, the data are deleted or anonymised. They may be kept where a law or an administrative
regulation says for how long, or where deleting them is technically hard; then nothing else may be done with them but
to store and protect them. About a month for closing it is not taken amiss here.

Bad:

    store account_information keep 2 years after account_closure

Good:

    store account_information keep 2 years after account_closure under statutory_retention

Good:

    store account_information keep 15 days after account_closure
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.periods import is_no_longer
from policyspec.statements import Sentence

PACK = "cn.network_data"
LEVEL = Severity.WARNING
CITE = ("Network data regulations (2024) art. 24",)
HELP = "delete or anonymise them, or name the law that demands to keep them, as in `under statutory_retention`"
STATUS = "in_force"
SINCE = datetime.date(2025, 1, 1)

_REASONS = ("required_by_law", "permitted_by_law", "dispute", "legal_claims", "technically_infeasible")
_PURPOSES = ("legal_compliance", "accounting", "dispute_resolution")


def check(policy: Facts) -> Iterator[Finding]:
    kept = sets.writing(policy, "keep", "event", "account_closure")
    reasons = [policy.term(kind, path) for kind in ("basis", "exception", "event") for path in _REASONS]
    known = policy.order.bits(each for each in reasons if each is not None)
    for sentence in sets.sentences(policy, kept & sets.practices(policy), kept & sets.duties(policy)):
        if _has_reason(policy, sentence, known):
            continue
        for period in sentence.says.periods.get("keep", ()):
            if (
                period.form == "lasting"
                and period.event is not None
                and policy.is_a(period.event, "event", "account_closure")
                and not is_no_longer(period.amount, period.unit, 31, "day")
            ):
                said = f"{shown(*sentence.says.objects)} is kept after the account is closed, by no law that is named"
                yield policy.of_sentence(sentence, said, policy.clause(sentence, "keep"))
                break


def _has_reason(policy: Facts, sentence: Sentence, reasons: int) -> bool:
    says = sentence.says
    grounds = (*says.terms("under"), *says.terms("when"))
    return (
        any(policy.order.above(each) & reasons for each in grounds)
        or any(policy.is_a(each, "purpose", *_PURPOSES) for each in says.terms("for"))
        or any(policy.is_a(each, "data", "non_personal") for each in says.objects)
    )
