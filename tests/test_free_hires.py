"""Free hires: reserved, released, spent, given back, on both databases (invariants 5 and 11)."""

from __future__ import annotations

import asyncio
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from models.access import Actor, Role, candidate
from models.errors import Forbidden, InvalidInput, InvalidTransition, NotFound
from models.operations.agreements import WithdrawFrom, withdraw_from
from models.operations.cases import CaseOutcome, CloseCase, close_case
from models.operations.expiry import expire_free_hires
from models.operations.free_hires import (
    RedeemFreeHire,
    redeem_free_hire,
    release_free_hire,
)
from models.operations.handovers import move
from models.operations.idempotency import once
from models.operations.referrals import (
    DeclineReferral,
    RecordHire,
    accept_referral,
    decline_referral,
    record_hire,
)
from models.operations.reviews import ReverseCount, reverse_count
from models.rules.free_hires import (
    FreeHireInUse,
    NoFreeHire,
    NotRedeemable,
    OwnCount,
)
from models.rules.ledger import EntryKind, Unit
from models.rules.lifecycles import (
    Channel,
    CountStatus,
    FreeHireStatus,
    OrganizationKind,
    ReferralStatus,
)
from models.rules.sharing import Employment
from models.tables.candidates import Candidate
from models.tables.ledger import Account, Entry, FreeHire, IdempotencyKey
from models.tables.referrals import Case, DeclineReason, Hire, Referral
from models.tables.registrations import CountedPerson, Registration
from tests import partners
from tests.handovers import (
    ZONE,
    accepted,
    change,
    delivered,
    free_hires_by_status,
    give_free_hires,
    hired,
    offered,
    recruiter,
    run,
    status_of,
)
from tests.world import World, add_link, add_organization

AVAILABLE, RESERVED = FreeHireStatus.AVAILABLE, FreeHireStatus.RESERVED
SPENT, EXPIRED = FreeHireStatus.SPENT, FreeHireStatus.EXPIRED


async def redeem(world: World, referral_id: uuid.UUID, actor: Actor | None = None) -> uuid.UUID:
    free_hire_id: uuid.UUID = await run(
        world, redeem_free_hire, actor or recruiter(world), RedeemFreeHire(referral_id)
    )
    return free_hire_id


async def balance(world: World) -> int:
    """The free hires of the second company by the account, which must agree with its entries."""
    async with world.database.read() as read:
        account = await read.scalar(
            select(Account).where(
                Account.company_id == world.other_company.id, Account.unit == Unit.FREE_HIRE
            )
        )
        if account is None:
            return 0
        entries = await read.scalar(
            select(func.sum(Entry.amount)).where(Entry.account_id == account.id)
        )
    assert account.balance == (entries or 0)
    return account.balance


async def kinds(world: World, free_hire_id: uuid.UUID) -> list[tuple[EntryKind, int]]:
    async with world.database.read() as read:
        rows = await read.execute(
            select(Entry.kind, Entry.amount)
            .where(Entry.free_hire_id == free_hire_id)
            .order_by(Entry.number)
        )
        return [(kind, amount) for kind, amount in rows]


async def free_hire(world: World, free_hire_id: uuid.UUID) -> FreeHire:
    async with world.database.read() as read:
        return await read.get_one(FreeHire, free_hire_id)


async def test_reserved_then_spent(world: World) -> None:
    [earned] = await give_free_hires(world, world.other_company, 1)
    referral_id = await offered(world, (await world.register()).candidate_id)
    assert await redeem(world, referral_id) == earned
    kept = await free_hire(world, earned)
    assert (kept.status, kept.referral_id, kept.reserved_at) == (
        RESERVED,
        referral_id,
        world.clock.now,
    )
    assert await balance(world) == 1
    hire_id = await hired(world, referral_id)
    async with world.database.read() as read:
        hire = await read.get_one(Hire, hire_id)
    assert (hire.fee_yen, hire.free_hire_id) == (0, earned)
    assert (await free_hire(world, earned)).status is SPENT
    assert await balance(world) == 0
    assert await kinds(world, earned) == [(EntryKind.EARNED, 1), (EntryKind.SPENT, -1)]


async def test_a_free_hire_has_no_fee(world: World) -> None:
    await give_free_hires(world, world.other_company, 1)
    referral_id = await offered(world, (await world.register()).candidate_id)
    await redeem(world, referral_id)
    with pytest.raises(InvalidInput) as refusal:
        await hired(world, referral_id, fee_yen=1)
    assert refusal.value.path == ("feeYen",)
    assert await status_of(world, referral_id) == "OFFERED"
    assert await free_hires_by_status(world, world.other_company) == {RESERVED: 1}
    await hired(world, referral_id, fee_yen=0)


