"""What a name may mean where it stands, and which names are like one that means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policyspec.kinds import KINDS
from policyspec.scope import CORE, Context, Definition, Module, file_stem
from policyspec.suggest import closest

# How many like names are listed, and for how many unknown names of a module like ones are looked for.
_MAX_ALIKE = 4
_MAX_GUESSES = 200

Kinds = tuple[str, ...]


class Names:
    """The names that a module sees, nearest first: blocks, its own, those of its imports, those of core."""

    def __init__(self, module: Module, context: Context) -> None:
        self.module = module
        self.context = context
        self.libraries = sorted(context.library, key=len, reverse=True)
        self._seen: dict[tuple[str, Kinds], list[Definition]] = {}

    def find(
        self, text: str, kinds: Kinds, outers: tuple[Definition, ...] = (), declared: Definition | None = None
    ) -> list[Definition]:
        """What a name may mean, in the nearest scope that knows it, other than the term being declared."""
        if outers or declared is not None:
            return self._search(text, kinds, outers, declared)
        if (text, kinds) not in self._seen:
            self._seen[text, kinds] = self._search(text, kinds, (), None)
        return self._seen[text, kinds]

    def anywhere(self, text: str, declared: Definition | None = None) -> Definition | None:
        """A term of any kind that the name means."""
        return next(iter(self.find(text, KINDS, (), declared)), None)

    def _search(
        self, text: str, kinds: Kinds, outers: tuple[Definition, ...], declared: Definition | None
    ) -> list[Definition]:
        for outer in reversed(outers):
            near = [each for each in self.module.exact.get(f"{outer.path}.{text}", ()) if each.kind in kinds]
            if near := [each for each in near if each is not declared]:
                return near
        if own := self._own(text, kinds, declared):
            return own
        imported: dict[Definition, None] = {}
        for module in self.context.modules():
            imported.update(dict.fromkeys(module.find(text, kinds)))
            if text.startswith(f"{module.name}."):
                imported.update(dict.fromkeys(module.find(text[len(module.name) + 1 :], kinds)))
        if imported:
            return list(imported)
        core = self.context.core
        return core.find(text.removeprefix(f"{CORE}."), kinds) if core is not None else []

    def _own(self, text: str, kinds: Kinds, declared: Definition | None) -> list[Definition]:
        """What the module itself declares by a name; a module of the library may write its own name in front."""
        found = [each for each in self.module.find(text, kinds) if each is not declared]
        name = self.module.name
        if found or not (self.module.is_library and text.startswith(f"{name}.")):
            return found
        return [each for each in self.module.find(text[len(name) + 1 :], kinds) if each is not declared]

    def scopes(self) -> list[Module]:
        """The modules whose names are seen, nearest first."""
        return [self.module, *self.context.modules(), *([self.context.core] if self.context.core else [])]

    # ── Names for definitions ───────────────────────────────────────────────────────────────────

    def distinct(self, found: Sequence[Definition]) -> list[str]:
        """Paths that tell definitions apart: with the module, and with the kind where that is what differs."""
        paths = [self.path(each) for each in found]
        if len(set(paths)) < len(paths):
            paths = [f"{each.kind}.{path}" for each, path in zip(found, paths, strict=True)]
        return paths

    def path(self, each: Definition) -> str:
        """A definition's path as one writes it here."""
        is_other_file = not each.is_library and each.module != self.module.name
        return f"{file_stem(each.file)}.{each.path}" if is_other_file else each.qualified

    def shortest(self, each: Definition) -> str:
        """A definition's path without its module, where that means the same here."""
        return each.path if self.find(each.path, (each.kind,)) == [each] else self.path(each)


def without_kind(text: str, kinds: Kinds) -> tuple[str, Kinds]:
    """`channel.email`: a kind in front of a name says which of several is meant."""
    kind, dot, rest = text.partition(".")
    return (rest, tuple(each for each in kinds if each == kind)) if dot and kind in KINDS else (text, kinds)


class Guesses:
    """What an unknown name may have been meant to be. Nothing is looked through before there is one."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._nearest: dict[tuple[str, Kinds], str | None] = {}
        self._titles: dict[str, list[Definition]] | None = None

    def nearest(self, text: str, kinds: Kinds) -> str | None:
        """The name of the term with such a title, else the name that is nearest by its letters."""
        key = (text, kinds)
        if key not in self._nearest:
            if self.is_exhausted():
                return None
            self._nearest[key] = self._titled(text, kinds) or self._spelt(text, kinds)
        return self._nearest[key]

    def is_exhausted(self) -> bool:
        """Whether so many names are unknown that no more are looked for."""
        return len(self._nearest) >= _MAX_GUESSES

    def alike(self, text: str, kinds: Kinds) -> list[str]:
        """Some names that end with this one as their last word."""
        if self.is_exhausted():
            return []
        end = f"_{text.casefold()}"
        names = (name for scope in self.names.scopes() for name in scope.names(kinds))
        return list(dict.fromkeys(name for name in names if name.casefold().endswith(end)))[:_MAX_ALIKE]

    def holders(self, text: str, kinds: Kinds) -> list[str]:
        """The library's modules that are not imported and have such a name."""
        context = self.names.context
        if context.library_module is None or self.is_exhausted():
            return []
        others = [name for name in context.library if name not in context.imported and name != CORE]
        return [name for name in others if context.library_module(name).find(text, kinds)]

    def joined(self, words: Iterable[str], kinds: Kinds) -> str | None:
        """The name that words make when they are joined."""
        joined = "_".join(words)
        return next((name for name in (joined, joined.casefold()) if self.names.find(name, kinds)), None)

    def _titled(self, text: str, kinds: Kinds) -> str | None:
        if "." in text:
            return None
        if self._titles is None:
            self._titles = {}
            for scope in self.names.scopes():
                for each in scope.definitions:
                    for title, _ in each.titles:
                        self._titles.setdefault(title.casefold(), []).append(each)
        found = [each for each in self._titles.get(text.replace("_", " ").casefold(), ()) if each.kind in kinds]
        return self.names.shortest(found[0]) if found else None

    def _spelt(self, text: str, kinds: Kinds) -> str | None:
        scopes = self.names.scopes()
        inside = [scope for scope in scopes[1:] if text.startswith(f"{scope.name}.")]
        front = f"{inside[0].name}." if inside else ""
        # The own file's names first: on a tie the nearer scope wins.
        names = (name for scope in inside[:1] or scopes for name in scope.names(kinds))
        found = closest(text[len(front) :], names)
        return f"{front}{found}" if found else None
