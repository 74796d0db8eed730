"""What the parser says of broken text: in the words of a policy's author, not of a grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from policyspec.source import Span
from policyspec.suggest import closest
from policyspec.syntax.lexer import END, Period, Token


class Fault(NamedTuple):
    """A syntax error: where, what, and where there is one, the edit that mends it and the place it began."""

    message: str
    span: Span
    fix: tuple[str, Span, str] | None = None
    related: tuple[str, Span] | None = None

    def shifted(self, by: int) -> Fault:
        fix = self.fix and (self.fix[0], self.fix[1].shifted(by), self.fix[2])
        related = self.related and (self.related[0], self.related[1].shifted(by))
        return Fault(self.message, self.span.shifted(by), fix, related)


# What a clause word, or another word that wants something behind it, is followed by.
WANTED = {
    "FROM": "a subject or party",
    "BY": "a party",
    "TO": "a recipient",
    "FOR": "a purpose",
    "UNDER": "a legal basis",
    "WITHOUT": "a legal basis",
    "UNLESS": "a term such as `required_by_law`",
    "WHEN": "an exception, event or basis",
    "VIA": "a permission or channel",
    "IN": "a place",
    "WITH": "a safeguard",
    "KEEP": "a period such as `30 days`, `until service_end` or a quoted phrase",
    "WITHIN": "a deadline such as `72 hours` or a quoted phrase",
    "IS": "a parent",
    "UNTIL": "an event or a date",
    "WHILE": "an event",
    "AFTER": "an event",
    "OF": "an event",
    "IMPORT": "a module's name or a quoted path",
    "SECTION": "a quoted title",
    "TEST": "a quoted title",
    "RULE": "a name",
    "AT": "`least` or `most`",
    "LEAST": "a period such as `3 years`",
    "MOST": "a period such as `3 years`",
    "EXTEND": "a kind such as `data`",
    "EVERY": "a pattern such as `collect personal`",
    "NO": "a pattern such as `collect personal`",
    "SOME": "a pattern or a kind such as `right`",
    "NEEDS": "a clause such as `under consent`",
    "ALLOWS": "a question such as `collect email for delivery`",
    "FORBIDS": "a question such as `share email to partner`",
    "UNDECLARED": "a question such as `collect contacts`",
    "MAY": "an action",
    "MUST": "an action",
    "SHOULD": "an action",
    "NEVER": "an action",
    "REQUIRED": "an object (data, say)",
    "OPTIONAL": "an object (data, say)",
}
KINDS = frozenset(
    ("POLICY", "PARTY", "SUBJECT", "DATA", "PURPOSE", "BASIS", "EXCEPTION", "PERMISSION", "SAFEGUARD", "RIGHT",
     "CHANNEL", "PLACE", "EVENT", "ACTION")
)  # fmt: skip
# What stands only inside of a rule or a test.
HOMES = {
    "EVERY": "rule",
    "NO": "rule",
    "SOME": "rule",
    "ALLOWS": "test",
    "FORBIDS": "test",
    "UNDECLARED": "test",
}
PERIODS = frozenset({"DURATION", "UNTIL", "WHILE", "FOREVER", "AT"})
UNITS = ("minutes", "hours", "days", "weeks", "months", "years")
LIMITED = frozenset({"UNDER", "LEAST", "MOST"})
CLAUSES = frozenset(
    ["FROM", "BY", "TO", "FOR", "UNDER", "WITHOUT", "UNLESS", "WHEN", "VIA", "IN", "WITH", "KEEP", "WITHIN"]
)
MODALITIES = frozenset({"MAY", "MUST", "SHOULD", "NEVER"})
FULL_STOPS = (".", "。", "．")
SEMICOLONS = (";", "；")
PARENTHESES = {"(": ")）", "（": "）)", "[": "]", "【": "】"}
# A kind → the clause word that its terms stand behind.
CLAUSE_OF = {
    "SUBJECT": "from", "PARTY": "by", "PURPOSE": "for", "BASIS": "under", "EXCEPTION": "unless", "EVENT": "when",
    "PERMISSION": "via", "CHANNEL": "via", "PLACE": "in", "SAFEGUARD": "with",
}  # fmt: skip
_LISTS = CLAUSES | {"IS", "IMPORT", "COLON"}
_STARTS = {"EVERY": "`every`, `no` or `some`", "ALLOWS": "`allows`, `forbids` or `undeclared`"}
_SYMBOLS = {"COMMA": ",", "LBRACE": "{", "RBRACE": "}", "COLON": ":", "IS": "is"}
_ALIKE = {
    "，": ",", "、": ",", "；": ",", ";": ",", "/": ",", "|": ",", "：": ":", "=": ":", "&": "and", "＠": "@",
    "｛": "{", "｝": "}", "(": "{", ")": "}", "[": "{", "]": "}", "（": "{", "）": "}",
}  # fmt: skip
# Quotation marks that word processors and other languages have, each with the ones that may close it.
QUOTES = {
    "“": "”“", "”": "”", "„": "“”", "«": "»", "»": "«", "‘": "’", "'": "'", "`": "`'",
    "＂": "＂", "「": "」", "『": "』", "《": "》",
}  # fmt: skip
COMMENTS = ("//", "--", "/*", "<!--")
# Words that people write for a structure word, and words of the language that stand in another's place.
_INSTEAD = {"not": "never", "cannot": "never", "shall": "must", "will": "must", "can": "may"}
_JOINS = {"OR": "`or` joins the actions of a duty only", "AND": "`and` joins what holds jointly"}


def unclosed(token: Token) -> Fault:
    """A string or a text block without its end."""
    mark = '"""' if token.type == "BROKEN_TEXT" else '"'
    text = token.text.rstrip()
    start, end = token.start, token.start + len(text)
    if mark == '"' and text[-1] in "”“＂»":
        return Fault(
            f'unexpected `{text[-1]}`; did you mean `"`?', Span(end - 1, end), _change(Span(end - 1, end), '"')
        )
    return Fault(f"unclosed `{mark}`", Span(start, start + len(mark)), (f"add `{mark}`", Span(end, end), mark))


