"""Mailings: who is loaded, written to, and forgotten, on both databases."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from gql.connection import PageArguments
from models.access import Actor, Role
from models.errors import DomainError, NotFound
from models.operations import mailings
from models.operations.mail_templates import (
    SaveMailTemplate,
    TemplateInUse,
    delete_mail_template,
    save_mail_template,
)
from models.operations.mailings import (
    CreateMailing,
    MailingReport,
    NobodyToMail,
    RowsRefused,
    cancel_mailing,
    create_mailing,
    queue_mails,
    read_people,
    record_mail,
    start_mailing,
)
from models.reads.mailings import (
    MailingFilter,
    Progress,
    mailings_by_id,
    mailings_page,
    people_by_id,
    people_by_mailing,
    progress_by_mailing,
)
from models.rules.lifecycles import LinkStatus, MailingStatus, MailStatus
from models.tables.flows import NeedDay
from models.tables.links import LinkUsage, RelayLink
from models.tables.mailings import Mailing, Rejection
from models.tables.records import OutboxEvent
from tests.world import World, add_link

PAGE = PageArguments.of(first=None, after=None, last=None, before=None)


def people(*numbers: int, header: str = "氏名,メールアドレス,応募職種,不採用日,職種") -> bytes:
    rows = [f"応募者{n},person{n}@example.jp,営業,2026-01-04,法人営業" for n in numbers]
    return "\n".join([header, *rows]).encode()


def recruiter(world: World) -> Actor:
    return world.actor(world.company, Role.RECRUITER)


async def create(
    world: World, data: bytes, actor: Actor | None = None, **changes: Any
) -> MailingReport:
    actor = actor or recruiter(world)
    async with world.database.read() as read:
        loaded = await read_people(read, actor, data)
    async with world.database.transaction() as tx:
        command = CreateMailing(**{"link_id": world.link.id, "people": loaded, **changes})
        return await create_mailing(tx, actor, command)


async def created(world: World, *numbers: int) -> uuid.UUID:
    return (await create(world, people(*numbers))).mailing_id


async def start(world: World, mailing_id: uuid.UUID) -> None:
    async with world.database.transaction() as tx:
        await start_mailing(tx, recruiter(world), mailing_id)


async def cancel(world: World, mailing_id: uuid.UUID) -> None:
    async with world.database.transaction() as tx:
        await cancel_mailing(tx, recruiter(world), mailing_id)


async def record(world: World, rejection_id: uuid.UUID, status: MailStatus) -> None:
    failure = None if status is MailStatus.SENT else "550"
    async with world.database.transaction() as tx:
        await record_mail(tx, rejection_id, status=status, failure=failure)


async def progress(world: World, mailing_id: uuid.UUID) -> Progress:
    async with world.database.read() as read:
        found = await progress_by_mailing(read, recruiter(world), [mailing_id])
    return found[mailing_id]


async def mailing(world: World, mailing_id: uuid.UUID) -> Mailing:
    async with world.database.read() as read:
        return await read.get_one(Mailing, mailing_id)


async def rejections(world: World, mailing_id: uuid.UUID) -> list[Rejection]:
    async with world.database.read() as read:
        rows = await read.scalars(
            select(Rejection).where(Rejection.mailing_id == mailing_id).order_by(Rejection.line)
        )
        return list(rows)


async def count(world: World, table: Any) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(table)) or 0


async def test_people_are_kept_sealed_and_read_by_their_company(world: World) -> None:
    mailing_id = await created(world, 1, 2)
    async with world.database.read() as read:
        found = await people_by_mailing(read, recruiter(world), [mailing_id], PAGE)
    assert [(p.line, p.name, p.email, p.opening, p.status) for p in found[mailing_id]] == [
        (2, "応募者1", "person1@example.jp", "営業", MailStatus.QUEUED),
        (3, "応募者2", "person2@example.jp", "営業", MailStatus.QUEUED),
    ]
    row = (await rejections(world, mailing_id))[0]
    assert row.sealed is not None
    assert b"person1" not in row.sealed
    assert await progress(world, mailing_id) == Progress(queued=2)
    assert (await mailing(world, mailing_id)).purge_after == world.clock.now + timedelta(days=30)


async def test_who_only_looks_reads_no_name_and_no_address(world: World) -> None:
    mailing_id = await created(world, 1)
    viewer = world.actor(world.company, Role.VIEWER)
    async with world.database.read() as read:
        [person] = (await people_by_mailing(read, viewer, [mailing_id], PAGE))[mailing_id]
        again = await people_by_id(read, viewer, [person.id])
    assert (person.line, person.name, person.email, person.opening) == (2, None, None, "営業")
    assert again == {person.id: person}


async def test_no_one_else_sees_a_mailing(world: World) -> None:
    mailing_id = await created(world, 1)
    rejection_id = (await rejections(world, mailing_id))[0].id
    for actor in (
        world.actor(world.other_company, Role.ADMIN),
        world.actor(world.agency, Role.ADMIN),
        world.actor(None, Role.CONSORTIUM_ADMIN),
        world.actor(None, Role.ANALYST),
    ):
        async with world.database.read() as read:
            assert await mailings_by_id(read, actor, [mailing_id]) == {}
            assert await people_by_id(read, actor, [rejection_id]) == {}
            assert await people_by_mailing(read, actor, [mailing_id], PAGE) == {}
            assert not await mailings_page(read, actor, MailingFilter(), PAGE, descending=True)
        with pytest.raises(DomainError) as refused:
            async with world.database.transaction() as tx:
                await start_mailing(tx, actor, mailing_id)
        assert refused.value.code in {"NOT_FOUND", "FORBIDDEN"}
    assert (await mailing(world, mailing_id)).status is MailingStatus.DRAFT


async def test_a_list_with_a_refused_row_is_kept_only_where_asked(world: World) -> None:
    data = people(1) + b"\n,nobody,,,"
    with pytest.raises(RowsRefused) as refused:
        await create(world, data)
    assert [(row.line, row.column, row.code) for row in refused.value.refused] == [
        (3, "name", "CELL_MISSING")
    ]
    assert await count(world, Mailing) == 0
    report = await create(world, data, keep_good_rows=True)
    assert report.loaded == 1
    assert len(report.refused) == 1
    assert await count(world, Rejection) == 1


@pytest.mark.parametrize("keep", [True, False])
async def test_a_list_without_anyone_makes_no_mailing(world: World, keep: bool) -> None:
    with pytest.raises(NobodyToMail):
        await create(world, people(), keep_good_rows=keep)
    with pytest.raises(RowsRefused):
        await create(world, b"name,email\nA,nobody", keep_good_rows=keep)
    assert await count(world, Mailing) == 0


async def test_who_is_in_an_earlier_mailing_of_the_link_is_refused(world: World) -> None:
    await created(world, 1, 2)
    report = await create(world, people(2, 3), keep_good_rows=True)
    assert [(row.line, row.code) for row in report.refused] == [(2, "ALREADY_MAILED")]
    assert report.loaded == 1
    async with world.database.transaction() as tx:
        other_link = await add_link(tx, world.company)
    assert (await create(world, people(2), link_id=other_link.id)).loaded == 1


async def test_who_was_never_reached_can_be_loaded_again(world: World) -> None:
    mailing_id = await created(world, 1, 2)
    await start(world, mailing_id)
    first, second = await rejections(world, mailing_id)
    await record(world, first.id, MailStatus.BOUNCED)
    await cancel(world, mailing_id)
    assert (await create(world, people(1, 2))).loaded == 2
    assert (await rejections(world, mailing_id))[1].id == second.id


async def test_two_loads_of_one_list_at_once_make_one_mailing(world: World) -> None:
    found = await asyncio.gather(
        *(create(world, people(1, 2, 3)) for _ in range(4)), return_exceptions=True
    )
    refused = [one for one in found if isinstance(one, RowsRefused)]
    assert [[row.code for row in one.refused] for one in refused] == [["ALREADY_MAILED"] * 3] * 3
    assert await count(world, Rejection) == 3


async def test_a_month_has_so_many_mails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailings, "MAILS_PER_MONTH_MAX", 3)
    mailing_id = await created(world, 1, 2)
    with pytest.raises(DomainError) as refused:
        await create(world, people(3, 4))
    assert refused.value.code == "MAIL_CAP_REACHED"
    assert refused.value.message("en") == "You can send 1 more mails this month, of 3."
    assert await count(world, Mailing) == 1
    await cancel(world, mailing_id)
    await created(world, 3, 4)
    world.clock.forward(days=27)
    await created(world, 5, 6)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": LinkStatus.PAUSED}, "LINK_NOT_ACTIVE"),
        ({"status": LinkStatus.REVOKED}, "LINK_NOT_ACTIVE"),
        ({"usage": LinkUsage.PUBLIC}, "LINK_NOT_ACTIVE"),
    ],
)
async def test_only_a_link_in_use_is_sent(world: World, change: dict[str, Any], code: str) -> None:
    async with world.database.transaction() as tx:
        link = await add_link(tx, world.company, **change)
    with pytest.raises(DomainError) as refused:
        await create(world, people(1), link_id=link.id)
    assert refused.value.code == code
    assert await count(world, Mailing) == 0


async def test_another_companys_link_reads_as_none(world: World) -> None:
    async with world.database.transaction() as tx:
        link = await add_link(tx, world.other_company)
    with pytest.raises(NotFound):
        await create(world, people(1), link_id=link.id)


@pytest.mark.parametrize("days", [0, 91])
async def test_people_are_kept_for_a_bounded_time(world: World, days: int) -> None:
    with pytest.raises(DomainError) as refused:
        await create(world, people(1), purge_after_days=days)
    assert (refused.value.code, refused.value.path) == ("INVALID_INPUT", ("purgeAfterDays",))


async def test_the_template_must_exist_and_stays_while_it_is_used(world: World) -> None:
    with pytest.raises(NotFound):
        await create(world, people(1), template_name="spring")
    async with world.database.transaction() as tx:
        template_id = await save_mail_template(
            tx, recruiter(world), SaveMailTemplate("ja", "件名", "{{link}}", "spring")
        )
    report = await create(world, people(1), template_name="spring")
    with pytest.raises(TemplateInUse):
        async with world.database.transaction() as tx:
            await delete_mail_template(tx, recruiter(world), template_id)
    await cancel(world, report.mailing_id)
    async with world.database.transaction() as tx:
        await delete_mail_template(tx, recruiter(world), template_id)


async def test_starting_queues_everyone_once_in_batches(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailings, "ROWS_PER_STATEMENT", 2)
    mailing_id = await created(world, 1, 2, 3, 4, 5)
    await start(world, mailing_id)
    after_lines = []
    while (job := await _next_job(world)) is not None:
        after_lines.append(job)
        async with world.database.transaction() as tx:
            await queue_mails(tx, mailing_id, after_line=job)
    assert after_lines == [0, 3, 5]
    async with world.database.read() as read:
        rows = await read.scalars(select(OutboxEvent).where(OutboxEvent.type == "rejection.queued"))
        queued = [row.refs["rejection"] for row in rows]
    assert sorted(queued) == sorted(row.id.hex for row in await rejections(world, mailing_id))


async def _next_job(world: World) -> int | None:
    async with world.database.transaction() as tx:
        row = await tx.scalar(
            select(OutboxEvent)
            .where(OutboxEvent.type == "mailing.started", OutboxEvent.due_at.is_not(None))
            .with_for_update()
        )
        if row is None:
            return None
        row.due_at = None
        return int(row.refs["after_line"])


async def test_starting_notes_what_was_turned_down(world: World) -> None:
    mailing_id = await created(world, 1, 2)
    assert await count(world, NeedDay) == 0
    await start(world, mailing_id)
    async with world.database.read() as read:
        needs = list(await read.scalars(select(NeedDay)))
    assert [(n.day.isoformat(), n.company_id, n.turned_down, n.sought) for n in needs] == [
        ("2026-01-05", world.company.id, 2, 0)
    ]


async def test_a_mailing_starts_once(world: World) -> None:
    mailing_id = await created(world, 1)
    await start(world, mailing_id)
    with pytest.raises(DomainError) as refused:
        await start(world, mailing_id)
    assert refused.value.code == "INVALID_TRANSITION"
    assert await count(world, OutboxEvent) == 1


async def test_a_link_revoked_meanwhile_is_not_sent(world: World) -> None:
    mailing_id = await created(world, 1)
    async with world.database.transaction() as tx:
        link = await tx.get_one(RelayLink, world.link.id)
        link.status = LinkStatus.REVOKED
    with pytest.raises(DomainError) as refused:
        await start(world, mailing_id)
    assert refused.value.code == "LINK_NOT_ACTIVE"
    assert (await mailing(world, mailing_id)).status is MailingStatus.DRAFT


async def test_cancelling_stops_what_is_not_sent(world: World) -> None:
    mailing_id = await created(world, 1, 2, 3)
    await start(world, mailing_id)
    first, second, third = await rejections(world, mailing_id)
    await record(world, first.id, MailStatus.SENT)
    await cancel(world, mailing_id)
    assert await progress(world, mailing_id) == Progress(sent=1, cancelled=2)
    # One was on its way: what was sent is called sent, what failed stays cancelled.
    await record(world, second.id, MailStatus.SENT)
    await record(world, third.id, MailStatus.FAILED)
    assert await progress(world, mailing_id) == Progress(sent=2, cancelled=1)
    assert (await mailing(world, mailing_id)).status is MailingStatus.CANCELLED


async def test_the_last_mail_finishes_the_mailing(world: World) -> None:
    mailing_id = await created(world, 1, 2, 3)
    await start(world, mailing_id)
    ids = [row.id for row in await rejections(world, mailing_id)]
    outcomes = (MailStatus.SENT, MailStatus.BOUNCED, MailStatus.FAILED)
    await asyncio.gather(
        *(record(world, one, status) for one, status in zip(ids, outcomes, strict=True))
    )
    found = await mailing(world, mailing_id)
    assert (found.status, found.ended_at) == (MailingStatus.FINISHED, world.clock.now)
    assert await progress(world, mailing_id) == Progress(sent=1, bounced=1, failed=1)
