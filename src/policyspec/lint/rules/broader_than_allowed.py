"""A sentence states more than a prohibition leaves open.

A limit says “only for streaming”; another sentence does the same for all of the service. Part of what it says is
allowed and part is not, and the policy does not tell the two apart.

Say the narrower thing that is allowed, or widen the limit.

Bad:

    use precise_location only for streaming
    use precise_location for service_provision

Good:

    use precise_location only for streaming
    use precise_location for streaming

Bad:

    share email to third_party for analytics
    never share email to anyone unless advertiser

Good:

    share email to advertiser for analytics
    never share email to anyone unless advertiser
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.clashes import WORDS, ban_place, described, lift_place
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.lint.lifting import broader, named

LEVEL = Severity.WARNING
HELP = "say the narrower thing that is allowed, or widen the limit"


def check(policy: Facts) -> Iterator[Finding]:
    for clash in policy.clashes("broader"):
        sentence = clash.sentence
        found = list(broader(policy, clash))
        if not found:
            yield described(policy, clash, "{it} is broader than what is allowed{why}")
            continue
        d, stated, _ = found[0]
        allowed = [term for where, each, term in found if where == d and each is stated]
        word = next(each for each in WORDS[d] if each == WORDS[d][-1] or sentence.says.says(each))
        what = f"{doing(sentence)} {word} {shown(stated)}" if sentence.says.says(word) else doing(sentence)
        message = f"{what} is more than the {shown(*allowed)} that {named(clash)} leaves open"
        related = (ban_place(policy, clash), *lift_place(policy, clash))
        yield policy.of_sentence(sentence, message, policy.place(sentence, stated, word), related=related)
