"""The names of a sentence, and the words that may stand in it together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from policyspec.diagnostic import Edit, Fix, Severity
from policyspec.english import PROVIDER, WHO, conjunction, is_adverb, is_soon, negation
from policyspec.findings import Findings
from policyspec.kinds import CLAUSES, FAMILIES, nouns
from policyspec.names import without_kind
from policyspec.references import ACTION, ANY, Place, References
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.suggest import closest
from policyspec.syntax import nodes
from policyspec.syntax.nodes import Name

_GROUNDS = FAMILIES["event"]
_PERSONS = FAMILIES["party"]


class Sentences:
    """Looks up the names of sentences, rules' patterns and questions. `takes` says what an action is done to."""

    def __init__(self, found: Findings, references: References, takes: Callable[[Definition], tuple[str, ...]]) -> None:
        self._found = found
        self._references = references
        self._takes = takes
        self._foreign: nodes.Statement | None = None
        self._report = found.report

    def read(self, node: nodes.Statement, previous: nodes.Item | None = None) -> None:
        last = previous.statement if type(previous) is nodes.Practice and node.modality is None else None
        before = last if last is not None and self._is_behind(last, node) else None
        self._words(node)
        if self._is_foreign(node, before):
            self._foreign = node
            self._found.explain(_head(node))
            return
        said = frozenset(clause.word.text for clause in node.clauses)
        objects = [name for item in node.objects for name in item.names]
        if last is not None and self._conjunction(node.actions[0]):
            self._objects(node, objects, [None], said)
        elif before is not None and (read := self._continues(before, node, objects)):
            self._objects(node, objects[read - 1 :], [None], said)
        else:
            self._objects(node, objects, [self._references.name(action, ACTION) for action in node.actions], said)
        for clause in node.clauses:
            self.clause(clause, said)
        self._idle_lifts(node)

    def clause(self, node: nodes.Clause, said: frozenset[str] | None = None) -> None:
        word = node.word.text
        spec = CLAUSES.get(word)
        if spec is None:
            return
        place = Place(spec.kinds, spec.noun, f"`{word}`", said, node)
        self._list([name for item in node.items for name in item.names], place)
        for period in node.periods:
            self._period(period, said)

    def once(self, clauses: Sequence[nodes.Clause]) -> None:
        """No clause stands twice."""
        first: dict[str, nodes.Clause] = {}
        for clause in clauses:
            word = clause.word.text
            if word in first:
                message = f"`{word}` twice in one sentence: list alternatives with a comma, join with `and`"
                related = self._found.first(first[word].word.span)
                self._report("repeated_clause", clause.word.span, message, related=related)
            first.setdefault(word, clause)

    # ── Names ───────────────────────────────────────────────────────────────────────────────────

    def _objects(
        self,
        node: nodes.Statement,
        names: Sequence[Name],
        actions: Sequence[Definition | None],
        said: frozenset[str],
    ) -> None:
        names = self._without_strays(node, names)
        known = [action for action in actions if action is not None]
        if len(known) < len(actions):
            # Only names that mean nothing at all are reported then.
            unknown = [name for name in names if not self._references.names.anywhere(name.text)]
            self._list(unknown, Place(ANY, "a term", said=said))
            return
        takes = tuple(dict.fromkeys(kind for action in known for kind in self._takes(action)))
        taker = f"`{node.actions[0].text}`" if len(actions) == 1 else "this place"
        if "to" not in said and self._receives(node, names[:2], takes):
            names = names[2:]
        self._list(names, Place(takes, nouns(takes), taker, said))

    def _without_strays(self, node: nodes.Statement, names: Sequence[Name]) -> Sequence[Name]:
        """The objects without a last one that is a word of another sort, and lacks a comma for that reason."""
        if len(names) < 2 or not self._are_adjacent(names[-2:]):
            return names
        last = names[-1]
        return names[:-1] if self._conjunction(last) or self._adverb(last, node) else names

    def _receives(self, node: nodes.Statement, names: Sequence[Name], takes: tuple[str, ...]) -> bool:
        """Whether it is first said who receives, and then what, as in `grant user access`; that is reported."""
        find = self._references.names.find
        if len(names) < 2 or not self._are_adjacent(names) or find(names[0].text, takes):
            return False
        who, what = names
        if not find(who.text, _PERSONS) or not find(what.text, takes):
            return False
        span = Span(who.span.start, what.span.end)
        better = f"{what.text} to {who.text}"
        message = f"who receives it stands after `to`: `{node.actions[0].text} {better}`"
        is_last = node.objects[-1].span.end == what.span.end
        self._report("wrong_kind", span, message, fixes=(self._found.change(span, better),) if is_last else ())
        self._found.explain(span)
        return True

    def _are_adjacent(self, names: Sequence[Name]) -> bool:
        """Whether nothing stands between two names."""
        left, right = names
        gap = self._found.between(left.span, right.span)
        return bool(left.text and right.text) and gap.isspace()

    def _list(self, names: Sequence[Name], place: Place) -> None:
        """The names of a list, of which two that lack a comma between them may be one."""
        rest = list(names)
        while rest:
            if self._are_one(rest[:2], place.kinds):
                del rest[:2]
            else:
                self._references.name(rest.pop(0), place)

    def _are_one(self, names: Sequence[Name], kinds: tuple[str, ...]) -> bool:
        """Whether two names stand side by side and make a known one when they are joined; then that is reported."""
        joined = self._joined(names, kinds)
        if joined is None:
            return False
        left, right = names
        span = Span(left.span.start, right.span.end)
        message = f"missing `,` between `{left.text}` and `{right.text}`; did you mean `{joined}`?"
        self._report("missing_comma", span, message, fixes=(self._found.change(span, joined),))
        self._found.explain(span)
        return True

    def _joined(self, names: Sequence[Name], kinds: tuple[str, ...]) -> str | None:
        """The known name that two names make, if nothing stands between them."""
        if len(names) < 2 or not self._are_adjacent(names):
            return None
        return self._references.guesses.joined((each.text for each in names), kinds)

    def _period(self, node: nodes.Period, said: frozenset[str] | None) -> None:
        match node:
            case nodes.Until(end=Name() as event):
                self._references.name(event, Place(_GROUNDS, "an event", "`until`", said))
            case nodes.Until(end=nodes.Date(value=None) as day):
                self._report("invalid_value", day.span, "there is no such day")
            case nodes.While(event=event):
                self._references.name(event, Place(_GROUNDS, "an event", "`while`", said))
            case nodes.Lasting(event=Name() as event) | nodes.Quoted(event=Name() as event):
                words = self._found.written(Span(node.span.start, event.span.start)).split()
                word = "of" if words[-1:] == ["of"] else "after"
                self._references.name(event, Place(_GROUNDS, "an event", f"`{word}`", said))

    # ── What stands where an action should ──────────────────────────────────────────────────────

    def _is_foreign(self, node: nodes.Statement, before: nodes.Statement | None) -> bool:
        """Whether a sentence is in the order of English; that is reported once, and its names are not looked up.

        Of "we share your email" the parser makes two sentences, of which the second is a part of the first.
        """
        name = node.actions[0]
        if (before is not None and before is self._foreign) or self._found.is_explained(name.span):
            return True
        if not name.text or self._references.names.find(name.text, ACTION.kinds):
            return False
        is_adverb = before is not None and self._adverb(name, before)
        return is_adverb or self._negation(node) or self._begins_with_who(node, before)

    def _negation(self, node: nodes.Statement) -> bool:
        """Whether a sentence begins with `do not`, `must not` or the like."""
        start = node.span.start
        found = negation(self._found.ahead(start))
        if found is None:
            return False
        length, verb = found
        where = Span(start, start + length)
        message = f"a prohibition is written `never {verb} …`"
        self._report("unknown_name", where, message, fixes=(self._found.change(where, "never"),))
        self._found.explain(where)
        return True

    def _begins_with_who(self, node: nodes.Statement, before: nodes.Statement | None) -> bool:
        """Whether a sentence begins with who does it."""
        name = node.actions[0]
        text = name.text.casefold()
        find = self._references.names.find
        # Behind another sentence a person is rather the rest of its list.
        is_person = before is None and any(find(word, _PERSONS) for word in (name.text, text, text.removesuffix("s")))
        if not is_person and text not in WHO:
            return False
        message = "a sentence begins with its action; who does it stands after `by`"
        fixes: tuple[Fix, ...] = ()
        verb = next((each for item in node.objects for each in item.names), None)
        if verb is not None and text in PROVIDER and find(verb.text, ACTION.kinds):
            message = f"a sentence begins with its action: leave out `{name.text}`"
            fixes = (self._found.leave_out(Span(name.span.start, verb.span.start)),)
        self._report("unknown_name", name.span, message, fixes=fixes)
        return True

    def _is_behind(self, before: nodes.Statement, node: nodes.Statement) -> bool:
        gap = self._found.between(before.span, node.actions[0].span)
        return before.span.end <= node.actions[0].span.start and bool(gap) and not gap.strip(" \t")

    def _continues(self, before: nodes.Statement, node: nodes.Statement, objects: Sequence[Name]) -> int:
        """How many words of a sentence are no sentence's, but went astray of the one before; they are reported."""
        name = node.actions[0]
        if not name.text or self._references.names.find(name.text, ACTION.kinds):
            return 0
        if word := self._clause_word(name, objects):
            message = f"`{name.text}` is not a word of the language; did you mean `{word}`?"
            self._report("unknown_name", name.span, message, fixes=(self._found.change(name.span, word),))
            return 1
        left = self._found.written(before.span).split()[-1]
        if self._are_one([Name(left, before.span._replace(start=before.span.end - len(left))), name], ANY):
            return 1
        message = f"missing `,` between `{left}` and `{name.text}`"
        (comma,) = self._found.add_behind(before.span, ",").edits
        if joined := self._joined([name, *objects[:1]], ANY):
            span = Span(name.span.start, objects[0].span.end)
            fix = Fix(f"change to `, {joined}`", (comma, Edit(self._found.place(span), joined)))
            self._report("missing_comma", span, f"{message}; did you mean `{joined}`?", fixes=(fix,))
            self._found.explain(span)
            return 2
        if self._references.names.anywhere(name.text):
            self._report("missing_comma", name.span, message, fixes=(Fix("add `,`", (comma,), True),))
            return 1
        return 0

    def _conjunction(self, name: Name) -> bool:
        """Whether a word of English stands for a clause word; that is reported."""
        start = name.span.start
        found = conjunction(self._found.ahead(start))
        if found is None or self._references.names.anywhere(name.text):
            return False
        length, word = found
        where = Span(start, start + length)
        message = f"`{self._found.written(where)}` is not a word of the language"
        if word:
            fixes = (self._found.change(where, word),)
            self._report("unknown_name", where, f"{message}; did you mean `{word}`?", fixes=fixes)
        else:
            self._report("unknown_name", where, f"{message}: put the time in quotation marks after `within`")
        self._found.explain(where)
        return True

    def _adverb(self, name: Name, node: nodes.Statement) -> bool:
        """Whether a word behind a sentence says how or when it is done; that is reported."""
        text = name.text
        if not is_adverb(text) or self._references.names.anywhere(text):
            return False
        message = f"`{text}` is not a name: by when a thing is done stands after `within`, how after `with` or `via`"
        fixes: tuple[Fix, ...] = ()
        is_duty = node.modality is not None and node.modality.text in ("must", "should")
        if is_duty and is_soon(text) and all(clause.word.text != "within" for clause in node.clauses):
            message = f'`{text}` is not a name; did you mean `within "{text}"`?'
            fixes = (self._found.change(name.span, f'within "{text}"'),)
        self._report("unknown_name", name.span, message, fixes=fixes)
        self._found.explain(name.span)
        return True

    def _clause_word(self, name: Name, objects: Sequence[Name]) -> str | None:
        """The clause word that a name may have been meant to be: one that admits the next name, if any does."""
        find = self._references.names.find
        first = objects[0].text if objects else ""
        admitting = [word for word, spec in CLAUSES.items() if find(*without_kind(first, spec.kinds))]
        return closest(name.text, admitting) or closest(name.text, CLAUSES)

    # ── Words that do not go together ───────────────────────────────────────────────────────────

    def _words(self, node: nodes.Statement) -> None:
        self._or(node)
        self._joint_objects(node)
        if node.modality is not None and node.modality.text == "never":
            self._never(node)
        self.once(node.clauses)

    def _or(self, node: nodes.Statement) -> None:
        if "or" not in node.joins:
            return
        span = node.actions[1].span
        if node.modality is None or node.modality.text not in ("must", "should"):
            message = "`or` leaves a choice, so it is for duties: `must a or b`; a comma lists what is all meant"
            self._report("misplaced_or", span, message)
        elif "," in node.joins:
            self._report("misplaced_or", span, "`,` and `or` between the same actions: write two sentences")

    def _joint_objects(self, node: nodes.Statement) -> None:
        for item in node.objects:
            if len(item.names) < 2:
                continue
            gaps = [Span(left.span.end, right.span.start) for left, right in pairwise(item.names)]
            is_safe = not any("#" in self._found.written(gap) for gap in gaps)
            fix = Fix("use commas", tuple(Edit(self._found.place(gap), ", ") for gap in gaps), True)
            message = "objects are all meant: join them with a comma"
            self._report("joint_objects", item.span, message, fixes=(fix,) if is_safe else ())

    def _never(self, node: nodes.Statement) -> None:
        for clause in node.clauses:
            word = clause.word
            if word.text in ("keep", "within"):
                instead = f"say `only {word.text} …` in the practice, or state a duty"
                self._report("misplaced_clause", word.span, f"a prohibition has no `{word.text}`: {instead}")
        for only in (node.only, *(clause.only for clause in node.clauses)):
            if only is not None:
                message = "a prohibition has no `only`: leave out `never`, or write `unless`"
                self._report("misplaced_only", only.span, message)

    def _idle_lifts(self, node: nodes.Statement) -> None:
        """Rights in `unless`: only where rights are what is granted has an act one."""
        find = self._references.names.find
        actions = [each for action in node.actions for each in find(action.text, ACTION.kinds)]
        if any("right" in self._takes(each) for each in actions):
            return
        names = (
            name for each in node.clauses if each.word.text == "unless" for item in each.items for name in item.names
        )
        for name in names:
            meant = find(*without_kind(name.text, CLAUSES["unless"].kinds))
            if [each.kind for each in meant] == ["right"]:
                self._idle_lift(name, meant[0])

    def _idle_lift(self, name: Name, right: Definition) -> None:
        message = f"an act has no right in it, so `unless {name.text}` never applies"
        fixes: tuple[Fix, ...] = ()
        if event := self._references.guesses.derived(right.name, ("event",)):
            is_clear = len(self._references.names.find(event, CLAUSES["unless"].kinds)) == 1
            written = event if is_clear else f"event.{event}"
            message += f"; did you mean the event `{written}`?"
            fixes = (self._found.change(name.span, written),)
        self._report("idle_lift", name.span, message, severity=Severity.WARNING, fixes=fixes)


def _head(node: nodes.Statement) -> Span:
    """A sentence up to its first clause."""
    return node.span._replace(end=node.objects[-1].span.end if node.objects else node.actions[-1].span.end)
