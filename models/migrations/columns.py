"""Adding columns in place, alike on both databases.

Alembic's batches make a SQLite table anew, which fails while other rows refer to it. What can be
added in place is added in place.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def add_checked(table: str, column: sa.Column[int], *, check: tuple[str, str]) -> None:
    """A nullable column held to a condition; ``check`` is (name, condition)."""
    kind = column.type.compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column.name} {kind} "
        f"CONSTRAINT {check[0]} CHECK ({check[1]})"
    )


def add_setting(table: str, column: str, default: int, *, check: tuple[str, str]) -> None:
    """A whole number that every row has, the same at first; ``check`` is (name, condition)."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} INTEGER DEFAULT '{default}' NOT NULL "
        f"CONSTRAINT {check[0]} CHECK ({check[1]})"
    )


def add_reference(
    table: str, column: str, to: str, *, check: tuple[str, str] | None = None
) -> None:
    """A nullable column that names a row of another table; ``check`` is (name, condition)."""
    kind = sa.Uuid().compile(op.get_bind().dialect)
    statement = (
        f"ALTER TABLE {table} ADD COLUMN {column} {kind} "
        f"CONSTRAINT fk_{table}_{column}_{to} REFERENCES {to} (id)"
    )
    if check is not None:
        statement += f" CONSTRAINT {check[0]} CHECK ({check[1]})"
    op.execute(statement)
