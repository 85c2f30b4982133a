"""Partners see candidates exactly as far as consent and terms permit, decided when they look."""

from __future__ import annotations

import uuid
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from models.access import Role
from models.errors import NotFound
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
    accept_referral,
)
from models.operations.terms import ProposeTerms, accept_terms, propose_terms
from models.reads.candidate_pages import own_status
from models.reads.pool import PoolFilter, count_pool
from models.rules.agreements import CompanyExcluded
from models.rules.company_names import company_name_key
from models.rules.registration_form import OwnDetails
from models.rules.sharing import (
    ALL_FIELDS,
    IDENTIFYING,
    CandidateField,
    Employment,
    Purpose,
    VisibilityReason,
)
from models.tables.candidates import Disclosure
from models.tables.consortium import Organization
from models.tables.referrals import Case, Referral
from tests.handovers import change, delivered, run, status_of
from tests.partners import (
    TERMS,
    admin,
    agreed,
    asked,
    consent_of,
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
    assert await seen(world, world.other_company, someone) is None
    assert await open_records(world, someone, world.other_company) == 1
    await list_all(world)
    assert await open_records(world, someone, world.other_company) == 0
    await run(world, resume_partnership, admin(world, world.company), partnership_id)
    await list_all(world)
    assert await pool(world, world.other_company) == [someone]


async def test_what_the_terms_leave_out_says_that_the_terms_do(world: World) -> None:
    """Also where the candidate consents to it; what only waits for their yes does not say so."""
    fields = (CandidateField.NAME, CandidateField.SKILLS)
    await partners(world, world.company, world.other_company, fields=fields)
    someone = await shared(world)
    await list_all(world)
    listed = await _reasons(world, someone)
    assert listed[CandidateField.SKILLS] is VisibilityReason.SHOWN
    assert listed[CandidateField.NAME] is VisibilityReason.NOT_PROVIDED
    assert listed[CandidateField.PHONE] is VisibilityReason.NO_TERMS
    assert listed[CandidateField.PREFECTURE] is VisibilityReason.NO_TERMS
    await agreed(world, someone, await offered(world, world.company, someone, world.other_company))
    delivered = await _reasons(world, someone)
    assert delivered[CandidateField.NAME] is VisibilityReason.SHOWN
    assert delivered[CandidateField.PHONE] is VisibilityReason.NO_TERMS


async def _reasons(world: World, candidate_id: uuid.UUID) -> dict[CandidateField, VisibilityReason]:
    found = await seen(world, world.other_company, candidate_id)
    assert found is not None
    return {field: reason for field, _, reason in found.visibility}


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
        # Whom they exclude is theirs to know: the offer is taken, and nobody answers it.
        referral_id = await offered(world, world.company, someone, world.other_company)
        with pytest.raises(CompanyExcluded):
            await agreed(world, someone, referral_id)
        assert await status_of(world, referral_id) == "PROPOSED"
        async with world.database.read() as read:
            own = await own_status(read, person(world, someone))
        [introduction] = own.introductions
        assert own.questions == ()
        assert (introduction.is_unasked, introduction.is_open) == (True, False)
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
        referral_id = await offered(world, world.company, someone, world.other_company)
        with pytest.raises(CompanyExcluded):
            await agreed(world, someone, referral_id)


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
