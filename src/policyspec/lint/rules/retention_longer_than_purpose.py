"""Data are kept longer than the policy has use for them.

`keep forever` outlives every purpose, and the person. And a sentence that keeps data for years after an event
contradicts another by which they must be deleted within days of it, unless the duty excepts what the sentence relies
on: `must delete personal within 30 days of account_closure unless legal_duty`.

Say a period or an event that ends it, or say in the duty what is excepted.

Bad:

    store order_information for delivery keep forever

Bad:

    store order_information for accounting under legal_duty keep 7 years after contract_end
    must delete personal within 30 days of contract_end

Good:

    store order_information for accounting under legal_duty keep 7 years after contract_end
    must delete personal within 30 days of contract_end unless legal_duty

Good:

    store order_information for delivery keep 20 days after contract_end
    must delete personal when contract_end
"""

from collections.abc import Iterator

from policyspec.acts import items
from policyspec.diagnostic import Severity
from policyspec.lint import packs, sets
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.lint.periods import is_no_longer
from policyspec.scope import Definition
from policyspec.statements import Period, Sentence

LEVEL = Severity.WARNING
HELP = "say a period or event that ends it, or say in the duty to delete what is excepted"

# Rules of packs that find the same of what is kept for ever.
SAME = ("cn.pipl.kept_for_ever",)
# How many duties are looked at.
_MOST = 256
# What deleting may take where a duty gives no time for it.
_MONTH = Period("lasting", "", 31, "day")


def check(policy: Facts) -> Iterator[Finding]:
    deleting = sets.duties(policy) & sets.doing(policy, "delete", "anonymise", "return")
    deletions = [each for each in sets.sentences(policy, deleting) if _deletes(policy, each)][:_MOST]
    is_said = packs.have(policy, *SAME)
    kept_long = sets.keeping(policy, "forever") if not is_said else 0
    kept_long |= sets.keeping(policy, "lasting") if deletions else 0
    for sentence in sets.sentences(policy, kept_long & sets.promises(policy)):
        for period in sentence.says.periods["keep"]:
            kept = [each for each in sentence.says.objects if policy.is_a(each, "data", "personal")]
            if period.form == "forever" and kept and not is_said:
                place = policy.clause(sentence, "keep")
                yield policy.of_sentence(sentence, f"{shown(*kept)} {_is(kept)} kept for ever", place)
            elif period.form == "lasting" and period.word != "at_most" and period.event is not None:
                yield from _ended(policy, sentence, kept, period, deletions)


def _is(terms: list[Definition]) -> str:
    return "is" if len(terms) == 1 else "are"


def _deletes(policy: Facts, sentence: Sentence) -> bool:
    return all(policy.is_a(each, "action", "delete", "anonymise", "return") for each in sentence.says.actions)


def _ended(
    policy: Facts, sentence: Sentence, kept: list[Definition], period: Period, deletions: list[Sentence]
) -> Iterator[Finding]:
    """What a duty has deleted before the time that a sentence keeps it."""
    for duty in deletions:
        limit = _limit(policy, duty, period.event)
        terms = [each for each in kept if any(policy.order.covers(upper, each) for upper in duty.says.objects)]
        if limit is None or not terms or not _is_about(policy, duty, sentence):
            continue
        if is_no_longer(period.amount, period.unit, limit.amount, limit.unit) or not is_no_longer(
            limit.amount, limit.unit, period.amount, period.unit
        ):
            continue
        message = f"{shown(*terms)} {_is(terms)} kept longer after {shown(period.event)} than {doing(duty)} allows"
        related = (policy.see(duty, "they must be gone by then", policy.clause(duty, "within")),)
        yield policy.of_sentence(sentence, message, policy.clause(sentence, "keep"), related=related)
        return


def _limit(policy: Facts, duty: Sentence, event: Definition | None) -> Period | None:
    """How long after an event a duty lets data stay."""
    if event is None:
        return None
    for each in duty.says.periods.get("within", ()):
        if each.form == "lasting" and each.event is not None and policy.order.covers(each.event, event):
            return each
    alone = [item[0] for item in duty.says.clauses.get("when", ()) if len(item) == 1]
    if "within" not in duty.says.periods and any(policy.order.covers(each, event) for each in alone):
        return _MONTH
    return None


def _is_about(policy: Facts, duty: Sentence, sentence: Sentence) -> bool:
    """Whether a duty holds for what a sentence keeps: of these people, and unless it relies on what is excepted."""
    says = duty.says
    subjects = says.terms("from")
    if subjects and not all(
        any(policy.order.covers(upper, each) for upper in subjects)
        for each in sentence.says.terms("from") or sentence.from_
    ):
        return False
    if any(set(says.terms(word)) - set(sentence.says.terms(word)) for word in ("by", "in", "for", "under", "with")):
        return False
    lifts = items(says, "unless")
    boxes = policy.acts.boxes(sentence)
    return not lifts or not any(policy.acts.is_lifted(act, lifts) for box in boxes for act in box.acts())