async def test_what_cannot_be_redeemed(world: World) -> None:
    await give_free_hires(world, world.other_company, 1)
    person = await world.register()
    referral_id = await delivered(world, person.candidate_id)
    with pytest.raises(NotRedeemable):
        await redeem(world, referral_id)
    with pytest.raises(Forbidden):
        await redeem(world, referral_id, world.actor(world.other_company, Role.VIEWER))
    with pytest.raises(Forbidden):
        await redeem(world, referral_id, recruiter(world, world.agency))
    with pytest.raises(NotFound):
        await redeem(world, referral_id, recruiter(world, world.company))
    async with world.database.read() as read:
        relay_id = await read.scalar(
            select(Case.referral_id).where(Case.candidate_id == person.candidate_id)
        )
    assert relay_id is not None
    with pytest.raises(NotFound):
        await redeem(world, relay_id, recruiter(world, world.company))
    assert await free_hires_by_status(world, world.other_company) == {AVAILABLE: 1}


async def test_one_free_hire_an_introduction(world: World) -> None:
    await give_free_hires(world, world.other_company, 2)
    referral_id = await accepted(world, (await world.register()).candidate_id)
    await redeem(world, referral_id)
    with pytest.raises(FreeHireInUse):
        await redeem(world, referral_id)
    assert await free_hires_by_status(world, world.other_company) == {AVAILABLE: 1, RESERVED: 1}


async def test_none_left(world: World) -> None:
    referral_id = await accepted(world, (await world.register()).candidate_id)
    with pytest.raises(NoFreeHire):
        await redeem(world, referral_id)
    [earned] = await give_free_hires(world, world.other_company, 1)
    await change(world, FreeHire, FreeHire.id == earned, expires_at=world.clock.now)
    with pytest.raises(NoFreeHire):
        await redeem(world, referral_id)


async def test_the_one_that_expires_first_is_taken(world: World) -> None:
    earned = await give_free_hires(world, world.other_company, 3)
    soon = world.clock.now + timedelta(days=1)
    await change(world, FreeHire, FreeHire.id == earned[1], expires_at=soon)
    referral_id = await accepted(world, (await world.register()).candidate_id)
    assert await redeem(world, referral_id) == earned[1]


async def test_released_by_hand(world: World) -> None:
    [earned] = await give_free_hires(world, world.other_company, 1)
    referral_id = await accepted(world, (await world.register()).candidate_id)
    await redeem(world, referral_id)
    with pytest.raises(NotFound):
        await run(world, release_free_hire, recruiter(world, world.company), earned)
    viewer = world.actor(world.other_company, Role.VIEWER)
    with pytest.raises(Forbidden):
        await run(world, release_free_hire, viewer, earned)
    await run(world, release_free_hire, recruiter(world), earned)
    kept = await free_hire(world, earned)
    assert (kept.status, kept.referral_id, kept.reserved_at) == (AVAILABLE, None, None)
    with pytest.raises(InvalidTransition):
        await run(world, release_free_hire, recruiter(world), earned)
    assert await kinds(world, earned) == [(EntryKind.EARNED, 1)]
    await redeem(world, referral_id)


async def test_a_spent_one_cannot_be_released(world: World) -> None:
    [earned] = await give_free_hires(world, world.other_company, 1)
    referral_id = await offered(world, (await world.register()).candidate_id)
    await redeem(world, referral_id)
    await hired(world, referral_id)
    with pytest.raises(InvalidTransition):
        await run(world, release_free_hire, recruiter(world), earned)
    assert await free_hires_by_status(world, world.other_company) == {SPENT: 1}


async def fall_through(world: World, how: str, referral_id: uuid.UUID, person: Any) -> None:
    if how == "declined":
        command = DeclineReferral(referral_id, DeclineReason.OTHER)
        await run(world, decline_referral, recruiter(world), command)
    elif how == "candidate":
        actor = candidate(world.consortium_id, person.candidate_id, "en")
        await run(world, withdraw_from, actor, WithdrawFrom(referral_id))
    elif how == "case":
        async with world.database.read() as read:
            case_id = await read.scalar(
                select(Case.id).where(Case.candidate_id == person.candidate_id)
            )
        assert case_id is not None
        close = CloseCase(case_id, CaseOutcome.WITHDRAWN)
        await run(world, close_case, recruiter(world, world.agency), close)
    else:
        async with world.database.transaction() as tx:
            referral = await tx.get_one(Referral, referral_id)
            actor = recruiter(world, world.agency)
            await move(tx, actor, referral, ReferralStatus(how), ZONE)


