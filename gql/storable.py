"""What no database takes: refused at the door, alike on both.

PostgreSQL's text cannot hold U+0000, SQLite's could. Lone surrogates never get here: they are
neither valid JSON nor valid GraphQL.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphql import DocumentNode, GraphQLError, TokenKind

NUL = "\0"


def check_strings(values: Iterable[object]) -> None:
    """Refuse a string among these values that cannot be stored or compared."""
    if any(isinstance(value, str) and NUL in value for value in values):
        raise GraphQLError(
            "Strings cannot hold the character U+0000.", extensions={"code": "BAD_USER_INPUT"}
        )


def check_literals(document: DocumentNode) -> None:
    """The same for the strings written in a document. Block strings cannot hold it anyway."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind is TokenKind.STRING:
            check_strings([token.value])
        token = token.next
