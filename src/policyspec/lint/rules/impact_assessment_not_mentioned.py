"""The policy does what takes an impact assessment beforehand, and mentions none.

The impact is assessed, and the processing recorded, before sensitive information is processed, information is used
for automated decisions, entrusted, provided to others, published, or sent abroad. The assessment has to be there,
and is kept for three years; a policy need not mention it. This is a reminder, with the reason for it.

Bad:

    collect health for health_care under separate_consent

Good:

    collect health for health_care under separate_consent with impact_assessment
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.kinds import either
from policyspec.lint import sets
from policyspec.lint.exports import exports
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.statements import OBJECTS

PACK = "cn.pipl"
LEVEL = Severity.INFO
CITE = ("PIPL art. 55", "PIPL art. 56(2)")
HELP = "make sure that there is an assessment and that it is kept for three years"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if sets.is_named(policy, "safeguard", "impact_assessment") or sets.is_mentioned(policy, "action", "assess"):
        return
    # By the first sentence that does it.
    reasons = sorted((those & -those, number, what) for number, (what, those) in enumerate(_reasons(policy)) if those)
    why = {what: next(sets.sentences(policy, first)) for first, _, what in reasons}
    for export in exports(policy)[:1]:
        why["sending abroad"] = export.sentence
    if why:
        related = tuple(policy.see(sentence, f"{reason}: {doing(sentence)}") for reason, sentence in why.items())
        message = f"no impact assessment is mentioned, which {either([*why])} takes"
        yield policy.of_policy(message, related=related)


def _reasons(policy: Facts) -> Iterator[tuple[str, int]]:
    """What takes an assessment, with the set of the sentences that do it."""
    personal = sets.practices(policy) & sets.writing(policy, OBJECTS, "data", "personal")
    personal &= ~sets.having(policy, "without")
    found = sets.standing_for(policy, OBJECTS, "data", "sensitive_personal_information", module=PACK)
    sensitive = sets.naming(policy, OBJECTS, *(each for each in found if not policy.fields(each).get("root")))
    yield "processing sensitive information", personal & sensitive & sets.doing(policy, "collect", "use")
    yield "automated decisions", personal & sets.writing(policy, "for", "purpose", "automated_decision", "scoring")
    given = personal & sets.doing(policy, "disclose")
    published = given & sets.doing(policy, "publish")
    entrusted = given & (sets.writing(policy, "to", "party", "processor") | sets.doing(policy, "entrust")) & ~published
    yield "publishing", published
    yield "entrusting", entrusted
    yield "providing to others", given & ~published & ~entrusted
