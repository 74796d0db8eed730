"""What is reported about a policy, and the edits that mend it.

One type serves the parser, the resolver, the linter, the command line and the editors. Spans are offsets
into the file that `path` names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from policyspec.source import Span


class Severity(Enum):
    """How grave a finding is; only errors keep a policy from compiling."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `span` of the diagnostic's file by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend one finding, applied whole or not at all.

    A fix is safe if it keeps the meaning of what is well-formed, and every comment.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding is about."""

    path: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `rule` is its name, `message` starts in lower case and ends without a full stop; `cite` has the articles or
    standards behind it, `pack` is that of the rule, empty for what is wrong with the text or its names.
    """

    rule: str
    severity: Severity
    message: str
    path: str
    span: Span
    related: tuple[Related, ...] = ()
    help: str = ""
    fixes: tuple[Fix, ...] = field(default=())
    cite: tuple[str, ...] = ()
    pack: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they must not overlap (ValueError)."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if edit.span.start < at:
            raise ValueError("edits overlap")
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*parts, text[at:]])
