"""A text refers to a section or annex that the policy does not have.

Sections are moved, merged and renumbered, and what refers to them stays behind. The rule compares references such as
“Section VII”, “Annex 2” and “第七节” in prose, titles, notes and definitions with the numbers of the sections' titles.
References to laws, contracts and other documents are none of its business, and neither is what `source:` says.

Give the section its number, or correct the reference.

Bad:

    section "1. What we collect" {
      collect email for newsletter under consent
      \"\"\"To withdraw your consent, write to the address in Section 4.\"\"\"
    }
    section "2. How to reach us" { must respond user via email within 10 days }

Good:

    section "1. What we collect" {
      collect email for newsletter under consent
      \"\"\"To withdraw your consent, write to the address in Section 2. Section 5 of the Act stays untouched.\"\"\"
    }
    section "2. How to reach us" { must respond user via email within 10 days }

Bad:

    section "一、我们收集的信息" { collect email for newsletter under consent }
    channel contact_address is email "第七节所列联系邮箱"@zh { contact: "privacy@example.com" }

Good:

    section "一、我们收集的信息" { collect email for newsletter under consent }
    channel contact_address is email "第一节所列联系邮箱"@zh { contact: "privacy@example.com" }
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.numbering import WORDS, Numbers, Reference, numbers, references
from policyspec.lint.texts import PROSE, TITLE, mentioning

LEVEL = Severity.WARNING
HELP = "give the section its number, or correct the reference"
ABSENCE = True

_READ = (TITLE, PROSE, "note", "definition", "refusal", "interest", "hedge", "scope", "effort")


def check(policy: Facts) -> Iterator[Finding]:
    known: Numbers | None = None
    for text in mentioning(policy, WORDS, *_READ):
        for each in references(text.text):
            known = known or numbers(policy)
            if not _exists(each, known):
                said = text.text[each.start : each.end]
                yield Finding(f"the policy has no “{said}”", text.path, text.span(each.start, each.end))


def _exists(reference: Reference, known: Numbers) -> bool:
    number, kind = reference.number, reference.kind
    if kind == "annex":
        return number in known.annexes or "" in known.annexes
    if kind == "article" and not reference.is_own and not known.articles:
        return True  # an article of some law
    if number in known.inner:
        return True
    first, _, inner = number.partition(".")
    if not known.sections:
        # Nothing is numbered, so one counts.
        return first.isdigit() and 0 < int(first) <= known.outermost
    # What is inside of a section may be prose that the file does not divide.
    return bool(inner) and first in known.sections and first not in known.divided
