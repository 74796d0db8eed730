"""What is above a term as one file sees it: with what the modules and files that it imports add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from policyspec.order import Order
from policyspec.scope import Definition
from policyspec.taxonomy import nearest
from policyspec.workspace import Workspace

T = TypeVar("T")


def nearest_value(
    workspace: Workspace, path: str, term: Definition, value: Callable[[Definition, Mapping[str, Any]], T | None]
) -> T | None:
    """What `value` makes of a term and its fields, else of the nearest term above that it makes something of."""
    order = workspace.once("order of a file", path, lambda: Order(workspace.resolutions(path)))

    def fields(each: Definition) -> Mapping[str, Any]:
        found = order.resolutions.get(each.module if each.is_library else each.file)
        return found.fields.get(each, {}) if found else {}

    return nearest(term, order.parents, lambda each: value(each, fields(each)))


def field(workspace: Workspace, path: str, term: Definition, name: str) -> Any:
    """The value of a term's field, else that of the nearest term above it that has one; None if there is none."""
    return nearest_value(workspace, path, term, lambda _, fields: fields.get(name))
