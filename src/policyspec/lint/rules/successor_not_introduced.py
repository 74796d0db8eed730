"""Information goes to a successor, and people are not told who that is.

Where a merger, a division, a dissolution or a bankruptcy makes it necessary to transfer personal information, people
are told the name and contact of the one who receives it. A policy cannot know them beforehand; it can say that they
will be told. A successor that changes purposes or methods asks for consent anew.

Bad:

    transfer personal to acquirer when merger

Good:

    transfer personal to acquirer when merger
    must notify user when corporate_change via email
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.scope import Definition

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 22",)
HELP = "promise to tell people its name and contact, as in `must notify user when corporate_change`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    changing = sets.writing(policy, "when", "event", "corporate_change")
    moving = changing & sets.practices(policy) & sets.doing(policy, "disclose") & ~sets.having(policy, "without")
    if not moving:
        return
    told = 0
    for sentence in sets.sentences(policy, changing & sets.promises(policy) & sets.doing(policy, "notify")):
        for each in _changes(policy, sentence.says.terms("when")):
            told |= policy.order.below(each) | policy.order.above(each)
    moving &= ~sets.writing(policy, "with", "safeguard", "prior_notice", "prominent_notice")
    for sentence in sets.sentences(policy, moving):
        says = sentence.says
        changes = [each for each in _changes(policy, says.terms("when")) if not told & policy.order.bit(each)]
        if changes and any(policy.is_a(each, "data", "personal") for each in says.objects):
            message = f"{doing(sentence)}, and nothing is said of telling people who receives it"
            yield policy.of_sentence(sentence, message, policy.place(sentence, changes[0], "when"))


def _changes(policy: Facts, terms: tuple[Definition, ...]) -> list[Definition]:
    return [each for each in terms if policy.is_a(each, "event", "corporate_change")]
