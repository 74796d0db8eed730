"""Two packs of rules demand opposite things.

A policy for several countries imports the packs of all of them, and these need not agree: one wants data to be kept for
at least three years that another wants deleted after one, or one forbids the very ground that another asks for. Then no
wording satisfies both. Which of them goes first, and for whom, is a question for counsel; the rule only points it out,
and only where the policy does what both are about.

Split the policy by its audience, or suppress the rule that does not hold, and say why.

Bad:

    import cn.network_data
    policy example { provider: us  audience: user  effective: 2026-06-01 }
    party us is controller "Us"
    subject user is end_user "User"
    store provision_record keep 3 years after disclosure
    rule kept_too_long "Nothing is kept for longer than a year" {
      every store provision_record needs keep at most 1 year
      level: error
    }

Good:

    import cn.network_data
    policy example { provider: us  audience: user  effective: 2026-06-01 }
    party us is controller "Us"
    subject user is end_user "User"
    store provision_record keep 3 years after disclosure
    rule kept_too_long "Nothing is kept for longer than five years" {
      every store provision_record needs keep at most 5 years
      level: error
    }
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from policyspec.diagnostic import Severity
from policyspec.lint import packs
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.periods import is_no_longer
from policyspec.scope import Definition
from policyspec.statements import Judgement, Period, Sentence, Statement

LEVEL = Severity.INFO
HELP = "split the policy by its audience, or suppress the rule that does not hold, and say why"

# The clauses that a pattern may be limited by.
_LIMITS = ("by", "from", "to", "for", "under", "when", "in", "with", "via", "without")


class _Part(NamedTuple):
    """A judgement with its pack, the name of its rule, and the acts that it wants: its pattern's, as needed."""

    pack: str
    name: str
    judgement: Judgement
    wanted: Statement


def check(policy: Facts) -> Iterator[Finding]:
    parts = list(_parts(policy))
    forbidding = [each for each in parts if each.judgement.word == "no"]
    asking = [each for each in parts if each.judgement.word != "no"]
    for one, other in _of_two_packs(asking, forbidding):
        if _is_inside(policy, one.wanted, other.wanted) and _is_asked(policy, one, other):
            yield _found(policy, one, other, "what the one asks for, the other forbids")
    timed = [each for each in asking if _keeps(each)]
    for one, other in _of_two_packs(timed, timed):
        if _is_too_long(one, other) and any(
            _matches(policy, one, each) and _matches(policy, other, each) for each in policy.practices
        ):
            yield _found(policy, one, other, "the least time of the one is more than the most of the other")


def _of_two_packs(ones: list[_Part], others: list[_Part]) -> Iterator[tuple[_Part, _Part]]:
    by_pack: dict[str, list[_Part]] = {}
    for each in others:
        by_pack.setdefault(each.pack, []).append(each)
    for one in ones:
        for pack, those in by_pack.items():
            if pack != one.pack:
                yield from ((one, other) for other in those)


def _is_asked(policy: Facts, one: _Part, other: _Part) -> bool:
    """Whether a rule wants what another forbids. `some` does; `every` does where the policy does what it is about, and
    the other rule would let it do that in another way.
    """
    pattern = one.judgement.pattern
    if one.judgement.word == "some" or pattern is None:
        return True
    return not _is_inside(policy, pattern, other.wanted) and any(
        _matches(policy, one, each) for each in policy.practices
    )


def _parts(policy: Facts) -> Iterator[_Part]:
    for pack, demand in packs.in_language(policy):
        remarks = [*demand.fields.get("level", ()), *demand.fields.get("status", ())]
        if demand.given or {"info", "future", "draft"} & {each for each in remarks if isinstance(each, str)}:
            continue
        for each in demand.judgements:
            if each.pattern is None or each.pattern.modality:
                continue
            needs = each.needs.clauses if each.needs is not None else {}
            wanted = replace(each.pattern, clauses={**each.pattern.clauses, **needs})
            name = f"{pack}.{demand.name}" if pack in policy.imports else demand.name
            yield _Part(pack, name, each, wanted)


def _found(policy: Facts, one: _Part, other: _Part, why: str) -> Finding:
    return policy.of_policy(f"`{one.name}` and `{other.name}` cannot both be satisfied: {why}")


def _is_inside(policy: Facts, inner: Statement, outer: Statement) -> bool:
    """Whether all acts of one pattern are acts of another."""
    if not inner.actions or not _cover(policy, outer.actions, inner.actions):
        return False
    if outer.objects and not (inner.objects and _cover(policy, outer.objects, inner.objects)):
        return False
    return all(
        inner.terms(word) and _cover(policy, outer.terms(word), inner.terms(word))
        for word in _LIMITS
        if word in outer.clauses
    )


def _cover(policy: Facts, uppers: tuple[Definition, ...], lowers: tuple[Definition, ...]) -> bool:
    return all(any(policy.order.covers(upper, each) for upper in uppers) for each in lowers)


def _matches(policy: Facts, part: _Part, sentence: Sentence) -> bool:
    """Whether a sentence does something that a rule is about."""
    pattern, says = part.judgement.pattern, sentence.says
    if pattern is None:
        return False
    unsaid = {"by": sentence.by, "from": sentence.from_, "to": pattern.terms("to")}
    stated = [(pattern.actions, says.actions), (pattern.objects, says.objects)]
    stated += [
        (pattern.terms(word), says.terms(word) or unsaid.get(word, ())) for word in _LIMITS if word in pattern.clauses
    ]
    return all(not ones or any(policy.order.common(x, y) for x in ones for y in others) for ones, others in stated)


def _is_too_long(one: _Part, other: _Part) -> bool:
    """Whether the least time of the one is more than the most of the other."""
    return any(
        least.form == most.form == "lasting"
        and least.word == "at_least"
        and most.word != "at_least"
        and least.event is most.event
        and not is_no_longer(least.amount, least.unit, most.amount, most.unit)
        for least in _keeps(one)
        for most in _keeps(other)
    )


def _keeps(part: _Part) -> tuple[Period, ...]:
    return part.judgement.needs.periods.get("keep", ()) if part.judgement.needs is not None else ()
