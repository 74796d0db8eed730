"""An exception holds in “other circumstances”, and no law is named that has them.

An exception that may be anything undoes the rule that it is made from. Laws have such clauses too (“other cases that
laws provide for”), and there they lead to another law. In a policy, that law has to be named for a reader to find out
what is excepted.

Name the law with `cite:`, or leave the exception out. Where the title at least speaks of law, it is a remark. Cases in
which people may ask for something are no exceptions.

Bad:

    exception no_consent_needed "When we do not ask" {
      by_law   is required_by_law "The law demands it"
      whatever "Other circumstances that we deem appropriate"
    }
    share email to partner without consent when no_consent_needed

Bad:

    exception no_consent_needed "无需征得同意的情形"@zh { others is permitted_by_law "法律、行政法规规定的其他情形"@zh }
    share email to partner without consent when no_consent_needed

Good:

    exception no_consent_needed "When we do not ask" {
      by_law is required_by_law "The law demands it"
      others is permitted_by_law "Other cases provided for by law" { cite: "Telecommunications Act § 9" }
    }
    share email to partner without consent when no_consent_needed

Good:

    event other_cases is permitted_by_law "Other cases provided for by law"
    right erasure is deletion "To have data deleted" { channel: email  grounds: unlawful_processing, other_cases }
"""

import re
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import packs, sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.texts import titles
from policyspec.scope import Definition
from policyspec.syntax import nodes

LEVEL = Severity.WARNING
HELP = "name the law with `cite:`, or leave it out"

_ANY = re.compile(
    r"(?:(?:any|all|in|under)\s+)*other\s+(?:\w+\s+)?(?:circumstances?|cases?|situations?|reasons?|exceptions?|conditions?)\b"
    r"|.*(?:其他|其它)(?:\w{0,6}的)?(?:情形|情况|事由|例外|理由)$"
    r"|.*\b(?:as|where|when|if) (?:we deem |we consider |deemed )?(?:it )?(?:necessary|appropriate|fit)\s*$",
    re.I | re.S,
)
_LAW = re.compile(r"\b(?:laws?|legal(?:ly)?|statut\w+|regulations?|legislation)\b|法律|法规|法定", re.I)
_KINDS = ("exception", "basis", "event")


def check(policy: Facts) -> Iterator[Finding]:
    if not any(sets.own_of(policy, kind) for kind in _KINDS):
        return
    asked = _asked(policy)
    named = _named_by_packs(policy)
    for term in policy.own:
        if term.kind not in _KINDS or term not in policy.declarations:
            continue
        if (policy.order.above(term) & asked) or (policy.order.bit(term) & named):
            continue
        members = policy.declarations[term][0].members
        if any(type(each) is nodes.Declaration or each.name.text in ("cite", "definition") for each in members):
            continue
        for title in titles(policy, term):
            if _ANY.match(title.text):
                by_law = bool(_LAW.search(title.text))
                what = "which law has these cases" if by_law else "what is excepted"
                level = Severity.INFO if by_law else None
                yield Finding(
                    f"{shown(term)} does not say {what}: “{title.text}”", title.path, title.whole, level=level
                )
                break


def _asked(policy: Facts) -> int:
    """The cases in which people may ask for something, or something is owed to them, and that except nothing."""
    order = policy.order
    grounds = [x for each in policy.own if each.kind == "right" for x in policy.fields(each).get("grounds", ())]
    lifts: list[Definition] = []
    for sentence in policy.sentences:
        says = sentence.says
        lifts += says.terms("unless")
        if says.modality == "must" or any(policy.is_a(each, "action", "grant") for each in says.actions):
            grounds += says.terms("when")
        else:
            lifts += says.terms("when")
    return order.bits(each for each in grounds if not each.is_library) & ~order.bits(lifts)


def _named_by_packs(policy: Facts) -> int:
    """The cases of which a pack finds that they name no law, with the law that wants it."""
    if not packs.have(policy, "cn.pipl.law_not_named"):
        return 0
    return policy.order.bits(
        each
        for sentence in policy.practices
        if sentence.says.says("without")
        for case in sentence.says.terms("when")
        for each in policy.order.members(case)
        if policy.is_a(each, "exception", "permitted_by_law")
    )
