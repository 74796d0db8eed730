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
    loose: dict[str, dict[Definition, None]] = {}
    for each in definitions:
        # Of two that are declared alike, which is an error, the first one is meant.
        if any(other.kind == each.kind for other in exact.setdefault(each.path, [])):
            continue
        exact[each.path].append(each)
        rest = each.path.partition(".")[2]
        while rest:
            loose.setdefault(rest, {})[each] = None
            rest = rest.partition(".")[2]
    for word, each in aliases:
        alias = unicodedata.normalize("NFC", word)
        if alias.isidentifier() and alias != each.path:
            loose.setdefault(alias, {})[each] = None
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
    stack = [(0, iter(tree.items))]
    while stack:
        base, placed = stack[-1]
        item = next(placed, None)
        if item is None:
            stack.pop()
            continue
        yield base + item.start, item.node
        if type(item.node) is nodes.Section:
            stack.append((base + item.start, iter(item.node.items)))


def file_stem(path: str) -> str:
    """What stands in front of a file's names, as a library module's name in front of the module's."""
    return path.rpartition("/")[2].removesuffix(".policy")


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
    # What a sentence's action may be done to is known when all that is declared is.
    for file, tree in module.trees.items():
        resolver.declarations(file, tree)
    for file, tree in module.trees.items():
        resolver.sentences(file, tree)
    return resolver.finish()


