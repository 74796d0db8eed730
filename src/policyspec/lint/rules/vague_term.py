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

import re
from collections.abc import Iterator

from policyspec.diagnostic import Related, Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.texts import titles
from policyspec.scope import Definition

LEVEL = Severity.WARNING
HELP = "list what it stands for, give a `definition:`, or a title that tells it from everything else"

_ADJECTIVE = (
    "(?:other|certain|some|various|miscellaneous|additional|further|relevant|related|necessary|applicable|appropriate)"
)
_FILLER = r"(?:(?:basic|personal|user|users'|your|general|relevant|necessary|related|of your|of the|third)\s+)*"
_DATA = r"(?:information|data|details|content|materials?|items?|records)\b(?!\s+(?:about|on)\b)"
_PARTY = "(?:third )?(?:parties|partners|companies|entities|recipients|persons|people)|third-parties|service providers"
_START = rf"(?:(?:any|all|and|some)\s+)?{_ADJECTIVE}\s+{_FILLER}"
_OPEN = re.compile(
    r".*\b(?:etc\b\.?|and so on|and so forth|and the like|and others|and more|as (?:necessary|needed|appropriate))\s*$"
    r"|.*(?<![同平高初中上下均相])等(?:等)?(?:信息|数据|资料|内容|第三方|合作方|主体|机构|公司|人员)?\s*$",
    re.I | re.S,
)
_VAGUE = {
    "data": re.compile(
        rf"{_START}{_DATA}|(?:.*(?:其他|其它|某些|部分|一些|额外)|相关|有关|必要|附加)的?(?:基本)?(?:个人|用户)?"
        r"(?:信息|数据|资料|内容)\s*$",
        re.I | re.S,
    ),
    "party": re.compile(
        rf"{_START}(?:{_PARTY})\s*$|(?:其他|其它|某些|部分|一些|相关|有关)的?(?:第三方|合作方|合作伙伴|主体|机构|公司|人员)\s*$",
        re.I,
    ),
}


def check(policy: Facts) -> Iterator[Finding]:
    for term in policy.own:
        vague = _VAGUE.get(term.kind)
        if vague is None or policy.fields(term).get("definition") or len(policy.order.named(term)) > 1:
            continue
        for title in titles(policy, term):
            if vague.match(title.text) or _OPEN.match(title.text):
                level = None if _is_anything(policy, term) else Severity.INFO
                message = f"“{title.text}” does not tell what {shown(term)} is"
                related = tuple(Related(*place, "it is used here") for place in policy.mentions.get(term, ())[:1])
                yield Finding(message, title.path, title.whole, related, level=level)
                break


def _is_anything(policy: Facts, term: Definition) -> bool:
    """Whether nothing but broad terms is above a term."""
    broad = ("personal",) if term.kind == "data" else ("anyone", "third_party", "recipient", "partner", "controller")
    above = policy.order.of(policy.order.above(term) & ~policy.order.bit(term))
    return all(not each.is_library or each.path in broad for each in above)
