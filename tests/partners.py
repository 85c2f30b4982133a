"""Steps that the tests of partnerships and of sharing begin with."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from models.access import Actor, Role, candidate
from models.operations.agreements import AgreeToIntroduction, agree_to_introduction
from models.operations.flows import record_flow, record_needs
from models.operations.frozen import freeze_past
from models.operations.fundings import accept_funding
from models.operations.listings import ListCandidates, list_candidates
from models.operations.openings import CreateOpening, OpeningTerms, create_opening
from models.operations.partner_referrals import (
    AskForCandidate,
    OfferCandidate,
    ask_for_candidate,
    offer_candidate,
)
from models.operations.partnerships import (
    ProposePartnership,
    accept_partnership,
    propose_partnership,
)
from models.operations.referrals import (
    RecordHire,
    accept_referral,
    make_offer,
    record_hire,
    start_interviews,
)
from models.reads.candidates import ShownCandidate, shown
from models.reads.pool import PoolFilter, pool_page
from models.rules.consent_texts import CONSENT_TEXT_VERSION
from models.rules.flows import local_day
from models.rules.lifecycles import (
    Channel,
    ConsentStatus,
    OrganizationKind,
    ReferralStatus,
    TermsStatus,
)
from models.rules.partnerships import TermsOffered
from models.rules.sharing import ALL_FIELDS, CandidateField, Purpose
from models.tables.candidates import Consent
from models.tables.consortium import Organization
from models.tables.links import RelayLink
from models.tables.partnerships import Partnership, Terms
from models.tables.rewards import Funding
from tests.handovers import ZONE, run
from tests.world import World, add_link, add_organization

TERMS = TermsOffered(fields=ALL_FIELDS, categories=(), shared_days=30, notice_days=0)
SHARING = frozenset({Purpose.AGENCY_SUPPORT, Purpose.PARTNER_SHARING})
NAMED = SHARING | {Purpose.NAMED_TO_REFERRER}


def admin(world: World, company: Organization | None) -> Actor:
    """An administrator of a company, or of the consortium."""
    return world.actor(company, Role.ADMIN if company else Role.CONSORTIUM_ADMIN)


async def third_company(world: World, number: int = 50) -> Organization:
    """Another company."""
    async with world.database.transaction() as tx:
        return await add_organization(tx, world.consortium_id, number, OrganizationKind.COMPANY)


async def link_of(world: World, company: Organization) -> RelayLink:
    """A link of a company."""
    async with world.database.transaction() as tx:
        return await add_link(tx, company)


async def proposed(
    world: World, *companies: Organization, terms: TermsOffered = TERMS, **changes: object
) -> uuid.UUID:
    """The first of the companies asks the others."""
    command = ProposePartnership(
        "Spring",
        tuple(company.id for company in companies),
        replace(terms, **changes),  # type: ignore[arg-type]
    )
    found: uuid.UUID = await run(world, propose_partnership, admin(world, companies[0]), command)
    return found


async def partners(
    world: World, *companies: Organization, terms: TermsOffered = TERMS, **changes: object
) -> uuid.UUID:
    """The companies are partners under these terms, and the pool is in line with it."""
    partnership_id = await proposed(world, *companies, terms=terms, **changes)
    for company in companies[1:]:
        await run(world, accept_partnership, admin(world, company), partnership_id)
    await list_all(world)
    return partnership_id


async def funded(world: World) -> None:
    """The agency agrees to every reward it is named in, and the pool is in line with that."""
    async with world.database.read() as read:
        waiting = list(await read.scalars(select(Funding.id).where(Funding.accepted_at.is_(None))))
    for funding_id in waiting:
        await run(world, accept_funding, admin(world, world.agency), funding_id)
    await list_all(world)


async def list_all(world: World) -> None:
    """Do what the worker does until the pool is in line with every partnership."""
    async with world.database.read() as read:
        rows = (await read.execute(select(Partnership.id, Partnership.listing_round))).all()
    for partnership_id, listing_round in rows:
        async with world.database.transaction() as tx:
            await list_candidates(tx, ListCandidates(partnership_id, listing_round, None))


async def shared(world: World, link: RelayLink | None = None, **changes: Any) -> uuid.UUID:
    """Someone who came through a link and agreed to partner sharing and to be named."""
    changes.setdefault("purposes", NAMED)
    return (await world.register(link, **changes)).candidate_id


async def pool(
    world: World, company: Organization, where: PoolFilter | None = None
) -> list[uuid.UUID]:
    """Whom a company sees in the pool, the last listed first."""
    async with world.database.read() as read:
        actor = world.actor(company, Role.RECRUITER)
        listed = await pool_page(read, actor, where or PoolFilter(), _Everyone())
    return [one.candidate_id for one in listed]


class _Everyone:
    limit_rows = 1_000
    backward = False
    after = None
    before = None


async def seen(
    world: World, company: Organization, candidate_id: uuid.UUID, role: Role = Role.RECRUITER
) -> ShownCandidate | None:
    """A candidate as a company sees them."""
    async with world.database.read() as read:
        people = await shown(read, world.actor(company, role), [candidate_id])
    return people.get(candidate_id)


async def fields_seen(
    world: World, company: Organization, candidate_id: uuid.UUID, role: Role = Role.RECRUITER
) -> frozenset[CandidateField]:
    """The fields of a candidate that a company sees."""
    person = await seen(world, company, candidate_id, role)
    return (
        frozenset(field for field, is_shown, _ in person.visibility if is_shown)
        if person
        else frozenset()
    )


async def offered(
    world: World, company: Organization, candidate_id: uuid.UUID, to: Organization
) -> uuid.UUID:
    """A company offers whom it turned down to a partner."""
    command = OfferCandidate(candidate_id, to.id, "SALES")
    found: uuid.UUID = await run(
        world, offer_candidate, world.actor(company, Role.RECRUITER), command
    )
    return found


async def asked(world: World, company: Organization, candidate_id: uuid.UUID) -> uuid.UUID:
    """A company asks for someone it sees in the pool."""
    found: uuid.UUID = await run(
        world,
        ask_for_candidate,
        world.actor(company, Role.RECRUITER),
        AskForCandidate(candidate_id),
    )
    return found


def person(world: World, candidate_id: uuid.UUID) -> Actor:
    """The candidate on their own pages."""
    return candidate(world.consortium_id, candidate_id, "en")


async def agreed(world: World, candidate_id: uuid.UUID, referral_id: uuid.UUID) -> None:
    """The candidate says yes."""
    command = AgreeToIntroduction(referral_id, CONSENT_TEXT_VERSION)
    await run(world, agree_to_introduction, person(world, candidate_id), command)


async def consent_of(world: World, candidate_id: uuid.UUID, purpose: Purpose) -> uuid.UUID:
    """The standing consent of a candidate for a purpose."""
    async with world.database.read() as read:
        found = await read.scalar(
            select(Consent.id).where(
                Consent.candidate_id == candidate_id,
                Consent.purpose == purpose,
                Consent.status == ConsentStatus.ACTIVE,
            )
        )
    assert found is not None
    return found


async def taken_up(world: World, company: Organization, referral_id: uuid.UUID) -> None:
    """The receiver wants to meet the person."""
    await run(world, accept_referral, world.actor(company, Role.RECRUITER), referral_id)


async def joined(world: World, company: Organization, referral_id: uuid.UUID) -> uuid.UUID:
    """The person who was shown and taken up has joined the receiver today."""
    receiver = world.actor(company, Role.RECRUITER)
    await run(world, start_interviews, receiver, referral_id)
    await run(world, make_offer, receiver, referral_id)
    command = RecordHire(referral_id, local_day(world.clock.now, ZONE))
    hire_id: uuid.UUID = await run(world, record_hire, receiver, command)
    return hire_id


async def terms_of(world: World, partnership_id: uuid.UUID) -> Sequence[tuple[int, TermsStatus]]:
    """The versions of a partnership's terms, and where each stands."""
    async with world.database.read() as read:
        rows = await read.execute(
            select(Terms.number, Terms.status)
            .where(Terms.partnership_id == partnership_id)
            .order_by(Terms.number)
        )
        return [(row.number, row.status) for row in rows]


