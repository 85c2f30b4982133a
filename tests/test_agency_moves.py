"""An agency leaves, or its licence lapses: what stops, what goes on, and how people move."""

from __future__ import annotations

import uuid
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from models.access import Actor, Role, candidate
from models.errors import InvalidTransition, NoAgency
from models.operations import agency_moves
from models.operations.agency_moves import MoveToAgency, move_to_agency
from models.operations.candidate_pages import leave_agency
from models.operations.cases import CaseOutcome, CloseCase, close_case
from models.operations.links import resume_relay_link
from models.operations.members import UpdateMember, end_membership, update_member
from models.reads.agency_moves import AgencyMove
from models.reads.candidate_pages import own_status
from models.reads.candidates import shown
from models.rules.lifecycles import (
    CaseStatus,
    Channel,
    ConsentStatus,
    CountStatus,
    LinkStatus,
    OrganizationKind,
    ReferralStatus,
)
from models.rules.sharing import Purpose
from models.tables.candidates import Consent, Disclosure
from models.tables.consortium import Organization
from models.tables.flows import JourneyDay
from models.tables.ledger import Entry
from models.tables.links import RelayLink
from models.tables.records import OutboxEvent
from models.tables.referrals import Case, Referral
from models.verify import verify_consortium
from models.vocabulary.text import Text
from tasuki.workers.handlers import Post, handlers
from tasuki.workers.mail import FolderMailer, Sender
from tasuki.workers.outbox import OutboxWorker
from tasuki.workers.timers import Timers
from tests.handovers import (
    change,
    delivered,
    hired,
    offered,
    proposed,
    recruiter,
    run,
    status_of,
)
from tests.world import World, add_link, add_organization

LAPSED = date(2026, 1, 4)


@pytest_asyncio.fixture
async def other(world: World) -> Organization:
    """Another agency that may take people on."""
    return await another_agency(world)


async def another_agency(world: World) -> Organization:
    async with world.database.transaction() as tx:
        return await add_organization(tx, world.consortium_id, 20, OrganizationKind.AGENCY)


async def lapse(world: World, agency: Organization) -> None:
    await change(world, Organization, Organization.id == agency.id, licence_expires_on=LAPSED)


async def timers(world: World) -> None:
    await Timers(world.database).run_once()


async def newcomer(world: World, **form: Any) -> Actor:
    completed = await world.register(**form)
    return candidate(world.consortium_id, completed.candidate_id, "en")


async def cases(world: World) -> list[tuple[uuid.UUID, CaseStatus]]:
    async with world.database.read() as read:
        rows = await read.scalars(select(Case).order_by(Case.opened_at, Case.status))
        return [(row.agency_id, row.status) for row in rows]


async def seen_name(world: World, agency: Organization, me: Actor) -> str | None:
    assert me.id is not None
    async with world.database.read() as read:
        found = await shown(read, recruiter(world, agency), [me.id])
    return found[me.id].name if me.id in found else None


async def number_of(world: World, table: Any, *conditions: Any) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


async def move(world: World, me: Actor, agency: Organization) -> None:
    await run(world, move_to_agency, me, MoveToAgency(agency.id, "2026-11"))


async def sound(world: World) -> None:
    async with world.database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []


async def mailed(world: World, folder: Path) -> dict[str, str]:
    """The text of every mail that waits to be sent, by subject."""
    sender = Sender("Tasuki", "tasuki@example.com")
    post = Post(world.database, "https://tasuki.example", sender, FolderMailer(folder))
    await OutboxWorker(world.database, handlers(post)).drain()
    return _texts(folder)


def _texts(folder: Path) -> dict[str, str]:
    files = sorted(folder.iterdir())
    mails = [message_from_bytes(one.read_bytes(), policy=default_policy) for one in files]
    return {str(mail["Subject"]): _text_of(mail) for mail in mails}


def _text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")


# Registering again


