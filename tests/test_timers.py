"""What happens by itself when its time has come, on both databases."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, literal_column, select, update
from sqlalchemy import table as named_table
from structlog.testing import capture_logs

import models.vault
from models.access import Role
from models.audit import verify_chain
from models.errors import ConfirmationExpired
from models.operations import timers as operations
from models.operations.handovers import hand_over
from models.operations.mailings import cancel_mailing
from models.operations.timers import may_run_timers
from models.outbox import Event, EventType, emit
from models.reads.mailings import people_by_mailing
from models.rules.lifecycles import (
    Channel,
    LinkStatus,
    MailingStatus,
    MailStatus,
    ReferralStatus,
    RegistrationStatus,
)
from models.tables.candidates import CandidateSession, SignInLink
from models.tables.ledger import IdempotencyKey
from models.tables.links import RelayLink
from models.tables.mailings import Mailing
from models.tables.records import OutboxEvent
from models.tables.referrals import Referral
from models.tables.registrations import Registration
from models.tables.users import PasswordReset, SignInFailure, User, UserSession
from models.vault import KeyDestroyed
from tasuki.settings import Settings
from tasuki.workers import Workers
from tasuki.workers.timers import Timers
from tests.test_mailings import PAGE, created, mailing, people, recruiter, rejections, start
from tests.world import World, add_link


async def run_timers(world: World) -> None:
    await Timers(world.database).run_once()


async def count(world: World, table: Any) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(table)) or 0


async def registration(world: World) -> Registration:
    async with world.database.read() as read:
        found = await read.scalars(select(Registration))
        return found.one()


async def test_a_registration_that_is_not_confirmed_is_forgotten(world: World) -> None:
    token = await world.start(world.form(phone="090-1234-5678"), device="a phone")
    world.clock.forward(days=7, seconds=-1)
    await run_timers(world)
    waiting = await registration(world)
    assert waiting.status is RegistrationStatus.STARTED
    world.clock.forward(seconds=1)
    await run_timers(world)
    found = await registration(world)
    assert found.status is RegistrationStatus.EXPIRED
    assert (found.sealed, found.email_hash, found.phone_hash, found.device_hash) == (None,) * 4
    with pytest.raises(KeyDestroyed):
        await world.database.vault.key(waiting.key_id)
    with pytest.raises(ConfirmationExpired):
        await world.confirm(token)
    async with world.database.read() as read:
        report = await verify_chain(read, world.consortium_id)
    assert (report.entries, report.broken_at) == (1, None)


async def test_a_confirmed_registration_is_left_alone(world: World) -> None:
    completed = await world.register()
    world.clock.forward(days=8)
    await run_timers(world)
    found = await registration(world)
    assert (found.status, found.candidate_id) == (
        RegistrationStatus.COMPLETED,
        completed.candidate_id,
    )
    assert (await world.database.vault.key(found.key_id)).id == found.key_id


async def test_links_run_out(world: World) -> None:
    ends = world.clock.now + timedelta(days=1)
    async with world.database.transaction() as tx:
        links = [
            await add_link(tx, world.company, status=status, expires_at=ends)
            for status in (LinkStatus.ACTIVE, LinkStatus.PAUSED, LinkStatus.REVOKED)
        ]
    world.clock.now = ends
    await run_timers(world)
    async with world.database.read() as read:
        found = [(await read.get_one(RelayLink, one.id)).status for one in (*links, world.link)]
    assert found == [
        *(LinkStatus.EXPIRED, LinkStatus.EXPIRED),
        *(LinkStatus.REVOKED, LinkStatus.ACTIVE),
    ]


async def test_the_people_of_a_mailing_are_purged(world: World) -> None:
    mailing_id = await created(world, 1, 2)
    await start(world, mailing_id)
    key_id = (await mailing(world, mailing_id)).key_id
    world.clock.forward(days=30)
    await run_timers(world)
    found = await mailing(world, mailing_id)
    assert (found.status, found.purged_at) == (MailingStatus.CANCELLED, world.clock.now)
    assert [
        (row.status, row.sealed, row.email_hash) for row in await rejections(world, mailing_id)
    ] == [(MailStatus.CANCELLED, None, None)] * 2
    with pytest.raises(KeyDestroyed):
        await world.database.vault.key(key_id)
    async with world.database.read() as read:
        page = await people_by_mailing(read, recruiter(world), [mailing_id], PAGE)
    assert [(one.line, one.name, one.email) for one in page[mailing_id]] == [
        (2, None, None),
        (3, None, None),
    ]


async def test_the_time_to_purge_begins_with_the_sending(world: World) -> None:
    mailing_id = await created(world, 1)
    world.clock.forward(days=20)
    await start(world, mailing_id)
    world.clock.forward(days=29)
    await run_timers(world)
    assert (await mailing(world, mailing_id)).purged_at is None
    world.clock.forward(days=1)
    await run_timers(world)
    assert (await mailing(world, mailing_id)).purged_at == world.clock.now


async def test_many_mailings_are_purged_in_batches(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [await created(world, number) for number in range(operations.MAILINGS_PER_BATCH + 2)]
    async with world.database.transaction() as tx:
        await cancel_mailing(tx, recruiter(world), ids[0])
    world.clock.forward(days=30)
    await run_timers(world)
    assert {(await mailing(world, one)).purged_at for one in ids} == {world.clock.now}


async def test_an_introduction_without_an_answer_runs_out(world: World) -> None:
    completed = await world.register()
    async with world.database.transaction() as tx:
        referral_id = await hand_over(
            tx,
            world.actor(world.agency, Role.RECRUITER),
            candidate_id=completed.candidate_id,
            channel=Channel.AGENCY_INTRODUCTION,
            from_id=world.agency.id,
            to_id=world.other_company.id,
            status=ReferralStatus.PROPOSED,
            time_zone="Asia/Tokyo",
            respond_within=timedelta(days=14),
        )
    world.clock.forward(days=14)
    await run_timers(world)
    async with world.database.read() as read:
        referral = await read.get_one(Referral, referral_id)
        relay = await read.scalar(
            select(Referral.status).where(Referral.channel == Channel.RELAY_LINK)
        )
    assert (referral.status, referral.respond_by) == (ReferralStatus.EXPIRED, None)
    assert relay is ReferralStatus.ACCEPTED


async def test_sessions_and_old_records_are_deleted(world: World) -> None:
    completed = await world.register()
    async with world.database.transaction() as tx:
        await tx.execute(update(OutboxEvent).values(done_at=tx.now, due_at=None))
        await emit(tx, Event(EventType.REGISTRATION_STARTED, world.consortium_id, {}))
        user = User(
            consortium_id=world.consortium_id,
            role=Role.CONSORTIUM_ADMIN,
            name="A",
            email="a@example.jp",
            email_key="a@example.jp",
            created_at=tx.now,
        )
        tx.add(user)
        await tx.flush()
        times: dict[str, Any] = {"created_at": tx.now, "expires_at": tx.now + timedelta(days=1)}
        tx.add(UserSession(token_hash=b"1", user_id=user.id, **times))
        tx.add(CandidateSession(token_hash=b"1", candidate_id=completed.candidate_id, **times))
        tx.add(SignInLink(candidate_id=completed.candidate_id, token_hash=b"1", **times))
        tx.add(PasswordReset(user_id=user.id, token_hash=b"1", expires_at=tx.now + timedelta(1)))
        tx.add(SignInFailure(address_hash=b"1", attempts=1, first_at=tx.now + timedelta(hours=23)))
        tx.add(
            IdempotencyKey(
                actor_id=user.id, key="k", operation="x", payload_hash=b"", created_at=tx.now
            )
        )
    tables = (
        *(UserSession, CandidateSession, PasswordReset, SignInFailure),
        *(SignInLink, IdempotencyKey, OutboxEvent),
    )

    async def left() -> list[int]:
        await run_timers(world)
        return [await count(world, table) for table in tables]

    before = await left()
    assert before[:6] == [1] * 6
    world.clock.forward(days=1, seconds=-1)
    assert await left() == before
    world.clock.forward(seconds=1)
    assert await left() == [0, 0, 0, 0, 1, 1, before[6]]
    world.clock.forward(days=1)
    assert await left() == [0, 0, 0, 0, 0, 1, before[6]]
    world.clock.forward(days=28)
    # What is not done is kept, however old: the welcome, and by now the two questions.
    assert await left() == [0, 0, 0, 0, 0, 0, 2]


async def test_idempotency_keys_are_deleted_in_batches(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.database.transaction() as tx:
        for number in range(7):
            at = tx.now + timedelta(seconds=number)
            tx.add(
                IdempotencyKey(
                    actor_id=uuid.UUID(int=1),
                    key=str(number),
                    operation="x",
                    payload_hash=b"",
                    created_at=at,
                )
            )
    world.clock.forward(days=30, seconds=5)
    monkeypatch.setattr(operations, "DELETED_PER_BATCH", 3)
    deleted = []
    for _ in range(3):
        async with world.database.transaction() as tx:
            deleted.append((await operations.delete_idempotency_keys(tx)).rows)
    assert deleted == [3, 3, 0]
    assert await count(world, IdempotencyKey) == 1


async def age_keys(world: World) -> None:
    """Let every key look as if it had been made before yesterday."""
    person_key = models.vault.KEY_TABLE
    async with world.database.vault._engine.begin() as connection:
        await connection.execute(
            update(person_key).values(created_at=datetime.now(UTC) - timedelta(days=2))
        )


async def keys_left(world: World) -> int:
    async with world.database.vault._engine.begin() as connection:
        statement = select(func.count()).select_from(models.vault.KEY_TABLE)
        return await connection.scalar(statement) or 0


async def test_only_keys_that_nothing_needs_are_swept(world: World) -> None:
    await world.register()
    await world.start(world.form())
    mailing_id = await created(world, 1)
    made = await keys_left(world)
    await run_timers(world)
    assert await keys_left(world) == made
    await age_keys(world)
    await run_timers(world)
    assert await keys_left(world) == 3
    async with world.database.read() as read:
        page = await people_by_mailing(read, recruiter(world), [mailing_id], PAGE)
    assert page[mailing_id][0].name == "応募者1"


async def test_a_store_in_which_nothing_is_known_is_left_alone(world: World) -> None:
    await world.database.vault.store_new_keys(10)
    await age_keys(world)
    await run_timers(world)
    assert await keys_left(world) == 10


async def test_a_large_store_is_swept_part_by_part(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        await world.register()
    await age_keys(world)
    monkeypatch.setattr("tasuki.workers.timers.KEYS_PER_SWEEP", 60)
    timers = Timers(world.database)
    for _ in range(3):
        await timers.sweep_keys()
    assert await keys_left(world) == 10


async def test_spare_keys_are_used_fresh_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = world.database.vault
    await vault.new_key()
    spare = {key.id for key in vault._spare}
    assert (await vault.new_key()).id in spare
    vault._spare_since -= timedelta(hours=1)
    assert (await vault.new_key()).id not in spare


async def test_timers_are_run_by_one_worker_at_a_time(world: World) -> None:
    await world.start(world.form())
    world.clock.forward(days=7)
    held, release = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with world.database.transaction() as tx:
            assert await may_run_timers(tx)
            held.set()
            await release.wait()

    holding = asyncio.create_task(hold())
    await held.wait()
    if world.database.dialect == "postgresql":
        await run_timers(world)
        assert (await registration(world)).status is RegistrationStatus.STARTED
    release.set()
    await holding
    await run_timers(world)
    assert (await registration(world)).status is RegistrationStatus.EXPIRED


async def test_a_step_that_fails_does_not_stop_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> operations.Changed:
        raise KeyError("hanako@example.jp")

    await world.start(world.form())
    world.clock.forward(days=7)
    steps = (operations.Step("broken", fail, 1), *operations.STEPS)
    monkeypatch.setattr("tasuki.workers.timers.STEPS", steps)
    with capture_logs() as logs:
        await run_timers(world)
    failed = [line for line in logs if line["event"] == "timers.failed"]
    assert [(line["step"], line["fault"]) for line in failed] == [("broken", "KeyError")]
    assert "hanako" not in str(logs)
    assert (await registration(world)).status is RegistrationStatus.EXPIRED


async def test_the_heads_of_the_audit_chains_are_told_once_a_day(world: World) -> None:
    await world.register()
    timers = Timers(world.database)
    with capture_logs() as logs:
        await timers.run_once()
        await timers.run_once()
        world.clock.forward(days=1)
        await timers.run_once()
    async with world.database.read() as read:
        report = await verify_chain(read, world.consortium_id)
    told = [(line["number"], line["hash"]) for line in logs if line["event"] == "audit.head"]
    assert told == [(1, report.head.hex())] * 2


async def test_workers_start_send_and_stop(world: World, tmp_path: Path) -> None:
    settings = Settings(mail_dir=tmp_path / "mail", base_url="https://tasuki.example")
    workers = Workers(world.database, settings)
    await workers.start()
    await world.start(world.form())
    async with asyncio.timeout(30):
        while not list((tmp_path / "mail").glob("*.eml")):  # noqa: ASYNC110  (it is a file)
            await asyncio.sleep(0.01)
    await workers.stop()
    assert len(list((tmp_path / "mail").iterdir())) == 1
    assert await count(world, OutboxEvent) == 1


async def test_people_of_a_list_leave_no_trace_of_their_names(world: World) -> None:
    await created(world, 1)
    async with world.database.read() as read:
        rows: list[list[Any]] = [
            list(await read.execute(select(literal_column("*")).select_from(named_table(name))))
            for name in ("rejection", "mailing")
        ]
    assert "応募者1" in people(1).decode()
    assert "応募者1" not in str(rows)
    assert "person1" not in str(rows)
    assert await count(world, Mailing) == 1
