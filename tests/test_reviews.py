"""Counts that a consortium admin decides about, on both databases."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select, update

from models.access import Actor, Role
from models.errors import DomainError, Forbidden, InvalidInput, InvalidTransition, NotFound
from models.operations.links import revoke_relay_link
from models.operations.members import end_membership
from models.operations.program_versions import PublishProgramVersion, publish_program_version
from models.operations.reviews import (
    Resolution,
    ResolveHeldCount,
    ReverseCount,
    resolve_held_count,
    reverse_count,
)
from models.reads.reviews import HeldFilter, count_held, evidence, held_by_id, held_page
from models.rules.counting import (
    Counted,
    CountFacts,
    CountRule,
    CountRules,
    HoldReason,
    NotCounted,
    NotCountedReason,
    OpenLinks,
    count_reviewed,
)
from models.rules.ledger import Book, EntryKind, Unit
from models.rules.lifecycles import CountStatus, FreeHireStatus, OrganizationKind
from models.session import Database
from models.tables.consortium import Organization
from models.tables.ledger import Account, Entry, FreeHire
from models.tables.records import AuditEntry, OutboxEvent
from models.tables.registrations import CountedPerson, Registration
from tests.world import World, add_link, add_organization, build_world


def admin(world: World) -> Actor:
    return world.actor(None, Role.CONSORTIUM_ADMIN)


async def own_domain(world: World) -> None:
    async with world.database.transaction() as tx:
        await tx.execute(
            update(Organization)
            .where(Organization.id == world.company.id)
            .values(mail_domain="acme.example.jp")
        )


async def held(world: World, name: str = "colleague") -> uuid.UUID:
    """A registration with the company's own mail address, whose count waits."""
    completed = await world.register(email=f"{name}@acme.example.jp")
    assert completed.count_status is CountStatus.HELD
    return completed.registration_id


async def resolve(
    world: World,
    registration_id: uuid.UUID,
    resolution: Resolution = Resolution.COUNT,
    reason: str = "確認済み",
    actor: Actor | None = None,
) -> None:
    command = ResolveHeldCount(registration_id, resolution, reason)
    async with world.database.transaction() as tx:
        await resolve_held_count(tx, actor or admin(world), command)


async def reverse(world: World, entry_id: uuid.UUID, actor: Actor | None = None) -> None:
    async with world.database.transaction() as tx:
        await reverse_count(tx, actor or admin(world), ReverseCount(entry_id, "重複と判明"))


async def registration(world: World, registration_id: uuid.UUID) -> Registration:
    async with world.database.read() as read:
        return await read.get_one(Registration, registration_id)


async def balances(world: World) -> tuple[int, int, int]:
    """Counts, debt, free hires."""
    async with world.database.read() as read:
        rows = await read.scalars(select(Account).where(Account.company_id == world.company.id))
        found = {(row.unit, row.book): row.balance for row in rows}
    return (
        found.get((Unit.COUNT, Book.BALANCE), 0),
        found.get((Unit.COUNT, Book.DEBT), 0),
        found.get((Unit.FREE_HIRE, Book.BALANCE), 0),
    )


async def number_of(world: World, table: Any) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(table)) or 0


async def counted_entries(world: World) -> list[uuid.UUID]:
    async with world.database.read() as read:
        rows = await read.scalars(
            select(Entry.id).where(Entry.kind == EntryKind.COUNTED).order_by(Entry.number)
        )
        return list(rows)


async def test_a_released_count_counts_and_keeps_the_reason(world: World) -> None:
    await own_domain(world)
    registration_id = await held(world)
    assert await balances(world) == (0, 0, 0)
    await resolve(world, registration_id)
    decided = await registration(world, registration_id)
    assert (decided.count_status, decided.hold_reason) == (
        CountStatus.COUNTED,
        HoldReason.COMPANY_DOMAIN,
    )
    assert (decided.decision_note, decided.decided_at) == ("確認済み", world.clock.now)
    assert await balances(world) == (1, 0, 0)


