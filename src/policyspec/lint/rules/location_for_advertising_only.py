"""The location serves nothing but advertising or analytics.

Google Play lets an app ask for the location for a feature that its user sees. An app may not ask for it for the sole
purpose of advertising or analytics. Found is a location all of whose stated purposes are such.

Bad:

    collect precise_location for targeted_advertising, analytics under consent

Good:

    collect precise_location for location_service, targeted_advertising under consent

Good:

    collect precise_location for location_service under consent
    use precise_location for targeted_advertising under consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

PACK = "google_play"
LEVEL = Severity.WARNING
CITE = ("Google Play: Location in the background permissions",)
HELP = "name the feature that needs it, or leave it out"
STATUS = "in_force"


def check(policy: Facts) -> Iterator[Finding]:
    order = policy.order
    collecting = sets.practices(policy) & sets.doing(policy, "collect")
    collecting &= sets.writing(policy, OBJECTS, "data", "location") if collecting else 0
    if not collecting:
        return
    known = order.bits(sets.terms(policy, OBJECTS))
    told: dict[Definition, int] = {}
    for sentence in sets.sentences(policy, collecting):
        for each in sentence.says.objects:
            # Where a device roughly is, its address on the network tells; the background has a rule of its own.
            if not policy.is_a(each, "data", "location") or policy.is_a(
                each, "data", "ip_location", "background_location"
            ):
                continue
            purposes = 0
            for other in order.of((order.above(each) | order.below(each)) & known):
                if other not in told:
                    about = sets.naming(policy, OBJECTS, other) & sets.practices(policy)
                    told[other] = order.bits(x for one in sets.sentences(policy, about) for x in one.says.terms("for"))
                purposes |= told[other]
            if purposes and all(policy.is_a(x, "purpose", "marketing", "analytics") for x in order.of(purposes)):
                message = f"{shown(each)} is used for {shown(*order.of(purposes))} only"
                yield policy.of_sentence(sentence, message, policy.place(sentence, each, OBJECTS))
