"""What is told of a month is written once it is over, and never again, on both databases."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from models.migrate import config
from models.operations.frozen import freeze_next_month, freeze_past
from models.outbox import EventType
from models.rules.flows import month_of
from models.rules.lifecycles import Channel, OrganizationKind, ReferralStatus
from models.rules.rounding import draw_for, told, told_parts
from models.tables.consortium import Consortium, Organization
from models.tables.flows import FlowDay, JourneyDay
from models.tables.frozen import FlowTold, FrozenMonth, JourneyTold
from models.tables.records import AuditEntry, OutboxEvent
from network.edges import Window, data_version, told_edges, told_journeys, told_table
from network.table import CHANNELS, EVENTS
from tasuki.workers.timers import Timers
from tests.handovers import hired, offered
from tests.interleaving import interleaved
from tests.test_edges import flow
from tests.world import World, add_link, add_organization, build_world

JANUARY = month_of(date(2026, 1, 1))
YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))
Status = ReferralStatus


async def all_of(world: World, *what: Any) -> Sequence[Any]:
    async with world.database.read() as read:
        return (await read.execute(select(*what).order_by(*what))).all()


def at(world: World, *instant: int) -> None:
    world.clock.now = datetime(*instant, tzinfo=UTC)  # type: ignore[misc,arg-type]


async def version(world: World, own: Organization | None = None) -> str:
    async with world.database.read() as read:
        return await data_version(read, world.consortium_id, own.id if own else None)


async def test_every_step_names_the_state_it_left(world: World) -> None:
    person = await world.register()
    await hired(world, await offered(world, person.candidate_id), fee_yen=0)
    found = await all_of(world, FlowDay.channel, FlowDay.event, FlowDay.before)
    introduced, relayed = Channel.AGENCY_INTRODUCTION, Channel.RELAY_LINK
    assert {tuple(row) for row in found} == {
        (relayed, Status.ACCEPTED, Status.ACCEPTED),
        (relayed, Status.HIRED, Status.ACCEPTED),
        (introduced, Status.PROPOSED, Status.PROPOSED),
        (introduced, Status.AGREED, Status.PROPOSED),
        (introduced, Status.DELIVERED, Status.AGREED),
        (introduced, Status.ACCEPTED, Status.DELIVERED),
        (introduced, Status.INTERVIEWING, Status.ACCEPTED),
        (introduced, Status.OFFERED, Status.INTERVIEWING),
        (introduced, Status.HIRED, Status.OFFERED),
    }


async def test_a_month_is_frozen_by_the_timers_when_it_is_over(world: World) -> None:
    for day in (3, 10, 17):
        await flow(world, date(2026, 1, day), 4, event=Status.HIRED, before=Status.ACCEPTED)
        await flow(
            world, date(2026, 1, day), 2, event=Status.HIRED, before=Status.ACCEPTED, waited=7
        )
    # January ends in Tokyo at three in the afternoon, in UTC.
    at(world, 2026, 1, 31, 15, 59)
    await Timers(world.database).run_once()
    assert await all_of(world, FrozenMonth.month) == []
    at(world, 2026, 1, 31, 16, 0)
    await Timers(world.database).run_once()
    assert [tuple(row) for row in await all_of(world, FrozenMonth.month)] == [(JANUARY,)]
    rows = await all_of(world, FlowTold.waited, FlowTold.told)
    draw = draw_for(world.database.vault.blind, world.consortium_id)
    cell = f"2026-01|{world.company.id.hex}|{world.agency.id.hex}|RELAY_LINK|HIRED"
    parts = told_parts([12, 6], smallest_count=3, cell=cell, draw=draw)
    assert [tuple(row) for row in rows] == [(0, parts[0]), (7, parts[1])]
    assert sum(parts) == told(18, smallest_count=3, cell=cell, draw=draw)
    [event] = await all_of(world, OutboxEvent.type, OutboxEvent.done_at)
    assert event.type == EventType.NETWORK_CHANGED
    assert event.done_at is not None
    async with world.database.read() as read:
        [entry] = await read.scalars(select(AuditEntry))
    assert entry.action == "flows.frozen"
    assert entry.details == {"month": "2026-01", "flows": 2, "journeys": 0}


async def test_what_was_missed_is_caught_up_with_once(world: World) -> None:
    await flow(world, date(2026, 1, 10), 9)
    await flow(world, date(2026, 4, 10), 9)
    await flow(world, date(2026, 5, 10), 9)
    at(world, 2026, 5, 20)
    await Timers(world.database).run_once()
    months = [row.month for row in await all_of(world, FrozenMonth.month)]
    assert months == [JANUARY, JANUARY + 1, JANUARY + 2, JANUARY + 3]
    rows = await all_of(world, FlowTold.month, FlowTold.told)
    assert [tuple(row) for row in rows] == [(JANUARY, 9), (JANUARY + 3, 9)]
    assert await freeze_past(world.database) == 0
    assert await all_of(world, FlowTold.month, FlowTold.told) == rows


async def test_every_consortium_has_its_own_months(world: World) -> None:
    other = await build_world(world.database, slug="other")
    async with world.database.transaction() as tx:
        await tx.execute(
            update(Consortium)
            .where(Consortium.id == other.consortium_id)
            .values(time_zone="America/New_York")
        )
    await flow(world, date(2026, 1, 10), 9)
    await flow(other, date(2026, 1, 10), 9)
    other.clock.now = datetime(2026, 2, 1, 5, 30, tzinfo=UTC)
    assert await freeze_past(world.database) == 1
    assert [row[0] for row in await all_of(world, FrozenMonth.consortium_id)] == [
        world.consortium_id
    ]
    other.clock.now = datetime(2026, 2, 1, 6, 0, tzinfo=UTC)
    assert await freeze_past(world.database) == 1


async def test_two_workers_freeze_a_month_once(world: World) -> None:
    async def freeze() -> int:
        async with world.database.transaction() as tx:
            return await freeze_next_month(tx)

    await flow(world, date(2026, 1, 10), 9)
    at(world, 2026, 2, 10)
    found = await interleaved(world.database, freeze, freeze, 2)
    assert found is not None
    assert sorted((found.first, found.second)) == [0, 1]
    rows = await all_of(world, FlowTold.month, FlowTold.told)
    assert [tuple(row) for row in rows] == [(JANUARY, 9)]


async def test_what_is_frozen_stays(world: World) -> None:
    await flow(world, date(2026, 1, 10), 100)
    await flow(world, date(2026, 2, 10), 100)
    at(world, 2026, 2, 10)
    await freeze_past(world.database)
    before = await all_of(world, FlowTold.month, FlowTold.told)
    async with world.database.transaction() as tx:
        await tx.execute(update(Consortium).values(smallest_count=50))
    at(world, 2026, 3, 10)
    await freeze_past(world.database)
    january, february = await all_of(world, FlowTold.month, FlowTold.told)
    assert [january] == list(before)
    assert tuple(february) == (JANUARY + 1, 100)
    frozen = await all_of(world, FrozenMonth.month, FrozenMonth.smallest_count)
    assert [tuple(row) for row in frozen] == [(JANUARY, 3), (JANUARY + 1, 50)]


@pytest.mark.parametrize("table", ["frozen_month", "flow_told", "journey_told"])
@pytest.mark.parametrize("change", ["UPDATE {} SET month = 1", "DELETE FROM {}"])
async def test_the_database_lets_nobody_change_it(world: World, table: str, change: str) -> None:
    person = await world.register()
    await hired(world, await offered(world, person.candidate_id), fee_yen=0)
    async with world.database.transaction() as tx:
        await tx.execute(update(Consortium).values(smallest_count=1))
    at(world, 2026, 2, 10)
    await freeze_past(world.database)
    async with world.database.reader.connect() as connection:
        count = text(f"SELECT count(*) FROM {table}")
        assert await connection.scalar(count)
    with pytest.raises(DBAPIError, match="append-only"):
        async with world.database.transaction() as tx:
            await tx.execute(text(change.format(table)))


async def add_company(world: World, number: int) -> tuple[Organization, Any]:
    async with world.database.transaction() as tx:
        company = await add_organization(tx, world.consortium_id, number, OrganizationKind.COMPANY)
        return company, await add_link(tx, company)


async def hire_through_both(world: World) -> Organization:
    """Somebody whom two companies relayed is hired by a third; another registrant is not."""
    third, link = await add_company(world, 50)
    person = await world.register(email="both@example.jp")
    await world.register(link, email="both@example.jp")
    await hired(world, await offered(world, person.candidate_id), fee_yen=0)
    await world.register()
    return third


async def test_each_hire_is_one_journey_of_its_hop(world: World) -> None:
    third = await hire_through_both(world)
    async with world.database.transaction() as tx:
        await tx.execute(update(Consortium).values(smallest_count=1))
    at(world, 2026, 2, 10)
    await freeze_past(world.database)
    kept = await all_of(world, JourneyDay.chain, JourneyDay.channel)
    led = ">".join(one.id.hex for one in (world.company, world.agency, world.other_company))
    joined = ">".join(one.id.hex for one in (third, world.agency, world.other_company))
    assert {tuple(row) for row in kept} == {
        (led, Channel.AGENCY_INTRODUCTION),
        (joined, Channel.RELAY_LINK),
    }
    [journey] = await all_of(
        world, JourneyTold.chain, JourneyTold.channel, JourneyTold.outcome, JourneyTold.told
    )
    assert tuple(journey) == (led, Channel.AGENCY_INTRODUCTION, Status.HIRED, 1)


async def journeys(world: World, own: Organization | None) -> dict[tuple[uuid.UUID, ...], int]:
    async with world.database.read() as read:
        found = await told_journeys(
            read,
            world.consortium_id,
            YEAR,
            today=date(2026, 2, 10),
            own_id=own.id if own else None,
        )
    assert set(found.month.tolist()) <= {JANUARY}
    assert set(found.outcome.tolist()) <= {EVENTS.index(Status.HIRED)}
    return {
        found.chains[place]: number
        for place, number in zip(found.chain.tolist(), found.journeys.tolist(), strict=True)
    }


async def test_whose_journeys_are_told_how(world: World) -> None:
    await hire_through_both(world)
    chain = (world.company.id, world.agency.id, world.other_company.id)
    # Before the month is frozen it is told only to those it is of.
    assert await journeys(world, None) == {}
    assert await journeys(world, world.company) == {}
    assert await journeys(world, world.agency) == {chain: 1}
    # Who turned somebody down before is not the new employer's to know.
    assert await journeys(world, world.other_company) == {chain[1:]: 1}
    at(world, 2026, 2, 10)
    await freeze_past(world.database)
    as_told = await journeys(world, None)
    assert as_told in ({}, {chain: 3})
    assert await journeys(world, world.company) == as_told
    assert await journeys(world, world.agency) == {chain: 1}
    assert await journeys(world, world.other_company) == {chain[1:]: 1}


async def random_flows(world: World) -> None:
    numbers = [1, 2, 4, 5, 7, 11, 20]
    for place, number in enumerate(numbers):
        await flow(world, date(2026, 1 + place % 3, 1 + place), number)
        await flow(
            world,
            date(2026, 1 + place % 3, 2 + place),
            number,
            giver=world.other_company,
            event=Status.HIRED,
            before=Status.ACCEPTED,
            waited=(0, 7, 30)[place % 3],
        )
        await flow(
            world,
            date(2026, 1 + place % 3, 3 + place),
            number,
            giver=world.agency,
            to=world.company,
            channel=Channel.AGENCY_INTRODUCTION,
            event=Status.DECLINED,
            before=Status.DELIVERED,
        )


async def test_the_table_has_the_cells_of_the_edges(world: World) -> None:
    await random_flows(world)
    at(world, 2026, 3, 20)
    await freeze_past(world.database)
    today = date(2026, 3, 20)
    for own in (None, world.company, world.other_company, world.agency):
        for window in (YEAR, Window(date(2026, 1, 2), date(2026, 2, 28))):
            for events in (None, [Status.HIRED], []):
                asked: dict[str, Any] = {"today": today, "own_id": own.id if own else None}
                async with world.database.read() as read:
                    edges = await told_edges(
                        read, world.consortium_id, window, events=events, **asked
                    )
                    table = await told_table(
                        read, world.consortium_id, window, events=events, **asked
                    )
                summed: Counter[Any] = Counter()
                for row in range(table.referrals.size):
                    summed[
                        table.nodes[table.source[row]],
                        table.nodes[table.target[row]],
                        CHANNELS[table.channel[row]],
                        EVENTS[table.event[row]],
                    ] += int(table.referrals[row])
                from_edges = {
                    (edge.from_id, edge.to_id, edge.channel, edge.event): edge.referrals
                    for edge in edges
                }
                assert summed == from_edges
                used = {*table.source.tolist(), *table.target.tolist()}
                assert used == set(range(len(table.nodes)))


async def test_the_table_keeps_month_state_before_and_waiting_time(world: World) -> None:
    await flow(world, date(2026, 2, 9), 5, event=Status.HIRED, before=Status.ACCEPTED, waited=30)
    async with world.database.read() as read:
        found = await told_table(
            read,
            world.consortium_id,
            YEAR,
            today=date(2026, 2, 10),
            own_id=world.agency.id,
        )
    assert [
        column.tolist()
        for column in (found.month, found.event, found.before, found.waited, found.referrals)
    ] == [[JANUARY + 1], [EVENTS.index(Status.HIRED)], [EVENTS.index(Status.ACCEPTED)], [30], [5]]
    assert found.nodes == (world.company.id, world.agency.id)


async def test_the_version_changes_when_an_answer_could(world: World) -> None:
    assert await version(world) == "none"
    assert await version(world, world.company) == "none+0"
    await world.register()
    assert await version(world) == "none"
    assert await version(world, world.company) == "none+1"
    assert await version(world, world.other_company) == "none+0"
    at(world, 2026, 2, 10)
    await freeze_past(world.database)
    assert await version(world) == "2026-01"
    assert await version(world, world.company) == "2026-01+0"
    await world.register()
    assert await version(world, world.agency) == "2026-01+1"
    assert await version(world, world.other_company) == "2026-01+0"
    assert await version(world, world.agency) == "2026-01+1"


async def test_flows_from_before_0013_have_a_state_before(world: World) -> None:
    await hire_through_both(world)
    flows = await all_of(world, FlowDay.channel, FlowDay.event, FlowDay.before, FlowDay.referrals)
    kept = await all_of(world, JourneyDay.chain, JourneyDay.channel, JourneyDay.journeys)
    async with world.database.writer.begin() as connection:
        for table in ("flow_told", "journey_told", "frozen_month", "flow_imported", "flow_source"):
            await connection.execute(text(f"DROP TABLE {table}"))
        await _make_as_in_0012(connection)
        await connection.execute(text("UPDATE alembic_version SET version_num = '0012'"))
        await connection.run_sync(lambda sync: command.upgrade(config(sync), "0013"))
    assert (
        await all_of(world, FlowDay.channel, FlowDay.event, FlowDay.before, FlowDay.referrals)
        == flows
    )
    assert await all_of(world, JourneyDay.chain, JourneyDay.channel, JourneyDay.journeys) == kept


async def _make_as_in_0012(connection: Any) -> None:
    for table, key in (
        ("flow_day", "consortium_id, day, from_id, to_id, channel, event, waited"),
        ("journey_day", "consortium_id, day, chain, outcome"),
    ):
        number = "referrals" if table == "flow_day" else "journeys"
        anew = (
            f"CREATE TABLE {table} AS SELECT {key}, CAST(sum({number}) AS INTEGER) AS {number} "
            f"FROM newer GROUP BY {key}"
        )
        for statement in (f"ALTER TABLE {table} RENAME TO newer", anew, "DROP TABLE newer"):
            await connection.execute(text(statement))
        if connection.dialect.name == "postgresql":
            primary = f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({key})"
            await connection.execute(text(primary))
