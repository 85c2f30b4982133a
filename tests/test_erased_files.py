"""A planted mark is in no file of a PostgreSQL server, nor in its write-ahead log."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import pytest_asyncio
from sqlalchemy import text

from models.session import Database
from tasuki.workers.timers import Timers
from tests.erasures import MARKS, PLANTED, erase, marked
from tests.world import build_world

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]

FILES_SQL = """
SELECT relname FROM pg_class
WHERE pg_relation_filepath(oid) IS NOT NULL
  AND position(CAST(:mark AS bytea) IN pg_read_binary_file(pg_relation_filepath(oid))) > 0
"""
LOG_SQL = """
SELECT name FROM pg_ls_waldir()
WHERE name ~ '^[0-9A-F]{24}$' AND name BETWEEN pg_walfile_name(CAST(CAST(:first AS text) AS pg_lsn))
  AND pg_walfile_name(pg_current_wal_insert_lsn())
  AND position(CAST(:mark AS bytea) IN pg_read_binary_file('pg_wal/' || name)) > 0
"""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one database of a server, and its log since a moment."""

    database: Database
    first: str

    async def hits(self, marks: tuple[bytes, ...]) -> list[str]:
        """The relations and pieces of the log that hold a mark."""
        found: list[str] = []
        async with self.database.writer.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("CHECKPOINT"))
            for mark in marks:
                found += (await connection.execute(text(FILES_SQL), {"mark": mark})).scalars()
                asked = {"mark": mark, "first": self.first}
                found += (await connection.execute(text(LOG_SQL), asked)).scalars()
        return found


@pytest_asyncio.fixture
async def files(database: Database) -> Files:
    """A database on a server whose files may be read."""
    async with database.reader.connect() as connection:
        if not await connection.scalar(
            text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        ):
            pytest.skip("only a superuser reads the server's files")
        first = await connection.scalar(text("SELECT pg_current_wal_insert_lsn()::text"))
    return Files(database, str(first))


async def test_a_planted_mark_is_in_no_file(files: Files) -> None:
    world = await build_world(files.database)
    me = await marked(world)
    await Timers(world.database).run_once()
    await erase(world, me)
    await Timers(world.database).run_once()

    assert await files.hits(MARKS) == []


async def test_the_search_of_files_finds_what_is_there(files: Files) -> None:
    await build_world(files.database)
    async with files.database.transaction() as tx:
        await tx.execute(text("UPDATE consortium SET name = :mark").bindparams(mark=PLANTED))

    found = await files.hits((PLANTED.encode(),))

    assert "consortium" in found
    assert len(found) > 1
