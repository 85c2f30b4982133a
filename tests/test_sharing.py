"""Partners see candidates exactly as far as consent and terms permit, decided when they look."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from models.access import Role
from models.errors import AlreadyExists, InvalidTransition, NotFound
from models.operations.agreements import DeclineIntroduction, decline_introduction
from models.operations.candidate_pages import (
    BlockOrganization,
    NamePresentEmployer,
    WithdrawConsent,
    block_organization,
    name_present_employer,
    withdraw_consent,
)
from models.operations.cases import CaseOutcome, CloseCase, close_case
from models.operations.own_data import CorrectOwnData, correct_own_data
from models.operations.partner_referrals import (
    AskForCandidate,
    OfferCandidate,
    ask_for_candidate,
    offer_candidate,
    recall_overdue,
)
from models.operations.partnerships import (
    WithReason,
    end_partnership,
    leave_partnership,
    resume_partnership,
    suspend_partnership,
)
from models.operations.referrals import (
    DeclineReferral,
    RecordHire,
    accept_referral,
    decline_referral,
    make_offer,
    record_hire,
    start_interviews,
    withdraw_proposal,
)
from models.operations.terms import ProposeTerms, accept_terms, propose_terms
from models.reads.hires import hires_by_id
from models.reads.pool import PoolFilter, count_pool
from models.reads.referrals import candidates_of, referrals_by_id
from models.rules.company_names import company_name_key
from models.rules.flows import local_day
from models.rules.handovers import CannotIntroduce, NotReceiver
from models.rules.lifecycles import ConsentStatus
from models.rules.partnerships import AskedLately, NotBetween
from models.rules.registration_form import OwnDetails
from models.rules.sharing import (
    ALL_FIELDS,
    IDENTIFYING,
    CandidateField,
    Employment,
    Purpose,
    VisibilityReason,
)
from models.tables.candidates import Consent, Disclosure
from models.tables.consortium import Organization
from models.tables.flows import FlowDay
from models.tables.referrals import Case, DeclineReason, Referral
from tests.handovers import ZONE, change, delivered, proposed, run, status_of
from tests.partners import (
    NAMED,
    SHARING,
    TERMS,
    admin,
    agreed,
    asked,
    fields_seen,
    link_of,
    list_all,
    offered,
    partners,
    person,
    pool,
    seen,
    shared,
    third_company,
)
from tests.world import World

OWN = OwnDetails(
    name="佐藤 花子",
    phone=None,
    category=None,
    experience_years=3,
    skills=(),
    wishes=None,
    prefecture="13",
    desired_prefectures=(),
)
OPEN = frozenset(ALL_FIELDS) - IDENTIFYING
DAY_SHARED = TERMS.shared_days


async def consent_of(world: World, candidate_id: uuid.UUID, purpose: Purpose) -> uuid.UUID:
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


async def withdraw(world: World, candidate_id: uuid.UUID, purpose: Purpose) -> None:
    command = WithdrawConsent(await consent_of(world, candidate_id, purpose))
    await run(world, withdraw_consent, person(world, candidate_id), command)


async def open_records(world: World, candidate_id: uuid.UUID, company: Organization) -> int:
    async with world.database.read() as read:
        return (
            await read.scalar(
                select(func.count()).where(
                    Disclosure.candidate_id == candidate_id,
                    Disclosure.recipient_id == company.id,
                    Disclosure.closed_at.is_(None),
                )
            )
        ) or 0


async def test_invariant_7_consent_and_terms_must_overlap_for_a_partner_to_see(
    world: World,
) -> None:
    before = await shared(world)
    quiet = await shared(world, purposes=frozenset({Purpose.AGENCY_SUPPORT}))
    assert await pool(world, world.other_company) == []
    await partners(world, world.company, world.other_company)
    assert await pool(world, world.other_company) == [before]
    after = await shared(world)
    assert set(await pool(world, world.other_company)) == {before, after}
    assert await fields_seen(world, world.other_company, after) == OPEN
    assert await seen(world, world.other_company, quiet) is None
    # Nobody is shown their own registrants again, and no outsider sees anyone.
    assert await pool(world, world.company) == []
    outsider = await third_company(world)
    assert await pool(world, outsider) == []
    assert await seen(world, outsider, after) is None


async def test_terms_narrow_what_is_seen_and_for_which_category(world: World) -> None:
    fields = (CandidateField.NAME, CandidateField.SKILLS)
    await partners(world, world.company, world.other_company, fields=fields, categories=("SALES",))
    seller = await shared(world, category="SALES")
    await shared(world, category="IT_INFRASTRUCTURE")
    assert await pool(world, world.other_company) == [seller]
    assert await fields_seen(world, world.other_company, seller) == {CandidateField.SKILLS}


async def test_a_hidden_field_changes_neither_filters_nor_counts(world: World) -> None:
    fields = (CandidateField.SKILLS,)
    await partners(world, world.company, world.other_company, fields=fields)
    one = await shared(world, category="SALES", prefecture="13", experience_years=5)
    equal = SimpleNamespace(eq="SALES")
    hidden = [
        PoolFilter(category=equal),
        PoolFilter(prefecture=SimpleNamespace(eq="13")),
        PoolFilter(experience_years=SimpleNamespace(gte=1)),
        PoolFilter(category=SimpleNamespace(eq="IT_INFRASTRUCTURE")),
    ]
    actor = world.actor(world.other_company, Role.RECRUITER)
    for where in hidden:
        assert await pool(world, world.other_company, where) == []
        async with world.database.read() as read:
            assert await count_pool(read, actor, where) == 0
    async with world.database.read() as read:
        assert await count_pool(read, actor, PoolFilter()) == 1
    assert await pool(world, world.other_company) == [one]


async def test_shown_fields_can_be_filtered_by(world: World) -> None:
    await partners(world, world.company, world.other_company)
    seller = await shared(world, category="SALES", prefecture="13", experience_years=5)
    other = await shared(world, category="IT_INFRASTRUCTURE", prefecture="27", experience_years=1)
    assert await pool(
        world, world.other_company, PoolFilter(category=SimpleNamespace(eq="SALES"))
    ) == [seller]
    assert await pool(
        world, world.other_company, PoolFilter(experience_years=SimpleNamespace(lte=2))
    ) == [other]


async def test_a_withdrawn_consent_stops_reads_at_once_and_recalls_what_was_asked(
    world: World,
) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await asked(world, world.other_company, someone)
    await withdraw(world, someone, Purpose.PARTNER_SHARING)
    assert await pool(world, world.other_company) == []
    assert await fields_seen(world, world.other_company, someone) == frozenset()
    assert await open_records(world, someone, world.other_company) == 0
    assert await status_of(world, referral_id) == "RECALLED"


async def test_suspending_stops_reads_before_the_records_follow(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    someone = await shared(world)
    await run(
        world,
        suspend_partnership,
        admin(world, world.company),
        WithReason(partnership_id, "a doubt"),
    )
    assert await pool(world, world.other_company) == []
    assert await fields_seen(world, world.other_company, someone) == frozenset()
    found = await seen(world, world.other_company, someone)
    assert found is not None
    assert {reason for field, _, reason in found.visibility if field in OPEN} == {
        VisibilityReason.NO_TERMS
    }
    assert await open_records(world, someone, world.other_company) == 1
    await list_all(world)
    assert await open_records(world, someone, world.other_company) == 0
    await run(world, resume_partnership, admin(world, world.company), partnership_id)
    await list_all(world)
    assert await pool(world, world.other_company) == [someone]


async def test_invariant_9_an_excluded_company_is_never_shown_the_person(world: World) -> None:
    await partners(world, world.company, world.other_company)
    blocking = await shared(world, excluded=("Company 2",))
    employed = await shared(world)
    assert await pool(world, world.other_company) == [employed]
    command = NamePresentEmployer("Company 2")
    await run(world, name_present_employer, person(world, employed), command)
    assert await pool(world, world.other_company) == []
    for someone in (blocking, employed):
        assert await fields_seen(world, world.other_company, someone) == frozenset()
        with pytest.raises(CannotIntroduce):
            await offered(world, world.company, someone, world.other_company)
        with pytest.raises(NotFound):
            await asked(world, world.other_company, someone)


async def test_blocking_ends_what_was_shown(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    assert CandidateField.NAME in await fields_seen(world, world.other_company, someone)
    command = BlockOrganization("Company 2")
    await run(world, block_organization, person(world, someone), command)
    assert await fields_seen(world, world.other_company, someone) == frozenset()
    assert await status_of(world, referral_id) == "WITHDRAWN"


async def test_a_later_member_is_not_shown_who_agreed_before_it_came(world: World) -> None:
    someone = await shared(world)
    world.clock.forward(days=1)
    newcomer = await third_company(world)
    await partners(world, world.company, newcomer)
    assert await pool(world, newcomer) == []
    after = await shared(world)
    assert await pool(world, newcomer) == [after]
    assert await seen(world, newcomer, someone) is None


async def test_invariant_8_a_name_is_shown_by_the_candidates_yes_alone(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await asked(world, world.other_company, someone)
    assert await status_of(world, referral_id) == "REQUESTED"
    assert await fields_seen(world, world.other_company, someone) == OPEN
    await agreed(world, someone, referral_id)
    assert await status_of(world, referral_id) == "DELIVERED"
    assert await fields_seen(world, world.other_company, someone) == frozenset(ALL_FIELDS)
    assert await fields_seen(world, world.other_company, someone, Role.VIEWER) == OPEN
    async with world.database.read() as read:
        record = await read.scalar(select(Disclosure).where(Disclosure.referral_id == referral_id))
        referral = await read.get_one(Referral, referral_id)
    assert record is not None
    assert (record.provider_id, record.recipient_id) == (world.company.id, world.other_company.id)
    assert record.terms_id == referral.terms_id
    assert set(record.fields) == {field.value for field in ALL_FIELDS}


async def test_the_terms_bound_what_an_agreement_opens(world: World) -> None:
    fields = (CandidateField.NAME, CandidateField.SKILLS)
    await partners(world, world.company, world.other_company, fields=fields)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    assert await fields_seen(world, world.other_company, someone) == set(fields)


async def test_only_who_gave_their_name_can_be_offered_on(world: World) -> None:
    await partners(world, world.company, world.other_company)
    unnamed = await shared(world, purposes=SHARING)
    foreign = await shared(world, await link_of(world, world.other_company))
    for someone in (unnamed, foreign):
        with pytest.raises(NotFound):
            await offered(world, world.company, someone, world.other_company)
    named = await shared(world, purposes=NAMED - {Purpose.PARTNER_SHARING})
    referral_id = await offered(world, world.company, named, world.other_company)
    assert await status_of(world, referral_id) == "PROPOSED"
    assert await seen(world, world.other_company, named) is None


async def test_an_offer_needs_a_partnership_that_covers_the_category(world: World) -> None:
    someone = await shared(world)
    with pytest.raises(NotBetween):
        await offered(world, world.company, someone, world.other_company)
    await partners(world, world.company, world.other_company, categories=("IT_INFRASTRUCTURE",))
    with pytest.raises(NotBetween):
        await offered(world, world.company, someone, world.other_company)
    with pytest.raises(NotBetween):
        await run(
            world,
            offer_candidate,
            world.actor(world.company, Role.RECRUITER),
            OfferCandidate(someone, world.other_company.id, "NO_SUCH"),
        )


async def test_nobody_is_asked_twice_at_once_or_soon_again(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await asked(world, world.other_company, someone)
    with pytest.raises(AskedLately):
        await asked(world, world.other_company, someone)
    asker = world.actor(world.other_company, Role.RECRUITER)
    await run(world, withdraw_proposal, asker, referral_id)
    with pytest.raises(AskedLately):
        await asked(world, world.other_company, someone)
    world.clock.forward(days=91)
    await asked(world, world.other_company, someone)


async def test_the_giver_of_an_unnamed_person_learns_the_day_and_the_state_alone(
    world: World,
) -> None:
    await partners(world, world.company, world.other_company)
    unnamed = await shared(world, purposes=SHARING)
    referral_id = await asked(world, world.other_company, unnamed)
    giver = world.actor(world.company, Role.RECRUITER)
    async with world.database.read() as read:
        told = (await referrals_by_id(read, giver, [referral_id]))[referral_id]
        [who] = await candidates_of(read, giver, [told])
    assert who is None
    assert told.status is not None
    assert told.status.value == "REQUESTED"
    assert (told.created_at, told.changed_at, told.respond_by) == (None, None, None)


async def test_what_was_agreed_runs_on_to_its_deadline_and_is_then_recalled(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    someone, waiting = await shared(world), await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    unanswered = await offered(world, world.company, waiting, world.other_company)
    await run(
        world, end_partnership, admin(world, None), WithReason(partnership_id, "trust is gone")
    )
    await list_all(world)
    assert await status_of(world, unanswered) == "RECALLED"
    assert await fields_seen(world, world.other_company, someone) == frozenset(ALL_FIELDS)
    receiver = world.actor(world.other_company, Role.RECRUITER)
    await run(world, accept_referral, receiver, referral_id)
    world.clock.forward(days=DAY_SHARED)
    assert await fields_seen(world, world.other_company, someone) == frozenset()
    async with world.database.transaction() as tx:
        assert await recall_overdue(tx) == 1
    assert await status_of(world, referral_id) == "RECALLED"
    assert await open_records(world, someone, world.other_company) == 0


async def test_past_its_deadline_a_referral_is_read_under_the_terms_in_force(
    world: World,
) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    fewer = replace(TERMS, fields=(CandidateField.NAME,))
    terms_id = await run(
        world, propose_terms, admin(world, world.company), ProposeTerms(partnership_id, fewer)
    )
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    assert await fields_seen(world, world.other_company, someone) == frozenset(ALL_FIELDS)
    world.clock.forward(days=DAY_SHARED)
    async with world.database.transaction() as tx:
        assert await recall_overdue(tx) == 0
    assert await fields_seen(world, world.other_company, someone) == {CandidateField.NAME}


async def test_an_amendment_narrows_reads_before_the_records_follow(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    someone = await shared(world, category="SALES")
    fewer = replace(TERMS, fields=(CandidateField.SKILLS,))
    terms_id = await run(
        world, propose_terms, admin(world, world.company), ProposeTerms(partnership_id, fewer)
    )
    assert await fields_seen(world, world.other_company, someone) == OPEN
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    by_category = PoolFilter(category=SimpleNamespace(eq="SALES"))
    for _ in range(2):
        assert await fields_seen(world, world.other_company, someone) == {CandidateField.SKILLS}
        assert await pool(world, world.other_company, by_category) == []
        assert await pool(world, world.other_company) == [someone]
        await list_all(world)


async def test_a_partnership_of_three_goes_on_as_two(world: World) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company, third)
    someone = await shared(world)
    assert await pool(world, third) == await pool(world, world.other_company) == [someone]
    await run(world, leave_partnership, admin(world, third), partnership_id)
    assert await pool(world, third) == []
    assert await pool(world, world.other_company) == [someone]
    await run(world, leave_partnership, admin(world, world.other_company), partnership_id)
    assert await pool(world, world.other_company) == []


async def test_a_corrected_category_moves_in_and_out_of_the_terms(world: World) -> None:
    await partners(world, world.company, world.other_company, categories=("SALES",))
    someone = await shared(world, category="IT_INFRASTRUCTURE")
    assert await pool(world, world.other_company) == []
    for category, listed in (("SALES", [someone]), ("IT_INFRASTRUCTURE", [])):
        command = CorrectOwnData(replace(OWN, category=category))
        await run(world, correct_own_data, person(world, someone), command)
        assert await pool(world, world.other_company) == listed
        assert await open_records(world, someone, world.other_company) == len(listed)


async def test_coming_through_ones_own_link_too_changes_nothing_in_the_pool(world: World) -> None:
    """Else whoever leaves the pool would be known to have come."""
    await partners(world, world.company, world.other_company)
    someone = await shared(world, email="twice@example.jp")
    assert await pool(world, world.other_company) == [someone]
    again = await shared(
        world,
        await link_of(world, world.other_company),
        email="twice@example.jp",
        purposes=frozenset({Purpose.AGENCY_SUPPORT}),
    )
    assert again == someone
    assert await pool(world, world.other_company) == [someone]
    assert await pool(world, world.company) == [someone]


async def test_who_is_known_by_name_is_not_listed_beside_it(world: World) -> None:
    """Else a company would learn which partner had turned down somebody it knows."""
    third = await third_company(world)
    await partners(world, world.company, world.other_company, third)
    someone = await shared(world)
    await delivered(world, someone)
    assert CandidateField.NAME in await fields_seen(world, world.other_company, someone)
    assert await pool(world, world.other_company) == []
    assert await pool(world, third) == [someone]


async def test_terms_for_other_categories_show_nobody_before_the_records_follow(
    world: World,
) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    someone = await shared(world, category="SALES")
    other = replace(TERMS, categories=("IT_INFRASTRUCTURE",))
    terms_id = await run(
        world, propose_terms, admin(world, world.company), ProposeTerms(partnership_id, other)
    )
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    assert await pool(world, world.other_company) == []
    assert await fields_seen(world, world.other_company, someone) == frozenset()
    with pytest.raises(NotFound):
        await asked(world, world.other_company, someone)
    assert await open_records(world, someone, world.other_company) == 1


async def test_terms_that_show_nothing_of_the_pool_list_nobody(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    await shared(world)
    other = replace(TERMS, fields=(CandidateField.NAME,))
    terms_id = await run(
        world, propose_terms, admin(world, world.company), ProposeTerms(partnership_id, other)
    )
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    assert await pool(world, world.other_company) == []


async def test_an_english_name_is_excluded_as_well(world: World) -> None:
    await change(
        world,
        Organization,
        Organization.id == world.other_company.id,
        name_en="Second Works Inc.",
        name_en_key=company_name_key("Second Works Inc."),
    )
    await partners(world, world.company, world.other_company)
    for named in (
        {"employment": Employment.EMPLOYED, "employer": "Second Works Inc."},
        {"excluded": ("second works inc",)},
    ):
        someone = await shared(world, **named)
        assert await pool(world, world.other_company) == []
        with pytest.raises(CannotIntroduce):
            await offered(world, world.company, someone, world.other_company)


async def test_an_offer_is_not_repeated_after_a_no(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    no = DeclineIntroduction(referral_id)
    await run(world, decline_introduction, person(world, someone), no)
    with pytest.raises(AskedLately):
        await offered(world, world.company, someone, world.other_company)


async def test_what_others_do_is_not_told_by_a_refusal(world: World) -> None:
    await partners(world, world.company, world.other_company)
    of_partner, of_agency = await shared(world), await shared(world)
    await offered(world, world.company, of_partner, world.other_company)
    await proposed(world, of_agency)
    for someone in (of_partner, of_agency):
        with pytest.raises(CannotIntroduce):
            await asked(world, world.other_company, someone)


async def test_two_who_ask_at_once_come_out_as_one(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    answers = await asyncio.gather(
        asked(world, world.other_company, someone),
        offered(world, world.company, someone, world.other_company),
        return_exceptions=True,
    )
    assert sum(isinstance(one, uuid.UUID) for one in answers) == 1
    [refusal] = [one for one in answers if not isinstance(one, uuid.UUID)]
    assert isinstance(refusal, (AlreadyExists, CannotIntroduce))


async def test_who_asked_cannot_turn_down_before_the_answer(world: World) -> None:
    await partners(world, world.company, world.other_company)
    referral_id = await asked(world, world.other_company, await shared(world))
    asker = world.actor(world.other_company, Role.RECRUITER)
    command = DeclineReferral(referral_id, DeclineReason.OTHER)
    with pytest.raises(InvalidTransition):
        await run(world, decline_referral, asker, command)
    assert await status_of(world, referral_id) == "REQUESTED"


async def test_without_support_nobody_is_listed(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    await run(
        world,
        close_case,
        world.actor(world.agency, Role.RECRUITER),
        CloseCase(await case_of(world, someone), CaseOutcome.NO_SUITABLE_OPENING),
    )
    assert await pool(world, world.other_company) == []


async def case_of(world: World, candidate_id: uuid.UUID) -> uuid.UUID:
    async with world.database.read() as read:
        found = await read.scalar(select(Case.id).where(Case.candidate_id == candidate_id))
    assert found is not None
    return found


async def test_a_hire_between_partners_has_no_fee_and_ends_the_listing(world: World) -> None:
    third = await third_company(world)
    await partners(world, world.company, world.other_company, third)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    receiver = world.actor(world.other_company, Role.RECRUITER)
    giver = world.actor(world.company, Role.RECRUITER)
    await run(world, accept_referral, receiver, referral_id)
    for step in (start_interviews, make_offer):
        with pytest.raises(NotReceiver):
            await run(world, step, giver, referral_id)
        await run(world, step, receiver, referral_id)
    today = local_day(world.clock.now, ZONE)
    with pytest.raises(NotReceiver):
        await run(world, record_hire, giver, RecordHire(referral_id, today))
    assert await pool(world, third) == [someone]
    hire_id = await run(world, record_hire, receiver, RecordHire(referral_id, today))
    assert await status_of(world, referral_id) == "HIRED"
    async with world.database.read() as read:
        assert set(await hires_by_id(read, receiver, [hire_id])) == {hire_id}
        assert await hires_by_id(read, giver, [hire_id]) == {}
    with pytest.raises(CannotIntroduce):
        await offered(world, world.company, someone, third)
    assert await pool(world, third) == []
    world.clock.forward(days=DAY_SHARED + 1)
    assert CandidateField.NAME in await fields_seen(world, world.other_company, someone)


async def test_the_candidate_recalls_by_withdrawing_what_they_agreed_to(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    await withdraw(world, someone, Purpose.INTRODUCTION)
    assert await status_of(world, referral_id) == "RECALLED"
    assert await fields_seen(world, world.other_company, someone) == frozenset()
    receiver = world.actor(world.other_company, Role.RECRUITER)
    with pytest.raises(InvalidTransition):
        await run(world, accept_referral, receiver, referral_id)


async def test_flows_know_of_partner_shares(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    async with world.database.read() as read:
        rows = await read.execute(
            select(FlowDay.event, FlowDay.referrals).where(
                FlowDay.from_id == world.company.id, FlowDay.to_id == world.other_company.id
            )
        )
        found = {row.event.value: row.referrals for row in rows}
    assert found == {"PROPOSED": 1, "AGREED": 1, "DELIVERED": 1}


async def test_one_may_ask_for_an_own_opening_only(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    command = AskForCandidate(someone, uuid.uuid4())
    asker = world.actor(world.other_company, Role.RECRUITER)
    with pytest.raises(NotFound):
        await run(world, ask_for_candidate, asker, command)
