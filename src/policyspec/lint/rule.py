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
