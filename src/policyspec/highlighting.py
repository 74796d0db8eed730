"""How a text is coloured without being understood: one table of rules, made from the grammar, and what is made of it.

Editors want a TextMate grammar and a language configuration, which are files of the VS Code extension; Pygments wants
pieces. A regular expression sees a line at a time, and cannot tell all that a name is; the editor layer can.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from policyspec.syntax import grammar

LANGUAGE = "policy"


class Rule(NamedTuple):
    """What matches `pattern`, within a line, is of a scope, and so is each of its groups.

    A scope is a name by TextMate's conventions, without the language at its end, or empty. Instead of one, a group may
    have rules of its own.
    """

    name: str
    pattern: str
    scope: str = ""
    groups: tuple[str | tuple[Rule, ...], ...] = ()


class Block(NamedTuple):
    """What stands between two `mark`s, on whatever lines, is of a scope."""

    name: str
    mark: str
    scope: str


class Piece(NamedTuple):
    """A span of a text, and its innermost scope, which is empty for white space and for what is not in the language."""

    start: int
    end: int
    scope: str


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────


def _into(states: Iterable[int]) -> frozenset[str]:
    """The words that lead into some states of the grammar's table."""
    language, those = grammar.load(), {*states}
    return frozenset(
        word for word, name in language.words.items() for row in language.actions if row.get(name) in those
    )


def _alone(*rules: str) -> frozenset[str]:
    """The words that are, by themselves, all of one of these rules of the grammar, such as `may` of `modality`."""
    language = grammar.load()
    whole = {~number for number, rule in enumerate(language.rules) if rule in {(each, 1) for each in rules}}
    return _into(state for state, row in enumerate(language.actions) if not whole.isdisjoint(row.values()))


def _before(rule: str) -> frozenset[str]:
    """The words behind which a rule of the grammar may begin."""
    return _into(state for state, row in enumerate(grammar.load().actions) if rule in row)


def _before_actions() -> frozenset[str]:
    """The words that the actions of a sentence stand behind: of modality, judgement and verdict."""
    return _before("actions") | _alone("modality", "verdict")


def _after(rule: str) -> frozenset[str]:
    """The words that may stand behind a rule of the grammar."""
    actions = grammar.load().actions
    behind = [actions[row[rule]] for row in actions if rule in row]
    return frozenset(
        word for word, name in grammar.load().words.items() if any(row.get(name, -1) >= 0 for row in behind)
    )


def _beginning() -> frozenset[str]:
    """The words that an item may begin with."""
    language = grammar.load()
    return frozenset(word for word, name in language.words.items() if name in language.actions[language.start])


@lru_cache(maxsize=1)
def word_scopes() -> Mapping[str, str]:
    """The scope of every word of the language, where nothing around the word says otherwise."""
    groups = {
        "constant.language": _alone("value", "period") - _alone("kind"),
        "storage.type.kind": _alone("kind"),
        "keyword.control": _before_actions(),
        "storage.modifier": _alone("necessity"),
        "keyword.other.clause": _alone("word", "need"),
        "keyword.other.item": _beginning(),
        "keyword.other": frozenset(grammar.load().words),
    }
    # A word of several groups is of the first.
    return {word: scope for scope, words in reversed(groups.items()) for word in sorted(words)}


# ── The table ───────────────────────────────────────────────────────────────────────────────────────


def _terminals() -> dict[str, str]:
    """The patterns of the grammar's terminals, by name: the groups of its one pattern."""
    _, *parts = re.split(r"\|?\(\?P<(\w+)>", grammar.load().pattern.pattern)
    return {name: body.removesuffix(")") for name, body in zip(parts[::2], parts[1::2], strict=True)}


def _word() -> tuple[str, str]:
    """The patterns of a word's first character, and of one that follows it."""
    first, _, rest = _terminals()["FIELD"].partition("(?=")[0].partition("]")
    return f"{first}]", rest.removesuffix("*")


def _either(words: Iterable[str]) -> str:
    """A pattern of any of these words, and no longer one."""
    return rf"(?:{'|'.join(sorted(words))})(?!\.?{_word()[1]})"


