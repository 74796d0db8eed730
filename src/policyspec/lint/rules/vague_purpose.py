"""A purpose says what is wished for, not what is done with the data.

“To improve your experience”, “for business needs” and “other purposes” fit everything that a company may ever do. A
purpose limits only if one can tell what is outside of it: which feature is improved, and how. The rule reads the titles
of the purposes that sentences use. `improve_ux`, `commercial` and the like of the vocabulary are no better where they
stand for themselves: there it is a remark, and so it is where only data of nobody are used.

Name the feature or the result: “Suggesting shows that fit what you watched”, “Finding out which pages load slowly”.

Bad:

    purpose better_product "Improving and optimising our services and your experience"
    use usage for better_product under consent

Bad:

    purpose what_we_need "业务需要"@zh
    use usage for what_we_need under consent

Good:

    purpose faster_pages is performance_monitoring "Finding out which pages load slowly"
    use usage for faster_pages under consent
"""

import re
from collections.abc import Iterator

from policyspec.diagnostic import Related, Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.texts import titles
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

LEVEL = Severity.WARNING
HELP = "name the feature or the result that the data are for"

_SUBJECT = r"(?:(?:the|our|your|their|all|and|of|for|users?|users'|customer|overall|quality|end|a|better)\s+)*"
_WISHED = r"(?:experiences?|services?|products?|business|offerings?|website|apps?|platform)"
_VAGUE = re.compile(
    rf"(?:to\s+)?(?:further\s+)?(?:improv|optimi[sz]|enhanc|better)\w*(?:\s+(?:and|or|,)\s+\w+)?\s+{_SUBJECT}{_WISHED}\b"
    r"(?=\s*(?:$|[,.;(]|(?:and|or|for|of|to)\b))"
    r"|(?:for\s+)?(?:our\s+|any\s+)?(?:other|related|relevant|various|legitimate|internal|commercial|general)\s+"
    r"(?:business\s+)?(?:purposes?|uses?|needs|reasons|services)\b"
    r"|(?:for\s+)?(?:our\s+)?business\s+(?:purposes?|needs|operations|reasons|functions)\b"
    r"|(?:complet|fulfil|perform|carry)\w*\s+(?:\w+\s+){0,2}business\s+functions?\b"
    r"|as\s+(?:needed|necessary|required)\b",
    re.I,
)
_VAGUE_ZH = re.compile(
    r"更好的?(?:用户|客户|产品)?(?:体验|服务|产品)$"
    r"|(?:进一步)?(?:改善|改进|优化|提升|提高|完善)(?:和|与|及|、|并)?(?:改善|改进|优化|提升|提高)?(?:我们|您|用户|客户)?的?"
    r"(?:整体)?(?:产品|服务|业务|使用|用户)?(?:和|与|及|或|、)?(?:产品|服务|业务)?(?:的)?(?:质量|体验|服务|产品)?$"
    r"|(?:其他|其它|相关|有关|内部|商业|业务|经营|正当)(?:的)?(?:用途|目的|需要|需求|利用|服务|使用)$"
    r"|(?:完成|实现)(?:各项|相关)?业务功能$"
)
# Terms of the vocabulary that are no narrower than such titles.
_LIBRARY = ("service_improvement", "improve_ux", "commercial", "own_purpose")


def check(policy: Facts) -> Iterator[Finding]:
    stated = sets.promises(policy) & sets.having(policy, "for")
    vague = {policy.term("purpose", path) for path in _LIBRARY}
    for each in dict.fromkeys(x for sentence in sets.sentences(policy, stated) for x in sentence.says.terms("for")):
        if each.is_library:
            if each in vague:
                yield _bare(policy, each, stated)
        elif not policy.fields(each).get("definition"):
            for title in titles(policy, each):
                if _VAGUE.match(title.text) or _VAGUE_ZH.match(title.text):
                    message = f"“{title.text}” does not tell what the data are for"
                    related = tuple(Related(*place, "it is used here") for place in policy.mentions.get(each, ())[:1])
                    about = sets.naming(policy, "for", each) & stated
                    is_personal = about & sets.writing(policy, OBJECTS, "data", "personal")
                    level = None if is_personal else Severity.INFO
                    yield Finding(message, title.path, title.whole, related, level=level)
                    break


def _bare(policy: Facts, term: Definition, stated: int) -> Finding:
    """A vague term of the vocabulary, at the first sentence that uses it as a purpose."""
    sentence = next(sets.sentences(policy, sets.naming(policy, "for", term) & stated))
    message = f"{shown(term)} does not tell what the data are for"
    help = "declare a purpose of your own below it, whose title names the feature or the result"
    place = policy.place(sentence, term, "for")
    return policy.of_sentence(sentence, message, place, help=help, level=Severity.INFO)
