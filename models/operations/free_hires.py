"""Free hires: put on an introduction, taken off, spent on joining, given back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select, update

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import NotFound
from models.operations.ledger import About, Books, available_free_hire, lock_books, post
from models.operations.programs import program_in_force
from models.rules.flows import local_day
from models.rules.free_hires import (
    FreeHireInUse,
    GuaranteeOver,
    NoFreeHire,
    OwnCount,
    check_redeemable,
    given_back_until,
    is_early_exit,
)
from models.rules.ledger import EntryKind, Posting, Unit
from models.rules.lifecycles import (
    FREE_HIRE,
    HIRE,
    CountStatus,
    FreeHireStatus,
    HireStatus,
    require_step,
)
from models.session import WriteSession
from models.tables.candidates import Candidate
from models.tables.consortium import ProgramVersion
from models.tables.ledger import FreeHire
from models.tables.referrals import Hire, Referral
from models.tables.registrations import CountedPerson, Registration
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

    Raises `OwnCount` where the company got a count for the person meanwhile.
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


async def give_back(tx: WriteSession, actor: Actor, hire: Hire, left_on: date) -> uuid.UUID:
    """The person of a locked free hire left within the guarantee: the free hire comes back.

    Raises `InvalidTransition`, and `GuaranteeOver` where there is nothing to give back.
    """
    require_step("hire", HIRE, hire.status, HireStatus.LEFT_EARLY)
    program = await program_in_force(tx, hire.consortium_id)
    guarantee_days = await _guarantee_days(tx, program.program_id, hire, program.time_zone)
    if hire.free_hire_id is None or not is_early_exit(hire.joined_on, left_on, guarantee_days):
        raise GuaranteeOver("leftOn")
    books = await _books(tx, hire.consortium_id, hire.company_id)
    free_hire = await tx.get_one(
        FreeHire, hire.free_hire_id, populate_existing=True, with_for_update={"key_share": True}
    )
    require_step("free hire", FREE_HIRE, free_hire.status, FreeHireStatus.AVAILABLE)
    free_hire.status, free_hire.referral_id = FreeHireStatus.AVAILABLE, None
    free_hire.reserved_at = free_hire.spent_at = None
    free_hire.expires_at = given_back_until(free_hire.expires_at, tx.now)
    hire.status = HireStatus.LEFT_EARLY
    posting = Posting(Unit.FREE_HIRE, 1, EntryKind.RETURNED)
    await post(tx, books, [posting], About(free_hire_id=free_hire.id))
    audit(tx, actor, "free_hire.given_back", "free_hire", free_hire.id, hire=hire.id.hex)
    return free_hire.id


async def _guarantee_days(
    tx: WriteSession, program_id: uuid.UUID, hire: Hire, time_zone: str
) -> int:
    """The guarantee under the version that was in force on the day of joining."""
    rows = await tx.execute(
        select(ProgramVersion.effective_from, ProgramVersion.guarantee_days)
        .where(ProgramVersion.program_id == program_id, ProgramVersion.effective_from <= tx.now)
        .order_by(ProgramVersion.effective_from.desc(), ProgramVersion.number.desc())
    )
    versions = rows.all()
    for version in versions:
        if local_day(version.effective_from, time_zone) <= hire.joined_on:
            return int(version.guarantee_days)
    return int(versions[-1].guarantee_days)


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
    if await tx.scalar(select(or_(counted, registered))):
        raise OwnCount
