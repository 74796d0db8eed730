"""Where something is to be completed, and what is offered there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from policyspec.diagnostic import Edit
from policyspec.ide.expected import Expected
from policyspec.names import Names
from policyspec.source import Span
from policyspec.syntax.parser import Tree
from policyspec.workspace import Workspace

# How likely an offer is, the smaller the better: what has to follow, what may follow as well, words that go on with a
# sentence; what begins something new, words that do, whole items; what hardly anybody would write here.
FIRST, NEXT, WORD, NEW, NEW_WORD, WHOLE, LAST = range(7)


class Completion(NamedTuple):
    """What may replace `span`: `insert`, a snippet or plain text, together with more `edits` elsewhere in the file.

    `sort` is the order, `filter` what is compared with what has been typed. `key` is for `documentation`.
    """

    label: str
    kind: str
    detail: str
    insert: str
    span: Span
    is_snippet: bool = False
    edits: tuple[Edit, ...] = ()
    sort: str = ""
    filter: str = ""
    description: str = ""
    key: str = ""


class Place(NamedTuple):
    """A place of a text, and what is known of it; `snippets` says whether the editor knows what to do with them."""

    workspace: Workspace
    path: str
    tree: Tree
    here: Expected
    names: Names
    snippets: bool

    @property
    def is_library(self) -> bool:
        return self.names.module.is_library


class Offer(NamedTuple):
    """Something to offer, by how likely it is; `text`, in small letters, is compared with what is typed.

    `make` says what it is, or None where it turns out not to fit. It takes longer than all else, so only the likeliest
    are made of what there are very many of.
    """

    rank: tuple[int, ...]
    text: str
    make: Callable[[], Completion | None]
    is_one_of_many: bool = False


Offers = Iterator[Offer]


def offer(rank: tuple[int, ...], item: Completion) -> Offer:
    """An offer that is made already; what is compared is its label, if it says nothing else."""
    item = item if item.filter else item._replace(filter=item.label)
    return Offer(rank, item.filter.casefold(), lambda: item)


def snippet(label: str, body: str, span: Span, says: str) -> Completion:
    return Completion(label, "snippet", says, body, span, True)
