"""Introductions from the proposal to the hire, and the agency's cases, on both databases."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.access import Role, candidate
from models.audit import verify_chain
from models.errors import (
    AlreadyExists,
    DomainError,
    Forbidden,
    InvalidInput,
    InvalidTransition,
    NotFound,
)
from models.operations.agreements import AgreeToIntroduction, WithdrawFrom, agree_to_introduction
from models.operations.agreements import withdraw_from as withdraw_introduction
from models.operations.cases import (
    CaseOutcome,
    CloseCase,
    NoteOnCase,
    close_case,
    note_on_case,
)
from models.operations.openings import (
    CreateOpening,
    OpeningTerms,
    UpdateOpening,
    close_opening,
    create_opening,
    update_opening,
)
from models.operations.referrals import (
    DeclineReferral,
    IntroduceCandidate,
    RecordHire,
    accept_referral,
    decline_referral,
    introduce_candidate,
    make_offer,
    record_hire,
    start_interviews,
    withdraw_proposal,
)
from models.rules.handovers import (
    ANSWER_DAYS,
    FEE_YEN_MAX,
    NOTE_LENGTH_MAX,
    CannotIntroduce,
    IntroductionsOpen,
    LicenceNotValid,
    NoOpenCase,
    NotIntroducer,
    NotReceiver,
    RelayGiven,
    is_same_company,
)
from models.rules.lifecycles import (
    CaseStatus,
    MembershipStatus,
    OrganizationKind,
    ReferralStatus,
)
from models.rules.openings import NotKeeper
from models.rules.sharing import Employment, Purpose
from models.tables.candidates import Candidate, Disclosure
from models.tables.consortium import Membership, Organization
from models.tables.flows import FlowDay, JourneyDay, NeedDay
from models.tables.openings import Opening
from models.tables.records import OutboxEvent
from models.tables.referrals import Case, DeclineReason, Hire, Referral, ReferralStep
from tests.handovers import (
    accepted,
    change,
    delivered,
    hired,
    offered,
    proposed,
    recruiter,
    run,
    status_of,
)
from tests.world import World, add_link, add_organization, build_world


async def refused(
    world: World, kind: type[DomainError], operation: Any, actor: Any, command: Any
) -> DomainError:
    """One refusal, its kind, and that nothing changed."""
    before = await everything(world)
    with pytest.raises(kind) as refusal:
        await run(world, operation, actor, command)
    assert type(refusal.value) is kind
    assert await everything(world) == before
    return refusal.value


async def everything(world: World) -> list[Any]:
    async with world.database.read() as read:
        return [
            (
                await read.execute(
                    select(*table.__table__.columns).order_by(*table.__table__.primary_key)
                )
            ).all()
            for table in (Referral, ReferralStep, Case, Hire, FlowDay, JourneyDay, OutboxEvent)
        ]


async def all_of(world: World, table: Any, *conditions: Any) -> list[Any]:
    async with world.database.read() as read:
        return list((await read.scalars(select(table).where(*conditions))).all())


async def case_of(world: World, candidate_id: uuid.UUID) -> Case:
    [case] = await all_of(world, Case, Case.candidate_id == candidate_id)
    assert isinstance(case, Case)
    return case


async def test_from_the_proposal_to_the_hire(world: World) -> None:
    person = await world.register()
    referral_id = await proposed(world, person.candidate_id)
    [referral] = await all_of(world, Referral, Referral.id == referral_id)
    case = await case_of(world, person.candidate_id)
    assert referral.status is ReferralStatus.PROPOSED
    assert referral.previous_id == case.referral_id
    assert referral.respond_by == world.clock.now + timedelta(days=ANSWER_DAYS)
    assert referral.delivered_at is None
    [asked] = await all_of(world, OutboxEvent, OutboxEvent.type == "referral.agreement_asked")
    assert asked.refs == {"referral": referral_id.hex, "candidate": person.candidate_id.hex}
    company = recruiter(world)
    await refused(world, NotFound, accept_referral, company, referral_id)
    actor = candidate(world.consortium_id, person.candidate_id, "en")
    await run(world, agree_to_introduction, actor, AgreeToIntroduction(referral_id, "2026-01"))
    await run(world, accept_referral, company, referral_id)
    await run(world, start_interviews, recruiter(world, world.agency), referral_id)
    await run(world, make_offer, company, referral_id)
    world.clock.forward(days=40)
    hire_id = await hired(world, referral_id, fee_yen=1_200_000)
    [hire] = await all_of(world, Hire)
    assert (hire.id, hire.fee_yen, hire.free_hire_id) == (hire_id, 1_200_000, None)
    assert (hire.company_id, hire.introducer_id) == (world.other_company.id, world.agency.id)
    assert await status_of(world, referral_id) == "HIRED"
    assert await status_of(world, case.referral_id) == "HIRED"
    closed = await case_of(world, person.candidate_id)
    assert (closed.status, closed.closed_at) == (CaseStatus.CLOSED, world.clock.now)
    [journey] = await all_of(world, JourneyDay)
    chain = [world.company.id, world.agency.id, world.other_company.id]
    assert journey.chain == ">".join(one.hex for one in chain)
    assert (journey.outcome, journey.journeys) == (ReferralStatus.HIRED, 1)
    steps = await all_of(world, ReferralStep, ReferralStep.referral_id == referral_id)
    assert {step.status.value for step in steps} == {
        "PROPOSED",
        "AGREED",
        "DELIVERED",
        "ACCEPTED",
        "INTERVIEWING",
        "OFFERED",
        "HIRED",
    }
    async with world.database.read() as read:
        assert (await verify_chain(read, world.consortium_id)).broken_at is None


async def test_a_hire_closes_every_relay_and_what_nobody_has_seen(world: World) -> None:
    async with world.database.transaction() as tx:
        third = await add_organization(tx, world.consortium_id, 50, OrganizationKind.COMPANY)
        fourth = await add_organization(tx, world.consortium_id, 51, OrganizationKind.COMPANY)
        link = await add_link(tx, third)
    person = await world.register(email="both@example.jp")
    await world.register(link, email="both@example.jp")
    referral_id = await offered(world, person.candidate_id)
    unseen = await proposed(world, person.candidate_id, fourth)
    seen = await delivered(world, person.candidate_id, third)
    await hired(world, referral_id, fee_yen=0)
    relays = await all_of(world, Referral, Referral.link_id.is_not(None))
    assert {relay.status for relay in relays} == {ReferralStatus.HIRED}
    assert await status_of(world, unseen) == "WITHDRAWN"
    assert await status_of(world, seen) == "DELIVERED"
    chains = {journey.chain for journey in await all_of(world, JourneyDay)}
    assert chains == {
        ">".join(one.id.hex for one in (first, world.agency, world.other_company))
        for first in (world.company, third)
    }


async def test_only_an_agency_with_an_open_case_introduces(world: World) -> None:
    person = await world.register()
    agency = recruiter(world, world.agency)
    command = IntroduceCandidate(person.candidate_id, world.other_company.id)
    await refused(world, Forbidden, introduce_candidate, recruiter(world), command)
    viewer = world.actor(world.agency, Role.VIEWER)
    await refused(world, Forbidden, introduce_candidate, viewer, command)
    async with world.database.transaction() as tx:
        rival = await add_organization(tx, world.consortium_id, 60, OrganizationKind.AGENCY)
    await refused(world, NotFound, introduce_candidate, recruiter(world, rival), command)
    case = await case_of(world, person.candidate_id)
    await run(world, close_case, agency, CloseCase(case.id, CaseOutcome.NO_SUITABLE_OPENING))
    await refused(world, NoOpenCase, introduce_candidate, agency, command)


async def test_a_licence_must_be_valid_on_the_day(world: World) -> None:
    person = await world.register()
    agency = recruiter(world, world.agency)
    command = IntroduceCandidate(person.candidate_id, world.other_company.id)
    mine = Organization.id == world.agency.id
    await change(world, Organization, mine, licence_expires_on=date(2026, 1, 4))
    await refused(world, LicenceNotValid, introduce_candidate, agency, command)
    await change(world, Organization, mine, licence_expires_on=date(2026, 1, 5))
    left = Membership.organization_id == world.agency.id
    await change(world, Membership, left, status=MembershipStatus.LEFT)
    await refused(world, LicenceNotValid, introduce_candidate, agency, command)
    await change(world, Membership, left, status=MembershipStatus.ACTIVE)
    await run(world, introduce_candidate, agency, command)


async def test_only_active_companies_are_introduced_to(world: World) -> None:
    person = await world.register()
    agency = recruiter(world, world.agency)
    for to_id in (world.agency.id, uuid.uuid4()):
        command = IntroduceCandidate(person.candidate_id, to_id)
        await refused(world, NotFound, introduce_candidate, agency, command)
    company = Membership.organization_id == world.other_company.id
    await change(world, Membership, company, status=MembershipStatus.LEFT)
    command = IntroduceCandidate(person.candidate_id, world.other_company.id)
    await refused(world, NotFound, introduce_candidate, agency, command)


@pytest.mark.parametrize("how", ["blocked", "employer", "employer_joined_later"])
async def test_never_to_whom_the_candidate_excluded(world: World, how: str) -> None:
    """Invariant 9, and the agency is not told why."""
    named = world.other_company.name
    if how == "blocked":
        person = await world.register(excluded=(named,))
    elif how == "employer":
        person = await world.register(employment=Employment.EMPLOYED, employer=f"株式会社{named}")
    else:
        person = await world.register(employment=Employment.EMPLOYED, employer="新会社 (株)")
        mine = Organization.id == world.other_company.id
        await change(world, Organization, mine, name="株式会社新会社")
    command = IntroduceCandidate(person.candidate_id, world.other_company.id)
    refusal = await refused(
        world, CannotIntroduce, introduce_candidate, recruiter(world, world.agency), command
    )
    assert "cannot be introduced to this company" in refusal.message("en")
    assert "employ" not in refusal.message("en")


def test_the_same_company_by_name() -> None:
    assert is_same_company("サンプル(株)", ("株式会社サンプル", None))
    assert is_same_company("Sample Co., Ltd.", ("株式会社サンプル", "Sample"))
    assert not is_same_company(None, ("Sample",))
    assert not is_same_company("株式会社", ("株式会社", None))


async def test_one_open_introduction_to_a_company(world: World) -> None:
    person = await world.register()
    referral_id = await proposed(world, person.candidate_id)
    agency = recruiter(world, world.agency)
    command = IntroduceCandidate(person.candidate_id, world.other_company.id)
    await refused(world, AlreadyExists, introduce_candidate, agency, command)
    await run(world, withdraw_proposal, agency, referral_id)
    outcomes = await asyncio.gather(
        *(run(world, introduce_candidate, agency, command) for _ in range(8)),
        return_exceptions=True,
    )
    refusals = [one for one in outcomes if not isinstance(one, uuid.UUID)]
    assert [type(one) for one in refusals] == [AlreadyExists] * 7


async def test_an_opening_must_be_open_and_of_that_company(world: World) -> None:
    person = await world.register()
    agency = recruiter(world, world.agency)
    terms = OpeningTerms(title="営業", category="OTHER", open_until=date(2026, 1, 6))
    own = await run(world, create_opening, recruiter(world), CreateOpening(terms))
    other = await run(world, create_opening, recruiter(world, world.company), CreateOpening(terms))
    to = IntroduceCandidate(person.candidate_id, world.other_company.id, own)
    await refused(world, NotFound, introduce_candidate, agency, replace(to, opening_id=other))
    world.clock.forward(days=2)
    await refused(world, NotFound, introduce_candidate, agency, to)
    world.clock.forward(days=-1)
    await run(world, introduce_candidate, agency, to)


async def test_a_proposal_is_withdrawn_only_before_delivery_and_by_its_agency(
    world: World,
) -> None:
    person = await world.register()
    agency = recruiter(world, world.agency)
    first = await proposed(world, person.candidate_id)
    await refused(world, NotFound, withdraw_proposal, recruiter(world), first)
    await run(world, withdraw_proposal, agency, first)
    assert await status_of(world, first) == "WITHDRAWN"
    second = await delivered(world, person.candidate_id)
    await refused(world, InvalidTransition, withdraw_proposal, agency, second)
    await refused(world, NotIntroducer, withdraw_proposal, recruiter(world), second)


async def test_only_the_receiver_answers(world: World) -> None:
    person = await world.register()
    referral_id = await delivered(world, person.candidate_id)
    agency = recruiter(world, world.agency)
    decline = DeclineReferral(referral_id, DeclineReason.SKILLS)
    await refused(world, NotReceiver, accept_referral, agency, referral_id)
    await refused(world, NotReceiver, decline_referral, agency, decline)
    viewer = world.actor(world.other_company, Role.VIEWER)
    await refused(world, Forbidden, accept_referral, viewer, referral_id)
    await refused(world, NotFound, accept_referral, recruiter(world, world.company), referral_id)


async def test_a_declined_introduction_ends_what_the_company_reads(world: World) -> None:
    person = await world.register()
    referral_id = await accepted(world, person.candidate_id)
    ours = Disclosure.recipient_id == world.other_company.id
    assert [one.closed_at for one in await all_of(world, Disclosure, ours)] == [None]
    await run(
        world, decline_referral, recruiter(world), DeclineReferral(referral_id, DeclineReason.OTHER)
    )
    assert await status_of(world, referral_id) == "DECLINED"
    assert [d.closed_at for d in await all_of(world, Disclosure, ours)] == [world.clock.now]
    case = await case_of(world, person.candidate_id)
    assert case.status is CaseStatus.OPEN
    assert await all_of(world, JourneyDay) == []


async def test_the_company_of_the_link_handles_nothing(world: World) -> None:
    person = await world.register()
    relay_id = (await case_of(world, person.candidate_id)).referral_id
    company = recruiter(world, world.company)
    decline = DeclineReferral(relay_id, DeclineReason.OTHER)
    hire = RecordHire(relay_id, date(2026, 1, 5), 0)
    for operation, command in (
        (accept_referral, relay_id),
        (decline_referral, decline),
        (start_interviews, relay_id),
        (make_offer, relay_id),
        (withdraw_proposal, relay_id),
        (record_hire, hire),
    ):
        refusal = await refused(world, RelayGiven, operation, company, command)
        assert refusal.details == {}
    agency = recruiter(world, world.agency)
    for operation, command in (
        (accept_referral, relay_id),
        (decline_referral, decline),
        (start_interviews, relay_id),
        (make_offer, relay_id),
        (record_hire, hire),
    ):
        await refused(world, InvalidTransition, operation, agency, command)


async def test_steps_cannot_be_left_out(world: World) -> None:
    person = await world.register()
    referral_id = await delivered(world, person.candidate_id)
    company = recruiter(world)
    hire = RecordHire(referral_id, date(2026, 1, 5), 0)
    await refused(world, InvalidTransition, start_interviews, company, referral_id)
    await refused(world, InvalidTransition, make_offer, company, referral_id)
    await refused(world, InvalidTransition, record_hire, company, hire)
    await run(world, accept_referral, company, referral_id)
    await refused(world, InvalidTransition, accept_referral, company, referral_id)
    await refused(world, InvalidTransition, record_hire, company, hire)


@pytest.mark.parametrize(
    ("joined_on", "fee_yen", "path"),
    [
        (date(2026, 1, 4), 0, "joinedOn"),
        (date(2026, 1, 6), 0, "joinedOn"),
        (date(2026, 1, 5), None, "feeYen"),
        (date(2026, 1, 5), -1, "feeYen"),
        (date(2026, 1, 5), FEE_YEN_MAX + 1, "feeYen"),
    ],
)
async def test_hires_out_of_bounds(
    world: World, joined_on: date, fee_yen: int | None, path: str
) -> None:
    person = await world.register()
    referral_id = await offered(world, person.candidate_id)
    command = RecordHire(referral_id, joined_on, fee_yen)
    refusal = await refused(world, InvalidInput, record_hire, recruiter(world), command)
    assert refusal.path == (path,)


async def test_both_sides_record_a_hire_once(world: World) -> None:
    person = await world.register()
    referral_id = await offered(world, person.candidate_id)
    command = RecordHire(referral_id, date(2026, 1, 5), 500_000)
    sides = [recruiter(world), recruiter(world, world.agency)] * 4
    outcomes = await asyncio.gather(
        *(run(world, record_hire, side, command) for side in sides), return_exceptions=True
    )
    kinds = sorted(type(one).__name__ for one in outcomes)
    assert kinds == ["InvalidTransition"] * 7 + ["UUID"]
    assert len(await all_of(world, Hire)) == 1


async def test_a_note_is_sealed(world: World) -> None:
    person = await world.register()
    case = await case_of(world, person.candidate_id)
    agency = recruiter(world, world.agency)
    await run(world, note_on_case, agency, NoteOnCase(case.id, " 駅近を希望 "))
    noted = await case_of(world, person.candidate_id)
    assert noted.note is not None
    assert "駅近".encode() not in noted.note
    [row] = await all_of(world, Candidate, Candidate.id == person.candidate_id)
    key = await world.database.vault.key(row.key_id)
    assert key.unseal(noted.note) == {"note": "駅近を希望"}
    await run(world, note_on_case, agency, NoteOnCase(case.id, ""))
    assert (await case_of(world, person.candidate_id)).note is None
    too_long = NoteOnCase(case.id, "x" * (NOTE_LENGTH_MAX + 1))
    await refused(world, InvalidInput, note_on_case, agency, too_long)
    await refused(world, Forbidden, note_on_case, recruiter(world), NoteOnCase(case.id, "x"))
    async with world.database.transaction() as tx:
        rival = await add_organization(tx, world.consortium_id, 60, OrganizationKind.AGENCY)
    await refused(world, NotFound, note_on_case, recruiter(world, rival), NoteOnCase(case.id, "x"))


async def test_a_case_ends_with_what_belongs_to_it(world: World) -> None:
    person = await world.register()
    case = await case_of(world, person.candidate_id)
    agency = recruiter(world, world.agency)
    referral_id = await accepted(world, person.candidate_id)
    fruitless = CloseCase(case.id, CaseOutcome.NO_SUITABLE_OPENING)
    await refused(world, IntroductionsOpen, close_case, agency, fruitless)
    await run(world, close_case, agency, CloseCase(case.id, CaseOutcome.WITHDRAWN))
    assert await status_of(world, referral_id) == "WITHDRAWN"
    assert await status_of(world, case.referral_id) == "WITHDRAWN"
    closed = await case_of(world, person.candidate_id)
    assert (closed.status, closed.closed_at) == (CaseStatus.CLOSED, world.clock.now)
    assert await all_of(world, Disclosure, Disclosure.closed_at.is_(None)) == []
    [journey] = await all_of(world, JourneyDay)
    assert journey.chain == f"{world.company.id.hex}>{world.agency.id.hex}"
    assert journey.outcome is ReferralStatus.WITHDRAWN
    await refused(world, InvalidTransition, close_case, agency, fruitless)
    await refused(world, InvalidTransition, note_on_case, agency, NoteOnCase(case.id, "x"))


async def test_a_case_without_a_suitable_opening(world: World) -> None:
    person = await world.register(
        purposes=frozenset({Purpose.AGENCY_SUPPORT, Purpose.NAMED_TO_REFERRER})
    )
    case = await case_of(world, person.candidate_id)
    command = CloseCase(case.id, CaseOutcome.NO_SUITABLE_OPENING)
    await run(world, close_case, recruiter(world, world.agency), command)
    assert await status_of(world, case.referral_id) == "NO_SUITABLE_OPENING"
    [still_open] = await all_of(world, Disclosure, Disclosure.closed_at.is_(None))
    assert still_open.purpose is Purpose.NAMED_TO_REFERRER


async def test_the_candidate_withdraws_from_an_introduction(world: World) -> None:
    person = await world.register()
    referral_id = await accepted(world, person.candidate_id)
    actor = candidate(world.consortium_id, person.candidate_id, "ja")
    await run(world, withdraw_introduction, actor, WithdrawFrom(referral_id))
    assert await status_of(world, referral_id) == "WITHDRAWN"
    await refused(world, InvalidTransition, start_interviews, recruiter(world), referral_id)


async def test_another_consortium_sees_nothing(world: World) -> None:
    elsewhere = await build_world(world.database, slug="elsewhere", first_number=900)
    world.database.clock = world.clock
    person = await world.register()
    referral_id = await offered(world, person.candidate_id)
    case = await case_of(world, person.candidate_id)
    stranger, agency = recruiter(elsewhere), recruiter(elsewhere, elsewhere.agency)
    hire = RecordHire(referral_id, date(2026, 1, 5), 0)
    await refused(world, NotFound, accept_referral, stranger, referral_id)
    await refused(world, NotFound, record_hire, stranger, hire)
    await refused(world, NotFound, close_case, agency, CloseCase(case.id, CaseOutcome.WITHDRAWN))
    to_own = IntroduceCandidate(person.candidate_id, elsewhere.company.id)
    await refused(world, NotFound, introduce_candidate, agency, to_own)
    to_theirs = IntroduceCandidate(person.candidate_id, elsewhere.company.id)
    ours = recruiter(world, world.agency)
    await refused(world, NotFound, introduce_candidate, ours, to_theirs)


TERMS = OpeningTerms(title=" 営業 ", category="OTHER", skills=(), headcount=3)


async def sought(world: World) -> dict[str, int]:
    rows = await all_of(world, NeedDay)
    return {row.category: row.sought for row in rows}


async def test_openings_tell_what_is_sought(world: World) -> None:
    company = recruiter(world)
    opening_id = await run(world, create_opening, company, CreateOpening(TERMS))
    [opening] = await all_of(world, Opening)
    assert (opening.title, opening.company_id, opening.keeper_id) == (
        "営業",
        world.other_company.id,
        world.other_company.id,
    )
    assert await sought(world) == {"OTHER": 3}
    await run(
        world, update_opening, company, UpdateOpening(opening_id, replace(TERMS, headcount=5))
    )
    assert await sought(world) == {"OTHER": 5}
    await run(
        world, update_opening, company, UpdateOpening(opening_id, replace(TERMS, headcount=1))
    )
    assert await sought(world) == {"OTHER": 5}
    changed = replace(TERMS, category="REAL_ESTATE", headcount=2)
    await run(world, update_opening, company, UpdateOpening(opening_id, changed))
    assert await sought(world) == {"OTHER": 5, "REAL_ESTATE": 2}
    await run(world, close_opening, company, opening_id)
    with pytest.raises(InvalidTransition):
        await run(world, close_opening, company, opening_id)
    with pytest.raises(InvalidTransition):
        await run(world, update_opening, company, UpdateOpening(opening_id, TERMS))


async def test_openings_are_changed_by_their_keeper(world: World) -> None:
    agency, company = recruiter(world, world.agency), recruiter(world)
    listed = await run(world, create_opening, agency, CreateOpening(TERMS, world.other_company.id))
    own = await run(world, create_opening, company, CreateOpening(TERMS))
    for actor, opening_id in ((company, listed), (agency, own)):
        with pytest.raises(NotKeeper):
            await run(world, close_opening, actor, opening_id)
    for actor in (recruiter(world, world.company), company):
        expected = NotFound if actor.organization_id == world.company.id else NotKeeper
        with pytest.raises(expected):
            await run(world, update_opening, actor, UpdateOpening(listed, TERMS))
    for company_id in (None, world.agency.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            await run(world, create_opening, agency, CreateOpening(TERMS, company_id))
    with pytest.raises(NotKeeper):
        await run(world, create_opening, company, CreateOpening(TERMS, world.company.id))
    assert len(await all_of(world, Opening)) == 2


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"category": "UNHEARD_OF"}, "category"),
        ({"prefecture": "48"}, "prefecture"),
        ({"skills": ("UNHEARD_OF",)}, "skills"),
        ({"headcount": 0}, "headcount"),
        ({"headcount": 1_001}, "headcount"),
        ({"open_until": date(2026, 1, 4)}, "openUntil"),
    ],
)
async def test_openings_out_of_bounds(world: World, changed: Any, path: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await run(world, create_opening, recruiter(world), CreateOpening(replace(TERMS, **changed)))
    assert refusal.value.path == ("terms", path)
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(Opening)) == 0
        assert await read.scalar(select(func.count()).select_from(NeedDay)) == 0
