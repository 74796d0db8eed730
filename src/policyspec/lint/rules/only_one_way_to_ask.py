"""There is only one way to ask to know, to delete or to correct.

A business offers two or more ways to make these requests, a toll-free number among them; one that exists only online
and deals with its consumers directly needs to offer an email address only. Whether it is one, its header says:
`holds: us.ccpa.online_only`.

Bad:

    right see is access "To know what we have" { channel: web_form }

Good:

    right see is access "To know what we have" { channel: web_form, hotline }

Good:

    policy shop { provider: us  audience: customer  effective: 2026-06-01  holds: online_only }
    import us.ccpa
    party us is controller "Us"
    right see is access "To know what we have" { channel: email }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

PACK = "us.ccpa"
LEVEL = Severity.WARNING
CITE = ("Cal. Civ. Code 1798.130(a)(1)(A)", "11 CCR 7020")
HELP = "offer a second one, such as a toll-free number, or say `holds: us.ccpa.online_only` in the policy's header"
STATUS = "in_force"
SINCE = datetime.date(2020, 1, 1)
_RIGHTS = ("access", "deletion", "correction")


def check(policy: Facts) -> Iterator[Finding]:
    if any(policy.is_a(each, "event", "online_only", module=PACK) for each in policy.policy_fields.get("holds", ())):
        return
    narrow: list[tuple[Definition, Definition]] = []
    granting = sets.promises(policy) & sets.having(policy, "via")
    for right in sets.own(policy, "right", *_RIGHTS):
        if right.kind == "right":
            ways = dict.fromkeys(policy.order.field(right, "channel"))
            about = sets.naming(policy, OBJECTS, *policy.order.of(policy.order.above(right))) & granting
            for sentence in sets.sentences(policy, about):
                ways.update(dict.fromkeys(sentence.says.terms("via")))
            if len(ways) == 1:
                narrow.append((right, next(iter(ways))))
    if narrow:
        (first, way), *others = narrow
        related = tuple(policy.see_term(each, "and of this") for each, _ in others[:4])
        message = f"{shown(way)} is the only way to use {shown(*(each for each, _ in narrow))}"
        yield policy.of_term(first, message, related=related)