class _Resolver:
    def __init__(self, module: Module, context: Context) -> None:
        self.module = module
        self.context = context
        self.path = ""
        self.text = ""
        self.diagnostics: list[Diagnostic] = []
        self.references: dict[str, dict[int, Reference]] = {}
        self.here: dict[int, Reference] = {}
        self.parents: dict[Definition, tuple[Definition, ...]] = {}
        self.fields: dict[Definition, dict[str, Any]] = {}
        self.extensions: dict[tuple[Definition, Definition], tuple[str, Span]] = {}
        self.roots = roots(context.resolutions[CORE]) if CORE in context.resolutions else []
        self.by_span = {(each.file, each.name_span.start): each for each in module.definitions}
        self.seen: dict[tuple[str, tuple[str, ...]], list[Definition]] = {}
        self.guesses: dict[tuple[str, tuple[str, ...]], str | None] = {}
        self.base = 0
        self.policy: Definition | None = None
        self.names: dict[tuple[str, str], Span] = {}
        self.imported: dict[str, str] = {}
        self.first_item = 0

    def _open(self, path: str, tree: Tree) -> None:
        self.path = path
        self.text = tree.text
        self.here = self.references.setdefault(path, {})
        self.first_item = tree.items[0].start + tree.items[0].node.span.start if tree.items else 0

    def declarations(self, path: str, tree: Tree) -> None:
        self._open(path, tree)
        for self.base, item in items(tree):
            if type(item) is nodes.Declaration:
                self._declaration(item, item.kind.text, ())

    def sentences(self, path: str, tree: Tree) -> None:
        self._open(path, tree)
        previous: nodes.Item | None = None
        last = 0
        for self.base, item in items(tree):
            if self.base != last:
                previous, last = None, self.base
            match item:
                case nodes.Extend():
                    self._extend(item)
                case nodes.Import():
                    self._import(item)
                case nodes.Practice():
                    self._statement(item.statement, previous)
                    self._fields(item.fields, "practice", "a practice")
                case nodes.Prose():
                    self._fields(item.fields, "prose", "prose")
                case nodes.Section():
                    self._fields(item.fields, "section", "a section")
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
                "invalid_name",
                node.name.span,
                f"`{node.name.text}` has a dot: a name is declared inside of what it is part of",
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
        found = [
            self._name(each, FAMILIES[kind], _article(kind), outers, made) for each in node.parents if kind != "policy"
        ]
        parents = [each for each in found if each is not None]
        if outers:
            parents.insert(0, outers[-1])
        elif not node.parents and not self.module.is_library:
            parents += self._default_parents(made)
        self.parents[made] = tuple(dict.fromkeys(parents))
        values = self._fields(_only_fields(node.members), kind, _article(kind), (*outers, made))
        self.fields[made] = {**_inherited(self.fields.get(outers[-1], {}), values), **values} if outers else values
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
        return [each for each in self.roots if each.kind == made.kind]

    def _extend(self, node: nodes.Extend) -> None:
        kind = node.kind.text
        term = self._name(node.name, (kind,), _article(kind))
        for each in node.parents:
            parent = self._name(each, FAMILIES[kind], _article(kind))
            if term is None or parent is None:
                continue
            if term.module == self.module.name and term.is_defined:
                self._error(
                    "extends_own_term",
                    node.name.span,
                    f"`{term.path}` is this module's own: give it the parent where it is declared",
                )
            elif parent.module != self.module.name:
                self._error(
                    "extends_under_foreign_term",
                    each.span,
                    f"`{parent.path}` is not this module's own, so no term of another can be put below it",
                )
            else:
                self.extensions.setdefault((term, parent), (self.path, each.span.shifted(self.base)))

    def _import(self, node: nodes.Import) -> None:
        for each in node.modules:
            key = import_key(self.path, each)
            found = self.context.imported.get(key)
            if not each.text:
                if each.span.start < each.span.end:
                    self._error("missing_module", each.span, "expected the path of a file")
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
        if "." in node.name.text:
            self._error("invalid_name", node.name.span, f"`{node.name.text}` has a dot: a rule's name is one word")
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
        self._name(node.name, (node.kind.text,), _article(node.kind.text))

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
                    self._error(
                        "misplaced_word", clause.word.span, f"a question names an act: it has no `{clause.word.text}`"
                    )
            for only in (statement.only, *(clause.only for clause in statement.clauses)):
                if only is not None:
                    self._error("misplaced_only", only.span, "a question names an act: it has no `only`")
            self._statement(statement)

    # ── Sentences ───────────────────────────────────────────────────────────────────────────────

    def _statement(self, node: nodes.Statement, previous: nodes.Item | None = None) -> None:
        actions = [self._action(action, node, previous) for action in node.actions]
        kinds = [kind for action in actions if action is not None for kind in self._takes(action)]
        modality = node.modality.text if node.modality else ""
        if "or" in node.joins:
            if modality not in ("must", "should"):
                self._error(
                    "misplaced_or",
                    node.actions[1].span,
                    "`or` leaves a choice, so it is for duties: `must a or b`; a comma lists what is all meant",
                )
            elif "," in node.joins:
                self._error(
                    "misplaced_or", node.actions[1].span, "`,` and `or` between the same actions: write two sentences"
                )
        # After an unknown action anything may stand; only wholly unknown names are reported then.
        is_known = None not in actions
        takes = tuple(dict.fromkeys(kinds)) if is_known else tuple(kind for kind in KINDS if kind != "action")
        noun = _nouns(takes) if is_known else "a term"
        for item in node.objects:
            for name in item.names:
                if is_known or not self._find_anywhere(name.text):
                    self._name(name, takes, noun)
            if len(item.names) > 1:
                edits = tuple(
                    Edit(Span(a.span.end, b.span.start).shifted(self.base), ", ")
                    for a, b in zip(item.names, item.names[1:], strict=False)
                )
                lost = any("#" in self.text[edit.span.start : edit.span.end] for edit in edits)
                fixes = () if lost else (Fix("use commas", edits, True),)
                self._error("joint_objects", item.span, "objects are all meant: join them with a comma", fixes=fixes)
        for clause in node.clauses:
            self._clause(clause)
            if modality == "never" and clause.word.text in ("keep", "within"):
                self._error(
                    "misplaced_clause",
                    clause.word.span,
                    f"a prohibition has no `{clause.word.text}`: "
                    f"say `only {clause.word.text} …` in the practice, or state a duty",
                )
            if modality == "never" and clause.only is not None:
                self._error(
                    "misplaced_only",
                    clause.only.span,
                    "a prohibition has no `only`: leave out `never`, or write `unless`",
                )
        if modality == "never" and node.only is not None:
            self._error(
                "misplaced_only", node.only.span, "a prohibition has no `only`: leave out `never`, or write `unless`"
            )
        self._clauses_once(node.clauses)

    def _action(self, name: Name, node: nodes.Statement, previous: nodes.Item | None) -> Definition | None:
        if not name.text or self._lookup(name.text, ("action",), ()):
            return self._name(name, ("action",), "an action")
        # Where the sentence before ends on the same line, this is a word of it that went astray.
        if type(previous) is nodes.Practice and node.modality is None:
            gap = self.text[previous.span.end + self.base : name.span.start + self.base]
            if gap and not gap.strip(" \t") and previous.span.end <= name.span.start:
                word = closest(name.text, CLAUSES)
                if word:
                    self._error(
                        "unknown_name",
                        name.span,
                        f"`{name.text}` is not a word of the language; did you mean `{word}`?",
                        fixes=(self._change(name.span, word),),
                    )
                    return None
                if self._find_anywhere(name.text):
                    left = self.text[previous.span.start + self.base : previous.span.end + self.base].split()[-1]
                    at = previous.span.end + self.base
                    self._error(
                        "missing_comma",
                        name.span,
                        f"missing `,` between `{left}` and `{name.text}`",
                        fixes=(Fix("add `,`", (Edit(Span(at, at), ","),), True),),
                    )
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
                self._error(
                    "repeated_clause",
                    clause.word.span,
                    f"`{word}` twice in one sentence: list alternatives with a comma, join with `and`",
                    related=related,
                )
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
                self._error(
                    "unknown_field",
                    each.name.span,
                    f"{of} has no field `{name}`{_maybe(guess)}",
                    help=f"its fields: {', '.join(known)}",
                    fixes=fixes,
                )
                continue
            if name in first:
                related = (Related(self.path, first[name].name.span.shifted(self.base), "the first one"),)
                self._error(
                    "repeated_field", each.name.span, f"`{name}:` twice: list its values with a comma", related=related
                )
                continue
            first[name] = each
            value = self._value(each, known[name][0], outers)
            if value is not None:
                values[name] = value
            if any(type(each_value) is nodes.Etc for each_value in each.values):
                values["open_fields"] = (*values.get("open_fields", ()), name)
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
            case nodes.Date() if value.value is None:
                self._error("invalid_value", value.span, "there is no such day")
                return None
            case nodes.Number() | nodes.Date() if form == "strings":
                # As it is written: a number may begin or end with a zero.
                return self.text[value.span.start + self.base : value.span.end + self.base]
            case Name() if form == "word":
                return value.text
            case Name() if form == "choice" and value.text in takes.choices:
                return value.text
            case Name() if form == "choice":
                guess = closest(value.text, takes.choices)
                fixes = (self._change(value.span, guess),) if guess else ()
                self._error(
                    "invalid_value",
                    value.span,
                    f"expected one of {', '.join(takes.choices)}{_maybe(guess)}",
                    fixes=fixes,
                )
                return None
            case Name() if form == "terms":
                return self._name(value, takes.kinds, _nouns(takes.kinds), outers) or _UNKNOWN
            case nodes.Kind() if form == "kinds":
                return value.text
            case nodes.Flag() if form == "flag":
                return value.value
            case nodes.Date() if form == "date":
                return value.value
            case nodes.Duration() if form == "period":
                return ("exactly", value.amount, value.unit)
            case nodes.Bound() if form == "period":
                return (value.word, value.duration.amount, value.duration.unit)
        self._error(
            "invalid_value",
            value.span,
            f"expected {_FORMS[form]}" + (f": {_nouns(takes.kinds)}" if takes.kinds else ""),
        )
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
        text, admitted = self._without_kind(name.text, kinds)
        if not admitted:
            it = _article(name.text.partition(".")[0])
            self._error("wrong_kind", name.span, f"`{name.text}` is {it}; {place or 'this place'} takes {noun}")
            return None
        found = self._lookup(text, admitted, outers, declared)
        if len(found) == 1:
            self.here[name.span.start + self.base] = Reference(name.span.shifted(self.base), found[0])
            return found[0]
        if found:
            paths = " or ".join(f"`{path}`" for path in self._distinct(found[:_MAX_LISTED]))
            more = " or another" if len(found) > _MAX_LISTED else ""
            related = tuple(Related(each.file, each.name_span, "one is declared here") for each in found[:_MAX_LISTED])
            self._error(
                "ambiguous_name", name.span, f"`{name.text}` may be {paths}{more}: write which one", related=related
            )
            return None
        return self._unknown(name, text, admitted, noun, place, declared)

    def _distinct(self, found: Sequence[Definition]) -> list[str]:
        """Paths that tell definitions apart: with the module, and with the kind where that is what differs."""
        paths = [self._path(each) for each in found]
        if len(set(paths)) < len(paths):
            paths = [f"{each.kind}.{path}" for each, path in zip(found, paths, strict=True)]
        return paths

    def _path(self, each: Definition) -> str:
        """A definition's path as one writes it here."""
        is_other_file = not each.is_library and each.module != self.module.name
        return f"{file_stem(each.file)}.{each.path}" if is_other_file else each.qualified

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
        if declared is not None and text in (declared.name, declared.path):
            self._error("taxonomy_cycle", name.span, f"a term cannot be below itself: `{text}` is `{text}`")
            return None
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
        fixes = (self._change(name.span, guess),) if guess else ()
        if prefix:
            # A platform or a law may have changed, or the policy be wrong about it: a finding, and the policy compiles.
            message = f"module `{prefix}` has no {_kind_word(kinds)} `{text[len(prefix) + 1 :]}`{_maybe(guess)}"
            self._add("unknown_name", Severity.WARNING, name.span, message, fixes=fixes)
            where = name.span.shifted(self.base)
            missing = Definition(
                kinds[0], text[len(prefix) + 1 :], prefix, self.path, where, where, (), None, True, is_defined=False
            )
            self.here[where.start] = Reference(where, missing)
            return missing
        help = (
            ""
            if guess
            else f'declare it, or import the module that has it: `{_kind_word(kinds, "data")} {name.text} "…"`'
        )
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

    def _find_anywhere(self, text: str, declared: Definition | None = None) -> Definition | None:
        """A term of any kind that the name means."""
        found = self._search(text, KINDS, (), declared)
        return found[0] if found else None

    def _guess(self, text: str, kinds: tuple[str, ...]) -> str | None:
        """The nearest name that would fit."""
        if (text, kinds) not in self.guesses:
            if len(self.guesses) >= _MAX_GUESSES:
                return None
            scopes = [self.module, *self.context.modules(), *([self.context.core] if self.context.core else [])]
            inside = [scope for scope in scopes[1:] if text.startswith(f"{scope.name}.")]
            front = f"{inside[0].name}." if inside else ""
            # The own file's names first: on a tie the nearer scope wins.
            names = (name for scope in inside[:1] or scopes for name in scope.names(kinds))
            found = closest(text[len(front) :], names)
            self.guesses[text, kinds] = f"{front}{found}" if found else None
        return self.guesses[text, kinds]

    def _fields_of(self, each: Definition) -> Mapping[str, Any]:
        if each.module == self.module.name:
            return self.fields.get(each, {})
        resolution = self.context.resolutions.get(each.module)
        return resolution.fields.get(each, {}) if resolution else {}

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
        done: dict[Definition, bool] = {}
        path: list[tuple[Definition, Iterator[Definition]]] = []

        def enter(each: Definition) -> None:
            done[each] = False
            path.append((each, iter([*self._parents_of(each), *extra.get(each, ())])))

        # Depth first without recursion: taxonomies may be deep.
        for start in [*self.module.definitions, *extra]:
            if start not in done:
                enter(start)
            while path:
                at, parents = path[-1]
                above = next(parents, None)
                if above is None:
                    done[at] = True
                    path.pop()
                elif above not in done:
                    enter(above)
                elif not done[above]:
                    names = [each for each, _ in path]
                    self._report_cycle(names[names.index(above) :])
                    self.parents[at] = tuple(each for each in self._parents_of(at) if each is not above)
                    self.extensions.pop((at, above), None)

    def _report_cycle(self, cycle: list[Definition]) -> None:
        """Report that each of these is directly below the next, and the last below the first."""
        shown = [f"`{each.path}`" for each in cycle]
        if len(shown) > 2 * _MAX_LISTED:
            shown[_MAX_LISTED:-_MAX_LISTED] = ["…"]
        message = f"a term cannot be below itself: {' is '.join([*shown, shown[0]])}"
        related = tuple(Related(each.file, each.name_span, "part of the cycle") for each in cycle[: 2 * _MAX_LISTED])
        extended = [edge for edge in zip(cycle, [*cycle[1:], cycle[0]], strict=True) if edge in self.extensions]
        path, span = self.extensions[extended[0]] if extended else (cycle[-1].file, cycle[-1].name_span)
        elsewhere = tuple(each for each in related if (each.path, each.span) != (path, span))
        self._at(path, span, "taxonomy_cycle", message, elsewhere)

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

        for (term, parent), (path, span) in self.extensions.items():
            gained = [each for each in above(parent, True) - above(term, False) if each.module != self.module.name]
            if gained:
                each = min(gained, key=lambda each: each.qualified)
                change = f"this puts `{term.qualified}` below `{each.qualified}`"
                message = f"{change}: an extension may not change what earlier terms cover"
                related = (Related(each.file, each.name_span, "declared here"),)
                self._at(path, span, "extension_changes_meaning", message, related)

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


# Fields that are about one term alone, so that what is inside of it does not have them too.
_OWN_ONLY = ("alias", "definition", "note", "root", "dpv", "fideslang", "source")
_UNKNOWN = object()
# How many are listed in a message, and for how many unknown names of a module a like one is looked for.
_MAX_LISTED = 4
_MAX_GUESSES = 100
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


def _inherited(outer: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a term has from the one around it."""
    inherited = outer.keys() - own.keys() - {*_OWN_ONLY, "open_fields"}
    found = {name: value for name, value in outer.items() if name in inherited}
    if open_fields := (*(name for name in outer.get("open_fields", ()) if name in found), *own.get("open_fields", ())):
        found["open_fields"] = open_fields
    return found


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
