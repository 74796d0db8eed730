"""A section has a title and nothing in it.

Readers find a heading and no text. Either what belongs there was forgotten, or the section is no longer needed.

Say what belongs there, be it in prose, or remove the section.

Bad:

    section "How long we keep your data" { }

Good:

    section "How long we keep your data" { store email for newsletter under consent keep until withdrawal }
"""

from collections.abc import Iterator

from policyspec.diagnostic import Fix, Severity
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.removal import without
from policyspec.syntax import nodes

LEVEL = Severity.WARNING
HELP = "say what belongs there, or remove it"
FIX = "unsafe"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    for placed in policy.items:
        node = placed.node
        if type(node) is nodes.Section and not node.items:
            place = placed.span(node.titles[0].span if node.titles else node.span)
            said = f" “{node.titles[0].text}”" if node.titles else ""
            fix = Fix("remove it", (without(policy.sources[placed.path], placed.span(node.span)),))
            yield Finding(f"the section{said} is empty", placed.path, place, fixes=(fix,))
