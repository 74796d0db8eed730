"""Tokens → nodes, for all tokens: an LALR(1) machine over the grammar's tables that goes on behind an error.

At an error it tries the repairs that `repairs` proposes, each on a copy of its stack, and makes the one that lets it
get furthest; the tree has the rest. Where none helps, the item becomes `Damage`, and the next one is parsed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from policyspec.source import Span
from policyspec.syntax import faults, grammar, lexer, nodes, repairs
from policyspec.syntax.build import MAKE
from policyspec.syntax.faults import Fault
from policyspec.syntax.lexer import END, Lines, Token
from policyspec.syntax.repairs import Repair, Stop

MAX_FAULTS_IN_PIECE = 100
MAX_REREAD = 1_000_000  # tokens that are read again in looking for repairs
_LOOKAHEAD = 3
_REMEMBERED = 20  # items that a repair may go back


class GiveUp(Exception):
    """There are so many errors that all is damage."""


class _Start(NamedTuple):
    """The machine as it was before an item, to go back to: the lists among its values have only grown since."""

    at: int
    states: list[int]
    values: list[tuple[Any, int]]


class Reduction(NamedTuple):
    """How many values a rule takes, and what it makes of them: nothing where it only passes one on."""

    name: str
    length: int
    make: Callable[[list[Any]], Any] | None
    is_repetition: bool


@lru_cache(maxsize=1)
def reductions() -> list[Reduction]:
    """Those of the grammar's rules, by their number."""
    return [
        Reduction(name, length, MAKE.get(name), name == "start" or name.startswith("_"))
        for name, length in grammar.load().rules
    ]


