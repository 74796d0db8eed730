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
from policyspec.lint.exports import exports
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.statements import Sentence

PACK = "cn.pipl"
LEVEL = Severity.INFO
CITE = ("PIPL art. 55", "PIPL art. 56(2)")
HELP = "make sure that there is an assessment and that it is kept for three years"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    said = (*policy.own, *policy.mentions)
    if any(policy.is_a(each, "safeguard", "impact_assessment") for each in said) or any(
        policy.is_a(each, "action", "assess") for each in policy.mentions
    ):
        return
    why: dict[str, Sentence] = {}
    for sentence in policy.practices:
        for reason in _reasons(policy, sentence):
            why.setdefault(reason, sentence)
    for export in exports(policy):
        why.setdefault("sending abroad", export.sentence)
    if why:
        related = tuple(policy.see(sentence, f"{reason}: {doing(sentence)}") for reason, sentence in why.items())
        message = f"no impact assessment is mentioned, which {_listed([*why])} takes"
        yield policy.of_policy(message, related=related)


def _reasons(policy: Facts, sentence: Sentence) -> Iterator[str]:
    says = sentence.says
    if "without" in says.clauses or not any(policy.is_a(each, "data", "personal") for each in says.objects):
        return
    if any(policy.is_a(each, "action", "collect", "use") for each in says.actions) and any(
        policy.is_a(each, "data", "sensitive_personal_information", module=PACK)
        for written in says.objects
        if not policy.fields(written).get("root")
        for each in policy.order.named(written)
    ):
        yield "processing sensitive information"
    if any(policy.is_a(each, "purpose", "automated_decision", "scoring") for each in says.terms("for")):
        yield "automated decisions"
    if any(policy.is_a(each, "action", "disclose") for each in says.actions):
        if any(policy.is_a(each, "action", "publish") for each in says.actions):
            yield "publishing"
        elif any(policy.is_a(each, "party", "processor") for each in says.terms("to")) or any(
            policy.is_a(each, "action", "entrust") for each in says.actions
        ):
            yield "entrusting"
        else:
            yield "providing to others"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
