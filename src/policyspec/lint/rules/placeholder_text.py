"""A text has a placeholder in it.

“[Company name]”, “TODO” or “某某公司” came with a template, or were to be filled in later. In a policy that is
published they tell readers that nobody has read it.

Fill in what belongs there, or remove it.

Bad:

    party helper is processor "[Company name]"
    entrust email to helper for communication under contract

Bad:

    \"\"\"TODO: describe how we use cookies\"\"\"

Bad:

    \"\"\"本隐私政策由XX科技有限公司制定。\"\"\"

Good:

    \"\"\"See [how we use cookies](https://example.com/cookies). Chapter XX of the Act does not apply.\"\"\"
"""

import re
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.texts import mentioning

LEVEL = Severity.ERROR
HELP = "fill in what belongs there, or remove it"

_BLANK = (
    r"name|company|organi[sz]ation|entity|business|date|e-?mail|address|phone|number|insert|your|url|link|website|app"
    r"|product|country|city|title|contact|名称|公司|日期|邮箱|地址|电话|联系方式|填写|姓名"
)
PLACEHOLDER = re.compile(
    rf"\[(?=[^\[\]\r\n]{{0,40}}(?:{_BLANK}))[^\[\]\r\n]{{2,60}}\](?![(\[:])"
    rf"|<(?=(?:insert|your|company|name|date)\b)[^<>\r\n]{{2,60}}>"
    rf"|【(?=[^【】\r\n]{{0,20}}(?:{_BLANK}|[Xx]{{2}}|待))[^【】\r\n]{{1,40}}】"
    r"|\{\{[^{}\r\n]{1,60}\}\}|\$\{[^{}\r\n]{1,60}\}"
    r"|\b(?:TODO|TBD|FIXME|TBC)\b(?=\s*[:：,.，。)）\]]|\s*$)|(?<![\w“\"])(?:TODO|TBD|FIXME)(?=\s*[:：])"
    r"|\b(?i:lorem ipsum)\b|(?<!Section )(?<!Chapter )(?<!Article )(?<!Part )\b(?i:xxx+)\b(?![@.])|_{4,}"
    r"|(?<![A-Za-z])[Xx×]{2,4}(?=\s*(?:科技|网络|信息|公司|有限|APP|App|平台|年|月|日|省|市))"
    r"|(?:某某|某)(?=\s*(?:科技|网络|信息|有限)?(?:有限)?公司)|待(?:补充|填写|完善|定)(?=[)）】。，]|$)"
)
# One of these stands in whatever that finds.
WORDS = ("[", "<", "【", "{{", "${", "todo", "tbd", "fixme", "tbc", "lorem", "xx", "×", "____", "某", "待")
# Fields whose value is not written for the readers of the policy.
_NOT_READ = ("source", "note", "cite", "dpv", "fideslang", "alias")


def check(policy: Facts) -> Iterator[Finding]:
    for text in mentioning(policy, WORDS):
        if text.what in _NOT_READ:
            continue
        for match in PLACEHOLDER.finditer(text.text):
            yield Finding(f"“{match[0]}” is a placeholder", text.path, text.span(*match.span()))
