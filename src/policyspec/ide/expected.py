"""What the grammar lets stand at a place, and what is open there: blocks, a sentence, a list.

The text from the item's start up to the place is read by the grammar's own tables, so what may follow is what the
parser would take. Only that item is read, and of what is behind the place no more than its sentence or its block.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

from policyspec.kinds import CLAUSES, KINDS
from policyspec.source import Span
from policyspec.syntax import grammar, nodes
from policyspec.syntax.build import MAKE
from policyspec.syntax.lexer import Token
from policyspec.syntax.parser import Tree

T = TypeVar("T")

# What may be missing in front of a token that cannot stand where it does.
_MISSING = ("COMMA", "NAME", "COLON", "STRING", "DURATION", "LBRACE", "RBRACE")
_BROKEN = {"BROKEN_STRING": "STRING", "BROKEN_TEXT": "TEXT"}
# How many tokens behind a place are read: a block may be long.
_MAX_AHEAD = 500
# A language tag, a number or a path: what is being typed. Combining marks belong to words of some scripts.
_BEFORE = re.compile(r"(?:@[A-Za-z0-9-]*|[^\W\d][\w.\u0300-\u036f\u0900-\u1cff\u3099\u309a]*|\d[\d-]*)\Z")
_BEHIND = re.compile(r"[\w.\u0300-\u036f\u0900-\u1cff\u3099\u309a]*")
_BEHIND_TAG = re.compile(r"[A-Za-z0-9-]*")
_REACH = 200


class Open(NamedTuple):
    """What is on the machine's stack: the state behind it, its symbol in the grammar, and its token, node or list."""

    state: int
    symbol: str
    value: Any = None


Stack = list[Open]


class Expected(NamedTuple):
    """A place of a text: the word that is being typed there, and the machine's stack in front of that word.

    `inside` is `string`, `text` or `comment` where the place is in one; then `word` is that, up to the place. `last` is
    the token before the word.
    """

    text: str
    offset: int
    word: Span
    inside: str
    stack: Stack
    last: Token | None

    @property
    def typed(self) -> str:
        """The part of the word that is in front of the place."""
        return self.text[self.word.start : self.offset]

    @property
    def has_colon(self) -> bool:
        """Whether a colon follows, so that the word is the name of a field."""
        return self.text[self.word.end : self.word.end + _REACH].lstrip().startswith(":")

    @property
    def begins_line(self) -> bool:
        """Whether nothing but white space is before the word on its line."""
        return _begins_line(self.text, self.word.start)

    @property
    def begins_item(self) -> bool:
        """Whether an item that stands here is at the beginning of a line, or behind a brace."""
        return self.begins_line or self.last is None or self.last.type in ("LBRACE", "RBRACE")


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


def _begins_line(text: str, offset: int) -> bool:
    before = text[max(offset - _REACH, 0) : offset].rstrip(" \t\ufeff")
    return not before or before[-1] in "\r\n"


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────


def at(tree: Tree, offset: int) -> Expected:
    """What may stand at an offset."""
    text = tree.text
    word = _word(text, offset)
    if (comment := _comment(tree, offset)) is not None:
        return Expected(text, offset, comment._replace(end=offset), "comment", [Open(grammar.load().start, "")], None)
    start, stack = _begun(tree, word.start)
    tokens = list(_tokens(text, start, word.start))
    last = tokens[-1] if tokens else None
    if last is not None and last.type in _BROKEN and last.end == word.start:
        return _in_string(text, offset, last, stack, tokens[:-1])
    for index, token in enumerate(tokens):
        _read(stack, token, tokens[index + 1].type if index + 1 < len(tokens) else "")
    return Expected(text, offset, word, "", stack, last)


def _in_string(text: str, offset: int, last: Token, stack: Stack, before: Sequence[Token]) -> Expected:
    for token in before:
        _read(stack, token, "")
    inside = "string" if last.type == "BROKEN_STRING" else "text"
    return Expected(text, offset, Span(last.start, offset), inside, stack, before[-1] if before else None)


