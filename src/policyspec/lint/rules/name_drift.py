"""A product or party goes by a name that is not declared.

Where the header says “Example Shop” and the prose speaks of the “Super Example Shop” or of “example-shop”, readers
wonder whether that is another product, and which of them the policy is about. The rule looks in prose and titles for the
names of the header's `product:` and of parties: with a word in front that belongs to the name, and spelled otherwise.

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
from policyspec.lint.texts import PROSE, TITLE, texts

LEVEL = Severity.INFO
HELP = "use one name, or declare the other one too: as a `product:`, or as an `alias:` of the party"

# Words in capitals in front of a name that are no part of it.
_NOT_OF_NAME = frozenset(
    "the our your this that these those a an any all both each every my its their his her and or of for by in on to with "
    "from if when while as using use via under about through dear please welcome new old how what who where why see "
    "visit contact download install open after before most other".split()
)
_BEFORE = re.compile(r"(?<![\w’'])((?:[A-Z][\w.&-]*[ \t\r\n]+){1,3})$")


def check(policy: Facts) -> Iterator[Finding]:
    names = _names(policy)
    whole = {_letters(each): each for each in names}
    wanted = [each for each in names if len(re.findall(r"\w+", each)) > 1 and each.isascii()]
    if not wanted:
        return
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(_pattern(each) for each in sorted(wanted, key=len, reverse=True)) + r")(?!\w)", re.I)
    seen: set[str] = set()
    for text in texts(policy, PROSE, TITLE):
        for match in pattern.finditer(text.text):
            name, start = whole.get(_letters(match[0]), ""), match.start()
            said = " ".join(match[0].split())
            before = _BEFORE.search(text.text[max(0, start - 80) : start])
            longer = _longer(before[1] if before else "", text.text, start)
            if longer:
                start -= len(longer)
                said = " ".join((longer + match[0]).split())
            if said in names or said in seen or not (longer or _is_name(match[0], name)):
                continue
            if longer and _letters(said) in whole:
                continue
            seen.add(said)
            yield Finding(f"“{said}” is called “{name}” elsewhere", text.path, text.span(start, match.end()))
