"""The migrations make what the tables say: their constraints too, which no comparison looks at."""

from __future__ import annotations

from datetime import datetime

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, inspect, select, text

from models.access import Role
from models.base import Base
from models.migrate import config
from models.operations.agreements import AgreeToIntroduction, agree_to_introduction
from models.operations.openings import CreateOpening, OpeningTerms, create_opening
from models.operations.partnerships import leave_partnership
from models.operations.referrals import (
    DeclineReferral,
    IntroduceCandidate,
    decline_referral,
    introduce_candidate,
)
from models.session import Database
from models.tables.flows import NeedDay
from models.tables.partnerships import PartnershipParty
from models.tables.referrals import DeclineReason
from tests.handovers import run
from tests.partners import admin, partners, person, third_company
from tests.world import World


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


async def _declined_for_an_opening(world: World) -> None:
    recruiter = world.actor(world.company, Role.RECRUITER)
    terms = CreateOpening(OpeningTerms(title="営業", category="SALES"))
    opening_id = await run(world, create_opening, recruiter, terms)
    candidate_id = (await world.register()).candidate_id
    introduce = IntroduceCandidate(candidate_id, world.company.id, opening_id)
    agent = world.actor(world.agency, Role.RECRUITER)
    referral_id = await run(world, introduce_candidate, agent, introduce)
    yes = AgreeToIntroduction(referral_id, "2026-01")
    await run(world, agree_to_introduction, person(world, candidate_id), yes)
    no = DeclineReferral(referral_id, DeclineReason.SKILLS)
    await run(world, decline_referral, recruiter, no)


async def _kept(world: World) -> tuple[list[tuple[object, ...]], list[datetime | None]]:
    async with world.database.read() as read:
        needs = await read.execute(
            select(NeedDay.day, NeedDay.company_id, NeedDay.category, NeedDay.turned_down)
        )
        left = await read.scalars(
            select(PartnershipParty.left_at).order_by(PartnershipParty.company_id)
        )
        return [tuple(row) for row in needs], list(left)


async def test_what_happened_before_0011_is_told_as_what_happens_after(world: World) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company, third)
    world.clock.forward(days=1)
    await run(world, leave_partnership, admin(world, third), partnership_id)
    await _declined_for_an_opening(world)
    before = await _kept(world)
    assert [row[3] for row in before[0]] == [1]
    assert [at is None for at in before[1]] == [True, True, False]
    revision = ScriptDirectory.from_config(config()).get_revision("0011")
    async with world.database.writer.begin() as connection:
        for statement in (
            "DROP TABLE partnership_policy",
            "ALTER TABLE partnership_party DROP COLUMN left_at",
            "DELETE FROM need_day",
            f"UPDATE alembic_version SET version_num = '{revision.down_revision}'",
        ):
            await connection.execute(text(statement))
        await connection.run_sync(lambda sync: command.upgrade(config(sync), "0011"))
    assert await _kept(world) == before
