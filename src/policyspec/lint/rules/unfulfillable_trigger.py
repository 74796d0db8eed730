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
from itertools import islice

from policyspec.diagnostic import Related, Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.triggers import triggers
from policyspec.statements import OBJECTS

LEVEL = Severity.WARNING
HELP = "state what the sentence relies on, or let it wait for something else"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    missing = [each for each in (_period(policy), _agreement(policy), _controller(policy)) if each]
    waiting = 0
    for names, _, _ in missing:
        waiting |= sets.writing_any(policy, ("when", "unless", "keep", "within"), "event", *names)
    for sentence in sets.sentences(policy, waiting):
        for event, span in triggers(policy, sentence):
            for names, message, related in missing:
                if policy.is_a(event, "event", *names):
                    yield policy.of_sentence(sentence, message.format(shown(event)), span, related=related)


_Missing = tuple[tuple[str, ...], str, tuple[Related, ...]] | None


def _period(policy: Facts) -> _Missing:
    promises = sets.promises(policy)
    if promises & sets.keeping(policy, "lasting", "until", "while"):
        return None
    kept = sets.sentences(policy, promises & sets.having(policy, "keep"))
    quoted = (
        policy.see(sentence, "this states no period", policy.clause(sentence, "keep"))
        for sentence in kept
        for _ in sentence.says.periods["keep"]
    )
    message = "{} never comes: no sentence states how long anything is kept"
    return ("retention_end",), message, tuple(islice(quoted, 3))


def _agreement(policy: Facts) -> _Missing:
    relied_on = (("basis", "agreement"), ("right", "withdrawal_of_consent"), ("action", "ask_consent"))
    if any(sets.is_named(policy, kind, name) for kind, name in relied_on):
        return None
    if not sets.naming(policy, "under", *sets.terms(policy, "under")) & sets.practices(policy):
        return None  # Nothing is said of grounds at all.
    return ("withdrawal", "consent_refused"), "{} never comes: nothing rests on consent", ()


def _controller(policy: Facts) -> _Missing:
    spoken = {each for word in (sets.ACTIONS, OBJECTS, *sets.CLAUSES) for each in sets.terms(policy, word)}
    others = {each for each in (*spoken, *sets.own_of(policy, "party")) if each.kind == "party"} - {*policy.provider}
    ours = [each for each in policy.provider if policy.is_a(each, "party", "processor")]
    if ours or any(policy.is_a(each, "party", "controller") for each in others):
        return None
    return ("instruction",), "{} never comes: nobody instructs the provider, who is the only controller", ()
