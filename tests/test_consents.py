"""Withdrawing consents: with what stands on them, and by themselves once that is over."""

from __future__ import annotations

import uuid

import pytest

from models.access import Actor, candidate
from models.operations.candidate_pages import WithdrawConsent, withdraw_consent
from models.operations.referrals import accept_referral, make_offer, start_interviews
from models.reads.candidate_pages import OwnConsent, OwnStatus, own_status
from models.rules.agreements import ConsentNeedsAnotherWay
from models.rules.lifecycles import ConsentStatus, ReferralStatus
from models.rules.sharing import Purpose
from tests.handovers import delivered, hired, recruiter, run
from tests.test_candidate_pages import open_disclosures
from tests.world import World


async def held(world: World, me: Actor) -> OwnStatus:
    async with world.database.read() as read:
        return await own_status(read, me)


async def introduced(world: World) -> tuple[Actor, uuid.UUID]:
    """Someone who has agreed to be introduced to the second company."""
    candidate_id = (await world.register()).candidate_id
    referral_id = await delivered(world, candidate_id)
    return candidate(world.consortium_id, candidate_id, "en"), referral_id


async def consent_to(world: World, me: Actor, purpose: Purpose) -> OwnConsent:
    [found] = [one for one in (await held(world, me)).consents if one.purpose is purpose]
    return found


async def test_while_support_goes_on_its_consent_ends_with_it_alone(world: World) -> None:
    me, _ = await introduced(world)
    consent = await consent_to(world, me, Purpose.AGENCY_SUPPORT)
    assert consent.is_in_use
    with pytest.raises(ConsentNeedsAnotherWay):
        await run(world, withdraw_consent, me, WithdrawConsent(consent.id))
    assert await open_disclosures(world, world.agency) == [Purpose.AGENCY_SUPPORT]
    assert await open_disclosures(world, world.other_company) == [Purpose.INTRODUCTION]


async def test_withdrawing_the_consent_to_an_introduction_recalls_it(world: World) -> None:
    me, _ = await introduced(world)
    consent = await consent_to(world, me, Purpose.INTRODUCTION)
    assert not consent.is_in_use
    await run(world, withdraw_consent, me, WithdrawConsent(consent.id))
    now = await held(world, me)
    assert [one.status for one in now.introductions] == [ReferralStatus.RECALLED]
    assert await open_disclosures(world, world.agency) == [Purpose.AGENCY_SUPPORT]
    assert await open_disclosures(world, world.other_company) == []


async def test_after_a_hire_every_consent_can_be_withdrawn(world: World) -> None:
    me, referral_id = await introduced(world)
    for step in (accept_referral, start_interviews, make_offer):
        await run(world, step, recruiter(world), referral_id)
    await hired(world, referral_id, fee_yen=1_000_000)
    for one in (await held(world, me)).consents:
        assert not one.is_in_use
        await run(world, withdraw_consent, me, WithdrawConsent(one.id))
    now = await held(world, me)
    assert [one.status for one in now.consents] == [ConsentStatus.WITHDRAWN] * 2
    assert [one.status for one in now.introductions] == [ReferralStatus.HIRED]
    assert await open_disclosures(world, world.agency) == []
    assert await open_disclosures(world, world.other_company) == []
