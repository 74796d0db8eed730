"""A name at its place → the definition that it means, or a finding that says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from policyspec.diagnostic import Edit, Fix, Related, Severity
from policyspec.english import fillers
from policyspec.findings import MAX_LISTED, Findings
from policyspec.kinds import CLAUSES, KINDS, STANDS_AFTER, article, either
from policyspec.names import OUTSIDE, Block, Guesses, Names, takes_any, without_kind
from policyspec.scope import CORE, Context, Definition, Module
from policyspec.source import Span
from policyspec.syntax import grammar, nodes
from policyspec.syntax.nodes import Name
from policyspec.taxonomy import with_all_above

RIGHTS = ("right",)
# After an action that is not known anything may stand but an action.
ANY = tuple(kind for kind in KINDS if kind != "action")


class Place(NamedTuple):
    """What a place takes, and how messages speak of that.

    In a sentence, `said` are its clause words, and `clause` is the one that the place is in. In a declaration, `block`
    says where that stands.
    """

    kinds: tuple[str, ...]
    noun: str
    taker: str = "this place"
    said: frozenset[str] | None = None
    clause: nodes.Clause | None = None
    block: Block = OUTSIDE


ACTION = Place(("action",), "an action")


class References:
    """Looks up names and records what they mean. `above` says what is directly above a term."""

    def __init__(
        self,
        module: Module,
        context: Context,
        found: Findings,
        above: Callable[[Definition], Sequence[Definition]],
    ) -> None:
        self.names = Names(module, context)
        self.guesses = Guesses(self.names)
        self._context = context
        self._found = found
        self._above = above
        self._missing: list[Definition] = []
        self._report = found.report

    def name(self, name: Name, place: Place) -> Definition | None:
        """What a name means; None, and a finding, where it means nothing here."""
        if not name.text:
            return None
        text, kinds = without_kind(name.text, place.kinds)
        if not kinds:
            self._wrong_kind(name, name.text.partition(".")[0], place)
            return None
        found = self.names.find(text, kinds, place.block)
        if len(found) > 1:
            self._ambiguous(name, found)
            return None
        meant = found[0] if found else self._unknown(name, text, place._replace(kinds=kinds))
        if meant is not None:
            self._found.refer(name.span, meant)
        return meant

    # ── Names that do not serve ─────────────────────────────────────────────────────────────────

    def _ambiguous(self, name: Name, found: Sequence[Definition]) -> None:
        paths = " or ".join(f"`{path}`" for path in self.names.distinct(found[:MAX_LISTED]))
        more = " or another" if len(found) > MAX_LISTED else ""
        related = tuple(Related(each.file, each.name_span, "one is declared here") for each in found[:MAX_LISTED])
        message = f"`{name.text}` may be {paths}{more}: write which one"
        self._report("ambiguous_name", name.span, message, related=related)

    def _wrong_kind(self, name: Name, kind: str, place: Place, related: tuple[Related, ...] = ()) -> None:
        words = STANDS_AFTER.get(kind, ()) if place.said is not None else ()
        said = f"`{name.text}` is {article(kind)}; {place.taker} takes {place.noun}"
        if words:
            noun = CLAUSES[words[0]].noun if CLAUSES[words[0]].kinds == (kind,) else article(kind)
            said += f": {noun} stands after {either([f'`{word}`' for word in words])}"
        fixes = self._another_clause(words[0], place) if len(words) == 1 else ()
        if kind == "action" and place.kinds == RIGHTS and (guess := self.guesses.derived(name.text, RIGHTS)):
            said += _maybe(guess)
            fixes = (self._found.change(name.span, guess),)
        self._report("wrong_kind", name.span, said, related=related, fixes=fixes)

    def _another_clause(self, word: str, place: Place) -> tuple[Fix, ...]:
        """The fix that changes a clause's word, where all in it may stand after the other one.

        What stands after `from` is where something comes from, and no other clause says that.
        """
        clause, kinds = place.clause, CLAUSES[word].kinds
        if clause is None or clause.word.text == "from" or word in (place.said or ()):
            return ()
        names = [name for item in clause.items for name in item.names]
        fit = all(self.names.find(*without_kind(name.text, kinds)) for name in names)
        return (self._found.change(clause.word.span, word),) if fit else ()

    def _unknown(self, name: Name, text: str, place: Place) -> Definition | None:
        declared = place.block.declared
        if declared is not None and text in (declared.name, declared.path):
            self._itself(name, text, declared)
            return None
        if other := self.names.anywhere(text, declared):
            related = (Related(other.file, other.name_span, f"declared as {article(other.kind)}"),)
            self._wrong_kind(name, other.kind, place, related)
            return None
        if self._fillers(name):
            return None
        library = next((each for each in self.names.libraries if text.startswith(f"{each}.")), None)
        if library and library != CORE and not isinstance(self._context.imported.get(library), Module):
            fixes = self._found.add_import(library)
            self._report("module_not_imported", name.span, f"module `{library}` is not imported", fixes=fixes)
            return None
        if library:
            return self._missing_in(library, name, text, place)
        if not self._found.is_known_as_unknown(name.text, place.kinds, name.span):
            self._report_unknown(name, text, place)
            self._found.keep_unknown(name.text, place.kinds)
        return None

    def _itself(self, name: Name, text: str, declared: Definition) -> None:
        """A term that is said to be below one of its name, and there is none but itself."""
        message = f"there is no other `{text}`, and a term cannot be below itself: leave out `is`"
        parents = Span(declared.name_span.end, self._found.place(name.span).end)
        is_alone = self._found.text[parents.start : parents.end].split() == ["is", name.text]
        is_alone = is_alone and not self._found.ahead(name.span.end).lstrip().startswith(",")
        fixes = (Fix("leave out `is`", (Edit(parents, ""),)),) if is_alone else ()
        self._report("taxonomy_cycle", name.span, message, fixes=fixes)

    def _fillers(self, name: Name) -> bool:
        """Whether an article or the like stands here, in front of a name; that is reported."""
        start = name.span.start
        found = fillers(self._found.ahead(start), grammar.load().words)
        if found is None:
            return False
        words, whole = (Span(start, start + length) for length in found)
        shown = self._found.written(words).strip()
        message = f"a name stands by itself: leave out `{shown}`"
        where = Span(start, start + len(shown))
        self._report("unknown_name", where, message, fixes=(self._found.leave_out(words),))
        self._found.explain(whole)
        return True

    def _missing_in(self, library: str, name: Name, text: str, place: Place) -> Definition:
        """The term that a library module should have. A platform or a law may have changed, or the policy be wrong
        about it: that is a warning, and the policy compiles."""
        path = text[len(library) + 1 :]
        if not self._found.is_known_as_unknown(name.text, place.kinds, name.span):
            guess = self.guesses.nearest(text, place.kinds)
            kind = place.kinds[0] if len(place.kinds) == 1 else "term"
            message = f"module `{library}` has no {kind} `{path}`{_maybe(guess)}"
            fixes = (self._found.change(name.span, guess),) if guess else ()
            self._report("unknown_name", name.span, message, severity=Severity.WARNING, fixes=fixes)
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
            self._report("unknown_name", span, message, help=help, fixes=fixes)
        elif guess := self._guess(text, place):
            fixes = (self._found.change(span, guess),)
            self._report("unknown_name", span, f"{message}{_maybe(guess)}", fixes=fixes)
        elif elsewhere := self._elsewhere(text, place):
            word, guess = elsewhere
            fixes = self._to_clause(word, guess, name, place)
            self._report("unknown_name", span, f"{message}{_maybe(f'{word} {guess}')}", fixes=fixes)
        else:
            self._report("unknown_name", span, message, help=self._help(text, place))

    def _guess(self, text: str, place: Place) -> str | None:
        guess = self.guesses.nearest(text, place.kinds)
        return guess if guess and self._may_be(guess, place) else None

    def _may_be(self, guess: str, place: Place) -> bool:
        """Whether a name may stand where it is offered: what a term is below is not below that term."""
        declared = place.block.declared
        if declared is None:
            return True
        meant = self.names.find(guess, place.kinds)
        return not any(declared in with_all_above(each, self._above) or _is_inside(each, declared) for each in meant)

    def _elsewhere(self, text: str, place: Place) -> tuple[str, str] | None:
        """The term with such a title that another clause of the sentence takes, behind that clause's word."""
        if place.said is None or place.kinds == ANY:
            return None
        others = tuple(kind for kind in STANDS_AFTER if kind not in place.kinds)
        guess = self.guesses.titled(text, others)
        if guess is None:
            return None
        kind = self.names.find(guess, others)[0].kind
        return STANDS_AFTER[kind][0], guess

    def _to_clause(self, word: str, guess: str, name: Name, place: Place) -> tuple[Fix, ...]:
        """The fix that makes another clause of one with this name alone."""
        clause = place.clause
        if clause is None or word in (place.said or ()):
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
        if alike := [each for each in self.guesses.alike(text, place.kinds) if self._may_be(each, place)]:
            says.append(f"like names: {', '.join(f'`{each}`' for each in alike)}")
        if (kind := _example_kind(place)) and "." not in text:
            says.append(f'declare it: `{kind} {text} "…"`')
        word = text.rpartition(".")[2]
        if self.guesses.is_searchable(word):
            says.append(f"`policyspec vocabulary --search {word}` looks further")
        return "; ".join(says)


def _maybe(guess: str | None) -> str:
    return f"; did you mean `{guess}`?" if guess else ""


def _is_inside(term: Definition, outer: Definition) -> bool:
    """Whether a term is declared in the braces of another, in a block that may not have been looked at yet."""
    return (term.module, term.kind) == (outer.module, outer.kind) and term.path.startswith(f"{outer.path}.")


def _no_such(text: str, place: Place) -> str:
    if takes_any(place.kinds):
        return f"nothing is named `{text}`"
    return f"no {re.sub(r'(^|(?<= ))an? ', '', place.noun)} is named `{text}`"


def _example_kind(place: Place) -> str | None:
    """The kind to declare for a place: below a term its own; none where it may be any. Of several, the likeliest."""
    if place.block.declared is not None:
        return place.block.declared.kind
    if takes_any(place.kinds):
        return None
    return next((kind for kind in ("event", "channel") if kind in place.kinds), place.kinds[0])
