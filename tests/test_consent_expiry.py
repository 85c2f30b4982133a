"""Consents that were given until a time, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models.operations.cases import CaseOutcome, CloseCase, close_case
from models.operations.consent_expiry import expire_consents
from models.rules.lifecycles import CaseStatus, ConsentStatus, ReferralStatus
from models.rules.sharing import Purpose
from models.tables.candidates import Consent, Disclosure
from models.tables.referrals import Case, Referral
from models.verify import verify_consortium
from tasuki.workers.timers import Timers
from tests.handovers import change, delivered, proposed, recruiter, run, status_of
from tests.partners import asked, partners, shared
from tests.world import World

ALL = frozenset({Purpose.AGENCY_SUPPORT, Purpose.PARTNER_SHARING, Purpose.NAMED_TO_REFERRER})


async def until(world: World, purpose: Purpose, **forward: float) -> None:
    """Consents of a purpose end so long from now, and that time comes."""
    before = world.clock.now
    world.clock.forward(**forward)
    await change(world, Consent, Consent.purpose == purpose, expires_at=world.clock.now)
    assert world.clock.now > before


async def column(world: World, wanted: Any, *conditions: Any) -> list[Any]:
    async with world.database.read() as read:
        return list(await read.scalars(select(wanted).where(*conditions)))


async def test_a_consent_ends_with_its_time_and_closes_what_stands_on_it(world: World) -> None:
    await world.register(purposes=ALL)
    await until(world, Purpose.NAMED_TO_REFERRER, days=1)
    world.clock.forward(seconds=-1)
    await Timers(world.database).run_once()
    named = Consent.purpose == Purpose.NAMED_TO_REFERRER
    assert await column(world, Consent.status, named) == [ConsentStatus.ACTIVE]
    world.clock.forward(seconds=1)
    await Timers(world.database).run_once()
    assert await column(world, Consent.status, named) == [ConsentStatus.EXPIRED]
    assert await column(world, Consent.ended_at, named) == [world.clock.now]
    assert await column(world, Disclosure.recipient_id, Disclosure.closed_at.is_(None)) == [
        world.agency.id
    ]
    others = Consent.purpose != Purpose.NAMED_TO_REFERRER
    assert set(await column(world, Consent.status, others)) == {ConsentStatus.ACTIVE}


async def test_an_introduction_without_consent_is_recalled(world: World) -> None:
    person = await world.register()
    referral_id = await delivered(world, person.candidate_id)
    await until(world, Purpose.INTRODUCTION, days=1)
    await Timers(world.database).run_once()
    assert await status_of(world, referral_id) == "RECALLED"
    assert await column(world, Case.status) == [CaseStatus.OPEN]


async def test_without_consent_to_its_support_no_agency_keeps_a_case(world: World) -> None:
    person = await world.register()
    asked = await proposed(world, person.candidate_id)
    await until(world, Purpose.AGENCY_SUPPORT, days=1)
    await Timers(world.database).run_once()
    assert await column(world, Case.status) == [CaseStatus.CLOSED]
    assert await status_of(world, asked) == "RECALLED"
    relay = await column(world, Referral.status, Referral.link_id.is_not(None))
    assert relay == [ReferralStatus.WITHDRAWN]
    assert await column(world, Consent.status) == [ConsentStatus.EXPIRED]
    async with world.database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []


@pytest.mark.parametrize("batch", [1, 2])
async def test_so_many_at_a_time(world: World, batch: int) -> None:
    for _ in range(2):
        await world.register(purposes=ALL)
    await until(world, Purpose.PARTNER_SHARING, days=1)
    done = []
    while True:
        async with world.database.transaction() as tx:
            done.append(await expire_consents(tx, batch))
        if done[-1] == 0:
            break
    assert done == [batch] * (2 // batch) + [0]


async def test_what_partners_asked_is_recalled_with_the_consent_they_saw_it_by(
    world: World,
) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    question = await asked(world, world.other_company, someone)
    await until(world, Purpose.PARTNER_SHARING, days=1)
    await Timers(world.database).run_once()
    assert await status_of(world, question) == "RECALLED"
    assert await column(world, Case.status) == [CaseStatus.OPEN]


@pytest.mark.parametrize("outcome", list(CaseOutcome))
async def test_what_partners_asked_is_recalled_with_the_case(
    world: World, outcome: CaseOutcome
) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    question = await asked(world, world.other_company, someone)
    [case_id] = await column(world, Case.id)
    await run(world, close_case, recruiter(world, world.agency), CloseCase(case_id, outcome))
    assert await status_of(world, question) == "RECALLED"
    async with world.database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []
