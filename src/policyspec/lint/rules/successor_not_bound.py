"""The business may change hands, and nothing is said of what the successor has to do.

Whoever takes data over in a merger, a division, a dissolution or a bankruptcy goes on to protect them, and asks for
consent anew where it changes purposes or means. A policy that speaks of the transfer should say so.

Bad:

    transfer personal to acquirer when merger

Good:

    transfer personal to acquirer when merger
    must bind acquirer with equivalent_protection

Good:

    transfer personal to acquirer when merger with confidentiality
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import Sentence

PACK = "cn.network_data"
LEVEL = Severity.WARNING
CITE = ("Network data regulations (2024) art. 14", "PIPL art. 22")
HELP = "say it, as in `must bind acquirer with equivalent_protection`"
STATUS = "in_force"
SINCE = datetime.date(2025, 1, 1)
ABSENCE = True

_UNDERTAKINGS = ("confidentiality", "legal_measure", "documented_instructions", "equivalent_protection")


def check(policy: Facts) -> Iterator[Finding]:
    moving = sets.writing(policy, "when", "event", "corporate_change") | sets.writing(policy, "to", "party", "acquirer")
    moving &= sets.doing(policy, "disclose") & sets.promises(policy)
    if not moving or moving & sets.writing(policy, "with", "safeguard", *_UNDERTAKINGS):
        return
    if any(_binds(policy, each) for each in policy.sentences):
        return
    first = next(sets.sentences(policy, moving & sets.practices(policy), moving & sets.duties(policy)))
    place = policy.clause(first, "when") or policy.clause(first, "to")
    yield policy.of_sentence(first, "it is not said what a successor of the business has to do", place)


def _binds(policy: Facts, sentence: Sentence) -> bool:
    """Whether a sentence is about what the successor does, or how the data are protected on the way."""
    says = sentence.says
    recipient = policy.term("party", "acquirer")
    about = (*says.objects, *says.terms("by"))
    return any(
        each.kind == "party"
        and recipient is not None
        and (
            policy.is_a(each, "party", "acquirer")
            or policy.order.covers(each, recipient)
            or policy.is_a(each, "party", "recipient")
        )
        and (each in says.terms("by") or any(policy.is_a(x, "action", "bind", "supervise") for x in says.actions))
        for each in about
    ) or (
        any(policy.is_a(each, "action", "protect") for each in says.actions)
        and any(policy.is_a(each, "event", "corporate_change") for each in says.terms("when"))
    )