@pytest.mark.parametrize("how", ["declined", "candidate", "case", "RECALLED", "EXPIRED"])
async def test_released_when_it_falls_through(world: World, how: str) -> None:
    [earned] = await give_free_hires(world, world.other_company, 1)
    person = await world.register()
    referral_id = await offered(world, person.candidate_id)
    await redeem(world, referral_id)
    await fall_through(world, how, referral_id, person)
    kept = await free_hire(world, earned)
    assert (kept.status, kept.referral_id) == (AVAILABLE, None)
    assert await balance(world) == 1


async def test_a_reservation_outlives_the_expiry(world: World) -> None:
    [earned] = await give_free_hires(world, world.other_company, 1)
    person = await world.register()
    referral_id = await offered(world, person.candidate_id)
    await redeem(world, referral_id)
    world.clock.forward(days=3_000)
    async with world.database.transaction() as tx:
        assert await expire_free_hires(tx) == 0
    await run(world, release_free_hire, recruiter(world), earned)
    with pytest.raises(NoFreeHire):
        await redeem(world, referral_id)
    async with world.database.transaction() as tx:
        assert await expire_free_hires(tx) == 1
    assert await kinds(world, earned) == [(EntryKind.EARNED, 1), (EntryKind.EXPIRED, -1)]
    assert await balance(world) == 0


# Invariant 11


async def test_never_on_a_person_of_ones_own_count(world: World) -> None:
    await give_free_hires(world, world.company, 1)
    person = await world.register()
    assert person.count_status is CountStatus.COUNTED
    referral_id = await accepted(world, person.candidate_id, world.company)
    with pytest.raises(OwnCount) as refusal:
        await redeem(world, referral_id, recruiter(world, world.company))
    for locale in ("ja", "en"):
        assert "link" not in refusal.value.message(locale)
        assert "リンク" not in refusal.value.message(locale)
    assert await free_hires_by_status(world, world.company) == {AVAILABLE: 1}


async def test_nor_where_the_count_was_taken_back(world: World) -> None:
    await give_free_hires(world, world.company, 1)
    person = await world.register()
    async with world.database.read() as read:
        entry_id = await read.scalar(
            select(Entry.id).where(Entry.registration_id == person.registration_id)
        )
    assert entry_id is not None
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    await run(world, reverse_count, admin, ReverseCount(entry_id, "a mistake"))
    referral_id = await accepted(world, person.candidate_id, world.company)
    with pytest.raises(OwnCount):
        await redeem(world, referral_id, recruiter(world, world.company))


@pytest.mark.parametrize("known_by", ["address", "earlier_address", "registration"])
async def test_each_trace_of_the_count_is_enough(world: World, known_by: str) -> None:
    await give_free_hires(world, world.company, 1)
    person = await world.register(email="first@example.jp")
    mine = Registration.id == person.registration_id
    if known_by == "registration":
        async with world.database.transaction() as tx:
            await tx.execute(delete(CountedPerson))
    elif known_by == "address":
        await change(world, Registration, mine, count_status=CountStatus.NOT_COUNTED)
    else:
        await change(world, Registration, mine, count_status=CountStatus.NOT_COUNTED)
        await change(world, Candidate, Candidate.id == person.candidate_id, email_hash=b"new")
    referral_id = await accepted(world, person.candidate_id, world.company)
    with pytest.raises(OwnCount):
        await redeem(world, referral_id, recruiter(world, world.company))


async def test_register_erase_register_again(world: World) -> None:
    """The keyed hash outlives the erasure, so the new candidate is known all the same."""
    await give_free_hires(world, world.company, 1)
    first = await world.register(email="again@example.jp")
    gone = Candidate.id == first.candidate_id
    await change(world, Candidate, gone, email_hash=None, sealed=None)
    await change(world, Registration, Registration.candidate_id.is_not(None), email_hash=None)
    async with world.database.transaction() as tx:
        third = await add_organization(tx, world.consortium_id, 70, OrganizationKind.COMPANY)
        link = await add_link(tx, third)
    again = await world.register(link, email="again@example.jp")
    assert again.candidate_id != first.candidate_id
    referral_id = await accepted(world, again.candidate_id, world.company)
    with pytest.raises(OwnCount):
        await redeem(world, referral_id, recruiter(world, world.company))


