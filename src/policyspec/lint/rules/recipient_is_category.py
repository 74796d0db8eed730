"""A kind of recipient stands where a recipient could.

“We share it with advertisers” names nobody. Kinds of recipient are enough for some laws and for some recipients, and
often a name says more: people can then look up what happens to their data there. The rule is about terms of the
vocabulary that stand as recipients by themselves; a party that the policy declares says who is meant.

Declare the recipients as parties of your own, or say in a definition what belongs to the kind.

Bad:

    share email to advertiser for advertising under consent

Good:

    party adnet is advertising_network "Example Ads Ltd"
    share email to adnet for advertising under consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import packs, sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.obtaining import by_provider
from policyspec.scope import Definition

LEVEL = Severity.INFO
HELP = "declare the recipients as parties of your own"
# Nobody can name these beforehand, or everybody knows them.
_UNNAMED = ("public", "government", "acquirer", "other_user", "personnel", "emergency_services", "authorised_agent")


def check(policy: Facts) -> Iterator[Finding]:
    if packs.have(policy, "cn.pipl.recipient_not_introduced"):
        return
    done: set[Definition] = set()
    giving = sets.practices(policy) & sets.doing(policy, "disclose") & ~sets.having(policy, "without")
    for sentence in sets.sentences(policy, giving & by_provider(policy)):
        says = sentence.says
        data = [each for each in says.objects if policy.is_a(each, "data", "personal")]
        for term in says.terms("to") if data else ():
            if term in done or not term.is_library or term.kind != "party" or policy.is_a(term, "party", *_UNNAMED):
                continue
            done.add(term)
            message = f"{shown(term)} is a kind of recipient: nothing says who receives {shown(*data)}"
            yield policy.of_sentence(sentence, message, policy.place(sentence, term, "to"))
