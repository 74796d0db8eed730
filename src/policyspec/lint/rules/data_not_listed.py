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
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import OBJECTS

PACK = "cn.network_data"
LEVEL = Severity.ERROR
CITE = ("Network data regulations (2024) art. 21(2)", "PIPL art. 17(1)(2), 23")
HELP = "list the kinds of data"
STATUS = "in_force"
SINCE = datetime.date(2025, 1, 1)


def check(policy: Facts) -> Iterator[Finding]:
    personal = policy.term("data", "personal")
    collecting = _practices(policy, "collect") if not sets.own_of(policy, "data") else 0
    if collecting and all(
        each is personal for sentence in sets.sentences(policy, collecting) for each in sentence.says.objects
    ):
        first = next(sets.sentences(policy, collecting))
        place = policy.place(first, personal, OBJECTS)
        yield policy.of_sentence(first, "the kinds of personal information that are collected are not listed", place)
    given = sets.naming(policy, OBJECTS, *filter(None, (personal,)))
    given &= _practices(policy, "share", "sell", "transfer") & sets.writing(policy, "under", "basis", "agreement")
    for sentence in sets.sentences(policy, given):
        place = policy.place(sentence, personal, OBJECTS)
        said = "the kinds of personal information that are given to others are not listed"
        yield policy.of_sentence(sentence, said, place, level=Severity.WARNING)


def _practices(policy: Facts, *actions: str) -> int:
    special = sets.having(policy, "without") | sets.writing(policy, "when", "event", "corporate_change")
    return sets.practices(policy) & sets.doing(policy, *actions) & ~special