async def test_a_refused_count_stays_out(world: World) -> None:
    await own_domain(world)
    registration_id = await held(world)
    await resolve(world, registration_id, Resolution.REFUSE)
    decided = await registration(world, registration_id)
    assert (decided.count_status, decided.not_counted_reason) == (
        CountStatus.NOT_COUNTED,
        NotCountedReason.REVIEWED,
    )
    assert await balances(world) == (0, 0, 0)
    assert await number_of(world, CountedPerson) == 0


async def test_the_released_tenth_count_earns_a_free_hire(world: World) -> None:
    await own_domain(world)
    registration_id = await held(world)
    for _ in range(9):
        await world.register()
    await resolve(world, registration_id)
    assert await balances(world) == (0, 0, 1)
    async with world.database.read() as read:
        told = await read.scalars(
            select(OutboxEvent.id).where(OutboxEvent.type == "free_hire.earned")
        )
        assert len(told.all()) == 1


async def test_a_count_is_judged_by_the_rules_of_its_day(world: World) -> None:
    await own_domain(world)
    registration_id = await held(world)
    for _ in range(3):
        await world.register()
    world.clock.forward(days=1)
    async with world.database.transaction() as tx:
        await publish_program_version(
            tx, admin(world), PublishProgramVersion(world.agency.id, counts_per_free_hire=4)
        )
    await resolve(world, registration_id)
    assert await balances(world) == (4, 0, 0)
    await world.register()
    assert await balances(world) == (1, 0, 1)


async def test_revoking_the_link_or_leaving_takes_no_earlier_count_away(world: World) -> None:
    await own_domain(world)
    first, second = await held(world, "one"), await held(world, "two")
    async with world.database.transaction() as tx:
        await revoke_relay_link(tx, world.actor(world.company, Role.ADMIN), world.link.id)
    await resolve(world, first)
    async with world.database.transaction() as tx:
        await end_membership(tx, admin(world), world.company.id)
    await resolve(world, second)
    assert await balances(world) == (2, 0, 0)


async def test_a_person_counted_meanwhile_is_not_counted_again(world: World) -> None:
    await own_domain(world)
    first = await held(world)
    second = await world.register(email="colleague@acme.example.jp")
    assert second.count_status is CountStatus.HELD
    await resolve(world, second.registration_id)
    await resolve(world, first)
    decided = await registration(world, first)
    assert (decided.count_status, decided.not_counted_reason) == (
        CountStatus.NOT_COUNTED,
        NotCountedReason.COUNTED_BEFORE,
    )
    assert await balances(world) == (1, 0, 0)


async def test_two_admins_at_once_decide_once(world: World) -> None:
    await own_domain(world)
    registration_id = await held(world)
    answers = await asyncio.gather(
        *(
            resolve(world, registration_id, resolution)
            for resolution in (Resolution.COUNT, Resolution.COUNT, Resolution.REFUSE)
        ),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == [
        "InvalidTransition",
        "InvalidTransition",
        "NoneType",
    ]
    decided = await registration(world, registration_id)
    expected = (1, 0, 0) if decided.count_status is CountStatus.COUNTED else (0, 0, 0)
    assert await balances(world) == expected


async def test_what_is_decided_or_was_never_held_is_refused(world: World) -> None:
    await own_domain(world)
    registration_id = await held(world)
    await resolve(world, registration_id, Resolution.REFUSE)
    counted = await world.register()
    audits = await number_of(world, AuditEntry)
    refusals: list[tuple[uuid.UUID, type[DomainError]]] = [
        (registration_id, InvalidTransition),
        (counted.registration_id, NotFound),
        (uuid.uuid4(), NotFound),
    ]
    for asked, expected in refusals:
        with pytest.raises(expected):
            await resolve(world, asked)
    assert await number_of(world, AuditEntry) == audits


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1_001, "a\0b"])
async def test_a_reason_is_needed_and_bounded(world: World, reason: str) -> None:
    await own_domain(world)
    registration_id = await held(world)
    with pytest.raises(InvalidInput) as refused:
        await resolve(world, registration_id, reason=reason)
    assert refused.value.path == ("reason",)
    assert (await registration(world, registration_id)).count_status is CountStatus.HELD


