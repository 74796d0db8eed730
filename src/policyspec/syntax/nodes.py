"""The syntax tree: one immutable node for each construct of the grammar.

Spans are relative to the place of the item that the node is part of, which `Placed.start` says: from the text's start,
or for an item of a section from the section's place. So an edit leaves the nodes of every other item as they are, and
only places them anew.

Where the text had a gap that the parser filled (`collect for streaming` lacks an object), the tree has a `Name`
whose text is empty; its error has been reported.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple, TypeAlias

from policyspec.source import Span


class Name(NamedTuple):
    """A name, perhaps a dotted path, in NFC; also a structure word that says something (`never`, `only`)."""

    text: str
    span: Span


class Title(NamedTuple):
    """A quoted string, its escapes resolved, with its language tag (`@en`) if it has one."""

    text: str
    language: str | None
    span: Span


class Duration(NamedTuple):
    """`15 working days`: an amount of one of UNITS."""

    amount: int
    unit: str
    span: Span


class Bound(NamedTuple):
    """`under 14 years`, `at least 3 years`: a limit; `word` is under, at_least or at_most."""

    word: str
    duration: Duration
    span: Span


class Number(NamedTuple):
    value: int | float
    span: Span


class Date(NamedTuple):
    """A date; `value` is None where there is no such day (2025-02-30)."""

    value: datetime.date | None
    span: Span


class Flag(NamedTuple):
    """`yes` or `no`."""

    value: bool
    span: Span


class Kind(NamedTuple):
    """A kind of declaration, used as a value (`takes: data`)."""

    text: str
    span: Span


class Etc(NamedTuple):
    """`etc`: the list goes on, and the policy does not say how."""

    span: Span


Value: TypeAlias = Title | Date | Duration | Bound | Number | Name | Kind | Flag | Etc


class Field(NamedTuple):
    """`name: value, value`."""

    name: Name
    values: tuple[Value, ...]
    span: Span


class Declaration(NamedTuple):
    """A term and what is said of it; `kind` is empty where it is a child inside of another's body."""

    kind: Name
    name: Name
    parents: tuple[Name, ...]
    titles: tuple[Title, ...]
    members: tuple[Field | Declaration, ...]
    span: Span


class Extend(NamedTuple):
    """`extend KIND name is PARENT`."""

    kind: Name
    name: Name
    parents: tuple[Name, ...]
    span: Span


class Import(NamedTuple):
    """`import cn.pipl, "../house.policy"`: a `Name` is a library module, a `Title` a file's path."""

    modules: tuple[Name | Title, ...]
    span: Span


class Terms(NamedTuple):
    """One item of a list: terms that hold jointly (`contract and explicit_consent`); none for `etc`."""

    names: tuple[Name, ...]
    span: Span


class Lasting(NamedTuple):
    """A period: `[at least|at most] 3 years [after EVENT]`; `word` is "", at_least or at_most."""

    word: str
    duration: Duration
    event: Name | None
    span: Span


class Until(NamedTuple):
    """`until EVENT` or `until 2027-01-01`."""

    end: Name | Date
    span: Span


class While(NamedTuple):
    """`while EVENT`."""

    event: Name
    span: Span


class Forever(NamedTuple):
    span: Span


class Quoted(NamedTuple):
    """What the policy says in words that state no limit (`"as soon as possible"`), with the event if it has one."""

    titles: tuple[Title, ...]
    event: Name | None
    span: Span


Period: TypeAlias = Lasting | Until | While | Forever | Quoted | Etc


class Clause(NamedTuple):
    """A clause word and its list; with `keep` and `within` the list is of periods."""

    word: Name
    only: Name | None
    items: tuple[Terms, ...]
    periods: tuple[Period, ...]
    span: Span


class Statement(NamedTuple):
    """`[never] ACTION, … [optional] [only] OBJECT, … CLAUSE…`: a practice's words, a rule's pattern, a question."""

    modality: Name | None
    actions: tuple[Name, ...]
    joins: tuple[str, ...]
    necessity: Name | None
    only: Name | None
    objects: tuple[Terms, ...]
    clauses: tuple[Clause, ...]
    span: Span


class Practice(NamedTuple):
    statement: Statement
    fields: tuple[Field, ...]
    span: Span


class Prose(NamedTuple):
    text: Title
    fields: tuple[Field, ...]
    span: Span


class Section(NamedTuple):
    """A part of the policy: its fields, then its items, placed from where the section itself is placed."""

    titles: tuple[Title, ...]
    fields: tuple[Field, ...]
    items: tuple[Placed, ...]
    span: Span


class Existence(NamedTuple):
    """`some right portability`: that such a term is declared."""

    kind: Name
    name: Name
    span: Span


class Judgement(NamedTuple):
    """`every PATTERN needs CLAUSE…`, `no PATTERN`, `some PATTERN`; `word` is every, no or some."""

    word: Name
    pattern: Statement | Existence
    needs: tuple[Clause, ...]
    existence: Existence | None
    span: Span


class Rule(NamedTuple):
    name: Name
    titles: tuple[Title, ...]
    members: tuple[Field | Judgement, ...]
    span: Span


class Question(NamedTuple):
    """`forbids share position to advertiser`; `verdict` is allows, forbids or undeclared."""

    verdict: Name
    pattern: Statement
    span: Span


class Test(NamedTuple):
    titles: tuple[Title, ...]
    members: tuple[Field | Question, ...]
    span: Span


class Damage(NamedTuple):
    """Text that could not be made sense of; its errors are in the tree."""

    span: Span


Item: TypeAlias = Import | Declaration | Extend | Section | Rule | Test | Practice | Prose | Damage
Node: TypeAlias = (
    Item | Field | Statement | Clause | Terms | Name | Title | Judgement | Existence | Question | Value | Period
)


class Placed(NamedTuple):
    """An item and the offset that its spans count from."""

    start: int
    node: Item
