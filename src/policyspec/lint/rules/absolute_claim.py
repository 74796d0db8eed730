"""A text claims that data are absolutely secure.

Nobody can promise that nothing will ever happen, and who is told so is misled; where something does happen, the claim
is held against the one who made it. “Bank-level” or “military-grade” security is an advertisement, not a measure.

Say which measures are taken: `protect personal with encryption_in_transit, access_control`. To say that security can
*not* be guaranteed is no such claim.

Bad:

    \"\"\"Your data are 100% secure with us.\"\"\"

Bad:

    \"\"\"我们采用银行级加密，确保您的信息绝对安全。\"\"\"

Good:

    \"\"\"We cannot guarantee that your data are 100% secure.\"\"\"

Good:

    \"\"\"我们无法保证信息的绝对安全。\"\"\"
"""

import re
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.claims import is_denied, sentence_around
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.texts import mentioning

LEVEL = Severity.WARNING
HELP = "say which measures are taken"

CLAIM = re.compile(
    r"\b(?:100\s?%|one hundred percent|completely|absolutely|perfectly|totally|fully|entirely)\s+(?:secure|safe)\b"
    r"|\b(?:absolute|complete|total|perfect|100\s?%)\s+(?:security|safety|protection|confidentiality|anonymity)\b"
    r"|\b(?:bank|military)[- ](?:level|grade)\b|\b(?:unhackable|unbreakable|hacker-proof)\b"
    r"|\bguarantees?\s+(?:the\s+)?(?:security|safety)\b|\b(?:never|not)\s+be\s+(?:hacked|leaked|breached)\b"
    r"|绝对(?:的)?(?:安全|保密|可靠)|百分之百(?:的)?安全|100\s?[%％](?:的)?(?:安全|保密)|万无一失"
    r"|(?:银行|军工|军用|军事)级(?:别)?(?:的)?(?:安全|加密|防护|保护)?|(?:绝不|永不|不会)(?:会)?(?:发生)?(?:任何)?(?:泄露|泄漏)",
    re.I,
)
# One of these stands in whatever that finds.
WORDS = (
    "100", "one hundred", "complete", "absolute", "perfect", "total", "fully", "entirely", "bank", "military", "hack",
    "unbreakable", "guarantee", "leaked", "breached", "绝对", "百分之百", "万无一失", "银行", "军", "泄",
)  # fmt: skip
_NOT_READ = ("source", "note", "cite", "dpv", "fideslang")


def check(policy: Facts) -> Iterator[Finding]:
    for text in mentioning(policy, WORDS):
        if text.what in _NOT_READ:
            continue
        for match in CLAIM.finditer(text.text):
            before, _ = sentence_around(text.text, *match.span())
            if not is_denied(before):
                yield Finding(f"“{match[0]}” promises more than anybody can keep", text.path, text.span(*match.span()))
