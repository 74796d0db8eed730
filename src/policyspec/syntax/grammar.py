"""The grammar's tables: read from `policy.lark` by Lark once, and kept beside this file as JSON.

`grammar/policy.lark` is the only definition of the language. Lark turns it into terminals and an LALR(1) table,
which takes longer than parsing a policy does; so the result is committed as `tables.json`, with the hash of the
grammar that it was made from. Where the grammar has another hash, the tables are made anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
TABLES = _HERE / "tables.json"

# What follows is no part of the language: it gives broken text a token, so that it can be talked about.
# An unclosed string ends before a `{` at its line's end, which is more likely meant as a brace.
BROKEN_STRING = r'"(?:(?![ \t]?\{[ \t]{0,8}[\r\n])(?:[^"\\\r\n]|\\[^\r\n]?))*'
BROKEN_TEXT = r'"""(?s:.*)'
UNKNOWN = r"[^\w\s\"#{},:@]+|."


def grammar_path() -> Path:
    """`policy.lark`: inside of the installed package, or in the checkout's `grammar/`."""
    installed = _HERE.parent / "grammar" / "policy.lark"
    return installed if installed.exists() else _HERE.parents[2] / "grammar" / "policy.lark"


@dataclass(frozen=True)
class Grammar:
    """Terminals and LALR(1) table of the language.

    `actions[state]` maps a terminal's or rule's name to what to do: a number `n >= 0` is the state to go to, and
    `~n` is to reduce by `rules[n]`, a pair of the rule's name and the length of its right side.
    """

    pattern: re.Pattern[str]
    words: dict[str, str]
    actions: list[dict[str, int]]
    rules: list[tuple[str, int]]
    start: int
    end: int

    @cached_property
    def item_states(self) -> frozenset[int]:
        """The states in which an item may begin."""
        return frozenset(state for state, row in enumerate(self.actions) if "item" in row)


def make_tables(text: str) -> dict[str, Any]:
    """The tables of a grammar, by Lark; raises lark's GrammarError if it is ambiguous."""
    import lark
    from lark.parsers.lalr_analysis import Reduce

    parser = lark.Lark(text, parser="lalr", lexer="basic")
    table = parser.parser.parser._parse_table
    strings = [t for t in parser.terminals if isinstance(t.pattern, lark.lexer.PatternStr)]
    words = {t.pattern.value: t.name for t in strings if t.pattern.value.isalpha()}
    # Lark's own order: the first terminal that matches is the token.
    terminals = sorted(
        (t for t in parser.terminals if t.pattern.value not in words),
        key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
    )
    # Numbered in the order in which they are met from the start, for Lark's own order changes from run to run.
    rules: dict[Any, int] = {}
    order = [table.start_states["start"]]
    numbers = {order[0]: 0}
    actions: list[dict[str, int]] = []
    for state in order:
        actions.append(entries := {})
        for name, (action, target) in sorted(table.states[state].items(), key=lambda entry: entry[0]):
            if action is Reduce:
                entries[name] = ~rules.setdefault(target, len(rules))
            else:
                if target not in numbers:
                    numbers[target] = len(order)
                    order.append(target)
                entries[name] = numbers[target]
    return {
        "grammar": _digest(text),
        "tokens": [[t.name, t.pattern.to_regexp()] for t in terminals],
        "words": dict(sorted(words.items())),
        "rules": [[str(rule.origin.name), len(rule.expansion)] for rule in rules],
        "actions": actions,
        "start": numbers[table.start_states["start"]],
        "end": numbers[table.end_states["start"]],
    }


@lru_cache(maxsize=1)
def load() -> Grammar:
    """The grammar in force: from the committed tables where they are current, else made by Lark."""
    text = grammar_path().read_text(encoding="utf-8")
    tables = json.loads(TABLES.read_text(encoding="utf-8")) if TABLES.exists() else {}
    if tables.get("grammar") != _digest(text):
        tables = make_tables(text)
    tokens = dict(map(tuple, tables["tokens"]))
    parts = []
    for name, pattern in tokens.items():
        parts.append(f"(?P<{name}>{pattern})")
        if name == "TEXT":
            parts.append(f"(?P<BROKEN_TEXT>{BROKEN_TEXT})")
    parts += [f"(?P<BROKEN_STRING>{BROKEN_STRING})", f"(?P<UNKNOWN>{UNKNOWN})"]
    # White space is taken together with the token behind it; at the end there is none.
    parts[list(tokens).index("SPACE") + 1] = r"(?P<SPACE>\Z)"
    return Grammar(
        pattern=re.compile(rf"(?:{tokens['SPACE']})?+(?:{'|'.join(parts)})"),
        words=tables["words"],
        actions=tables["actions"],
        rules=[(name, length) for name, length in tables["rules"]],
        start=tables["start"],
        end=tables["end"],
    )


def dump_tables() -> str:
    """The text that `tables.json` should have."""
    return json.dumps(make_tables(grammar_path().read_text(encoding="utf-8")), separators=(",", ":")) + "\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
