"""What is open at a place: a block, a sentence, a list; and what of these is behind the place."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from policyspec.ide.expected import Expected
from policyspec.ide.reading import Open, Stack, may_begin_item, missing, spliced, take, tokens
from policyspec.kinds import CLAUSES, KINDS
from policyspec.source import Span
from policyspec.syntax import grammar, nodes
from policyspec.syntax.lexer import Token

# How many tokens behind a place are read: a block may be long.
_MAX_AHEAD = 500
# What a sentence begins with on the stack, and what is no sentence.
_HEADS = ("actions", "NEEDS", "LBRACE", "item", "COLON", "IS", "IMPORT", "kind", "")


class Sentence(NamedTuple):
    """What has been read of a sentence, or of what a rule needs.

    `head` is the token type of what it is part of, such as `EVERY`, `NEEDS` or `ALLOWS`, or empty. `clauses` are the
    words of its clauses so far, `clause` is the one that is being written. `start` is where it begins on the stack.
    """

    head: str
    modality: str
    actions: tuple[nodes.Name, ...]
    joins: tuple[str, ...]
    clauses: tuple[str, ...]
    clause: str
    has_objects: bool
    start: int


class Slot(NamedTuple):
    """What a name that stands at the place is part of.

    `part` is action, object, clause, event, parent, value, import, existing, or new where it is declared there; in an
    extension it is extended, and behind `is` foreign_parent.
    `word` is the clause word, the field's name or the kind; `listed` are the names in front of it in its list.
    """

    part: str
    word: str = ""
    listed: tuple[str, ...] = ()


class Block(NamedTuple):
    """Braces that are open: of a kind of term (`data`), or a construct (`practice`), with the names that are declared.

    `names` are those of the declarations, the outermost first. `fields` are those that it has before the place.
    """

    what: str
    names: tuple[Token, ...] = ()
    fields: frozenset[str] = frozenset()


def slot(stack: Stack) -> Slot | None:
    """What a name is part of that stands behind this; `stack` is as it is in front of the name."""
    listed: list[str] = []
    for at in range(len(stack) - 1, -1, -1):
        symbol, value = stack[at].symbol, stack[at].value
        below = stack[at - 1].symbol if at else ""
        match symbol:
            case "word":
                return Slot("clause", value.text, tuple(listed))
            case "IS":
                is_foreign = at > 2 and stack[at - 3].symbol == "EXTEND"
                return Slot("foreign_parent" if is_foreign else "parent", "", tuple(listed))
            case "COLON":
                return Slot("value", stack[at - 1].value.text, tuple(listed))
            case "UNTIL" | "WHILE" | "AFTER" | "OF":
                return Slot("event", value.text)
            case "IMPORT":
                return Slot("import", "", tuple(listed))
            case "actions" | "necessity":
                return Slot("object", "", tuple(listed))
            case "kind":
                part = {"EXTEND": "extended", "SOME": "existing"}.get(below, "new")
                return Slot(part, value.text)
            case "RULE":
                return Slot("new", value.text)
            case "COMMA" | "AND" | "OR" | "ONLY":
                continue
            case "NAME":
                listed.append(value.text)
            case "modality" | "verdict" | "EVERY" | "NO" | "SOME":
                return Slot("action", "", tuple(listed))
            case _ if at == len(stack) - 1 or symbol in ("", "LBRACE", "item") or not _is_list(value):
                break
            case _:
                listed += _names(value)
    inner = block(stack)
    return Slot("new", inner.what) if inner is not None and inner.what in KINDS else Slot("action", "", tuple(listed))


def _is_list(value: Any) -> bool:
    """Whether this is of a list of names, and not of one of items or members."""
    whole = value if type(value) is list else [value]
    return all(type(each) in (Token, nodes.Terms, nodes.Name, nodes.Title) for each in whole) and bool(whole)


def _names(value: Any) -> list[str]:
    found: list[str] = []
    for each in value if type(value) is list else [value]:
        if type(each) is nodes.Terms:
            found += [name.text for name in each.names]
        elif type(each) is nodes.Name or type(each) is nodes.Title or (type(each) is Token and each.type == "NAME"):
            found.append(each.text)
    return found


def field(stack: Stack) -> str | None:
    """The field whose value is being written; None where none is, or a whole value has been."""
    for at in range(len(stack) - 1, 0, -1):
        match stack[at].symbol:
            case "COLON":
                name: str = stack[at - 1].value.text
                return name
            case "UNDER" | "AT" | "LEAST" | "MOST":
                continue
            case "COMMA":
                continue
            case _ if at == len(stack) - 1:
                return None
            case "value" | "module" | "title" | "kind" | "NAME":
                continue
            case symbol if symbol.startswith("_"):
                continue
            case _:
                return None
    return None


def block(stack: Sequence[Open]) -> Block | None:
    """The innermost braces that are open."""
    brace = _last(stack, "LBRACE")
    if brace < 0:
        return None
    members = spliced(each.value for each in stack[brace + 1 :])
    fields = frozenset(each.name.text for each in members if type(each) is nodes.Field)
    return _construct(stack[:brace])._replace(fields=fields)


def declaring(stack: Sequence[Open]) -> Block | None:
    """The declaration, or the extension, whose name was read last, outside of the braces of its own."""
    for at in range(len(stack) - 1, 0, -1):
        match stack[at].symbol:
            case "NAME" if stack[at - 1].symbol not in ("IS", "COMMA"):
                return _construct(stack[: at + 1])
            case "LBRACE" | "item" | "practice":
                return None
    return None


def _construct(stack: Sequence[Open]) -> Block:
    """What the words at the end of a stack begin."""
    for at in range(len(stack) - 1, 0, -1):
        symbol, value = stack[at].symbol, stack[at].value
        match symbol:
            case "SECTION" | "TEST":
                return Block(value.text)
            case "statement":
                return Block("practice")
            case "TEXT":
                return Block("prose")
            case "NAME" if stack[at - 1].symbol in ("IS", "COMMA"):
                continue
            case "NAME":
                below = stack[at - 1]
                if below.symbol == "RULE":
                    return Block("rule")
                if below.symbol == "kind":
                    return Block(below.value.text, (value,))
                outer = block(stack[:at])
                return Block(outer.what, (*outer.names, value)) if outer is not None else Block("")
    return Block("")


def sections(stack: Sequence[Open]) -> int:
    """How many sections are open."""
    return sum(each.symbol == "SECTION" for each in stack)


def sentence(stack: Sequence[Open]) -> Sentence | None:
    """The sentence, or the needs of a rule, that the end of a stack is part of."""
    at = next((at for at in range(len(stack) - 1, -1, -1) if stack[at].symbol in _HEADS), -1)
    if at < 0 or stack[at].symbol not in ("actions", "NEEDS"):
        return _begun_sentence(stack)
    clauses = [each for each in spliced(each.value for each in stack[at + 1 :]) if type(each) is nodes.Clause]
    clause = next((_clause_word(each) for each in stack[at + 1 :] if _clause_word(each)), "")
    said = (*(each.word.text for each in clauses), *([clause] if clause else []))
    if stack[at].symbol == "NEEDS":
        return Sentence("NEEDS", "", (), (), said, clause, False, at)
    head, modality = _lead(stack, at)
    actions = stack[at].value
    has_objects = any(each.symbol in ("objects", "terms", "_terms") for each in stack[at + 1 :])
    return Sentence(head, modality, actions.values, actions.joins, said, clause, has_objects, at)


def _clause_word(each: Open) -> str:
    """The word of a clause that is not whole yet."""
    is_word = each.symbol == "word" or (type(each.value) is Token and each.value.text in CLAUSES)
    return each.value.text if is_word else ""


def _begun_sentence(stack: Sequence[Open]) -> Sentence | None:
    """A sentence of which there is no more than its first words."""
    at = len(stack) - 1
    names: list[nodes.Name] = []
    joins: list[str] = []
    while at > 0 and (stack[at].symbol in ("NAME", "COMMA", "OR") or stack[at].symbol.startswith("__actions")):
        for each in reversed(stack[at].value if type(stack[at].value) is list else [stack[at].value]):
            if each.type == "NAME":
                names.insert(0, nodes.Name(each.text, Span(each.start, each.end)))
            else:
                joins.insert(0, each.text)
        at -= 1
    head, modality = _lead(stack, at + 1)
    is_item = at >= 0 and may_begin_item(stack[: at + 1])
    if not (modality or head or (is_item and names)):
        return None
    return Sentence(head, modality, tuple(names), tuple(joins), (), "", False, at + 1)


def _lead(stack: Sequence[Open], at: int) -> tuple[str, str]:
    """What a sentence whose actions are at this place of the stack is part of, and its modality."""
    modality = ""
    if at > 0 and stack[at - 1].symbol == "modality":
        modality, at = stack[at - 1].value.text, at - 1
    below = stack[at - 1] if at > 0 else Open(0, "")
    if below.symbol == "verdict":
        return below.value.text.upper(), modality
    return (below.symbol if below.symbol in ("EVERY", "NO", "SOME") else ""), modality


def _last(stack: Sequence[Open], symbol: str) -> int:
    return next((at for at in range(len(stack) - 1, -1, -1) if stack[at].symbol == symbol), -1)


def goes_on(here: Expected, sentence: Sentence | None) -> bool:
    """Whether what is written next is part of the sentence rather than a new one: on its line, or indented deeper."""
    if sentence is None or not sentence.actions or not here.begins_line:
        return True
    return _column(here.text, here.word.start) > _indent(here.text, sentence.actions[0].span.start)


def _column(text: str, offset: int) -> int:
    return offset - max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) - 1


def _indent(text: str, offset: int) -> int:
    line = text[offset - _column(text, offset) : offset]
    return len(line) - len(line.lstrip())


# ── What is behind ──────────────────────────────────────────────────────────────────────────────────


def clauses_behind(expected: Expected) -> frozenset[str]:
    """The words of the clauses that the sentence has behind the place."""
    here = sentence(expected.stack)
    if here is None:
        return frozenset()
    found = set(CLAUSES) & set(_read_on(expected, here.start, lambda stack: _said(stack)))
    return frozenset(found)


def _said(stack: Stack) -> tuple[str, ...]:
    found = sentence(stack)
    return found.clauses if found is not None else ()


def fields_behind(expected: Expected) -> frozenset[str]:
    """The fields that the innermost block has behind the place."""
    brace = _last(expected.stack, "LBRACE")
    if brace < 0:
        return frozenset()

    def fields(stack: Stack) -> tuple[str, ...]:
        found = block(stack)
        return tuple(found.fields) if found is not None else ()

    # Behind a section's first item there is none.
    here = block(expected.stack)
    items = grammar.load().actions[grammar.load().start] if here is not None and here.what == "section" else ()
    return frozenset(_read_on(expected, brace, fields, items))


def _read_on(
    expected: Expected, start: int, look: Callable[[Stack], tuple[str, ...]], stops: Container[str] = ()
) -> tuple[str, ...]:
    """What is seen on the stack when all has been read that belongs to what is at one place of it."""
    ahead = tokens(expected.text, expected.word.end, len(expected.text))
    first = next(ahead, None)
    stack = _joined(expected.stack, first)
    if first is None or stack is None:
        return ()
    seen = look(stack)
    kept = expected.stack[start].symbol if start < len(expected.stack) else ""
    for count, token in enumerate(chain((first,), islice(ahead, _MAX_AHEAD))):
        if token.type in stops or (count and not take(stack, token)):
            break
        if len(stack) <= start or (kept and stack[start].symbol not in (kept, "actions")):
            break
        seen = look(stack)
    return seen


def _joined(stack: Stack, token: Token | None) -> Stack | None:
    """The stack with a token behind the place, and where that needs one, with a word at the place."""
    if token is None:
        return None
    for types in ((), ("NAME",), ("DURATION",), ("STRING",)):
        trial = [*stack]
        if all(take(trial, missing(type, token.start)) for type in types) and take(trial, token):
            return trial
    return None


def listed_behind(expected: Expected) -> tuple[str, ...]:
    """The names that the list goes on with behind the place."""
    found = []
    ahead = islice(tokens(expected.text, expected.word.end, len(expected.text)), _MAX_AHEAD)
    for token in ahead:
        if token.type not in ("COMMA", "AND", "OR"):
            break
        name = next(ahead, None)
        if name is None or name.type not in ("NAME", "STRING"):
            break
        found.append(name.text)
    return tuple(found)
