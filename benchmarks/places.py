"""Databases to measure on, made for the run and removed after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.session import Database
from models.vault import Vault, default_keys_url
from tests.databases import (
    SECRET_KEY,
    PostgresqlTemplates,
    SqliteTemplates,
    open_database,
    postgresql_url,
)

__all__ = ["Places", "open_database", "resident_mb"]


class Places:
    """Fresh, migrated databases of each kind this machine has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kinds = ["sqlite", *(["postgresql"] if postgresql_url() else [])]

    @contextmanager
    def database(self, kind: str) -> Iterator[str]:
        """The URL of a new database of a kind, dropped at the end."""
        if kind == "sqlite":
            files = SqliteTemplates(self.folder)
            url = files.clone()
            yield url
            files.drop(url)
            return
        server = postgresql_url()
        assert server is not None
        templates = PostgresqlTemplates(server)
        try:
            url = templates.clone()
            try:
                yield url
            finally:
                templates.drop(url)
        finally:
            templates.close()


def durable(url: str) -> Database:
    """The database as it is served: every commit waits for the disk."""
    return Database(url, Vault(SECRET_KEY, default_keys_url(url)))


def resident_mb() -> float:
    """The memory this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
