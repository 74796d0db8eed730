"""Policies in colour wherever Pygments is at work: Sphinx, MkDocs, a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pygments import token
from pygments.lexer import Lexer

from policyspec import highlighting

# What a scope is to Pygments; the longest of these that a scope begins with counts.
_TOKENS = {
    "comment": token.Comment.Single,
    "constant.character.escape": token.String.Escape,
    "constant.language": token.Keyword.Constant,
    "constant.numeric": token.Number,
    "constant.numeric.date": token.Literal.Date,
    "entity.name.function": token.Name.Function,
    "entity.name.namespace": token.Name.Namespace,
    "entity.name.tag": token.Name.Tag,
    "entity.name.type": token.Name.Class,
    "entity.other.attribute-name": token.Name.Decorator,
    "entity.other.inherited-class": token.Name.Class,
    "meta": token.Name,
    "keyword": token.Keyword,
    "keyword.other.annotation": token.Comment.Special,
    "keyword.other.item": token.Keyword.Declaration,
    "keyword.other.unit": token.Number,
    "punctuation": token.Punctuation,
    "storage.modifier": token.Keyword.Pseudo,
    "storage.type": token.Keyword.Type,
    "string.quoted.double": token.String.Double,
    "string.quoted.triple": token.String.Heredoc,
    "variable.other.property": token.Name.Attribute,
}


class PolicyLexer(Lexer):  # type: ignore[misc]
    """For privacy policies in policyspec's language."""

    name = "policyspec"
    aliases: ClassVar = ["policyspec", "policy"]
    filenames: ClassVar = ["*.policy"]
    mimetypes: ClassVar = ["text/x-policyspec"]

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, token._TokenType, str]]:
        for start, end, scope in highlighting.pieces(text):
            written = text[start:end]
            yield start, _token(scope, written), written


def _token(scope: str, text: str) -> token._TokenType:
    if not scope:
        return token.Text.Whitespace if text.isspace() else token.Error
    return _TOKENS[max((each for each in _TOKENS if f"{scope}.".startswith(f"{each}.")), key=len)]
