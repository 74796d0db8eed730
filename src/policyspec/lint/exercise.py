"""How people exercise their rights, by what a policy says of the rights and of granting them."""

from __future__ import annotations

from collections.abc import Mapping

from policyspec.lint.facts import Facts
from policyspec.scope import Definition


def ways(policy: Facts, *rights: str) -> Mapping[Definition, tuple[Definition, ...]]:
    """The channels of each own right that is one of these of the library, in the order of the text.

    They stand with the right, or in a sentence that grants it or a right above it. There may be none.
    """
    own = [each for each in policy.own if policy.is_a(each, "right", *rights)]
    if not own:
        return {}
    granted: dict[Definition, dict[Definition, None]] = {}
    for sentence in policy.sentences:
        via = sentence.says.terms("via")
        if via and sentence.says.modality != "never":
            for each in sentence.says.objects:
                if each.kind == "right":
                    granted.setdefault(each, {}).update(dict.fromkeys(via))
    known = policy.order.bits(granted)
    found = {}
    for right in own:
        fields = policy.fields(right)
        channels = [*fields.get("channel", ()), *fields.get("fallback", ())]
        channels += [way for above in policy.order.of(policy.order.above(right) & known) for way in granted[above]]
        found[right] = tuple(dict.fromkeys(each for each in channels if each.kind == "channel"))
    return found


def is_open(policy: Facts, channel: Definition) -> bool:
    """Whether a channel is of the policy's own making, so that it may be anything."""
    return not channel.is_library and not policy.order.parents(channel)
