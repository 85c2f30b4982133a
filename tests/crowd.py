"""A pool of any size: the one person who is in it, copied within the database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from models.access import Actor, Role
from models.tables.candidates import Candidate, Consent, Disclosure
from tests.partners import list_all, partners, shared
from tests.world import World

DAYS = 365
"""Over so many days the copies were listed."""
SERIES = {
    "sqlite": "(WITH RECURSIVE series(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM series "
    "WHERE n < :last) SELECT n FROM series)",
    "postgresql": "(SELECT generate_series(CAST(:first AS int), CAST(:last AS int)) AS n)",
}
ID = {"sqlite": "printf('%032x', n)", "postgresql": "lpad(to_hex(n), 32, '0')::uuid"}
DAY = {
    "sqlite": f"date('2025-12-31', '-' || (n % {DAYS}) || ' days')",
    "postgresql": f"date '2025-12-31' - n % {DAYS}",
}


@dataclass(slots=True)
class Crowd:
    """Whom the second company sees in the pool: ``people``, of whom ``candidate_id`` was first."""

    world: World
    candidate_id: uuid.UUID
    consent_id: uuid.UUID
    listing_id: uuid.UUID
    people: int = 1

    @property
    def recruiter(self) -> Actor:
        """Someone who looks at the pool."""
        return self.world.actor(self.world.other_company, Role.RECRUITER)

    async def grow(self, people: int) -> None:
        """Let there be so many."""
        dialect = self.world.database.dialect
        new, day = ID[dialect], DAY[dialect]
        person = {"id": new, "key_id": new, "email_hash": "NULL"}
        listing = {"id": new, "candidate_id": new, "consent_id": new, "opened_on": day}
        await self._copy(Candidate, self.candidate_id, people, person)
        await self._copy(Consent, self.consent_id, people, {"id": new, "candidate_id": new})
        await self._copy(Disclosure, self.listing_id, people, listing)
        if dialect == "postgresql":
            async with self.world.database.transaction() as tx:
                await tx.execute(text("ANALYZE"))
        self.people = people

    async def _copy(
        self, table: Any, original: uuid.UUID, people: int, changed: dict[str, str]
    ) -> None:
        dialect = self.world.database.dialect
        columns = [column.name for column in table.__table__.columns]
        chosen = [changed.get(name, f"original.{name}") for name in columns]
        async with self.world.database.transaction() as tx:
            await tx.execute(
                text(
                    f"INSERT INTO {table.__tablename__} ({', '.join(columns)}) "
                    f"SELECT {', '.join(chosen)} "
                    f"FROM {table.__tablename__} AS original, {SERIES[dialect]} AS counted "
                    f"WHERE original.id = :original"
                ),
                {
                    "original": original.hex if dialect == "sqlite" else original,
                    "first": self.people,
                    "last": people - 1,
                },
            )


async def crowd(world: World) -> Crowd:
    """The first in the pool that the second company sees."""
    await partners(world, world.company, world.other_company)
    candidate_id = await shared(world)
    await list_all(world)
    async with world.database.read() as read:
        listed = (
            await read.execute(
                select(Disclosure.id, Disclosure.consent_id).where(
                    Disclosure.candidate_id == candidate_id,
                    Disclosure.recipient_id == world.other_company.id,
                    Disclosure.partnership_id.is_not(None),
                )
            )
        ).one()
    return Crowd(world, candidate_id, listed.consent_id, listed.id)
