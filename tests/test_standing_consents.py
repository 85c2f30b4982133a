"""A standing consent: partners learn at once who someone is, who is told instead of asked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from models.operations.agreements import WithdrawFrom, withdraw_from
from models.operations.candidate_pages import WithdrawConsent, withdraw_consent
from models.operations.referrals import accept_referral, make_offer, start_interviews
from models.operations.standing_consents import ShareWithPartners, share_with_partners
from models.outbox import EventType
from models.reads.candidate_pages import OwnConsent, own_status
from models.reads.outgoing_mails import agreement_mail, delivered_mail
from models.rules.consent_texts import CONSENT_TEXT_VERSION, FIRST_TEXT_VERSION, SHARING_TEXTS
from models.rules.lifecycles import ConsentStatus, ReferralStatus
from models.rules.registration_form import form_problems
from models.rules.sharing import ALL_FIELDS, IDENTIFYING, CandidateField, Purpose
from models.tables.candidates import Consent, Disclosure
from models.tables.deletions import DeletionRequest
from models.tables.records import OutboxEvent
from models.tables.referrals import Referral, ReferralStep
from tasuki.workers.messages import delivered_at_once
from tests.handovers import hired, recruiter, run
from tests.partners import (
    NAMED,
    SHARING,
    asked,
    fields_seen,
    offered,
    partners,
    person,
    pool,
    shared,
    third_company,
)
from tests.world import FORM, World

F = CandidateField
BASE_URL = "https://tasuki.example"


async def referral_of(world: World, referral_id: uuid.UUID) -> Referral:
    async with world.database.read() as read:
        return await read.get_one(Referral, referral_id)


async def consents_of(world: World, candidate_id: uuid.UUID) -> Sequence[OwnConsent]:
    async with world.database.read() as read:
        return (await own_status(read, person(world, candidate_id))).consents


async def mailed(world: World, *kinds: EventType) -> list[str]:
    async with world.database.read() as read:
        types = await read.scalars(
            select(OutboxEvent.type)
            .where(OutboxEvent.type.in_([kind.value for kind in kinds]))
            .order_by(OutboxEvent.id)
        )
        return list(types)


@pytest.mark.parametrize("is_asked", [False, True])
async def test_a_standing_consent_delivers_in_the_same_transaction(
    world: World, *, is_asked: bool
) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world, without_asking=True)
    # In the pool it identifies nobody.
    assert await pool(world, world.other_company) == [someone]
    assert not await fields_seen(world, world.other_company, someone) & IDENTIFYING
    referral_id = (
        await asked(world, world.other_company, someone)
        if is_asked
        else await offered(world, world.company, someone, world.other_company)
    )
    referral = await referral_of(world, referral_id)
    assert (referral.status, referral.delivered_at) == (
        ReferralStatus.DELIVERED,
        world.clock.now,
    )
    assert referral.shared_until is not None
    assert await fields_seen(world, world.other_company, someone) == frozenset(ALL_FIELDS)
    async with world.database.read() as read:
        disclosure = (
            await read.scalars(select(Disclosure).where(Disclosure.referral_id == referral_id))
        ).one()
        consent = await read.get_one(Consent, disclosure.consent_id)
        standing = await read.get_one(Consent, consent.standing_id)
        steps = (
            await read.execute(
                select(ReferralStep.status, ReferralStep.by_id).where(
                    ReferralStep.referral_id == referral_id
                )
            )
        ).all()
    assert (standing.purpose, standing.candidate_id) == (Purpose.PARTNER_SHARING, someone)
    assert disclosure.terms_id == referral.terms_id
    # The candidate's consent agreed, not whoever asked or offered.
    agreed = {row.status: row.by_id for row in steps}
    assert agreed[ReferralStatus.AGREED] is None
    assert agreed[ReferralStatus.DELIVERED] is None
    assert await mailed(world, EventType.AGREEMENT_ASKED, EventType.DELIVERED_AT_ONCE) == [
        EventType.DELIVERED_AT_ONCE.value
    ]


async def test_without_the_further_choice_each_is_a_question(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await asked(world, world.other_company, someone)
    assert (await referral_of(world, referral_id)).status is ReferralStatus.REQUESTED
    assert await mailed(world, EventType.AGREEMENT_ASKED, EventType.DELIVERED_AT_ONCE) == [
        EventType.AGREEMENT_ASKED.value
    ]


async def test_a_later_member_is_not_covered(world: World) -> None:
    someone = await shared(world, without_asking=True)
    world.clock.forward(days=1)
    later = await third_company(world)
    await partners(world, world.company, later)
    assert await pool(world, later) == []
    referral_id = await offered(world, world.company, someone, later)
    assert (await referral_of(world, referral_id)).status is ReferralStatus.PROPOSED
    assert await fields_seen(world, later, someone) == frozenset()


async def test_only_what_the_terms_show_is_delivered(world: World) -> None:
    await partners(world, world.company, world.other_company, fields=(F.NAME, F.SKILLS))
    someone = await shared(world, without_asking=True, skills=("PYTHON",))
    await asked(world, world.other_company, someone)
    assert await fields_seen(world, world.other_company, someone) == {F.NAME, F.SKILLS}


async def test_the_candidate_is_told_by_mail_and_can_step_back(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world, without_asking=True)
    referral_id = await asked(world, world.other_company, someone)
    async with world.database.read() as read:
        assert await agreement_mail(read, referral_id) is None
        letter = await delivered_mail(read, referral_id)
    assert letter is not None
    text = delivered_at_once(replace(letter, locale="en"), BASE_URL).text
    assert "Company 2, a partner of Company 1, was given your data" in text
    assert f"{BASE_URL}/me" in text
    assert "提携している" in delivered_at_once(letter, BASE_URL).text
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id))
    assert await fields_seen(world, world.other_company, someone) == frozenset()
    async with world.database.read() as read:
        assert await delivered_mail(read, referral_id) is None
        [request] = await read.scalars(select(DeletionRequest))
    assert request.recipient_id == world.other_company.id


async def test_withdrawing_the_standing_consent_takes_back_what_it_gave(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world, without_asking=True)
    referral_id = await asked(world, world.other_company, someone)
    sharing = next(one for one in await consents_of(world, someone) if one.is_standing)
    command = WithdrawConsent(sharing.id)
    await run(world, withdraw_consent, person(world, someone), command)
    assert (await referral_of(world, referral_id)).status is ReferralStatus.RECALLED
    assert await fields_seen(world, world.other_company, someone) == frozenset()
    ended = {one.purpose for one in await consents_of(world, someone) if one.ended_at is not None}
    assert ended == {Purpose.PARTNER_SHARING, Purpose.INTRODUCTION}
    async with world.database.read() as read:
        [request] = await read.scalars(select(DeletionRequest))
    assert (request.recipient_id, request.referral_id) == (world.other_company.id, referral_id)


async def test_an_employer_keeps_knowing_who_works_there(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world, without_asking=True)
    referral_id = await asked(world, world.other_company, someone)
    await _hire(world, referral_id)
    standing = next(one for one in await consents_of(world, someone) if one.is_standing)
    await run(world, withdraw_consent, person(world, someone), WithdrawConsent(standing.id))
    assert F.NAME in await fields_seen(world, world.other_company, someone)


async def _hire(world: World, referral_id: uuid.UUID) -> None:
    for operation in (accept_referral, start_interviews, make_offer):
        await run(world, operation, recruiter(world), referral_id)
    await hired(world, referral_id)


async def test_being_asked_again_is_for_what_comes(world: World) -> None:
    third = await third_company(world)
    await partners(world, world.company, world.other_company, third)
    someone = await shared(world, without_asking=True)
    known = await asked(world, world.other_company, someone)
    command = ShareWithPartners(without_asking=False, text_version=CONSENT_TEXT_VERSION)
    await run(world, share_with_partners, person(world, someone), command)
    question = await asked(world, third, someone)
    assert (await referral_of(world, question)).status is ReferralStatus.REQUESTED
    # Who knows already goes on knowing.
    assert (await referral_of(world, known)).status is ReferralStatus.DELIVERED
    assert F.NAME in await fields_seen(world, world.other_company, someone)


async def test_consenting_anew_covers_who_joined_since(world: World) -> None:
    someone = await shared(world, purposes=frozenset({Purpose.AGENCY_SUPPORT}))
    world.clock.forward(days=1)
    later = await third_company(world)
    await partners(world, world.company, later)
    assert await pool(world, later) == []
    command = ShareWithPartners(without_asking=True, text_version=CONSENT_TEXT_VERSION)
    await run(world, share_with_partners, person(world, someone), command)
    assert await pool(world, later) == [someone]
    referral_id = await asked(world, later, someone)
    assert (await referral_of(world, referral_id)).status is ReferralStatus.DELIVERED


async def test_the_earlier_consent_is_superseded_in_its_words(world: World) -> None:
    someone = await shared(world)
    command = ShareWithPartners(without_asking=True, text_version=CONSENT_TEXT_VERSION)
    await run(world, share_with_partners, person(world, someone), command)
    sharing = [
        (one.status, one.is_standing)
        for one in await consents_of(world, someone)
        if one.purpose is Purpose.PARTNER_SHARING
    ]
    assert sorted(sharing) == [(ConsentStatus.ACTIVE, True), (ConsentStatus.SUPERSEDED, False)]


def test_texts_that_were_given_before_are_kept() -> None:
    assert FIRST_TEXT_VERSION != CONSENT_TEXT_VERSION
    first, now = SHARING_TEXTS[FIRST_TEXT_VERSION], SHARING_TEXTS[CONSENT_TEXT_VERSION]
    assert first.explanation.en.endswith("If one is interested, you are asked first.")
    assert now.explanation.en.endswith("unless you tick the next box as well.")


def test_not_to_be_asked_needs_the_consent_to_be_seen() -> None:
    form = replace(FORM, without_asking=True)
    assert [problem.path for problem in form_problems(form)] == [("withoutAsking",)]
    assert form_problems(replace(form, purposes=SHARING)) == []
    assert form_problems(replace(FORM, purposes=NAMED)) == []
