"""Whoever was given what identifies a person is asked to delete it once it is no longer allowed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.access import Role
from models.errors import Forbidden, InvalidTransition, NotFound
from models.operations.agreements import WithdrawFrom, withdraw_from
from models.operations.candidate_pages import (
    BlockOrganization,
    WithdrawConsent,
    block_organization,
    leave_agency,
    withdraw_consent,
)
from models.operations.deletions import confirm_deletion
from models.operations.erasures import erase_own_data
from models.operations.referrals import DeclineReferral, decline_referral
from models.rules.deletions import DUE_DAYS, Confirmed, DeletionReason, Given, to_delete
from models.rules.lifecycles import ConsentStatus, DeletionStatus
from models.rules.sharing import ALL_FIELDS, CandidateField, Purpose
from models.tables.candidates import Consent
from models.tables.consortium import Organization
from models.tables.deletions import DeletionRequest
from models.tables.referrals import DeclineReason
from tests.erasures import erase
from tests.handovers import delivered, hired, offered, recruiter, run
from tests.partners import agreed, asked, partners, person, shared
from tests.world import START, World

F = CandidateField
NAMES = [field.value for field in ALL_FIELDS]


async def requests(world: World) -> Sequence[DeletionRequest]:
    async with world.database.read() as read:
        return (await read.scalars(select(DeletionRequest).order_by(DeletionRequest.id))).all()


async def request_to(world: World, recipient: Organization) -> DeletionRequest:
    [found] = [one for one in await requests(world) if one.recipient_id == recipient.id]
    return found


async def withdraw(world: World, candidate_id: uuid.UUID, purpose: Purpose) -> None:
    async with world.database.read() as read:
        consent_id = (
            await read.scalars(
                select(Consent.id).where(
                    Consent.candidate_id == candidate_id,
                    Consent.purpose == purpose,
                    Consent.status == ConsentStatus.ACTIVE,
                )
            )
        ).one()
    await run(world, withdraw_consent, person(world, candidate_id), WithdrawConsent(consent_id))


async def test_a_partner_that_was_delivered_to_is_asked_to_delete(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await asked(world, world.other_company, someone)
    await agreed(world, someone, referral_id)
    assert await requests(world) == []
    await withdraw(world, someone, Purpose.INTRODUCTION)
    [request] = await requests(world)
    assert (request.candidate_id, request.recipient_id, request.referral_id) == (
        someone,
        world.other_company.id,
        referral_id,
    )
    assert (request.status, request.reason) == (
        DeletionStatus.OPEN,
        DeletionReason.NO_LONGER_ALLOWED,
    )
    assert request.fields == NAMES
    assert request.due_at == START + timedelta(days=DUE_DAYS)
    assert (request.confirmed_at, request.confirmed_by_id) == (None, None)


async def test_who_saw_someone_only_in_the_pool_is_not_asked(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    await withdraw(world, someone, Purpose.PARTNER_SHARING)
    assert await requests(world) == []


async def test_nobody_is_asked_who_was_given_nothing(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    await asked(world, world.other_company, someone)
    await run(world, block_organization, person(world, someone), BlockOrganization("Company 2"))
    assert await requests(world) == []


async def test_the_company_that_was_told_the_name_is_asked_for_the_name(world: World) -> None:
    someone = await shared(world)
    await withdraw(world, someone, Purpose.NAMED_TO_REFERRER)
    request = await request_to(world, world.company)
    assert request.fields == ["NAME"]


async def test_what_another_consent_still_allows_is_kept(world: World) -> None:
    # The company was told the name as the one whose link it was, and all by an introduction.
    someone = await shared(world)
    referral_id = await delivered(world, someone, world.company)
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id))
    request = await request_to(world, world.company)
    assert request.fields == NAMES[1:]
    await withdraw(world, someone, Purpose.NAMED_TO_REFERRER)
    request = await request_to(world, world.company)
    assert request.fields == NAMES


async def test_leaving_asks_the_agency_and_everyone_it_introduced_to(world: World) -> None:
    someone = (await world.register()).candidate_id
    await delivered(world, someone)
    async with world.database.transaction() as tx:
        await leave_agency(tx, person(world, someone))
    assert {one.recipient_id for one in await requests(world)} == {
        world.agency.id,
        world.other_company.id,
    }


async def test_a_blocked_company_reads_no_other_reason(world: World) -> None:
    someone = (await world.register()).candidate_id
    referral_id = await delivered(world, someone)
    command = DeclineReferral(referral_id, DeclineReason.SKILLS)
    await run(world, decline_referral, recruiter(world), command)
    await run(world, block_organization, person(world, someone), BlockOrganization("Company 2"))
    [request] = await requests(world)
    assert request.recipient_id == world.other_company.id
    assert request.reason is DeletionReason.NO_LONGER_ALLOWED


async def test_an_erasure_leaves_only_the_hand_over_to_find_it_by(world: World) -> None:
    someone = (await world.register()).candidate_id
    referral_id = await delivered(world, someone)
    await erase(world, person(world, someone))
    request = await request_to(world, world.other_company)
    assert (request.reason, request.referral_id) == (DeletionReason.ERASED, referral_id)
    assert request.fields == NAMES
    assert (await request_to(world, world.agency)).reason is DeletionReason.ERASED


async def test_an_employer_keeps_what_it_has_of_who_works_there(world: World) -> None:
    someone = (await world.register()).candidate_id
    await hired(world, await offered(world, someone), fee_yen=1)
    async with world.database.transaction() as tx:
        await erase_own_data(tx, person(world, someone))
    assert [one.recipient_id for one in await requests(world)] == [world.agency.id]


async def test_a_confirmation_keeps_who_and_when(world: World) -> None:
    someone = (await world.register()).candidate_id
    referral_id = await delivered(world, someone)
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id))
    [request] = await requests(world)
    world.clock.forward(days=1)
    who = recruiter(world)
    await run(world, confirm_deletion, who, request.id)
    [request] = await requests(world)
    assert (request.status, request.confirmed_at, request.confirmed_by_id) == (
        DeletionStatus.CONFIRMED,
        START + timedelta(days=1),
        who.id,
    )
    with pytest.raises(InvalidTransition):
        await run(world, confirm_deletion, who, request.id)


async def test_only_the_recipient_confirms(world: World) -> None:
    someone = (await world.register()).candidate_id
    referral_id = await delivered(world, someone)
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id))
    [request] = await requests(world)
    for organization in (world.company, world.agency):
        with pytest.raises(NotFound):
            await run(world, confirm_deletion, recruiter(world, organization), request.id)
    for actor in (
        world.actor(world.other_company, Role.VIEWER),
        world.actor(None, Role.CONSORTIUM_ADMIN),
    ):
        with pytest.raises(Forbidden):
            await run(world, confirm_deletion, actor, request.id)
    [request] = await requests(world)
    assert request.status is DeletionStatus.OPEN


async def test_what_was_confirmed_is_not_asked_for_again(world: World) -> None:
    someone = (await world.register()).candidate_id
    referral_id = await delivered(world, someone)
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id))
    [request] = await requests(world)
    await run(world, confirm_deletion, recruiter(world), request.id)
    await run(world, block_organization, person(world, someone), BlockOrganization("Company 2"))
    assert len(await requests(world)) == 1


async def test_who_is_allowed_anew_is_no_longer_to_delete(world: World) -> None:
    someone = (await world.register()).candidate_id
    first = await delivered(world, someone)
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(first))
    world.clock.forward(days=100)
    second = await delivered(world, someone)
    [request] = await requests(world)
    assert (request.status, request.next_notice_at) == (DeletionStatus.LAPSED, None)
    # And asked anew, for all of it, once that is withdrawn too.
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(second))
    _, again = await requests(world)
    assert (again.status, again.referral_id, again.fields) == (DeletionStatus.OPEN, second, NAMES)


def test_what_is_to_be_deleted_is_what_was_given_less_what_is_allowed_or_gone() -> None:
    both = frozenset({F.NAME, F.SKILLS})
    given = [Given(both, START, is_allowed=False)]
    assert to_delete(given) == both
    assert to_delete([*given, Given(frozenset({F.NAME}), START, is_allowed=True)]) == frozenset()
    assert to_delete([Given(frozenset({F.SKILLS}), START, is_allowed=False)]) == frozenset()
    later = START + timedelta(days=1)
    assert to_delete(given, [Confirmed(both, later)]) == frozenset()
    assert to_delete([Given(both, later, is_allowed=False)], [Confirmed(both, START)]) == both
