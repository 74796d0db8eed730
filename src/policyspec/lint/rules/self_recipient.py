"""Someone gives data to themselves.

A company that shares data with itself shares nothing, and “any third party other than us” excepts someone who is no
third party. The same goes for people who are given their own data: that is access, not sharing. Such sentences were
mostly meant for somebody else: an affiliate, a partner, another user.

Name who is meant, or leave it out.

Bad:

    share email to us, partner for newsletter under consent

Bad:

    never share personal to third_party unless us, separate_consent

Bad:

    share photo to user under contract

Good:

    party other_users is other_user "Other users"
    share email to partner for newsletter under consent
    never share personal to third_party unless separate_consent
    share photo to other_users under contract
"""

from collections.abc import Iterator

from policyspec.diagnostic import Fix, Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.lint.lists import without_item, written
from policyspec.statements import Sentence

LEVEL = Severity.WARNING
HELP = "name who is meant, or leave it out"
FIX = "unsafe"
# Of these, the person is no recipient: to disclose one's data to oneself may be access.
_SHARING = ("share", "sell")


def check(policy: Facts) -> Iterator[Finding]:
    giving = sets.doing(policy, "disclose")
    themselves = sets.naming(policy, "to", *policy.provider) | sets.naming(policy, "unless", *policy.provider)
    # Those whose data they are, as sentences say, or as they do not say.
    people = {*sets.terms(policy, "from"), *(x for each in sets.sentences(policy, giving) for x in each.from_)}
    themselves |= sets.naming(policy, "to", *people)
    for sentence in sets.sentences(policy, giving & themselves):
        says = sentence.says
        by, from_ = says.terms("by") or sentence.by, says.terms("from") or sentence.from_
        for word in ("to", "unless"):
            for item, place in written(policy, sentence, word):
                if len(item) != 1:
                    continue
                if {*by} == {*item} and item[0] in policy.provider:
                    message = f"{shown(*item)} is no recipient of what it shares itself"
                elif word == "to" and {*from_} == {*item} and _is_sharing(policy, sentence):
                    message = f"{doing(sentence)} to {shown(*item)}, whose data they are, is no sharing"
                else:
                    continue
                edit = without_item(policy, sentence, word, place)
                fixes = (Fix(f"leave out {shown(*item)}", (edit,)),) if edit is not None else ()
                yield policy.of_sentence(sentence, message, place, fixes=fixes)


def _is_sharing(policy: Facts, sentence: Sentence) -> bool:
    return all(policy.is_a(each, "action", *_SHARING) for each in sentence.says.actions)
