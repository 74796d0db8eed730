"""Two terms of one kind have the same title.

Readers see titles, not names: to them the two are one, and what is said of each seems to be said of both. Perhaps they
are one, declared twice; perhaps the title of one was copied and not changed. Members of different lists may have the
same title, such as an exception that two lists of exceptions have.

Remove one of them, or give it a title that tells it from the other.

Bad:

    data login_name is username "User name"
    data display_name is username "User name"

Good:

    data login_name is username "Name you log in with"
    data display_name is username "Name that others see"

Good:

    exception for_collection "When we collect without asking" { by_law is required_by_law "The law demands it" }
    exception for_sharing "When we share without asking" { by_law is required_by_law "The law demands it" }
"""

from collections.abc import Iterable, Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.texts import titles
from policyspec.scope import Definition

LEVEL = Severity.WARNING
HELP = "remove one of them, or give it a title that tells it from the other"


def check(policy: Facts) -> Iterator[Finding]:
    first: dict[tuple[str, Definition | None, str], Definition] = {}
    for term in _alike(policy):
        for title in titles(policy, term):
            said = " ".join(title.text.casefold().split())
            other = first.setdefault((term.kind, term.outer, said), term) if said else term
            if other is not term:
                message = f"{shown(term)} has the title of {shown(other)}: “{title.text}”"
                related = (policy.see_term(other, "the other one"),)
                yield Finding(message, title.path, title.whole, related)
                break


def _alike(policy: Facts) -> Iterable[Definition]:
    """The terms that may have the title of another one; their definitions do not say where the titles stand."""
    if any("\\" in source.text for source in policy.sources.values()):
        # What is written with an escape is compared as it is written.
        return policy.own
    found: dict[tuple[str, Definition | None, str], list[Definition]] = {}
    for term in policy.own:
        for text, _ in term.titles:
            found.setdefault((term.kind, term.outer, " ".join(text.casefold().split())), []).append(term)
    alike = {each for those in found.values() if len(those) > 1 for each in those}
    return [each for each in policy.own if each in alike] if alike else ()
