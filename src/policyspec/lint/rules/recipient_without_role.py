"""A recipient whose role is not stated.

A payment provider may act for the company or for itself. What has to be agreed with it, and whether it is a third
party at all, depends on that. Rules and promises about third parties do not reach a party that is not said to be one:
“we share nothing with third parties” says nothing of it.

Say which role it has: `third_party`, `processor`, `affiliate` or `controller`. Of an insurer, a lawyer or a works
council one can tell what it mostly is: there it is a remark.

Bad:

    party payments is payment_provider "Example Pay"
    share email to payments for payment under contract

Good:

    party payments is payment_provider, third_party "Example Pay"
    share email to payments for payment under contract

Good:

    party host is cloud_provider "Example Hosting"
    entrust email to host for hosting under contract
"""

from collections.abc import Iterator

from policyspec.diagnostic import Edit, Fix, Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.statements import OBJECTS

LEVEL = Severity.WARNING
HELP = "say which role it has with `is`: `third_party`, `processor`, `affiliate` or `controller`"
FIX = "unsafe"
ABSENCE = True
_ROLES = (
    "controller", "processor", "third_party", "affiliate", "personnel", "representative", "data_protection_officer",
    "authorised_agent",
)  # fmt: skip


def check(policy: Facts) -> Iterator[Finding]:
    done: set[Definition] = set()
    for sentence in sets.sentences(policy, _giving(policy) & sets.having(policy, "to")):
        for term in sentence.says.terms("to"):
            if term in done or term.is_library or term.kind != "party" or _has_role(policy, term):
                continue
            done.add(term)
            message = f"{shown(term)} receives data, and its role is not stated"
            declared = policy.see_term(term, "declared here")
            span = policy.place(sentence, term, "to")
            fixes = tuple(_fixes(policy, term)) if term.file == sentence.file else ()
            level = Severity.INFO if _is_for_itself(policy, term) else None
            yield policy.of_sentence(sentence, message, span, related=(declared,), fixes=fixes, level=level)


def _giving(policy: Facts) -> int:
    """The practices that give personal data to others, in what role whatever: who is entrusted is a processor."""
    giving = [
        each
        for each in sets.terms(policy, sets.ACTIONS)
        if policy.is_a(each, "action", "disclose") and not policy.is_a(each, "action", "entrust")
    ]
    given = sets.naming(policy, sets.ACTIONS, *giving) & sets.writing(policy, OBJECTS, "data", "personal")
    return given & sets.practices(policy) & ~sets.writing(policy, "under", "basis", "entrustment")


def _has_role(policy: Facts, term: Definition) -> bool:
    if policy.is_a(term, "party", *_ROLES) or policy.is_a(term, "subject", "data_subject"):
        return True
    # What groups recipients has the roles that these have.
    parts = [each for each in policy.order.named(term) if each is not term]
    return bool(parts) and all(policy.is_a(each, "party", *_ROLES) for each in parts)


def _is_for_itself(policy: Facts, term: Definition) -> bool:
    """Whether a recipient is of a kind that mostly acts for itself: none of those that are hired to do something."""
    above = [each for each in policy.order.of(policy.order.above(term)) if each.is_library]
    kinds = [each for each in above if not policy.fields(each).get("root") and each.path != "recipient"]
    is_hired = policy.is_a(term, "party", "service_provider") and not policy.is_a(term, "party", "professional_adviser")
    return bool(kinds) and not is_hired


def _fixes(policy: Facts, term: Definition) -> Iterator[Fix]:
    node, _, base = policy.declarations[term]
    last = node.parents[-1] if node.parents else node.name
    end = Span(last.span.end, last.span.end).shifted(base)
    for role in ("third_party", "processor"):
        yield Fix(
            f"say that it is a {role.replace('_', ' ')}", (Edit(end, f"{', ' if node.parents else ' is '}{role}"),)
        )
