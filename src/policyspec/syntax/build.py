"""What each rule of the grammar becomes: (the values on its right side) → a node.

The parser calls `MAKE[rule](parts)` on every reduction. Repetitions and rules whose name starts with `_` arrive
spliced into the list, tokens as tokens. A rule that is not in `MAKE` passes its first value on.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from policyspec.source import Span
from policyspec.syntax import nodes
from policyspec.syntax.lexer import Token
from policyspec.syntax.nodes import Name

T = TypeVar("T")
UNITS = ("minute", "hour", "day", "working_day", "week", "month", "year")
_ESCAPES = {"n": "\n", "t": "\t"}


class _Part(NamedTuple):
    """Several values, with the brackets or words around them."""

    values: tuple[Any, ...]
    span: Span


# Makes a named tuple without a call of Python code: names and spans are what a tree has most of.
_new = tuple.__new__


def name(token: Token) -> Name:
    _, text, start, end = token
    return _new(Name, (text if text.isascii() else unicodedata.normalize("NFC", text), _new(Span, (start, end))))


def span(parts: list[Any]) -> Span:
    first, last = parts[0], parts[-1]
    start = first.start if type(first) is Token else first.span.start
    return _new(Span, (start, last.end if type(last) is Token else last.span.end))


def string(token: Token) -> str:
    """A string's or a text block's contents; a backslash keeps the character behind it, save `\\n` and `\\t`.

    Every line of a block ends with `\\n`, whatever ends it in the file.
    """
    text = token.text
    if text.startswith('"""'):
        block = text[3 : len(text) - 3 if text.endswith('"""') and len(text) >= 6 else len(text)]
        return block.replace("\r\n", "\n").replace("\r", "\n")
    body = text[1 : len(text) - 1 if text.endswith('"') and len(text) >= 2 else len(text)]
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), body) if "\\" in body else body


def duration(token: Token) -> nodes.Duration:
    amount, *words = token.text.split() or ["0", "days"]
    unit = words[-1].rstrip("s")
    unit = "working_day" if len(words) == 2 and unit == "day" else unit
    # More digits than this are no period that anybody means, and are slow to read.
    return nodes.Duration(int(amount[:9]), unit, Span(token.start, token.end))


def _title(parts: list[Any]) -> nodes.Title:
    language = parts[1].text[1:] if len(parts) == 2 else None
    return nodes.Title(string(parts[0]), language, span(parts))


def _of(parts: list[Any], *types: type[T]) -> tuple[T, ...]:
    return tuple(part for part in parts if type(part) in types)


def _names(parts: list[Any]) -> tuple[Name, ...]:
    return tuple([name(part) for part in parts if type(part) is Token and part.type == "NAME"])


def _word(parts: list[Any], *types: str) -> Name | None:
    return next((name(part) for part in parts if type(part) is Token and part.type in types), None)


def _group(parts: list[Any]) -> _Part:
    return _Part(tuple(part for part in parts if type(part) is not Token), span(parts))


def _groups(parts: list[Any]) -> tuple[Any, ...]:
    return next((part.values for part in parts if type(part) is _Part), ())


def _module(parts: list[Any]) -> Name | nodes.Title:
    return name(parts[0]) if parts[0].type == "NAME" else _title(parts)


def _import(parts: list[Any]) -> nodes.Import:
    return nodes.Import(_of(parts, Name, nodes.Title), span(parts))


def _child(parts: list[Any]) -> nodes.Declaration:
    declared = name(parts[0])
    parents: tuple[Name, ...] = ()
    members: tuple[Any, ...] = ()
    titles = []
    for part in parts[1:]:
        if type(part) is nodes.Title:
            titles.append(part)
        elif type(part) is _Parents:
            parents = part.values
        else:
            members = part.values
    kind = Name("", Span(declared.span.start, declared.span.start))
    return nodes.Declaration(kind, declared, parents, tuple(titles), members, span(parts))


class _Parents(NamedTuple):
    values: tuple[Name, ...]
    span: Span


def _declaration(parts: list[Any]) -> nodes.Declaration:
    kind: nodes.Kind = parts[0]
    child: nodes.Declaration = parts[1]
    return child._replace(kind=Name(kind.text, kind.span), span=Span(kind.span.start, child.span.end))


def _extend(parts: list[Any]) -> nodes.Extend:
    kind = Name(parts[1].text, parts[1].span)
    return nodes.Extend(kind, name(parts[2]), parts[3].values, span(parts))


def _field(parts: list[Any]) -> nodes.Field:
    return nodes.Field(name(parts[0]), tuple(part for part in parts[1:] if type(part) is not Token), span(parts))


def _value(parts: list[Any]) -> nodes.Value:
    first = parts[0]
    if type(first) is not Token:
        given: nodes.Value = first
        return given
    where = span(parts)
    match first.type:
        case "NAME":
            return name(first)
        case "TEXT":
            return _title(parts)
        case "DATE":
            return _date(first)
        case "DURATION":
            return duration(first)
        case "NUMBER":
            return nodes.Number(float(first.text) if "." in first.text else int(first.text[:18]), where)
        case "YES" | "NO":
            return nodes.Flag(first.type == "YES", where)
        case "ETC":
            return nodes.Etc(where)
    word = first.text if first.type == "UNDER" else "at_" + parts[1].text
    return nodes.Bound(word, duration(parts[-1]), where)


