"""What the rules about prohibitions say: which words of a sentence a ban is about, and where it stands."""

from __future__ import annotations

from policyspec.acts import Clash
from policyspec.diagnostic import Related
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.statements import OBJECTS

# What a message points at first: the term that the ban is most likely about.
_ORDER = ("obj", "for", "to", "dest", "ground", "with", "via", "in", "source", "from", "act", "by")
# The clauses that a dimension is written in.
WORDS = {
    "obj": (OBJECTS,), "for": ("for",), "to": ("to",), "dest": ("to",), "ground": ("under", "when"), "with": ("with",),
    "via": ("via",), "in": ("in",), "source": ("from",), "from": ("from",), "act": ("action",), "by": ("by",),
}  # fmt: skip


def described(policy: Facts, clash: Clash, message: str) -> Finding:
    """The finding of a clash, at the term that is forbidden, with the ban as related place.

    In `message`, `{it}` is what the sentence does and `{why}` says how the term comes to be forbidden.
    """
    outside = _outside(policy, clash)
    if outside is not None:
        term, span = outside
        why = f": {shown(term)} is outside of what `only` admits"
        text = message.format(it=doing(clash.sentence), why=why)
        return Finding(text, clash.sentence.file, span, (ban_place(policy, clash),))
    met = sorted((each for each in clash.met if each[1] is not None), key=lambda each: _ORDER.index(each[0]))
    (d, written, forbidden), *_ = met or [("act", None, clash.sentence.says.actions[0])]
    span = _place(policy, clash, d, written)
    text = message.format(it=doing(clash.sentence), why=_why(policy, clash, d, written, forbidden))
    return Finding(text, clash.sentence.file, span, (ban_place(policy, clash),))


def _outside(policy: Facts, clash: Clash) -> tuple[Definition, Span] | None:
    """What the sentence writes where an `only` limits it, and what that does not admit."""
    if clash.ban.limit is None:
        return None
    admitted = [term for item in clash.ban.lifts for _, term in item]
    names = policy.names(clash.sentence, clash.ban.limit)
    return next((each for each in names if not any(policy.order.covers(x, each[0]) for x in admitted)), None)


def _place(policy: Facts, clash: Clash, d: str, written: Definition | None) -> Span:
    for word in WORDS[d]:
        for term, span in policy.names(clash.sentence, word):
            if term is written:
                return span
    return policy.start(clash.sentence)


def _why(policy: Facts, clash: Clash, d: str, written: Definition | None, forbidden: Definition) -> str:
    """`: x is below y`, by which one sees what the two sentences have to do with one another."""
    terms = [term for condition in clash.ban.conditions for item in condition for each, term in item if each == d]
    upper = next((each for each in terms if policy.order.covers(each, forbidden)), None)
    if written is None:
        return ""
    listed = f"{shown(written)} lists {shown(forbidden)}" if forbidden is not written else shown(forbidden)
    if upper is None or upper is forbidden or policy.fields(upper).get("root"):
        return f": {listed}" if forbidden is not written else ""
    return f": {listed}, which is {shown(upper)}" if forbidden is not written else f": {listed} is {shown(upper)}"


def ban_place(policy: Facts, clash: Clash) -> Related:
    """Where the ban stands, and what it forbids."""
    ban = clash.ban
    if ban.limit is None:
        return policy.see(ban.sentence, f"{doing(ban.sentence)} stands here")
    where = policy.clause(ban.sentence, ban.limit) if ban.limit else None
    return policy.see(ban.sentence, "`only` forbids what is outside of this", where)


def lifts(policy: Facts, clash: Clash) -> str:
    """What would lift the ban, as messages name it."""
    return " or ".join(" and ".join(f"`{term.name}`" for _, term in item) for item in clash.ban.lifts[:4])


def lift_place(policy: Facts, clash: Clash) -> tuple[Related, ...]:
    """Where the ban says what lifts it."""
    for word in ("unless", "without"):
        where = policy.clause(clash.ban.sentence, word)
        if where is not None:
            return (policy.see(clash.ban.sentence, "what is excepted", where),)
    return ()
