"""The form of the sentence or the field at a place, and which part of it is being written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from policyspec.ide import described, enclosing, expected, reading, visible
from policyspec.ide.enclosing import Sentence
from policyspec.ide.expected import Expected
from policyspec.kinds import CLAUSES, fields_of
from policyspec.names import without_kind
from policyspec.syntax import nodes
from policyspec.workspace import Workspace

_QUESTIONS = ("ALLOWS", "FORBIDS", "UNDECLARED")


class Parameter(NamedTuple):
    """A part of a signature's label, from `start` to `end`."""

    start: int
    end: int
    documentation: str


class Signature(NamedTuple):
    """`active` is the number of the parameter that is being written."""

    label: str
    documentation: str
    parameters: tuple[Parameter, ...]
    active: int


def signature(workspace: Workspace, path: str, offset: int) -> Signature | None:
    """The form of what is being written at an offset; None where that is neither a sentence nor a field's value."""
    here = expected.at(workspace.tree(path), offset)
    if here.inside == "comment":
        return None
    before = expected.before_name(here) or here.stack
    if (field := enclosing.field(here.stack)) is not None:
        return _of_field(enclosing.block(before), field)
    sentence = enclosing.sentence(here.stack) or enclosing.sentence(before)
    if sentence is None or not enclosing.goes_on(here, sentence):
        return None
    return _of_sentence(workspace, path, here, sentence)


def _of_field(block: enclosing.Block | None, name: str) -> Signature | None:
    known = fields_of(block.what) if block is not None and block.what else {}
    if name not in known:
        return None
    takes, says = known[name]
    label = f"{name}: {described.form(takes).replace('`', '')}"
    return Signature(label, says, (Parameter(len(name) + 2, len(label), says),), 0)


def _of_sentence(workspace: Workspace, path: str, here: Expected, sentence: Sentence) -> Signature:
    names = visible.names(workspace, path)
    takes = visible.takes(workspace, names, sentence.actions) or ("data",)
    parts = [*_parts(sentence, " or ".join(takes))]
    label, parameters = "", []
    for front, part, says in parts:
        label += (" " if label else "") + front
        parameters.append(Parameter(len(label) - len(front), len(label) + len(part), says))
        label += part
    return Signature(
        label, _about(workspace, path, sentence.actions), tuple(parameters), _active(here, sentence, parts)
    )


def _parts(sentence: Sentence, objects: str) -> Iterator[tuple[str, str, str]]:
    """The sentence's parts, in two pieces: a word that is written as it is, and what stands behind it."""
    if sentence.head == "NEEDS":
        yield "needs", "", "what each such practice has to state"
    else:
        actions = ", ".join(action.text for action in sentence.actions) or "<action>"
        yield f"{sentence.modality} ".lstrip(), actions, "what is done"
        yield "", f"<{objects}>", "what it is done to"
    for word, clause in CLAUSES.items():
        if _may_have(sentence, word):
            yield f"{word} ", f"<{re.sub('^an? ', '', clause.noun)}>", clause.says


def _may_have(sentence: Sentence, word: str) -> bool:
    if sentence.modality == "never" and not CLAUSES[word].kinds:
        return False
    return sentence.head not in _QUESTIONS or word not in ("unless", "without")


def _active(here: Expected, sentence: Sentence, parts: list[tuple[str, str, str]]) -> int:
    written = here.text[here.word.start : here.word.end]
    is_word = written in CLAUSES and reading.takes(here.stack, written.upper())
    word = written if is_word else sentence.clause or next(iter(sentence.clauses[-1:]), "")
    fronts = [front.strip() for front, _, _ in parts]
    if word and word in fronts:
        return fronts.index(word)
    is_at_action = sentence.head == "NEEDS" or not (sentence.has_objects or _is_behind_actions(here, sentence))
    return 0 if is_at_action else 1


def _is_behind_actions(here: Expected, sentence: Sentence) -> bool:
    """Whether no more actions are being listed."""
    return bool(sentence.actions) and here.stack[-1].symbol not in ("COMMA", "OR")


def _about(workspace: Workspace, path: str, actions: tuple[nodes.Name, ...]) -> str:
    """The titles of the actions."""
    names = visible.names(workspace, path)
    found = [names.find(*without_kind(action.text, ("action",))) for action in actions]
    return "; ".join(described.titles(meant[0]) for meant in found if len(meant) == 1)
