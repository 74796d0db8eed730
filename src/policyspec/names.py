"""What a name may mean where it stands, and which names are like one that means nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from policyspec.english import begin_alike
from policyspec.kinds import KINDS
from policyspec.scope import CORE, Context, Definition, Module, file_stem
from policyspec.suggest import closest

# How many like names are listed, and for how many unknown names of a module like ones are looked for.
_MAX_ALIKE = 4
_MAX_GUESSES = 200

Kinds = tuple[str, ...]
Look = Callable[[Module, str, Kinds], list[Definition]]


class Block(NamedTuple):
    """Where in a module a name stands: in the braces of `outers`, and in the declaration of a term."""

    outers: tuple[Definition, ...] = ()
    declared: Definition | None = None


OUTSIDE = Block()


class Names:
    """The names that a module sees, nearest first: blocks, its own, those of its imports, those of core.

    Aliases come last, so that none hides a name.
    """

    def __init__(self, module: Module, context: Context) -> None:
        self.module = module
        self.context = context
        self.libraries = sorted(context.library, key=len, reverse=True)
        self._seen: dict[tuple[str, Kinds], list[Definition]] = {}

    def find(self, text: str, kinds: Kinds, block: Block = OUTSIDE) -> list[Definition]:
        """What a name may mean, in the nearest scope that knows it, other than the term being declared."""
        if block is not OUTSIDE:
            return self._search(text, kinds, block)
        if (text, kinds) not in self._seen:
            self._seen[text, kinds] = self._search(text, kinds, block)
        return self._seen[text, kinds]

    def anywhere(self, text: str, declared: Definition | None = None) -> Definition | None:
        """A term of any kind that the name means."""
        return next(iter(self.find(text, KINDS, Block((), declared))), None)

    def _search(self, text: str, kinds: Kinds, block: Block) -> list[Definition]:
        for outer in reversed(block.outers):
            near = [each for each in self.module.exact.get(f"{outer.path}.{text}", ()) if each.kind in kinds]
            if near := [each for each in near if each is not block.declared]:
                return near
        for look in (Module.named, Module.aliased):
            own = [each for each in self._own(look, text, kinds) if each is not block.declared]
            if found := own or self._imported(look, text, kinds) or self._of_core(look, text, kinds):
                return found
        return []

    def _own(self, look: Look, text: str, kinds: Kinds) -> list[Definition]:
        """What the module itself declares by a name; a module of the library may write its own name in front."""
        front = f"{self.module.name}."
        found = look(self.module, text, kinds)
        if found or not (self.module.is_library and text.startswith(front)):
            return found
        return look(self.module, text.removeprefix(front), kinds)

    def _imported(self, look: Look, text: str, kinds: Kinds) -> list[Definition]:
        found: dict[Definition, None] = {}
        for module in self.context.modules():
            found.update(dict.fromkeys(look(module, text, kinds)))
            if text.startswith(f"{module.name}."):
                found.update(dict.fromkeys(look(module, text[len(module.name) + 1 :], kinds)))
        return list(found)

    def _of_core(self, look: Look, text: str, kinds: Kinds) -> list[Definition]:
        core = self.context.core
        return look(core, text.removeprefix(f"{CORE}."), kinds) if core is not None else []

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


def takes_any(kinds: Kinds) -> bool:
    """Whether a place takes terms of nearly all kinds."""
    return len(kinds) > 5


def without_kind(text: str, kinds: Kinds) -> tuple[str, Kinds]:
    """`channel.email`: a kind in front of a name says which of several is meant."""
    kind, dot, rest = text.partition(".")
    return (rest, tuple(each for each in kinds if each == kind)) if dot and kind in KINDS else (text, kinds)


class Guesses:
    """What an unknown name may have been meant to be. Nothing is looked through before there is one."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._nearest: dict[tuple[str, Kinds], str | None] = {}

    def nearest(self, text: str, kinds: Kinds) -> str | None:
        """The name of the term with such a title, else the name that is nearest by its letters."""
        key = (text, kinds)
        if key not in self._nearest:
            if self.is_exhausted():
                return None
            self._nearest[key] = self.titled(text, kinds) or self._spelt(text, kinds)
        return self._nearest[key]

    def is_exhausted(self) -> bool:
        """Whether so many names are unknown that no more are looked for."""
        return len(self._nearest) >= _MAX_GUESSES

    def alike(self, text: str, kinds: Kinds) -> list[str]:
        """Some names that have this one among their words, those first that end with it."""
        if self.is_exhausted():
            return []
        folded = text.casefold()
        word = f"_{folded}"
        every = (name for scope in self.names.scopes() for name in scope.names(kinds))
        names = [name for name in every if folded in name.casefold()]
        last = [name for name in names if name.casefold().endswith(word)]
        among = [name for name in names if f"{word}_" in f"_{name.casefold()}_"]
        return list(dict.fromkeys(last + among))[:_MAX_ALIKE]

    def holders(self, text: str, kinds: Kinds) -> list[str]:
        """The library's modules that are not imported and have such a name."""
        context = self.names.context
        if context.library_module is None or self.is_exhausted():
            return []
        others = [name for name in context.library if name not in context.imported and name != CORE]
        return [name for name in others if context.library_module(name).find(text, kinds)]

    def is_searchable(self, text: str) -> bool:
        """Whether one of these words occurs in a name or a title of the library."""
        context = self.names.context
        modules = [context.core] if context.core else []
        modules += map(context.library_module, context.library) if context.library_module else []
        words = text.casefold().split("_")
        return any(word in each.words for each in modules for word in words)

    def joined(self, words: Iterable[str], kinds: Kinds) -> str | None:
        """The name that words make when they are joined."""
        joined = "_".join(words)
        known = next((name for name in (joined, joined.casefold()) if self.names.find(name, kinds)), None)
        return known or self.titled(joined, kinds)

    def derived(self, text: str, kinds: Kinds) -> str | None:
        """The name that begins like this one: as the right `deletion` like `delete`."""
        names = (name for scope in self.names.scopes() for name in scope.names(kinds))
        return next((name for name in names if begin_alike(text, name)), None)

    def titled(self, text: str, kinds: Kinds) -> str | None:
        """The name of the term with such a title, however it is written."""
        if "." in text:
            return None
        title = text.replace("_", " ").casefold()
        known = (each for scope in self.names.scopes() for each in scope.titled.get(title, ()))
        found = next((each for each in known if each.kind in kinds), None)
        return self.names.shortest(found) if found is not None else None

    def _spelt(self, text: str, kinds: Kinds) -> str | None:
        scopes = self.names.scopes()
        inside = [scope for scope in scopes[1:] if text.startswith(f"{scope.name}.")]
        front = f"{inside[0].name}." if inside else ""
        # The own file's names first: on a tie the nearer scope wins.
        names = (name for scope in inside[:1] or scopes for name in scope.names(kinds))
        # Of the names of all kinds, one or another is a little like any word.
        found = closest(text[len(front) :], names, 1 if takes_any(kinds) else 3)
        return f"{front}{found}" if found else None