def _word(text: str, offset: int) -> Span:
    """The word at an offset, all of it: the path, the tag or the number that is being typed."""
    line = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    before = _BEFORE.search(text, max(line, offset - _REACH), offset)
    start = before.start() if before else offset
    pattern = _BEHIND_TAG if text.startswith("@", start) and start < offset else _BEHIND
    behind = pattern.match(text, offset)
    end = behind.end() if behind else offset
    return Span(start, offset if start == offset and text.startswith(".", offset) else end)


def _comment(tree: Tree, offset: int) -> Span | None:
    """The comment that an offset is in, or at the end of."""
    number = bisect_left(tree.comments, (offset,)) - 1
    found = tree.comments[number] if number >= 0 else None
    return found if found is not None and found.start < offset <= found.end else None


def _begun(tree: Tree, offset: int) -> tuple[int, Stack]:
    """Where to begin to read so that all that is open at the offset is known, and the stack there."""
    placed, base = tree.items, 0
    stack = [Open(grammar.load().start, "")]
    start = 0
    while True:
        number = bisect_left(placed, offset, key=lambda each: base + each.start + each.node.span.start) - 1
        # In broken text, what begins in the middle of a line may be a part of the item before.
        while number > 0 and not _begins_line(tree.text, base + placed[number].start + placed[number].node.span.start):
            number -= 1
        if number < 0:
            return start, stack
        base, node = base + placed[number].start, placed[number].node
        start = base + node.span.start
        if number:
            _pass_items(stack)
        if type(node) is not nodes.Section:
            return start, stack
        end = base + node.span.end
        if end <= offset and tree.text[end - 1] == "}" and _is_sound(tree, start, end):
            _pass_items(stack)
            return end, stack
        first = base + node.items[0].start + node.items[0].node.span.start if node.items else offset
        if first >= offset:
            return start, stack
        for token in _SECTION:
            _read(stack, token, "")
        placed = node.items


def _pass_items(stack: Stack) -> None:
    """Go on as behind an item: in a section, no field can stand there any more."""
    _go_on(stack, "item", None)
    behind = after(stack, "NEVER")
    stack[:] = behind[:-1] if behind is not None else stack


_SECTION = (Token("SECTION", "section", 0, 0), Token("STRING", '""', 0, 0), Token("LBRACE", "{", 0, 0))


def _is_sound(tree: Tree, start: int, end: int) -> bool:
    """Whether nothing is wrong with a part of the text, so that all its braces are closed."""
    first = bisect_left(tree.faults, start, key=lambda each: each.span.end)
    return first == len(tree.faults) or tree.faults[first].span.start > end


def _tokens(text: str, start: int, stop: int) -> Iterator[Token]:
    language = grammar.load()
    for match in language.pattern.finditer(text, start, stop):
        type = match.lastgroup or ""
        if type not in ("COMMENT", "SPACE"):
            first, end = match.span(type)
            word = text[first:end]
            yield Token(language.words.get(word, "NAME") if type == "NAME" else type, word, first, end)


def _read(stack: Stack, token: Token, ahead: str) -> None:
    """Read a token, whatever it is: where it cannot stand, with what may be missing in front of it, or not at all."""
    if token.type in _BROKEN:
        token = token._replace(type=_BROKEN[token.type])
    if _take(stack, token):
        return
    for type in _MISSING:
        trial = [*stack]
        if _take(trial, _made(type, token.start)) and _take(trial, token) and (not ahead or takes(trial, ahead)):
            stack[:] = trial
            return
    if token.type in grammar.load().actions[grammar.load().start] and not _is_item(stack):
        # An item was left unfinished, and another one begins.
        trial = [*stack]
        while len(trial) > 1 and not _is_item(trial):
            del trial[-1]
        if _is_item(trial) and _take(trial, token):
            stack[:] = trial


def _is_item(stack: Stack) -> bool:
    return stack[-1].state in grammar.load().item_states


def _made(type: str, at: int) -> Token:
    """A token that takes no room, for one that is missing."""
    return Token(type, {"DURATION": "0 days", "STRING": '""'}.get(type, ""), at, at)


class _Rule(NamedTuple):
    name: str
    length: int
    make: Callable[[list[Any]], Any] | None
    is_repetition: bool


@lru_cache(maxsize=1)
def _rules() -> list[_Rule]:
    return [
        _Rule(name, length, MAKE.get(name), name == "start" or name.startswith("_"))
        for name, length in grammar.load().rules
    ]


