"""What terms are called in a language, and what a sentence says in the words of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from policyspec.scope import Definition
from policyspec.statements import Statement
from policyspec.syntax import nodes

ENGLISH = "en"


class Said(NamedTuple):
    """A statement, who acts where it does not say so, and its node, if its text is at hand.

    The node alone knows `may`, which is a practice else, and the words of quoted periods. The lists of a pattern are
    alternatives.
    """

    says: Statement
    by: Sequence[Definition] = ()
    node: nodes.Statement | None = None
    is_pattern: bool = False

    @property
    def modality(self) -> str:
        is_may = self.node is not None and self.node.modality is not None and self.node.modality.text == "may"
        return "may" if is_may else self.says.modality

    @property
    def is_choice(self) -> bool:
        """Whether its lists say `or`."""
        return self.is_pattern or self.says.modality == "never"

    @property
    def has_place(self) -> bool:
        """Whether a place receives."""
        return any(each.kind == "place" for each in self.says.terms("to"))

    def items(self, word: str) -> Sequence[tuple[Definition, ...]]:
        """The items of a clause's list, each of terms that hold jointly; none for a clause word alone."""
        return [item for item in self.says.clauses.get(word, ()) if item]

    def quoted(self, word: str, language: str) -> list[str]:
        """The words of each quoted period of `keep` or `within`, in order; none where the text is not at hand."""
        clauses = [each for each in self.node.clauses if each.word.text == word] if self.node is not None else []
        found = [each.titles for clause in clauses for each in clause.periods if type(each) is nodes.Quoted]
        texts = [text_in([(each.text, each.language) for each in titles], language) for titles in found]
        return [" ".join(text.split()) for text in texts]


def text_in(texts: Iterable[tuple[str, str | None]], language: str) -> str:
    """Of texts with their language tags, the one in a language, else in English or without a tag, else the first.

    Of `zh-cn`, one that is tagged so is best, then one of any kind of `zh`.
    """
    found = [(text, (tag or ENGLISH).casefold()) for text, tag in texts]
    wanted = language.casefold()
    for asked in (wanted, wanted.partition("-")[0], ENGLISH):
        for text, tag in found:
            if asked in (tag, tag.partition("-")[0]):
                return text
    return found[0][0] if found else ""


def title(definition: Definition, language: str) -> str:
    """What people call a term; one without a title by its name, its words apart."""
    return " ".join(text_in(definition.titles, language).split()) or definition.name.replace("_", " ")


def without_aside(text: str) -> str:
    """A party's name without what is said of it in passing: `Example Parcels, who delivers`."""
    return re.sub(r",\s*(?:who|whom|whose|which|where)\b.*", "", text)


def is_english(definition: Definition) -> bool:
    """Whether the title that `title` gives for English is English."""
    return not definition.titles or any((tag or ENGLISH).casefold().startswith(ENGLISH) for _, tag in definition.titles)


def lookup(templates: Mapping[str, str], *keys: str) -> str:
    """The template of the first of these keys that has one, else the one for all."""
    return next((templates[key] for key in keys if key in templates), templates.get("", "{}"))
