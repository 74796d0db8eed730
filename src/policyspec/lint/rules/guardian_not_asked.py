"""Children under 14 are among those whose information is processed, and their guardians are not asked.

Whoever processes the information of a child under 14 obtains the consent of a parent or other guardian. Found are
practices about such children that rest on an agreement other than a guardian's, and policies that speak of such
children and nowhere say that a guardian's consent is obtained. To tell children that they should have it is not to
obtain it. A policy that collects nothing from them says so: `never collect personal from child`, with or without
`unless guardian_consent`.

Bad:

    subject child is user, minor "Child" { age: under 14 years }
    collect display_name from child for registration under consent

Bad:

    subject child is user, minor "Child" { age: under 14 years }
    collect display_name for registration under contract
    never disclose personal by child unless guardian_consent

Good:

    subject child is user, minor "Child" { age: under 14 years }
    collect display_name from child for registration under guardian_consent

Good:

    subject child is user, minor "Child" { age: under 14 years }
    collect display_name for registration under contract
    never collect personal from child
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import children, sets
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition
from policyspec.statements import Sentence

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 31(1)", "Network data regulations (2024) art. 22(1)(3)")
HELP = "say that the guardian's consent is obtained, `under guardian_consent`, or that nothing is collected from them"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    own = children.children(policy)
    found = False
    about = sets.naming(
        policy, "from", *(each for each in sets.terms(policy, "from") if children.is_child(policy, each))
    )
    for sentence in sets.sentences(policy, about & sets.practices(policy) & sets.having(policy, "under")):
        child = next((each for each in sentence.says.terms("from") if children.is_child(policy, each)), None)
        ground = _other_agreement(policy, sentence)
        if child is not None and ground is not None and "without" not in sentence.says.clauses:
            found = True
            message = f"{doing(sentence)} from {shown(child)} under `{ground.name}`, which is not the guardian's"
            place = policy.place(sentence, ground, "under")
            yield policy.of_sentence(sentence, message, place, level=Severity.ERROR)
    if own and not found and not children.are_kept_out(policy, own) and not _is_asked(policy):
        related = tuple(
            policy.see(sentence, "here they are told to have it")
            for sentence in policy.sentences
            if any(children.is_child(policy, each) for each in sentence.says.terms("by"))
            and any(_is_guardians(policy, each) for word in sentence.says.clauses for each in sentence.says.terms(word))
        )
        message = f"nothing is said of obtaining the consent of a guardian of {shown(*own)}"
        yield policy.of_term(own[0], message, related=related[:2])


def _is_guardians(policy: Facts, term: Definition) -> bool:
    return policy.is_a(term, "basis", "guardian_consent")


def _other_agreement(policy: Facts, sentence: Sentence) -> Definition | None:
    """An agreement that a sentence rests on without a guardian's."""
    for item in sentence.says.clauses.get("under", ()):
        if not any(_is_guardians(policy, each) for each in item):
            for each in item:
                if policy.is_a(each, "basis", "agreement"):
                    return each
    return None


def _is_asked(policy: Facts) -> bool:
    """Whether some sentence says that a guardian's consent is obtained, or that without it nothing is done."""
    for sentence in policy.sentences:
        says = sentence.says
        if says.modality == "never":
            # What children must not do is no promise of the provider's.
            if not says.says("by") and any(
                _is_guardians(policy, each) for word in ("unless", "without") for each in says.terms(word)
            ):
                return True
            continue
        if any(_is_guardians(policy, each) for each in says.terms("under")):
            return True
        if any(policy.is_a(each, "action", "obtain", "verify", "ask_consent", "document") for each in says.actions):
            if any(_is_guardians(policy, each) or policy.is_a(each, "subject", "guardian") for each in says.objects):
                return True
    return False
