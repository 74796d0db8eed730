"""An exemption is not among the exceptions of a prohibition.

One sentence says in which cases no consent is needed; another forbids the same without consent, and excepts other
cases or none. Prohibitions win over practices, so in these cases the policy forbids what it says it may do.

Name the cases in the prohibition, after `unless`, or leave the exemption out.

Bad:

    exception no_consent_needed "No consent needed" {
      security_duty is national_security "National security"
      court_case    is court_order       "Order of a court"
    }
    share personal without consent when no_consent_needed
    never share personal to third_party unless separate_consent

Bad:

    publish personal without consent when news_report
    publish personal only under separate_consent

Good:

    exception no_consent_needed "No consent needed" {
      security_duty is national_security "National security"
      court_case    is court_order       "Order of a court"
    }
    share personal without consent when no_consent_needed
    never share personal to third_party unless separate_consent, no_consent_needed
"""

from collections.abc import Iterator

from policyspec.diagnostic import Fix, Severity
from policyspec.lint.clashes import ban_place, lift_place
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.lint.lifting import excepting, named, not_excepted

LEVEL = Severity.WARNING
HELP = "name it in the prohibition after `unless`, or leave the exemption out"
FIX = "unsafe"


def check(policy: Facts) -> Iterator[Finding]:
    for clash in policy.clashes("unlinked"):
        sentence = clash.sentence
        items = not_excepted(policy, clash)
        terms = [term for item in items for term in item]
        waived = shown(*sentence.says.terms("without"))
        missing = f"except {shown(*terms)}" if terms else "say when it may"
        message = f"{doing(sentence)} dispenses with {waived}, but {named(clash)} does not {missing}"
        edit = excepting(clash, items)
        fixes = (Fix(f"except {shown(*terms)} in the prohibition", (edit,)),) if edit is not None else ()
        span = policy.place(sentence, terms[0], "when") if terms else policy.clause(sentence, "without")
        related = (ban_place(policy, clash), *lift_place(policy, clash))
        yield policy.of_sentence(sentence, message, span, related=related, fixes=fixes)
