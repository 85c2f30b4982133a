"""The program in force, and the facts that its rules judge by."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from models.errors import NotFound
from models.rules.counting import CountRules
from models.rules.flows import day_begins, local_day
from models.session import ReadSession
from models.tables.consortium import Consortium, Program, ProgramVersion


@dataclass(frozen=True, slots=True)
class InForce:
    """The version of the rules that judges what happens now."""

    version: ProgramVersion
    time_zone: str

    @property
    def program_id(self) -> uuid.UUID:
        """The program the version belongs to."""
        return self.version.program_id

    @property
    def count_rules(self) -> CountRules:
        """What decides about counts."""
        return count_rules(self.version)

    def day(self, instant: datetime) -> date:
        """The instant's day where the consortium is."""
        return local_day(instant, self.time_zone)

    def day_begins(self, day: date) -> datetime:
        """The instant at which a day begins where the consortium is."""
        return day_begins(day, self.time_zone)

    def free_hire_expiry(self, earned_at: datetime) -> datetime:
        """Until when a free hire earned then can be used."""
        return earned_at + timedelta(days=self.version.free_hire_valid_days)


def count_rules(version: ProgramVersion) -> CountRules:
    """The part of a version that decides about counts."""
    return CountRules(
        count_rule=version.count_rule,
        window_days=version.window_days,
        open_links=version.open_links,
        link_limit=version.link_limit,
        device_limit=version.device_limit,
    )


async def version_of_day(session: ReadSession, program: InForce, day: date) -> ProgramVersion:
    """The version that judges what happened on a day: the last to take effect by its end.

    The first of all where the day was before it.
    """
    rows = await session.scalars(
        select(ProgramVersion)
        .where(
            ProgramVersion.program_id == program.program_id,
            ProgramVersion.effective_from <= session.now,
        )
        .order_by(ProgramVersion.effective_from.desc(), ProgramVersion.number.desc())
    )
    versions = rows.all()
    for version in versions:
        if program.day(version.effective_from) <= day:
            return version
    return versions[-1]


async def program_in_force(session: ReadSession, consortium_id: uuid.UUID) -> InForce:
    """The program's version at this instant. Raises `NotFound` before one is published."""
    row = (
        await session.execute(
            select(ProgramVersion, Consortium.time_zone)
            .join(Program, Program.id == ProgramVersion.program_id)
            .join(Consortium, Consortium.id == Program.consortium_id)
            .where(
                Program.consortium_id == consortium_id,
                ProgramVersion.effective_from <= session.now,
            )
            .order_by(ProgramVersion.effective_from.desc(), ProgramVersion.number.desc())
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="program")
    return InForce(row[0], row[1])
