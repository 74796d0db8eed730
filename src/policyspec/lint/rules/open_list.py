"""A list goes on without saying how.

“Your name, email address, etc.” may mean anything. A list of data, recipients or purposes that ends with `etc` does
not tell readers what they read it for, and no rule or test can say what is in it. Means and safeguards are mostly meant
as examples, a prohibition only gets broader, and what is done with nobody's data needs no limit: there it is a remark.
Nothing is said of the means of a duty: one more way to tell people takes nothing from them.

List all, or name the term that is meant, such as `contact_information`.

Bad:

    collect name, email, etc for newsletter under consent

Good:

    collect name, contact_information for newsletter under consent

Bad:

    share email to advertiser, etc for marketing under consent

Good:

    share email to advertiser, data_broker for marketing under consent

Good:

    must notify user when policy_change via email, push, etc within "30 days beforehand"
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, doing
from policyspec.lint.wording import open_lists
from policyspec.statements import OBJECTS, Sentence

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
            if word == "via" and (says.modality in ("must", "should") or _is_for_people(policy, sentence)):
                continue
            noun = _NOUNS.get(word, "things")
            if word == OBJECTS:
                noun = "data" if any(each.kind == "data" for each in says.objects) else "things"
            is_grave = noun in _GRAVE and says.modality != "never" and not _is_about_nobody(policy, sentence)
            level = None if is_grave else Severity.INFO
            yield policy.of_sentence(sentence, f"{doing(sentence)} leaves open its list of {noun}", span, level=level)


def _is_for_people(policy: Facts, sentence: Sentence) -> bool:
    return any(policy.is_a(each, "action", "notify", "grant", "respond") for each in sentence.says.actions)


def _is_about_nobody(policy: Facts, sentence: Sentence) -> bool:
    """Whether a sentence is about data, and about none that are personal."""
    data = [each for each in sentence.says.objects if each.kind == "data"]
    return bool(data) and not any(policy.is_a(each, "data", "personal") for each in data)