def _take(stack: Stack, token: Token) -> bool:
    """Read a token; False, and nothing is read, where it cannot stand here."""
    actions = grammar.load().actions
    action = actions[stack[-1].state].get(token.type)
    if action is None or (action < 0 and not takes(stack, token.type)):
        return False
    while action < 0:
        _reduce(stack, ~action)
        action = actions[stack[-1].state][token.type]
    stack.append(Open(action, token.type, token))
    return True


def _reduce(stack: Stack, number: int) -> None:
    name, length, make, is_repetition = _rules()[number]
    values = [each.value for each in stack[-length:]] if length else []
    if length:
        del stack[-length:]
    if is_repetition:
        # The lists of other stacks stay as they are.
        made: Any = _spliced(values)
    elif make is not None:
        made = make(_spliced(values))
    else:
        made = values[0] if len(values) == 1 else None
    _go_on(stack, name, made)


def _go_on(stack: Stack, name: str, value: Any) -> None:
    stack.append(Open(grammar.load().actions[stack[-1].state][name], name, value))


def _spliced(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for each in values:
        if type(each) is list:
            found += each
        else:
            found.append(each)
    return found


def takes(stack: Sequence[Open], type: str) -> bool:
    """Whether a token of the type may stand behind what has been read."""
    language = grammar.load()
    action = language.actions[stack[-1].state].get(type)
    if action is None or action >= 0:
        return action is not None
    states = [each.state for each in stack]
    while action is not None and action < 0:
        name, length = language.rules[~action]
        if length:
            del states[-length:]
        states.append(language.actions[states[-1]][name])
        action = language.actions[states[-1]].get(type)
    return action is not None


def words(stack: Stack) -> list[str]:
    """The structure words that may stand behind what has been read; one that has but two ways to go on, with these."""
    found = []
    for word, type in grammar.load().words.items():
        if (behind := after(stack, type)) is None:
            continue
        row = grammar.load().actions[behind[-1].state]
        others = [other for other, next in grammar.load().words.items() if next in row]
        # So `at` is `at least` and `at most`.
        if 0 < len(others) <= 2 and len(others) == sum(each.isupper() for each in row):
            found += [f"{word} {other}" for other in others]
        else:
            found.append(word)
    return found


def after(stack: Stack, type: str, text: str = "") -> Stack | None:
    """The stack behind another token; None where it cannot stand here."""
    trial = [*stack]
    return trial if _take(trial, Token(type, text, 0, 0)) else None


# ── What is open ────────────────────────────────────────────────────────────────────────────────────


def before_name(expected: Expected, type: str = "NAME") -> Stack | None:
    """What is open in front of a name that stands at the place; None where no name may."""
    trial = after(expected.stack, type)
    return trial[:-1] if trial is not None else None


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
    members = _spliced(each.value for each in stack[brace + 1 :])
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
    clauses = [each for each in _spliced(each.value for each in stack[at + 1 :]) if type(each) is nodes.Clause]
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


_HEADS = ("actions", "NEEDS", "LBRACE", "item", "COLON", "IS", "IMPORT", "kind", "")


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
    is_item = at >= 0 and stack[at].state in grammar.load().item_states
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
    ahead = _tokens(expected.text, expected.word.end, len(expected.text))
    first = next(ahead, None)
    stack = _joined(expected.stack, first)
    if first is None or stack is None:
        return ()
    seen = look(stack)
    kept = expected.stack[start].symbol if start < len(expected.stack) else ""
    for count, token in enumerate(chain((first,), islice(ahead, _MAX_AHEAD))):
        if token.type in stops or (count and not _take(stack, token)):
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
        if all(_take(trial, _made(type, token.start)) for type in types) and _take(trial, token):
            return trial
    return None


def listed_behind(expected: Expected) -> tuple[str, ...]:
    """The names that the list goes on with behind the place."""
    found = []
    tokens = islice(_tokens(expected.text, expected.word.end, len(expected.text)), _MAX_AHEAD)
    for token in tokens:
        if token.type not in ("COMMA", "AND", "OR"):
            break
        name = next(tokens, None)
        if name is None or name.type not in ("NAME", "STRING"):
            break
        found.append(name.text)
    return tuple(found)
