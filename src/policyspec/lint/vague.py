"""Terms whose title does not tell what they are: “other information”, “relevant third parties”."""

from __future__ import annotations

import re

from policyspec.lint.facts import Facts
from policyspec.lint.texts import Text, titles
from policyspec.scope import Definition

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

# The kinds of term of which a title can be vague.
KINDS = frozenset(_VAGUE)


def vague_title(policy: Facts, term: Definition) -> Text | None:
    """The title of an own term that does not tell what it is, where nothing else in the policy does."""
    vague = _VAGUE.get(term.kind)
    if vague is None or policy.fields(term).get("definition"):
        return None
    found = next((each for each in titles(policy, term) if vague.match(each.text) or _OPEN.match(each.text)), None)
    return found if found is not None and len(policy.order.named(term)) == 1 else None


def is_anything(policy: Facts, term: Definition) -> bool:
    """Whether nothing but broad terms is above a term."""
    broad = ("personal",) if term.kind == "data" else ("anyone", "third_party", "recipient", "partner", "controller")
    above = policy.order.of(policy.order.above(term) & ~policy.order.bit(term))
    return all(not each.is_library or each.path in broad for each in above)


def may_be_anything(policy: Facts, term: Definition) -> bool:
    """Whether a term tells nothing, by its title and by its place: other rules cannot know what it has to do with."""
    return not term.is_library and is_anything(policy, term) and vague_title(policy, term) is not None