def shown(token: Token) -> str:
    """A token as messages quote it, or what to call it."""
    if token.type == END:
        return "the end"
    return _clipped(token.text)


def inserted(tokens: Sequence[Token], index: int, type: str) -> Fault:
    """Something of `type` is missing in front of `tokens[index]`."""
    before = tokens[index - 1] if index else None
    token = tokens[index]
    if type == "IS" and before is not None and token.type != "NAME":
        return Fault(f"expected `is` and a parent after {shown(before)}", _gap(tokens, index))
    if type in ("COMMA", "IS", "COLON") and before is not None:
        symbol = _SYMBOLS[type]
        where = _gap(tokens, index) if token.type == END else _span(token)
        text = f"{symbol}" if type in ("COMMA", "COLON") else f" {symbol}"
        message = f"missing `{symbol}` between {shown(before)} and {shown(token)}"
        return Fault(message, where, (f"add `{symbol}`", Span(before.end, before.end), text))
    if before is None:
        return unexpected(tokens, index)
    if type == "NEEDS":
        return Fault(f"expected `needs` and a clause after {shown(before)}", _gap(tokens, index))
    if before.type == "COLON" and index > 1:
        return Fault(f"expected a value after `{tokens[index - 2].text}:`", _gap(tokens, index))
    where = _gap(tokens, index)
    if type == "LBRACE":
        return Fault(f"missing `{{` after {shown(before)}", where)
    if type in _STARTS:
        return Fault(f"expected {_STARTS[type]} before {shown(token)}", _span(token))
    wanted = _wanted(tokens, index, type)
    return Fault(f"expected {wanted} after {shown(before)}", where)


def _wanted(tokens: Sequence[Token], index: int, type: str) -> str:
    before = tokens[index - 1]
    if before.type == "OR":
        return "another action"
    if before.type in ("COMMA", "AND"):
        word = _governing(tokens, index - 1)
        if word is None:
            return "another name"
        if word.type == "COLON":
            return "another value"
        noun = WANTED[word.type]
        if word.type in ("KEEP", "WITHIN"):
            noun = "a period" if word.type == "KEEP" else "a deadline"
        return "another " + re.split(" or a quoted| such as", noun.partition(" ")[2])[0]
    if before.type in KINDS:
        return "a name"
    if before.type == "ONLY":
        return "a clause or an object"
    if type == "STRING":
        return "a quoted title"
    if before.type == "NAME" and type == "NAME":
        return "an object (data, a party or a right, say)"
    return WANTED.get(before.type, "a name")


