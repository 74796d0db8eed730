"""Rights are named, and not how to exercise them.

People are told in which way they exercise their rights. Each right says so with `channel:` or `fallback:`, or a
sentence grants it `via` something. What is told without being asked for, such as a change of the policy, needs no
procedure.

Bad:

    right see_mine is access "See what we have"

Good:

    right see_mine is access "See what we have" { channel: privacy_dashboard }

Good:

    grant access, deletion via app_settings
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 17(1)(3)", "PIPL art. 50(1)")
HELP = "give the right a `channel:`, or say `grant … via …`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True
_EXERCISED = (
    "access", "copy", "portability", "correction", "supplement", "deletion", "restriction", "objection", "explanation",
    "withdrawal_of_consent", "account_closure", "no_automated_decision",
)  # fmt: skip


def check(policy: Facts) -> Iterator[Finding]:
    about = [each for each in sets.terms(policy, OBJECTS) if each.kind == "right"]
    own = sets.own_of(policy, "right")
    # Whoever answers people in general says how to reach them.
    if not (about or own) or sets.promises(policy) & sets.having(policy, "via") & sets.doing(policy, "respond"):
        return
    granting = sets.naming(policy, OBJECTS, *about)
    grants = [
        (sentence, term)
        for sentence in sets.sentences(policy, granting & sets.practices(policy), granting & sets.duties(policy))
        for term in sentence.says.objects
        if term.kind == "right"
    ]
    with_way = policy.order.bits(term for each, term in grants if each.says.says("via") or each.says.says("by"))
    rights: dict[Definition, None] = {}
    for each in own:
        # What groups other rights is exercised as one of these.
        if not any(other is not each for other in policy.order.named(each)):
            rights[each] = None
    rights |= {term: None for _, term in grants if term.is_library}
    missing = [
        each
        for each in rights
        if policy.is_a(each, "right", *_EXERCISED)
        and not policy.order.above(each) & with_way
        and not any(policy.fields(each).get(name) for name in ("channel", "fallback", "by"))
    ]
    if missing:
        message = f"nothing is said of how to exercise {shown(*missing)}"
        first = next((each for each in missing if not each.is_library), None)
        if first is not None:
            yield policy.of_term(first, message)
        else:
            sentence, term = next((s, t) for s, t in grants if t in missing)
            yield policy.of_sentence(sentence, message, policy.place(sentence, term))
