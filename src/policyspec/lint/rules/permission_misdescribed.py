"""A permission is described in the words of another one.

In permission lists descriptions slip from row to row: the camera is said to be “for reading and writing storage”.
People who decide on a permission then decide on something else, and a regulator finds a purpose that does not fit. A
title or definition is found where it says most of another permission's title and nothing of its own. English texts are
compared.

Bad:

    permission CAMERA is android.CAMERA "Camera" { definition: "Read/write storage permission" }
    collect camera_image for publish_media under consent via CAMERA

Good:

    permission CAMERA is android.CAMERA "Camera" { definition: "Takes pictures with the camera" }
    collect camera_image for publish_media under consent via CAMERA

Bad:

    permission recording is android.RECORD_AUDIO "Camera"
    collect microphone_audio for streaming under consent via recording
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from policyspec.diagnostic import Severity
from policyspec.lint import permissions, sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.syntax import nodes

PACK = "android"
LEVEL = Severity.WARNING
CITE = ("Android: Explain access to more sensitive information",)
HELP = "say what this permission opens, and what for"

_WORD = re.compile(r"[a-z]+")
# Words that say nothing of what a permission is about; those of many permissions' titles are found by counting.
_EMPTY = {*"a an and app apps at by for from in of on or other permission than the to with without".split()}
_MANY = 3


def check(policy: Facts) -> Iterator[Finding]:
    own = sets.own_of(policy, "permission")
    if not own:
        return
    names = permissions.other_names(policy)
    meant = {each: permissions.meant(policy, each, names) for each in own}
    if not any(meant.values()):
        return
    titles, telling = _known(permissions.of_android(policy))
    for each, real in meant.items():
        if not real:
            continue
        mine = _words([each.name, *(text for one in real for text in _said(policy, one))])
        for text, span in _texts(policy, each):
            other = _other(_words([text]), mine, titles, telling)
            if other is not None and other not in real:
                message = f"{shown(each)} is described as if it were {shown(other)}, “{other.titles[0][0]}”"
                yield Finding(message, each.file, span)


# The library is the same for all policies.
@lru_cache(maxsize=2)
def _known(known: tuple[Definition, ...]) -> tuple[Mapping[Definition, frozenset[str]], frozenset[str]]:
    """The words of the titles of Android's permissions, and those that few of these have."""
    titles = {each: _words(text for text, _ in each.titles) for each in known}
    count = Counter(word for words in titles.values() for word in words)
    return titles, frozenset(word for word, number in count.items() if number <= _MANY)


def _other(
    said: frozenset[str],
    mine: frozenset[str],
    titles: Mapping[Definition, frozenset[str]],
    telling: frozenset[str],
) -> Definition | None:
    """The permission whose title most of a text is, and that most of the title is in, if it says nothing of its own."""
    if not said or said & mine:
        return None
    for each, words in titles.items():
        both = said & words
        is_most = 2 * len(both) >= len(said) and 2 * len(both) > len(words)
        if is_most and both & telling and (len(both) > 1 or both == words):
            return each
    return None


def _said(policy: Facts, real: Definition) -> Iterator[str]:
    """What is said of one of Android's permissions: its names, its titles, and those of what it opens."""
    fields = policy.fields(real)
    yield from (
        real.name,
        *(text for text, _ in real.titles),
        *(alias.rpartition(".")[2] for alias in fields.get("alias", ())),
    )
    yield from (text for text, _ in fields.get("definition", ()))
    for data in policy.order.field(real, "gives"):
        yield from (data.name, *(text for text, _ in data.titles))


def _texts(policy: Facts, own: Definition) -> Iterator[tuple[str, Span]]:
    """The titles and definitions of an own permission, with their places."""
    if own not in policy.declarations:
        return
    node, _, base = policy.declarations[own]
    said = [value for each in node.members if type(each) is nodes.Field and each.name.text == "definition"
            for value in each.values]  # fmt: skip
    for text in (*node.titles, *said):
        if isinstance(text, nodes.Title):
            yield text.text, text.span.shifted(base)


def _words(texts: Iterable[str]) -> frozenset[str]:
    """Words in the singular, as far as an `s` makes the plural."""
    words = _WORD.findall(" ".join(texts).replace("_", " ").lower())
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in words if word not in _EMPTY)
