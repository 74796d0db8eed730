"""What the packs say that a policy imports, where that concerns the rules that no law is behind."""

from __future__ import annotations

from policyspec.lint.facts import Facts
from policyspec.statements import Demand, demands
from policyspec.syntax import nodes


def have(policy: Facts, *rules: str) -> bool:
    """Whether one of the imported packs has one of these rules: then it is found there, with the law behind it."""
    return any(each.rpartition(".")[0] in policy.imports for each in rules)


def of_own_files(policy: Facts) -> list[tuple[str, Demand]]:
    """The rules in the language that the policy's own files have, with the file that each is from."""
    if all(type(each.node) is not nodes.Rule for each in policy.items):
        return []
    return [(path, each) for path in policy.sources for each in demands(policy.resolutions[path])]
