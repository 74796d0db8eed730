"""A name at its place → the definition that it means, or a finding that says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from policyspec.diagnostic import Edit, Fix, Related, Severity
from policyspec.findings import MAX_LISTED, Findings
from policyspec.kinds import CLAUSES, FAMILIES, KINDS, STANDS_AFTER, article, either
from policyspec.names import Guesses, Names, without_kind
from policyspec.scope import CORE, Context, Definition, Module
from policyspec.syntax import nodes
from policyspec.syntax.nodes import Name

_GROUNDS = FAMILIES["event"]
# After an action that is not known anything may stand but an action.
ANY = tuple(kind for kind in KINDS if kind != "action")
# A shorter word is like many names, so that it says nothing of another clause.
_SHORTEST = 5


class Place(NamedTuple):
    """What a place takes, and how messages speak of that.

    In a sentence, `said` are its clause words, and `clause` is the one that the place is in.
    """

    kinds: tuple[str, ...]
    noun: str
    taker: str = "this place"
    said: frozenset[str] | None = None
    clause: nodes.Clause | None = None


ACTION = Place(("action",), "an action")


class References:
    """Looks up names and records what they mean. `declared` is the term in whose declaration a name stands."""

    def __init__(self, module: Module, context: Context, found: Findings) -> None:
        self.names = Names(module, context)
        self.guesses = Guesses(self.names)
        self._context = context
        self._found = found
        self._missing: list[Definition] = []
        self._error, self._add = found.error, found.add

    def name(
        self, name: Name, place: Place, outers: tuple[Definition, ...] = (), declared: Definition | None = None
    ) -> Definition | None:
        """What a name means; None, and a finding, where it means nothing here."""
        if not name.text:
            return None
        text, kinds = without_kind(name.text, place.kinds)
        if not kinds:
            self._wrong_kind(name, name.text.partition(".")[0], place)
            return None
        found = self.names.find(text, kinds, outers, declared)
        if len(found) > 1:
            self._ambiguous(name, found)
            return None
        meant = found[0] if found else self._unknown(name, text, place._replace(kinds=kinds), declared)
        if meant is not None:
            self._found.refer(name.span, meant)
        return meant

    # ── Names that do not serve ─────────────────────────────────────────────────────────────────

    def _ambiguous(self, name: Name, found: Sequence[Definition]) -> None:
        paths = " or ".join(f"`{path}`" for path in self.names.distinct(found[:MAX_LISTED]))
        more = " or another" if len(found) > MAX_LISTED else ""
        related = tuple(Related(each.file, each.name_span, "one is declared here") for each in found[:MAX_LISTED])
        message = f"`{name.text}` may be {paths}{more}: write which one"
        self._error("ambiguous_name", name.span, message, related=related)

    def _wrong_kind(self, name: Name, kind: str, place: Place, related: tuple[Related, ...] = ()) -> None:
        words = STANDS_AFTER.get(kind, ()) if place.said is not None else ()
        said = f"`{name.text}` is {article(kind)}; {place.taker} takes {place.noun}"
        if words:
            noun = CLAUSES[words[0]].noun if CLAUSES[words[0]].kinds == (kind,) else article(kind)
            said += f": {noun} stands after {either([f'`{word}`' for word in words])}"
        fixes = self._another_clause(words[0], place) if len(words) == 1 else ()
        self._error("wrong_kind", name.span, said, related=related, fixes=fixes)

    def _another_clause(self, word: str, place: Place) -> tuple[Fix, ...]:
        """The fix that changes a clause's word, where all in it may stand after the other one."""
        clause, kinds = place.clause, CLAUSES[word].kinds
        if clause is None or clause.periods or word in (place.said or ()):
            return ()
        names = [name for item in clause.items for name in item.names]
        fit = all(self.names.find(*without_kind(name.text, kinds)) for name in names)
        return (self._found.change(clause.word.span, word),) if fit else ()

    def _unknown(self, name: Name, text: str, place: Place, declared: Definition | None) -> Definition | None:
        if declared is not None and text in (declared.name, declared.path):
            self._error("taxonomy_cycle", name.span, f"a term cannot be below itself: `{text}` is `{text}`")
            return None
        if other := self.names.anywhere(text, declared):
            related = (Related(other.file, other.name_span, f"declared as {article(other.kind)}"),)
            self._wrong_kind(name, other.kind, place, related)
            return None
        library = next((each for each in self.names.libraries if text.startswith(f"{each}.")), None)
        if library and library != CORE and not isinstance(self._context.imported.get(library), Module):
            fixes = self._found.add_import(library)
            self._error("module_not_imported", name.span, f"module `{library}` is not imported", fixes=fixes)
            return None
        if library:
            return self._missing_in(library, name, text, place)
        if not self._found.is_known_as_unknown(name.text, place.kinds, name.span):
            self._report_unknown(name, text, place)
            self._found.keep_unknown(name.text, place.kinds)
        return None

    def _missing_in(self, library: str, name: Name, text: str, place: Place) -> Definition:
        """The term that a library module should have. A platform or a law may have changed, or the policy be wrong
        about it: that is a warning, and the policy compiles."""
        path = text[len(library) + 1 :]
        if not self._found.is_known_as_unknown(name.text, place.kinds, name.span):
            guess = self.guesses.nearest(text, place.kinds)
            kind = place.kinds[0] if len(place.kinds) == 1 else "term"
            message = f"module `{library}` has no {kind} `{path}`{_maybe(guess)}"
            fixes = (self._found.change(name.span, guess),) if guess else ()
            self._add("unknown_name", Severity.WARNING, name.span, message, fixes=fixes)
            self._found.keep_unknown(name.text, place.kinds)
        known = [each for each in self._missing if (each.module, each.path) == (library, path)]
        if known := [each for each in known if each.kind in place.kinds]:
            return known[0]
        where = self._found.place(name.span)
        made = Definition(
            place.kinds[0], path, library, self._found.path, where, where, (), None, True, is_defined=False
        )
        self._missing.append(made)
        return made

    def _report_unknown(self, name: Name, text: str, place: Place) -> None:
        span = name.span
        message = f"`{name.text}` is not an action" if place.kinds == ("action",) else _no_such(name.text, place)
        if holders := self.guesses.holders(text, place.kinds):
            modules = " and ".join(f"`{each}`" for each in holders)
            help = f"{modules} has it: import it" if len(holders) == 1 else f"{modules} have it: import one of them"
            fixes = tuple(fix for each in holders for fix in self._found.add_import(each))
            self._error("unknown_name", span, message, help=help, fixes=fixes)
        elif guess := self.guesses.nearest(text, place.kinds):
            fixes = (self._found.change(span, guess),)
            self._error("unknown_name", span, f"{message}{_maybe(guess)}", fixes=fixes)
        elif elsewhere := self._elsewhere(text, place):
            word, guess = elsewhere
            fixes = self._to_clause(word, guess, name, place)
            self._error("unknown_name", span, f"{message}{_maybe(f'{word} {guess}')}", fixes=fixes)
        else:
            self._error("unknown_name", span, message, help=self._help(text, place))

    def _elsewhere(self, text: str, place: Place) -> tuple[str, str] | None:
        """A like name that another clause of the sentence takes, behind that clause's word."""
        if place.said is None or place.kinds == ANY or len(text) < _SHORTEST:
            return None
        others = tuple(kind for kind in STANDS_AFTER if kind not in place.kinds)
        guess = self.guesses.nearest(text, others)
        if guess is None:
            return None
        kind = self.names.find(guess, others)[0].kind
        return STANDS_AFTER[kind][0], guess

    def _to_clause(self, word: str, guess: str, name: Name, place: Place) -> tuple[Fix, ...]:
        """The fix that makes another clause of one with this name alone."""
        clause = place.clause
        if clause is None or clause.periods or word in (place.said or ()):
            return ()
        if len(clause.items) > 1 or len(clause.items[0].names) > 1:
            return ()
        edits = (Edit(self._found.place(clause.word.span), word), Edit(self._found.place(name.span), guess))
        return (Fix(f"change to `{word} {guess}`", edits),)

    def _help(self, text: str, place: Place) -> str:
        """What to do about a name that none is like."""
        if place.kinds == ("action",):
            return "`policyspec vocabulary --kind action` lists the actions"
        says = []
        if alike := self.guesses.alike(text, place.kinds):
            says.append(f"like names: {', '.join(f'`{each}`' for each in alike)}")
        if (kind := _example_kind(place.kinds)) and "." not in text:
            says.append(f'declare it: `{kind} {text} "…"`')
        says.append(f"`policyspec vocabulary --search {text.rpartition('.')[2]}` looks further")
        return "; ".join(says)


def _maybe(guess: str | None) -> str:
    return f"; did you mean `{guess}`?" if guess else ""


def _no_such(text: str, place: Place) -> str:
    if len(place.kinds) > len(_GROUNDS):
        return f"nothing is named `{text}`"
    return f"no {re.sub(r'(^|(?<= ))an? ', '', place.noun)} is named `{text}`"


def _example_kind(kinds: tuple[str, ...]) -> str | None:
    """The kind to declare for a place; none where it may be any. Of the grounds, it is mostly an event that lacks."""
    if len(kinds) > len(_GROUNDS):
        return None
    return "event" if "event" in kinds else kinds[0]
