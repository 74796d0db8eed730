"""Tokens read one by one by the grammar's tables, over errors as well, and what may be read next.

What has been read is a stack. Trees are made as the parser makes them, so what is whole on the stack is a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from policyspec.syntax import grammar
from policyspec.syntax.lexer import Token
from policyspec.syntax.machine import reductions

# What may be missing in front of a token that cannot stand where it does.
_MISSING = ("COMMA", "NAME", "COLON", "STRING", "DURATION", "LBRACE", "RBRACE")
_BROKEN = {"BROKEN_STRING": "STRING", "BROKEN_TEXT": "TEXT"}


class Open(NamedTuple):
    """What is on the machine's stack: the state behind it, its symbol in the grammar, and its token, node or list."""

    state: int
    symbol: str
    value: Any = None


Stack = list[Open]


def nothing() -> Stack:
    """The stack before anything is read."""
    return [Open(grammar.load().start, "")]


def tokens(text: str, start: int, stop: int) -> Iterator[Token]:
    """The tokens of a part of a text, with spans in all of it; comments are none."""
    language = grammar.load()
    for match in language.pattern.finditer(text, start, stop):
        type = match.lastgroup or ""
        if type not in ("COMMENT", "SPACE"):
            first, end = match.span(type)
            word = text[first:end]
            yield Token(language.words.get(word, "NAME") if type == "NAME" else type, word, first, end)


def read(stack: Stack, token: Token, ahead: str) -> None:
    """Read a token, whatever it is: where it cannot stand, with what may be missing in front of it, or not at all."""
    if token.type in _BROKEN:
        token = token._replace(type=_BROKEN[token.type])
    if take(stack, token):
        return
    for type in _MISSING:
        trial = [*stack]
        if take(trial, missing(type, token.start)) and take(trial, token) and (not ahead or takes(trial, ahead)):
            stack[:] = trial
            return
    if token.type in grammar.load().actions[grammar.load().start] and not may_begin_item(stack):
        # An item was left unfinished, and another one begins.
        trial = [*stack]
        while len(trial) > 1 and not may_begin_item(trial):
            del trial[-1]
        if may_begin_item(trial) and take(trial, token):
            stack[:] = trial


def may_begin_item(stack: Sequence[Open]) -> bool:
    """Whether an item may begin behind what has been read."""
    return stack[-1].state in grammar.load().item_states


def missing(type: str, at: int) -> Token:
    """A token that takes no room, for one that is missing."""
    return Token(type, {"DURATION": "0 days", "STRING": '""'}.get(type, ""), at, at)


def take(stack: Stack, token: Token) -> bool:
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
    name, length, make, is_repetition = reductions()[number]
    values = [each.value for each in stack[-length:]] if length else []
    if length:
        del stack[-length:]
    if is_repetition:
        # The lists of other stacks stay as they are.
        made: Any = spliced(values)
    elif make is not None:
        made = make(spliced(values))
    else:
        made = values[0] if len(values) == 1 else None
    go_on(stack, name, made)


def go_on(stack: Stack, name: str, value: Any) -> None:
    """Go on behind all that a rule of the grammar stands for."""
    stack.append(Open(grammar.load().actions[stack[-1].state][name], name, value))


def spliced(values: Iterable[Any]) -> list[Any]:
    """Values with what the lists among them have in place of these."""
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
    return trial if take(trial, Token(type, text, 0, 0)) else None
