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

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from policyspec.diagnostic import Severity
from policyspec.library import compiled
from policyspec.lint import packs
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.periods import is_no_longer
from policyspec.order import Order
from policyspec.scope import Definition, Resolution
from policyspec.statements import Demand, Judgement, Period, Sentence, Statement

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


class _Pairs(NamedTuple):
    """Parts of two packs, of which the one asks for what the other forbids, or to keep something for longer."""

    opposite: tuple[tuple[_Part, _Part], ...]
    timed: tuple[tuple[_Part, _Part], ...]


def check(policy: Facts) -> Iterator[Finding]:
    found = _pairs_of(policy)
    asked: dict[int, bool] = {}
    for one, other in found.opposite:
        if id(one) not in asked:
            # What `some` wants is wanted of everybody.
            asked[id(one)] = one.judgement.word == "some" or any(_matches(policy, one, x) for x in policy.practices)
        if asked[id(one)]:
            yield _found(policy, one, other, "what the one asks for, the other forbids")
    for one, other in found.timed:
        if any(_matches(policy, one, each) and _matches(policy, other, each) for each in policy.practices):
            yield _found(policy, one, other, "the least time of the one is more than the most of the other")


def _pairs_of(policy: Facts) -> _Pairs:
    own = packs.of_own_files(policy)
    library = tuple(policy.resolutions[name] for name in sorted(policy.imports))
    if not own and not any(policy.resolutions[file].extensions for file in policy.sources):
        return _pairs_of_library(library)
    return _pairs(policy.order, (*_parts_of_library(library), *_parts(own, is_library=False)))


@lru_cache(maxsize=16)
def _pairs_of_library(library: tuple[Resolution, ...]) -> _Pairs:
    """The pairs of some modules of the library: the same for all policies that import these."""
    return _pairs(Order({each.module.name: each for each in library}), _parts_of_library(library))


@lru_cache(maxsize=16)
def _parts_of_library(library: tuple[Resolution, ...]) -> tuple[_Part, ...]:
    rules = [(each.module.name, demand) for each in library for demand in compiled.rules(each.module.name)]
    return tuple(_parts(rules, is_library=True))


def _pairs(order: Order, parts: Sequence[_Part]) -> _Pairs:
    forbidding = [each for each in parts if each.judgement.word == "no"]
    asking = [each for each in parts if each.judgement.word != "no"]
    timed = [each for each in asking if _keeps(each)]
    return _Pairs(
        tuple(pair for pair in _of_two_packs(asking, forbidding) if _is_opposite(order, *pair)),
        tuple(pair for pair in _of_two_packs(timed, timed) if _is_too_long(*pair)),
    )


def _of_two_packs(ones: list[_Part], others: list[_Part]) -> Iterator[tuple[_Part, _Part]]:
    by_pack: dict[str, list[_Part]] = {}
    for each in others:
        by_pack.setdefault(each.pack, []).append(each)
    for one in ones:
        for pack, those in by_pack.items():
            if pack != one.pack:
                yield from ((one, other) for other in those)


def _is_opposite(order: Order, one: _Part, other: _Part) -> bool:
    """Whether a rule wants what another forbids; where it is an `every`, the other would have to let it be done in
    another way.
    """
    pattern = one.judgement.pattern
    return _is_inside(order, one.wanted, other.wanted) and (
        one.judgement.word == "some" or pattern is None or not _is_inside(order, pattern, other.wanted)
    )


def _parts(rules: Iterable[tuple[str, Demand]], is_library: bool) -> Iterator[_Part]:
    for pack, demand in rules:
        remarks = [*demand.fields.get("level", ()), *demand.fields.get("status", ())]
        if demand.given or {"info", "future", "draft"} & {each for each in remarks if isinstance(each, str)}:
            continue
        for each in demand.judgements:
            if each.pattern is None or each.pattern.modality:
                continue
            needs = each.needs.clauses if each.needs is not None else {}
            wanted = replace(each.pattern, clauses={**each.pattern.clauses, **needs})
            yield _Part(pack, f"{pack}.{demand.name}" if is_library else demand.name, each, wanted)


def _found(policy: Facts, one: _Part, other: _Part, why: str) -> Finding:
    return policy.of_policy(f"`{one.name}` and `{other.name}` cannot both be satisfied: {why}")


def _is_inside(order: Order, inner: Statement, outer: Statement) -> bool:
    """Whether all acts of one pattern are acts of another."""
    if not inner.actions or not _cover(order, outer.actions, inner.actions):
        return False
    if outer.objects and not (inner.objects and _cover(order, outer.objects, inner.objects)):
        return False
    return all(
        inner.terms(word) and _cover(order, outer.terms(word), inner.terms(word))
        for word in _LIMITS
        if word in outer.clauses
    )


def _cover(order: Order, uppers: tuple[Definition, ...], lowers: tuple[Definition, ...]) -> bool:
    known = order.bits(uppers)
    return all(order.above(each) & known for each in lowers)


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
