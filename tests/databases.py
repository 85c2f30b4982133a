"""A fresh database for a test, cloned from a migrated template, on whatever this machine has."""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import asyncpg
from sqlalchemy.engine import URL, make_url

from models.migrate import migrate
from models.session import Database
from models.vault import Vault, default_keys_url

SECRET_KEY = b"a secret key for tests, of 32 bytes or more"
POSTGRESQL_URLS = (
    "postgresql:///postgres",
    "postgresql://postgres@127.0.0.1:5432/postgres",
)


@lru_cache(maxsize=1)
def postgresql_url() -> str | None:
    """A server on which databases may be made: the one named, else one that answers here."""
    named = os.environ.get("TASUKI_TEST_POSTGRESQL_URL")
    for url in (named,) if named else POSTGRESQL_URLS:
        if asyncio.run(_answers(url)):
            return url
    return None


async def _answers(url: str) -> bool:
    try:
        connection = await asyncpg.connect(_plain(make_url(url)), timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    may_create = await connection.fetchval(
        "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    await connection.close()
    return bool(may_create)


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def open_database(url: str, *, durable: bool = False) -> Database:
    """The database at ``url``, its keys beside it, under the tests' secret."""
    vault = Vault(SECRET_KEY, default_keys_url(url), durable=durable)
    return Database(url, vault, durable=durable)


async def _migrated(url: str) -> None:
    database = open_database(url)
    await migrate(database)
    await database.close()


class SqliteTemplates:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / f"template-{uuid.uuid4().hex}.db"
        self.folder = folder
        asyncio.run(_migrated(f"sqlite:///{self.template}"))

    def clone(self) -> str:
        """The URL of a fresh copy."""
        copy = self.folder / f"{uuid.uuid4().hex}.db"
        shutil.copy(self.template, copy)
        shutil.copy(self.keys_of(self.template), self.keys_of(copy))
        return f"sqlite:///{copy}"

    def copy(self, url: str) -> str:
        """The URL of a copy of the data alone, as a backup would be. Nothing may be connected."""
        copy = self.folder / f"{uuid.uuid4().hex}.db"
        shutil.copy(make_url(url).database or "", copy)
        return f"sqlite:///{copy}"

    @staticmethod
    def keys_of(path: Path) -> Path:
        """Where the keys of a database lie."""
        return path.with_name(f"{path.stem}-keys.db")

    def drop(self, url: str) -> None:
        """Remove a copy."""
        path = Path(make_url(url).database or "")
        for found in path.parent.glob(f"{path.stem}*"):
            found.unlink()


# Making a database costs more than most tests do. This is all that a test could have changed of it.
_SHAPE = """
SELECT md5(string_agg(line, '\n' ORDER BY line)) FROM (
    SELECT format('%s %s %s %s', c.oid::regclass, a.attname, a.atttypid, a.attnotnull)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE {ours} AND NOT a.attisdropped
    UNION ALL SELECT pg_get_indexdef(c.oid) FROM pg_class c WHERE {ours} AND c.relkind = 'i'
    UNION ALL SELECT format('%s %s', c.oid::regclass, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE {ours}
    UNION ALL SELECT format('%s %s %s', c.oid::regclass, t.tgname, t.tgenabled)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE {ours} AND NOT t.tgisinternal
) AS shape(line)
""".format(ours="c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'")
_TABLES = """
SELECT c.oid::regclass::text FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
    AND c.relname <> 'alembic_version'
"""
_GUARDED = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
_VERSION = "SELECT string_agg(version_num, ' ') FROM alembic_version"
_SIZE = "SELECT pg_database_size(current_database())"
GROWTH_MAX = 16_000_000
"""Bytes. Where a test wrote more, a new database is made sooner than this one is emptied."""


@dataclass(frozen=True)
class _Like:
    """What a database of the template is like before anything happens to it."""

    shape: str
    version: str
    size: int


class PostgresqlTemplates:
    """Clones of one migrated template database. One that is dropped is emptied for the next."""

    def __init__(self, server: str) -> None:
        self.server = make_url(server)
        self.template = f"tasuki_template_{uuid.uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {self.template}")
        asyncio.run(_migrated(self._url(self.template)))
        self._free: list[str] = []
        self._like = asyncio.run(_like(self._url(self.template)))

    def clone(self) -> str:
        """The URL of a database as the migrations leave it."""
        if self._free:
            return self._free.pop()
        name = f"tasuki_test_{uuid.uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return self._url(name)

    def copy(self, url: str) -> str:
        """The URL of a copy, as a backup would be. Nothing may be connected."""
        name = f"tasuki_test_{uuid.uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Take a clone back: emptied where that is all it takes, else removed."""
        if asyncio.run(_emptied(url, self._like)):
            self._free.append(url)
        else:
            self._remove(url)

    def close(self) -> None:
        """Remove the template, and what waits for another test."""
        for url in (*self._free, self._url(self.template)):
            self._remove(url)

    def _remove(self, url: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(_plain(self.server))
            await connection.execute(statement)
            await connection.close()

        asyncio.run(run())


async def _like(url: str) -> _Like:
    connection = await asyncpg.connect(_plain(make_url(url)))
    try:
        return _Like(*[await connection.fetchval(one) for one in (_SHAPE, _VERSION, _SIZE)])
    finally:
        await connection.close()


async def _emptied(url: str, like: _Like) -> bool:
    """Whether the database is as the template is again.

    It is not where its tables were changed, somebody is still connected, or much was written.
    """
    try:
        connection = await asyncpg.connect(_plain(make_url(url)))
    except asyncpg.InvalidCatalogNameError:
        return False
    try:
        if await connection.fetchval(_OTHERS) > 1:
            return False
        if await connection.fetchval(_SIZE) > like.size + GROWTH_MAX:
            return False
        if await connection.fetchval(_SHAPE) != like.shape:
            return False
        if await connection.fetchval(_VERSION) != like.version:
            return False
        await _empty(connection)
        return True
    finally:
        await connection.close()


async def _empty(connection: asyncpg.Connection) -> None:
    tables = [row[0] for row in await connection.fetch(_TABLES)]
    looks = [f"SELECT '{one}' WHERE EXISTS (SELECT FROM {one})" for one in tables]
    filled = [row[0] for row in await connection.fetch(" UNION ALL ".join(looks))]
    guarded = [row[0] for row in await connection.fetch(_GUARDED) if row[0] in filled]
    if filled:
        # One statement, so that what refers to each other goes together.
        parts = ", ".join(f"t{n} AS (DELETE FROM {one})" for n, one in enumerate(filled))
        async with connection.transaction():
            for one in guarded:
                await connection.execute(f"ALTER TABLE {one} DISABLE TRIGGER USER")
            await connection.execute(f"WITH {parts} SELECT 1")
            for one in guarded:
                await connection.execute(f"ALTER TABLE {one} ENABLE TRIGGER USER")
