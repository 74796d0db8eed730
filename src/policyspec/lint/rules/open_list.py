"""A list goes on without saying how.

“Your name, email address, etc.” may mean anything. A list of data, recipients or purposes that ends with `etc` does
not tell readers what they read it for, and no rule or test can say what is in it. Means and safeguards are mostly meant
as examples, and a prohibition only gets broader: there it is a remark.

List all, or name the term that is meant, such as `contact_information`.

Bad:

    collect name, email, etc for newsletter under consent

Good:

    collect name, contact_information for newsletter under consent

Bad:

    share email to advertiser, etc for marketing under consent

Good:

    share email to advertiser, data_broker for marketing under consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.lint.wording import open_lists
from policyspec.statements import OBJECTS

LEVEL = Severity.WARNING
HELP = "list all, or name a term that covers what is meant"

_NOUNS = {
    "to": "recipients", "for": "purposes", "under": "grounds", "when": "circumstances", "unless": "exceptions",
    "via": "means", "with": "safeguards", "in": "places", "from": "people or sources", "by": "those who do it",
}  # fmt: skip
_GRAVE = ("data", "recipients", "purposes")


def check(policy: Facts) -> Iterator[Finding]:
    for sentence in policy.sentences:
        says = sentence.says
        if not says.is_open:
            continue
        for word, span in open_lists(sentence):
            noun = _NOUNS.get(word, "things")
            if word == OBJECTS:
                noun = "data" if any(each.kind == "data" for each in says.objects) else "things"
            level = None if noun in _GRAVE and says.modality != "never" else Severity.INFO
            yield policy.of_sentence(sentence, f"{doing(sentence)} leaves open its list of {noun}", span, level=level)