def _governing(tokens: Sequence[Token], index: int) -> Token | None:
    """The word whose list the comma at `index` is in."""
    for at in range(index - 1, max(index - 400, -1), -1):
        if tokens[at].type in _LISTS:
            return tokens[at]
        if tokens[at].type in ("LBRACE", "RBRACE"):
            return None
    return None


def is_value(tokens: Sequence[Token], index: int) -> bool:
    """Whether a field's value stands at `index`."""
    word = _governing(tokens, index)
    return word is not None and word.type == "COLON"


def replaced(token: Token, before: Token | None) -> Fault:
    """A structure word stands where a name belongs."""
    message = f"`{token.text}` is a word of the language, so it cannot be a name here"
    if token.type != "DATA" or before is None or before.type in KINDS:
        return Fault(message, _span(token))
    message += ": `personal` is all personal data"
    if before.text == "personal":
        return Fault(message, _span(token), ("leave out `data`", Span(before.end, token.end), ""))
    return Fault(message, _span(token), _change(_span(token), "personal"))


def meant(text: str, words: Iterable[str]) -> str | None:
    """The one of these words that was probably meant."""
    words = list(words)
    instead = _INSTEAD.get(text.casefold())
    return instead if instead in words else closest(text, words)


def misspelt(token: Token, word: str) -> Fault:
    """A name stands where a structure word belongs that it looks like."""
    what = "a kind of declaration" if word.upper() in KINDS else "a word of the language"
    message = f"`{token.text}` is not {what}; did you mean `{word}`?"
    return Fault(message, _span(token), _change(_span(token), word))


def meaning(text: str, span: Span, words: str) -> Fault:
    """Something that the language says in other words."""
    return Fault(f"unexpected {_clipped(text)}; did you mean `{words}`?", span, _change(span, words))


def alike(token: Token) -> tuple[str, Fault] | None:
    """What a character that the language does not have was meant to be: the symbol, and the fault."""
    symbol = _ALIKE.get(token.text)
    if symbol is None:
        return None
    return symbol, meaning(token.text, _span(token), symbol)


def joined(token: Token) -> Fault:
    """An `and` or `or` where a comma belongs."""
    return Fault(f"{_JOINS[token.type]}; did you mean `,`?", _span(token), _change(_span(token), ","))


def confused(tokens: Sequence[Token], index: int, word: str) -> Fault:
    """A structure word for another."""
    token, behind = tokens[index : index + 2]
    message = f"unexpected {_clipped(f'{token.text} {behind.text}')}; did you mean {_clipped(f'{word} {behind.text}')}?"
    return Fault(message, _span(token), _change(_span(token), word))


def limited(period: Period, span: Span) -> Fault:
    """`at most` or the like in a deadline."""
    fix = _change(span, period.length) if period.limit == "at most" else None
    return Fault(f"a deadline is an upper limit already: `{period.length}`", span, fix)


def own_words(text: str, span: Span) -> Fault:
    """A vague period, not in quotation marks."""
    return Fault("put the policy's own words in quotation marks", span, ('add `"`', span, _quote(text)))


def prose(text: str, span: Span) -> Fault:
    fix = None if '"""' in text else ('add `"""`', span, f'"""{text}"""')
    return Fault('prose stands in `"""…"""`', span, fix)


def action_first(span: Span) -> Fault:
    """A sentence in the order of prose."""
    words = "`may`, `must`, `should` or `never`"
    return Fault(f"a sentence begins with its action, or with {words}; who does it stands after `by`", span)


def inner_quotes(text: str, span: Span) -> Fault:
    """Quotation marks that end the text that they are in."""
    return Fault(r'a `"` inside of a text is written `\"`', span, (r"write `\"`", span, _quote(text[1:-1])))


def not_a_date(text: str, span: Span, date: str | None) -> Fault:
    """A date in another notation, and what the language writes for it if that is certain."""
    fix = _change(span, date) if date else None
    return Fault(f"{_clipped(text)} is not a date: write a date as `{date or '2025-03-04'}`", span, fix)


def curly(text: str, span: Span) -> Fault:
    """A title between quotation marks of another kind."""
    message = f'quotation marks are `"`, not `{text[0]}`'
    return Fault(message, span, ('change to `"`', span, f'"{text[1:-1]}"'))


def bare(text: str) -> str:
    """A text without its quotation marks."""
    return text.strip("\"'“”„«»‘’`＂")


