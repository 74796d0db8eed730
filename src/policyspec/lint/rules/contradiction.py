"""A sentence does what another sentence forbids.

A prohibition (`never`), or the outside of an `only`, covers an act that a practice or duty names, and nothing that is
stated lifts it. Prohibitions win over practices, whatever their order, so the policy says two things of one act. An act
that is only *below* what the practice names is no contradiction: that narrows it ("we collect device data, but never
the IMEI").

A claim is a prohibition too: “cannot identify anyone” is `never collect identifying`, and the data refute it that
identify someone, such as an IP address.

Say in the prohibition what is excepted (`unless …`), or leave out of the practice what is forbidden.

Bad:

    collect ip_address for security
    never collect identifying

Good:

    collect device_info for security
    never collect identifying

Bad:

    share email only to affiliate for service_provision
    share email to partner for service_provision

Good:

    share email only to affiliate, partner for service_provision
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.clashes import described
from policyspec.lint.facts import Facts, Finding

LEVEL = Severity.ERROR
HELP = "say in the prohibition what is excepted with `unless`, or leave the forbidden act out of the sentence"


def check(policy: Facts) -> Iterator[Finding]:
    for clash in policy.clashes("contradiction"):
        yield described(policy, clash, "{it} is forbidden{why}")
