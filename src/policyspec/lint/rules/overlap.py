"""A practice and a prohibition have something in common that the policy does not name.

Neither of two terms covers the other, but something of the vocabulary is both: a MAC address is device information,
and a network identifier. A policy that collects the one and never the other may mean either of it. Where the policy
itself lists what is both, that is a contradiction.

Say which of the two it is: except it from the one, or name it in the other.

Bad:

    collect device_info for security
    never collect network_id

Good:

    collect device_info for security unless network_id
    never collect network_id
"""

from collections.abc import Iterator

from policyspec.acts import Ban
from policyspec.diagnostic import Severity
from policyspec.lint.clashes import described
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition

LEVEL = Severity.INFO
HELP = "say which of the two it is: except it from the one, or name it in the other"


def check(policy: Facts) -> Iterator[Finding]:
    order = policy.order
    for clash in policy.clashes("overlap"):
        for d, written, below in clash.met:
            upper = _condition(policy, clash.ban, d, below)
            if written is None or upper is None or order.covers(upper, written) or order.covers(written, upper):
                continue
            common = shown(*order.highest(order.common(written, upper)))
            message = (
                f"{common} is {shown(written)}, as in {doing(clash.sentence)}, and {shown(upper)}, which is forbidden"
            )
            place = described(policy, clash._replace(met=((d, written, below),)), "")
            yield policy.of_sentence(clash.sentence, message, place.span, related=place.related)
            break


def _condition(policy: Facts, ban: Ban, d: str, below: Definition) -> Definition | None:
    """The term of a ban's condition that covers what is met of it."""
    terms = [term for condition in ban.conditions for item in condition for each, term in item if each == d]
    return next((each for each in terms if policy.order.covers(each, below)), None)
