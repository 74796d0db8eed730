"""Personal information leaves China on consent that is not separate.

To provide information outside of the mainland on the basis of consent takes separate consent, given by somebody who
was told the recipient's name and contact, its purposes and methods, the kinds of information, and how to exercise
rights against it. Disclosure to a third party or another controller is reported already, wherever it is; this is
about those who act on instructions, and about places.

Bad:

    party host is cloud_provider, processor "Host" { place: SG  contact: "privacy@host.example" }
    entrust email to host for hosting under consent with export_standard_contract

Good:

    party host is cloud_provider, processor "Host" { place: SG  contact: "privacy@host.example" }
    entrust email to host for hosting under separate_consent with export_standard_contract
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.exports import exports
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.scope import Definition

PACK = "cn.pipl"
LEVEL = Severity.ERROR
CITE = ("PIPL art. 39",)
HELP = "ask for consent to this on its own, apart from any other agreement"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)


def check(policy: Facts) -> Iterator[Finding]:
    for sentence, term, by in exports(policy):
        if by == "in" or policy.is_a(term, "party", "third_party", "controller"):
            continue
        for item in sentence.says.clauses.get("under", ()):
            weak = next((each for each in item if policy.is_a(each, "basis", "consent")), None)
            if weak is not None and not any(_is_enough(policy, each) for each in item):
                message = f"{doing(sentence)} to `{term.name}` under `{weak.name}`, which is not separate"
                yield policy.of_sentence(sentence, message, policy.place(sentence, weak, "under"))
                break


def _is_enough(policy: Facts, ground: Definition) -> bool:
    is_other = policy.is_a(ground, "basis", "lawful_ground", module=PACK)
    return is_other or policy.is_a(ground, "basis", "separate_consent")
