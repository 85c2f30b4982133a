"""The bulk paths into both databases: one transaction that leaves everything or nothing.

Indexes and foreign keys of the filled tables are taken off first and put back before the commit,
which checks every row at once. Until then the database belongs to the load: others wait.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.session import Database
from models.vault import KEY_TABLE, KEYS_SCHEMA
from tasuki.load.columns import COPY_HEAD, COPY_TAIL
from tasuki.load.members import Rows
from tasuki.load.sheets import BULK_TABLES, COLUMNS, KEYS

INDEX_MEMORY_MB = 512
SQLITE_CACHE_KIB = 512 * 1024

Told = Callable[[str], None]


class ForeignKeyViolated(Exception):
    """A loaded row refers to nothing: the load is wrong, and nothing of it is kept."""


class Store(Protocol):
    """Where a load is written."""

    async def begin(self) -> None:
        """Take the database for the load."""

    async def insert(self, rows: Rows) -> None:
        """Write a few rows the ordinary way."""

    async def write(self, name: str, payload: Any) -> None:
        """Write many rows of one table."""

    async def commit(self, tell: Told) -> None:
        """Check the whole, and keep it."""

    async def close(self) -> None:
        """Let go; what is not committed is gone."""


def store_for(database: Database) -> Store:
    """The bulk path of the database's kind."""
    return PostgresqlStore(database) if database.dialect == "postgresql" else SqliteStore(database)


class _Transaction:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.connection: AsyncConnection

    async def insert(self, rows: Rows) -> None:
        """Write a few rows the ordinary way."""
        for table, some in rows.items():
            if some:
                await self.connection.execute(insert(table), some)

    async def _driver(self) -> Any:
        return (await self.connection.get_raw_connection()).driver_connection


class PostgresqlStore(_Transaction):
    """Binary COPY. Keys go to their store at once, in transactions of their own."""

    async def begin(self) -> None:
        """Take indexes and foreign keys off the tables to be filled."""
        self.connection = await self.database.writer.connect()
        await self.connection.execute(
            text(f"SET LOCAL maintenance_work_mem = '{INDEX_MEMORY_MB}MB'")
        )
        await self.connection.execute(text("SET LOCAL work_mem = '128MB'"))
        self.driver = await self._driver()
        self.restore = await _take_off(self.driver)
        self.keys = await self.database.vault.store.connect()
        self.keys_driver = (await self.keys.get_raw_connection()).driver_connection

    async def write(self, name: str, payload: Any) -> None:
        """COPY encoded rows into a table."""
        driver: Any = self.keys_driver if name == KEYS else self.driver
        await driver.copy_to_table(
            name,
            source=io.BytesIO(COPY_HEAD + payload + COPY_TAIL),
            columns=COLUMNS[name],
            schema_name=KEYS_SCHEMA if name == KEYS else None,
            format="binary",
        )

    async def commit(self, tell: Told) -> None:
        """Put indexes and foreign keys back, which checks every row, and commit."""
        for statement in self.restore:
            tell(statement)
            await self.driver.execute(statement)
        await self.connection.commit()
        for name in BULK_TABLES:
            tell(f"ANALYZE {name}")
            await self.driver.execute(f"ANALYZE {name}")

    async def close(self) -> None:
        """Roll back what is not committed."""
        await self.connection.close()
        await self.keys.close()


_CONSTRAINTS = """
SELECT conrelid::regclass::text AS table_name, conname, contype,
       pg_get_constraintdef(oid) AS definition
FROM pg_constraint
WHERE contype IN ('f', 'p', 'u')
  AND (conrelid = ANY($1::regclass[]) OR (contype = 'f' AND confrelid = ANY($1::regclass[])))
ORDER BY (contype = 'f') DESC, 1, 2
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i
WHERE i.indrelid = ANY($1::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY 1
"""


async def _take_off(driver: Any) -> list[str]:
    """Drop keys, foreign keys and indexes. Answers the statements that make them again."""
    tables = list(BULK_TABLES)
    constraints = await driver.fetch(_CONSTRAINTS, tables)
    indexes = await driver.fetch(_INDEXES, tables)
    for one in constraints:
        await driver.execute(f"ALTER TABLE {one['table_name']} DROP CONSTRAINT {one['conname']}")
    for one in indexes:
        await driver.execute(f"DROP INDEX {one['name']}")
    return [
        *(_put_back(one) for one in constraints if one["contype"] != b"f"),
        *(one["definition"] for one in indexes),
        *(_put_back(one) for one in constraints if one["contype"] == b"f"),
    ]


def _put_back(constraint: Any) -> str:
    return (
        f"ALTER TABLE {constraint['table_name']} ADD CONSTRAINT {constraint['conname']} "
        f"{constraint['definition']}"
    )


class SqliteStore(_Transaction):
    """Prepared inserts in one transaction that waits for no disk; the commit's end does."""

    async def begin(self) -> None:
        """Take the only connection that writes."""
        self.connection = await self.database.writer.connect()
        self.driver = await self._driver()
        for setting in ("foreign_keys=OFF", "synchronous=OFF", f"cache_size=-{SQLITE_CACHE_KIB}"):
            await self.driver.execute(f"PRAGMA {setting}")
        await self.connection.execute(text("SELECT 1"))
        self.restore = await self._take_off()

    async def _take_off(self) -> list[str]:
        names = ", ".join(f"'{name}'" for name in BULK_TABLES)
        found = await self.driver.execute_fetchall(
            "SELECT name, sql FROM sqlite_master "  # noqa: S608  (names of our own tables)
            f"WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})"
        )
        for name, _ in found:
            await self.driver.execute(f"DROP INDEX {name}")
        return [sql for _, sql in found]

    async def write(self, name: str, payload: Any) -> None:
        """Insert encoded rows into a table; keys into their store, at once."""
        places = ", ".join("?" * len(COLUMNS[name]))
        statement = f"INSERT INTO {name} ({', '.join(COLUMNS[name])}) VALUES ({places})"  # noqa: S608
        if name != KEYS:
            await self.driver.executemany(statement, payload)
            return
        async with self.database.vault.store.begin() as keys:
            await keys.execute(text("SELECT 1"))
            driver: Any = (await keys.get_raw_connection()).driver_connection
            await driver.executemany(statement.replace(KEYS, KEY_TABLE.name, 1), payload)

    async def commit(self, tell: Told) -> None:
        """Put the indexes back, check every foreign key, commit, and wait for the disk."""
        for statement in self.restore:
            tell(statement)
            await self.driver.execute(statement)
        tell("PRAGMA foreign_key_check")
        broken = await self.driver.execute_fetchall("PRAGMA foreign_key_check")
        if broken:
            raise ForeignKeyViolated(str(next(iter(broken))))
        await self.connection.commit()
        await self._reset()
        await self.driver.execute("ANALYZE")
        await self.driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _reset(self) -> None:
        durable = "FULL" if self.database.durable else "OFF"
        for setting in ("foreign_keys=ON", f"synchronous={durable}", "cache_size=-2000"):
            await self.driver.execute(f"PRAGMA {setting}")

    async def close(self) -> None:
        """Roll back what is not committed, and give the connection back as it was."""
        await self.connection.rollback()
        await self._reset()
        await self.connection.close()
