"""Data that are to stay in a place go to a recipient who is elsewhere.

“We store your data only in China” and “we send nothing abroad” are promises about places. A recipient whose `place:` is
elsewhere gets the data there, whatever the sentence says that gives them: what is entrusted to a hosting provider in
Singapore is stored in Singapore.

The promise is a `store … only in`, or a `never` that excepts places (`never transfer personal to world unless CN`).
Except the recipient in it, or find one at home.

Bad:

    party host is cloud_provider, processor "Our hosting provider" { place: SG }
    store personal only in CN
    entrust email to host for technical_operation under contract

Bad:

    party friend is partner "Our partner" { place: US }
    never transfer personal to world unless CN
    share email to friend for marketing under consent

Good:

    party host is cloud_provider, processor "Our hosting provider" { place: CN }
    store personal only in CN
    entrust email to host for technical_operation under contract

Good:

    party friend is partner "Our partner" { place: US }
    never transfer personal to world unless CN, separate_consent
    share email to friend for marketing under separate_consent
"""

from collections.abc import Iterator

from policyspec.acts import Act, Ban, Box
from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import Sentence

LEVEL = Severity.WARNING
HELP = "except the recipient in the promise, or find one where the data are to stay"

# How many promises are looked at.
_MOST = 64
_NONE: frozenset[Definition] = frozenset()


def check(policy: Facts) -> Iterator[Finding]:
    bans = [each for each in policy.acts.bans if any(x.kind == "place" for item in each.lifts for _, x in item)][:_MOST]
    for sentence in policy.sentences if bans else ():
        says = sentence.says
        if says.modality == "never" or not any(policy.is_a(each, "action", "disclose") for each in says.actions):
            continue
        recipients = [each for written in says.terms("to") for each in policy.order.named(written)]
        for recipient in dict.fromkeys(recipients):
            places = policy.order.field(recipient, "place") if recipient.kind == "party" else ()
            found = next(_broken(policy, sentence, recipient, places, bans), None)
            if found is not None:
                ban, place, data = found
                message = f"{shown(recipient)} is in {shown(place)}, where {shown(data)} must not go"
                related = (policy.see(ban.sentence, "they are to stay elsewhere"),)
                where = policy.place(sentence, recipient, "to")
                yield policy.of_sentence(sentence, message, where, related=related)


def _broken(
    policy: Facts, sentence: Sentence, recipient: Definition, places: tuple[Definition, ...], bans: list[Ban]
) -> Iterator[tuple[Ban, Definition, Definition]]:
    """The promises that a recipient's places break, with the place, and what of the data is not to go there."""
    # Only what a promise speaks of tells one act from another.
    dims = tuple({d for ban in bans for each in (*ban.conditions, ban.lifts) for item in each for d, _ in item})
    for box in policy.acts.boxes(sentence, wide=True) if places else ():
        if box.entailed or box.dims["dest"] != (None,):
            continue
        for obj in box.dims["obj"]:
            for place in places if obj is not None else ():
                for act in _acts(policy, box, dims, obj, recipient, place):
                    for ban in bans:
                        if policy.acts.is_inside(act, ban.conditions) and not policy.acts.is_lifted(act, ban.lifts):
                            yield ban, place, obj


def _acts(
    policy: Facts, box: Box, dims: tuple[str, ...], obj: Definition, recipient: Definition, place: Definition
) -> Iterator[Act]:
    """What it is to give data to a recipient in a place: to send them there and, for a processor, to store them."""
    transfer, store = policy.term("action", "transfer"), policy.term("action", "store")
    over = {"obj": (obj,), "to": (recipient,)}
    for act in box.acts(over, dims):
        if transfer is not None:
            yield {**act, "act": frozenset((transfer,)), "dest": frozenset((place,))}
        if store is not None and policy.is_a(recipient, "party", "processor"):
            yield {**act, "act": frozenset((store,)), "to": _NONE, "in": frozenset((place,))}
