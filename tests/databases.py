"""A fresh database for a test, cloned from a migrated template, on whatever this machine has."""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
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


class PostgresqlTemplates:
    """Clones of one migrated template database."""

    def __init__(self, server: str) -> None:
        self.server = make_url(server)
        self.template = f"tasuki_template_{uuid.uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {self.template}")
        asyncio.run(_migrated(self._url(self.template)))

    def clone(self) -> str:
        """The URL of a fresh clone."""
        name = f"tasuki_test_{uuid.uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return self._url(name)

    def copy(self, url: str) -> str:
        """The URL of a copy, as a backup would be. Nothing may be connected."""
        name = f"tasuki_test_{uuid.uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Remove a clone."""
        self._run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        """Remove the template."""
        self.drop(self._url(self.template))

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(_plain(self.server))
            await connection.execute(statement)
            await connection.close()

        asyncio.run(run())