async def test_a_count_that_came_after_the_reservation(world: World) -> None:
    """The rule is asked again at the spending."""
    await give_free_hires(world, world.other_company, 1)
    person = await world.register(email="late@example.jp")
    referral_id = await offered(world, person.candidate_id)
    earned = await redeem(world, referral_id)
    async with world.database.transaction() as tx:
        link = await add_link(tx, world.other_company)
    late = await world.register(link, email="late@example.jp")
    assert late.count_status is CountStatus.COUNTED
    with pytest.raises(OwnCount):
        await hired(world, referral_id)
    assert await status_of(world, referral_id) == "OFFERED"
    await run(world, release_free_hire, recruiter(world), earned)
    await hired(world, referral_id, fee_yen=900_000)
    assert await free_hires_by_status(world, world.other_company) == {AVAILABLE: 1}


async def test_not_on_a_share_between_companies(world: World) -> None:
    await give_free_hires(world, world.other_company, 1)
    await partners.partners(world, world.company, world.other_company)
    someone = await partners.shared(world)
    referral_id = await partners.offered(world, world.company, someone, world.other_company)
    await partners.agreed(world, someone, referral_id)
    await run(world, accept_referral, recruiter(world), referral_id)
    with pytest.raises(NotRedeemable):
        await redeem(world, referral_id)


# All at once


async def introductions(world: World, number: int) -> list[uuid.UUID]:
    """Accepted introductions to the second company, of people it never counted."""
    async with world.database.transaction() as tx:
        keys = [await tx.vault.new_key() for _ in range(number)]
        people = [
            Candidate(
                consortium_id=world.consortium_id,
                key_id=key.id,
                email_hash=key.id.bytes,
                sealed=None,
                employment=Employment.NONE,
                created_on=world.clock.now.date(),
                created_at=tx.now,
                last_active_at=tx.now,
                phone_hash=None,
            )
            for key in keys
        ]
        tx.add_all(people)
        await tx.flush()
        referrals = [
            Referral(
                consortium_id=world.consortium_id,
                candidate_id=person.id,
                channel=Channel.AGENCY_INTRODUCTION,
                from_id=world.agency.id,
                to_id=world.other_company.id,
                status=ReferralStatus.ACCEPTED,
                created_at=tx.now,
                created_on=world.clock.now.date(),
                changed_at=tx.now,
                delivered_at=tx.now,
            )
            for person in people
        ]
        tx.add_all(referrals)
        await tx.flush()
        return [referral.id for referral in referrals]


async def test_400_redemptions_at_once_with_credit_for_100(world: World) -> None:
    earned = await give_free_hires(world, world.other_company, 100)
    referral_ids = await introductions(world, 200)
    actor = recruiter(world)

    async def attempt(number: int) -> uuid.UUID:
        command = RedeemFreeHire(referral_ids[number])
        async with world.database.transaction() as tx:
            return await once(
                tx,
                actor,
                key=f"key {number}",
                operation="redeemFreeHire",
                command=command,
                run=lambda: redeem_free_hire(tx, actor, command),
            )

    numbers = [*range(200), *range(200)]
    outcomes = await asyncio.gather(*map(attempt, numbers), return_exceptions=True)
    answers: dict[int, set[Any]] = {}
    for number, outcome in zip(numbers, outcomes, strict=True):
        assert isinstance(outcome, (uuid.UUID, NoFreeHire)), outcome
        answer = outcome if isinstance(outcome, uuid.UUID) else "refused"
        answers.setdefault(number, set()).add(answer)
    assert all(len(both) == 1 for both in answers.values())
    given = [one for [one] in answers.values() if one != "refused"]
    assert len(given) == 100
    assert set(given) == set(earned)
    assert await free_hires_by_status(world, world.other_company) == {RESERVED: 100}
    assert await balance(world) == 100
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(IdempotencyKey)) == 100


async def test_redeemed_and_hired_at_once(world: World) -> None:
    """Whichever comes first, a hire has a fee or a free hire, never both or half of each."""
    await give_free_hires(world, world.other_company, 1)
    referral_id = await offered(world, (await world.register()).candidate_id)
    with_fee = RecordHire(referral_id, date(2026, 1, 5), 100)
    outcomes = await asyncio.gather(
        run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id)),
        run(world, record_hire, recruiter(world), with_fee),
        return_exceptions=True,
    )
    states = await free_hires_by_status(world, world.other_company)
    if isinstance(outcomes[0], uuid.UUID):
        assert isinstance(outcomes[1], InvalidInput)
        assert states == {RESERVED: 1}
    else:
        assert isinstance(outcomes[0], NotRedeemable)
        assert isinstance(outcomes[1], uuid.UUID)
        assert states == {AVAILABLE: 1}
