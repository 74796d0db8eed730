"""A module's names → definitions: declarations and what they are below, extensions, imports, sentences.

`resolve` is pure: it takes a module and those that it imports. What a name means is kept beside the tree, by the offset
at which it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from policyspec.diagnostic import Related, Severity
from policyspec.fields import Fields, inherited
from policyspec.findings import MAX_LISTED, Findings
from policyspec.kinds import FAMILIES, KINDS, article, fields_of
from policyspec.memory import uncollected
from policyspec.names import Block
from policyspec.references import Place, References
from policyspec.scope import (
    CORE,
    SUFFIX,
    Context,
    Definition,
    Kept,
    Module,
    Reference,
    Renewed,
    Resolution,
    Said,
    file_stem,
    import_key,
    index,
    items,
    module_of,
    renewed_all,
    roots,
)
from policyspec.sentences import Sentences
from policyspec.source import Span
from policyspec.suggest import closest
from policyspec.syntax import grammar, nodes
from policyspec.syntax.nodes import Name
from policyspec.syntax.parser import Tree
from policyspec.taxonomy import changed_meanings, cycles, is_outside, nearest

__all__ = [
    "CORE", "Context", "Definition", "Module", "Reference", "Resolution", "file_stem", "import_key", "index", "items",
    "module_of", "resolve", "roots",
]  # fmt: skip


@uncollected
def resolve(module: Module, context: Context, before: Resolution | None = None) -> Resolution:
    """Look up every name of a module. Never raises, whatever the trees are.

    With the resolution `before` an edit it is the same, and sooner there.
    """
    resolver = _Resolver(module, context, before)
    # What a sentence's action may be done to is known when all that is declared is.
    for file, tree in module.trees.items():
        resolver.declarations(file, tree)
    resolver.declared()
    for file, tree in module.trees.items():
        resolver.others(file, tree)
    return resolver.finish()


class _Resolver:
    def __init__(self, module: Module, context: Context, before: Resolution | None) -> None:
        self.module = module
        self.context = context
        self.found = Findings()
        self.values: dict[Definition, dict[str, Any]] = {}
        self.references = References(module, context, self.found, self._above)
        self.fields = Fields(self.found, self.references, module.is_library)
        self.sentences = Sentences(self.found, self.references, self._takes)
        self.parents: dict[Definition, tuple[Definition, ...]] = {}
        self.extensions: dict[tuple[Definition, Definition], tuple[str, Span]] = {}
        self.roots = roots(context.resolutions[CORE]) if CORE in context.resolutions else []
        self.by_place = {(each.file, each.name_span.start): each for each in module.definitions}
        self.policy: Definition | None = None
        self.rules: dict[str, tuple[Related, ...]] = {}
        self.imported: set[str] = set()
        self._report, self._at = self.found.report, self.found.at
        # What is known from before an edit, if names mean the same still; and what is kept for the next one.
        renewed = renewed_all(before, module, context) if before is not None else None
        self.before = before.kept if before is not None and renewed is not None else None
        self.renewed = renewed or {}
        self.said: dict[int, Said] = {}
        self.takes: Sequence[tuple[str, ...]] = ()

    def declarations(self, path: str, tree: Tree) -> None:
        self.found.begin(path, tree)
        for self.found.base, item in items(tree):
            if type(item) is nodes.Declaration:
                self._declared(item)

    def declared(self) -> None:
        """What actions are done to is known now. If that is not as it was, sentences may be wrong that were not."""
        modules = [self.module, *(each.module for each in self.context.resolutions.values())]
        own = [each for module in modules if not module.is_library for each in module.definitions]
        self.takes = [self._takes(each) for each in own if each.kind == "action"]
        if self.before is not None and self.before.takes != self.takes:
            self.before = None

    def others(self, path: str, tree: Tree) -> None:
        self.found.begin(path, tree)
        previous: nodes.Item | None = None
        last = 0
        for base, item in items(tree):
            if base != last:
                previous, last = None, base
            self.found.base = base
            self._item(item, previous)
            previous = item

    def _item(self, item: nodes.Item, previous: nodes.Item | None) -> None:
        match item:
            case nodes.Extend():
                self._extend(item)
            case nodes.Import():
                self._import(item)
            case nodes.Practice():
                if type(previous) is nodes.Practice:
                    self._practice(item, previous)
                else:
                    self._once(item, lambda: self._practice(item, previous))
            case nodes.Prose():
                self._once(item, lambda: self.fields.read(item.fields, "prose", "prose"))
            case nodes.Section():
                # The section is another one as soon as what is in it is, but not its fields.
                self._once(item.fields, lambda: self.fields.read(item.fields, "section", "a section"))
                self._no_imports(item)
            case nodes.Rule():
                self._rule(item)
            case nodes.Test():
                self._once(item, lambda: self._test(item))

    def _practice(self, node: nodes.Practice, previous: nodes.Item | None) -> None:
        self.sentences.read(node.statement, previous)
        self.fields.read(node.fields, "practice", "a practice")

    def finish(self) -> Resolution:
        self._check_duplicates()
        self._check_cycles()
        self._check_extensions()
        return Resolution(
            self.module,
            self.found.finish(),
            self.found.references,
            self.parents,
            self.values,
            tuple(self.extensions),
            self.found.explained,
            None if self.module.is_library else Kept(self.context, self.takes, self.said),
        )

    # ── What an edit leaves as it was ───────────────────────────────────────────────────────────

    def _once(self, node: Any, look: Callable[[], Any]) -> None:
        """Look at what stands by itself, unless it is known from before the edit; keep it if nothing is wrong."""
        if not node or self._again(node):
            return
        self.found.begin_item()
        look()
        if (found := self.found.end_item()) is not None:
            self.said[id(node)] = Said(node, self.found.base, *found)

    def _declared(self, node: nodes.Declaration) -> None:
        """The same for a declaration, with those inside of it."""
        made = self.by_place.get((self.found.path, node.name.span.start + self.found.base))
        # What a policy says of itself depends on whether it is the file's first one.
        if made is None or made.kind == "policy" or not self._again(node, made):
            self.found.begin_item()
            known = len(self.values)
            self._declaration(node, node.kind.text, ())
            terms = [(each, self.parents[each], self.values[each]) for each in islice(self.values, known, None)]
            if (found := self.found.end_item()) is not None and terms and terms[0][0] is made:
                self.said[id(node)] = Said(node, self.found.base, *found, terms)

    def _again(self, node: Any, made: Definition | None = None) -> bool:
        """What was found in a node before the edit, found again; False where that is not known.

        Of two declarations that are written alike each makes a term of its own: it has to have `made` this one.
        """
        said = self.before.said.get(id(node)) if self.before is not None else None
        if said is None or any(map(self.found.is_explained, said.asked)):
            return False
        if made is not None and self.renewed.get(said.terms[0][0], said.terms[0][0]) is not made:
            return False
        if self.renewed or said.base != self.found.base:
            said = self._moved(said)
        self.found.references[self.found.path].update(said.references)
        for each, parents, values in said.terms:
            self.parents[each], self.values[each] = parents, values
        self.said[id(node)] = said
        return True

    def _moved(self, said: Said) -> Said:
        by, new = self.found.base - said.base, self.renewed
        references = {
            at + by: Reference(each.span.shifted(by), new.get(each.definition, each.definition))
            for at, each in said.references.items()
        }
        terms = [
            (
                new.get(each, each),
                tuple(new.get(parent, parent) for parent in parents),
                {name: _renewed(value, new) for name, value in values.items()} if new else values,
            )
            for each, parents, values in said.terms
        ]
        return Said(said.node, self.found.base, references, said.asked, terms)

    # ── Declarations ────────────────────────────────────────────────────────────────────────────

    def _declaration(self, node: nodes.Declaration, kind: str, outers: tuple[Definition, ...]) -> None:
        made = self.by_place.get((self.found.path, node.name.span.start + self.found.base))
        if made is None:
            return
        self._check_name(node.name)
        if kind == "policy":
            self._policy(node, made)
        self.found.refer(node.name.span, made)
        self.parents[made] = self._parents(node, made, outers)
        values = self.fields.read(_fields(node.members), kind, article(kind), Block((*outers, made)))
        self.values[made] = inherited(self.values.get(outers[-1], {}), values) if outers else values
        for member in node.members:
            if type(member) is nodes.Declaration:
                self._check_colon(member, kind)
                self._declaration(member, kind, (*outers, made))

    def _check_colon(self, child: nodes.Declaration, kind: str) -> None:
        """A child that has a field's name, and nothing but what the field may have."""
        name = child.name
        if child.parents or child.members or name.text not in fields_of(kind):
            return
        message = f"`{name.text}` is a field: write `{name.text}: …`"
        has_value = len(child.titles) == 1 or self.found.ahead(name.span.end)[:2].strip().isidentifier()
        fixes = (self.found.add_behind(name.span, ":"),) if has_value else ()
        help = f"for a term of this name, say what it is: `{name.text} is …`"
        self._report("missing_colon", name.span, message, help=help, fixes=fixes)

    def _check_name(self, name: Name) -> None:
        if "." in name.text:
            message = f"`{name.text}` has a dot: a name is declared inside of what it is part of"
            self._report("invalid_name", name.span, message)
        if name.text in KINDS or name.text == CORE:
            self._report("invalid_name", name.span, f"`{name.text}` is a name of the language's own")

    def _policy(self, node: nodes.Declaration, made: Definition) -> None:
        if made.outer is not None and node.name.text in fields_of("policy"):
            return
        if made.outer is not None:
            message = "a policy has no parts; put what it has into sections"
            self._report("misplaced_policy", node.name.span, message)
        elif self.policy is not None:
            related = (Related(self.policy.file, self.policy.name_span, "the first one"),)
            self._report("duplicate_policy", node.name.span, "a file has one policy", related=related)
        else:
            self.policy = made
        if node.parents:
            self._report("misplaced_policy", node.parents[0].span, "a policy is not below another term")

    def _parents(
        self, node: nodes.Declaration, made: Definition, outers: tuple[Definition, ...]
    ) -> tuple[Definition, ...]:
        found = [*outers[-1:]]
        if not outers and not node.parents and not self.module.is_library:
            found += self._default_parents(made)
        place = Place(FAMILIES[made.kind], article(made.kind), block=Block(outers, made))
        for each in node.parents if made.kind != "policy" else ():
            parent = self.references.name(each, place)
            if parent is not None:
                self._check_closed(made, parent, each.span)
                found.append(parent)
        return tuple(dict.fromkeys(found))

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
        term = self.references.name(node.name, Place((kind,), article(kind)))
        for each in node.parents:
            parent = self.references.name(each, Place(FAMILIES[kind], article(kind)))
            if term is None or parent is None:
                continue
            if term.module == self.module.name and term.is_defined:
                message = f"`{term.path}` is this module's own: give it the parent where it is declared"
                self._report("extends_own_term", node.name.span, message)
            elif parent.module != self.module.name:
                message = f"`{parent.path}` is not this module's own, so no term of another can be put below it"
                self._report("extends_under_foreign_term", each.span, message)
            else:
                self._check_closed(term, parent, each.span)
                self.extensions.setdefault((term, parent), (self.found.path, self.found.place(each.span)))

    def _check_closed(self, term: Definition, parent: Definition, span: Span) -> None:
        resolution = self.context.resolutions.get(parent.module)
        home = self.module if parent.module == self.module.name else resolution.module if resolution else None
        if home is not None and is_outside(term, parent, home.members):
            message = f"`{parent.path}` is exactly what is declared in its braces; declare `{term.name}` there"
            related = (Related(parent.file, parent.name_span, "declared here"),)
            self._report("closed_exception", span, message, related=related)

    # ── Imports ─────────────────────────────────────────────────────────────────────────────────

    def _import(self, node: nodes.Import) -> None:
        for each in node.modules:
            if each.text:
                self._module(each)
            elif each.span.start < each.span.end:
                self._report("missing_module", each.span, "expected the path of a file")

    def _module(self, name: Name | nodes.Title) -> None:
        key = import_key(self.found.path, name)
        if key in self.imported:
            message = f"`{name.text}` is imported twice"
            self._report("repeated_import", name.span, message, severity=Severity.WARNING)
        self.imported.add(key)
        imported = self.context.imported.get(key)
        if type(name) is Name and name.text.endswith(SUFFIX):
            self._missing(name, "a file's path stands in quotation marks", f'"{name.text}"')
        elif type(name) is nodes.Title and name.text in self.context.library:
            self._missing(name, "a library module's name stands without quotation marks", name.text)
        elif isinstance(imported, Module):
            self._check_file_name(name)
        else:
            guess = closest(name.text, self.context.library) if type(name) is Name else self.context.instead.get(key)
            message = imported or f"no module `{name.text}`"
            written = guess if type(name) is Name or not guess else f'"{guess}"'
            self._missing(name, f"{message}; did you mean `{guess}`?" if guess else message, written)

    def _missing(self, name: Name | nodes.Title, message: str, written: str | None) -> None:
        fixes = (self.found.change(name.span, written),) if written else ()
        self._report("missing_module", name.span, message, fixes=fixes)

    def _check_file_name(self, name: Name | nodes.Title) -> None:
        """A file's terms may be written with its name in front, if that is one."""
        if type(name) is Name:
            return
        stem = file_stem(name.text)
        if stem in self.context.library:
            message = f"`{stem}` is a module of the library, so the terms here cannot be written as `{stem}.…`"
        elif not stem.isidentifier() or stem in grammar.load().words:
            message = f"`{stem}` is not a name, so the terms here cannot be written as `{stem}.…`"
        else:
            return
        self._report("file_name", name.span, f"{message}: rename the file", severity=Severity.WARNING)

    def _no_imports(self, node: nodes.Section) -> None:
        for placed in node.items:
            if type(placed.node) is nodes.Import:
                span = placed.node.span.shifted(placed.start)
                self._report("misplaced_import", span, "an import stands outside of sections")

    # ── Rules and tests ─────────────────────────────────────────────────────────────────────────

    def _rule(self, node: nodes.Rule) -> None:
        self._check_rule_name(node.name)
        self._once(node, lambda: self._demand(node))

    def _demand(self, node: nodes.Rule) -> None:
        self.fields.read(_fields(node.members), "rule", "a rule")
        judgements = [member for member in node.members if type(member) is nodes.Judgement]
        if not judgements:
            self._report(
                "empty_rule", node.name.span, "a rule needs a judgement: `every … needs …`, `no …` or `some …`"
            )
        for judgement in judgements:
            pattern = judgement.pattern
            if type(pattern) is nodes.Existence:
                self._existence(pattern)
            elif type(pattern) is nodes.Statement:
                self.sentences.read(pattern)
            for need in judgement.needs:
                self.sentences.clause(need, frozenset(each.word.text for each in judgement.needs))
            self.sentences.once(judgement.needs)
            if judgement.existence is not None:
                self._existence(judgement.existence)

    def _check_rule_name(self, name: Name) -> None:
        if name.text in self.rules:
            message = f"rule `{name.text}` is declared twice"
            self._report("duplicate_name", name.span, message, related=self.rules[name.text])
        if name.text:
            self.rules.setdefault(name.text, self.found.first(name.span, "declared here first"))
        if "." in name.text:
            self._report("invalid_name", name.span, f"`{name.text}` has a dot: a rule's name is one word")

    def _existence(self, node: nodes.Existence) -> None:
        self.references.name(node.name, Place((node.kind.text,), article(node.kind.text)))

    def _test(self, node: nodes.Test) -> None:
        self.fields.read(_fields(node.members), "test", "a test")
        questions = [member for member in node.members if type(member) is nodes.Question]
        if not questions:
            where = node.titles[0].span if node.titles else node.span
            self._report("empty_test", where, "a test needs a question: `allows …`, `forbids …` or `undeclared …`")
        for question in questions:
            self._question(question.pattern)
            self.sentences.read(question.pattern)

    def _question(self, statement: nodes.Statement) -> None:
        """A question names an act, and has none of the words that say more than that."""
        if statement.modality is not None:
            self._report("misplaced_word", statement.modality.span, "a question names an act: it has no modality")
        for word in (clause.word for clause in statement.clauses):
            if word.text in ("unless", "without"):
                self._report("misplaced_word", word.span, f"a question names an act: it has no `{word.text}`")
        for only in (statement.only, *(clause.only for clause in statement.clauses)):
            if only is not None:
                self._report("misplaced_only", only.span, "a question names an act: it has no `only`")

    # ── The taxonomy ────────────────────────────────────────────────────────────────────────────

    def _above(self, each: Definition) -> tuple[Definition, ...]:
        """The terms directly above one, but for what this module's extensions add."""
        if each in self.parents:
            return self.parents[each]
        resolution = self.context.resolutions.get(each.module)
        return resolution.parents.get(each, ()) if resolution else ()

    def _values(self, each: Definition) -> Mapping[str, Any]:
        if each.module == self.module.name:
            return self.values.get(each, {})
        resolution = self.context.resolutions.get(each.module)
        return resolution.fields.get(each, {}) if resolution else {}

    def _takes(self, action: Definition) -> tuple[str, ...]:
        """The kinds that an action's object may be: as it says, else as the actions above it say."""
        return nearest(action, self._above, lambda each: self._values(each).get("takes")) or ("data",)

    def _check_duplicates(self) -> None:
        first: dict[tuple[str, str], Definition] = {}
        for each in self.module.definitions:
            key = (FAMILIES[each.kind][0], each.path)
            if key in first and each.kind != "policy":
                related = (Related(first[key].file, first[key].name_span, "declared here first"),)
                self._at(each.file, each.name_span, "duplicate_name", f"`{each.path}` is declared twice", related)
            first.setdefault(key, each)

    def _check_cycles(self) -> None:
        extra: dict[Definition, list[Definition]] = {}
        for term, parent in self.extensions:
            extra.setdefault(term, []).append(parent)
        starts = [*self.module.definitions, *extra]
        for cycle in cycles(starts, lambda each: (*self._above(each), *extra.get(each, ()))):
            self._report_cycle(cycle)
            term, parent = cycle[-1], cycle[0]
            self.parents[term] = tuple(each for each in self._above(term) if each is not parent)
            self.extensions.pop((term, parent), None)

    def _report_cycle(self, cycle: list[Definition]) -> None:
        """Report that each of these is directly below the next, and the last below the first."""
        shown = [f"`{each.path}`" for each in cycle]
        if len(shown) > 2 * MAX_LISTED:
            shown[MAX_LISTED:-MAX_LISTED] = ["…"]
        message = f"a term cannot be below itself: {' is '.join([*shown, shown[0]])}"
        related = tuple(Related(each.file, each.name_span, "part of the cycle") for each in cycle[: 2 * MAX_LISTED])
        extended = [edge for edge in zip(cycle, [*cycle[1:], cycle[0]], strict=True) if edge in self.extensions]
        path, span = self.extensions[extended[0]] if extended else (cycle[-1].file, cycle[-1].name_span)
        elsewhere = tuple(each for each in related if (each.path, each.span) != (path, span))
        self._at(path, span, "taxonomy_cycle", message, elsewhere)

    def _check_extensions(self) -> None:
        """An extension may not make one earlier term cover another (a policy's own files may)."""
        if not self.module.is_library:
            return
        for (term, parent), covering in changed_meanings(self.extensions, self._above, self.module.name):
            path, span = self.extensions[term, parent]
            change = f"this puts `{term.qualified}` below `{covering.qualified}`"
            message = f"{change}: an extension may not change what earlier terms cover"
            related = (Related(covering.file, covering.name_span, "declared here"),)
            self._at(path, span, "extension_changes_meaning", message, related)


def _renewed(value: Any, new: Renewed) -> Any:
    """A field's value, with the definitions that its names have now."""
    return tuple(new.get(each, each) for each in value) if type(value) is tuple else value


def _fields(members: Iterable[Any]) -> list[nodes.Field]:
    return [member for member in members if type(member) is nodes.Field]
