"""A sentence waits for something that nothing in the policy can bring about.

“We delete your data when the storage period expires” promises nothing as long as no sentence states a storage period.
The same holds for the withdrawal of a consent that is never asked for, and for the instructions of a controller where
nobody is one but the provider.

State what the sentence relies on: a period (`keep 2 years after contract_end`), the consent, the controller. Or let
the sentence wait for something else.

Bad:

    store email for newsletter under consent keep "as long as necessary"
    must delete email within 30 days of retention_end

Good:

    store email for newsletter under consent keep 2 years after last_use
    must delete email within 30 days of retention_end

Bad:

    collect email for delivery under contract
    must delete email when withdrawal

Good:

    collect email for newsletter under consent
    must delete email when withdrawal

Bad:

    collect email for delivery under contract
    must delete email when instruction

Good:

    party customer_company is controller "Our customer"
    collect email for delivery under contract
    must delete email when instruction
"""

from collections.abc import Iterator

from policyspec.diagnostic import Related, Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.triggers import triggers

LEVEL = Severity.WARNING
HELP = "state what the sentence relies on, or let it wait for something else"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    missing = [each for each in (_period(policy), _agreement(policy), _controller(policy)) if each]
    for sentence in policy.sentences if missing else ():
        for event, span in triggers(policy, sentence):
            for names, message, related in missing:
                if policy.is_a(event, "event", *names):
                    yield policy.of_sentence(sentence, message.format(shown(event)), span, related=related)


_Missing = tuple[tuple[str, ...], str, tuple[Related, ...]] | None


def _period(policy: Facts) -> _Missing:
    quoted = []
    for sentence in policy.sentences:
        for each in sentence.says.periods.get("keep", ()) if sentence.says.modality != "never" else ():
            if each.form in ("lasting", "until", "while"):
                return None
            quoted.append(policy.see(sentence, "this states no period", policy.clause(sentence, "keep")))
    return ("retention_end",), "{} never comes: no sentence states how long anything is kept", tuple(quoted[:3])


def _agreement(policy: Facts) -> _Missing:
    relied_on = (("basis", "agreement"), ("right", "withdrawal_of_consent"), ("action", "ask_consent"))
    mentioned = [*policy.mentions, *policy.own]
    if any(policy.is_a(each, kind, name) for kind, name in relied_on for each in mentioned):
        return None
    if not any(each.says.terms("under") for each in policy.practices):
        return None  # Nothing is said of grounds at all.
    return ("withdrawal", "consent_refused"), "{} never comes: nothing rests on consent", ()


def _controller(policy: Facts) -> _Missing:
    spoken = {each for sentence in policy.sentences for each, _ in policy.names(sentence)}
    others = [each for each in {*spoken, *policy.own} if each.kind == "party" and each not in policy.provider]
    ours = [each for each in policy.provider if policy.is_a(each, "party", "processor")]
    if ours or any(policy.is_a(each, "party", "controller") for each in others):
        return None
    return ("instruction",), "{} never comes: nobody instructs the provider, who is the only controller", ()
