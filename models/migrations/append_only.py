"""Triggers that hold tables to insertion only, on both databases."""

from __future__ import annotations

from collections.abc import Iterable

from alembic import op

APPEND_ONLY = ("entry", "audit_entry", "referral_step")


def create_triggers() -> None:
    """Refuse every update and delete of the append-only tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION tasuki_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$
            """
        )
    hold_append_only(APPEND_ONLY)


def hold_append_only(tables: Iterable[str]) -> None:
    """Refuse every update and delete of more tables, from a later migration."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION tasuki_append_only()"
            )
        return
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
