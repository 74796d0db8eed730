"""A product or party goes by a name that is not declared.

Where the header says “Example Shop” and the prose speaks of the “Super Example Shop” or of “example-shop”, readers
wonder whether that is another product, and which of them the policy is about. The rule looks in prose and titles for
the names of the product and its provider: with a word in front that seems to belong to it, and spelled otherwise.

Use one name, or declare the other one as well: as a further `product:`, or as `alias:` of the party.

Bad:

    policy shop { provider: us  audience: customer  effective: 2026-06-01  product: "Cloud Drive" }
    party us is controller "Us"
    \"\"\"By using Acme Cloud Drive you can share files.\"\"\"

Bad:

    policy shop { provider: us  audience: customer  effective: 2026-06-01  product: "Cloud Drive" }
    party us is controller "Us"
    \"\"\"When you use CloudDrive, we collect your files.\"\"\"

Good:

    policy shop { provider: us  audience: customer  effective: 2026-06-01  product: "Cloud Drive", "Acme Cloud Drive" }
    party us is controller "Us"
    \"\"\"By using Acme Cloud Drive you can share files. Your Cloud Drive is yours.\"\"\"
"""

import re
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.texts import PROSE, TITLE, folded, mentioning

LEVEL = Severity.INFO
HELP = "use one name, or declare the other one too: as a `product:`, or as an `alias:` of the party"

# How many names are looked for.
_MOST = 20
# Words in capitals in front of a name that are no part of it.
_NOT_OF_NAME = frozenset(
    "the our your this that these those a an any all both each every my its their his her and or of for by in on to "
    "with from if when while as using use via under about through dear please welcome new old how what who where why "
    "see visit contact download install open after before most other".split()
)
_BEFORE = re.compile(r"(?:^|.*[^\w.&-])((?:[A-Z][\w.&-]{0,30}[ \t\r\n]+){1,3})$", re.S)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;“”\"•|\n]\s*|\n\s*[-*#>]+\s*)$")


def check(policy: Facts) -> Iterator[Finding]:
    names = dict.fromkeys(_names(policy))
    known = {_letters(each) for each in names}
    patterns = [(each, written(each)) for each in names if len(each.split()) > 1][:_MOST]
    seen = {*names}
    words = tuple(re.compile(joined(folded(each))) for each, _ in patterns)
    for text in mentioning(policy, words, PROSE, TITLE) if words else ():
        for name, pattern in patterns:
            for match in pattern.finditer(text.text):
                start = match.start() - len(_word_before(text.text, match.start()))
                said = " ".join(text.text[start : match.end()].split())
                is_name = said != said.lower() and said != said.upper()
                is_other = said not in seen and is_name
                if is_other and (start == match.start() or _letters(said) not in known):
                    seen.add(said)
                    message = f"“{said}” is not declared, only “{name}” is"
                    yield Finding(message, text.path, text.span(start, match.end()))


def _names(policy: Facts) -> Iterator[str]:
    """The names of the product and its provider."""
    yield from (" ".join(text.split()) for text, _ in policy.policy_fields.get("product", ()))
    for party in policy.provider:
        yield from (text for text, _ in party.titles if all(word[:1].isupper() for word in text.split()))
        yield from (each for each in policy.fields(party).get("alias", ()) if each[:1].isupper())


def written(name: str) -> re.Pattern[str]:
    """The words of a name, however they are joined."""
    return re.compile(rf"(?<!\w){joined(name)}(?!\w)", re.I)


def joined(name: str) -> str:
    return r"[\s_-]{0,8}".join(map(re.escape, name.split()))


def _word_before(text: str, at: int) -> str:
    """The words in front of a name that seem to belong to it."""
    found = _BEFORE.match(text, max(0, at - 100), at)
    if found is None:
        return ""
    words = found[1]
    first = words.split()[0]
    if _SENTENCE_START.search(text[max(0, at - 110) : found.start(1)]):
        words = words[len(first) :].lstrip()
    while words and words.split()[0].casefold() in _NOT_OF_NAME:
        words = words[len(words.split()[0]) :].lstrip()
    return words


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
