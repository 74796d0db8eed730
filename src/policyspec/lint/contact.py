"""How the provider of a policy can be reached."""

from __future__ import annotations

from policyspec.lint.facts import Facts

_OF_PARTY = ("contact", "address", "website", "data_protection_officer")


def is_reachable(policy: Facts) -> bool:
    """Whether the policy gives any address of its provider: in its header, with the provider, or with a channel."""
    if policy.policy_fields.get("contact"):
        return True
    if any(policy.fields(each).get(name) for each in policy.provider for name in _OF_PARTY):
        return True
    return any(policy.fields(each).get("contact") for each in policy.own if each.kind == "channel")
