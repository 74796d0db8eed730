"""A deadline is said in words that give no time.

“As soon as possible” and “within a reasonable period” leave it to the promising one when the promise is broken. Say a
time that is sure to be enough: `within 30 days of request`.

Words that say at once, and words with a number in them, are definite enough. Words of laws that leave the time open,
such as “promptly”, are a remark; of a breach, where laws give no number either, “without undue delay” is all that there
is to promise. Another sentence that gives a time for the same is enough.

Bad:

    must grant deletion within "as soon as possible"

Good:

    must grant deletion within 30 days of request

Good:

    must notify user when policy_change via email within "30 days beforehand"

Good:

    must apply incident_response_plan when breach within "immediately"

Good:

    must notify user when breach via email within "without undue delay"
"""

import re
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.lint.wording import spoken
from policyspec.statements import Sentence

LEVEL = Severity.WARNING
HELP = "say a time that is sure to be enough, such as `within 30 days`"

# With how many duties a sentence is compared.
_MOST = 256
_DEFINITE = re.compile(
    r"\d|immediate|at once|instant|same day|real.?time|in advance|before|prior|立即|立刻|即时|当日|当天|事先|提前"
    r"|[一二三四五六七八九十两]+个?(?:工作)?(?:日|天|小时|月|周)",
    re.I,
)
_OF_BREACH = re.compile(r"without (?:undue|unreasonable|any undue) delay|不合理延迟|毫不延误", re.I)
_OF_LAW = re.compile(r"without (?:undue|unreasonable|any undue)? ?delay|prompt|timely|及时|不合理延迟|毫不延误", re.I)


def check(policy: Facts) -> Iterator[Finding]:
    timed = [each for each in policy.duties if any(x.form == "lasting" for x in each.says.periods.get("within", ()))]
    for sentence in policy.sentences:
        if "within" not in sentence.says.periods or sentence.says.modality == "never":
            continue
        for each in spoken(sentence, "within"):
            if _DEFINITE.search(each.text) or _is_timed(sentence, timed[:_MOST]):
                continue
            if _OF_BREACH.search(each.text) and _is_of_breach(policy, sentence):
                continue
            said = f"“{each.text}”" if each.text else "`etc`"
            level = Severity.INFO if _OF_LAW.search(each.text) else None
            message = f"{said} is no deadline for {doing(sentence)}"
            yield policy.of_sentence(sentence, message, each.span, level=level)


def _is_of_breach(policy: Facts, sentence: Sentence) -> bool:
    events = (*sentence.says.terms("when"), *(x.event for x in sentence.says.periods["within"] if x.event))
    return any(policy.is_a(each, "event", "security_incident", "breach_awareness") for each in events)


def _is_timed(sentence: Sentence, timed: list[Sentence]) -> bool:
    """Whether a sentence gives a time for the same."""
    says = sentence.says
    for other in timed:
        mine = other.says
        events = {*mine.terms("when"), *(each.event for each in mine.periods["within"] if each.event)}
        if (
            other is not sentence
            and {*says.actions} <= {*mine.actions}
            and {*says.objects} <= {*mine.objects}
            and {*says.terms("when")} <= events
        ):
            return True
    return False
