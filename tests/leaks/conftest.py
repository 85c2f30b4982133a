"""One world a database for the whole package: whatever changes it changes it back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from models.session import Database
from tests.databases import open_database
from tests.leaks.stage import Stage, build


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], scope="session"
)
def shared_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of each kind for all."""
    templates = request.getfixturevalue(f"{request.param}_templates")
    url = templates.clone()
    yield url
    templates.drop(url)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_database(shared_url: str) -> AsyncIterator[Database]:
    """In place of the one that every test has anew."""
    database = open_database(shared_url)
    yield database
    await database.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stages(shared_database: Database) -> tuple[Stage, Stage]:
    """The consortium of the scenes, and a foreign one."""
    return await build(shared_database)
