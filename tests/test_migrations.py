"""The migrations make what the tables say: their constraints too, which no comparison looks at."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Connection, inspect

from models.base import Base
from models.session import Database


def _migrated(connection: Connection) -> dict[str, set[str]]:
    seen = inspect(connection)
    return {
        table: {str(one["name"]) for one in seen.get_check_constraints(table)}
        for table in Base.metadata.tables
    }


async def test_every_check_of_a_table_is_in_the_migrated_database(database: Database) -> None:
    async with database.reader.connect() as connection:
        found = await connection.run_sync(_migrated)
    assert found == {
        name: {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        for name, table in Base.metadata.tables.items()
    }
