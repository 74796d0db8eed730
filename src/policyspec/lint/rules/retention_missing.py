"""How long collected data are kept is not stated.

Readers want to know when their data are gone, and most laws want them to be told. A sentence with `keep` says it, for
the data that it names and all below them; so does a duty to delete them at an event that ends the need for them. One
sentence may say it for everything: `store personal keep until account_closure`.

A policy that says nothing of it at all gets one finding. Where an imported pack has a rule for it, that rule speaks.

Bad:

    collect email for newsletter under consent
    collect ip_address for security

Bad:

    collect email for newsletter under consent
    collect ip_address for security keep 7 days

Good:

    collect email for newsletter under consent keep until withdrawal
    collect ip_address for security keep 7 days

Good:

    collect username for registration under contract
    must delete personal within 30 days of account_closure
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import packs, retention
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.statements import OBJECTS

LEVEL = Severity.INFO
HELP = "say it with `keep`: a period, or the event that ends it"
ABSENCE = True

# Rules of packs that find the same.
SAME = (
    "cn.pipl.period_not_told", "eu.gdpr.storage_period_not_stated", "google_play.retention_policy_missing",
    "us.ccpa.period_not_disclosed",
)  # fmt: skip


def check(policy: Facts) -> Iterator[Finding]:
    if packs.have(policy, *SAME):
        return
    known = retention.stated(policy)
    found = [*retention.unstated(policy).items()]
    if found and not known:
        first, terms = found[0]
        related = (policy.see(first, "what is collected here, for one", policy.place(first, terms[0], OBJECTS)),)
        yield policy.of_policy("nothing is said of how long any data are kept", related=related)
        return
    for sentence, terms in found:
        place = policy.place(sentence, terms[0], OBJECTS)
        verb = "is" if len(terms) == 1 else "are"
        yield policy.of_sentence(sentence, f"nothing is said of how long {shown(*terms)} {verb} kept", place)
