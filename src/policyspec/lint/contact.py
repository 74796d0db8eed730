"""How the provider of a policy can be reached."""

from __future__ import annotations

from policyspec.lint.facts import Facts
from policyspec.scope import Definition

_OF_PARTY = ("contact", "address", "website", "data_protection_officer")


def is_reachable(policy: Facts) -> bool:
    """Whether the policy gives any address of its provider: in its header, with the provider, or with a channel."""
    if policy.policy_fields.get("contact"):
        return True
    if any(policy.fields(each).get(name) for each in policy.provider for name in _OF_PARTY):
        return True
    return any(policy.fields(each).get("contact") for each in policy.own if each.kind == "channel")


def lacking(policy: Facts, field: str) -> list[Definition]:
    """The providers that the policy declares and says nothing of in a field."""
    return [each for each in policy.provider if not each.is_library and not policy.fields(each).get(field)]
