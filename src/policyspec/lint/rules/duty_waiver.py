"""A text disclaims every responsibility for the data.

Who processes personal data answers for that, whatever a notice says; a sentence by which nobody is liable for anything
has mostly no effect in law, and tells readers that the promises before it are not meant. What is said of other
companies' websites and services is another matter.

Say what you do answer for, and for what you do not.

Bad:

    \"\"\"We accept no liability for any loss or disclosure of your data.\"\"\"

Bad:

    \"\"\"因黑客攻击导致信息泄露的，我们不承担任何责任。\"\"\"

Good:

    \"\"\"We are not responsible for any content of third-party websites to which we link.\"\"\"
"""

import re
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.claims import sentence_around
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.texts import PROSE, mentioning

LEVEL = Severity.INFO
HELP = "say what you answer for, and for what you do not"

WAIVER = re.compile(
    r"\b(?:not|never)\s+(?:be\s+)?(?:held\s+)?(?:liable|responsible)\s+(?:or\s+(?:liable|responsible)\s+)?for\s+(?:any|all)\b"
    r"|\b(?:accept|assume|take|bear|have)s?\s+no\s+(?:responsibility|liability)\b"
    r"|\bdisclaims?\s+(?:any\s+and\s+)?all\s+(?:liability|responsibility|liabilities)\b"
    r"|\bat\s+your\s+(?:own|sole)\s+risk\b"
    r"|不(?:承担|负)(?:任何|一切)(?:法律)?责任|概不(?:负责|承担)|不负任何责任",
    re.I,
)
# One of these stands in whatever that finds.
WORDS = ("liable", "liabilit", "responsib", "risk", "责任", "负责", "承担")
_OF_OTHERS = re.compile(
    r"third[- ]part(?:y|ies)|other\s+(?:websites?|sites?|services?|companies|apps?)|external|linked|links?\b"
    r"|第三方|其他网站|外部|链接",
    re.I,
)


def check(policy: Facts) -> Iterator[Finding]:
    for text in mentioning(policy, WORDS, PROSE):
        for match in WAIVER.finditer(text.text):
            if not any(map(_OF_OTHERS.search, sentence_around(text.text, *match.span()))):
                message = f"“{match[0]}” disclaims what whoever processes data answers for"
                yield Finding(message, text.path, text.span(*match.span()))
