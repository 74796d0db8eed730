"""A duty to answer, to tell of a breach, or to delete on request does not say by when.

A promise without a time is kept whenever it suits. A duty says it with `within`; a right with `within:`, for whatever
grants it; and a duty to answer people in general does for all that they may ask. What people do themselves, in
settings or by a link, and what they ask of others, such as an authority, needs no time. `must delete … when
retention_end` says when: at that time.

Bad:

    must notify user when breach via announcement

Good:

    must notify user when breach via announcement within 72 hours of breach_awareness

Bad:

    must grant deletion via web_form

Good:

    must grant deletion via account_settings
    must grant access via web_form within 1 month of request

Good:

    must grant deletion via web_form
    must respond user within 15 working days

Bad:

    must delete personal when deletion_request

Good:

    must delete personal within 30 days of deletion_request
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.statements import Sentence

LEVEL = Severity.INFO
HELP = "say by when, with `within`"
ABSENCE = True

# How many duties with a deadline are looked at.
_MOST = 256
# What people do themselves.
_SELF_SERVICE = (
    "settings", "opt_out_link", "opt_out_signal", "privacy_dashboard", "consent_dialog", "web_page", "privacy_policy",
)  # fmt: skip
# What others decide, or is so without anybody asking.
_OF_OTHERS = ("complaint_to_authority", "judicial_remedy", "compensation", "non_discrimination")
_PROMPTED = ("request", "complaint", "minor_data_found", "withdrawal", "objected", "accidental_collection")


def check(policy: Facts) -> Iterator[Finding]:
    timed = [each for each in policy.duties if "within" in each.says.periods][:_MOST]
    answers = [each for each in timed if _does(policy, each, "respond") and not each.says.terms("when")]
    for sentence in policy.duties:
        if "within" in sentence.says.periods or not _is_ours(policy, sentence):
            continue
        if _is_breach_notice(policy, sentence) or _is_deletion(policy, sentence):
            open_ = not any(_is_broader(policy, each, sentence) for each in timed)
        else:
            open_ = not answers and _is_answer(policy, sentence)
        if open_:
            yield policy.of_sentence(sentence, f"{doing(sentence)} does not say by when")


def _does(policy: Facts, sentence: Sentence, *actions: str) -> bool:
    return any(policy.is_a(each, "action", *actions) for each in sentence.says.actions)


def _is_ours(policy: Facts, sentence: Sentence) -> bool:
    by = sentence.says.terms("by")
    return not by or any(policy.order.covers(x, y) for x in by for y in policy.provider)


def _is_breach_notice(policy: Facts, sentence: Sentence) -> bool:
    return _does(policy, sentence, "notify") and any(
        policy.is_a(each, "event", "security_incident") for each in sentence.says.terms("when")
    )


def _is_deletion(policy: Facts, sentence: Sentence) -> bool:
    return _does(policy, sentence, "delete", "anonymise") and any(
        policy.is_a(each, "event", *_PROMPTED) for each in sentence.says.terms("when")
    )


def _is_answer(policy: Facts, sentence: Sentence) -> bool:
    if _does(policy, sentence, "respond"):
        return True
    if not _does(policy, sentence, "grant"):
        return False
    if any(policy.is_a(each, "channel", *_SELF_SERVICE) for each in sentence.says.terms("via")):
        return False
    # An own right above or below it may say the time as well.
    mine = [each for each in policy.own if each.kind == "right" and policy.order.field(each, "within")]
    return not all(
        policy.order.field(right, "within")
        or policy.is_a(right, "right", *_OF_OTHERS)
        or any(policy.order.covers(right, each) for each in mine)
        for right in sentence.says.objects
    )


def _is_broader(policy: Facts, duty: Sentence, sentence: Sentence) -> bool:
    """Whether a duty with a deadline is about all that another one is about."""
    covers, mine, other = policy.order.covers, duty.says, sentence.says
    if mine.any_of and not other.any_of:
        return False
    subjects = mine.terms("from")
    return (
        all(any(covers(x, y) for x in mine.actions) for y in other.actions)
        and all(any(covers(x, y) for x in mine.objects) for y in other.objects)
        and (not subjects or any(covers(x, y) for x in subjects for y in other.terms("from") or sentence.from_))
        and any(covers(x, y) for x in mine.terms("when") for y in other.terms("when"))
    )