class Machine:
    """The machine, for one piece. It may change the tokens."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.faults: list[Fault] = []
        self.cut_short = False
        self._text = text
        self._tokens = tokens
        self._grammar = grammar.load()
        self._states = [self._grammar.start]
        self._values: list[Any] = []
        self._begun: deque[_Start] = deque(maxlen=_REMEMBERED)
        self._reread = 0

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._text)

    def run(self) -> tuple[nodes.Item, ...]:
        tokens, actions, states, values = self._tokens, self._grammar.actions, self._states, self._values
        rules, item_states, end = reductions(), self._grammar.item_states, self._grammar.end
        index = 0
        while True:
            token = tokens[index]
            state = states[-1]
            action = actions[state].get(token.type)
            if action is None:
                if state == end:
                    return tuple(values[-1])
                index = self._mend(index)
            elif action >= 0:
                if state in item_states:
                    self._begin(index)
                states.append(action)
                values.append(token)
                index += 1
            else:
                self._reduce(rules[~action])

    def _reduce(self, rule: Reduction) -> None:
        name, length, make, is_repetition = rule
        values, states = self._values, self._states
        if length == 1 and make is None and not is_repetition:
            del states[-1]
        else:
            parts = values[-length:] if length else []
            if length:
                del values[-length:], states[-length:]
            if is_repetition:
                # Its list is made once and grows.
                whole = parts.pop(0) if parts and type(parts[0]) is list else []
                _extend(whole, parts)
                values.append(whole)
            else:
                values.append(make(_spliced(parts)) if make else parts[0])
        states.append(self._grammar.actions[states[-1]][name])

    def _begin(self, index: int) -> None:
        held = [(value, len(value) if type(value) is list else -1) for value in self._values]
        self._begun.append(_Start(index, self._states[:], held))

    def _go_back(self, start: _Start) -> None:
        self._states[:] = start.states
        self._values[:] = [value for value, _ in start.values]
        for value, length in start.values:
            if length >= 0:
                del value[length:]
        while self._begun and self._begun[-1].at >= start.at:
            self._begun.pop()

    # ── Errors ──────────────────────────────────────────────────────────────────────────────────

    def _mend(self, index: int) -> int:
        """Report the error at `tokens[index]`, make the change that mends it, and say where to go on."""
        if len(self.faults) >= MAX_FAULTS_IN_PIECE:
            raise GiveUp
        if self._tokens[index].type == END and not self.faults:
            self.cut_short = True
        stop = self._stop(index)
        best, reached = self._best(repairs.proposed(stop), index)
        if reached <= index + _LOOKAHEAD:
            # Nothing gets as far as is looked.
            better, further = self._best(repairs.omissions(stop), index)
            best = better if further > reached else best
        return self._damage(index) if best is None else self._make(best, index)

    def _best(self, proposed: Iterator[Repair], index: int) -> tuple[Repair | None, int]:
        """The repair that gets furthest, and how far."""
        best, furthest = None, index
        for repair in proposed:
            reached = self._reach(repair, index)
            if reached > furthest:
                best, furthest = repair, reached
        return best, furthest

    def _stop(self, index: int) -> Stop:
        begun = [start.at for start in self._begun]
        row = self._grammar.actions[self._states[-1]]
        return Stop(self._text, self._tokens, self._lines, index, begun, row, self._takes_item())

    def _make(self, repair: Repair, index: int) -> int:
        """Change the tokens, and say where to go on."""
        if repair.fault is not None:
            self.faults.append(repair.fault)
        start = self._origin(repair, index)
        self._tokens[repair.at : repair.at + repair.drop] = _replacement(self._text, self._tokens, repair)
        if start is None:
            return index
        self._go_back(start)
        self._reread += index - start.at
        return start.at

    def _origin(self, repair: Repair, index: int) -> _Start | None:
        """The item to go back to for a repair at a token that is taken already, or behind an item taken for whole."""
        is_taken = not repair.types or repair.types[0] in self._grammar.actions[self._states[-1]]
        if repair.at > index or (repair.at == index and is_taken):
            return None
        starts: list[_Start] = [start for start in reversed(self._begun) if start.at <= repair.at]
        is_replaced = repair.drop and repair.types
        if len(starts) > 1 and starts[0].at == repair.at and not is_replaced:
            # What stands before an item's first word belongs to the item before.
            return starts[1]
        return starts[0] if starts else None

    def _reach(self, repair: Repair, index: int) -> int:
        """How far the parser gets with a change: the index of the first token not taken, up to a few behind `index`.

        What the change drops behind `index` does not count.
        """
        tokens = self._tokens
        origin = self._origin(repair, index)
        if origin is None and repair.at < index:
            return index
        states, at = (self._states[:], index) if origin is None else (origin.states[:], origin.at)
        self._reread += index - at
        if self._reread > MAX_REREAD:
            raise GiveUp
        uncounted = max(repair.at + repair.drop - 1 - index, 0)
        stop = min(index + 1 + _LOOKAHEAD + uncounted, len(tokens))
        while at < repair.at:
            if not self._takes(states, tokens[at].type):
                return index
            at += 1
        for type in repair.types:
            if not self._takes(states, type):
                return index
        at += repair.drop
        while at < stop:
            if not self._takes(states, tokens[at].type):
                if tokens[at].type != END or states[-1] != self._grammar.end:
                    return at - uncounted
                # Behind the end there is nothing: it is reached with certainty.
                return index + _LOOKAHEAD + 2
            at += 1
        return at - uncounted

    def _takes(self, states: list[int], type: str) -> bool:
        """Whether these states take a token of the type next; they go on behind it, and as near to it as they can."""
        actions, rules = self._grammar.actions, self._grammar.rules
        while (action := actions[states[-1]].get(type)) is not None:
            if action >= 0:
                states.append(action)
                return True
            name, length = rules[~action]
            if length:
                del states[-length:]
            states.append(actions[states[-1]][name])
        return False

    def _takes_item(self) -> bool:
        """Whether another item could begin here, so that the one before is whole."""
        states = self._states[:]
        return self._takes(states, "NEVER") and states[-2] in self._grammar.item_states

    def _damage(self, index: int) -> int:
        """No single change helps: the item is damage, up to where the next one begins."""
        self.faults.append(faults.unexpected(self._tokens, index))
        if not self._begun or self._takes_item():
            while self._states[-1] not in self._grammar.item_states:
                self._reduce(reductions()[~self._grammar.actions[self._states[-1]]["NEVER"]])
            start = index
        else:
            start = self._begun[-1].at
            self._go_back(self._begun[-1])
        end = self._damage_end(start, index)
        if end == start:
            # Nothing is left but the end, and a section is open.
            raise GiveUp
        self._states.append(self._grammar.actions[self._states[-1]]["item"])
        self._values.append(nodes.Damage(Span(self._tokens[start].start, self._tokens[end - 1].end)))
        self._begun.clear()
        return end

    def _damage_end(self, start: int, index: int) -> int:
        """Where the item behind a damaged one begins: on a line that is not indented deeper, or behind a brace."""
        tokens, lines, first = self._tokens, self._lines, self._grammar.actions[self._grammar.start]
        indent = lines.indent(tokens[start])
        is_enclosed = bool(lexer.open_braces(tokens, start))
        depth, at = 0, start
        while tokens[at].type != END:
            token = tokens[at]
            if at >= index and at > start and token.type in first:
                if lines.starts(token) and lines.indent(token) <= indent:
                    break
            if token.type == "RBRACE":
                if depth == 0 and is_enclosed and at > start:
                    break
                depth = max(depth - 1, 0)
            elif token.type == "LBRACE":
                depth += 1
            at += 1
        return at


def _replacement(text: str, tokens: list[Token], repair: Repair) -> list[Token]:
    """The tokens that a repair puts in: each for one that it drops, or the first for all; the others take no room."""
    at, types, drop, _ = repair
    dropped = tokens[at : at + drop]
    if len(types) == drop:
        return [
            Token(type, _spelt(type, old.text), old.start, old.end) for type, old in zip(types, dropped, strict=True)
        ]
    start = end = tokens[at - 1].end if at else 0
    if dropped:
        start, end = dropped[0].start, dropped[-1].end
    new = [Token(type, _spelt(type, ""), end, end) for type in types]
    if dropped and new:
        new[0] = Token(types[0], _spelt(types[0], text[start:end]), start, end)
    return new


def _spelt(type: str, old: str) -> str:
    """What a token put in by a repair says, in place of `old`."""
    match type:
        case "DURATION":
            return "0 days"
        case "STRING":
            return f'"{faults.unquoted(old)}"'
        case "TEXT":
            return f'"""{faults.unquoted(old)}"""'
        case "NAME":
            bare = faults.bare(old)
            return bare if bare.isidentifier() else ""
    return next((word for word, each in grammar.load().words.items() if each == type), old)


def _spliced(parts: list[Any]) -> list[Any]:
    """The parts, with what repetitions have gathered in place of their lists."""
    if list not in map(type, parts):
        return parts
    found: list[Any] = []
    _extend(found, parts)
    return found


def _extend(whole: list[Any], parts: list[Any]) -> None:
    for part in parts:
        if type(part) is list:
            whole += part
        else:
            whole.append(part)