async def test_only_reviewers_of_the_consortium_decide(world: World) -> None:
    await own_domain(world)
    registration_id = await held(world)
    await world.register()
    [entry_id] = await counted_entries(world)
    for actor in (world.actor(world.company, Role.ADMIN), world.actor(None, Role.ANALYST)):
        with pytest.raises(Forbidden):
            await resolve(world, registration_id, actor=actor)
        with pytest.raises(Forbidden):
            await reverse(world, entry_id, actor)
    other = await build_world(world.database, slug="other")
    with pytest.raises(NotFound):
        await resolve(world, registration_id, actor=admin(other))
    with pytest.raises(NotFound):
        await reverse(world, entry_id, admin(other))
    async with world.database.read() as read:
        assert await held_by_id(read, admin(other), [registration_id]) == {}
        assert await evidence(read, admin(other), [registration_id]) == {}
    assert await balances(world) == (1, 0, 0)


async def test_a_reversal_takes_from_the_remainder(world: World) -> None:
    for _ in range(3):
        await world.register()
    entry_id = (await counted_entries(world))[1]
    await reverse(world, entry_id)
    assert await balances(world) == (2, 0, 0)
    with pytest.raises(InvalidTransition):
        await reverse(world, entry_id)
    assert await balances(world) == (2, 0, 0)
    async with world.database.read() as read:
        entry = (await read.scalars(select(Entry).where(Entry.reverses_id == entry_id))).one()
    assert (entry.amount, entry.kind) == (-1, EntryKind.REVERSED)


async def test_a_reversal_takes_back_an_available_free_hire(world: World) -> None:
    for _ in range(10):
        await world.register()
    await reverse(world, (await counted_entries(world))[0])
    assert await balances(world) == (9, 0, 0)
    async with world.database.read() as read:
        assert await read.scalar(select(FreeHire.status)) is FreeHireStatus.TAKEN_BACK


async def test_a_reversal_that_finds_nothing_is_a_debt_that_counts_fill(world: World) -> None:
    for _ in range(10):
        await world.register()
    async with world.database.transaction() as tx:
        # As if it were spent: what matters here is that none is available.
        await tx.execute(update(FreeHire).values(expires_at=world.clock.now))
    await reverse(world, (await counted_entries(world))[0])
    assert await balances(world) == (0, 1, 1)
    await world.register()
    assert await balances(world) == (0, 0, 1)


async def test_a_reversed_person_is_never_counted_again(world: World) -> None:
    completed = await world.register(email="again@example.jp")
    await reverse(world, (await counted_entries(world))[0])
    reversed_one = await registration(world, completed.registration_id)
    assert reversed_one.count_status is CountStatus.REVERSED
    assert reversed_one.decision_note == "重複と判明"
    again = await world.register(email="again@example.jp")
    assert again.count_status is CountStatus.NOT_COUNTED
    assert await balances(world) == (0, 0, 0)


async def test_both_reasons_are_kept(world: World) -> None:
    await own_domain(world)
    registration_id = await held(world)
    await resolve(world, registration_id)
    await reverse(world, (await counted_entries(world))[0])
    decided = await registration(world, registration_id)
    assert decided.decision_note == "確認済み\n\n重複と判明"


async def test_reversals_at_once_take_back_each_count_once(world: World) -> None:
    for _ in range(12):
        await world.register()
    entries = await counted_entries(world)
    answers = await asyncio.gather(
        *(reverse(world, entry_id) for entry_id in entries * 2), return_exceptions=True
    )
    assert sum(answer is None for answer in answers) == 12
    assert await balances(world) == (0, 0, 0)


