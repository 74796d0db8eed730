"""Personal information is provided or published, and no ground is stated.

To provide it to another handler, or to publish it, takes separate consent, unless another ground of the law carries
it. A sentence limited to a circumstance, such as a merger, is left alone, and so is what is anonymised or only
totals.

Bad:

    share email to partner for marketing

Good:

    share email to partner for marketing under separate_consent
    share usage to partner for analytics with anonymised
"""

import datetime
from collections.abc import Iterator
from itertools import islice

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 13(1)", "PIPL art. 23", "PIPL art. 25")
HELP = "say that separate consent is asked for, or on which other ground of art. 13(1) it rests"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True
# How many sentences with a ground one without is compared to.
_MAX_COMPARED = 100


def check(policy: Facts) -> Iterator[Finding]:
    open_ = sets.practices(policy) & sets.doing(policy, "disclose") & ~sets.having(policy, "under", "when", "without")
    open_ &= sets.writing(policy, OBJECTS, "data", "personal") if open_ else 0
    open_ &= ~sets.writing(policy, "with", "safeguard", "anonymised", "aggregated") if open_ else 0
    if not open_:
        return
    grounded: dict[Definition, list[Sentence]] = {}
    for sentence in sets.sentences(policy, sets.practices(policy) & sets.having(policy, "under")):
        for each in sentence.says.objects:
            grounded.setdefault(each, []).append(sentence)
    for sentence in sets.sentences(policy, open_):
        says = sentence.says
        actions = [each for each in says.actions if policy.is_a(each, "action", "disclose")]
        objects = [each for each in says.objects if policy.is_a(each, "data", "personal")]
        recipients = [each for action in actions for each in _recipients(policy, sentence, action)]
        others = [each for each in recipients if policy.is_a(each, "party", "third_party", "controller")]
        if not others or not objects:
            continue
        near = (each for term in policy.order.of(policy.order.above(objects[0])) for each in grounded.get(term, ()))
        if not any(_covers(policy, each, sentence, actions, objects) for each in islice(near, _MAX_COMPARED)):
            where = policy.place(sentence, objects[0], OBJECTS)
            yield policy.of_sentence(sentence, f"no ground is stated for {doing(sentence)}", where)


def _recipients(policy: Facts, sentence: Sentence, action: Definition) -> tuple[Definition, ...]:
    said = tuple(each for each in sentence.says.terms("to") if each.kind == "party")
    found = said if sentence.says.terms("to") else policy.order.field(action, "to")
    # What goes back to the controller is not provided to another one.
    behalf = {x for each in policy.provider for x in policy.fields(each).get("on_behalf_of", ())}
    return tuple(each for each in found if each not in behalf and not policy.is_a(each, "party", "processor"))


def _covers(
    policy: Facts, other: Sentence, sentence: Sentence, actions: list[Definition], objects: list[Definition]
) -> bool:
    """Whether another sentence that states a ground speaks of all that this one does."""
    says = other.says

    def all_in(mine: tuple[Definition, ...], theirs: tuple[Definition, ...]) -> bool:
        return all(any(policy.order.covers(x, y) for x in theirs) for y in mine)

    return (
        all_in(tuple(actions), says.actions)
        and all_in(tuple(objects), says.objects)
        and all(
            not says.says(word) or (sentence.says.says(word) and all_in(sentence.says.terms(word), says.terms(word)))
            for word in ("to", "for", "from", "by", "when")
        )
    )
