"""A right that a notice has to mention is not mentioned.

A notice tells people that they may ask for access, rectification, erasure and restriction, and complain to a
supervisory authority. Where something rests on consent, that they may withdraw it; where it rests on consent or a
contract, that they may take their data elsewhere; where it rests on a public task or a legitimate interest, or is
direct marketing, that they may object. A right is mentioned where it is declared, or granted in a sentence. Who is
only a processor owes no notice.

Bad:

    collect email for newsletter under consent
    right see is access "To see your data" { channel: email }

Good:

    collect email for newsletter under consent
    right your_rights "Your rights" {
      channel: email
      see      is access                 "To see your data"
      correct  is correction             "To have them corrected"
      erase    is deletion               "To have them erased"
      restrict is restriction            "To have them only kept"
      take     is portability            "To take them elsewhere"
      withdraw is withdrawal_of_consent  "To withdraw your consent"
      complain is complaint_to_authority "To complain to a supervisory authority"
    }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding

PACK = "eu.gdpr"
LEVEL = Severity.ERROR
CITE = ("GDPR art. 13(2)(b)", "GDPR art. 13(2)(c)", "GDPR art. 13(2)(d)", "GDPR art. 15 to 21")
HELP = "declare it as a `right`, with the channel by which it is used"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
ABSENCE = True

# The right, its article, the bases that it depends on, and the purposes.
_RIGHTS = (
    ("access", "15", (), ()),
    ("correction", "16", (), ()),
    ("deletion", "17", (), ()),
    ("restriction", "18", (), ()),
    ("portability", "20", ("consent", "contract"), ()),
    ("objection", "21", ("public_task", "legitimate_interest"), ("direct_marketing",)),
    ("withdrawal_of_consent", "7(3)", ("consent",), ()),
    ("complaint_to_authority", "77", (), ()),
)


def check(policy: Facts) -> Iterator[Finding]:
    if not _owes_notice(policy):
        return
    practices = _processing(policy)
    if not practices:
        return
    for right, article, bases, purposes in _RIGHTS:
        if sets.is_named(policy, "right", right):
            continue
        depending = sets.writing(policy, "under", "basis", *bases) | sets.writing(policy, "for", "purpose", *purposes)
        because = next(sets.sentences(policy, practices & depending), None)
        if because is not None or not (bases or purposes):
            related = (policy.see(because, "it follows from this"),) if because is not None else ()
            yield policy.of_policy(f"people are not told of the right `{right}`, art. {article}", related=related)


def _owes_notice(policy: Facts) -> bool:
    return not policy.provider or any(
        policy.is_a(each, "party", "controller") or not policy.is_a(each, "party", "processor")
        for each in policy.provider
    )


def _processing(policy: Facts) -> int:
    """The practices by which data are processed, but for those that only end it."""
    found = [
        each
        for each in sets.terms(policy, sets.ACTIONS)
        if policy.is_a(each, "action", "process") and not policy.is_a(each, "action", "delete", "deidentify")
    ]
    return sets.naming(policy, sets.ACTIONS, *found) & sets.practices(policy) & ~sets.having(policy, "without")
