"""Sensitive information is processed, and why it is needed and what it means for people is not explained.

Beside the rest, people are told why it is necessary to process their sensitive information, and what that does to
their rights and interests. Whether an explanation is good enough no program can tell: a policy whose prose speaks of
sensitive information is left alone, and so is one that says `with sensitive_notice`.

Bad:

    collect health for health_care under separate_consent

Good:

    collect health for health_care under separate_consent with sensitive_notice

Good:

    collect health for health_care under separate_consent
    \"\"\"Information on your health is sensitive. Without it no doctor can advise you; if it leaks,
    others may learn of an illness.\"\"\"
"""

import datetime
import re
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import OBJECTS
from policyspec.syntax import nodes

PACK = "cn.pipl"
LEVEL = Severity.INFO
CITE = ("PIPL art. 30", "Network data regulations (2024) art. 21(1)(2)")
HELP = "explain why it is needed and what it means for people, and say `with sensitive_notice`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True
_SPOKEN_OF = re.compile("sensitive|敏感", re.IGNORECASE)


def check(policy: Facts) -> Iterator[Finding]:
    found = sets.standing_for(policy, OBJECTS, "data", "sensitive_personal_information", module=PACK)
    # Sentences about all personal information name nothing in particular.
    particular = [each for each in found if not policy.fields(each).get("root")]
    used = sets.naming(policy, OBJECTS, *particular) & sets.practices(policy) & ~sets.having(policy, "without")
    used &= sets.doing(policy, "collect", "use", "disclose") if used else 0
    if not used or sets.is_named(policy, "safeguard", "sensitive_notice", module=PACK):
        return
    if any(type(each.node) is nodes.Prose and _SPOKEN_OF.search(each.node.text.text) for each in policy.items):
        return
    sentence = next(sets.sentences(policy, used))
    written = next(each for each in sentence.says.objects if each in particular)
    term = next(each for each in policy.order.named(written) if _is_sensitive(policy, each))
    message = f"nothing explains why {shown(term)} is needed, and what that means for people"
    yield policy.of_sentence(sentence, message, policy.place(sentence, written, OBJECTS))


def _is_sensitive(policy: Facts, term: Definition) -> bool:
    return policy.is_a(term, "data", "sensitive_personal_information", module=PACK)
