"""The floor under an operation: transactions of as many statements that do next to nothing."""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from models.session import Database

SCRATCH_ROWS = 1_000
VERBS = ("SELECT", "INSERT", "UPDATE")


@dataclass(slots=True)
class Statements:
    """What an operation sent to the database: the verb of each statement, and its parameters."""

    verbs: list[str] = field(default_factory=list)
    parameter_bytes: int = 0

    def __str__(self) -> str:
        counted = {verb: self.verbs.count(verb) for verb in dict.fromkeys(self.verbs)}
        return f"{len(self.verbs)} statements ({counted})"


@contextmanager
def listening(database: Database) -> Iterator[Statements]:
    """Listen to what is sent while the block runs."""
    heard = Statements()

    def hear(_c: Any, _u: Any, statement: str, parameters: Any, *_: Any) -> None:
        verb = statement.split(None, 1)[0].upper()
        # A transaction's own BEGIN is on both sides.
        if verb in VERBS:
            heard.verbs.append(verb)
            heard.parameter_bytes += len(repr(parameters))

    engine = database.writer.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


class Bare:
    """Transactions with the same verbs over a scratch table, through the same pool and driver."""

    def __init__(self, database: Database, like: Statements) -> None:
        self.database, self.like = database, like
        self.body = os.urandom(max(1, like.parameter_bytes // max(1, len(like.verbs))))
        self.places = itertools.cycle(range(SCRATCH_ROWS))
        is_postgresql = database.dialect == "postgresql"
        one, two = ("$1", "$2") if is_postgresql else ("?", "?")
        kind = "BYTEA" if is_postgresql else "BLOB"
        self.create = f"CREATE TABLE bench_scratch (id VARCHAR PRIMARY KEY, body {kind})"
        self.statements = {
            "SELECT": f"SELECT id, body FROM bench_scratch WHERE id = {one}",  # noqa: S608
            "INSERT": f"INSERT INTO bench_scratch (id, body) VALUES ({one}, {two})",  # noqa: S608
            "UPDATE": f"UPDATE bench_scratch SET body = {one} WHERE id = {two}",  # noqa: S608
        }

    async def prepare(self) -> None:
        """Make the scratch table, with rows to read and to change."""
        async with self.database.writer.begin() as connection:
            await connection.exec_driver_sql(self.create)
            for place in range(SCRATCH_ROWS):
                await connection.exec_driver_sql(self.statements["INSERT"], (str(place), self.body))

    def job(self) -> Callable[[], Awaitable[None]]:
        """One transaction, on a row of its own."""
        return self._run

    async def _run(self) -> None:
        place = str(next(self.places))
        async with self.database.writer.begin() as connection:
            for verb in self.like.verbs:
                parameters: dict[str, tuple[Any, ...]] = {
                    "SELECT": (place,),
                    "INSERT": (uuid.uuid4().hex, self.body),
                    "UPDATE": (self.body, place),
                }
                result = await connection.exec_driver_sql(self.statements[verb], parameters[verb])
                if verb == "SELECT":
                    result.all()
