"""What every mutation that takes a CSV file shares: reading it, and telling of refused rows."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Sequence
from typing import TypeVar

import strawberry

from gql.payload import Payload
from models.errors import InvalidInput
from models.operations.members import ImportReport
from models.rules import csv_files

REFUSED_ROWS_TOLD_MAX = 1_000


@strawberry.type(description="Why a row of a file could not be taken in.")
class RefusedRow:
    """One refusal."""

    line: int = strawberry.field(description="The line of the file, from 1.")
    column: str | None = strawberry.field(description="The column; null where it is the whole row.")
    code: str = strawberry.field(description="The stable code of the reason.")
    reason: str = strawberry.field(description="The reason, in the caller's language.")


@strawberry.type(description="What became of a file.")
class ImportedRows(Payload):
    """How many rows were taken in, and which were not: what every import answers."""

    imported: int | None = strawberry.field(
        default=None, description="How many rows were taken in."
    )
    refused_count: int | None = strawberry.field(
        default=None, description="How many rows could not be."
    )
    refused_rows: list[RefusedRow] | None = strawberry.field(
        default=None, description="Those rows in the file's order; the first 1,000 of them."
    )
    unknown_columns: list[str] | None = strawberry.field(
        default=None, description="The columns that were passed over."
    )


Rows = TypeVar("Rows", bound=ImportedRows)


def imported_rows(payload: type[Rows], report: ImportReport, locale: str) -> Rows:
    """The payload of an import, as the caller reads it."""
    return payload(
        imported=report.imported,
        refused_count=len(report.refused),
        refused_rows=refused_rows(report.refused, locale),
        unknown_columns=list(report.unknown_columns),
    )


def refused_rows(rows: Sequence[csv_files.RefusedRow], locale: str) -> list[RefusedRow]:
    """The first of them, as the caller reads them."""
    return [
        RefusedRow(line=row.line, column=row.column, code=row.code, reason=row.reason.in_(locale))
        for row in rows[:REFUSED_ROWS_TOLD_MAX]
    ]


def file_bytes(csv: str | None, csv_base64: str | None) -> bytes:
    """The file in one of its two forms. Raises `InvalidInput` for both, none, or no base64."""
    if (csv is None) == (csv_base64 is None):
        raise InvalidInput(
            "csv",
            ja="csv と csvBase64 のどちらか一方を指定してください。",
            en="Give either csv or csvBase64.",
        )
    if csv_base64 is None:
        return (csv or "").encode(errors="surrogatepass")
    try:
        return b64decode(csv_base64, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(
            "csvBase64", ja="base64 として読めません。", en="This is not base64."
        ) from None
