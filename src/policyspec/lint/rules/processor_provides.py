"""An entrusted party gives information to third parties.

Who handles information for others handles it as agreed with them, and for nothing else. To give it to third parties, or
to publish it, is to decide about it: whoever does is a handler, whatever the policy calls it. One finding speaks of all
such sentences, for they have one cause.

Say that the controller instructs it (`under entrustment`, `on_behalf_of:`), or that for this the provider is a
controller of its own.

Bad:

    import cn.pipl
    policy p { provider: host  audience: user  effective: 2026-06-01 }
    party host is processor "Host"
    subject user is end_user "User"
    share usage to partner for analytics under separate_consent

Good:

    import cn.pipl
    policy p { provider: host  audience: user  effective: 2026-06-01 }
    party host is processor "Host"
    subject user is end_user "User"
    share usage to partner for analytics under entrustment
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.lint.roles import acting, is_instructed, processors
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.statements import OBJECTS, Sentence

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 21(2)", "PIPL art. 73(1)")
HELP = "say that the controller instructs it, or that for this the provider is a controller of its own"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
_MAX_RELATED = 6


def check(policy: Facts) -> Iterator[Finding]:
    parties = processors(policy)
    found = [(each, by) for each in policy.practices if (by := _giving(policy, each, parties)) is not None]
    if not found:
        return
    (first, party), *others = found
    more = f", and in {len(others)} more {'sentence' if len(others) == 1 else 'sentences'}" if others else ""
    message = f"{shown(party)} handles information for others, and gives it to third parties: {doing(first)}{more}"
    related = [policy.see_term(party, "said to be a processor here")]
    related += [policy.see(each, f"and here: {doing(each)}", _place(policy, each)) for each, _ in others[:_MAX_RELATED]]
    yield policy.of_sentence(first, message, _place(policy, first), related=tuple(related))


def _giving(policy: Facts, sentence: Sentence, parties: tuple[Definition, ...]) -> Definition | None:
    """The processor that gives personal information to third parties and does not say that it was told to."""
    says = sentence.says
    party = acting(policy, sentence, parties)
    if party is None or says.says("without") or _is_told(policy, sentence):
        return None
    if not any(policy.is_a(each, "data", "personal") for each in says.objects):
        return None
    for action in says.actions:
        if policy.is_a(action, "action", "share", "sell", "publish"):
            recipients = says.terms("to") or policy.order.field(action, "to")
            if any(policy.is_a(each, "party", "third_party") for each in recipients):
                return party
    return None


def _is_told(policy: Facts, sentence: Sentence) -> bool:
    """Whether it is done as instructed, on each of the grounds that a sentence states."""
    grounds = sentence.says.clauses.get("under", ())
    told = [any(policy.is_a(each, "basis", "entrustment", "required_by_law") for each in ground) for ground in grounds]
    return is_instructed(policy, sentence) and not (any(told) and not all(told))


def _place(policy: Facts, sentence: Sentence) -> Span:
    to = sentence.says.terms("to")
    return policy.place(sentence, to[0], "to") if to else policy.place(sentence, sentence.says.objects[0], OBJECTS)
