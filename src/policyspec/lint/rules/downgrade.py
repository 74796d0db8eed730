"""Something rests on a weaker agreement than is promised elsewhere.

A prohibition says which agreement it takes: “never without your separate consent”. Another sentence does what it is
about on an agreement that is less than that: on plain consent, or on silence. Whoever read the promise was told
something that is not so.

Ask for the agreement that is promised, or promise no more than is asked for.

Bad:

    share email to partner for analytics under consent
    never share personal to third_party unless separate_consent

Good:

    share email to partner for analytics under separate_consent
    never share personal to third_party unless explicit_consent

Bad:

    collect email from minor for newsletter under implied_consent
    never collect personal from minor unless guardian_consent

Good:

    collect email from minor for newsletter under verified_guardian_consent
    never collect personal from minor unless guardian_consent
"""

from collections.abc import Iterator

from policyspec.acts import Clash
from policyspec.diagnostic import Severity
from policyspec.lint.clashes import ban_place
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition
from policyspec.source import Span

LEVEL = Severity.ERROR
HELP = "ask for the agreement that is promised, or promise no more than is asked for"


def check(policy: Facts) -> Iterator[Finding]:
    for clash in policy.clashes("downgrade"):
        weaker, promised = _grades(policy, clash)
        place = _place(policy, clash, weaker)
        message = (
            f"{doing(clash.sentence)} rests on {shown(*weaker)}, which is less than the {shown(*promised)} promised"
        )
        ban = clash.ban.sentence
        at_promise = policy.see(ban, f"{shown(*promised)} is promised here", policy.place(ban, promised[0]))
        yield policy.of_sentence(clash.sentence, message, place, related=(ban_place(policy, clash), at_promise))


def _grades(policy: Facts, clash: Clash) -> tuple[list[Definition], list[Definition]]:
    """The agreements that a sentence states, and those that would lift the ban."""
    order = policy.order
    for graded in order.with_field("graded"):
        stated = [each for each in clash.act["ground"] if order.covers(graded, each)]
        lifts = [term for item in clash.ban.lifts for _, term in item if order.covers(graded, term)]
        if stated and lifts:
            return order.highest(order.bits(stated)), order.highest(order.bits(lifts))
    return [], []


def _place(policy: Facts, clash: Clash, terms: list[Definition]) -> Span:
    for word in ("under", "when"):
        for term, span in policy.names(clash.sentence, word):
            if any(policy.order.covers(term, each) for each in terms):
                return span
    return policy.start(clash.sentence)
