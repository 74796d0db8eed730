"""A legitimate interest is relied on and not named.

A notice that rests on legitimate interests says which: “to notice attacks on our servers and to stop them”. The words
“legitimate interest” alone do not let anybody weigh it or object to it. One sentence that names it for a purpose
speaks for the others that have the same purpose.

Bad:

    collect ip_address for network_security under legitimate_interest

Good:

    collect ip_address for network_security under legitimate_interest {
      interest: "To notice attacks on our servers and to stop them"
    }
    store ip_address for network_security under legitimate_interest keep 7 days
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.scope import Definition
from policyspec.statements import Sentence

PACK = "eu.gdpr"
LEVEL = Severity.ERROR
CITE = ("GDPR art. 13(1)(d)", "GDPR art. 14(2)(b)")
HELP = 'name it in the sentence\'s braces: `interest: "…"`'
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    found = sets.practices(policy) & sets.writing(policy, "under", "basis", "legitimate_interest")
    found &= ~sets.having(policy, "without")
    relying = [
        (each, ground) for each in sets.sentences(policy, found) if (ground := _interest(policy, each)) is not None
    ]
    named = policy.order.bits(
        purpose for each, _ in relying if each.fields.get("interest") for purpose in each.says.terms("for")
    )
    for sentence, ground in relying:
        if sentence.fields.get("interest"):
            continue
        purposes = sentence.says.terms("for")
        if not purposes or not all(policy.order.above(each) & named for each in purposes):
            message = f"say which interest {doing(sentence)} serves"
            yield policy.of_sentence(sentence, message, policy.place(sentence, ground, "under"))


def _interest(policy: Facts, sentence: Sentence) -> Definition | None:
    """The legitimate interest that a sentence rests on. A ground with a title of its own names it."""
    for each in sentence.says.terms("under"):
        if policy.is_a(each, "basis", "legitimate_interest") and (each.is_library or not each.titles):
            return each
    return None
