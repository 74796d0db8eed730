"""What sentences mean, as one plain sentence of a language that people speak: English or Chinese.

What the language says is put in words by a table for each; what the vocabulary says, by its titles. Nothing is escaped:
what comes out has words of the policy in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType

from policyspec.phrasing import chinese, english
from policyspec.phrasing.titles import Said, text_in, title
from policyspec.scope import Definition
from policyspec.statements import Judgement, Sentence, Statement
from policyspec.syntax import nodes

__all__ = [
    "date", "has_chinese", "is_chinese", "judgement", "lead", "length", "listed", "question", "sentence",
    "statement", "text_in", "title",
]  # fmt: skip


def is_chinese(language: str) -> bool:
    """Whether a locale, such as `zh-cn`, is answered in Chinese; every other one is in English."""
    return language.casefold().partition("-")[0] == chinese.CHINESE


def has_chinese(text: str) -> bool:
    """Whether there are Chinese characters in a text, of which nobody says in which language it is."""
    return chinese.WIDE.search(text) is not None


def _grammar(language: str) -> ModuleType:
    return chinese if is_chinese(language) else english


def sentence(each: Sentence, language: str) -> str:
    """What a sentence of a policy means; who acts where it does not say so is its `by`."""
    return statement(each.says, language, each.by, each.node.statement)


def statement(
    says: Statement, language: str, by: Sequence[Definition] = (), node: nodes.Statement | None = None
) -> str:
    """What a statement means. Without its node `may` is not told from a practice, nor are quoted periods quoted."""
    text: str = _grammar(language).sentence(Said(says, by, node))
    return text


def judgement(each: Judgement, language: str) -> str:
    """What a rule demands of a policy."""
    text: str = _grammar(language).judgement(each)
    return text


def question(
    verdict: str, says: Statement, language: str, by: Sequence[Definition] = (), node: nodes.Statement | None = None
) -> str:
    """What a question of a test expects: `verdict` is allows, forbids or undeclared."""
    grammar = _grammar(language)
    text: str = grammar.VERDICTS[verdict].format(grammar.statement(Said(says, by, node)))
    return text


def listed(word: str, says: Statement, language: str, node: nodes.Statement | None = None) -> tuple[str, ...]:
    """The items after a clause word, or the objects after ``, each as people call it; periods in one."""
    texts: tuple[str, ...] = _grammar(language).listed(word, Said(says, (), node))
    return texts


def lead(says: Statement, language: str, by: Sequence[Definition] = (), node: nodes.Statement | None = None) -> str:
    """Who does what, without the objects and without a full stop: what several sentences have in common."""
    clauses = {"by": says.clauses["by"]} if "by" in says.clauses else {}
    bare = replace(says, objects=(), clauses=clauses, periods={}, necessity="", only=frozenset(), is_open=frozenset())
    text: str = _grammar(language).statement(Said(bare, by, node))
    return text


def length(value: tuple[str, int, str], language: str, is_age: bool = False) -> str:
    """A period or an age, as fields have it: a limit (exactly, under, at_least or at_most), an amount, and a unit."""
    grammar, (limit, amount, unit) = _grammar(language), value
    text: str = (grammar.age if is_age else grammar.length)(limit if limit != "exactly" else "", amount, unit)
    return text


def date(iso: str, language: str) -> str:
    """A date, from its form in ISO 8601."""
    text: str = _grammar(language).date(iso)
    return text
