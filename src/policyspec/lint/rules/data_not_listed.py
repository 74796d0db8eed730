"""What is collected, or given to others, is not listed.

A notice lists which kinds of personal information are collected and given to other handlers, for what and how. A
policy that says no more than “personal information” lists nothing. Companies that change hands are another matter:
there all that the company has goes with it.

Bad:

    collect personal for delivery under contract

Bad:

    collect email for delivery under contract
    share personal to partner for marketing under separate_consent

Good:

    collect email for delivery under contract
    share email to partner for marketing under separate_consent
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import OBJECTS, Sentence

PACK = "cn.network_data"
LEVEL = Severity.ERROR
CITE = ("Network data regulations (2024) art. 21(2)", "PIPL art. 17(1)(2), 23")
HELP = "list the kinds of data"
STATUS = "in_force"
SINCE = datetime.date(2025, 1, 1)


def check(policy: Facts) -> Iterator[Finding]:
    personal = policy.term("data", "personal")
    collecting = list(_practices(policy, "collect"))
    if (
        collecting
        and all(each is personal for sentence in collecting for each in sentence.says.objects)
        and not any(each.kind == "data" for each in policy.own)
    ):
        first = collecting[0]
        place = policy.place(first, personal, OBJECTS)
        yield policy.of_sentence(first, "the kinds of personal information that are collected are not listed", place)
    for sentence in _practices(policy, "share", "sell", "transfer"):
        if any(each is personal for each in sentence.says.objects) and any(
            policy.is_a(each, "basis", "agreement") for each in sentence.says.terms("under")
        ):
            place = policy.place(sentence, personal, OBJECTS)
            said = "the kinds of personal information that are given to others are not listed"
            yield policy.of_sentence(sentence, said, place, level=Severity.WARNING)


def _practices(policy: Facts, *actions: str) -> Iterator[Sentence]:
    for each in policy.practices:
        says = each.says
        is_special = "without" in says.clauses or any(
            policy.is_a(x, "event", "corporate_change") for x in says.terms("when")
        )
        if not is_special and any(policy.is_a(x, "action", *actions) for x in says.actions):
            yield each
