"""Kinds of contradiction that others have described, in this language, and what is found of each.

The pair types of PolicyLint compare the entity and the datum of a statement with those of a negated one: equal (=),
narrower (<), broader (>), or neither but with something in common (~). It calls twelve pairs contradictions (C1 to
C12) and four narrowings (N1 to N4). Where anything of the practice is broader than in the prohibition, the prohibition
narrows it here, so C5, C8 and C11 are silent; and what two terms have in common counts where the policy lists it.

The modality conflicts are Eddy's: permission, obligation, refrainment (“never”), and exclusion (“this policy does not
say”), which here is a test of the policy.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from policyspec.review import findings
from policyspec.source import Source
from policyspec.workspace import Workspace

PATH = "example.policy"
# `gadget` and `unique_id` have `gadget_id` in common, `partner` and `advertising_network` have `adnet`: the policy says
# so. `device_info` and `network_id` have only what the vocabulary puts below both.
OWN = """\
policy example { provider: us  audience: user  effective: 2026-06-01 }
party us is controller "Us"
party adnet is advertising_network, partner "Ad network"
party host is cloud_provider, processor "Host"
subject user is end_user "User"
subject child is minor "Child"
data gadget is device_info "Gadget" {
  brand     is hardware_model "Brand"
  gadget_id is unique_id      "Gadget ID"
}
purpose growth is improve_ux, advertising "Growth"
"""
FAMILY = (
    "contradiction", "downgrade", "unlinked_exemption", "unstated_condition", "broader_than_allowed", "overlap",
    "differing_strength", "policy_test_failed", "use_without_collection", "purposes_differ",
    "anonymous_but_identifying", "conflicting_necessity", "duplicate_sentence", "subsumed_sentence",
)  # fmt: skip


class Case(NamedTuple):
    """Sentences, and the rules that find something in them. `name` is what others call the case, if they do."""

    name: str
    text: str
    found: tuple[str, ...]


def cases(table: str) -> list[Case]:
    """Lines such as `C1: share imei ; never share imei -> contradiction`."""
    made = []
    for line in filter(None, table.splitlines()):
        name, _, rest = line.partition(": ")
        text, _, rules = rest.partition(" -> ")
        made.append(Case(name, text.replace(" ; ", "\n"), () if rules == "nothing" else tuple(rules.split(", "))))
    return made


def found(text: str) -> list[str]:
    whole = f"{OWN}{text}\n"
    workspace = Workspace({PATH: Source(PATH, whole)})
    errors = [each.message for each in workspace.diagnostics(PATH) if each.is_error]
    assert not errors, (errors, whole)
    return sorted({each.rule for each in findings(workspace, PATH) if each.rule in FAMILY})


POLICYLINT = """
C1 = =: share imei to adnet ; never share imei to adnet -> contradiction
C2 = <: share imei to adnet ; never share device_info to adnet -> contradiction
C3 < =: share imei to adnet ; never share imei to third_party -> contradiction
C4 < <: share imei to adnet ; never share device_info to third_party -> contradiction
C5 > <: share imei to third_party ; never share device_info to adnet -> nothing
C6 = ~: share gadget to adnet ; never share unique_id to adnet -> contradiction
C6 = ~, not listed: share device_info to adnet ; never share network_id to adnet -> overlap
C7 < ~: share gadget to adnet ; never share unique_id to third_party -> contradiction
C8 > ~: share gadget to third_party ; never share unique_id to adnet -> nothing
C9 ~ =: share imei to partner ; never share imei to advertising_network -> contradiction
C10 ~ <: share imei to partner ; never share device_info to advertising_network -> contradiction
C11 ~ >: share device_info to partner ; never share imei to advertising_network -> nothing
C12 ~ ~: share gadget to partner ; never share unique_id to advertising_network -> contradiction
C12 ~ ~, one not listed: share device_info to partner ; never share network_id to advertising_network -> overlap
N1 = >: share device_info to adnet ; never share imei to adnet -> nothing
N2 < >: share device_info to adnet ; never share imei to third_party -> nothing
N3 > =: share imei to third_party ; never share imei to adnet -> nothing
N4 > >: share device_info to third_party ; never share imei to adnet -> nothing
the order does not matter: never share device_info to adnet ; share imei to adnet -> contradiction
the receiver collects: collect imei by adnet for advertising ; never use imei by adnet -> contradiction
“except as stated”: share imei to adnet under consent ; never share imei unless consent -> nothing
children are carved out: collect imei under contract ; never collect personal from child -> nothing
"""
# What others keep apart from a contradiction by looking at more than entity and datum.
CONTEXT = """
same context: use imei for security ; never use imei for security -> contradiction
another purpose: use imei for security ; never use imei for advertising -> nothing
a narrower purpose is forbidden: use imei for marketing ; never use imei for advertising -> nothing
a broader purpose is forbidden: use imei for advertising ; never use imei for marketing -> contradiction
one of several purposes: use imei for security, advertising ; never use imei for marketing -> contradiction
purposes with a listed one in common: use imei for improve_ux, growth ; never use imei for advertising -> contradiction
purposes with one in common that is not listed: use imei for analytics ; never use imei for advertising -> overlap
no purpose stated: use imei ; never use imei for advertising -> nothing
no purpose forbidden: use imei for security ; never use imei -> contradiction
another actor: use imei by host ; never use imei -> nothing
another action: store imei for security ; never share imei -> nothing
a broader action is forbidden: sell imei to adnet ; never disclose imei -> contradiction
another subject: collect imei from child ; never collect imei from user -> nothing
the same subject: collect imei from child ; never collect imei from minor -> contradiction
another recipient: share imei to host ; never share imei to adnet -> nothing
another place: store imei in CN ; never store imei in US -> nothing
another case: share imei to adnet when merger ; never share imei when breach -> nothing
data that are nobody's: share statistics to adnet ; never share personal -> nothing
only for one purpose: use imei only for security ; use imei for advertising -> contradiction
only by one party: use imei only by host ; use imei by adnet -> contradiction
"""
# After the pairs, kinds of conflict: equal, within, around, in common. Then: every use is to be within a collection.
EDDY = """
P-R: collect imei ; never collect imei -> contradiction
O-R: must delete imei ; never delete imei -> contradiction
O-R of which one way is left: must delete or anonymise imei ; never delete imei -> nothing
P-P: collect imei for security ; collect imei for advertising -> nothing
E-P: collect imei ; test "x" { undeclared collect imei } -> policy_test_failed
E-O: must delete imei ; test "x" { undeclared delete imei } -> policy_test_failed
E-R: never collect imei ; test "x" { undeclared collect imei } -> policy_test_failed
E alone: collect imei ; test "x" { undeclared collect email } -> nothing
subsumed by: collect imei ; never collect device_info -> contradiction
subsumes: collect device_info ; never collect imei -> nothing
shared: collect gadget ; never collect unique_id -> contradiction
use without collection: collect email ; use gadget for security -> use_without_collection
use of a part: collect gadget ; use brand for security -> nothing
use of a whole of which a part is collected: collect brand ; use gadget for security -> nothing
use of what is derived: collect email ; derive gadget ; use gadget for security -> nothing
repurposed: collect email for delivery under consent ; use email for research -> purposes_differ
on a basis of its own: collect email for delivery under consent ; use email for research under contract -> nothing
for a part of the purpose: collect email for marketing under consent ; use email for advertising -> nothing
"""
# Less than contradictions, and what is said of terms.
MILDER = """
weaker agreement: share imei to adnet under consent ; never share imei unless separate_consent -> downgrade
silence: share imei to adnet under implied_consent ; never share imei unless separate_consent -> downgrade
stronger agreement: share imei to adnet under separate_consent ; never share imei unless consent -> nothing
another basis: share imei to adnet under contract ; never share imei unless consent -> contradiction
no basis: share imei to adnet ; never share imei unless consent -> unstated_condition
a basis elsewhere: share imei to adnet ; share imei under consent ; never share imei unless consent -> nothing
an exemption: share imei without consent when crime ; never share imei unless separate_consent -> unlinked_exemption
a named exemption: share imei without consent when breach ; never share imei unless separate_consent, breach -> nothing
broader than a limit: use imei only for streaming ; use imei for service_provision -> broader_than_allowed
silent on a limit that another sentence states: store imei only in CN ; store imei keep 3 days -> nothing
once owed, once striven for: must delete imei when breach ; should delete imei when breach -> differing_strength
required and optional: collect required imei ; collect optional imei -> conflicting_necessity
said twice: collect imei for security ; collect imei for security -> duplicate_sentence
says less: collect imei ; collect imei, brand for security -> subsumed_sentence
a misleading definition: data tech is non_personal { tech_ip is ip_address } -> anonymous_but_identifying
"""


@pytest.mark.parametrize("case", cases("".join((POLICYLINT, CONTEXT, EDDY, MILDER))), ids=lambda case: case.name)
def test_finds(case: Case) -> None:
    assert found(case.text) == sorted(case.found)
