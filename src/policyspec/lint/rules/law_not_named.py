"""An exception for “other cases in which the law allows it” names no law.

The law's own list ends with other cases in laws and administrative regulations. Copied into a policy, that tells
people nothing of when their consent is not asked for. Name the law: with `cite:` at the term, or with a title that
does.

Bad:

    collect, use personal without consent when other_law

Good:

    basis anti_fraud_law is cn.pipl.other_law "Anti-telecom fraud law" { cite: "Anti-Telecom and Online Fraud Law" }
    collect, use personal without consent when anti_fraud_law
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition

PACK = "cn.pipl"
LEVEL = Severity.INFO
CITE = ("PIPL art. 13(1)(7)",)
HELP = 'name the law or administrative regulation, as in `{ cite: "…" }` at the term'
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)


def check(policy: Facts) -> Iterator[Finding]:
    known: set[Definition] = set()
    for sentence in sets.sentences(policy, sets.practices(policy) & sets.having(policy, "without")):
        for written in sentence.says.terms("when"):
            for each in policy.order.members(written):
                if each not in known and _is_nameless(policy, each):
                    known.add(each)
                    message = f"{shown(each)} names no law"
                    if each.is_library:
                        yield policy.of_sentence(sentence, message, policy.place(sentence, written, "when"))
                    else:
                        yield policy.of_term(each, message)


def _is_nameless(policy: Facts, term: Definition) -> bool:
    is_listed = policy.is_a(term, "basis", "other_law", module=PACK)
    is_general = is_listed or policy.is_a(term, "exception", "permitted_by_law")
    return is_general and (term.is_library or not policy.fields(term).get("cite"))