async def partnership_of(world: World, partnership_id: uuid.UUID) -> Partnership:
    """A partnership as it stands."""
    async with world.database.read() as read:
        return await read.get_one(Partnership, partnership_id)


async def seeks(world: World, company: Organization, category: str, headcount: int = 1) -> None:
    """A company has an opening."""
    terms = OpeningTerms(title="募集", category=category, headcount=headcount)
    await run(world, create_opening, world.actor(company, Role.RECRUITER), CreateOpening(terms))


async def frozen_months(world: World, first: date) -> None:
    """Every month from this day's on that is over by now is frozen: the network began then."""
    async with world.database.transaction() as tx:
        await record_flow(
            tx,
            consortium_id=world.consortium_id,
            day=first,
            from_id=world.company.id,
            to_id=world.agency.id,
            channel=Channel.RELAY_LINK,
            event=ReferralStatus.ACCEPTED,
            before=ReferralStatus.ACCEPTED,
        )
    await freeze_past(world.database)


async def turned_down(
    world: World, company: Organization, category: str, day: date, people: int
) -> None:
    """A company turned people of a category down."""
    async with world.database.transaction() as tx:
        await record_needs(
            tx,
            consortium_id=world.consortium_id,
            day=day,
            company_id=company.id,
            category=category,
            turned_down=people,
        )
