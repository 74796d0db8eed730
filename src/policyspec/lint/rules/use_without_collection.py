"""Data are used, stored or given to others, and no sentence says that they are collected.

Whoever reads what is collected does not learn of these data; whoever reads how they are used does not learn where they
come from. The rule is about data that the policy declares itself. What is made out of other data (`derive`, `infer`)
or received is obtained; anonymous data are nobody's. Of “certain information” nobody can tell what it is, let alone
whether it is collected. Policies that list nothing as collected are left alone.

Say how the data are obtained, or leave out what is done with them.

Bad:

    data viewing_history is media_consumption "What you watched"
    collect email for newsletter under consent
    use viewing_history for personalised_recommendation under consent

Good:

    data viewing_history is media_consumption "What you watched"
    collect email for newsletter under consent
    collect viewing_history for personalised_recommendation under consent

Good:

    data interests is inferred_data "What may interest you"
    collect email for newsletter under consent
    infer interests for personalised_recommendation under consent
    use interests for personalised_recommendation under consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.obtaining import by_provider, obtained, obtaining
from policyspec.lint.permissions import sort
from policyspec.lint.vague import may_be_anything
from policyspec.statements import OBJECTS

LEVEL = Severity.WARNING
HELP = "say how the data are obtained, or leave out what is done with them"
ABSENCE = True
_USING = ("use", "store", "disclose")


def check(policy: Facts) -> Iterator[Finding]:
    order = policy.order
    known = obtained(policy)
    if not known:
        return
    kinds, reached, missing = sort(policy, known), 0, 0
    for each in known:
        reached |= order.below(each)
    using = sets.practices(policy) & sets.doing(policy, *_USING) & ~sets.having(policy, "without")
    using &= by_provider(policy) & ~obtaining(policy)
    left = {
        each
        for each in sets.about(policy, using)
        if not each.is_library and each.kind == "data" and not order.below(each) & reached
    }
    for sentence in sets.sentences(policy, using) if left else ():
        for term in sentence.says.objects:
            if term not in left:
                continue
            left.discard(term)
            if order.above(term) & missing or not policy.is_a(term, "data", "personal"):
                continue
            # What is of the same sort as something that is obtained may well be a part of it.
            mine = sort(policy, (term,))
            if mine & kinds:
                continue
            if may_be_anything(policy, term):
                continue
            missing |= order.bit(term)
            # Data of no known sort may be among those that are collected, or not.
            is_known = mine != order.bit(term)
            message = f"nothing says how {shown(term)} is obtained"
            if not is_known:
                message = f"{shown(term)} is not among what is said to be obtained"
            declared = policy.see_term(term, "declared here")
            span = policy.place(sentence, term, OBJECTS)
            level = None if is_known else Severity.INFO
            yield policy.of_sentence(sentence, message, span, related=(declared,), level=level)
