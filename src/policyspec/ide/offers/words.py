"""The grammar's own words, but for those that would say nothing, or something wrong, where they stand."""

from __future__ import annotations

from policyspec.ide import enclosing, reading
from policyspec.ide.enclosing import Sentence
from policyspec.ide.expected import Expected
from policyspec.ide.offers.place import FIRST, LAST, NEW_WORD, WORD, Completion, Offers, Place, offer
from policyspec.ide.offers.terms import field_takes
from policyspec.kinds import CLAUSES, KINDS, Takes
from policyspec.syntax import grammar

_CLAUSE_WORDS = [*CLAUSES]
_MODALITIES = ("may", "must", "should", "never")
_QUESTIONS = ("ALLOWS", "FORBIDS", "UNDECLARED")
# Behind these a kind or a modality begins no item.
_BEGUN = ("EXTEND", "SOME", "NEEDS", "EVERY", "NO", "COLON", "COMMA")
_LISTS = ("text", "strings", "terms", "kinds")


def offers(place: Place) -> Offers:
    """The words that the grammar takes at the place, those that go on with a sentence first."""
    here = place.here
    field = enclosing.field(here.stack)
    if field is not None:
        takes = field_takes(enclosing.block(here.stack), field)
        words = [word for word in reading.words(here.stack) if takes is not None and _is_value(word, takes)]
        for number, word in enumerate(words):
            yield offer((LAST if word == "etc" else FIRST, number), _item(here, word))
        return
    sentence = enclosing.sentence(here.stack)
    behind = enclosing.clauses_behind(here)
    goes_on = enclosing.goes_on(here, sentence)
    for number, word in enumerate(reading.words(here.stack)):
        first = word.partition(" ")[0]
        if _may_stand(place, first, sentence, behind):
            order = _CLAUSE_WORDS.index(first) if first in CLAUSES else len(CLAUSES) + number
            yield offer((_rank(here, first, sentence, goes_on), order), _item(here, word))


def _item(here: Expected, word: str) -> Completion:
    first = word.partition(" ")[0]
    says = CLAUSES[first].says if first in CLAUSES else ""
    return Completion(word, "keyword", says, word, here.word, key=f"word {first}")


def _rank(here: Expected, word: str, sentence: Sentence | None, goes_on: bool) -> int:
    language = grammar.load()
    if language.words[word] in language.actions[language.start] and here.stack[-1].symbol not in _BEGUN:
        # On the line of a sentence, hardly anybody begins something else.
        return LAST if sentence is not None and goes_on else NEW_WORD
    if word == "etc" or not goes_on:
        return LAST
    return FIRST if word in CLAUSES or sentence is None else WORD


def _is_value(word: str, takes: Takes) -> bool:
    """Whether a word is of use as the value of a field."""
    match takes.form:
        case "flag":
            return word in ("yes", "no")
        case "kinds":
            return word in KINDS or word == "etc"
        case "period":
            return word not in KINDS and word not in ("yes", "no", "etc")
    return word == "etc" and takes.form in _LISTS


def _may_stand(place: Place, word: str, sentence: Sentence | None, behind: frozenset[str]) -> bool:
    """Whether a word that the grammar takes here may stand in such a sentence, or in such a block."""
    stack = place.here.stack
    if sentence is not None and not _may_be_said(word, sentence, behind):
        return False
    match word:
        case "import":
            return not enclosing.sections(stack)
        case "policy":
            is_item = stack[-1].symbol not in _BEGUN
            return is_item and not enclosing.sections(stack) and not has_policy(place)
        case "is":
            declaring = enclosing.declaring(stack)
            return declaring is None or declaring.what != "policy"
        case _ if word in _MODALITIES:
            return stack[-1].symbol not in (*_QUESTIONS, "verdict")
    return True


def _may_be_said(word: str, sentence: Sentence, behind: frozenset[str]) -> bool:
    if word in CLAUSES and (word in sentence.clauses or word in behind):
        return False
    if sentence.modality == "never" and word in ("only", "keep", "within"):
        return False
    if sentence.head in _QUESTIONS and word in ("only", "unless", "without", *_MODALITIES):
        return False
    if word == "or":
        return sentence.modality in ("must", "should") and "," not in sentence.joins
    # Objects are all meant anyway.
    return word != "and" or bool(sentence.clause)


def has_policy(place: Place) -> bool:
    """Whether the file declares a policy somewhere else."""
    header = place.workspace.header(place.path) if not place.is_library else None
    return header is not None and not header.span.start <= place.here.word.start <= header.name_span.start
