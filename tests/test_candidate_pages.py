"""What candidates do on their own pages, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.access import Actor, Role, candidate
from models.errors import (
    DomainError,
    InvalidInput,
    InvalidTransition,
    LinkUnknown,
    NotFound,
    Unauthenticated,
)
from models.operations.agreements import (
    AgreeToIntroduction,
    DeclineIntroduction,
    WithdrawFrom,
    agree_to_introduction,
    decline_introduction,
    withdraw_from,
)
from models.operations.candidate_pages import (
    BlockOrganization,
    NamePresentEmployer,
    UnblockOrganization,
    WithdrawConsent,
    block_organization,
    leave_agency,
    name_present_employer,
    unblock_organization,
    withdraw_consent,
)
from models.operations.candidate_sessions import (
    SIGN_IN_PURPOSE,
    SIGN_INS_PER_HOUR,
    confirm_address,
    request_sign_in,
    sign_out,
    use_sign_in_link,
)
from models.operations.handovers import hand_over
from models.operations.registrations import CONFIRM_PURPOSE
from models.outbox import EventType
from models.reads.candidate_links import (
    LinkState,
    read_confirmation,
    read_link_page,
    read_session,
    read_sign_in_link,
)
from models.reads.candidate_pages import OwnStatus, own_status
from models.rules.agreements import (
    AgencyStillSupports,
    CompanyExcluded,
    ConsentNeedsAnotherWay,
    IntroductionClosed,
)
from models.rules.lifecycles import (
    CaseStatus,
    Channel,
    ConsentStatus,
    CountStatus,
    LinkStatus,
    MembershipStatus,
    OrganizationKind,
    ReferralStatus,
)
from models.rules.sharing import CandidateField, Employment, ExclusionReason, Purpose
from models.tables.candidates import Disclosure, SignInLink
from models.tables.consortium import Membership, Organization
from models.tables.links import RelayLink
from models.tables.records import OutboxEvent
from models.tables.referrals import Case, Referral
from models.tables.registrations import Registration
from models.tokens import token_of
from tests.world import World, add_organization, build_world

RESPOND_WITHIN = timedelta(days=14)
ALL_PURPOSES = frozenset(
    {Purpose.AGENCY_SUPPORT, Purpose.PARTNER_SHARING, Purpose.NAMED_TO_REFERRER}
)


async def newcomer(world: World, **form: Any) -> Actor:
    completed = await world.register(**form)
    return candidate(world.consortium_id, completed.candidate_id, "en")


async def propose(world: World, me: Actor, company: Organization | None = None) -> uuid.UUID:
    """The agency offers the candidate to a company."""
    assert me.id is not None
    async with world.database.transaction() as tx:
        return await hand_over(
            tx,
            world.actor(world.agency, Role.RECRUITER),
            candidate_id=me.id,
            channel=Channel.AGENCY_INTRODUCTION,
            from_id=world.agency.id,
            to_id=(company or world.other_company).id,
            status=ReferralStatus.PROPOSED,
            time_zone="Asia/Tokyo",
            respond_within=RESPOND_WITHIN,
        )


async def status(world: World, me: Actor) -> OwnStatus:
    async with world.database.read() as read:
        return await own_status(read, me)


async def agree(world: World, me: Actor, referral_id: uuid.UUID) -> None:
    async with world.database.transaction() as tx:
        await agree_to_introduction(tx, me, AgreeToIntroduction(referral_id, "2026-11"))


async def refused(
    world: World, kind: type[DomainError], operation: Callable[..., Awaitable[Any]], *args: Any
) -> None:
    """The operation is refused with exactly this error."""
    with pytest.raises(kind) as caught:
        async with world.database.transaction() as tx:
            await operation(tx, *args)
    assert type(caught.value) is kind


async def open_disclosures(world: World, recipient: Organization) -> list[Purpose]:
    async with world.database.read() as read:
        rows = await read.scalars(
            select(Disclosure.purpose)
            .where(Disclosure.recipient_id == recipient.id, Disclosure.closed_at.is_(None))
            .order_by(Disclosure.purpose)
        )
        return list(rows)


# The invitation


async def test_a_links_page_names_company_agency_and_whether_it_counts(world: World) -> None:
    async with world.database.read() as read:
        page = await read_link_page(read, world.link_token())
        assert await read_link_page(read, "unknown") is None
    assert page is not None
    assert page.company.ja == world.company.name
    assert page.agency is not None
    assert page.agency.en == world.agency.name
    assert (page.campaign, page.status, page.counts) == ("2026 春採用", LinkStatus.ACTIVE, True)
    assert page.counts_per_free_hire == 10


@pytest.mark.parametrize("state", [LinkStatus.PAUSED, LinkStatus.EXPIRED, LinkStatus.REVOKED])
async def test_a_link_in_any_state_has_a_page_and_counts_only_while_active(
    world: World, state: LinkStatus
) -> None:
    async with world.database.transaction() as tx:
        link = await tx.get_one(RelayLink, world.link.id)
        link.status = state
    async with world.database.read() as read:
        page = await read_link_page(read, world.link_token())
    assert page is not None
    assert (page.status, page.counts) == (state, False)
    assert page.agency is not None


# Signing in


async def ask(world: World, email: str) -> list[str]:
    """Ask for a link; answers the tokens of the mails that go out."""
    async with world.database.transaction() as tx:
        await request_sign_in(tx, email)
        requested = [e for e in tx.events if e.type is EventType.SIGN_IN_REQUESTED]
    return [
        token_of(world.database.vault, SIGN_IN_PURPOSE, uuid.UUID(e.refs["sign_in_link"]))
        for e in requested
    ]


async def test_a_sign_in_link_opens_a_session_once(world: World) -> None:
    me = await newcomer(world, email="Hana.Ko@gmail.com")
    [token] = await ask(world, "hanako@googlemail.com")
    async with world.database.read() as read:
        assert await read_sign_in_link(read, token) is LinkState.OPEN
    async with world.database.transaction() as tx:
        signed_in = await use_sign_in_link(tx, token, "en")
    assert signed_in.candidate_id == me.id
    async with world.database.read() as read:
        assert await read_session(read, signed_in.token, "en") == me
        assert await read_sign_in_link(read, token) is LinkState.USED
    await refused(world, LinkUnknown, use_sign_in_link, token, "en")
    async with world.database.transaction() as tx:
        await sign_out(tx, me, signed_in.token)
    async with world.database.read() as read:
        assert await read_session(read, signed_in.token, "en") is None


async def test_a_sign_in_link_and_a_session_end(world: World) -> None:
    await newcomer(world, email="hanako@example.jp")
    [late] = await ask(world, "hanako@example.jp")
    world.clock.forward(minutes=30)
    async with world.database.read() as read:
        assert await read_sign_in_link(read, late) is LinkState.EXPIRED
        assert await read_sign_in_link(read, "unknown") is None
    await refused(world, LinkUnknown, use_sign_in_link, late, "en")
    [token] = await ask(world, "hanako@example.jp")
    async with world.database.transaction() as tx:
        signed_in = await use_sign_in_link(tx, token, "en")
    world.clock.forward(days=7)
    async with world.database.read() as read:
        assert await read_session(read, signed_in.token, "en") is None


async def test_an_unknown_address_writes_an_event_nobody_acts_on(world: World) -> None:
    assert await ask(world, "nobody@example.jp") == []
    async with world.database.read() as read:
        event = await read.scalar(select(OutboxEvent))
        assert await read.scalar(select(func.count()).select_from(SignInLink)) == 0
    assert event is not None
    assert (event.type, event.due_at) == ("candidate.sign_in_unknown", None)


async def test_an_address_known_in_two_consortia_gets_a_mail_from_each(world: World) -> None:
    other = await build_world(world.database, slug="other", first_number=11)
    await newcomer(world, email="hanako@example.jp")
    await newcomer(other, email="hanako@example.jp")
    assert len(await ask(world, "hanako@example.jp")) == 2


async def test_sign_in_mails_are_bounded_within_an_hour(world: World) -> None:
    await newcomer(world, email="hanako@example.jp")
    for _ in range(SIGN_INS_PER_HOUR):
        assert len(await ask(world, "hanako@example.jp")) == 1
    assert await ask(world, "hanako@example.jp") == []
    world.clock.forward(hours=1)
    assert len(await ask(world, "hanako@example.jp")) == 1


async def test_confirming_signs_in_and_much_later_does_not(world: World) -> None:
    token = await world.start(world.form())
    async with world.database.read() as read:
        waiting = await read_confirmation(read, token)
        assert await read_confirmation(read, "unknown") is None
    assert waiting is not None
    assert (waiting.state, waiting.company.ja) == (LinkState.OPEN, world.company.name)
    outcomes = []
    for minutes in (0, 15, 1):
        world.clock.forward(minutes=minutes)
        async with world.database.transaction() as tx:
            outcomes.append(await confirm_address(tx, token, "en"))
    assert [one.signed_in is not None for one in outcomes] == [True, True, False]
    assert {one.completed.candidate_id for one in outcomes} == {outcomes[0].completed.candidate_id}
    async with world.database.read() as read:
        used = await read_confirmation(read, token)
    assert used is not None
    assert used.state is LinkState.USED


async def test_a_confirmation_expires(world: World) -> None:
    token = await world.start(world.form())
    world.clock.forward(days=7)
    async with world.database.read() as read:
        late = await read_confirmation(read, token)
    assert late is not None
    assert late.state is LinkState.EXPIRED


# One's own data


async def test_own_status_shows_all_that_is_held(world: World) -> None:
    me = await newcomer(world, name="山田 太郎", purposes=ALL_PURPOSES, excluded=("Company 2",))
    held = await status(world, me)
    assert (held.name, held.agency, held.case_status) == (
        "山田 太郎",
        (world.agency.name, world.agency.name),
        CaseStatus.OPEN,
    )
    assert [name.ja for name, _ in held.came_through] == [world.company.name]
    assert {one.purpose for one in held.consents} == ALL_PURPOSES
    assert {(one.recipient.ja, one.purpose) for one in held.disclosures} == {
        (world.agency.name, Purpose.AGENCY_SUPPORT),
        (world.company.name, Purpose.NAMED_TO_REFERRER),
    }
    assert all(one.provider is None for one in held.disclosures)
    assert [(one.name.ja, one.reason) for one in held.exclusions] == [
        (world.other_company.name, ExclusionReason.BLOCKED)
    ]
    assert held.introductions == held.questions == ()


async def test_only_candidates_have_pages_of_their_own(world: World) -> None:
    async with world.database.read() as read:
        with pytest.raises(Unauthenticated):
            await own_status(read, world.actor(world.company, Role.RECRUITER))


# Answering an introduction


async def test_agreeing_consents_discloses_and_delivers_at_once(world: World) -> None:
    me = await newcomer(world)
    referral_id = await propose(world, me)
    assert [one.id for one in (await status(world, me)).questions] == [referral_id]
    assert await open_disclosures(world, world.other_company) == []
    await agree(world, me, referral_id)
    held = await status(world, me)
    assert held.questions == ()
    assert held.introductions[0].status is ReferralStatus.DELIVERED
    shown = next(one for one in held.disclosures if one.purpose is Purpose.INTRODUCTION)
    assert shown.provider is not None
    assert (shown.provider.ja, shown.recipient.ja) == (world.agency.name, world.other_company.name)
    assert set(shown.fields) == set(CandidateField)
    consent = next(one for one in held.consents if one.purpose is Purpose.INTRODUCTION)
    assert (consent.status, consent.text_version) == (ConsentStatus.ACTIVE, "2026-11")
    assert [name.ja for name in consent.recipients] == [world.other_company.name]
    async with world.database.read() as read:
        assert (await read.get_one(Referral, referral_id)).delivered_at == world.clock.now


async def test_an_answer_is_given_once(world: World) -> None:
    me = await newcomer(world)
    referral_id = await propose(world, me)
    await agree(world, me, referral_id)
    again = AgreeToIntroduction(referral_id, "2026-11")
    await refused(world, InvalidTransition, agree_to_introduction, me, again)
    no = DeclineIntroduction(referral_id)
    await refused(world, InvalidTransition, decline_introduction, me, no)
    assert await open_disclosures(world, world.other_company) == [Purpose.INTRODUCTION]


async def test_another_candidates_introduction_is_not_found(world: World) -> None:
    me, someone = await newcomer(world), await newcomer(world)
    referral_id = await propose(world, me)
    for operation, command in (
        (agree_to_introduction, AgreeToIntroduction(referral_id, "2026-11")),
        (decline_introduction, DeclineIntroduction(referral_id)),
        (withdraw_from, WithdrawFrom(referral_id)),
    ):
        await refused(world, NotFound, operation, someone, command)
    assert (await status(world, me)).introductions[0].status is ReferralStatus.PROPOSED


async def test_declining_ends_it_before_the_company_learns_of_it(world: World) -> None:
    me = await newcomer(world)
    referral_id = await propose(world, me)
    async with world.database.transaction() as tx:
        await decline_introduction(tx, me, DeclineIntroduction(referral_id))
    async with world.database.read() as read:
        referral = await read.get_one(Referral, referral_id)
    assert (referral.status, referral.delivered_at) == (ReferralStatus.WITHDRAWN, None)
    assert await open_disclosures(world, world.other_company) == []


async def test_withdrawing_later_stops_the_companys_reads(world: World) -> None:
    me = await newcomer(world)
    referral_id = await propose(world, me)
    await agree(world, me, referral_id)
    async with world.database.transaction() as tx:
        await withdraw_from(tx, me, WithdrawFrom(referral_id))
    held = await status(world, me)
    assert held.introductions[0].status is ReferralStatus.WITHDRAWN
    assert await open_disclosures(world, world.other_company) == []
    consent = next(one for one in held.consents if one.purpose is Purpose.INTRODUCTION)
    assert consent.status is ConsentStatus.WITHDRAWN
    await refused(world, InvalidTransition, withdraw_from, me, WithdrawFrom(referral_id))


async def test_too_late_is_closed(world: World) -> None:
    me = await newcomer(world)
    referral_id = await propose(world, me)
    world.clock.now += RESPOND_WITHIN
    held = await status(world, me)
    assert (held.questions, held.introductions[0].is_open) == ((), False)
    command = AgreeToIntroduction(referral_id, "2026-11")
    await refused(world, IntroductionClosed, agree_to_introduction, me, command)


async def test_a_company_that_left_gets_nobody(world: World) -> None:
    me = await newcomer(world)
    referral_id = await propose(world, me)
    async with world.database.transaction() as tx:
        membership = await tx.get_one(Membership, world.other_company.id)
        membership.status = MembershipStatus.LEFT
    command = AgreeToIntroduction(referral_id, "2026-11")
    await refused(world, IntroductionClosed, agree_to_introduction, me, command)
    assert await open_disclosures(world, world.other_company) == []


# Exclusions


async def test_a_blocked_company_loses_what_it_had_and_gets_nothing_new(world: World) -> None:
    me = await newcomer(world)
    delivered = await propose(world, me)
    await agree(world, me, delivered)
    async with world.database.transaction() as tx:
        assert await block_organization(tx, me, BlockOrganization("company　２ Co., Ltd.")) == {
            world.other_company.id
        }
    held = await status(world, me)
    assert held.introductions[0].status is ReferralStatus.WITHDRAWN
    assert await open_disclosures(world, world.other_company) == []
    later = await propose(world, me)
    command = AgreeToIntroduction(later, "2026-11")
    await refused(world, CompanyExcluded, agree_to_introduction, me, command)
    async with world.database.transaction() as tx:
        await unblock_organization(tx, me, UnblockOrganization(world.other_company.id))
    await agree(world, me, later)
    assert await open_disclosures(world, world.other_company) == [Purpose.INTRODUCTION]


async def test_blocking_the_referring_company_takes_the_name_back(world: World) -> None:
    me = await newcomer(world, purposes=ALL_PURPOSES)
    assert await open_disclosures(world, world.company) == [Purpose.NAMED_TO_REFERRER]
    async with world.database.transaction() as tx:
        await block_organization(tx, me, BlockOrganization("Company 1"))
    assert await open_disclosures(world, world.company) == []


async def test_only_a_name_can_be_blocked_and_not_the_supporting_agency(world: World) -> None:
    me = await newcomer(world)
    for name in ("", "株式会社", "x" * 201):
        await refused(world, InvalidInput, block_organization, me, BlockOrganization(name))
    mine = BlockOrganization(world.agency.name)
    await refused(world, AgencyStillSupports, block_organization, me, mine)
    assert (await status(world, me)).exclusions == ()


async def test_another_consortiums_company_is_no_member(world: World) -> None:
    other = await build_world(world.database, slug="other", first_number=11)
    me = await newcomer(world)
    async with world.database.transaction() as tx:
        assert await block_organization(tx, me, BlockOrganization(other.company.name)) == set()
    assert (await status(world, me)).exclusions == ()


async def test_the_present_employer_is_excluded_and_changes(world: World) -> None:
    async with world.database.transaction() as tx:
        third = await add_organization(tx, world.consortium_id, 9, OrganizationKind.COMPANY)
    me = await newcomer(world, employment=Employment.EMPLOYED, employer="Company 2")
    referral_id = await propose(world, me, third)
    async with world.database.transaction() as tx:
        await name_present_employer(tx, me, NamePresentEmployer("Company 9"))
    held = await status(world, me)
    assert [(one.name.ja, one.reason) for one in held.exclusions] == [
        ("Company 9", ExclusionReason.PRESENT_EMPLOYER)
    ]
    assert (held.employer, held.employment) == ("Company 9", Employment.EMPLOYED)
    assert held.introductions[0].id == referral_id
    assert held.introductions[0].status is ReferralStatus.WITHDRAWN
    await refused(
        world,
        NotFound,
        unblock_organization,
        me,
        UnblockOrganization(held.exclusions[0].organization_id),
    )
    async with world.database.transaction() as tx:
        await name_present_employer(tx, me, NamePresentEmployer(None))
    held = await status(world, me)
    assert (held.employer, held.employment, held.exclusions) == (None, Employment.NONE, ())


# Consents and leaving


@pytest.mark.parametrize("purpose", [Purpose.NAMED_TO_REFERRER, Purpose.PARTNER_SHARING])
async def test_a_withdrawn_consent_stops_reads_and_keeps_the_count(
    world: World, purpose: Purpose
) -> None:
    me = await newcomer(world, purposes=ALL_PURPOSES)
    consent = next(one for one in (await status(world, me)).consents if one.purpose is purpose)
    async with world.database.transaction() as tx:
        await withdraw_consent(tx, me, WithdrawConsent(consent.id))
    held = await status(world, me)
    ended = next(one for one in held.consents if one.id == consent.id)
    assert (ended.status, ended.ended_at) == (ConsentStatus.WITHDRAWN, world.clock.now)
    kept = [] if purpose is Purpose.NAMED_TO_REFERRER else [Purpose.NAMED_TO_REFERRER]
    assert await open_disclosures(world, world.company) == kept
    assert await open_disclosures(world, world.agency) == [Purpose.AGENCY_SUPPORT]
    await refused(world, InvalidTransition, withdraw_consent, me, WithdrawConsent(consent.id))
    async with world.database.read() as read:
        registration = await read.scalar(select(Registration))
    assert registration is not None
    assert registration.count_status is CountStatus.COUNTED


async def test_support_is_not_withdrawn_as_a_consent(world: World) -> None:
    me, someone = await newcomer(world), await newcomer(world)
    [consent] = (await status(world, me)).consents
    await refused(world, ConsentNeedsAnotherWay, withdraw_consent, me, WithdrawConsent(consent.id))
    await refused(world, NotFound, withdraw_consent, someone, WithdrawConsent(consent.id))
    assert await open_disclosures(world, world.agency) == [Purpose.AGENCY_SUPPORT] * 2


async def test_leaving_ends_everything_but_the_count(world: World) -> None:
    me = await newcomer(world, purposes=ALL_PURPOSES)
    await agree(world, me, await propose(world, me))
    async with world.database.transaction() as tx:
        await leave_agency(tx, me)
    held = await status(world, me)
    assert held.case_status is CaseStatus.CLOSED
    assert {one.status for one in held.consents} == {ConsentStatus.WITHDRAWN}
    assert all(one.closed_at == world.clock.now for one in held.disclosures)
    async with world.database.read() as read:
        assert set(await read.scalars(select(Referral.status))) == {ReferralStatus.WITHDRAWN}
        assert (await read.scalars(select(Case.closed_at))).all() == [world.clock.now]
        counted = (await read.scalars(select(Registration.count_status))).all()
    assert counted == [CountStatus.COUNTED]
    await refused(world, InvalidTransition, leave_agency, me)


async def test_who_left_and_registers_again_is_looked_after_again(world: World) -> None:
    me = await newcomer(world, email="hanako@example.jp")
    async with world.database.transaction() as tx:
        await leave_agency(tx, me)
    again = await world.register(email="hanako@example.jp")
    assert again.candidate_id == me.id
    held = await status(world, me)
    assert held.case_status is CaseStatus.OPEN
    assert await open_disclosures(world, world.agency) == [Purpose.AGENCY_SUPPORT]
    async with world.database.read() as read:
        counts = await read.scalars(
            select(Registration.count_status).order_by(Registration.count_status)
        )
        assert counts.all() == [CountStatus.COUNTED, CountStatus.NOT_COUNTED]


def test_the_confirmation_and_the_sign_in_are_different_secrets() -> None:
    assert CONFIRM_PURPOSE != SIGN_IN_PURPOSE
