"""What the packs say that a policy imports, where that concerns the rules that no law is behind."""

from __future__ import annotations

from policyspec.lint.facts import Facts


def have(policy: Facts, *rules: str) -> bool:
    """Whether one of the imported packs has one of these rules: then it is found there, with the law behind it."""
    return any(each.rpartition(".")[0] in policy.imports for each in rules)
