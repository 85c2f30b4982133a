"""Inserts: plain ones, and ``INSERT … ON CONFLICT``, which both databases spell alike."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Insert, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from models.base import Base
from models.session import ReadSession


@lru_cache(maxsize=128)
def plain_insert(kind: type[Base]) -> Insert:
    """The ``INSERT`` of rows given as dictionaries, made once for each table.

    It is addressed to the table, not the class: nothing is to become an object of the session,
    and the ORM's own way costs several times as much.
    """
    return insert(cast("Table", kind.__table__))


def insert_for(session: ReadSession, table: Any) -> Any:
    """The dialect's ``insert`` with ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
