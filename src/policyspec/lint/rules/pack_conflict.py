"""Two packs of rules demand opposite things.

A policy for several countries imports the packs of all of them, and these need not agree: one wants data to be kept for
at least three years that another wants deleted after one, or one forbids the very ground that another asks for. Then no
wording satisfies both. Which of them goes first, and for whom, is a question for counsel; the rule only points it out,
and only where the policy does what both are about.

Split the policy by its audience, or suppress the rule that does not hold, and say why.

Bad:

    import cn.pipl
    policy example { provider: us  audience: user  effective: 2026-06-01 }
    party us is controller "Us"
    subject user is end_user "User"
    collect health for health_care under separate_consent
    rule consent_for_health "Health data never rest on consent" {
      no collect, use, disclose personal under consent
      level: error
    }

Good:

    import cn.pipl
    policy example { provider: us  audience: user  effective: 2026-06-01 }
    party us is controller "Us"
    subject user is end_user "User"
    collect health for health_care under separate_consent
    rule weak_consent "Implied consent is not enough for us" {
      no collect, use, disclose personal under implied_consent
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
from policyspec.scope import Definition, file_stem
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
    for one in asking:
        for other in forbidding:
            if one.pack == other.pack or not _is_inside(policy, one.wanted, other.wanted):
                continue
            # `some` asks for an act. `every` only asks how it is done: what the other forbids anyway, one may leave.
            if one.judgement.word == "some" or (
                one.judgement.pattern is not None
                and not _is_inside(policy, one.judgement.pattern, other.wanted)
                and any(_matches(policy, one, each) for each in policy.practices)
            ):
                yield _found(policy, one, other, "what the one asks for, the other forbids")
    timed = [each for each in asking if _keeps(each)]
    for one in timed:
        for other in timed:
            if one.pack != other.pack and _is_too_long(one, other):
                if any(_matches(policy, one, each) and _matches(policy, other, each) for each in policy.practices):
                    yield _found(policy, one, other, "the least time of the one is more than the most of the other")


def _parts(policy: Facts) -> Iterator[_Part]:
    for pack, demand in packs.in_language(policy):
        if any(each in ("info", "off") for each in demand.fields.get("level", ())) or demand.given:
            continue
        for each in demand.judgements:
            if each.pattern is None or each.pattern.modality:
                continue
            needs = each.needs.clauses if each.needs is not None else {}
            wanted = replace(each.pattern, clauses={**each.pattern.clauses, **needs})
            stem = pack if pack in policy.imports else file_stem(pack)
            yield _Part(pack, f"{stem}.{demand.name}", each, wanted)


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
