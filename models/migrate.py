"""Bringing a database to the schema of this version, and telling whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

import models.tables  # noqa: F401  (fills the metadata)
from models.base import Base
from models.session import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings


async def migrate(database: Database) -> None:
    """Create or upgrade the data's tables and the key store."""
    async with database.writer.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(config(sync), "head"))
    await database.vault.prepare()


async def is_migrated(engine: AsyncEngine) -> bool:
    """Whether the database stands at this version's last migration."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    async with engine.connect() as connection:
        current = await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )
    return current == head


async def differences(database: Database) -> list[str]:
    """What the tables in code have that the migrated database has not, or the other way round."""

    def compare(connection: Connection) -> list[str]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]

    async with database.writer.connect() as connection:
        return await connection.run_sync(compare)
