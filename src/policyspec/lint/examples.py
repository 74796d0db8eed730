"""The bad and good examples of rules, as policies: what a rule's page shows is what its test runs."""

from __future__ import annotations

import re

from policyspec.lint.rule import LOGIC, Rule

PATH = "example.policy"
_POLICY = re.compile(r"^\s*policy\b", re.M)
_FRAME = """\
policy example { provider: us  audience: user  effective: 2026-06-01 }
party us is controller "Us"
subject user is end_user "User"
"""


def example(rule: Rule, text: str, is_pack: bool) -> str:
    """An example as a whole policy. One that declares no policy gets a small one in front; `is_pack`: and its pack."""
    if _POLICY.search(text):
        return text
    first = f"import {rule.pack}\n" if is_pack and rule.pack != LOGIC else ""
    return first + _FRAME + text
