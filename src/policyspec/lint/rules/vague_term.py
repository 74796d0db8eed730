"""The title of a term does not tell what it is.

“Other information”, “relevant data” or “some third parties” may be anything. A reader learns nothing from a sentence
about them, and neither does a rule: what is below no other term is just personal data.

List what it stands for below the term, or give a `definition:`, or a title that tells it from everything else. A term
that is placed below one of the vocabulary says a little more: there it is a remark.

Bad:

    data other_details "Other information"
    collect other_details for security under legitimate_interest

Bad:

    party some_companies is third_party "Relevant third parties"@en "相关第三方"@zh
    share email to some_companies for marketing under consent

Good:

    data other_details "Other information" { camera_model is hardware_model "Model of your camera" }
    collect other_details for security under legitimate_interest

Good:

    data order_details "Information related to your order"
    collect order_details for delivery under contract
"""

from collections.abc import Iterator

from policyspec.diagnostic import Related, Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.vague import KINDS, is_anything, vague_title

LEVEL = Severity.WARNING
HELP = "list what it stands for, give a `definition:`, or a title that tells it from everything else"


def check(policy: Facts) -> Iterator[Finding]:
    for term in policy.own:
        title = vague_title(policy, term) if term.kind in KINDS else None
        if title is not None:
            level = None if is_anything(policy, term) else Severity.INFO
            message = f"“{title.text}” does not tell what {shown(term)} is"
            related = tuple(Related(*place, "it is used here") for place in policy.mentions.get(term, ())[:1])
            yield Finding(message, title.path, title.whole, related, level=level)
