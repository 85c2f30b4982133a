"""Free hires: put on an introduction, taken off, spent on joining, given back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import aliased

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import NotFound
from models.operations.ledger import About, Books, available_free_hire, lock_books, post
from models.operations.programs import program_in_force
from models.rules.free_hires import (
    FreeHireInUse,
    FreeHireMovedOn,
    NoFreeHire,
    OwnCount,
    check_redeemable,
    given_back_until,
)
from models.rules.ledger import EntryKind, Posting, Unit
from models.rules.lifecycles import (
    FREE_HIRE,
    CountStatus,
    FreeHireStatus,
    require_step,
)
from models.session import WriteSession
from models.tables.candidates import Candidate
from models.tables.ledger import Entry, FreeHire
from models.tables.referrals import Hire, Referral
from models.tables.registrations import CountedPerson, Registration
from models.tables.rewards import Reward, RewardClause
from models.visibility import received_referrals, visible_free_hires


@dataclass(frozen=True, slots=True)
class RedeemFreeHire:
    """Put a free hire on an introduction that the company received."""

    referral_id: uuid.UUID


async def redeem_free_hire(tx: WriteSession, actor: Actor, command: RedeemFreeHire) -> uuid.UUID:
    """Reserve the free hire that expires first. Answers it.

    Raises `NotFound`, `NotRedeemable`, `FreeHireInUse`, `OwnCount` and `NoFreeHire`.
    """
    require(actor, Permission.SPEND_FREE_HIRES)
    referral = await tx.scalar(
        select(Referral)
        .where(received_referrals(actor), Referral.id == command.referral_id)
        .with_for_update(key_share=True)
    )
    if referral is None:
        raise NotFound("referralId", what="referral")
    check_redeemable(referral.channel, referral.status)
    if await _reserved_for(tx, referral.id) is not None:
        raise FreeHireInUse("referralId")
    books = await _books(tx, referral.consortium_id, referral.to_id)
    await _refuse_own_count(tx, referral)
    free_hire = await available_free_hire(tx, books)
    if free_hire is None:
        raise NoFreeHire
    require_step("free hire", FREE_HIRE, free_hire.status, FreeHireStatus.RESERVED)
    free_hire.status, free_hire.referral_id = FreeHireStatus.RESERVED, referral.id
    free_hire.reserved_at = tx.now
    await tx.flush()
    audit(tx, actor, "free_hire.reserved", "free_hire", free_hire.id, referral=referral.id.hex)
    return free_hire.id


async def release_free_hire(tx: WriteSession, actor: Actor, free_hire_id: uuid.UUID) -> uuid.UUID:
    """Take a reserved free hire off its introduction. Past its expiry it then runs out.

    Raises `NotFound` and `InvalidTransition`.
    """
    require(actor, Permission.SPEND_FREE_HIRES)
    seen = select(FreeHire.status, FreeHire.referral_id).where(
        visible_free_hires(actor), FreeHire.id == free_hire_id
    )
    found = (await tx.execute(seen)).one_or_none()
    if found is None:
        raise NotFound("id", what="free hire")
    referral = await tx.scalar(
        select(Referral).where(Referral.id == found.referral_id).with_for_update(key_share=True)
    )
    if referral is None or await release_reserved(tx, actor, referral) != free_hire_id:
        # Available all along, or spent or released while we waited: say what it is now.
        status = (await tx.execute(seen)).one().status
        # A spent one is given back by an early exit alone, never released.
        require_step("free hire", {}, status, FreeHireStatus.AVAILABLE)
    return free_hire_id


async def release_reserved(tx: WriteSession, actor: Actor, referral: Referral) -> uuid.UUID | None:
    """Take the reserved free hire, if there is one, off a locked referral. Answers it."""
    released: uuid.UUID | None = await tx.scalar(
        update(FreeHire)
        .where(FreeHire.referral_id == referral.id, FreeHire.status == FreeHireStatus.RESERVED)
        .values(status=FreeHireStatus.AVAILABLE, referral_id=None, reserved_at=None)
        .returning(FreeHire.id)
        .execution_options(synchronize_session=False)
    )
    if released is not None:
        audit(tx, actor, "free_hire.released", "free_hire", released, referral=referral.id.hex)
    return released


async def spend_reserved(tx: WriteSession, actor: Actor, referral: Referral) -> uuid.UUID | None:
    """The person of a locked referral has joined: spend its reserved free hire. Answers it.

    Raises `OwnCount` where the company got a count, or a bonus, for the person meanwhile.
    """
    reserved = await _reserved_for(tx, referral.id)
    if reserved is None:
        return None
    books = await _books(tx, referral.consortium_id, referral.to_id)
    await _refuse_own_count(tx, referral)
    require_step("free hire", FREE_HIRE, reserved.status, FreeHireStatus.SPENT)
    reserved.status, reserved.spent_at = FreeHireStatus.SPENT, tx.now
    posting = Posting(Unit.FREE_HIRE, -1, EntryKind.SPENT)
    await post(tx, books, [posting], About(free_hire_id=reserved.id))
    audit(tx, actor, "free_hire.spent", "free_hire", reserved.id, referral=referral.id.hex)
    return reserved.id


async def return_spent(tx: WriteSession, actor: Actor, hire: Hire) -> uuid.UUID | None:
    """The person of a locked hire left early: its free hire, if it has one, comes back.

    It can be used until its own time, and for at least `GIVEN_BACK_DAYS_MIN` days from now. Answers
    the entry, which names the spending that it takes back.
    """
    if hire.free_hire_id is None:
        return None
    books = await _books(tx, hire.consortium_id, hire.company_id)
    free_hire = await _locked_free_hire(tx, hire.free_hire_id)
    require_step("free hire", FREE_HIRE, free_hire.status, FreeHireStatus.AVAILABLE)
    free_hire.status, free_hire.referral_id = FreeHireStatus.AVAILABLE, None
    free_hire.reserved_at = free_hire.spent_at = None
    free_hire.expires_at = given_back_until(free_hire.expires_at, tx.now)
    posting = Posting(Unit.FREE_HIRE, 1, EntryKind.RETURNED)
    spent_id = await _last_entry_of(tx, free_hire.id)
    about = About(free_hire_id=free_hire.id, reverses_id=spent_id)
    [entry_id] = await post(tx, books, [posting], about)
    audit(tx, actor, "free_hire.given_back", "free_hire", free_hire.id, hire=hire.id.hex)
    return entry_id


async def spend_again(tx: WriteSession, actor: Actor, hire: Hire, returned_id: uuid.UUID) -> None:
    """The exit of a locked hire was a mistake: the free hire that it gave back is spent on it.

    The entry names the return that it takes back. Raises `FreeHireMovedOn` unless it is at hand.
    """
    assert hire.free_hire_id is not None
    books = await _books(tx, hire.consortium_id, hire.company_id)
    free_hire = await _locked_free_hire(tx, hire.free_hire_id)
    if free_hire.status is not FreeHireStatus.AVAILABLE:
        raise FreeHireMovedOn(state=free_hire.status.value)
    free_hire.status, free_hire.referral_id = FreeHireStatus.SPENT, hire.referral_id
    free_hire.spent_at = hire.recorded_at
    posting = Posting(Unit.FREE_HIRE, -1, EntryKind.SPENT)
    await post(tx, books, [posting], About(free_hire_id=free_hire.id, reverses_id=returned_id))
    audit(tx, actor, "free_hire.spent_again", "free_hire", free_hire.id, hire=hire.id.hex)


async def _locked_free_hire(tx: WriteSession, free_hire_id: uuid.UUID) -> FreeHire:
    return await tx.get_one(
        FreeHire, free_hire_id, populate_existing=True, with_for_update={"key_share": True}
    )


async def _last_entry_of(tx: WriteSession, free_hire_id: uuid.UUID) -> uuid.UUID:
    rows = await tx.scalars(
        select(Entry.id)
        .where(Entry.free_hire_id == free_hire_id)
        .order_by(Entry.number.desc())
        .limit(1)
    )
    return rows.one()


async def _books(tx: WriteSession, consortium_id: uuid.UUID, company_id: uuid.UUID) -> Books:
    program = await program_in_force(tx, consortium_id)
    return await lock_books(tx, consortium_id=consortium_id, company_id=company_id, program=program)


async def _reserved_for(tx: WriteSession, referral_id: uuid.UUID) -> FreeHire | None:
    return await tx.scalar(
        select(FreeHire)
        .where(FreeHire.referral_id == referral_id, FreeHire.status == FreeHireStatus.RESERVED)
        .execution_options(populate_existing=True)
    )


async def _refuse_own_count(tx: WriteSession, referral: Referral) -> None:
    # With the accounts locked: a count that is being made now is either seen, or comes after.
    given = aliased(Referral)
    addresses = select(Registration.email_hash).where(
        Registration.candidate_id == referral.candidate_id, Registration.email_hash.is_not(None)
    )
    address = select(Candidate.email_hash).where(
        Candidate.id == referral.candidate_id, Candidate.email_hash.is_not(None)
    )
    counted = exists(
        select(CountedPerson.registration_id).where(
            CountedPerson.company_id == referral.to_id,
            or_(CountedPerson.person_hash.in_(addresses), CountedPerson.person_hash.in_(address)),
        )
    )
    registered = exists(
        select(Registration.id).where(
            Registration.candidate_id == referral.candidate_id,
            Registration.company_id == referral.to_id,
            Registration.count_status.in_((CountStatus.COUNTED, CountStatus.REVERSED)),
        )
    )
    rewarded = exists(
        select(Reward.id)
        .join(RewardClause, RewardClause.id == Reward.clause_id)
        .join(given, given.id == Reward.referral_id)
        .where(
            given.candidate_id == referral.candidate_id,
            given.from_id == referral.to_id,
            RewardClause.unit != Unit.REWARD,
            Reward.withheld.is_(None),
        )
    )
    if await tx.scalar(select(or_(counted, registered, rewarded))):
        raise OwnCount