@pytest.mark.parametrize("company", ["same", "another"])
async def test_registering_again_passes_the_case_to_an_able_agency(
    world: World, other: Organization, company: str
) -> None:
    me = await newcomer(world, email="again@example.jp")
    assert me.id is not None
    asked = await proposed(world, me.id)
    await lapse(world, world.agency)
    world.clock.forward(days=1)
    async with world.database.transaction() as tx:
        elsewhere = await add_link(tx, world.other_company)
    link = world.link if company == "same" else elsewhere
    again = await world.register(link, email="again@example.jp")
    assert await cases(world) == [
        (world.agency.id, CaseStatus.CLOSED),
        (other.id, CaseStatus.OPEN),
    ]
    assert await status_of(world, asked) == "RECALLED"
    assert await seen_name(world, world.agency, me) is None
    assert await seen_name(world, other, me) == "佐藤 花子"
    relays = await number_of(world, Referral, Referral.channel == Channel.RELAY_LINK)
    if company == "same":
        # The company relayed the person once: registering again is no second hand-over.
        assert (again.count_status, relays) == (CountStatus.NOT_COUNTED, 1)
    else:
        assert (again.count_status, relays) == (CountStatus.COUNTED, 2)
    await sound(world)


async def test_registering_again_with_an_able_agency_changes_nothing(
    world: World, other: Organization
) -> None:
    await world.register(email="again@example.jp")
    await world.register(email="again@example.jp")
    assert await cases(world) == [(world.agency.id, CaseStatus.OPEN)]
    assert await number_of(world, Referral) == 1


async def test_naming_ones_own_agency_as_employer_moves_the_case(
    world: World, other: Organization
) -> None:
    me = await newcomer(world, email="again@example.jp")
    world.clock.forward(days=1)
    await world.register(email="again@example.jp", excluded=(world.agency.name,))
    assert await cases(world) == [
        (world.agency.id, CaseStatus.CLOSED),
        (other.id, CaseStatus.OPEN),
    ]
    assert await seen_name(world, world.agency, me) is None
    await sound(world)


async def test_without_another_agency_registering_again_is_refused_whole(world: World) -> None:
    await world.register(email="again@example.jp")
    await lapse(world, world.agency)
    with pytest.raises(NoAgency):
        await world.register(email="again@example.jp")
    assert await cases(world) == [(world.agency.id, CaseStatus.OPEN)]


# What stops by itself


@pytest.mark.parametrize("how", ["lapses", "leaves"])
async def test_links_pause_and_introductions_stop(
    world: World, other: Organization, how: str
) -> None:
    """One the company has not learned of is recalled; one it has received goes on."""
    async with world.database.transaction() as tx:
        link = await add_link(tx, world.company, agency_id=other.id)
        revoked = await add_link(tx, world.company, agency_id=other.id, status=LinkStatus.REVOKED)
    me = await newcomer(world, link=link)
    third = await _third_company(world)
    in_hand = await _introduced(world, other, me, world.other_company, delivered)
    asked = await _introduced(world, other, me, third, proposed)
    if how == "lapses":
        await lapse(world, other)
    else:
        await run(world, end_membership, world.actor(None, Role.CONSORTIUM_ADMIN), other.id)
    await timers(world)
    async with world.database.read() as read:
        found = await read.get_one(RelayLink, link.id)
        assert (found.status, found.agency_id) == (LinkStatus.PAUSED, None)
        assert (await read.get_one(RelayLink, revoked.id)).status is LinkStatus.REVOKED
        assert (await read.get_one(RelayLink, world.link.id)).status is LinkStatus.ACTIVE
    assert await status_of(world, asked) == "RECALLED"
    assert await status_of(world, in_hand) == "DELIVERED"
    await run(world, resume_relay_link, world.actor(world.company, Role.RECRUITER), link.id)
    await timers(world)
    async with world.database.read() as read:
        assert (await read.get_one(RelayLink, link.id)).status is LinkStatus.ACTIVE
    await sound(world)


async def _third_company(world: World) -> Organization:
    async with world.database.transaction() as tx:
        return await add_organization(tx, world.consortium_id, 21, OrganizationKind.COMPANY)


async def _introduced(
    world: World, agency: Organization, me: Actor, company: Organization, how: Any
) -> uuid.UUID:
    """By that agency: the steps of `tests.handovers` begin with the world's own."""
    own, world.agency = world.agency, agency
    try:
        referral_id: uuid.UUID = await how(world, me.id, company)
    finally:
        world.agency = own
    return referral_id


