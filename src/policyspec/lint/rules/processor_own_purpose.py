"""A processor uses the data for ends of its own.

The policy calls its provider a processor: someone who handles data for others and as they say. Then a sentence has it
use the data to improve its own product, to do research, to advertise or to earn money, and does not say that anybody
told it to. Role and text disagree. For what a party decides on itself it is a controller, whatever the policy calls it.

Leave it out, say for whom it is done (`on_behalf_of:`, `under entrustment`), or say that for this the party is a
controller.

Bad:

    policy service { provider: us  audience: user  effective: 2026-06-01 }
    party client_company is controller "Our client"
    party us is processor "Us" { on_behalf_of: client_company }
    subject user is end_user "User"
    collect device_info for streaming, product_development

Bad:

    policy service { provider: us  audience: user  effective: 2026-06-01 }
    party client_company is controller "Our client"
    party us is processor "Us" { on_behalf_of: client_company }
    subject user is end_user "User"
    use device_info for own_purpose under legitimate_interest

Good:

    policy service { provider: us  audience: user  effective: 2026-06-01 }
    party client_company is controller "Our client"
    party us is processor "Us" { on_behalf_of: client_company }
    subject user is end_user "User"
    collect device_info for streaming
    use device_info for marketing under entrustment
"""

from collections.abc import Iterator

from policyspec.diagnostic import Related, Severity
from policyspec.lint import packs
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.lint.roles import acting, is_instructed, processors
from policyspec.scope import Definition
from policyspec.statements import Sentence

LEVEL = Severity.ERROR
HELP = "leave it out, say on whose behalf it is done, or say that for this the party is a controller"
_OWN = ("own_purpose", "commercial")
# Ends that are one's own, unless one is hired for them, and one for which many are.
_LIKELY = ("service_improvement", "product_development", "research", "ai_training", "marketing")
_PERHAPS = ("analytics",)


def check(policy: Facts) -> Iterator[Finding]:
    parties = processors(policy)
    if not parties:
        return
    is_known = packs.have(policy, "eu.gdpr.processor_for_its_own_ends")
    gives = packs.have(policy, "cn.pipl.processor_provides")
    for sentence in policy.practices:
        party = acting(policy, sentence, parties)
        if party is None or "without" in sentence.says.clauses or is_instructed(policy, sentence):
            continue
        if gives and _is_for_others(policy, sentence):
            continue
        found = [(level, each) for each in sentence.says.terms("for") if (level := _level(policy, sentence, each))]
        if is_known:
            found = [each for each in found if each[0] is not Severity.ERROR]
        for level in Severity:
            own = [each for grade, each in found if grade is level]
            if own:
                message = f"{doing(sentence)} serves {shown(*own)}, and {shown(party)} is a processor"
                related = (policy.see_term(party, "said to be a processor here"), *_denials(policy, party))
                span = policy.place(sentence, own[0], "for")
                yield policy.of_sentence(sentence, message, span, related=related, level=level)
                break


def _is_for_others(policy: Facts, sentence: Sentence) -> bool:
    """Whether a sentence gives data to third parties: that it does, whatever for, a pack may find."""
    says = sentence.says
    return all(policy.is_a(each, "action", "share", "sell", "publish") for each in says.actions) and any(
        policy.is_a(each, "party", "third_party") for each in says.terms("to")
    )


def _denials(policy: Facts, party: Definition) -> Iterator[Related]:
    """Where the policy says that the processor has no ends of its own."""
    for each in policy.prohibitions:
        own = [term for term in each.says.terms("for") if policy.is_a(term, "purpose", "own_purpose")]
        if own and acting(policy, each, (party,)):
            yield policy.see(each, "this denies that it has ends of its own", policy.place(each, own[0], "for"))


def _level(policy: Facts, sentence: Sentence, purpose: Definition) -> Severity | None:
    """How surely a purpose is one of the processor's own."""
    is_personal = any(policy.is_a(each, "data", "personal") for each in sentence.says.objects)
    if policy.is_a(purpose, "purpose", *_OWN):
        # What is made anonymous for its own ends was personal before.
        if any(policy.is_a(each, "data", "anonymous_data") for each in sentence.says.objects) and not is_personal:
            return Severity.WARNING
        return Severity.ERROR if is_personal else None
    if not is_personal:
        return None
    if policy.is_a(purpose, "purpose", *_LIKELY):
        return Severity.WARNING
    return Severity.INFO if policy.is_a(purpose, "purpose", *_PERHAPS) else None