async def test_the_queue_shows_why_and_never_who(world: World) -> None:
    await own_domain(world)
    first = await held(world, "one")
    world.clock.forward(days=1)
    second = await held(world, "two")
    asked = SimpleNamespace(limit_rows=10, backward=False, after=None, before=None)
    waiting = HeldFilter(status=SimpleNamespace(eq=CountStatus.HELD))
    async with world.database.read() as read:
        queue = await held_page(read, admin(world), waiting, asked, descending=False)
        assert await count_held(read, admin(world), waiting) == 2
    assert [one.id for one in queue] == [first, second]
    one = queue[0]
    assert (one.company_id, one.campaign, one.hold_reason, one.company_mail_domain) == (
        world.company.id,
        "2026 春採用",
        HoldReason.COMPANY_DOMAIN,
        "acme.example.jp",
    )
    assert not {"candidate_id", "email", "completed_at", "sealed"} & set(type(one).__slots__)
    await resolve(world, first, Resolution.REFUSE)
    async with world.database.read() as read:
        queue = await held_page(read, admin(world), waiting, asked, descending=False)
        everything = await held_page(read, admin(world), HeldFilter(), asked, descending=True)
    assert [one.id for one in queue] == [second]
    assert [(one.id, one.status) for one in everything] == [
        (second, CountStatus.HELD),
        (first, CountStatus.NOT_COUNTED),
    ]


async def test_the_evidence_is_numbers_of_its_own_time(world: World) -> None:
    held_ids = []
    for number in range(12):
        completed = await world.register(device="one device")
        if completed.count_status is CountStatus.HELD:
            held_ids.append(completed.registration_id)
        assert (number >= 10) == (completed.count_status is CountStatus.HELD)
    world.clock.now += timedelta(days=2)
    await world.register(device="one device")
    async with world.database.read() as read:
        found = await evidence(read, admin(world), held_ids)
    assert {(one.through_link, one.from_device, one.same_phone) for one in found.values()} == {
        (12, 12, 0)
    }
    assert len(held_ids) == 2


async def test_a_later_count_elsewhere_does_not_undo_an_earlier_registration(
    database: Database,
) -> None:
    world = await build_world(database, count_rule=CountRule.FIRST_WITHIN_WINDOW)
    await own_domain(world)
    first = await held(world)
    world.clock.forward(days=1)
    async with world.database.transaction() as tx:
        link = await add_link(tx, world.other_company)
    later = await world.register(link, email="colleague@acme.example.jp")
    assert later.count_status is CountStatus.COUNTED
    world.clock.forward(days=1)
    await resolve(world, first)
    assert (await registration(world, first)).count_status is CountStatus.COUNTED


async def test_an_earlier_count_elsewhere_still_decides_a_held_one(database: Database) -> None:
    world = await build_world(database, count_rule=CountRule.FIRST_WITHIN_WINDOW)
    await own_domain(world)
    async with world.database.transaction() as tx:
        await tx.execute(update(Organization).values(mail_domain="acme.example.jp"))
        link = await add_link(tx, world.other_company)
        third = await add_organization(tx, world.consortium_id, 9, OrganizationKind.COMPANY)
        third_link = await add_link(tx, third)
    first = await world.register(link, email="colleague@acme.example.jp")
    world.clock.forward(days=1)
    second = await held(world)
    world.clock.forward(days=1)
    await resolve(world, first.registration_id)
    world.clock.forward(days=365)
    # The third comes after the window of the first; the second came within it.
    later = await world.register(third_link, email="colleague@acme.example.jp")
    assert later.count_status is CountStatus.COUNTED
    await resolve(world, second)
    decided = await registration(world, second)
    assert (decided.count_status, decided.not_counted_reason) == (
        CountStatus.NOT_COUNTED,
        NotCountedReason.COUNTED_ELSEWHERE,
    )


@pytest.mark.parametrize(("days", "is_within"), [(-1, False), (0, True), (364, True), (365, False)])
def test_the_window_is_before_the_instant(days: int, is_within: bool) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    facts = CountFacts(
        counted_before=False,
        counted_elsewhere_at=at - timedelta(days=days),
        company_is_active=True,
        link_is_active=True,
        link_is_public=False,
        is_company_address=False,
        is_likely_counted=False,
        link_recent=0,
        device_recent=0,
    )
    rules = CountRules(CountRule.FIRST_WITHIN_WINDOW, 365, OpenLinks.ALL, 100, 10)
    expected = NotCounted(NotCountedReason.COUNTED_ELSEWHERE) if is_within else Counted()
    assert count_reviewed(facts, rules, at) == expected