async def test_a_licence_is_good_on_its_last_day_where_the_consortium_is(
    world: World, other: Organization
) -> None:
    me = await newcomer(world)
    assert me.id is not None
    asked = await proposed(world, me.id)
    # 2026-01-05 in Tokyo ends at 15:00 UTC.
    last = date(2026, 1, 5)
    await change(world, Organization, Organization.kind == "AGENCY", licence_expires_on=last)
    await change(world, Organization, Organization.id == other.id, licence_expires_on=None)
    world.clock.forward(hours=15, seconds=-1)
    await timers(world)
    assert await status_of(world, asked) == "PROPOSED"
    world.clock.forward(seconds=1)
    await timers(world)
    assert await status_of(world, asked) == "RECALLED"


async def test_candidates_are_asked_once_to_move(
    world: World, other: Organization, tmp_path: Path
) -> None:
    await world.register(locale="en")
    await world.register(locale="ja")
    left = await newcomer(world)
    await run_candidate(world, leave_agency, left)
    await timers(world)
    assert await number_of(world, OutboxEvent, OutboxEvent.type == "case.move_asked") == 0
    await lapse(world, world.agency)
    await timers(world)
    await timers(world)
    assert await number_of(world, OutboxEvent, OutboxEvent.type == "case.move_asked") == 2
    texts = await mailed(world, tmp_path)
    assert (
        "Agency 3, which looks after you, can no longer introduce people."
        in (texts["Please choose about your agency"])
    )
    assert "https://tasuki.example/me\n" in texts["Please choose about your agency"]
    assert "あなたを担当しているAgency 3は" in texts["担当の人材紹介会社についてのお願い"]


async def run_candidate(world: World, operation: Any, actor: Actor) -> None:
    async with world.database.transaction() as tx:
        await operation(tx, actor)


async def test_they_are_asked_in_bounded_batches(world: World, other: Organization) -> None:
    for _ in range(3):
        await world.register()
    await lapse(world, world.agency)
    for expected in (2, 1, 0):
        async with world.database.transaction() as tx:
            assert await agency_moves.ask_to_move(tx, batch=2) == expected


async def test_nobody_is_asked_while_no_other_agency_may(world: World) -> None:
    me = await newcomer(world)
    await lapse(world, world.agency)
    await timers(world)
    assert await number_of(world, OutboxEvent, OutboxEvent.type == "case.move_asked") == 0
    async with world.database.read() as read:
        assert (await own_status(read, me)).move == AgencyMove(None, None)
    await another_agency(world)
    await timers(world)
    assert await number_of(world, OutboxEvent, OutboxEvent.type == "case.move_asked") == 1


async def test_a_renewed_licence_takes_the_question_back_and_may_lapse_anew(
    world: World, other: Organization, tmp_path: Path
) -> None:
    me = await newcomer(world)
    await lapse(world, world.agency)
    await timers(world)
    number = "1010001000006"  # those of `tests.world` have no check digit
    await change(world, Organization, Organization.id == world.agency.id, corporate_number=number)
    renewed = UpdateMember(
        world.agency.id,
        name=world.agency.name,
        licence_number="13-ユ-123456",
        licence_expires_on=date(2026, 1, 20),
    )
    await run(world, update_member, world.actor(None, Role.CONSORTIUM_ADMIN), renewed)
    async with world.database.read() as read:
        assert (await own_status(read, me)).move is None
    # Asked when the mail was on its way already: there is nothing to ask any more.
    assert list(await mailed(world, tmp_path)) == ["ご登録が完了しました"]
    world.clock.forward(days=20)
    await timers(world)
    assert await number_of(world, OutboxEvent, OutboxEvent.type == "case.move_asked") == 2


# Moving


async def test_nothing_moves_without_the_candidates_yes(world: World, other: Organization) -> None:
    me = await newcomer(world)
    await lapse(world, world.agency)
    await timers(world)
    assert await cases(world) == [(world.agency.id, CaseStatus.OPEN)]
    assert await seen_name(world, other, me) is None
    async with world.database.read() as read:
        own = await own_status(read, me)
    assert own.move == AgencyMove(other.id, Text("Agency 20", "Agency 20"))


