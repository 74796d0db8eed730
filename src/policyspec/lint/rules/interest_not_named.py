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
    relying = [(each, ground) for each in policy.practices if (ground := _interest(policy, each)) is not None]
    named = {purpose for each, _ in relying if each.fields.get("interest") for purpose in _purposes(each)}
    for sentence, ground in relying:
        if sentence.fields.get("interest"):
            continue
        purposes = _purposes(sentence)
        if not all(any(each is not None and _covers(policy, one, each) for one in named) for each in purposes):
            message = f"say which interest {doing(sentence)} serves"
            yield policy.of_sentence(sentence, message, policy.place(sentence, ground, "under"))


def _interest(policy: Facts, sentence: Sentence) -> Definition | None:
    """The legitimate interest that a sentence rests on. A ground with a title of its own names it."""
    if "without" in sentence.says.clauses:
        return None
    for each in sentence.says.terms("under"):
        if policy.is_a(each, "basis", "legitimate_interest") and (each.is_library or not each.titles):
            return each
    return None


def _purposes(sentence: Sentence) -> tuple[Definition | None, ...]:
    return sentence.says.terms("for") or (None,)


def _covers(policy: Facts, named: Definition | None, purpose: Definition) -> bool:
    return named is not None and policy.order.covers(named, purpose)
