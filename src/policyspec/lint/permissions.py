"""The permissions of Android that a policy names, the data behind them, and what wrong names were meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from policyspec.lint.facts import Facts
from policyspec.scope import Definition, Resolution

ANDROID = "android"


def of_android(policy: Facts) -> tuple[Definition, ...]:
    """The permissions that Android has, without the levels at which it grants them."""
    resolution = policy.resolutions.get(ANDROID)
    return _of_android(resolution) if resolution is not None else ()


# The library is always the same, and what follows from it alone is so for all policies.
@lru_cache(maxsize=2)
def _of_android(resolution: Resolution) -> tuple[Definition, ...]:
    permissions = [each for each in resolution.module.definitions if each.kind == "permission"]
    levels = {above for each in permissions for above in resolution.parents.get(each, ())}
    return tuple(each for each in permissions if each not in levels)


def other_names(policy: Facts) -> Mapping[str, tuple[Definition, ...]]:
    """Names that Android does not have, in upper case, with the permissions that may be meant by them.

    The library has them as aliases, in full: `android.permission-group.MICROPHONE`. What Android does have is there
    too, by its own name, for it may stand behind a name that is wrong otherwise, such as `android.permission.CAMERA`.
    """
    resolution = policy.resolutions.get(ANDROID)
    return _other_names(resolution) if resolution is not None else {}


@lru_cache(maxsize=2)
def _other_names(resolution: Resolution) -> Mapping[str, tuple[Definition, ...]]:
    found: dict[str, tuple[Definition, ...]] = {}
    permissions = _of_android(resolution)
    for each in permissions:
        for alias in resolution.fields.get(each, {}).get("alias", ()):
            name = alias.rpartition(".")[2]
            found[name] = (*found.get(name, ()), each)
    return found | {each.name: (each,) for each in permissions}


def meant(policy: Facts, term: Definition, names: Mapping[str, tuple[Definition, ...]]) -> tuple[Definition, ...]:
    """The permissions of Android that a permission of a policy is, or that it is probably meant to be; `names` is what
    `other_names` gives."""
    above = [each for each in policy.order.of(policy.order.above(term)) if each.module == ANDROID and each.is_library]
    known = [each for each in above if each.is_defined and each.name in names]
    return tuple(known) or tuple(real for each in above if not each.is_defined for real in behind(each, names))


def behind(unknown: Definition, names: Mapping[str, tuple[Definition, ...]]) -> tuple[Definition, ...]:
    """What the name of a term that Android does not have was meant to be."""
    return names.get(unknown.name.upper(), ())


def named(policy: Facts, names: Mapping[str, tuple[Definition, ...]]) -> frozenset[Definition]:
    """The permissions of Android that a policy declares or speaks of."""
    terms = [*policy.own, *policy.mentions]
    return frozenset(real for each in terms if each.kind == "permission" for real in meant(policy, each, names))


def given(policy: Facts, permissions: Iterable[Definition]) -> tuple[Definition, ...]:
    """The data that permissions open."""
    return tuple(dict.fromkeys(data for each in permissions for data in policy.order.field(each, "gives")))


def asked_for(policy: Facts, among: Iterable[Definition] | None = None) -> int:
    """The data behind permissions that people are asked for, as a set; `among`: behind these."""
    return opened(policy, "runtime_permission", among) | opened(policy, "special_access", among)


def opened(policy: Facts, level: str, among: Iterable[Definition] | None = None) -> int:
    """The data behind permissions of one level, as a set."""
    if among is None:
        return policy.once(("opened", level), lambda: opened(policy, level, of_android(policy)))
    found, such = 0, policy.once(("level", level), lambda: _of_level(policy, level))
    for each in among:
        if policy.order.bit(each) & such:
            for data in policy.order.field(each, "gives"):
                found |= policy.order.below(data)
    return found


def _of_level(policy: Facts, level: str) -> int:
    term = policy.term("permission", level, ANDROID)
    return policy.order.below(term) if term is not None else 0


def opening(policy: Facts) -> Mapping[Definition, int]:
    """The permissions that people are asked for, each with the data that it opens, as a set."""
    return policy.once("opening", lambda: _opening(policy))


def _opening(policy: Facts) -> Mapping[Definition, int]:
    found = {each: asked_for(policy, (each,)) for each in of_android(policy)}
    return {each: data for each, data in found.items() if data}


def is_about(policy: Facts, about: int, data: Iterable[Definition]) -> bool:
    """Whether one of these data covers something in a set, or something in the set covers it."""
    order = policy.order
    return any((order.above(each) | order.below(each)) & about for each in data)


def sort(policy: Facts, terms: Iterable[Definition]) -> int:
    """What sort of data terms are, as a set: each term, and of an own one the nearest terms of the library above it.

    `position is location` is so of a sort with the approximate location. Everything is personal, so that is no sort.
    """
    order = policy.order
    themselves = {*terms}
    seen, todo, near = {*themselves}, [each for each in themselves if not each.is_library], {*themselves}
    while todo:
        for upper in order.parents(todo.pop()):
            if upper.is_library:
                near.add(upper)
            elif upper not in seen:
                seen.add(upper)
                todo.append(upper)
    return order.bits(each for each in near if order.parents(each))
