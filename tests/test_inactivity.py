"""What is needed no more goes: what counts as activity, the mails before, and the end."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from models.access import ActorKind, Role
from models.errors import Forbidden, InvalidInput
from models.operations import erasures
from models.operations import inactivity as operations
from models.operations.consortia import ChangeConsortium, change_consortium
from models.operations.inactivity import ActiveAgain, due_silences, end_silence
from models.operations.outcomes import RecordExit, record_exit
from models.operations.referrals import DeclineReferral, decline_referral
from models.operations.requests import EndRequest, SendRequest, answer_request, send_request
from models.outbox import EventType
from models.rules.inactivity import (
    OPEN_INTRODUCTION_HOLDS_FOR,
    TRACKED_AFTER_JOINING,
    Erase,
    HireFact,
    Life,
    NoticeStage,
    Notify,
    add_months,
    last_activity,
    next_step,
)
from models.rules.lifecycles import ReferralStatus
from models.rules.requests import RequestKind
from models.tables.candidates import Candidate
from models.tables.flows import FlowDay
from models.tables.inactivity import DeletionNotice
from models.tables.ledger import Account
from models.tables.records import AuditEntry, OutboxEvent
from models.tables.referrals import DeclineReason, Referral
from models.tables.registrations import Registration
from models.vault import KeyDestroyed
from tasuki.workers.handlers import Post, handlers
from tasuki.workers.mail import FolderMailer, Sender
from tasuki.workers.outbox import OutboxWorker
from tasuki.workers.timers import Timers
from tests.erasures import actor_of, rows_of, verified
from tests.handovers import change, delivered, hired, offered, recruiter, run
from tests.test_pages import browser as browser  # noqa: PLC0414  (a fixture)
from tests.world import START, World

NOW = datetime(2026, 7, 1, tzinfo=UTC)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
FIRST, LAST = NoticeStage.FIRST, NoticeStage.LAST
DAY = timedelta(days=1)


# The rule


def test_what_a_candidate_does_is_activity() -> None:
    assert last_activity(Life(LONG_AGO), NOW) == LONG_AGO


def test_what_ended_of_late_is_activity() -> None:
    life = Life(LONG_AGO, introductions_ended_at=[LONG_AGO + DAY, LONG_AGO + 9 * DAY])
    assert last_activity(life, NOW) == LONG_AGO + 9 * DAY


def test_an_open_introduction_needs_the_record_until_it_can_move_no_more() -> None:
    moved_at = NOW - OPEN_INTRODUCTION_HOLDS_FOR
    assert last_activity(Life(LONG_AGO, introductions_moved_at=[moved_at]), NOW) == NOW
    stuck = Life(LONG_AGO - 900 * DAY, introductions_moved_at=[moved_at - DAY])
    assert last_activity(stuck, NOW) == NOW - DAY


@pytest.mark.parametrize(
    ("left_at", "guarantee_days", "needed_until"),
    [
        (None, 90, LONG_AGO + TRACKED_AFTER_JOINING),
        (None, 365, LONG_AGO + 365 * DAY),
        (LONG_AGO + 40 * DAY, 90, LONG_AGO + 40 * DAY),
    ],
)
def test_a_hire_needs_the_record_until_it_is_followed_no_more(
    left_at: datetime | None, guarantee_days: int, needed_until: datetime
) -> None:
    life = Life(LONG_AGO - DAY, hires=[HireFact(LONG_AGO, left_at, guarantee_days * DAY)])
    assert last_activity(life, NOW) == needed_until


def test_an_open_request_needs_the_record() -> None:
    assert last_activity(Life(LONG_AGO, has_open_request=True), NOW) == NOW


def test_two_mails_come_before_the_end_each_with_its_full_time() -> None:
    ends = add_months(LONG_AGO, 6)
    first_at, last_at = ends - 30 * DAY, ends - 7 * DAY
    assert next_step(LONG_AGO, 6, {}, first_at - timedelta(seconds=1)) is None
    assert next_step(LONG_AGO, 6, {}, first_at) == Notify(FIRST, ends)
    sent = {FIRST: first_at}
    assert next_step(LONG_AGO, 6, sent, last_at - timedelta(seconds=1)) is None
    assert next_step(LONG_AGO, 6, sent, last_at) == Notify(LAST, ends)
    sent[LAST] = last_at
    assert next_step(LONG_AGO, 6, sent, ends - timedelta(seconds=1)) is None
    assert next_step(LONG_AGO, 6, sent, ends) == Erase()


def test_a_mail_that_went_out_late_puts_the_end_off() -> None:
    assert next_step(LONG_AGO, 6, {}, NOW) == Notify(FIRST, NOW + 30 * DAY)
    sent = {FIRST: NOW}
    assert next_step(LONG_AGO, 6, sent, NOW + 22 * DAY) is None
    assert next_step(LONG_AGO, 6, sent, NOW + 40 * DAY) == Notify(LAST, NOW + 47 * DAY)
    sent[LAST] = NOW + 40 * DAY
    assert next_step(LONG_AGO, 6, sent, NOW + 46 * DAY) is None
    assert next_step(LONG_AGO, 6, sent, NOW + 47 * DAY) == Erase()


@given(st.integers(3, 24), st.lists(st.floats(0, 900, allow_nan=False), min_size=1, max_size=60))
def test_nobody_goes_without_both_mails_and_their_time(months: int, days: list[float]) -> None:
    sent: dict[NoticeStage, datetime] = {}
    for now in sorted(LONG_AGO + timedelta(days=day) for day in days):
        step = next_step(LONG_AGO, months, sent, now)
        if isinstance(step, Notify):
            assert step.stage not in sent
            assert step.goes_at >= now + (7 if step.stage is LAST else 30) * DAY
            sent[step.stage] = now
        elif isinstance(step, Erase):
            assert now >= add_months(LONG_AGO, months)
            assert now - sent[FIRST] >= 30 * DAY
            assert now - sent[LAST] >= 7 * DAY
            return


# The timer


async def silent(world: World, **changes: Any) -> uuid.UUID:
    return (await world.register(**changes)).candidate_id


async def at(world: World, instant: datetime) -> None:
    """The timers run at an instant, more often than they need to."""
    world.clock.now = instant
    for _ in range(2):
        await Timers(world.database).run_once()


async def notices(world: World) -> list[tuple[NoticeStage, date]]:
    async with world.database.read() as read:
        rows = await read.execute(
            select(DeletionNotice.stage, DeletionNotice.goes_on).order_by(DeletionNotice.sent_at)
        )
        return [(row.stage, row.goes_on) for row in rows]


async def is_there(world: World, candidate_id: uuid.UUID) -> bool:
    async with world.database.read() as read:
        return (await read.get_one(Candidate, candidate_id)).erased_at is None


async def mails(world: World, folder: Path) -> list[EmailMessage]:
    """What the workers send, the oldest first."""
    post = Post(
        world.database, "https://x.example", Sender("Tasuki", "t@x.example"), FolderMailer(folder)
    )
    await OutboxWorker(world.database, handlers(post)).drain()
    return _taken_from(folder)


def _taken_from(folder: Path) -> list[EmailMessage]:
    found = []
    for path in sorted(folder.glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=default_policy)
        assert isinstance(message, EmailMessage)
        found.append(message)
        path.unlink()
    return found


def body_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


async def totals(world: World) -> tuple[int, list[Any]]:
    """The registrations by the flow's own figures, and every balance."""
    given = await rows_of(world, FlowDay.referrals, FlowDay.event)
    registered = sum(number for number, event in given if event is ReferralStatus.ACCEPTED)
    return registered, await rows_of(world, Account.unit, Account.book, Account.balance)


