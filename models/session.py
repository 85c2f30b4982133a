"""Engines and sessions: ``read()`` sees, ``transaction()`` writes and commits once.

SQLite's default transactions lose updates and its readers that turn writers fail with "database
is locked". So writers queue for one connection that begins IMMEDIATE, and readers have engines
that cannot write. PostgreSQL takes its locks from the statements themselves.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

if TYPE_CHECKING:
    from models.audit import PendingAudit
    from models.outbox import Event
    from models.vault import Vault

SQLITE_READERS = 4
POSTGRESQL_READERS = 8
POSTGRESQL_WRITERS = 8
POOL_TIMEOUT_S = 120


def _json_text(value: Any) -> str:
    return orjson.dumps(value).decode()


# JSON columns are read for every row of a page: the standard library's parser costs more there
# than everything else that is done to the row.
JSON: dict[str, Any] = {"json_serializer": _json_text, "json_deserializer": orjson.loads}

AfterCommit = Callable[[list["Event"]], None]


def utc_now() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


class ReadSession(AsyncSession):
    """Sees one consistent state of the database and cannot change it."""

    vault: Vault
    now: datetime


class WriteSession(ReadSession):
    """One transaction. ``now`` is one instant for all that happens in it. Never call commit."""

    events: list[Event]
    audits: list[PendingAudit]


@dataclass(slots=True)
class Database:
    """The two engines of one database, and what every session of it carries."""

    url: str
    vault: Vault
    clock: Callable[[], datetime] = utc_now
    durable: bool = True
    after_commit: list[AfterCommit] = field(default_factory=list)
    writer: AsyncEngine = field(init=False)
    reader: AsyncEngine = field(init=False)

    def __post_init__(self) -> None:
        url = async_url(self.url)
        make = _sqlite_engines if url.get_backend_name() == "sqlite" else _postgresql_engines
        self.writer, self.reader = make(url, durable=self.durable)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.writer.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """A short look: one per batch of a query, never shared between fields."""
        async with ReadSession(self.reader, expire_on_commit=False, autoflush=False) as session:
            session.vault, session.now = self.vault, self.clock()
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[WriteSession]:
        """One use case: commits at the end, or leaves nothing behind.

        The audit chain is extended last, so that its head is locked for the shortest time and
        always after every other lock.
        """
        from models.audit import seal_audits  # noqa: PLC0415  (audit needs the session types)

        async with WriteSession(self.writer, expire_on_commit=False, autoflush=False) as session:
            session.vault, session.now = self.vault, self.clock()
            session.events, session.audits = [], []
            yield session
            await session.flush()
            await seal_audits(session)
            await session.commit()
            events = session.events
        for listener in self.after_commit:
            listener(events)

    async def close(self) -> None:
        """Close every connection."""
        await self.writer.dispose()
        await self.reader.dispose()
        await self.vault.close()


def async_url(url: str) -> URL:
    """The URL with the asynchronous driver of its database."""
    parsed = make_url(url)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    drivers["postgres"] = drivers["postgresql"]
    try:
        return parsed.set(drivername=drivers[parsed.drivername.split("+")[0]])
    except KeyError:
        raise ValueError(f"neither SQLite nor PostgreSQL: {parsed.drivername}") from None


def _sqlite_engines(url: URL, *, durable: bool) -> tuple[AsyncEngine, AsyncEngine]:
    writer = create_async_engine(
        url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        connect_args={"timeout": 30},
        **JSON,
    )
    reader = create_async_engine(
        url,
        pool_size=SQLITE_READERS,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        connect_args={"timeout": 30},
        **JSON,
    )
    _prepare_sqlite(writer, "FULL" if durable else "OFF", query_only=False)
    _prepare_sqlite(reader, "FULL", query_only=True)
    return writer, reader


def _prepare_sqlite(engine: AsyncEngine, synchronous: str, *, query_only: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute(f"PRAGMA query_only={'ON' if query_only else 'OFF'}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")


def _postgresql_engines(url: URL, *, durable: bool) -> tuple[AsyncEngine, AsyncEngine]:
    settings = {"timezone": "UTC", "application_name": "tasuki"}
    if not durable:
        settings["synchronous_commit"] = "off"
    connect_args = {"server_settings": settings}
    writer = create_async_engine(
        url,
        pool_size=POSTGRESQL_WRITERS,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        connect_args=connect_args,
        **JSON,
    )
    reader = create_async_engine(
        url,
        pool_size=POSTGRESQL_READERS,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
        connect_args=connect_args,
        **JSON,
    )
    return writer, reader
