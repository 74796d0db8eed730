"""A term has no title, and nothing else says what it is.

A name such as `extension` or `cat7` is for the file. Readers of the policy see titles; a term without one appears under
its name. Where it is below a term of the vocabulary, that one's title may serve; where it is below none, nobody can
tell what it is.

Give it a title, a `definition:`, or a term that it is below.

Bad:

    event cat7
    must notify user when cat7 via email

Good:

    event price_change "A price changes"
    must notify user when price_change via email

Good:

    event price_change is policy_change
    must notify user when price_change via email
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown

LEVEL = Severity.INFO
HELP = "give it a title, a `definition:`, or a term that it is below"


def check(policy: Facts) -> Iterator[Finding]:
    for term in policy.own:
        if not term.titles and not policy.fields(term).get("definition") and term in policy.declarations:
            parents = policy.declarations[term][0].parents
            if not parents and not any(each.name.text == "alias" for each in policy.declarations[term][0].members):
                yield policy.of_term(term, f"nothing says what {shown(term)} is")
