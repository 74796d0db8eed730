"""Names → definitions: modules and their scopes, taxonomies, and what may stand where.

A module is one file of an author, or one or more files of the library. `index` finds what a module declares, from its
own trees alone; `resolve` looks up every name in it, given the modules that it imports. Both are pure. What a
name means is kept beside the tree, by the offset at which it stands.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policyspec.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from policyspec.kinds import CLAUSES, FAMILIES, KINDS, Takes, fields_of
from policyspec.source import Span
from policyspec.suggest import closest
from policyspec.syntax import nodes
from policyspec.syntax.nodes import Name
from policyspec.syntax.parser import Tree

_GROUNDS = FAMILIES["event"]
CORE = "core"


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A declared term. `path` is its dotted name within its module; `span` and `name_span` are offsets into `file`."""

    kind: str
    path: str
    module: str
    file: str
    span: Span
    name_span: Span
    titles: tuple[tuple[str, str | None], ...]
    outer: Definition | None = None
    is_library: bool = False
    is_defined: bool = True

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def qualified(self) -> str:
        """Its path as one writes it from another module."""
        return f"{self.module}.{self.path}" if self.is_library else self.path


@dataclass(frozen=True, eq=False)
class Module:
    """What a module declares and imports."""

    name: str
    trees: Mapping[str, Tree]
    is_library: bool
    definitions: tuple[Definition, ...]
    exact: Mapping[str, tuple[Definition, ...]]
    loose: Mapping[str, tuple[Definition, ...]]
    imports: tuple[str, ...] = ()

    def find(self, name: str, kinds: Iterable[str]) -> list[Definition]:
        """What a name means here: a full path, else the end of one, or an alias. Several: it is ambiguous."""
        for names in (self.exact, self.loose):
            if found := [each for each in names.get(name, ()) if each.kind in kinds]:
                return found
        return []

    def names(self, kinds: Iterable[str]) -> Iterator[str]:
        """All names that mean a term of these kinds."""
        for names in (self.exact, self.loose):
            for name, definitions in names.items():
                if any(each.kind in kinds for each in definitions):
                    yield name


@dataclass(frozen=True, slots=True)
class Reference:
    """A name in a text, and what it means."""

    span: Span
    definition: Definition


