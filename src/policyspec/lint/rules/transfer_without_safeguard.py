"""Data leave the European Economic Area, and the policy does not say under which safeguard.

A notice says that data go to a third country, and that there is an adequacy decision or which appropriate safeguard
there is, such as standard contractual clauses. Without either, a transfer needs one of the derogations for specific
situations, such as explicit consent to it. That a country is adequate has to be said too: `with adequacy_decision`.

Where a recipient is, its `place:` says, or the sentence after `to` or `in`. A sentence that says `in IE` is about
data that stay there. One sentence that names the safeguard for a recipient speaks for the others.

Bad:

    party mailer is communication_provider, processor "Example Mail Inc." { place: US }
    entrust email to mailer for newsletter under consent

Good:

    party mailer is communication_provider, processor "Example Mail Inc." { place: US }
    entrust email to mailer for newsletter under consent with standard_contract
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition
from policyspec.statements import Sentence

PACK = "eu.gdpr"
LEVEL = Severity.ERROR
CITE = ("GDPR art. 13(1)(f)", "GDPR art. 44", "GDPR art. 46", "GDPR art. 49(1)")
HELP = "name the safeguard after `with`, and say how to get a copy of it"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    giving = sets.promises(policy) & sets.doing(policy, "disclose") & ~sets.having(policy, "without")
    transfers = [
        (sentence, abroad)
        for sentence in sets.sentences(policy, giving & sets.having(policy, "to", "in"))
        for abroad in (_abroad(policy, sentence),)
        if abroad
    ]
    # Of a provider abroad, it is its clients who owe the notice, or the data are abroad before they reach it.
    level = Severity.WARNING if any(_is_abroad(policy, each) for each in policy.provider) else None
    safe = {each for sentence, abroad in transfers if _is_safe(policy, sentence) for each in abroad}
    for sentence, abroad in transfers:
        unsafe = [each for each in abroad if each not in safe]
        if unsafe:
            places = dict.fromkeys(place for each in unsafe for place in _places(policy, each))
            message = f"{doing(sentence)} goes to {shown(*places)}, and no safeguard is named"
            span = policy.place(sentence, unsafe[0], "in" if "in" in sentence.says.clauses else "to")
            yield policy.of_sentence(sentence, message, span, level=level)


def _abroad(policy: Facts, sentence: Sentence) -> list[Definition]:
    """The recipients and places outside of the area that a sentence sends data to."""
    says = sentence.says
    named = says.terms("in")
    if named:
        return [each for each in named if _is_outside(policy, each)]
    return [each for each in says.terms("to") if any(_is_outside(policy, place) for place in _places(policy, each))]


def _places(policy: Facts, term: Definition) -> tuple[Definition, ...]:
    return (term,) if term.kind == "place" else policy.order.field(term, "place")


def _is_outside(policy: Facts, place: Definition) -> bool:
    return not policy.is_a(place, "place", "EEA")


def _is_abroad(policy: Facts, party: Definition) -> bool:
    places = _places(policy, party)
    return bool(places) and all(_is_outside(policy, each) for each in places)


def _is_safe(policy: Facts, sentence: Sentence) -> bool:
    grounds = (*sentence.says.terms("under"), *sentence.says.terms("when"))
    return (
        any(policy.is_a(each, "safeguard", "transfer_mechanism") for each in sentence.says.terms("with"))
        or any(policy.is_a(each, "basis", "transfer_derogation", module=PACK) for each in grounds)
        or any(policy.is_a(each, "basis", "explicit_consent") for each in grounds)
    )
