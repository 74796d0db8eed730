"""How people exercise their rights, by what a policy says of the rights and of granting them."""

from __future__ import annotations

from collections.abc import Mapping

from policyspec.lint import sets
from policyspec.lint.facts import Facts
from policyspec.scope import Definition


def ways(policy: Facts, *rights: str) -> Mapping[Definition, tuple[Definition, ...]]:
    """The channels of each own right that is one of these of the library, in the order of the text.

    They stand with the right, or in a sentence that grants it or a right above it. There may be none.
    """
    own = sets.own(policy, "right", *rights)
    if not own:
        return {}
    granted = policy.once("ways of rights", lambda: _granted(policy))
    known = policy.order.bits(granted)
    found = {}
    for right in own:
        fields = policy.fields(right)
        channels = [*fields.get("channel", ()), *fields.get("fallback", ())]
        channels += [way for above in policy.order.of(policy.order.above(right) & known) for way in granted[above]]
        found[right] = tuple(dict.fromkeys(each for each in channels if each.kind == "channel"))
    return found


def _granted(policy: Facts) -> Mapping[Definition, Mapping[Definition, None]]:
    """The means by which sentences grant each right."""
    granted: dict[Definition, dict[Definition, None]] = {}
    for sentence in sets.sentences(policy, sets.promises(policy) & sets.having(policy, "via")):
        via = sentence.says.terms("via")
        for each in sentence.says.objects:
            if each.kind == "right" and via:
                granted.setdefault(each, {}).update(dict.fromkeys(via))
    return granted


def is_open(policy: Facts, channel: Definition) -> bool:
    """Whether a channel is of the policy's own making, so that it may be anything."""
    return not channel.is_library and not policy.order.parents(channel)