ENDS = add_months(START, 6)


async def test_silence_is_deletion_after_two_mails(world: World, tmp_path: Path) -> None:
    candidate_id = await silent(world)
    before = await totals(world)
    await mails(world, tmp_path)
    await at(world, ENDS - 30 * DAY - timedelta(seconds=1))
    assert await notices(world) == []
    await at(world, ENDS - 30 * DAY)
    [first] = await mails(world, tmp_path)
    await at(world, ENDS - 7 * DAY)
    [last] = await mails(world, tmp_path)
    for message in (first, last):
        assert message["To"] == "candidate1@example.jp"
        assert "2026年7月5日" in message["Subject"]
        assert "https://x.example/keep/" in body_of(message)
    assert await notices(world) == [(FIRST, date(2026, 7, 5)), (LAST, date(2026, 7, 5))]
    assert await is_there(world, candidate_id)
    async with world.database.read() as read:
        key_id = (await read.get_one(Candidate, candidate_id)).key_id
    await at(world, ENDS)
    assert not await is_there(world, candidate_id)
    assert await notices(world) == []
    with pytest.raises(KeyDestroyed):
        await world.database.vault.key(key_id)
    assert await mails(world, tmp_path) == []
    async with world.database.read() as read:
        entry = (
            await read.scalars(select(AuditEntry).where(AuditEntry.action == "candidate.erased"))
        ).one()
        assert (await read.scalars(select(Registration.email_hash))).all() == [None]
    assert (entry.actor_kind, entry.details) == (ActorKind.SYSTEM.value, {"reason": "SILENCE"})
    assert await totals(world) == before
    assert await verified(world.database, world.consortium_id) == []


