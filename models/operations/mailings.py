"""Mailings: the people a company turned down are loaded, written to once each, and forgotten."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, update

from models.access import Actor, Permission, require
from models.audit import audit
from models.base import random_id
from models.errors import DomainError, InvalidInput, NotFound
from models.operations.flows import record_needs
from models.operations.handovers import time_zone_of
from models.operations.mail_templates import DEFAULT_NAME, lock_company
from models.outbox import Event, EventType, emit
from models.rules.bounds import require_between
from models.rules.csv_files import RefusedRow
from models.rules.flows import local_day
from models.rules.lifecycles import (
    MAILING,
    LinkStatus,
    MailingStatus,
    MailStatus,
    require_step,
)
from models.rules.rejection_list import RejectionList, RejectionRow, read_rejection_list
from models.session import ReadSession, WriteSession
from models.tables.consortium import Consortium
from models.tables.links import LinkUsage, RelayLink
from models.tables.mailings import Mailing, MailTemplate, Rejection
from models.vault import PersonKey
from models.visibility import visible_mail_templates, visible_mailings, visible_relay_links
from models.vocabulary.text import Text

MAILS_PER_MONTH_MAX = 20_000
"""So many people a company can load in a calendar month of its consortium."""

PURGE_AFTER_DAYS = 30
PURGE_AFTER_DAYS_MAX = 90
ROWS_PER_STATEMENT = 500

WRITTEN_TO = (MailStatus.QUEUED, MailStatus.SENT)
"""Who was, or is about to be, written to. A mail that came back did not reach anyone."""


class LinkNotActive(DomainError):
    """Mails are sent for a link in use only."""

    code = "LINK_NOT_ACTIVE"
    text = Text(
        ja="この専用リンクは現在使われていないか、公開用です。"
        "メール用の有効なリンクを選んでください。",
        en="This relay link is not in use, or is a public one. Choose an active link for mails.",
    )


class MailCapReached(DomainError):
    """The company's mails of this month are used up."""

    code = "MAIL_CAP_REACHED"
    text = Text(
        ja="今月送れるメールは残り{left:,}通です（月{most:,}通まで）。",
        en="You can send {left:,} more mails this month, of {most:,}.",
    )


class NobodyToMail(DomainError):
    """A mailing needs someone to write to."""

    code = "NOBODY_TO_MAIL"
    text = Text(ja="送れる相手がいません。", en="There is nobody to write to.")


@dataclass(frozen=True, slots=True)
class MailingReport:
    """What became of a list: the mailing, and every row that was refused."""

    mailing_id: uuid.UUID
    loaded: int
    refused: Sequence[RefusedRow]
    unknown_columns: Sequence[str]


class RowsRefused(DomainError):
    """Some rows of the list cannot be written to, so that none was loaded."""

    code = "ROWS_REFUSED"
    text = Text(
        ja="読み込めない行が{rows:,}行あります。直して読み込み直すか、"
        "読み込める行だけを読み込んでください。",
        en="{rows:,} rows were refused. Correct them, or load only the good rows.",
    )

    def __init__(self, refused: Sequence[RefusedRow], unknown_columns: Sequence[str]) -> None:
        super().__init__(rows=len(refused))
        self.refused = refused
        self.unknown_columns = unknown_columns

    def __reduce__(self) -> tuple[object, ...]:
        return (RowsRefused, (self.refused, self.unknown_columns))


async def read_people(read: ReadSession, actor: Actor, data: bytes) -> RejectionList:
    """The people of a CSV file, and why each of the others is refused. Nothing is kept."""
    require(actor, Permission.MANAGE_MAILINGS)
    zone = await read.scalar(
        select(Consortium.time_zone).where(Consortium.id == actor.consortium_id)
    )
    assert zone is not None
    # Thousands of addresses take long enough to be felt by others: off the event loop.
    return await asyncio.to_thread(read_rejection_list, data, local_day(read.now, zone))


