"""What the rules of no law know of the packs' rules."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from policyspec.lint import registry, rules


def test_rules_that_find_the_same_exist() -> None:
    modules = [import_module(f"{rules.__name__}.{each.name}") for each in pkgutil.iter_modules(rules.__path__)]
    same = {name for module in modules for name in getattr(module, "SAME", ())}
    assert same
    assert same <= {*registry.known_rules()}