async def test_a_move_takes_consent_disclosure_and_case_along(
    world: World, other: Organization
) -> None:
    me = await newcomer(world)
    entries = await number_of(world, Entry)
    assert me.id is not None
    asked = await proposed(world, me.id)
    await lapse(world, world.agency)
    world.clock.forward(days=1)
    await move(world, me, other)
    assert await cases(world) == [
        (world.agency.id, CaseStatus.CLOSED),
        (other.id, CaseStatus.OPEN),
    ]
    assert await seen_name(world, world.agency, me) is None
    assert await seen_name(world, other, me) == "佐藤 花子"
    assert await status_of(world, asked) == "RECALLED"
    async with world.database.read() as read:
        consents = await read.scalars(
            select(Consent.status)
            .where(Consent.purpose == Purpose.AGENCY_SUPPORT)
            .order_by(Consent.given_at)
        )
        assert consents.all() == [ConsentStatus.SUPERSEDED, ConsentStatus.ACTIVE]
        relays = await read.scalars(
            select(Referral.to_id).where(Referral.channel == Channel.RELAY_LINK)
        )
        assert relays.all() == [world.agency.id]
        open_to = await read.scalars(
            select(Disclosure.recipient_id).where(Disclosure.closed_at.is_(None))
        )
        assert open_to.all() == [other.id]
        assert (await own_status(read, me)).move is None
    assert await number_of(world, Entry) == entries
    await sound(world)


async def test_a_move_needs_a_reason_and_an_able_agency(world: World, other: Organization) -> None:
    me = await newcomer(world)
    with pytest.raises(InvalidTransition):
        await move(world, me, other)
    await lapse(world, world.agency)
    for wrong in (world.agency, world.company):
        with pytest.raises(InvalidTransition):
            await move(world, me, wrong)
    await lapse(world, other)
    with pytest.raises(InvalidTransition):
        await move(world, me, other)
    assert await cases(world) == [(world.agency.id, CaseStatus.OPEN)]


async def test_never_to_an_agency_the_candidate_excluded(world: World, other: Organization) -> None:
    me = await newcomer(world, excluded=(other.name,))
    await lapse(world, world.agency)
    async with world.database.read() as read:
        assert (await own_status(read, me)).move == AgencyMove(None, None)
    with pytest.raises(InvalidTransition):
        await move(world, me, other)


async def test_a_journey_after_a_move_ends_once_with_its_hire(
    world: World, other: Organization
) -> None:
    me = await newcomer(world)
    await lapse(world, world.agency)
    await move(world, me, other)
    introduced = await _introduced(world, other, me, world.other_company, offered)
    await hired(world, introduced, fee_yen=1_000_000)
    async with world.database.read() as read:
        journeys = (await read.scalars(select(JourneyDay))).all()
        relay = (
            await read.scalars(select(Referral).where(Referral.channel == Channel.RELAY_LINK))
        ).one()
    assert [(one.chain, one.outcome, one.journeys) for one in journeys] == [
        (
            ">".join(one.id.hex for one in (world.company, other, world.other_company)),
            ReferralStatus.HIRED,
            1,
        )
    ]
    assert relay.status is ReferralStatus.HIRED
    assert {status for _, status in await cases(world)} == {CaseStatus.CLOSED}
    await sound(world)


async def test_what_was_delivered_before_the_move_can_still_become_a_hire(
    world: World, other: Organization
) -> None:
    me = await newcomer(world)
    assert me.id is not None
    in_hand = await offered(world, me.id, world.other_company)
    await lapse(world, world.agency)
    await move(world, me, other)
    await hired(world, in_hand, fee_yen=0)
    assert await status_of(world, in_hand) == "HIRED"
    assert {status for _, status in await cases(world)} == {CaseStatus.CLOSED}
    await sound(world)


async def test_the_new_agency_closes_the_case_with_its_relay(
    world: World, other: Organization
) -> None:
    me = await newcomer(world)
    await lapse(world, world.agency)
    await move(world, me, other)
    async with world.database.read() as read:
        case = (await read.scalars(select(Case).where(Case.agency_id == other.id))).one()
    command = CloseCase(case.id, CaseOutcome.NO_SUITABLE_OPENING)
    await run(world, close_case, recruiter(world, other), command)
    async with world.database.read() as read:
        relay = (await read.scalars(select(Referral))).one()
    assert relay.status is ReferralStatus.NO_SUITABLE_OPENING
    assert await seen_name(world, other, me) is None
    await sound(world)
