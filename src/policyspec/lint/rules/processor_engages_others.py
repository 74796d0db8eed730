"""A processor passes data on, and nothing says that the controller lets it.

The policy calls its provider a processor. It then gives data to further companies, perhaps because the person agreed.
But whether others get the data is for the controller to decide: a processor that decides it acts as a controller.

Say that the controller authorises it (`with controller_authorisation`, `under entrustment`), or that for this the
provider is a controller.

Bad:

    policy service { provider: us  audience: user  effective: 2026-06-01 }
    party client_company is controller "Our client"
    party us is processor "Us" { on_behalf_of: client_company }
    party host is cloud_provider, processor "Host"
    subject user is end_user "User"
    entrust device_info to host for hosting

Bad:

    policy service { provider: us  audience: user  effective: 2026-06-01 }
    party client_company is controller "Our client"
    party us is processor "Us" { on_behalf_of: client_company }
    subject user is end_user "User"
    share device_info to partner for analytics under consent

Good:

    policy service { provider: us  audience: user  effective: 2026-06-01 }
    party client_company is controller "Our client"
    party us is processor "Us" { on_behalf_of: client_company }
    party host is cloud_provider, processor "Host"
    subject user is end_user "User"
    entrust device_info to host for hosting with controller_authorisation
    disclose device_info to client_company for streaming
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import packs
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.lint.roles import acting, is_instructed, processors
from policyspec.scope import Definition
from policyspec.statements import Sentence

LEVEL = Severity.WARNING
HELP = "say that the controller authorises it, or that for this the provider is a controller"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    parties = processors(policy)
    if not parties or _is_authorised(policy):
        return
    # What packs find with the law behind it.
    known = [
        role
        for role, rules in (
            ("processor", ("cn.pipl.sub_processing_unauthorised", "eu.gdpr.sub_processor_not_authorised")),
            ("third_party", ("cn.pipl.processor_provides",)),
        )
        if packs.have(policy, *rules)
    ]
    for sentence in policy.practices:
        says = sentence.says
        party = acting(policy, sentence, parties)
        if party is None or "without" in says.clauses or is_instructed(policy, sentence):
            continue
        if not any(policy.is_a(each, "action", "disclose") for each in says.actions):
            continue
        if not any(policy.is_a(each, "data", "personal") for each in says.objects):
            continue
        others = [each for each in _recipients(policy, sentence) if _is_other(policy, each)]
        others = [each for each in others if not policy.is_a(each, "party", *known)]
        if others:
            message = (
                f"{doing(sentence)} to {shown(*others)}: nothing says that the controller authorises {shown(party)}"
            )
            related = (policy.see_term(party, "said to be a processor here"),)
            yield policy.of_sentence(sentence, message, policy.place(sentence, others[0], "to"), related=related)


def _recipients(policy: Facts, sentence: Sentence) -> list[Definition]:
    said = [each for each in sentence.says.terms("to") if each.kind == "party"]
    if said:
        return said
    return list(dict.fromkeys(each for action in sentence.says.actions for each in policy.order.field(action, "to")))


def _is_other(policy: Facts, party: Definition) -> bool:
    """Whether a recipient is neither the controller, nor the provider, nor an authority."""
    if party in policy.provider or policy.is_a(party, "party", "government", "acquirer", "personnel", "auditor"):
        return False
    return not policy.is_a(party, "party", "controller") or policy.is_a(party, "party", "third_party")


def _is_authorised(policy: Facts) -> bool:
    """Whether the policy says once for all that the controller authorises others."""
    authorised = policy.term("safeguard", "controller_authorisation")
    return any(
        policy.order.covers(authorised, each)
        for sentence in policy.sentences
        if authorised is not None and sentence.says.modality != "never"
        for each in sentence.says.objects
    )