async def test_the_link_keeps_the_record_by_its_button_alone(
    world: World, browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    candidate_id = await silent(world)
    await mails(world, tmp_path)
    await at(world, ENDS - 30 * DAY)
    [mail] = await mails(world, tmp_path)
    link = body_of(mail).partition("https://x.example")[2].split()[0]
    shown = await browser.get(link)
    assert (shown.status_code, "5 July 2026" in shown.text) == (200, True)
    async with world.database.read() as read:
        assert (await read.get_one(Candidate, candidate_id)).last_active_at == START
    kept = await browser.post(link, data={})
    assert (kept.status_code, "Your registration is kept" in kept.text) == (200, True)
    async with world.database.read() as read:
        person = await read.get_one(Candidate, candidate_id)
    assert person.last_active_at == world.clock.now
    kept_at = world.clock.now
    await at(world, ENDS + 30 * DAY)
    assert await is_there(world, candidate_id)
    assert await mails(world, tmp_path) == []
    await at(world, add_months(kept_at, 6) - 30 * DAY)
    assert len(await mails(world, tmp_path)) == 1


async def test_a_link_of_no_notice_keeps_nothing(
    world: World, browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    await silent(world)
    await mails(world, tmp_path)
    for moment in (ENDS - 30 * DAY, ENDS - 7 * DAY):
        await at(world, moment)
    link = body_of((await mails(world, tmp_path))[0]).partition("https://x.example")[2].split()[0]
    await at(world, ENDS)
    for address in (link, "/keep/nothing"):
        assert (await browser.get(address)).status_code == 404
        assert (await browser.post(address, data={})).status_code == 404


async def test_a_mail_is_not_sent_to_who_came_back_meanwhile(world: World, tmp_path: Path) -> None:
    candidate_id = await silent(world)
    await mails(world, tmp_path)
    await at(world, ENDS - 30 * DAY)
    await change(world, Candidate, Candidate.id == candidate_id, last_active_at=world.clock.now)
    assert await mails(world, tmp_path) == []


async def test_an_introduction_under_way_keeps_the_record_and_its_end_begins_anew(
    world: World,
) -> None:
    candidate_id = await silent(world)
    referral_id = await delivered(world, candidate_id)
    await at(world, START + 400 * DAY)
    assert (await notices(world), await is_there(world, candidate_id)) == ([], True)
    await run(
        world,
        decline_referral,
        recruiter(world),
        DeclineReferral(referral_id, DeclineReason.SKILLS),
    )
    ended_at = world.clock.now
    await at(world, ended_at + 60 * DAY)
    assert await notices(world) == []
    await at(world, add_months(ended_at, 6) - 30 * DAY)
    assert [stage for stage, _ in await notices(world)] == [FIRST]


async def test_a_hire_keeps_the_record_through_its_milestones(world: World) -> None:
    stays, leaves = await silent(world), await silent(world)
    hires = [await hired(world, await offered(world, one), fee_yen=1) for one in (stays, leaves)]
    world.clock.forward(days=10)
    left_on = date(2026, 1, 15)
    await run(world, record_exit, recruiter(world), RecordExit(hires[1], left_on))
    await at(world, START + 175 * DAY)
    async with world.database.read() as read:
        noticed = (await read.scalars(select(DeletionNotice.candidate_id))).all()
    assert noticed == [leaves]
    await at(world, START + 340 * DAY)
    async with world.database.read() as read:
        noticed = (await read.scalars(select(DeletionNotice.candidate_id))).all()
    assert stays in noticed


async def test_an_open_request_keeps_the_record(world: World) -> None:
    candidate_id = await silent(world)
    command = SendRequest(RequestKind.COMPLAINT, "Please answer.")
    request_id = await run(world, send_request, actor_of(world, candidate_id), command)
    await at(world, START + 300 * DAY)
    assert await notices(world) == []
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    await run(world, answer_request, admin, EndRequest(request_id, "Here it is."))
    await at(world, START + 301 * DAY)
    assert [stage for stage, _ in await notices(world)] == [FIRST]


async def test_each_consortium_says_for_how_long(world: World) -> None:
    candidate_id = await silent(world)
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    for months in (2, 25):
        with pytest.raises(InvalidInput) as refused:
            await run(world, change_consortium, admin, ChangeConsortium(retention_months=months))
        assert refused.value.path == ("retentionMonths",)
    for role in (Role.ADMIN, Role.RECRUITER):
        with pytest.raises(Forbidden):
            await run(
                world,
                change_consortium,
                world.actor(world.company, role),
                ChangeConsortium(retention_months=3),
            )
    await run(world, change_consortium, admin, ChangeConsortium(retention_months=24))
    await at(world, START + 600 * DAY)
    assert await notices(world) == []
    await run(world, change_consortium, admin, ChangeConsortium(retention_months=3))
    await at(world, START + 601 * DAY)
    # However short it is made, both mails have their time.
    assert await notices(world) == [(FIRST, date(2027, 9, 28))]
    await at(world, START + 624 * DAY)
    await at(world, START + 631 * DAY)
    assert not await is_there(world, candidate_id)


async def test_who_acts_while_it_happens_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The candidate comes back between the look and the erasure: it is undone, whole."""
    candidate_id = await silent(world)
    for moment in (ENDS - 30 * DAY, ENDS - 7 * DAY):
        await at(world, moment)
    world.clock.now = ENDS
    erase = erasures.erase

    async def rival(tx: Any, *args: Any, **options: Any) -> None:
        await tx.execute(
            update(Candidate).where(Candidate.id == candidate_id).values(last_active_at=tx.now)
        )
        await erase(tx, *args, **options)

    monkeypatch.setattr(operations, "erase", rival)
    with pytest.raises(ActiveAgain):
        async with world.database.transaction() as tx:
            await end_silence(tx, candidate_id)
    assert await is_there(world, candidate_id)
    await at(world, ENDS)
    assert await is_there(world, candidate_id)
    monkeypatch.undo()
    async with world.database.transaction() as tx:
        assert await end_silence(tx, candidate_id)


async def test_a_notice_is_once_however_many_workers_send_it(world: World) -> None:
    candidate_id = await silent(world)
    world.clock.now = ENDS - 30 * DAY
    for _ in range(3):
        async with world.database.transaction() as tx:
            await end_silence(tx, candidate_id)
    async with world.database.read() as read:
        number = await read.scalar(
            select(func.count())
            .select_from(OutboxEvent)
            .where(OutboxEvent.type == EventType.DELETION_NOTICED.value)
        )
    assert number == 1


async def test_what_fails_for_one_does_not_hold_up_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = sorted([await silent(world) for _ in range(3)])
    world.clock.now = ENDS - 30 * DAY
    real = end_silence

    async def failing(tx: Any, candidate_id: uuid.UUID) -> bool:
        if candidate_id == people[0]:
            raise RuntimeError("a fault")
        return await real(tx, candidate_id)

    monkeypatch.setattr("tasuki.workers.timers.end_silence", failing)
    await Timers(world.database).run_once()
    async with world.database.read() as read:
        told = sorted(await read.scalars(select(DeletionNotice.candidate_id)))
    assert told == people[1:]


async def test_pages_of_candidates_are_looked_at_in_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "CANDIDATES_PER_PAGE", 2)
    people = sorted([await silent(world) for _ in range(5)])
    await delivered(world, people[0])
    world.clock.now = ENDS - 30 * DAY
    seen: list[uuid.UUID] = []
    after: uuid.UUID | None = None
    for _ in range(3):
        async with world.database.read() as read:
            due, after = await due_silences(read, after)
        seen += due
    assert (seen, after) == (people[1:], None)
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(Referral)) == 6
