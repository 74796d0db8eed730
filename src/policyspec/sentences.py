"""The names of a sentence, and the words that may stand in it together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from policyspec.diagnostic import Edit, Fix
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
# With these people begin a sentence in English, where the action should stand.
_WHO = {
    "i", "we", "you", "he", "she", "it", "they", "us", "our", "your", "his", "her", "its", "their", "the", "a", "an",
    "this", "that", "these", "those", "who", "everyone", "nobody",
}  # fmt: skip


class Sentences:
    """Looks up the names of sentences, rules' patterns and questions. `takes` says what an action is done to."""

    def __init__(self, found: Findings, references: References, takes: Callable[[Definition], tuple[str, ...]]) -> None:
        self._found = found
        self._references = references
        self._takes = takes
        self._has_who: nodes.Statement | None = None
        self._error = found.error

    def read(self, node: nodes.Statement, previous: nodes.Item | None = None) -> None:
        before = previous.statement if type(previous) is nodes.Practice and node.modality is None else None
        if before is not None and not self._is_behind(before, node):
            before = None
        self._words(node)
        if self._begins_with_who(node, before):
            return
        said = frozenset(clause.word.text for clause in node.clauses)
        objects = [name for item in node.objects for name in item.names]
        if before is not None and (read := self._continues(before, node, objects)):
            self._objects(node, objects[read - 1 :], [None], said)
        else:
            self._objects(node, objects, [self._references.name(action, ACTION) for action in node.actions], said)
        for clause in node.clauses:
            self.clause(clause, said)

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
                self._error("repeated_clause", clause.word.span, message, related=related)
            first.setdefault(word, clause)

    # ── Names ───────────────────────────────────────────────────────────────────────────────────

    def _objects(
        self,
        node: nodes.Statement,
        names: Sequence[Name],
        actions: Sequence[Definition | None],
        said: frozenset[str],
    ) -> None:
        known = [action for action in actions if action is not None]
        if len(known) < len(actions):
            # Only names that mean nothing at all are reported then.
            unknown = [name for name in names if not self._references.names.anywhere(name.text)]
            self._list(unknown, Place(ANY, "a term", said=said))
            return
        takes = tuple(dict.fromkeys(kind for action in known for kind in self._takes(action)))
        taker = f"`{node.actions[0].text}`" if len(actions) == 1 else "this place"
        self._list(names, Place(takes, nouns(takes), taker, said))

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
        self._error("missing_comma", span, message, fixes=(self._found.change(span, joined),))
        return True

    def _joined(self, names: Sequence[Name], kinds: tuple[str, ...]) -> str | None:
        """The known name that two names make, if nothing stands between them."""
        if len(names) < 2 or not all(each.text for each in names):
            return None
        if not self._found.between(names[0].span, names[1].span).isspace():
            return None
        return self._references.guesses.joined((each.text for each in names), kinds)

    def _period(self, node: nodes.Period, said: frozenset[str] | None) -> None:
        match node:
            case nodes.Until(end=Name() as event):
                self._references.name(event, Place(_GROUNDS, "an event", "`until`", said))
            case nodes.Until(end=nodes.Date(value=None) as day):
                self._error("invalid_value", day.span, "there is no such day")
            case nodes.While(event=event):
                self._references.name(event, Place(_GROUNDS, "an event", "`while`", said))
            case nodes.Lasting(event=Name() as event) | nodes.Quoted(event=Name() as event):
                words = self._found.written(Span(node.span.start, event.span.start)).split()
                word = "of" if words[-1:] == ["of"] else "after"
                self._references.name(event, Place(_GROUNDS, "an event", f"`{word}`", said))

    # ── What stands where an action should ──────────────────────────────────────────────────────

    def _begins_with_who(self, node: nodes.Statement, before: nodes.Statement | None) -> bool:
        """Whether a sentence begins with who does it; its names are not looked up then."""
        name = node.actions[0]
        text = name.text.casefold()
        find = self._references.names.find
        if not text or find(name.text, ACTION.kinds):
            return False
        # Behind another sentence a person is rather the rest of its list.
        is_person = before is None and any(find(word, _PERSONS) for word in (name.text, text, text.removesuffix("s")))
        if not is_person and text not in _WHO:
            return False
        # Of "we share your email", the second such word is part of the same sentence.
        if before is None or before is not self._has_who:
            message = "a sentence begins with its action; who does it stands after `by`"
            self._error("unknown_name", name.span, message)
        self._has_who = node
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
            self._error("unknown_name", name.span, message, fixes=(self._found.change(name.span, word),))
            return 1
        left = self._found.written(before.span).split()[-1]
        if self._are_one([Name(left, before.span._replace(start=before.span.end - len(left))), name], ANY):
            return 1
        message = f"missing `,` between `{left}` and `{name.text}`"
        comma = Edit(self._found.place(Span(before.span.end, before.span.end)), ",")
        if joined := self._joined([name, *objects[:1]], ANY):
            span = Span(name.span.start, objects[0].span.end)
            fix = Fix(f"change to `, {joined}`", (comma, Edit(self._found.place(span), joined)))
            self._error("missing_comma", span, f"{message}; did you mean `{joined}`?", fixes=(fix,))
            return 2
        if self._references.names.anywhere(name.text):
            self._error("missing_comma", name.span, message, fixes=(Fix("add `,`", (comma,), True),))
            return 1
        return 0

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
            self._error("misplaced_or", span, message)
        elif "," in node.joins:
            self._error("misplaced_or", span, "`,` and `or` between the same actions: write two sentences")

    def _joint_objects(self, node: nodes.Statement) -> None:
        for item in node.objects:
            if len(item.names) < 2:
                continue
            gaps = [Span(left.span.end, right.span.start) for left, right in pairwise(item.names)]
            is_safe = not any("#" in self._found.written(gap) for gap in gaps)
            fix = Fix("use commas", tuple(Edit(self._found.place(gap), ", ") for gap in gaps), True)
            message = "objects are all meant: join them with a comma"
            self._error("joint_objects", item.span, message, fixes=(fix,) if is_safe else ())

    def _never(self, node: nodes.Statement) -> None:
        for clause in node.clauses:
            word = clause.word
            if word.text in ("keep", "within"):
                instead = f"say `only {word.text} …` in the practice, or state a duty"
                self._error("misplaced_clause", word.span, f"a prohibition has no `{word.text}`: {instead}")
        for only in (node.only, *(clause.only for clause in node.clauses)):
            if only is not None:
                message = "a prohibition has no `only`: leave out `never`, or write `unless`"
                self._error("misplaced_only", only.span, message)
