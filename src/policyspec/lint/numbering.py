"""The numbers of sections, and what texts call sections by: `Section VII`, `Part 5.2`, `第七节`, `附件一`.

Numbers are written as strings of Arabic ones, with dots between levels: `VII` is `7`, and `（二）` in section `五` is
`5.2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from policyspec.lint.facts import Facts
from policyspec.syntax import nodes

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_CHINESE = {each: number for number, each in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_ZH = "〇零一二两三四五六七八九十百"
_NUMBER = rf"(?:[IVXLC]{{1,7}}|\d{{1,3}}(?:\.\d{{1,3}}){{0,3}}|[{_ZH}]{{1,5}}|[A-H])"
_PARTS = "sections?|sec\\.|parts?|chapters?|articles?|art\\.|clauses?"
_PARTS_ZH = "节|章|条|部分"
_ANNEXES = "annex|appendix|schedule"
_ANNEXES_ZH = "附件|附录|附表"

_TITLE = re.compile(
    rf"\s*(?i:(?P<word>{_PARTS}|{_ANNEXES}))\s+(?P<number>{_NUMBER})(?!\w)"
    rf"|\s*(?P<alone>\d{{1,3}}(?:\.\d{{1,3}}){{0,3}}(?=[.．、:：)\s]|$)|{_NUMBER}(?=[.．、:：)]|$))"
    rf"|\s*第\s*(?P<number_zh>{_NUMBER})\s*(?P<word_zh>{_PARTS_ZH})"
    rf"|\s*(?P<annex>{_ANNEXES_ZH}|(?i:{_ANNEXES})\b)\s*(?P<annex_number>{_NUMBER})?"
    rf"|\s*[（(](?P<inner>{_NUMBER})[)）]"
)
REFERENCE = re.compile(
    rf"\b(?P<word>(?i:{_PARTS}))\s+(?P<number>{_NUMBER})(?P<inner>(?:\s?\([0-9ivxIVX]{{1,4}}\))*)(?![\w§])"
    rf"|第\s*(?P<number_zh>\d{{1,3}}|[{_ZH}]{{1,5}})\s*(?P<word_zh>{_PARTS_ZH})"
    rf"|\b(?P<annex>(?i:{_ANNEXES}))\s+(?P<annex_number>{_NUMBER})(?!\w)"
    rf"|(?P<annex_zh>{_ANNEXES_ZH})\s*(?P<annex_number_zh>\d{{1,2}}|[{_ZH}]{{1,3}}|[A-H](?![A-Za-z]))"
)
# One of these stands in every text with a reference.
WORDS: tuple[str | re.Pattern[str], ...] = (
    "第", "附",
    *(re.compile(rf"{word}\s+[\da-hivxlc{_ZH}]") for word in (*_PARTS.split("|"), *_ANNEXES.split("|"))),
)  # fmt: skip
# What makes a reference one to something else: a law, a contract, another document.
_OF_OTHER = re.compile(
    r"(?:\s?\([0-9A-Za-z]{1,5}\))*\s*,?\s*(?:(?:of|in|to|under|from)\s+(?!this\b)(?:the\s+|our\s+|your\s+|its\s+)?"
    r"(?!(?:present\s+|current\s+|privacy\s+)?(?:policy|notice|statement)\b)\w"
    r"|[A-Z]{2,}|\(?(?:GDPR|UK|EU)\b)"
)
_OTHER_BEFORE = re.compile(
    r"(?:\b[A-Z]{2,}[a-z]?|\b(?:Act|Law|Code|Regulation|Directive|Rules?)|[》法例定则准书])\s*(?:[（(][^（()）]{0,30}[）)])?[\s,:]*$"
)
_OWN_BEFORE = re.compile(r"本(?:隐私|个人信息保护)?(?:政策|声明|指引|规则|文件)\s*$")
_OWN_AFTER = re.compile(r"(?:\s?\([0-9A-Za-z]{1,5}\))*\s*(?:of|in)\s+this\b")
_LISTED_BEFORE = re.compile(rf"(?:第\s*[\d{_ZH}]+\s*条|[款项])\s*[、和及]?\s*$")


class Reference(NamedTuple):
    """A part of a text that names a section or an annex: `kind` is section, article or annex."""

    start: int
    end: int
    kind: str
    number: str
    is_own: bool


def references(text: str) -> Iterator[Reference]:
    """What a text calls a section or annex of the policy. References to laws and other documents are left out."""
    for match in REFERENCE.finditer(text):
        before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 60]
        is_own = bool(_OWN_BEFORE.search(before) or _OWN_AFTER.match(after))
        if not is_own and (_OF_OTHER.match(after) or _OTHER_BEFORE.search(before) or _LISTED_BEFORE.search(before)):
            continue
        if match["annex"] or match["annex_zh"]:
            yield Reference(*match.span(), "annex", value(match["annex_number"] or match["annex_number_zh"]), is_own)
            continue
        word = (match["word"] or match["word_zh"]).casefold()
        number = value(match["number"] or match["number_zh"])
        if word.startswith("part") and match["number"] == "I" and match["word"].islower():
            continue  # “the part I play”
        number = ".".join([number, *(value(each) for each in re.findall(r"\w+", match["inner"] or ""))])
        yield Reference(
            *match.span(), "article" if word.startswith("art") or word == "条" else "section", number, is_own
        )


class Numbers(NamedTuple):
    """The numbers of a policy's sections, with those of the sections around them in front and alone."""

    sections: frozenset[str]
    articles: frozenset[str]
    annexes: frozenset[str]
    # How many sections are not inside of others.
    outermost: int
    # The numbers of sections and what they end with, as one may call them from inside; those with numbers inside.
    inner: frozenset[str] = frozenset()
    divided: frozenset[str] = frozenset()


