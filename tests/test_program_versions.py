"""The rules in versions, and what another version would have given."""

from __future__ import annotations

import asyncio
import uuid
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select, update

from models.access import Actor, Role
from models.errors import DefaultAgencyUnfit, DomainError, Forbidden, InvalidInput, NotFound
from models.operations.consortia import CreateConsortium, create_consortium
from models.operations.members import end_membership
from models.operations.program_versions import PublishProgramVersion, publish_program_version
from models.operations.programs import count_rules, program_in_force
from models.reads.program_versions import (
    Replayed,
    ReplayRules,
    replay_history,
    rules_of_version,
    version_in_force,
    versions_page,
)
from models.rules.counting import CountRule, CountRules, OpenLinks
from models.rules.lifecycles import OrganizationKind
from models.rules.outcomes import RefundStep, refunds_of
from models.tables.consortium import Consortium, Organization, ProgramVersion
from models.tables.ledger import Account, Entry
from models.tables.links import LinkUsage
from models.tables.registrations import Registration
from tests.world import World, add_link, add_organization, build_world


def admin(world: World) -> Actor:
    return world.actor(None, Role.CONSORTIUM_ADMIN)


async def publish(world: World, actor: Actor | None = None, **terms: Any) -> uuid.UUID:
    terms.setdefault("default_agency_id", world.agency.id)
    async with world.database.transaction() as tx:
        return await publish_program_version(
            tx, actor or admin(world), PublishProgramVersion(**terms)
        )


async def published(world: World) -> list[tuple[int, datetime, int]]:
    async with world.database.read() as read:
        rows = await read.execute(
            select(
                ProgramVersion.number,
                ProgramVersion.effective_from,
                ProgramVersion.counts_per_free_hire,
            ).order_by(ProgramVersion.number)
        )
        return [(row[0], row[1], row[2]) for row in rows]


async def test_a_version_holds_from_its_instant_on(world: World) -> None:
    planned = world.clock.now + timedelta(days=30)
    await publish(world, counts_per_free_hire=8, effective_from=planned)
    async with world.database.read() as read:
        assert (await program_in_force(read, world.consortium_id)).version.number == 1
    world.clock.now = planned
    async with world.database.read() as read:
        assert (await program_in_force(read, world.consortium_id)).version.number == 2
        in_force = await version_in_force(read, world.actor(world.company, Role.VIEWER))
    assert in_force is not None
    assert (in_force.number, in_force.counts_per_free_hire) == (2, 8)


async def test_a_planned_version_is_replaced_by_a_later_one(world: World) -> None:
    planned = world.clock.now + timedelta(days=30)
    await publish(world, counts_per_free_hire=8, effective_from=planned)
    await publish(world, counts_per_free_hire=9, effective_from=planned)
    world.clock.now = planned
    async with world.database.read() as read:
        assert (await program_in_force(read, world.consortium_id)).version.number == 3


async def test_ten_become_eight_and_the_remainder_carries_over(world: World) -> None:
    for _ in range(9):
        await world.register()
    world.clock.forward(days=1)
    await publish(world, counts_per_free_hire=5)
    async with world.database.read() as read:
        assert sorted(await read.scalars(select(Account.balance))) == [0, 0, 9]
    await world.register()
    async with world.database.read() as read:
        assert sorted(await read.scalars(select(Account.balance))) == [0, 0, 2]


