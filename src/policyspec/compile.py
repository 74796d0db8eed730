"""Resolution → model: the policy that a file without errors declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policyspec import model
from policyspec.kinds import Takes, fields_of
from policyspec.memory import uncollected
from policyspec.model import TERMS
from policyspec.scope import Definition, Resolution, file_stem
from policyspec.source import Source, Span
from policyspec.statements import SHARED
from policyspec.syntax import nodes
from policyspec.taxonomy import nearest

# The fields of a section that its items and rules have where they have none of their own.
_INHERITED = ("source", *SHARED)


@uncollected
def compile(path: str, sources: Mapping[str, Source], resolutions: Mapping[str, Resolution]) -> model.Policy:
    """The policy of the file `path`.

    `sources` are its files, itself first; `resolutions` are by module, of these and of every library module that they
    import. No diagnostic of them may be an error.
    """
    return _Compiler(path, sources, resolutions).policy()


class _Compiler:
    def __init__(self, path: str, sources: Mapping[str, Source], resolutions: Mapping[str, Resolution]) -> None:
        self.path = path
        self.sources = sources
        self.resolutions = resolutions
        self.extended: dict[Definition, list[Definition]] = {}
        for resolution in resolutions.values():
            for term, parent in resolution.extensions:
                self.extended.setdefault(term, []).append(parent)
        self.used: dict[str, Definition] = {}
        self.ids: dict[Definition, str] = {}
        self.rules: list[model.Rule] = []
        self.tests: list[model.Test] = []
        self.count = 0
        self.file = path
        self.base = 0
        self.audience: tuple[str, ...] = ()
        self.provider: tuple[str, ...] = ()
        self.inherited: dict[str, tuple[Any, bool]] = {}

    def policy(self) -> model.Policy:
        own = [each for file in self.sources for each in self.resolutions[file].module.definitions]
        header = next(each for each in own if each.kind == "policy" and each.file == self.path)
        policy = self._term(header)
        assert isinstance(policy, model.PolicyTerm)
        self.audience, self.provider = policy.audience, policy.provider
        items: list[Any] = []
        for file in self.sources:
            self.file = file
            tree = self.resolutions[file].module.trees[file]
            for self.base, node in tree.items:
                items += self._item(node)
        for each in own:
            if each is not header:
                self._id(each)
        imports = sorted(each for each in self.resolutions if each not in self.sources and each != "core")
        others = [self._relative(file) for file in self.sources if file != self.path]
        return model.Policy(
            policy=policy,
            imports=(*imports, *sorted(others)),
            terms=self._terms(header),
            items=tuple(items),
            rules=tuple(self.rules),
            tests=tuple(self.tests),
        )

    # ── Terms ───────────────────────────────────────────────────────────────────────────────────

    def _id(self, each: Definition) -> str:
        """A term's id; what has one comes into the model."""
        if each not in self.ids:
            if each.is_library:
                path = f"{each.module}.{each.path}"
            elif each.file == self.path:
                path = each.path
            else:
                path = f"{file_stem(each.file)}.{each.path}"
            self.ids[each] = f"{each.kind}:{path}"
            self.used[self.ids[each]] = each
        return self.ids[each]

    def _terms(self, header: Definition) -> tuple[Any, ...]:
        """Every term that has an id, and what these bring in, by id."""
        made: dict[str, Any] = {}
        while todo := [key for key in self.used if key not in made]:
            for key in todo:
                made[key] = self._term(self.used[key])
        made.pop(self.ids.get(header, ""), None)
        return tuple(made[key] for key in sorted(made))

    def _term(self, each: Definition) -> model.Term:
        resolution = self._resolution(each)
        parents = [*self._above(each), *self.extended.get(each, ())]
        values = self._values(each.kind, resolution.fields.get(each, {})) if resolution else {}
        if resolution and each in resolution.module.members:
            values["members"] = tuple(map(self._id, resolution.module.members[each]))
        type_ = TERMS[each.kind]
        return type_(
            id=self._id(each),
            kind=each.kind,  # type: ignore[arg-type]
            name=each.name,
            module=each.module if each.is_library else None if each.file == self.path else self._relative(each.file),
            is_defined=each.is_defined,
            parents=tuple(dict.fromkeys(self._id(parent) for parent in parents)),
            titles=tuple(model.Text(text=text, language=language) for text, language in each.titles),
            location=self._location(each.span, each.file) if not each.is_library else None,
            **values,
        )

    def _resolution(self, each: Definition) -> Resolution | None:
        return self.resolutions.get(each.module if each.is_library else each.file) if each.is_defined else None

    def _above(self, each: Definition) -> tuple[Definition, ...]:
        """The terms directly above one, but for what extensions add."""
        resolution = self._resolution(each)
        return resolution.parents.get(each, ()) if resolution else ()

    def _values(self, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Resolved field values as the model wants them."""
        known = fields_of(kind)
        found: dict[str, Any] = {}
        for name, value in values.items():
            form = known[name][0].form if name != "open_fields" else ""
            if form == "terms":
                found[name] = tuple(self._id(each) for each in value)
            elif form == "text":
                found[name] = tuple(model.Text(text=text, language=language) for text, language in value)
            elif form == "period":
                bound, amount, unit = value
                found[name] = model.Limit(bound=bound, duration=model.Duration(amount=amount, unit=unit))
            else:
                found[name] = value
        return found

    # ── Items ───────────────────────────────────────────────────────────────────────────────────

    def _item(self, node: nodes.Item) -> list[Any]:
        """What an item is in the model; rules and tests have lists of their own."""
        match node:
            case nodes.Rule():
                self.rules.append(self._rule(node))
            case nodes.Test():
                self.tests.append(self._test(node))
            case nodes.Declaration():
                if node.kind.text == "policy":
                    return []
                return [model.Declared(term=self._id(self._meant(node.name)))]
            case nodes.Practice():
                self.count += 1
                fields = self._item_fields(node.fields, "practice") | {"number": self.count}
                return [model.Practice(**self._statement(node.statement), **fields, location=self._place(node.span))]
            case nodes.Prose():
                fields = self._item_fields(node.fields, "prose")
                return [model.Prose(text=_text(node.text), **fields, location=self._place(node.span))]
            case nodes.Section():
                return [self._section(node)]
        return []

    def _section(self, node: nodes.Section) -> model.Section:
        """A section; while its items are made, its fields hold."""
        fields = self._item_fields(node.fields, "section")
        location = self._place(node.span)
        outside = self.audience, self.inherited, self.base
        self.audience = fields.get("audience") or self.audience
        is_open = fields.get("open_fields", ())
        self.inherited = {name: (fields[name], name in is_open) for name in _INHERITED if fields.get(name)}
        items: list[Any] = []
        for placed in node.items:
            self.base = outside[2] + placed.start
            items += self._item(placed.node)
        self.audience, self.inherited, self.base = outside
        return model.Section(titles=_texts(node.titles), **fields, items=tuple(items), location=location)

    def _item_fields(self, written: Iterable[nodes.Field], what: str) -> dict[str, Any]:
        """The fields of an item: without a source or cite of its own it has those of the section around it."""
        fields = self._own_fields(written, what)
        for name, (values, is_open) in self.inherited.items():
            # A rule's source is what it was made for, not the passage of the policy that it stands in.
            if name in fields or name not in fields_of(what) or (what, name) == ("rule", "source"):
                continue
            fields[name] = values
            if is_open:
                fields["open_fields"] = (*fields.get("open_fields", ()), name)
        return fields

    def _own_fields(self, written: Iterable[nodes.Field], what: str) -> dict[str, Any]:
        """The fields of an item, from its nodes: every name in them has been resolved."""
        known = fields_of(what)
        found: dict[str, Any] = {}
        for each in written:
            values = [value for value in each.values if type(value) is not nodes.Etc]
            found[each.name.text] = self._field(known[each.name.text][0], values)
            if len(values) < len(each.values):
                found["open_fields"] = (*found.get("open_fields", ()), each.name.text)
        return found

    def _field(self, takes: Takes, values: Sequence[Any]) -> Any:
        match takes.form:
            case "terms":
                return tuple(self._id(self._meant(value)) for value in values)
            case "text":
                return _texts(values)
            case "strings":
                return tuple(
                    value.text if type(value) is nodes.Title else self._written(value.span) for value in values
                )
            case "word" | "choice":
                return values[0].text
            case _:
                return values[0].value

    def _statement(self, node: nodes.Statement, is_pattern: bool = False) -> dict[str, Any]:
        """The fields of a `Statement`; in a pattern no default is filled in."""
        clauses = [self._clause(each) for each in node.clauses]
        said = {each.clause for each in clauses}
        actions = tuple(self._id(self._meant(each)) for each in node.actions)
        never = node.modality is not None and node.modality.text == "never"
        if not is_pattern:
            defaults: dict[str, tuple[str, ...]] = {"by": self.provider}
            if not never:
                defaults |= {"from": self.audience, "to": self._default_to(node.actions)}
            for word, terms in defaults.items():
                if terms and word not in said:
                    items = tuple((term,) for term in terms)
                    clauses.append(model.TermsClause(clause=word, stated=False, items=items))  # type: ignore[arg-type]
        return {
            "modality": node.modality.text if node.modality else "practice",
            "actions": actions,
            "any_of": "or" in node.joins,
            "necessity": node.necessity.text if node.necessity else None,
            "only": node.only is not None,
            "objects": tuple(self._id(self._meant(name)) for item in node.objects for name in item.names),
            "is_open": any(not item.names for item in node.objects),
            "clauses": tuple(clauses),
        }

    def _default_to(self, actions: Iterable[nodes.Name]) -> tuple[str, ...]:
        """Whom a sentence's data go to where it names nobody: as its actions say, if all say the same.

        An action that does not say is as the nearest one above it that does.
        """
        said = {nearest(self._meant(each), self._above, self._recipients) or () for each in actions}
        return tuple(map(self._id, said.pop())) if len(said) == 1 else ()

    def _recipients(self, action: Definition) -> tuple[Definition, ...]:
        resolution = self._resolution(action)
        found: tuple[Definition, ...] = resolution.fields.get(action, {}).get("to", ()) if resolution else ()
        return found

    def _clause(self, node: nodes.Clause) -> Any:
        word, only = node.word.text, node.only is not None
        if word in ("keep", "within"):
            periods = tuple(self._period(each) for each in node.periods if type(each) is not nodes.Etc)
            is_open = len(periods) < len(node.periods)
            type_ = model.KeepClause if word == "keep" else model.WithinClause
            return type_(only=only, periods=periods, is_open=is_open)
        items = tuple(tuple(self._id(self._meant(name)) for name in item.names) for item in node.items if item.names)
        is_open = len(items) < len(node.items)
        return model.TermsClause(clause=word, only=only, items=items, is_open=is_open)  # type: ignore[arg-type]

    def _period(self, node: nodes.Period) -> Any:
        match node:
            case nodes.Lasting():
                unit = node.duration.unit
                duration = model.Duration(amount=node.duration.amount, unit=unit)  # type: ignore[arg-type]
                limit = model.Limit(bound=node.word or "exactly", duration=duration)  # type: ignore[arg-type]
                return model.Lasting(limit=limit, after=self._event(node.event))
            case nodes.Until():
                if type(node.end) is nodes.Date:
                    return model.Until(date=node.end.value)
                return model.Until(event=self._event(node.end))  # type: ignore[arg-type]
            case nodes.While():
                return model.While(event=self._id(self._meant(node.event)))
            case nodes.Quoted():
                return model.Quoted(texts=_texts(node.titles), after=self._event(node.event))
        return model.Forever()

    def _event(self, name: nodes.Name | None) -> str | None:
        return self._id(self._meant(name)) if name is not None else None

    def _rule(self, node: nodes.Rule) -> model.Rule:
        fields = self._item_fields([m for m in node.members if type(m) is nodes.Field], "rule")
        judgements = tuple(self._judgement(m) for m in node.members if type(m) is nodes.Judgement)
        titles = _texts(node.titles)
        return model.Rule(
            name=node.name.text, titles=titles, judgements=judgements, location=self._place(node.span), **fields
        )

    def _judgement(self, node: nodes.Judgement) -> model.Judgement:
        pattern = declaration = None
        if type(node.pattern) is nodes.Existence:
            declaration = self._id(self._meant(node.pattern.name))
        elif type(node.pattern) is nodes.Statement:
            pattern = model.Statement(**self._statement(node.pattern, is_pattern=True))
        return model.Judgement(
            word=node.word.text,  # type: ignore[arg-type]
            pattern=pattern,
            declaration=declaration,
            needs=tuple(self._clause(each) for each in node.needs),
            needs_declaration=self._id(self._meant(node.existence.name)) if node.existence else None,
        )

    def _test(self, node: nodes.Test) -> model.Test:
        fields = self._own_fields([m for m in node.members if type(m) is nodes.Field], "test")
        questions = tuple(
            model.Question(
                verdict=m.verdict.text,  # type: ignore[arg-type]
                act=model.Statement(**self._statement(m.pattern, is_pattern=True)),
                location=self._place(m.span),
            )
            for m in node.members
            if type(m) is nodes.Question
        )
        return model.Test(titles=_texts(node.titles), questions=questions, location=self._place(node.span), **fields)

    # ── Places ──────────────────────────────────────────────────────────────────────────────────

    def _meant(self, name: nodes.Name) -> Definition:
        return self.resolutions[self.file].references[self.file][name.span.start + self.base].definition

    def _written(self, span: Span) -> str:
        return self.sources[self.file].text[span.start + self.base : span.end + self.base]

    def _place(self, span: Span) -> model.Location:
        return self._location(span.shifted(self.base), self.file)

    def _location(self, span: Span, file: str) -> model.Location:
        source = self.sources[file]
        start, end = source.position(span.start), source.position(span.end)
        return model.Location(
            path=self._relative(file),
            start_line=start.line + 1,
            start_column=start.column + 1,
            end_line=end.line + 1,
            end_column=end.column + 1,
        )

    def _relative(self, file: str) -> str:
        """A file's path from the folder of the policy's own, so that the model does not depend on where that is."""
        above = self.path.split("/")[:-1]
        parts = file.split("/")
        while above and len(parts) > 1 and above[0] == parts[0]:
            above, parts = above[1:], parts[1:]
        return "/".join([".." for _ in above] + parts)


def _text(title: nodes.Title) -> model.Text:
    return model.Text(text=title.text, language=title.language)


def _texts(titles: Iterable[nodes.Title]) -> tuple[model.Text, ...]:
    return tuple(_text(each) for each in titles)