@lru_cache(maxsize=1)
def rules() -> tuple[Rule | Block, ...]:
    """The table. What begins first counts, and of what begins at one place, the first of the rules."""
    terminals, scopes = _terminals(), word_scopes()
    name = terminals["NAME"]
    amount, gap, unit = terminals["DURATION"].split("+", 2)
    term = rf"(?!{_either(scopes)}){name}(?![ \t]*:)"
    terms = rf"{term}(?:[ \t]*,[ \t]*{term})*"
    actions = rf"{term}(?:[ \t]*(?:,|{_either({'or'})})[ \t]*{term})*"
    keywords = tuple(
        Rule(scope, _either(word for word in scopes if scopes[word] == scope), scope)
        for scope in dict.fromkeys(scopes.values())
    )
    comma = Rule("comma", terminals["COMMA"], "punctuation.separator")
    allow = "keyword.other.annotation"

    def listed(scope: str) -> tuple[Rule, ...]:
        """The terms of a list are of a scope."""
        return (*keywords, comma, Rule("term", name, scope))

    return (
        Rule(
            "suppression",
            rf"#+[ \t]*(policyspec)[ \t]*:[ \t]*(allow)[ \t]+({name}(?:[ \t]*,[ \t]*{name})*)"
            rf"(?:[ \t]+(until)[ \t]+({terminals['DATE']}))?(?=[ \t]*(?:-|[—–]|$)).*",
            "comment.line.number-sign",
            (allow, allow, (comma, Rule("rule", name, "entity.name.tag")), allow, "constant.numeric.date"),
        ),
        Rule("comment", terminals["COMMENT"], "comment.line.number-sign"),
        Block("text", '"""', "string.quoted.triple"),
        Rule(
            "string",
            r'"((?:[^"\\\r\n]|\\[^\r\n]?)*)(?:"|$)',
            "string.quoted.double",
            ((Rule("escape", r"\\[^\r\n]", "constant.character.escape"),),),
        ),
        Rule("language", terminals["LANGUAGE"], "entity.other.attribute-name.language"),
        Rule("field", terminals["FIELD"], "variable.other.property"),
        Rule("date", terminals["DATE"], "constant.numeric.date"),
        Rule(
            "duration",
            rf"({amount}+){gap}+({unit})",
            "",
            ("constant.numeric", "keyword.other.unit"),
        ),
        Rule("number", terminals["NUMBER"], "constant.numeric"),
        # `extend data email` and `some right access` declare nothing.
        Rule(
            "mention",
            rf"({_either(_before('kind'))})[ \t]+({_either(_alone('kind'))})(?=[ \t]+{term})",
            "",
            (keywords,) * 2,
        ),
        Rule(
            "declaration", rf"({_either(_alone('kind') | {'rule'})})[ \t]+({term})", "", (keywords, "entity.name.type")
        ),
        Rule("module", rf"({_either({'import'})})[ \t]+({terms})", "", (keywords, listed("entity.name.namespace"))),
        Rule("parents", rf"({_either({'is'})})[ \t]+({terms})", "", (keywords, listed("entity.other.inherited-class"))),
        Rule(
            "statement",
            rf"({_either(_before_actions())})[ \t]+({actions})",
            "",
            ("keyword.control", listed("entity.name.function")),
        ),
        Rule(
            "practice",
            rf"(?:^|(?<=[{{}}]))[ \t]*({actions})(?=[ \t]+(?:{_either(_after('actions'))}|{term}))",
            "",
            (listed("entity.name.function"),),
        ),
        Rule("child", rf'{term}(?=[ \t]+{_either({"is"})}|[ \t]*"(?!""))', "entity.name.type"),
        Rule("parent", rf"^[ \t]*({term})(?=[ \t]*\{{)", "", ("entity.name.type",)),
        *keywords,
        # A path is one name, even if a part of it is a word of the language.
        Rule("name", name, "meta.term"),
        comma,
        Rule("colon", terminals["COLON"], "punctuation.separator"),
        Rule("brace", f"{terminals['LBRACE']}|{terminals['RBRACE']}", "punctuation.section"),
    )


# ── What is made of it ──────────────────────────────────────────────────────────────────────────────


def pieces(text: str) -> Iterator[Piece]:
    """All of a text, piece by piece."""
    return _pieces(rules(), text, 0, len(text), "")


