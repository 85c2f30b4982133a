"""The network's edges: exact where one's own, rounded where others', on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, update

from models.operations.frozen import freeze_past
from models.rules.lifecycles import Channel, OrganizationKind, ReferralStatus
from models.rules.rounding import told
from models.tables.consortium import Consortium, Organization
from models.tables.flows import FlowDay
from network.edges import WINDOW_MAX_DAYS, Edge, Window, edges, graph, told_edges, whole_months
from tests.world import World, add_organization, build_world

RELAY, INTRODUCED = Channel.RELAY_LINK, Channel.AGENCY_INTRODUCTION
ACCEPTED, PROPOSED, HIRED = ReferralStatus.ACCEPTED, ReferralStatus.PROPOSED, ReferralStatus.HIRED
SPRING = Window(date(2026, 1, 1), date(2026, 3, 31))
IN_APRIL = date(2026, 4, 2)


async def flow(
    world: World,
    day: date,
    number: int,
    *,
    giver: Organization | None = None,
    to: Organization | None = None,
    channel: Channel = RELAY,
    event: ReferralStatus = ACCEPTED,
    before: ReferralStatus | None = None,
    waited: int = 0,
) -> None:
    row = {
        "consortium_id": world.consortium_id,
        "day": day,
        "from_id": (giver or world.company).id,
        "to_id": (to or world.agency).id,
        "channel": channel,
        "event": event,
        "before": before or event,
        "waited": waited,
        "referrals": number,
    }
    async with world.database.transaction() as tx:
        await tx.execute(insert(FlowDay), row)


async def exact(world: World, window: Window = SPRING, **more: Any) -> list[Edge]:
    async with world.database.read() as read:
        return await edges(read, world.consortium_id, window, **more)


async def seen(
    world: World,
    own: Organization | None = None,
    window: Window = SPRING,
    today: date = IN_APRIL,
    **more: Any,
) -> list[Edge]:
    """The edges as they are told on a day, when the timers have run."""
    world.clock.now = datetime.combine(today, time(12), UTC)
    await freeze_past(world.database)
    async with world.database.read() as read:
        return await told_edges(
            read,
            world.consortium_id,
            window,
            today=today,
            own_id=own.id if own else None,
            **more,
        )


async def test_days_and_waiting_times_add_up_within_the_window(world: World) -> None:
    await flow(world, date(2026, 1, 1), 2)
    await flow(world, date(2026, 3, 31), 3, waited=7)
    await flow(world, date(2026, 3, 31), 1, event=HIRED)
    await flow(world, date(2025, 12, 31), 10)
    await flow(world, date(2026, 4, 1), 10)
    pair = (world.company.id, world.agency.id, RELAY)
    assert await exact(world) == [Edge(*pair, ACCEPTED, 5), Edge(*pair, HIRED, 1)]
    assert await exact(world, events=[HIRED]) == [Edge(*pair, HIRED, 1)]
    assert await exact(world, channels=[INTRODUCED]) == []
    assert await exact(world, channels=[]) == []


async def test_registering_makes_an_edge(world: World) -> None:
    for _ in range(4):
        await world.register()
    day = date(2026, 1, 5)
    found = await exact(world, Window(day, day))
    assert found == [Edge(world.company.id, world.agency.id, RELAY, ACCEPTED, 4)]


async def test_ones_own_are_exact_and_others_are_multiples(world: World) -> None:
    await flow(world, date(2026, 2, 10), 4)
    await flow(world, date(2026, 2, 10), 4, giver=world.other_company)
    own, other = await seen(world, world.company)
    assert (own.from_id, own.referrals) == (world.company.id, 4)
    assert (other.from_id, other.referrals % 3) == (world.other_company.id, 0)
    assert other.referrals in (3, 6)
    [as_its_own] = [
        edge for edge in await seen(world, world.other_company) if edge.from_id != world.company.id
    ]
    assert as_its_own.referrals == 4


async def test_a_cell_is_always_told_the_same(world: World) -> None:
    for month in (1, 2, 3):
        await flow(world, date(2026, month, 5), 100 + month, giver=world.other_company)
    [whole] = await seen(world, world.company)
    parts = [
        (await seen(world, world.company, Window(date(2026, month, 1), date(2026, month, 28))))
        for month in (1, 3)
    ]
    assert parts == [[], []]  # a month that is not whole in the window is not told
    ends = {1: 31, 2: 28, 3: 31}
    by_month = []
    for month, last in ends.items():
        window = Window(date(2026, month, 1), date(2026, month, last))
        [edge] = await seen(world, world.company, window)
        by_month.append(edge.referrals)
    assert sum(by_month) == whole.referrals
    assert [edge.referrals for edge in await seen(world, None)] == [whole.referrals]


async def test_an_open_month_is_told_to_those_it_is_of_alone(world: World) -> None:
    await flow(world, date(2026, 3, 10), 9)
    await flow(world, date(2026, 3, 10), 9, giver=world.other_company)
    today = date(2026, 3, 31)
    found = await seen(world, world.company, today=today)
    assert [edge.from_id for edge in found] == [world.company.id]
    assert await seen(world, None, today=today) == []
    assert len(await seen(world, None, today=date(2026, 4, 1))) == 2


async def test_what_was_not_handed_over_yet_is_not_told_to_its_receiver(world: World) -> None:
    await flow(
        world,
        date(2026, 3, 10),
        1,
        giver=world.agency,
        to=world.company,
        channel=INTRODUCED,
        event=PROPOSED,
    )
    today = date(2026, 3, 20)
    assert await seen(world, world.company, today=today) == []
    [own] = await seen(world, world.agency, today=today)
    assert own.referrals == 1
    for edge in await seen(world, world.company):
        assert edge.referrals == 3


async def test_a_public_count_of_one_tells_everything(world: World) -> None:
    async with world.database.transaction() as tx:
        await tx.execute(update(Consortium).values(smallest_count=1))
    await flow(world, date(2026, 2, 10), 4, giver=world.other_company)
    [edge] = await seen(world, world.company)
    assert edge.referrals == 4


async def test_another_consortium_has_another_network(world: World) -> None:
    other = await build_world(world.database, slug="other")
    await flow(other, date(2026, 2, 10), 9)
    assert await exact(world) == []
    assert await seen(world) == []


async def test_the_graph_has_names_and_weights(world: World) -> None:
    async with world.database.transaction() as tx:
        third = await add_organization(tx, world.consortium_id, 9, OrganizationKind.COMPANY)
    await flow(world, date(2026, 2, 10), 4)
    await flow(world, date(2026, 2, 10), 2, event=HIRED)
    await flow(world, date(2026, 2, 10), 1, giver=world.agency, to=third, channel=INTRODUCED)
    names = {one.id: one.name for one in (world.company, world.agency, third)}
    made = graph(await exact(world), names)
    assert {node: made.nodes[node]["name"] for node in made} == names
    assert made.edges[world.company.id, world.agency.id]["weight"] == 6
    assert nx.has_path(made, world.company.id, third.id)
    assert graph([], {}).number_of_nodes() == 0


def test_a_window_has_an_order_and_a_bound() -> None:
    day = date(2026, 1, 1)
    assert Window(day, day).first == day
    for first, last in ((date(2026, 1, 2), day), (date(2015, 1, 1), date(2026, 1, 1))):
        with pytest.raises(ValueError, match=str(WINDOW_MAX_DAYS)):
            Window(first, last)


def test_whole_months_are_those_over() -> None:
    year = Window(date(2025, 12, 1), date(2026, 12, 31))
    assert whole_months(year, date(2026, 1, 1)) == Window(date(2025, 12, 1), date(2025, 12, 31))
    assert whole_months(year, date(2025, 12, 31)) is None
    assert whole_months(Window(date(2026, 1, 2), date(2026, 2, 27)), IN_APRIL) is None


draws = st.binary(min_size=8, max_size=32)


@given(st.integers(0, 10**9), st.integers(1, 100), draws)
def test_a_figure_is_a_neighbouring_multiple(number: int, smallest: int, draw: bytes) -> None:
    answer = told(number, smallest_count=smallest, cell="cell", draw=lambda _: draw)
    assert answer % smallest == 0
    assert abs(answer - number) < smallest


@pytest.mark.parametrize(("number", "ups"), [(0, 0), (1, 1_000), (2, 2_000), (3, 3_000)])
def test_on_average_nothing_is_added_or_lost(number: int, ups: int) -> None:
    tenths = [
        told(
            number,
            smallest_count=3,
            cell="cell",
            draw=lambda _, at=at: ((2 * at + 1) * 2**64 // 6_000).to_bytes(8, "big"),  # type: ignore[misc]
        )
        for at in range(3_000)
    ]
    assert sum(tenths) == 3 * ups


@pytest.mark.parametrize(("number", "smallest"), [(-1, 3), (1, 0)])
def test_what_is_no_count_is_refused(number: int, smallest: int) -> None:
    with pytest.raises(ValueError, match="never negative"):
        told(number, smallest_count=smallest, cell="cell", draw=lambda _: bytes(8))


async def test_a_company_is_not_told_exactly_what_became_of_its_registrants(world: World) -> None:
    await flow(world, date(2026, 3, 10), 1)
    await flow(world, date(2026, 3, 10), 1, event=HIRED)
    today = date(2026, 3, 20)
    [registered] = await seen(world, world.company, today=today)
    assert (registered.event, registered.referrals) == (ACCEPTED, 1)
    assert {edge.event for edge in await seen(world, world.agency, today=today)} == {
        ACCEPTED,
        HIRED,
    }
    over = await seen(world, world.company, events=[HIRED])
    assert all(edge.referrals % 3 == 0 for edge in over)
