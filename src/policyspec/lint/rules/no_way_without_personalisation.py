"""People are shown what is chosen for them, and cannot have it otherwise.

Information and marketing that automated means choose for each person come with an option that is not about their
features, or with a convenient way to refuse. A right to object or to opt out, a safeguard such as `opt_out_offered`,
or a link to opt out says so.

Bad:

    use browsing_history for personalised_recommendation under consent

Good:

    use browsing_history for personalised_recommendation under consent
    grant opt_out_of_personalisation via app_settings

Good:

    use browsing_history for personalised_recommendation under consent with opt_out_offered
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.statements import OBJECTS

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 24(2)", "Network data regulations (2024) art. 42")
HELP = "offer it without personalisation, as in `grant opt_out_of_personalisation via app_settings`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True
_PURPOSES = (
    "personalised_recommendation", "content_personalisation", "personalised_advertising", "ad_profiling",
)  # fmt: skip


def check(policy: Facts) -> Iterator[Finding]:
    chosen = sets.practices(policy) & sets.writing(policy, "for", "purpose", *_PURPOSES)
    if (
        not chosen
        or sets.is_named(policy, "right", "objection")
        or sets.is_named(policy, "safeguard", "opt_out_offered")
        or sets.is_named(policy, "channel", "opt_out_link", "opt_out_signal")
    ):
        return
    for sentence in sets.sentences(policy, chosen & sets.writing(policy, OBJECTS, "data", "personal")):
        for each in sentence.says.terms("for"):
            if policy.is_a(each, "purpose", *_PURPOSES):
                message = f"{doing(sentence)} for `{each.name}`, and nothing is said of having it otherwise"
                yield policy.of_sentence(sentence, message, policy.place(sentence, each, "for"))
                return
