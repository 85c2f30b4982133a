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


def widen_enum(table: str, column: str, check: str, *, codes: list[str], more: list[str]) -> None:
    """Let a column of capitals hold ``more`` than its ``codes``; ``check`` names the constraint.

    SQLite has no statement for it. Where only a constraint changes, and nothing of what is stored,
    its manual has the table's text edited in place (lang_altertable, section 7).
    """
    before, after = (
        f"CONSTRAINT {check} CHECK ({column} IN (" + ", ".join(f"'{c}'" for c in some) + "))"
        for some in (codes, codes + more)
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
        op.execute(f"ALTER TABLE {table} ADD {after}")
        return
    op.execute("PRAGMA writable_schema = ON")
    edited = op.get_bind().execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = :name AND instr(sql, :before)"
        ),
        {"before": before, "after": after, "name": table},
    )
    assert edited.rowcount == 1, f"{table} has no constraint as {check} was"
    op.execute("PRAGMA writable_schema = RESET")
