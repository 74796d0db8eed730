"""What would lift a ban, and how far a sentence is from it: what the milder kinds of clash say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product

from policyspec.acts import DIMENSIONS, JOINT, SCOPE, Box, Clash, Item
from policyspec.diagnostic import Edit
from policyspec.lint.facts import Facts, doing
from policyspec.lint.grouping import by_object
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.statements import Sentence
from policyspec.syntax.nodes import Clause

# How many choices, and how many other sentences, are looked at.
_LIMIT = 200


def named(clash: Clash) -> str:
    """A ban, as messages name it."""
    ban = clash.ban
    return doing(ban.sentence) if ban.limit is None else f"the limit of {doing(ban.sentence)}"


def not_excepted(policy: Facts, clash: Clash) -> list[tuple[Definition, ...]]:
    """The circumstances of an exemption that do not lift the ban; none where it says no circumstances."""
    return [
        item
        for item in clash.sentence.says.clauses.get("when", ())
        if not all(
            policy.acts.is_lifted({**clash.act, "ground": frozenset(pick)}, clash.ban.lifts)
            for pick in islice(product(*(policy.order.members(term) for term in item)), _LIMIT)
        )
    ]


def excepting(clash: Clash, items: Sequence[Sequence[Definition]]) -> Edit | None:
    """The edit that adds circumstances to what the ban excepts; None where the ban stands in another file.

    The names are those that the exemption writes.
    """
    sentence, ban = clash.sentence, clash.ban.sentence
    if sentence.file != ban.file:
        return None
    written = _clause(clash, "when")
    if written is None:
        return None
    wanted = [
        " and ".join(name.text for name in node.names)
        for node, terms in zip(
            (each for each in written.items if each.names), sentence.says.clauses["when"], strict=False
        )
        if terms in items
    ]
    if not wanted:
        return None
    node = ban.node.statement
    last = next((each for each in node.clauses if each.word.text == "unless"), None)
    end = (last.span.end if last is not None else node.span.end) + ban.base
    return Edit(Span(end, end), f"{', ' if last is not None else ' unless '}{', '.join(wanted)}")


def _clause(clash: Clash, word: str) -> Clause | None:
    return next((each for each in clash.sentence.node.statement.clauses if each.word.text == word), None)


def broader(policy: Facts, clash: Clash) -> Iterator[tuple[str, Definition, Definition]]:
    """The dimensions in which a forbidden act states more than a lift allows: what it states, and what is allowed."""
    for item in clash.ban.lifts:
        for d, term in item:
            if not policy.acts.is_satisfied(clash.act, ((d, term),)):
                for each in sorted(clash.act[d], key=lambda each: each.path):
                    if policy.order.covers(each, term):
                        yield d, each, term


def not_stated_elsewhere(policy: Facts, clashes: Iterable[Clash]) -> Iterator[Clash]:
    """Those of some clashes of which no other sentence says what would lift the ban: a policy need not say it twice."""
    stating = by_object(
        each for each in policy.sentences if each.says.modality != "never" and "without" not in each.says.clauses
    )
    known = policy.order.bits(stating)
    for clash in clashes:
        above = [x for obj in clash.act["obj"] for x in policy.order.of(policy.order.above(obj) & known)]
        others = (each for term in above for each in stating[term] if each is not clash.sentence)
        if not any(_states(policy, each, clash) for each in islice(others, _LIMIT)):
            yield clash


def _states(policy: Facts, sentence: Sentence, clash: Clash) -> bool:
    """Whether a sentence is about all of an act, and says of it what lifts the ban."""
    return any(
        not box.entailed and _is_covered(policy, clash, box) and _is_lifting(policy, clash, box)
        for box in policy.acts.boxes(sentence)
    )


def _is_covered(policy: Facts, clash: Clash, box: Box) -> bool:
    """Whether a box, of all that it says, leaves no part of the act out."""
    order = policy.order
    for d in SCOPE:
        for stated in clash.act[d]:
            also = order.field(stated, "told_with") if d == "act" else ()
            if not any(each is None or any(order.covers(each, x) for x in (stated, *also)) for each in box.dims[d]):
                return False
    circumstances = clash.act["ground"]
    return all(
        each.kind == "basis" or any(order.covers(each, x) for x in circumstances)
        for ground in box.dims["ground"]
        for each in ground
    )


def _is_lifting(policy: Facts, clash: Clash, box: Box) -> bool:
    """Whether every alternative of what the box says, and the act does not, lifts the ban."""
    over = {d: box.dims[d] if d in JOINT or not clash.act[d] else box.dims[d][:1] for d in DIMENSIONS}
    for act in islice(box.acts(over), _LIMIT):
        full = {d: clash.act[d] | act[d] if d in JOINT else clash.act[d] or act[d] for d in (*DIMENSIONS, "dest")}
        if not policy.acts.is_lifted(full, clash.ban.lifts):
            return False
    return True


def wanted(lifts: Sequence[Item]) -> str:
    """What would lift a ban, as messages name it: of many, the first three."""
    names = [" and ".join(f"`{term.name}`" for _, term in item) for item in lifts]
    names = list(dict.fromkeys(names))
    return " or ".join(names) if len(names) < 5 else f"{', '.join(names[:3])} or {len(names) - 3} more"
