"""A title is not given in a language that nearly all of the others have.

A policy that is published in two languages says the same in both. A term or section whose title was forgotten in one of
them appears there under its name, or in the other language. A title without a language tag is the same in all: a name,
for instance.

Give the title in the missing language as well.

Bad:

    data a is email "Email"@en "邮箱"@zh
    data b is name "Name"@en "姓名"@zh
    data c is photo "Photo"@en "照片"@zh
    data d is username "User name"@en "用户名"@zh
    data e is ip_address "IP address"@en

Good:

    data a is email "Email"@en "邮箱"@zh
    data b is name "Name"@en "姓名"@zh
    data c is photo "Photo"@en "照片"@zh
    data d is username "User name"@en "用户名"@zh
    data e is advertising_id "IDFA"
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.languages import main_languages, tagged
from policyspec.source import Span
from policyspec.syntax import nodes

LEVEL = Severity.INFO
HELP = "give the title in the missing language as well"


def check(policy: Facts) -> Iterator[Finding]:
    titled = list(_titled(policy))
    languages = main_languages(found for found, _, _ in titled)
    for found, path, span in titled if len(languages) > 1 else ():
        missing = sorted(languages - found)
        if found and missing:
            yield Finding(f"no title in {' and '.join(f'`@{each}`' for each in missing)}", path, span)


def _titled(policy: Facts) -> Iterator[tuple[frozenset[str], str, Span]]:
    """The languages of each term's and section's titles, with the place of its first title."""
    for node, path, base in policy.declarations.values():
        if node.titles:
            yield tagged(node.titles), path, node.titles[0].span.shifted(base)
    for placed in policy.items:
        if type(placed.node) is nodes.Section and placed.node.titles:
            yield tagged(placed.node.titles), placed.path, placed.span(placed.node.titles[0].span)