@dataclass(frozen=True, slots=True)
class CreateMailing:
    """Who is to be written to, with which link and template.

    ``people`` come from `read_people`. A list with refused rows makes no mailing, unless
    ``keep_good_rows`` asks for one of the others.
    """

    link_id: uuid.UUID
    people: RejectionList
    template_name: str = DEFAULT_NAME
    keep_good_rows: bool = False
    purge_after_days: int = PURGE_AFTER_DAYS


async def create_mailing(tx: WriteSession, actor: Actor, command: CreateMailing) -> MailingReport:
    """Keep the people, sealed, for a mailing that starts when it is told to.

    Codes of refused rows beside those of `read_rejection_list`: ALREADY_MAILED. Raises
    `RowsRefused`, `NobodyToMail`, `NotFound`, `InvalidInput`, `LinkNotActive`, `MailCapReached`.
    """
    require(actor, Permission.MANAGE_MAILINGS)
    assert actor.organization_id is not None
    days = require_between("purgeAfterDays", command.purge_after_days, 1, PURGE_AFTER_DAYS_MAX)
    await lock_company(tx, actor.organization_id)
    await _require_active(tx, actor, command.link_id)
    await _require_template(tx, actor, command.template_name)
    rows, refused = await _not_yet_mailed(tx, actor.organization_id, command)
    if refused and not (rows and command.keep_good_rows):
        raise RowsRefused(refused, command.people.unknown_columns)
    if not rows:
        raise NobodyToMail
    await _require_room(tx, actor, len(rows))
    key = await tx.vault.new_key()
    mailing = Mailing(
        consortium_id=actor.consortium_id,
        company_id=actor.organization_id,
        link_id=command.link_id,
        template_name=command.template_name,
        key_id=key.id,
        total=len(rows),
        purge_after=tx.now + timedelta(days=days),
        created_at=tx.now,
    )
    tx.add(mailing)
    await tx.flush()
    for some in _batches(rows):
        await tx.execute(
            insert(Rejection), [_rejection(mailing, key, row, digest) for row, digest in some]
        )
    audit(tx, actor, "mailing.created", "mailing", mailing.id, people=len(rows))
    return MailingReport(mailing.id, len(rows), refused, command.people.unknown_columns)


async def _require_active(tx: WriteSession, actor: Actor, link_id: uuid.UUID) -> None:
    link = (
        await tx.execute(
            select(RelayLink.status, RelayLink.usage, RelayLink.expires_at).where(
                visible_relay_links(actor), RelayLink.id == link_id
            )
        )
    ).one_or_none()
    if link is None:
        raise NotFound("relayLinkId", what="relay link")
    is_over = link.expires_at is not None and link.expires_at <= tx.now
    if link.status is not LinkStatus.ACTIVE or link.usage is LinkUsage.PUBLIC or is_over:
        raise LinkNotActive("relayLinkId")


async def _require_template(tx: WriteSession, actor: Actor, name: str) -> None:
    if name == DEFAULT_NAME:
        return
    found = await tx.scalar(
        select(MailTemplate.id)
        .where(visible_mail_templates(actor), MailTemplate.name == name)
        .limit(1)
    )
    if found is None:
        raise NotFound("templateName", what="mail template")


Hashed = tuple[RejectionRow, bytes]


async def _not_yet_mailed(
    tx: WriteSession, company_id: uuid.UUID, command: CreateMailing
) -> tuple[list[Hashed], list[RefusedRow]]:
    """The rows with their keyed hashes, without people whom the link was sent to before."""
    hashed = [
        (row, tx.vault.blind("rejection", company_id, row.normal_email))
        for row in command.people.rows
    ]
    mailed: set[bytes | None] = set()
    for some in _batches(hashed):
        mailed.update(
            await tx.scalars(
                select(Rejection.email_hash)
                .join(Mailing, Mailing.id == Rejection.mailing_id)
                .where(
                    Mailing.company_id == company_id,
                    Mailing.link_id == command.link_id,
                    Rejection.status.in_(WRITTEN_TO),
                    Rejection.email_hash.in_([digest for _, digest in some]),
                )
            )
        )
    already = [_already_mailed(row.line) for row, digest in hashed if digest in mailed]
    refused = sorted([*command.people.refused, *already], key=lambda refusal: refusal.line)
    return [one for one in hashed if one[1] not in mailed], refused


