"""``INSERT … ON CONFLICT``, which both databases spell alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from models.session import ReadSession


def insert_for(session: ReadSession, table: Any) -> Any:
    """The dialect's ``insert`` with ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