def numbers(policy: Facts) -> Numbers:
    """The numbers of its sections' titles."""
    sections: set[str] = set()
    articles: set[str] = set()
    annexes: set[str] = set()
    outermost = 0
    for placed in policy.items:
        if type(placed.node) is not nodes.Section:
            continue
        outermost += not placed.sections
        ways = [""]
        for around in (*placed.sections, placed.node):
            ways = [f"{way}.{each}".strip(".") for way in ways for each in _of(around) or ("",)][:16]
        sections |= {way for way in ways if way}
        for title in placed.node.titles:
            if (match := _numbered(title.text)) is None:
                continue
            word = (match["word"] or match["word_zh"] or "").casefold()
            if match["annex"] or word in _ANNEXES.split("|"):
                annexes.add(value(match["annex_number"] or match["number"] or ""))
            elif number := _number(match):
                sections.add(value(number))
                if word.startswith("art") or word == "条":
                    articles.add(value(number))
    inner = {
        each[at:] for each in sections for at in (0, *(dot + 1 for dot, letter in enumerate(each) if letter == "."))
    }
    divided = {each.partition(".")[0] for each in sections if "." in each}
    return Numbers(
        frozenset(sections), frozenset(articles), frozenset(annexes), outermost, frozenset(inner), frozenset(divided)
    )


def _of(section: nodes.Section) -> list[str]:
    found = [match for title in section.titles if (match := _numbered(title.text))]
    return list(dict.fromkeys(value(each).rpartition(".")[2] for each in map(_number, found) if each))


# Most titles are the same after an edit.
@lru_cache(maxsize=4096)
def _numbered(title: str) -> re.Match[str] | None:
    return _TITLE.match(title)


def _number(title: re.Match[str]) -> str:
    return title["number"] or title["alone"] or title["number_zh"] or title["inner"] or ""


def value(number: str) -> str:
    """A number in Arabic numerals; what is none is left as it is."""
    text = number.upper()
    if text and set(text) <= set(_ROMAN):
        values = [_ROMAN[each] for each in text]
        pairs = zip(values, [*values[1:], 0], strict=True)
        return str(sum(-one if one < following else one for one, following in pairs))
    if text and set(text) <= set(_ZH):
        return str(_chinese(text))
    return text


def _chinese(text: str) -> int:
    found, digit = 0, 0
    for each in text:
        if each in "十百":
            found += (digit or 1) * (10 if each == "十" else 100)
            digit = 0
        else:
            digit = _CHINESE[each]
    return found + digit