def _date(token: Token) -> nodes.Date:
    try:
        value = datetime.date.fromisoformat(token.text)
    except ValueError:
        value = None
    return nodes.Date(value, Span(token.start, token.end))


def _statement(parts: list[Any]) -> nodes.Statement:
    modality = necessity = only = None
    actions: _Actions | None = None
    objects: tuple[nodes.Terms, ...] = ()
    clauses = []
    for part in parts:
        kind = type(part)
        if kind is nodes.Clause:
            clauses.append(part)
        elif kind is _Actions:
            actions = part
        elif kind is _Part:
            objects = part.values
        elif kind is Token:
            only = name(part)
        elif actions is None:
            modality = part
        else:
            necessity = part
    assert actions is not None
    return nodes.Statement(
        modality, actions.values, actions.joins, necessity, only, objects, tuple(clauses), span(parts)
    )


class _Actions(NamedTuple):
    values: tuple[Name, ...]
    joins: tuple[str, ...]
    span: Span


def _actions(parts: list[Any]) -> _Actions:
    return _Actions(_names(parts), tuple(part.text for part in parts[1::2]), span(parts))


def _clause(parts: list[Any]) -> nodes.Clause:
    only = word = None
    items = []
    periods = []
    for part in parts:
        kind = type(part)
        if kind is nodes.Terms:
            items.append(part)
        elif kind is Name:
            word = part
        elif kind is not Token:
            periods.append(part)
        elif part.type == "ONLY":
            only = name(part)
        elif part.type != "COMMA":
            word = name(part)
    assert word is not None
    return nodes.Clause(word, only, tuple(items), tuple(periods), span(parts))


def _period(parts: list[Any]) -> nodes.Period:
    first = parts[0]
    where = span(parts)
    if type(first) is nodes.Title:
        return nodes.Quoted(_of(parts, nodes.Title), _word(parts, "NAME"), where)
    match first.type:
        case "UNTIL":
            return nodes.Until(_date(parts[1]) if parts[1].type == "DATE" else name(parts[1]), where)
        case "WHILE":
            return nodes.While(name(parts[1]), where)
        case "FOREVER":
            return nodes.Forever(where)
        case "ETC":
            return nodes.Etc(where)
    word = "at_" + parts[1].text if first.type == "AT" else ""
    lasting = next(part for part in parts if part.type == "DURATION")
    return nodes.Lasting(word, duration(lasting), _word(parts, "NAME"), where)


def _items(parts: list[Any]) -> tuple[Any, ...]:
    return tuple(part for part in parts if type(part) is not Token and type(part) is not nodes.Title)


def _section(parts: list[Any]) -> nodes.Section:
    members = _items(parts)
    fields = tuple(member for member in members if type(member) is nodes.Field)
    placed = tuple(nodes.Placed(0, member) for member in members[len(fields) :])
    return nodes.Section(_of(parts, nodes.Title), fields, placed, span(parts))


def _every(parts: list[Any]) -> nodes.Judgement:
    exists = next(iter(_of(parts, nodes.Existence)), None)
    return nodes.Judgement(name(parts[0]), parts[1], _of(parts, nodes.Clause), exists, span(parts))


def _named(parts: list[Any]) -> Name:
    return name(parts[0])


MAKE: dict[str, Callable[[list[Any]], Any]] = {
    "import": _import,
    "module": _module,
    "declaration": _declaration,
    "child": _child,
    "parents": lambda parts: _Parents(_names(parts), span(parts)),
    "title": _title,
    "body": _group,
    "extend": _extend,
    "kind": lambda parts: nodes.Kind(parts[0].text, Span(parts[0].start, parts[0].end)),
    "field": _field,
    "value": _value,
    "practice": lambda parts: nodes.Practice(parts[0], _groups(parts), span(parts)),
    "statement": _statement,
    "modality": _named,
    "actions": _actions,
    "necessity": _named,
    "objects": _group,
    "terms": lambda parts: nodes.Terms(_names(parts), span(parts)),
    "fields": _group,
    "clause": _clause,
    "word": _named,
    "period": _period,
    "deadline": _period,
    "prose": lambda parts: nodes.Prose(
        _title([part for part in parts if type(part) is Token]), _groups(parts), span(parts)
    ),
    "section": _section,
    "rule": lambda parts: nodes.Rule(name(parts[1]), _of(parts, nodes.Title), _items(parts), span(parts)),
    "every": _every,
    "no": lambda parts: nodes.Judgement(name(parts[0]), parts[1], (), None, span(parts)),
    "some": lambda parts: nodes.Judgement(name(parts[0]), parts[1], (), None, span(parts)),
    "existence": lambda parts: nodes.Existence(Name(parts[0].text, parts[0].span), name(parts[1]), span(parts)),
    "need": _clause,
    "test": lambda parts: nodes.Test(_of(parts, nodes.Title), _items(parts), span(parts)),
    "question": lambda parts: nodes.Question(parts[0], parts[1], span(parts)),
    "verdict": _named,
}
