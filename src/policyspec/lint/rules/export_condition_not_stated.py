"""Personal information leaves China, and no condition for that is stated.

Before personal information is provided outside of the mainland, one of these has to be met: a security assessment by
the cyberspace authority, a certification, the authority's standard contract, or another condition that a law or the
authority sets. Which one it takes, and who is exempt, depends on numbers and circumstances that a policy does not
show; so this asks for the condition to be named. A recipient's `place:` says where it is established. To store
information abroad is understood as providing it there, and reported as information only.

Bad:

    party host is cloud_provider, processor "Host" { place: SG }
    entrust email to host for hosting under contract

Bad:

    transfer email to US for customer_service under separate_consent

Good:

    party host is cloud_provider, processor "Host" { place: SG }
    entrust email to host for hosting under contract with export_standard_contract
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.exports import exports
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 38(1)",)
HELP = "name the condition, as in `with export_standard_contract`; if an exemption may apply, say which"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True
_CONDITIONS = ("official_transfer_assessment", "transfer_certification", "standard_contract")


def check(policy: Facts) -> Iterator[Finding]:
    found = exports(policy)
    if not found:
        return
    # Said in a sentence of its own, a condition may be that of all.
    applying = sets.doing(policy, "apply", "bind") & sets.promises(policy)
    for sentence in sets.sentences(policy, applying):
        if any(_is_condition(policy, each) for each in (*sentence.says.objects, *sentence.says.terms("with"))):
            return
    for export in found:
        says = export.sentence.says
        if not any(_is_condition(policy, each) for each in says.terms("with")):
            what = f"{doing(export.sentence)} {export.by} {shown(export.term)}"
            message = f"{what} sends it out of China, and no condition for that is stated"
            level = Severity.INFO if export.by == "in" else None
            place = policy.place(export.sentence, export.term, export.by)
            yield policy.of_sentence(export.sentence, message, place, level=level)


def _is_condition(policy: Facts, term: Definition) -> bool:
    is_ours = policy.is_a(term, "safeguard", "export_condition", module=PACK)
    return is_ours or policy.is_a(term, "safeguard", *_CONDITIONS)