def unquoted(text: str) -> str:
    """What stands between quotation marks, or the text if it has none."""
    return text[1:-1] if text.startswith(('"', *QUOTES)) else text


def quoted(text: str, span: Span) -> Fault:
    """A quoted text where a name belongs."""
    inner = bare(text)
    if inner.isidentifier():
        return Fault(f"a name stands without quotation marks: `{inner}`", span, _change(span, inner))
    return Fault(f"expected a name, not the quoted text {_clipped(text)}", span)


def instead(tokens: Sequence[Token], index: int, type: str) -> Fault | None:
    """Something that is no name, and no title, where one belongs."""
    fault = inserted(tokens, index, type)
    if not fault.message.startswith("expected"):
        return None
    return Fault(f"{fault.message}, not {shown(tokens[index])}", _span(tokens[index]))


def no_kind(name: Token) -> Fault:
    return Fault(f"expected a kind such as `data` before `{name.text}`", _span(name))


def no_keep(tokens: Sequence[Token], index: int) -> Fault:
    token = tokens[index]
    fix = ("add `keep`", Span(token.start, token.start), "keep ")
    return Fault(f"missing `keep` before {shown(token)}", _span(token), fix)


def homeless(token: Token) -> Fault:
    return Fault(f"`{token.text}` stands in the braces of a `{HOMES[token.type]}`", _span(token))


def bare_title(token: Token) -> Fault:
    fix = ('add `"`', _span(token), f'"{token.text}"')
    return Fault(f'a title stands in quotation marks: `"{token.text}"`', _span(token), fix)


def means_is(token: Token) -> Fault:
    text = "is" if token.text == "=" else " is"
    return Fault(f"unexpected `{token.text}`; did you mean `is`?", _span(token), ("change to `is`", _span(token), text))


def not_prose(token: Token) -> Fault:
    """A string that stands by itself, as only a text block may."""
    fix = ('change to `"""`', _span(token), f'""{token.text}""')
    return Fault('a text that stands by itself is written `"""…"""`', _span(token), fix)


def comment(token: Token) -> Fault:
    mark = next(mark for mark in COMMENTS if token.text.startswith(mark))
    span = Span(token.start, token.start + len(mark))
    return Fault(f"a comment begins with `#`, not `{mark}`", span, _change(span, "#"))


def no_unit(tokens: Sequence[Token], index: int) -> Fault:
    """A number where a period belongs, without a unit: that of a field is an age."""
    number = tokens[index]
    if any(token.type == "COLON" for token in tokens[max(index - 3, 0) : index]):
        fix = ("add `years`", Span(number.end, number.end), " years")
        return Fault(f"expected a unit such as `years` after `{number.text}`", _span(number), fix)
    return Fault(f"expected a unit such as `days` after `{number.text}`", _span(number))


def not_a_unit(unit: Token) -> Fault:
    """A word behind a number that is no unit."""
    word = closest(unit.text, UNITS)
    if word is None:
        return Fault(f"`{unit.text}` is not a unit of time such as `days`", _span(unit))
    return Fault(
        f"`{unit.text}` is not a unit of time; did you mean `{word}`?", _span(unit), _change(_span(unit), word)
    )


def not_a_word(text: str, span: Span, type: str) -> Fault:
    """Several tokens without a space between: what is meant to be one value or one name."""
    if type == "STRING":
        return Fault(f"{_clipped(text)} has to stand in quotation marks", span, ('add `"`', span, f'"{text}"'))
    name = re.sub(r"[^\w.]+", "_", re.sub(r"\.+", ".", text))
    fix = _change(span, name) if all(part.isidentifier() for part in name.split(".")) else None
    return Fault(f"{_clipped(text)} is not a name: a name has letters, digits and `_`, and no digit first", span, fix)


def no_colon(token: Token) -> Fault:
    end = Span(token.end, token.end)
    return Fault(f"missing `:` after `{token.text}`", _span(token), ("add `:`", end, ":"))


def no_value(field: Token) -> Fault:
    return Fault(f"expected a value after `{field.text}:`", _span(field))


def no_needs(before: Token, word: Token) -> Fault:
    fix = ("add `needs`", Span(word.start, word.start), "needs ")
    return Fault(f"missing `needs` between {shown(before)} and {shown(word)}", _span(word), fix)


def late_colon(name: Token, between: str, colon: Token) -> Fault:
    """A comment between a field's name and its colon."""
    message = f"`:` stands right behind a field's name: `{name.text}:`"
    return Fault(message, _span(colon), ("move the `:`", Span(name.end, colon.end), f":{between}"))