@pytest.mark.parametrize(
    ("path", "terms"),
    [
        ("countsPerFreeHire", {"counts_per_free_hire": 0}),
        ("countsPerFreeHire", {"counts_per_free_hire": 1_001}),
        ("windowDays", {"window_days": 0}),
        ("windowDays", {"window_days": 3_651}),
        ("freeHireValidDays", {"free_hire_valid_days": 0}),
        ("freeHireValidDays", {"free_hire_valid_days": 3_651}),
        ("guaranteeDays", {"guarantee_days": -1}),
        ("guaranteeDays", {"guarantee_days": 366}),
        ("graceDays", {"grace_days": -1}),
        ("graceDays", {"grace_days": 3_651}),
        ("linkLimit", {"link_limit": 0}),
        ("linkLimit", {"link_limit": 100_001}),
        ("deviceLimit", {"device_limit": 0}),
        ("deviceLimit", {"device_limit": 1_001}),
    ],
)
async def test_rules_outside_their_bounds_are_refused(
    world: World, path: str, terms: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await publish(world, **terms)
    assert refused.value.path == (path,)
    assert len(await published(world)) == 1


async def test_every_bound_itself_is_allowed(world: World) -> None:
    lowest: dict[str, Any] = {
        "counts_per_free_hire": 1,
        "window_days": 1,
        "free_hire_valid_days": 1,
        "guarantee_days": 0,
        "grace_days": 0,
        "link_limit": 1,
        "device_limit": 1,
    }
    highest: dict[str, Any] = {
        "counts_per_free_hire": 1_000,
        "window_days": 3_650,
        "free_hire_valid_days": 3_650,
        "guarantee_days": 365,
        "grace_days": 3_650,
        "link_limit": 100_000,
        "device_limit": 1_000,
    }
    await publish(world, **lowest)
    await publish(world, **highest)
    assert len(await published(world)) == 3


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [(30, 80)],
        [(91, 80)],
        [(90, 80), (30, 50)],
        [(30, 80), (30, 60), (90, 50)],
        [(0, 100), (90, 50)],
        [(90, -1)],
        [(90, 101)],
        [(day, 50) for day in range(78, 91)],
    ],
)
async def test_a_refund_schedule_that_fits_no_guarantee_is_refused(
    world: World, steps: list[tuple[int, int]]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await publish(world, refund_schedule=[RefundStep(*step) for step in steps])
    assert refused.value.path == ("refundSchedule",)
    assert len(await published(world)) == 1


async def test_a_schedule_is_kept_and_where_silent_follows_the_guarantee(world: World) -> None:
    own = [RefundStep(14, 100), RefundStep(180, 0)]
    await publish(world, guarantee_days=180, refund_schedule=own)
    for days in (0, 20, 30, 60, 90):
        await publish(world, guarantee_days=days)
    async with world.database.read() as read:
        rows = await read.scalars(
            select(ProgramVersion.refund_schedule).order_by(ProgramVersion.number)
        )
        kept = [[(step.days, step.percent) for step in refunds_of(row)] for row in rows]
    assert kept == [
        [(30, 80), (90, 50)],
        [(14, 100), (180, 0)],
        [],
        [(20, 80)],
        [(30, 80)],
        [(30, 80), (60, 50)],
        [(30, 80), (90, 50)],
    ]


@pytest.mark.parametrize("by", [timedelta(seconds=-1), timedelta(days=732)])
async def test_neither_the_past_nor_the_far_future_is_ruled(world: World, by: timedelta) -> None:
    with pytest.raises(InvalidInput) as refused:
        await publish(world, effective_from=world.clock.now + by)
    assert refused.value.path == ("effectiveFrom",)
    assert len(await published(world)) == 1


async def test_the_default_agency_is_an_active_agency_with_a_licence(world: World) -> None:
    async with world.database.transaction() as tx:
        gone, lapsed = [
            await add_organization(tx, world.consortium_id, number, OrganizationKind.AGENCY)
            for number in (8, 9)
        ]
        await tx.execute(
            update(Organization)
            .where(Organization.id == lapsed.id)
            .values(licence_expires_on=date(2026, 1, 4))
        )
        await end_membership(tx, admin(world), gone.id)
    other = await build_world(world.database, slug="other")
    refusals: dict[uuid.UUID, type[DomainError]] = {
        world.company.id: DefaultAgencyUnfit,
        gone.id: DefaultAgencyUnfit,
        lapsed.id: DefaultAgencyUnfit,
        other.agency.id: NotFound,
        uuid.uuid4(): NotFound,
    }
    for agency_id, expected in refusals.items():
        with pytest.raises(expected):
            await publish(world, default_agency_id=agency_id)
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(ProgramVersion)) == 2


async def test_versions_published_at_once_are_numbered_without_a_gap(world: World) -> None:
    await asyncio.gather(*(publish(world) for _ in range(6)))
    assert [number for number, _, _ in await published(world)] == [1, 2, 3, 4, 5, 6, 7]


async def test_only_a_consortium_admin_publishes_and_replays(world: World) -> None:
    for actor in (world.actor(world.company, Role.ADMIN), world.actor(None, Role.ANALYST)):
        with pytest.raises(Forbidden):
            await publish(world, actor)
        async with world.database.read() as read:
            with pytest.raises(Forbidden):
                await replay_history(read, actor, await rules_now(world))
    assert len(await published(world)) == 1


async def test_a_new_consortium_gets_its_first_version(world: World) -> None:
    async with world.database.transaction() as tx:
        consortium_id = await create_consortium(tx, CreateConsortium("new", "New"))
        agency = await add_organization(tx, consortium_id, 1, OrganizationKind.AGENCY)
    fresh = SimpleNamespace(
        database=world.database,
        agency=agency,
        actor=lambda *_: Actor(
            **{name: getattr(admin(world), name) for name in ("kind", "id", "role", "locale")},
            consortium_id=consortium_id,
        ),
    )
    await publish(fresh)  # type: ignore[arg-type]
    async with world.database.read() as read:
        assert (await program_in_force(read, consortium_id)).version.number == 1
        assert await read.scalar(select(func.count()).select_from(Consortium)) == 2


