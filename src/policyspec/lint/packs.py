"""What the packs say that a policy imports, where that concerns the rules that no law is behind."""

from __future__ import annotations

from policyspec.library import compiled
from policyspec.lint.facts import Facts
from policyspec.statements import Demand, demands


def have(policy: Facts, *rules: str) -> bool:
    """Whether one of the imported packs has one of these rules: then it is found there, with the law behind it."""
    return any(each.rpartition(".")[0] in policy.imports for each in rules)


def in_language(policy: Facts) -> list[tuple[str, Demand]]:
    """The rules in the language that hold for a policy, with the module or file that each is from."""
    found = [(name, each) for name in sorted(policy.imports) for each in compiled.rules(name)]
    return found + [(path, each) for path in policy.sources for each in demands(policy.resolutions[path])]