def _pieces(table: Sequence[Rule | Block], text: str, start: int, end: int, scope: str) -> Iterator[Piece]:
    """The pieces of a span; what no rule matches is of the scope around it."""
    pattern = _together(tuple(table))
    while match := pattern.search(text, start, end):
        rule = table[int((match.lastgroup or "_")[1:])]
        yield from _piece(start, match.start(), scope)
        start = match.start()
        number = match.lastindex or 0
        for group in rule.groups if isinstance(rule, Rule) else ():
            number += 1
            if match.start(number) >= 0:
                yield from _piece(start, match.start(number), rule.scope or scope)
                start = match.end(number)
                if isinstance(group, str):
                    yield from _piece(match.start(number), start, group)
                else:
                    yield from _pieces(group, text, match.start(number), start, rule.scope or scope)
        yield from _piece(start, match.end(), rule.scope or scope)
        start = match.end()
    yield from _piece(start, end, scope)


def _piece(start: int, end: int, scope: str) -> Iterator[Piece]:
    if start < end:
        yield Piece(start, end, scope)


@lru_cache(maxsize=64)
def _together(table: tuple[Rule | Block, ...]) -> re.Pattern[str]:
    """One pattern of these rules; the name of a rule's group has the rule's number."""
    patterns = [rule.pattern if isinstance(rule, Rule) else rf"{rule.mark}(?s:.*?)(?:{rule.mark}|\Z)" for rule in table]
    return re.compile("|".join(f"(?P<_{number}>{each})" for number, each in enumerate(patterns)), re.MULTILINE)


def textmate() -> str:
    """The TextMate grammar, as JSON."""
    made = {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "comment": "Made from the grammar by policyspec.highlighting: edit that, and run `make generate`.",
        "name": "policyspec",
        "scopeName": f"source.{LANGUAGE}",
        "fileTypes": [LANGUAGE],
        "patterns": [{"include": f"#{rule.name}"} for rule in rules()],
        "repository": {rule.name: _textmate(rule) for rule in rules()},
    }
    return json.dumps(made, indent=2) + "\n"


def _textmate(rule: Rule | Block) -> dict[str, Any]:
    named = {"name": _scoped(rule.scope)} if rule.scope else {}
    if isinstance(rule, Block):
        return {**named, "begin": rule.mark, "end": rule.mark}
    captures = {
        str(number): {"name": _scoped(group)} if isinstance(group, str) else {"patterns": [*map(_textmate, group)]}
        for number, group in enumerate(rule.groups, 1)
    }
    return {**named, "match": rule.pattern, **({"captures": captures} if captures else {})}


def _scoped(scope: str) -> str:
    return f"{scope}.{LANGUAGE}"


def language_configuration() -> str:
    """The language configuration of VS Code, as JSON."""
    made = {
        "comments": {"lineComment": "#"},
        "brackets": [["{", "}"]],
        "colorizedBracketPairs": [["{", "}"]],
        "autoClosingPairs": [
            {"open": "{", "close": "}", "notIn": ["string", "comment"]},
            {"open": '"', "close": '"', "notIn": ["string", "comment"]},
            {"open": '"""', "close": '"""', "notIn": ["comment"]},
        ],
        "autoCloseBefore": " \t\r\n,}@#",
        "surroundingPairs": [["{", "}"], ['"', '"']],
        "wordPattern": {"pattern": _javascript(), "flags": "u"},
        "indentationRules": {
            # A brace at the end of a line, outside of strings and comments.
            "increaseIndentPattern": r'^(?:[^"#]|"(?:[^"\\]|\\.)*")*\{[ \t]*(?:#.*)?$',
            "decreaseIndentPattern": r"^\s*\}",
        },
        "onEnterRules": [
            # A comment that is broken in the middle goes on.
            {
                "beforeText": r"^\s*#.*\S",
                "afterText": r"^\s*[^\s#]",
                "action": {"indent": "none", "appendText": "# "},
            }
        ],
        "folding": {"markers": {"start": r"^\s*#\s*region\b", "end": r"^\s*#\s*endregion\b"}},
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _javascript() -> str:
    """A word of the grammar, in JavaScript's terms, where `\\w` is ASCII alone."""
    first, following = _word()
    letters = first.replace(r"[^\W\d]", r"[\p{L}\p{Nl}\p{No}_]")
    return letters + following.replace(r"\w", r"\p{L}\p{N}_") + "*"
