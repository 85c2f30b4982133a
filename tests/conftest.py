"""Both databases for every test of an operation, and what this machine could not run."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from models.session import Database
from tests.databases import PostgresqlTemplates, SqliteTemplates, open_database, postgresql_url
from tests.world import World, build_world

REQUIRED = frozenset(filter(None, os.environ.get("TASUKI_TEST_REQUIRE", "").split(",")))
MISSING = pytest.StashKey[dict[str, int]]()


def chromium() -> str | None:
    """The browser on this machine."""
    return os.environ.get("TASUKI_TEST_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


def available(what: str) -> bool:
    """Whether this machine has what some tests need."""
    found = postgresql_url() if what == "postgresql" else chromium()
    return found is not None


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING] = {}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for what in ("postgresql", "browser"):
        if item.get_closest_marker(what) and not available(what):
            if what in REQUIRED:
                pytest.fail(f"{what} is required and not on this machine", pytrace=False)
            pytest.skip(f"needs {what}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    for what in ("postgresql", "browser"):
        number = sum(f"needs {what}" in str(report.longrepr) for report in skipped)
        if number:
            terminalreporter.write_line(
                f"NOT RUN on this machine: {number} tests that need {what}", yellow=True
            )
    others = [r for r in skipped if "needs " not in str(r.longrepr)]
    for report in others:
        terminalreporter.write_line(f"NOT RUN: {report.nodeid}: {report.longrepr[2]}", yellow=True)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplates:
    return SqliteTemplates(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgresql_templates() -> Iterator[PostgresqlTemplates]:
    server = postgresql_url()
    assert server is not None
    templates = PostgresqlTemplates(server)
    yield templates
    templates.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty, migrated database of each kind."""
    templates = request.getfixturevalue(f"{request.param}_templates")
    url = templates.clone()
    yield url
    templates.drop(url)


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty, migrated database of each kind."""
    database = open_database(database_url)
    yield database
    await database.close()


@pytest_asyncio.fixture
async def world(database: Database) -> World:
    """A small consortium: two companies, an agency, a link of the first, rules in force."""
    return await build_world(database)
