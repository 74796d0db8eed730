"""An exception can never apply.

What a sentence excepts has nothing in common with what it is about: a prohibition about marketing that excepts
security, one about third parties that excepts processors, who are none. The exception was meant for another sentence,
or the sentence was meant to be broader. Where people only want to be clear, as with affiliates, it does no harm.

Leave the exception out, or say what the sentence is really about.

Bad:

    never use email for marketing unless security

Bad:

    never share personal to third_party unless affiliate

Good:

    never use email for marketing unless newsletter_marketing
    never share personal to anyone unless affiliate
    purpose newsletter_marketing is email_marketing "Our newsletter"
"""

from collections.abc import Iterator

from policyspec.diagnostic import Fix, Severity
from policyspec.lint.exceptions import can_apply, excepted
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.lint.lists import without_item

LEVEL = Severity.WARNING
HELP = "leave the exception out, or say what the sentence is really about"
FIX = "unsafe"


def check(policy: Facts) -> Iterator[Finding]:
    for each in excepted(policy):
        terms = [term for _, term in each.item]
        # That one is no third party to oneself is a matter of its own, and of rights the text has been spoken of.
        if can_apply(policy, each) or any(term in policy.provider or term.kind == "right" for term in terms):
            continue
        edit = without_item(policy, each.sentence, each.word, each.place)
        fixes = (Fix("leave the exception out", (edit,)),) if edit is not None else ()
        is_about_recipients = any(d == "to" for d, _ in each.item)
        yield policy.of_sentence(
            each.sentence,
            f"{shown(*terms)} is never part of what {doing(each.sentence)} is about, so that excepting it does nothing",
            each.place,
            fixes=fixes,
            level=Severity.INFO if is_about_recipients else None,
        )
