"""Data serve a purpose that is not among those that they are collected for.

Two cases are found. A permission list says what a permission is for, and the sentence that collects the same data
gives other purposes: one of the two is not up to date. And data are collected under consent for one thing, while
another sentence uses them for something else on no basis of its own: consent reaches no further than what it was
given for. Purposes of which one covers the other agree, and a use that states its own basis speaks for itself. What a
processor does for one is a means, not a purpose of its own. What several sentences say of the same data and purposes
is found once.

Name the purpose where the data are collected too, or state the basis of the further use.

Bad:

    permission CAMERA "Camera" { gives: camera_image }
    collect optional camera_image for publish_media under consent
    use camera_image for identity_verification via CAMERA

Bad:

    collect email for newsletter under consent
    use email for personalised_recommendation

Good:

    permission CAMERA "Camera" { gives: camera_image }
    collect optional camera_image for publish_media, identity_verification under consent
    use camera_image for identity_verification via CAMERA

Good:

    party sender is communication_provider, processor "Sender of our letters"
    collect email for newsletter under consent
    use email for legal_compliance under legal_duty
    entrust email to sender for communication
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.obtaining import by_provider, obtaining
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence

LEVEL = Severity.WARNING
HELP = "name the purpose where the data are collected too, or state the basis of the further use"


class _Collected(NamedTuple):
    """The sentences by which a datum is obtained, and their purposes: whether these are all that there are, and whether
    all of it rests on agreement.
    """

    sentences: Mapping[Sentence, None]
    purposes: tuple[Definition, ...]
    is_limited: bool
    is_agreed: bool


def check(policy: Facts) -> Iterator[Finding]:
    using = sets.practices(policy) & sets.having(policy, "for") & ~sets.having(policy, "without")
    using &= by_provider(policy) & ~sets.doing(policy, "collect", "derive", "entrust")
    by_permission = sets.naming(
        policy, "via", *(each for each in sets.terms(policy, "via") if each.kind == "permission")
    )
    using &= by_permission | ~sets.having(policy, "under", "when")
    if not using:
        return
    sources = _sources(policy, obtaining(policy) & ~by_permission)
    collections: dict[Definition, _Collected] = {}
    done: set[tuple[Definition, ...]] = set()
    for sentence in sets.sentences(policy, using):
        says = sentence.says
        purposes = says.terms("for")
        if not purposes:
            continue
        asked = [each for each in says.terms("via") if each.kind == "permission"]
        for term in says.objects:
            if term not in collections:
                collections[term] = _collection(policy, term, sources)
            found = collections[term]
            if sentence in found.sentences:
                # What it says itself of where the data come from does not count.
                found = _collected(policy, [each for each in found.sentences if each is not sentence])
            if not found.sentences or not (asked or found.is_agreed):
                continue
            other = [x for x in purposes if not any(policy.order.common(x, y) for y in found.purposes)]
            if found.is_limited and other and (term, *other) not in done:
                done.add((term, *other))
                first = next(iter(found.sentences))
                aims = shown(*found.purposes)
                how = "" if asked else " under consent"
                message = f"{shown(term)} serves {shown(*other)} here, and is collected{how} for {aims}"
                there = policy.see(first, "collected here", policy.place(first, term, OBJECTS))
                span = policy.place(sentence, other[0], "for")
                yield policy.of_sentence(sentence, message, span, related=(there,))


def _sources(policy: Facts, obtaining: int) -> dict[Definition, list[Sentence]]:
    """By datum, the sentences of a set that obtain it."""
    found: dict[Definition, list[Sentence]] = {}
    for sentence in sets.sentences(policy, obtaining):
        for each in sentence.says.objects:
            if not policy.fields(each).get("root"):
                found.setdefault(each, []).append(sentence)
    return found


def _is_agreed(policy: Facts, sentence: Sentence) -> bool:
    items = sentence.says.clauses.get("under", ())
    return bool(items) and all(all(policy.is_a(each, "basis", "agreement") for each in item) for item in items)


def _collection(policy: Facts, term: Definition, sources: Mapping[Definition, Sequence[Sentence]]) -> _Collected:
    above = (each for each in policy.order.of(policy.order.above(term)) if each in sources)
    return _collected(policy, [one for each in above for one in sources[each]])


def _collected(policy: Facts, sentences: Sequence[Sentence]) -> _Collected:
    said = [each.says for each in sentences]
    return _Collected(
        dict.fromkeys(sentences),
        tuple(dict.fromkeys(each for says in said for each in says.terms("for"))),
        all(says.terms("for") and "for" not in says.is_open for says in said),
        all(_is_agreed(policy, each) for each in sentences),
    )