def double_modality(words: Sequence[Token]) -> Fault:
    """`must never`: each of the two begins a sentence."""
    left, right = words
    other = left if right.type == "NEVER" else right
    fix = (f"leave out `{other.text}`", Span(left.start, right.end), "never")
    return Fault(f"`never` stands by itself: leave out `{other.text}`", _span(other), fix)


def not_judged(token: Token) -> Fault:
    """A sentence in a rule that does not say what the rule is."""
    message = f"{_STARTS['EVERY']} before `{token.text}`"
    return Fault(f"expected {message}: `some {token.text} …` asks for a sentence, `no …` forbids it", _span(token))


def not_a_clause_word(token: Token) -> Fault:
    """A kind where the clause word that its terms stand behind belongs."""
    return meaning(token.text, _span(token), CLAUSE_OF[token.type])


def parted_clauses(comma: Token) -> Fault:
    fix = ("leave out `,`", _span(comma), "")
    return Fault("unexpected `,`: clauses follow each other without one", _span(comma), fix)


def misplaced_age(span: Span) -> Fault:
    return Fault("an age stands in a subject's `age:`", span)


def remark(text: str, span: Span, is_last: bool) -> Fault:
    """Words in parentheses; at a line's end they can be a comment."""
    fix = ("change to a comment", span, f"# {text[1:-1].strip()}") if is_last else None
    return Fault('a remark stands in `note: "…"`, or after `#`', span, fix)


def sentence_end(token: Token) -> Fault:
    """Punctuation at a sentence's end."""
    why = "a sentence ends by itself" if token.text in SEMICOLONS else "a sentence ends without a full stop"
    fix = (f"leave out `{token.text}`", _span(token), "")
    return Fault(f"unexpected `{token.text}`: {why}", _span(token), fix)


def stray_field(token: Token) -> Fault:
    return Fault(f"`{token.text}:` is a field, and stands in the braces of an item", _span(token))


def unexpected(tokens: Sequence[Token], index: int) -> Fault:
    """Something that does not belong where it stands."""
    token = tokens[index]
    before = tokens[index - 1] if index else None
    if token.type == "RBRACE":
        return Fault("unexpected `}`: no `{` is open here", _span(token))
    if token.type == "FIELD":
        return stray_field(token)
    if token.type == "UNKNOWN" and not token.text[0].isprintable():
        return Fault(f"unexpected character U+{ord(token.text[0]):04X}", Span(token.start, token.start + 1))
    if token.type == "UNKNOWN" and token.text in FULL_STOPS + SEMICOLONS:
        return sentence_end(token)._replace(fix=None)
    if token.type == END and before is not None:
        return Fault(f"unfinished: something is missing after {shown(before)}", _gap(tokens, index))
    if token.type == "ONLY" and (before is None or before.end < token.start):
        after = tokens[index + 1].type if index + 1 < len(tokens) else END
        if after in ("NAME", "REQUIRED", "OPTIONAL"):
            message = "`only` stands before the clause or the objects that it limits, not before the action"
            return Fault(message, _span(token))
    where = f" after {shown(before)}" if before is not None and before.text else ""
    return Fault(f"unexpected {shown(token)}{where}", _span(token))


def open_brace(brace: Token) -> Fault:
    """A `{` without its `}`."""
    return Fault("unclosed `{`", _span(brace))


def _span(token: Token) -> Span:
    return Span(token.start, token.end)


def _quote(text: str) -> str:
    """The text as a string of the language."""
    return '"' + re.sub(r'(?<!\\)"', r"\"", text) + '"'


def _gap(tokens: Sequence[Token], index: int) -> Span:
    """Where something is missing before `tokens[index]`: at the word behind which it should stand."""
    words = (token for token in reversed(tokens[max(index - 20, 0) : index]) if token.text)
    return next((_span(word) for word in words), Span(tokens[index].start, tokens[index].start))


def _clipped(text: str) -> str:
    """The text's beginning in backticks."""
    lines = text.splitlines() or [""]
    is_whole = len(lines) == 1 and len(text) <= 40
    return f"`{text}`" if is_whole else f"`{lines[0][:39]}…`"


def _change(span: Span, text: str) -> tuple[str, Span, str]:
    return (f"change to `{text}`", span, text)