@dataclass(frozen=True, eq=False)
class Resolution:
    """What the names of a module mean, and what is wrong with them.

    `references[file]` is by the offset at which a name stands; `parents` has the terms directly above each
    definition, `fields` the values of its fields, with definitions for names; `extensions` are the edges that the
    module adds to terms of others.
    """

    module: Module
    diagnostics: tuple[Diagnostic, ...]
    references: Mapping[str, Mapping[int, Reference]]
    parents: Mapping[Definition, tuple[Definition, ...]]
    fields: Mapping[Definition, Mapping[str, Any]]
    extensions: tuple[tuple[Definition, Definition], ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The modules that one is resolved against: those it imports, the library's names, and what is known of terms."""

    imported: Mapping[str, Module | str]
    core: Module | None
    library: Sequence[str] = ()
    resolutions: Mapping[str, Resolution] = field(default_factory=dict)

    def modules(self) -> list[Module]:
        return [module for module in self.imported.values() if isinstance(module, Module)]


# ── Indexing ─────────────────────────────────────────────────────────────────────────────────────


def index(name: str, trees: Mapping[str, Tree], is_library: bool = False) -> Module:
    """What a module's files declare."""
    definitions: list[Definition] = []
    aliases: list[tuple[str, Definition]] = []
    imports: list[str] = []

    def declare(node: nodes.Declaration, base: int, kind: str, file: str, outer: Definition | None) -> None:
        path = f"{outer.path}.{node.name.text}" if outer else node.name.text
        titles = tuple((title.text, title.language) for title in node.titles)
        span, name_span = node.span.shifted(base), node.name.span.shifted(base)
        made = Definition(kind, path, name, file, span, name_span, titles, outer, is_library)
        definitions.append(made)
        for member in node.members:
            if type(member) is nodes.Declaration:
                declare(member, base, kind, file, made)
            elif type(member) is nodes.Field and member.name.text == "alias":
                words = [value.text for value in member.values if isinstance(value, Name | nodes.Title)]
                aliases.extend((word, made) for word in words)

    for file, tree in trees.items():
        for base, item in items(tree):
            if type(item) is nodes.Declaration and item.name.text:
                declare(item, base, item.kind.text, file, None)
            elif type(item) is nodes.Import:
                imports += [import_key(file, each) for each in item.modules]
    return module_of(name, trees, is_library, definitions, aliases, imports)


def module_of(
    name: str,
    trees: Mapping[str, Tree],
    is_library: bool,
    definitions: Sequence[Definition],
    aliases: Iterable[tuple[str, Definition]],
    imports: Iterable[str],
) -> Module:
    """A module with these definitions, and its names: full paths, ends of paths, and aliases that are identifiers."""
    exact: dict[str, list[Definition]] = {}
    loose: dict[str, list[Definition]] = {}
    for each in definitions:
        if all(other.kind != each.kind for other in exact.setdefault(each.path, [])):
            exact[each.path].append(each)
        rest = each.path.partition(".")[2]
        while rest:
            loose.setdefault(rest, []).append(each)
            rest = rest.partition(".")[2]
    for word, each in aliases:
        if word.isidentifier() and word != each.path:
            loose.setdefault(unicodedata.normalize("NFC", word), []).append(each)
    return Module(
        name,
        trees,
        is_library,
        tuple(definitions),
        {key: tuple(value) for key, value in exact.items()},
        {key: tuple(value) for key, value in loose.items()},
        tuple(dict.fromkeys(imports)),
    )


def items(tree: Tree) -> Iterator[tuple[int, nodes.Item]]:
    """Every item of a tree, those in sections behind their section, with the offset its spans count from."""
    for start, item in tree.items:
        yield start, item
        if type(item) is nodes.Section:
            stack = [iter(item.members)]
            while stack:
                member = next(stack[-1], None)
                if member is None:
                    stack.pop()
                elif type(member) is not nodes.Field:
                    yield start, member
                    if type(member) is nodes.Section:
                        stack.append(iter(member.members))


def import_key(file: str, written: Name | nodes.Title) -> str:
    """The module that an import names: a library module's name, or a file's path from the importing file's folder."""
    if type(written) is Name:
        return written.text
    parts = file.split("/")[:-1] if not written.text.startswith("/") else [""]
    for part in written.text.split("/"):
        if part == ".." and parts and parts[-1] not in ("", ".."):
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


# ── Resolving ────────────────────────────────────────────────────────────────────────────────────


def resolve(module: Module, context: Context) -> Resolution:
    """Look up every name of a module. Never raises, whatever the trees are."""
    resolver = _Resolver(module, context)
    for file, tree in module.trees.items():
        resolver.file(file, tree)
    return resolver.finish()


class _Resolver:
    def __init__(self, module: Module, context: Context) -> None:
        self.module = module
        self.context = context
        self.path = ""
        self.diagnostics: list[Diagnostic] = []
        self.references: dict[str, dict[int, Reference]] = {}
        self.here: dict[int, Reference] = {}
        self.parents: dict[Definition, tuple[Definition, ...]] = {}
        self.fields: dict[Definition, dict[str, Any]] = {}
        self.extensions: list[tuple[Definition, Definition]] = []
        self.extension_spans: list[tuple[str, Span]] = []
        self.by_span = {(each.file, each.name_span.start): each for each in module.definitions}
        self.seen: dict[tuple[str, tuple[str, ...]], list[Definition]] = {}
        self.guesses: dict[tuple[str, tuple[str, ...]], str | None] = {}
        self.base = 0
        self.policy: Definition | None = None
        self.names: dict[tuple[str, str], Span] = {}
        self.imported: dict[str, str] = {}
        self.first_item = 0

    def file(self, path: str, tree: Tree) -> None:
        self.path = path
        self.here = self.references.setdefault(path, {})
        self.first_item = tree.items[0].start + tree.items[0].node.span.start if tree.items else 0
        previous: nodes.Item | None = None
        for self.base, item in items(tree):
            match item:
                case nodes.Declaration():
                    self._declaration(item, item.kind.text, ())
                case nodes.Extend():
                    self._extend(item)
                case nodes.Import():
                    self._import(item)
                case nodes.Practice():
                    self._statement(item.statement, tree.text, previous)
                    self._fields(item.fields, "practice", "a practice")
                case nodes.Prose():
                    self._fields(item.fields, "prose", "prose")
                case nodes.Section():
                    self._fields(_only_fields(item.members), "section", "a section")
                case nodes.Rule():
                    self._rule(item)
                case nodes.Test():
                    self._test(item)
            previous = item

    def finish(self) -> Resolution:
        self._check_duplicates()
        self._check_cycles()
        self._check_extensions()
        return Resolution(
            self.module,
            tuple(self.diagnostics),
            self.references,
            self.parents,
            self.fields,
            tuple(self.extensions),
        )

    # ── Items ───────────────────────────────────────────────────────────────────────────────────

    def _declaration(self, node: nodes.Declaration, kind: str, outers: tuple[Definition, ...]) -> None:
        made = self.by_span.get((self.path, node.name.span.start + self.base))
        if made is None:
            return
        if "." in node.name.text:
            self._error(
                "invalid_name", node.name.span, f"`{node.name.text}` has a dot: a name is declared inside of what it is part of"
            )
        if node.name.text in KINDS or node.name.text == CORE:
            self._error("invalid_name", node.name.span, f"`{node.name.text}` is a name of the language's own")
        if kind == "policy":
            if outers:
                self._error("misplaced_policy", node.name.span, "a policy has no parts; put what it has into sections")
            elif self.policy is not None:
                related = (Related(self.policy.file, self.policy.name_span, "the first one"),)
                self._error("duplicate_policy", node.name.span, "a file has one policy", related=related)
            else:
                self.policy = made
            if node.parents:
                self._error("misplaced_policy", node.parents[0].span, "a policy is not below another term")
        self.here[made.name_span.start] = Reference(made.name_span, made)
        found = [self._name(each, FAMILIES[kind], f"a {kind}", outers, made) for each in node.parents if kind != "policy"]
        parents = [each for each in found if each is not None]
        if outers:
            parents.insert(0, outers[-1])
        elif not node.parents and not self.module.is_library:
            parents += self._default_parents(made)
        self.parents[made] = tuple(dict.fromkeys(parents))
        values = self._fields(_only_fields(node.members), kind, _article(kind), (*outers, made))
        inherited = self.fields.get(outers[-1], {}) if outers else {}
        own_only = ("alias", "definition", "note", "root", "dpv", "fideslang", "source")
        self.fields[made] = {**{key: value for key, value in inherited.items() if key not in own_only}, **values}
        for member in node.members:
            if type(member) is nodes.Declaration:
                self._declaration(member, kind, (*outers, made))

    def _default_parents(self, made: Definition) -> list[Definition]:
        """What a policy's own term is below if it does not say: core's term of that name, else the root of its kind."""
        core = self.context.core
        if core is None or made.kind == "policy":
            return []
        if namesake := [each for each in core.exact.get(made.path, ()) if each.kind in FAMILIES[made.kind]]:
            return namesake[:1]
        resolution = self.context.resolutions.get(CORE)
        if resolution is None:
            return []
        return [each for each in roots(resolution) if each.kind == made.kind]

    def _extend(self, node: nodes.Extend) -> None:
        kind = node.kind.text
        term = self._name(node.name, (kind,), f"a {kind}")
        for each in node.parents:
            parent = self._name(each, FAMILIES[kind], f"a {kind}")
            if term is None or parent is None:
                continue
            if term.module == self.module.name and term.is_defined:
                self._error("extends_own_term", node.name.span, f"`{term.path}` is this module's own: give it the parent where it is declared")
            elif parent.module != self.module.name:
                self._error("extends_under_foreign_term", each.span, f"`{parent.path}` is not this module's own, so no term of another can be put below it")
            else:
                self.extensions.append((term, parent))
                self.extension_spans.append((self.path, each.span.shifted(self.base)))

    def _import(self, node: nodes.Import) -> None:
        for each in node.modules:
            key = import_key(self.path, each)
            found = self.context.imported.get(key)
            if not each.text:
                continue
            if key in self.imported:
                self._add("repeated_import", Severity.WARNING, each.span, f"`{each.text}` is imported twice")
            self.imported[key] = each.text
            if isinstance(found, str):
                self._error("missing_module", each.span, found)
            elif found is None:
                guess = closest(each.text, self.context.library)
                fixes = (self._change(each.span, guess),) if guess else ()
                self._error("missing_module", each.span, f"no module `{each.text}`{_maybe(guess)}", fixes=fixes)

    def _rule(self, node: nodes.Rule) -> None:
        self._unique("rule", node.name)
        self._fields(_only_fields(node.members), "rule", "a rule")
        judgements = [member for member in node.members if type(member) is nodes.Judgement]
        if not judgements:
            self._error("empty_rule", node.name.span, "a rule needs a judgement: `every … needs …`, `no …` or `some …`")
        for judgement in judgements:
            pattern = judgement.pattern
            if type(pattern) is nodes.Existence:
                self._existence(pattern)
            elif type(pattern) is nodes.Statement:
                self._statement(pattern)
            for need in judgement.needs:
                self._clause(need)
            self._clauses_once(judgement.needs)
            if judgement.existence is not None:
                self._existence(judgement.existence)

    def _existence(self, node: nodes.Existence) -> None:
        self._name(node.name, (node.kind.text,), f"a {node.kind.text}")

    def _test(self, node: nodes.Test) -> None:
        self._fields(_only_fields(node.members), "test", "a test")
        questions = [member for member in node.members if type(member) is nodes.Question]
        if not questions:
            where = node.titles[0].span if node.titles else node.span
            self._error("empty_test", where, "a test needs a question: `allows …`, `forbids …` or `undeclared …`")
        for question in questions:
            statement = question.pattern
            if statement.modality is not None:
                self._error("misplaced_word", statement.modality.span, "a question names an act: it has no modality")
            for clause in statement.clauses:
                if clause.word.text in ("unless", "without"):
                    self._error("misplaced_word", clause.word.span, f"a question names an act: it has no `{clause.word.text}`")
            self._statement(statement)

    # ── Sentences ───────────────────────────────────────────────────────────────────────────────

    def _statement(self, node: nodes.Statement, text: str = "", previous: nodes.Item | None = None) -> None:
        kinds: list[str] = []
        for action in node.actions:
            if (found := self._action(action, node, text, previous)) is not None:
                kinds += [kind for kind in self._takes(found) if kind not in kinds]
        modality = node.modality.text if node.modality else ""
        if "or" in node.joins:
            if modality not in ("must", "should"):
                self._error("misplaced_or", node.actions[1].span, "`or` leaves a choice, so it is for duties: `must a or b`; a comma lists what is all meant")
            elif "," in node.joins:
                self._error("misplaced_or", node.actions[1].span, "`,` and `or` between the same actions: write two sentences")
        # After an unknown action anything may stand; only wholly unknown names are reported then.
        takes = tuple(kinds) or tuple(kind for kind in KINDS if kind not in ("policy", "action"))
        noun = _nouns(kinds) if kinds else "a term"
        for item in node.objects:
            for name in item.names:
                self._name(name, takes, noun)
            if len(item.names) > 1:
                edits = tuple(
                    Edit(Span(a.span.end, b.span.start).shifted(self.base), ", ")
                    for a, b in zip(item.names, item.names[1:], strict=False)
                )
                self._error("joint_objects", item.span, "objects are all meant: join them with a comma", fixes=(Fix("use commas", edits, True),))
        for clause in node.clauses:
            self._clause(clause)
            if modality == "never" and clause.word.text in ("keep", "within"):
                self._error("misplaced_clause", clause.word.span, f"a prohibition has no `{clause.word.text}`: say `only {clause.word.text} …` in the practice, or state a duty")
            if modality == "never" and clause.only is not None:
                self._error("misplaced_only", clause.only.span, "a prohibition has no `only`: leave out `never`, or write `unless`")
        if modality == "never" and node.only is not None:
            self._error("misplaced_only", node.only.span, "a prohibition has no `only`: leave out `never`, or write `unless`")
        self._clauses_once(node.clauses)

    def _action(
        self, name: Name, node: nodes.Statement, text: str, previous: nodes.Item | None
    ) -> Definition | None:
        if not name.text or self._lookup(name.text, ("action",), ()):
            return self._name(name, ("action",), "an action")
        # Where the sentence before ends on the same line, this is a word of it that went astray.
        if type(previous) is nodes.Practice and node.modality is None and text:
            gap = text[previous.span.end + self.base : name.span.start + self.base]
            if gap and not gap.strip(" \t") and previous.span.end <= name.span.start:
                word = closest(name.text, CLAUSES)
                if word:
                    self._error("unknown_name", name.span, f"`{name.text}` is not a word of the language; did you mean `{word}`?", fixes=(self._change(name.span, word),))
                    return None
                if self._find_anywhere(name.text):
                    left = text[previous.span.start + self.base : previous.span.end + self.base].split()[-1]
                    at = previous.span.end + self.base
                    self._error("missing_comma", name.span, f"missing `,` between `{left}` and `{name.text}`", fixes=(Fix("add `,`", (Edit(Span(at, at), ","),), True),))
                    return None
        return self._name(name, ("action",), "an action")

    def _takes(self, action: Definition) -> tuple[str, ...]:
        """The kinds that an action's object may be: as it says, else as the actions above it say."""
        todo, seen = [action], {action}
        while todo:
            each = todo.pop(0)
            if kinds := self._fields_of(each).get("takes"):
                return tuple(kinds)
            above = [parent for parent in self._parents_of(each) if parent not in seen]
            seen.update(above)
            todo += above
        return ("data",)

    def _clause(self, node: nodes.Clause) -> None:
        word = node.word.text
        spec = CLAUSES.get(word)
        if spec is None:
            return
        for item in node.items:
            for name in item.names:
                self._name(name, spec.kinds, spec.noun, place=f"`{word}`")
        for period in node.periods:
            if type(period) is nodes.Until:
                if type(period.end) is Name:
                    self._name(period.end, _GROUNDS, "an event")
                elif type(period.end) is nodes.Date and period.end.value is None:
                    self._error("invalid_value", period.end.span, "there is no such day")
            elif type(period) is nodes.While:
                self._name(period.event, _GROUNDS, "an event")
            elif type(period) is nodes.Lasting or type(period) is nodes.Quoted:
                if period.event is not None:
                    self._name(period.event, _GROUNDS, "an event")

    def _clauses_once(self, clauses: Sequence[nodes.Clause]) -> None:
        first: dict[str, nodes.Clause] = {}
        for clause in clauses:
            word = clause.word.text
            if word in first:
                related = (Related(self.path, first[word].word.span.shifted(self.base), "the first one"),)
                self._error("repeated_clause", clause.word.span, f"`{word}` twice in one sentence: list alternatives with a comma, join with `and`", related=related)
            first.setdefault(word, clause)

    # ── Fields ──────────────────────────────────────────────────────────────────────────────────

    def _fields(
        self, fields: Iterable[nodes.Field], what: str, of: str, outers: tuple[Definition, ...] = ()
    ) -> dict[str, Any]:
        """Check fields against what their kind takes; their values, with definitions for names."""
        known = fields_of(what)
        values: dict[str, Any] = {}
        first: dict[str, nodes.Field] = {}
        for each in fields:
            name = each.name.text
            if name not in known:
                guess = closest(name, known)
                fixes = (self._change(each.name.span, guess),) if guess else ()
                self._error("unknown_field", each.name.span, f"{of} has no field `{name}`{_maybe(guess)}", help=f"its fields: {', '.join(known)}", fixes=fixes)
                continue
            if name in first:
                related = (Related(self.path, first[name].name.span.shifted(self.base), "the first one"),)
                self._error("repeated_field", each.name.span, f"`{name}:` twice: list its values with a comma", related=related)
                continue
            first[name] = each
            value = self._value(each, known[name][0], outers)
            if value is not None:
                values[name] = value
            if any(type(each_value) is nodes.Etc for each_value in each.values):
                values.setdefault("open_fields", []).append(name)
        return values

    def _value(self, node: nodes.Field, takes: Takes, outers: tuple[Definition, ...]) -> Any:
        """A field's value as the model wants it, None if it is not one."""
        values = [value for value in node.values if type(value) is not nodes.Etc]
        form = takes.form
        many = form in ("text", "strings", "terms", "kinds")
        if not many:
            if len(node.values) > 1 or not values:
                self._error("invalid_value", node.values[-1].span, f"`{node.name.text}:` takes one value")
                return None
        found = []
        for value in values:
            if type(value) is Name and not value.text:
                return None
            one = self._one_value(value, takes, outers)
            if one is None:
                return None
            found.append(one)
        if form == "terms":
            return tuple(each for each in found if each is not _UNKNOWN)
        return tuple(found) if many else found[0]

    def _one_value(self, value: nodes.Value, takes: Takes, outers: tuple[Definition, ...]) -> Any:
        form = takes.form
        match value:
            case nodes.Title() if form == "text":
                return (value.text, value.language)
            case nodes.Title() if form in ("strings", "word"):
                return value.text
            case nodes.Number() | nodes.Date() if form == "strings":
                return str(value.value)
            case Name() if form == "word":
                return value.text
            case Name() if form == "choice" and value.text in takes.choices:
                return value.text
            case Name() if form == "choice":
                guess = closest(value.text, takes.choices)
                fixes = (self._change(value.span, guess),) if guess else ()
                self._error("invalid_value", value.span, f"expected one of {', '.join(takes.choices)}{_maybe(guess)}", fixes=fixes)
                return None
            case Name() if form == "terms":
                return self._name(value, takes.kinds, _nouns(takes.kinds), outers) or _UNKNOWN
            case nodes.Kind() if form == "kinds":
                return value.text
            case nodes.Flag() if form == "flag":
                return value.value
            case nodes.Date() if form == "date":
                if value.value is None:
                    self._error("invalid_value", value.span, "there is no such day")
                return value.value
            case nodes.Duration() if form == "period":
                return ("exactly", value.amount, value.unit)
            case nodes.Bound() if form == "period":
                return (value.word, value.duration.amount, value.duration.unit)
        self._error("invalid_value", value.span, f"expected {_FORMS[form]}" + (f": {_nouns(takes.kinds)}" if takes.kinds else ""))
        return None

    # ── Names ───────────────────────────────────────────────────────────────────────────────────

    def _name(
        self,
        name: Name,
        kinds: tuple[str, ...],
        noun: str,
        outers: tuple[Definition, ...] = (),
        declared: Definition | None = None,
        place: str = "",
    ) -> Definition | None:
        """Look a name up and record what it means, or report that it means nothing here."""
        if not name.text:
            return None
        text, kinds = self._without_kind(name.text, kinds)
        found = [each for each in self._lookup(text, kinds, outers, declared)]
        if len(found) == 1:
            self.here[name.span.start + self.base] = Reference(name.span.shifted(self.base), found[0])
            return found[0]
        if found:
            paths = " or ".join(f"`{path}`" for path in _distinct(found))
            related = tuple(Related(each.file, each.name_span, "one is declared here") for each in found)
            self._error("ambiguous_name", name.span, f"`{name.text}` may be {paths}: write which one", related=related)
            return None
        return self._unknown(name, text, kinds, noun, place, declared)

    @staticmethod
    def _without_kind(text: str, kinds: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """`channel.email`: a kind in front of a name says which of several is meant."""
        kind, dot, rest = text.partition(".")
        return (rest, tuple(each for each in kinds if each == kind)) if dot and kind in KINDS else (text, kinds)

    def _lookup(
        self, text: str, kinds: tuple[str, ...], outers: tuple[Definition, ...], declared: Definition | None = None
    ) -> list[Definition]:
        """What a name may mean, by the nearest scope that knows it: blocks, module, imports, core."""
        if not outers and declared is None:
            key = (text, kinds)
            if key not in self.seen:
                self.seen[key] = self._search(text, kinds, (), None)
            return self.seen[key]
        return self._search(text, kinds, outers, declared)

    def _search(
        self, text: str, kinds: tuple[str, ...], outers: tuple[Definition, ...], declared: Definition | None
    ) -> list[Definition]:
        for outer in reversed(outers):
            near = [each for each in self.module.exact.get(f"{outer.path}.{text}", ()) if each.kind in kinds]
            if near := [each for each in near if each is not declared]:
                return near
        own = [each for each in self.module.find(text, kinds) if each is not declared]
        if own or (declared is None and self.module.name == CORE):
            return own
        if self.module.is_library and text.startswith(f"{self.module.name}."):
            own = self.module.find(text[len(self.module.name) + 1 :], kinds)
            if own := [each for each in own if each is not declared]:
                return own
        imported: dict[Definition, None] = {}
        for module in self.context.modules():
            imported.update(dict.fromkeys(module.find(text, kinds)))
            if text.startswith(f"{module.name}."):
                imported.update(dict.fromkeys(module.find(text[len(module.name) + 1 :], kinds)))
        if imported:
            return list(imported)
        if (core := self.context.core) is not None:
            bare = text[len(CORE) + 1 :] if text.startswith(f"{CORE}.") else text
            return core.find(bare, kinds)
        return []

    def _unknown(
        self, name: Name, text: str, kinds: tuple[str, ...], noun: str, place: str, declared: Definition | None
    ) -> Definition | None:
        prefix = next((each for each in self._libraries() if text.startswith(f"{each}.")), None)
        imported = self.context.imported.get(prefix or "")
        if other := self._find_anywhere(text, declared):
            it = _article(other.kind)
            taker = place or "this place"
            related = (Related(other.file, other.name_span, f"declared as {it}"),)
            self._error("wrong_kind", name.span, f"`{name.text}` is {it}; {taker} takes {noun}", related=related)
            return None
        if prefix and not isinstance(imported, Module) and prefix != CORE:
            at = Span(self.first_item, self.first_item)
            fix = Fix(f"import `{prefix}`", (Edit(at, f"import {prefix}\n"),), True)
            self._error("module_not_imported", name.span, f"module `{prefix}` is not imported", fixes=(fix,))
            return None
        guess = self._guess(text, kinds)
        if prefix:
            guess = closest(text[len(prefix) + 1 :], self._module_names(prefix, kinds))
            guess = f"{prefix}.{guess}" if guess else None
        fixes = (self._change(name.span, guess),) if guess else ()
        if prefix:
            # A platform or a law may have changed, or the policy be wrong about it: a finding, and the policy compiles.
            message = f"module `{prefix}` has no {_kind_word(kinds)} `{text[len(prefix) + 1:]}`{_maybe(guess)}"
            self._add("unknown_name", Severity.WARNING, name.span, message, fixes=fixes)
            where = name.span.shifted(self.base)
            missing = Definition(
                kinds[0], text[len(prefix) + 1 :], prefix, self.path, where, where, (), None, True, is_defined=False
            )
            self.here[where.start] = Reference(where, missing)
            return missing
        help = "" if guess else f"declare it, or import the module that has it: `{_kind_word(kinds, 'data')} {name.text} \"…\"`"
        if noun == "an action":
            help = ""
        if len(kinds) == 1 or noun == "an action":
            message = f"`{name.text}` is not {noun}"
        else:
            message = f"`{name.text}` is not {noun} that is known here"
        self._error("unknown_name", name.span, f"{message}{_maybe(guess)}", help=help, fixes=fixes)
        return None

    def _libraries(self) -> list[str]:
        return sorted(self.context.library, key=len, reverse=True)

    def _module_names(self, prefix: str, kinds: tuple[str, ...]) -> list[str]:
        found = self.context.core if prefix == CORE else self.context.imported.get(prefix)
        return list(found.names(kinds)) if isinstance(found, Module) else []

    def _find_anywhere(self, text: str, declared: Definition | None = None) -> Definition | None:
        """A term of any kind that the name means."""
        found = self._search(text, KINDS, (), declared)
        return found[0] if found else None

    def _guess(self, text: str, kinds: tuple[str, ...]) -> str | None:
        """The nearest name that would fit."""
        if (text, kinds) not in self.guesses:
            scopes = [self.module, *self.context.modules(), *([self.context.core] if self.context.core else [])]
            # The own file's names first: on a tie the nearer scope wins.
            self.guesses[text, kinds] = closest(text, (name for scope in scopes for name in scope.names(kinds)))
        return self.guesses[text, kinds]

    def _fields_of(self, each: Definition) -> Mapping[str, Any]:
        if each.module == self.module.name:
            return self.fields.get(each) or self._early_fields(each)
        resolution = self.context.resolutions.get(each.module)
        return resolution.fields.get(each, {}) if resolution else {}

    def _early_fields(self, each: Definition) -> Mapping[str, Any]:
        """The `takes:` of an action that is declared further down."""
        for base, item in items(self.module.trees[each.file]) if each.file in self.module.trees else ():
            if type(item) is nodes.Declaration and item.name.span.start + base == each.name_span.start:
                for member in item.members:
                    if type(member) is nodes.Field and member.name.text == "takes":
                        return {"takes": tuple(v.text for v in member.values if type(v) is nodes.Kind)}
        return {}

    def _parents_of(self, each: Definition) -> tuple[Definition, ...]:
        if each in self.parents:
            return self.parents[each]
        resolution = self.context.resolutions.get(each.module)
        return resolution.parents.get(each, ()) if resolution else ()

    # ── Checks of the whole ─────────────────────────────────────────────────────────────────────

    def _check_duplicates(self) -> None:
        first: dict[tuple[str, str], Definition] = {}
        for each in self.module.definitions:
            key = (FAMILIES[each.kind][0], each.path)
            if key in first and each.kind != "policy":
                other = first[key]
                related = (Related(other.file, other.name_span, "declared here first"),)
                self._at(each.file, each.name_span, "duplicate_name", f"`{each.path}` is declared twice", related)
            first.setdefault(key, each)

    def _unique(self, what: str, name: Name) -> None:
        key = (what, name.text)
        where = name.span.shifted(self.base)
        if name.text and key in self.names:
            related = (Related(self.path, self.names[key], "declared here first"),)
            self._error("duplicate_name", name.span, f"{what} `{name.text}` is declared twice", related=related)
        self.names.setdefault(key, where)

    def _check_cycles(self) -> None:
        extra: dict[Definition, list[Definition]] = {}
        for term, parent in self.extensions:
            extra.setdefault(term, []).append(parent)
        state: dict[Definition, int] = {}
        for start in [*self.module.definitions, *extra]:
            if start in state:
                continue
            path: list[tuple[Definition, Iterator[Definition]]] = []

            def enter(each: Definition) -> None:
                state[each] = 1
                path.append((each, iter([*self._parents_of(each), *extra.get(each, ())])))

            enter(start)
            while path:
                at, parents = path[-1]
                parent = next(parents, None)
                if parent is None:
                    state[at] = 2
                    path.pop()
                elif parent not in state:
                    enter(parent)
                elif state[parent] == 1:
                    names = [each for each, _ in path]
                    cycle = [*names[names.index(parent) :], parent]
                    shown = " is ".join(f"`{each.path}`" for each in cycle)
                    related = tuple(Related(each.file, each.name_span, "part of the cycle") for each in cycle[1:-1])
                    self._at(at.file, at.name_span, "taxonomy_cycle", f"a term cannot be below itself: {shown}", related)
                    self.parents[at] = tuple(each for each in self._parents_of(at) if each is not parent)
                    self.extensions = [edge for edge in self.extensions if edge != (at, parent)]
                    extra[at] = [each for each in extra.get(at, ()) if each is not parent]

    def _check_extensions(self) -> None:
        """An extension may not make one earlier term cover another (a policy's own files may)."""
        if not self.extensions or not self.module.is_library:
            return
        mine: dict[Definition, list[Definition]] = {}
        for term, parent in self.extensions:
            mine.setdefault(term, []).append(parent)

        def above(start: Definition, extended: bool) -> set[Definition]:
            found, todo = {start}, [start]
            while todo:
                each = todo.pop()
                more = [*self._parents_of(each), *(mine.get(each, ()) if extended else ())]
                for parent in more:
                    if parent not in found:
                        found.add(parent)
                        todo.append(parent)
            return found

        for (term, parent), (path, span) in zip(self.extensions, self.extension_spans, strict=False):
            gained = above(term, True) - above(term, False)
            for each in gained:
                if each.module != self.module.name:
                    message = f"this puts `{term.qualified}` below `{each.qualified}`: an extension may not change what earlier terms cover"
                    self._at(path, span, "extension_changes_meaning", message, (Related(each.file, each.name_span, "declared here"),))
                    break

    # ── Reporting ───────────────────────────────────────────────────────────────────────────────

    def _error(
        self,
        rule: str,
        span: Span,
        message: str,
        *,
        related: tuple[Related, ...] = (),
        help: str = "",
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        self._add(rule, Severity.ERROR, span, message, related=related, help=help, fixes=fixes)

    def _add(
        self,
        rule: str,
        severity: Severity,
        span: Span,
        message: str,
        *,
        related: tuple[Related, ...] = (),
        help: str = "",
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        where = span.shifted(self.base)
        self.diagnostics.append(Diagnostic(rule, severity, message, self.path, where, related, help, fixes))

    def _at(self, path: str, span: Span, rule: str, message: str, related: tuple[Related, ...]) -> None:
        self.diagnostics.append(Diagnostic(rule, Severity.ERROR, message, path, span, related))

    def _change(self, span: Span, text: str) -> Fix:
        return Fix(f"change to `{text}`", (Edit(span.shifted(self.base), text),))


_UNKNOWN = object()
_FORMS = {
    "text": "a quoted text",
    "strings": "a quoted string",
    "terms": "a name",
    "date": "a date such as 2025-03-04",
    "period": "a period such as `30 days` or `under 14 years`",
    "flag": "`yes` or `no`",
    "word": "a word or a quoted string",
    "kinds": "a kind such as `data`",
    "choice": "a word",
}


def roots(resolution: Resolution) -> list[Definition]:
    """The terms that say `root: yes`: a policy's own terms of their kind are below them unless they say otherwise."""
    return [each for each, fields in resolution.fields.items() if fields.get("root")]


def _only_fields(members: Iterable[Any]) -> list[nodes.Field]:
    return [member for member in members if type(member) is nodes.Field]


def _maybe(guess: str | None) -> str:
    return f"; did you mean `{guess}`?" if guess else ""


def _article(kind: str) -> str:
    if kind == "data":
        return "data"
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _nouns(kinds: Sequence[str]) -> str:
    words = [_article(kind) for kind in kinds]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _kind_word(kinds: Sequence[str], otherwise: str = "term") -> str:
    return kinds[0] if len(kinds) == 1 else otherwise


def _distinct(found: Sequence[Definition]) -> list[str]:
    """Paths that tell definitions apart: with the module, or with the kind, where that is what differs."""
    paths = [each.qualified for each in found]
    if len(set(paths)) == len(paths):
        return paths
    return [f"{each.kind}.{each.qualified}" for each in found]