def _already_mailed(line: int) -> RefusedRow:
    reason = Text(
        "この方には、同じリンクのメールが既に送られたか、送信待ちです。",
        "This person has been, or is about to be, sent a mail with this link.",
    )
    return RefusedRow(line, "email", "ALREADY_MAILED", reason)


async def _require_room(tx: WriteSession, actor: Actor, people: int) -> None:
    zone = await time_zone_of(tx, actor.consortium_id)
    day = local_day(tx.now, zone).replace(day=1)
    month = datetime(day.year, day.month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    used = await tx.scalar(
        select(func.count())
        .select_from(Rejection)
        .join(Mailing, Mailing.id == Rejection.mailing_id)
        .where(
            visible_mailings(actor),
            Mailing.created_at >= month,
            Rejection.status != MailStatus.CANCELLED,
        )
    )
    left = max(0, MAILS_PER_MONTH_MAX - (used or 0))
    if people > left:
        raise MailCapReached(left=left, most=MAILS_PER_MONTH_MAX)


def _rejection(
    mailing: Mailing, key: PersonKey, row: RejectionRow, digest: bytes
) -> dict[str, Any]:
    return {
        "id": random_id(),
        "mailing_id": mailing.id,
        "company_id": mailing.company_id,
        "line": row.line,
        "email_hash": digest,
        "sealed": key.seal({"name": row.name, "email": row.email, "opening": row.opening}),
        "locale": row.language,
        "category": row.category,
        "stage": row.stage,
        "rejected_on": row.rejected_on,
        "status": MailStatus.QUEUED,
    }


def _batches(rows: Sequence[Hashed]) -> Iterator[Sequence[Hashed]]:
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        yield rows[start : start + ROWS_PER_STATEMENT]


async def start_mailing(tx: WriteSession, actor: Actor, mailing_id: uuid.UUID) -> uuid.UUID:
    """Have the mails sent. The time until the people are forgotten begins anew.

    Raises `NotFound`, `InvalidTransition` and `LinkNotActive`.
    """
    mailing = await _locked(tx, actor, mailing_id)
    require_step("mailing", MAILING, mailing.status, MailingStatus.RUNNING)
    if mailing.purge_after <= tx.now:
        raise InvalidInput(
            "id",
            ja="宛先の保存期間が過ぎました。もう一度読み込んでください。",
            en="The people of this mailing were kept long enough. Load them again.",
        )
    await _require_active(tx, actor, mailing.link_id)
    mailing.purge_after = tx.now + (mailing.purge_after - mailing.created_at)
    mailing.status, mailing.started_at = MailingStatus.RUNNING, tx.now
    await _note_needs(tx, mailing)
    await emit(tx, _queueing(mailing.consortium_id, mailing.id, after_line=0))
    audit(tx, actor, "mailing.started", "mailing", mailing.id)
    return mailing.id


async def _note_needs(tx: WriteSession, mailing: Mailing) -> None:
    # By the day of noting, not of the rejection: of a month that is over nothing changes.
    today = local_day(tx.now, await time_zone_of(tx, mailing.consortium_id))
    rows = await tx.execute(
        select(Rejection.category, func.count())
        .where(Rejection.mailing_id == mailing.id, Rejection.category.is_not(None))
        .group_by(Rejection.category)
        .order_by(Rejection.category)
    )
    for category, people in rows.all():
        assert category is not None
        await record_needs(
            tx,
            consortium_id=mailing.consortium_id,
            day=today,
            company_id=mailing.company_id,
            category=category,
            turned_down=people,
        )


def _queueing(consortium_id: uuid.UUID, mailing_id: uuid.UUID, *, after_line: int) -> Event:
    refs = {"mailing": mailing_id.hex, "after_line": str(after_line)}
    return Event(EventType.MAILING_STARTED, consortium_id, refs)


async def queue_mails(tx: WriteSession, mailing_id: uuid.UUID, *, after_line: int) -> None:
    """Queue a mail for the next people of a running mailing, and itself for those that remain."""
    mailing = await tx.scalar(select(Mailing).where(Mailing.id == mailing_id).with_for_update())
    if mailing is None or mailing.status is not MailingStatus.RUNNING:
        return
    rows = (
        await tx.execute(
            select(Rejection.id, Rejection.line)
            .where(
                Rejection.mailing_id == mailing_id,
                Rejection.line > after_line,
                Rejection.status == MailStatus.QUEUED,
            )
            .order_by(Rejection.line)
            .limit(ROWS_PER_STATEMENT)
        )
    ).all()
    events = [
        Event(EventType.REJECTION_QUEUED, mailing.consortium_id, {"rejection": row.id.hex})
        for row in rows
    ]
    if len(rows) == ROWS_PER_STATEMENT:
        events.append(_queueing(mailing.consortium_id, mailing_id, after_line=rows[-1].line))
    await emit(tx, *events)


async def cancel_mailing(tx: WriteSession, actor: Actor, mailing_id: uuid.UUID) -> uuid.UUID:
    """Send no more. Who has not been written to yet will not be.

    Raises `NotFound` and `InvalidTransition`.
    """
    mailing = await _locked(tx, actor, mailing_id)
    require_step("mailing", MAILING, mailing.status, MailingStatus.CANCELLED)
    mailing.status, mailing.ended_at = MailingStatus.CANCELLED, tx.now
    await cancel_queued(tx, mailing.id)
    audit(tx, actor, "mailing.cancelled", "mailing", mailing.id)
    return mailing.id


async def cancel_queued(tx: WriteSession, mailing_id: uuid.UUID) -> None:
    """Take every mail of a locked mailing that is not sent yet off the queue."""
    await tx.execute(
        update(Rejection)
        .where(Rejection.mailing_id == mailing_id, Rejection.status == MailStatus.QUEUED)
        .values(status=MailStatus.CANCELLED, ended_at=tx.now)
    )


async def _locked(tx: WriteSession, actor: Actor, mailing_id: uuid.UUID) -> Mailing:
    require(actor, Permission.MANAGE_MAILINGS)
    mailing = await tx.scalar(
        select(Mailing).where(visible_mailings(actor), Mailing.id == mailing_id).with_for_update()
    )
    if mailing is None:
        raise NotFound("id", what="mailing")
    return mailing


async def record_mail(
    tx: WriteSession, rejection_id: uuid.UUID, *, status: MailStatus, failure: str | None
) -> None:
    """Write down what became of one mail; the last one finishes its mailing.

    A mail that left while its mailing was being cancelled is recorded as what it is: sent.
    """
    # The mailing is locked first, as everywhere: of two last mails, one sees the other.
    mailing = await tx.scalar(
        select(Mailing)
        .join(Rejection, Rejection.mailing_id == Mailing.id)
        .where(Rejection.id == rejection_id)
        .with_for_update(of=Mailing)
    )
    if mailing is None:
        return
    known = [MailStatus.QUEUED]
    if status is MailStatus.SENT:
        known.append(MailStatus.CANCELLED)
    await tx.execute(
        update(Rejection)
        .where(Rejection.id == rejection_id, Rejection.status.in_(known))
        .values(status=status, failure=failure, ended_at=tx.now)
    )
    await _finish(tx, mailing)


async def _finish(tx: WriteSession, mailing: Mailing) -> None:
    if mailing.status is not MailingStatus.RUNNING:
        return
    waiting = await tx.scalar(
        select(Rejection.id)
        .where(Rejection.mailing_id == mailing.id, Rejection.status == MailStatus.QUEUED)
        .limit(1)
    )
    if waiting is None:
        mailing.status, mailing.ended_at = MailingStatus.FINISHED, tx.now
