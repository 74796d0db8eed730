"""Who receives personal information is not named, or not how to reach them.

Whoever provides personal information to another handler tells people that handler's name and contact, and asks for
consent on that footing. A policy is where people look for it, although it may be told elsewhere. Recipients that act
on instructions are no handlers of their own; authorities, the public, other users, and successors of the business
are left to other rules. Give the recipient's role with `is`, and its `contact:` or `website:`.

Bad:

    share email to partner for marketing under separate_consent

Bad:

    party adnet is advertising_network "Ad Network Ltd"
    share usage to adnet for advertising under separate_consent

Good:

    party adnet is advertising_network "Ad Network Ltd" { contact: "privacy@adnet.example" }
    share usage to adnet for advertising under separate_consent
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 23", "Network data regulations (2024) art. 21(2)")
HELP = "name the recipient and give it a `contact:` or a `website:`, or say where people are told"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True
_OTHERS = ("public", "government", "other_user", "acquirer", "processor")


def check(policy: Facts) -> Iterator[Finding]:
    known: set[Definition] = set()
    giving = sets.practices(policy) & sets.doing(policy, "disclose") & sets.having(policy, "to")
    giving &= sets.writing(policy, OBJECTS, "data", "personal") & ~sets.having(policy, "without")
    done: set[Definition] = set()
    for sentence in sets.sentences(policy, giving):
        for written in sentence.says.terms("to"):
            if written in done:
                continue
            done.add(written)
            unnamed = [each for each in _unnamed(policy, written) if each not in known]
            known |= {written, *unnamed}
            if unnamed:
                verb = "is" if len(unnamed) == 1 else "are"
                message = f"nothing is said of who {shown(*unnamed)} {verb}, and how to reach them"
                yield policy.of_sentence(sentence, message, policy.place(sentence, written, "to"))


def _unnamed(policy: Facts, term: Definition) -> list[Definition]:
    """A recipient that cannot be reached; of one that groups others, those."""
    if policy.is_a(term, "party", *_OTHERS) or not policy.is_a(term, "party", "third_party", "controller", "affiliate"):
        return []
    parts = [each for each in policy.order.named(term) if each is not term] or [term]
    return [each for each in parts if not policy.is_a(each, "party", *_OTHERS) and not _is_reachable(policy, each)]


def _is_reachable(policy: Facts, term: Definition) -> bool:
    fields = policy.fields(term)
    return any(fields.get(name) for name in ("contact", "website", "address"))
