"""Data go to embedded third-party code that is not named.

Whoever embeds code or plug-ins of others lists them one by one: who they are, what they collect, for what and how.
This holds for an app, and for an SDK that has other SDKs in it.

Bad:

    share device_id to sdk_provider for analytics under separate_consent

Good:

    party metrics is sdk_provider, third_party "Metrics SDK" { website: "https://metrics.example/privacy" }
    share device_id to metrics for analytics under separate_consent
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding

PACK = "cn.sdk"
LEVEL = Severity.WARNING
CITE = ("App Method 2019, 2.1", "TC260-PG-20205A, 4.2 h)")
HELP = "declare each provider as a party, with its name and a link to its own policy"
STATUS = "in_force"
SINCE = datetime.date(2019, 11, 28)


def check(policy: Facts) -> Iterator[Finding]:
    unnamed = policy.term("party", "sdk_provider")
    if unnamed is None:
        return
    found = (
        sets.naming(policy, "to", unnamed) | sets.naming(policy, "by", unnamed) | sets.naming(policy, "from", unnamed)
    )
    if not found or policy.order.below(unnamed) & policy.order.own:
        return
    for sentence in sets.sentences(policy, found & sets.practices(policy)):
        for word in ("to", "by", "from"):
            if unnamed in sentence.says.terms(word):
                place = policy.place(sentence, unnamed, word)
                yield policy.of_sentence(sentence, "the embedded third-party SDKs are not named", place)
                return
