"""What a rule is: its name, what it finds, and how grave that is.

A rule is a function of what a policy says: it has no state, does not depend on other rules, and never raises. It is
written in Python, as a module of `lint.rules`, or in the language, by a law pack or by a company for itself. Both have
the same identity, pages, levels and fixes.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from policyspec.diagnostic import Severity

# The pack of rules that no law is behind: they are about what the policy itself says, and always on.
LOGIC = "logic"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as `explain` and `rules` show it and as reports describe it.

    `name` names the fault; a library module's is in front of its rules' names (`cn.pipl.consent_not_separate`).
    `summary` is one line, `page` Markdown with what it finds, why, and what to do. `status` and the dates are those
    of the law behind it: `in_force`, `phased`, `future` or `draft`.
    """

    name: str
    level: Severity
    summary: str
    page: str = ""
    pack: str = LOGIC
    cite: tuple[str, ...] = ()
    help: str = ""
    fix: str = "none"
    status: str | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    suppressible: bool = True
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()


# What the engine itself has to say.
NOT_ASSESSED_RULE = Rule(
    "not_assessed",
    Severity.INFO,
    "Whether a rule applies depends on something that the policy does not state",
    "Some demands hold only for some: for those who handle the data of very many people, say. Whether that is so\n"
    "does not follow from a policy's sentences. Where its header does not say, the rules that depend on it are not\n"
    "assessed, which is not the same as kept.\n\n"
    "Say `holds: NAME` in the policy's header if it is so, and `holds_not: NAME` if it is not.",
)

RULE_FAILED_RULE = Rule(
    "rule_failed",
    Severity.WARNING,
    "A rule could not be run, because of a fault in policyspec",
    "The findings of other rules are not affected. Please report it, with the message and if possible the policy.",
)