async def test_versions_are_listed_by_number(world: World) -> None:
    await publish(world)
    await publish(world)
    asked = SimpleNamespace(limit_rows=2, backward=False, after=None, before=None)
    async with world.database.read() as read:
        actor = world.actor(world.company, Role.VIEWER)
        newest = await versions_page(read, actor, asked, descending=True)
    assert [version.number for version in newest] == [3, 2]


# --- replay --------------------------------------------------------------------------------------


async def rules_now(world: World) -> ReplayRules:
    async with world.database.read() as read:
        version = (await program_in_force(read, world.consortium_id)).version
    return ReplayRules(count_rules(version), version.counts_per_free_hire)


async def replayed(world: World, rules: ReplayRules) -> dict[uuid.UUID, Replayed]:
    async with world.database.read() as read:
        companies = await replay_history(read, admin(world), rules)
    return {company.company_id: company for company in companies}


async def test_the_rules_in_force_replay_to_what_was_given(world: World) -> None:
    async with world.database.transaction() as tx:
        other_link = await add_link(tx, world.other_company)
    for number in range(12):
        await world.register()
        if number % 3 == 0:
            await world.register(other_link, email=f"candidate{number + 1}@example.jp")
    await world.register(email="candidate1@example.jp")
    found = await replayed(world, await rules_now(world))
    company, other = found[world.company.id], found[world.other_company.id]
    assert (company.counts, company.free_hires, company.remainder) == (12, 1, 2)
    assert (company.given_counts, company.given_free_hires) == (12, 1)
    assert (other.counts, other.given_counts) == (4, 4)


async def test_other_rules_replay_to_what_they_would_have_given(world: World) -> None:
    async with world.database.transaction() as tx:
        public = await add_link(tx, world.other_company, usage=LinkUsage.PUBLIC)
    for number in range(4):
        await world.register(email=f"person{number}@example.jp")
        world.clock.forward(hours=1)
        await world.register(public, email=f"person{number}@example.jp")
    before = await tables(world)
    hypotheses = {
        (CountRule.EACH_COMPANY, OpenLinks.ALL, 2): {"company": (4, 2, 0), "other": (4, 2, 0)},
        (CountRule.FIRST_WITHIN_WINDOW, OpenLinks.ALL, 3): {
            "company": (4, 1, 1),
            "other": (0, 0, 0),
        },
        (CountRule.EACH_COMPANY, OpenLinks.REJECTION_MAIL_ONLY, 4): {
            "company": (4, 1, 0),
            "other": (0, 0, 0),
        },
        (CountRule.EACH_COMPANY, OpenLinks.NONE, 1): {"company": (0, 0, 0), "other": (0, 0, 0)},
    }
    for (count_rule, open_links, threshold), expected in hypotheses.items():
        rules = CountRules(count_rule, 365, open_links, 100, 10)
        found = await replayed(world, ReplayRules(rules, threshold))
        ids = {"company": world.company.id, "other": world.other_company.id}
        assert {
            name: (found[key].counts, found[key].free_hires, found[key].remainder)
            for name, key in ids.items()
        } == expected
    assert await tables(world) == before


async def tables(world: World) -> list[int | None]:
    async with world.database.read() as read:
        return [
            await read.scalar(select(func.count()).select_from(table))
            for table in (Registration, Entry, Account, ProgramVersion)
        ]


async def test_what_nobody_decided_or_was_refused_does_not_replay(world: World) -> None:
    async with world.database.transaction() as tx:
        await tx.execute(
            update(Organization)
            .where(Organization.id == world.company.id)
            .values(mail_domain="acme.example.jp")
        )
    await world.register(email="someone@acme.example.jp")
    found = await replayed(world, await rules_now(world))
    assert found[world.company.id].counts == 0


async def test_hypotheses_have_bounds_and_versions_are_ones_own(world: World) -> None:
    now = await rules_now(world)
    with pytest.raises(InvalidInput):
        await replayed(world, ReplayRules(now.rules, 0))
    other = await build_world(world.database, slug="other")
    async with world.database.read() as read:
        foreign = (await program_in_force(read, other.consortium_id)).version.id
        with pytest.raises(NotFound):
            await rules_of_version(read, admin(world), foreign)
        own = (await program_in_force(read, world.consortium_id)).version.id
        assert await rules_of_version(read, admin(world), own) == now
