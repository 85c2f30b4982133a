"""Mailings, and the people they write to."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import Direction, described
from gql.files import RefusedRow, file_bytes, refused_rows
from gql.filters import Filter
from gql.idempotency import idempotency_key
from gql.links import RelayLink
from gql.lists import (
    After,
    Before,
    First,
    Last,
    connect,
    connect_each,
    counting,
    counting_each,
    sorting,
)
from gql.node import Node, encode_id, load_nodes, register_node
from gql.payload import Payload, key_from, mutation, perform, refused
from models.access import Actor, Permission
from models.errors import DomainError
from models.operations import mailings as operations
from models.operations.idempotency import once
from models.operations.mail_templates import DEFAULT_NAME
from models.reads import mailings as reads
from models.rules import csv_files
from models.rules.lifecycles import MailingStatus, MailStatus
from models.session import WriteSession
from models.tables import mailings as tables

described(
    MailingStatus,
    "Where a mailing stands.",
    DRAFT="Loaded; nothing is sent yet.",
    RUNNING="Being sent.",
    FINISHED="Everyone was written to, or could not be.",
    CANCELLED="Sends no more.",
)
described(
    MailStatus,
    "Where one mail stands.",
    QUEUED="Not sent yet.",
    SENT="Taken by the mail server.",
    BOUNCED="Refused by the mail server for good.",
    FAILED="Given up after many attempts.",
    CANCELLED="Taken off the queue.",
)


@strawberry.type(description="A person a company turned down. No one else sees the record.")
class Rejection(Node):
    """One row of a list. What names the person is purged when the mailing's time is over."""

    line: int = strawberry.field(description="The line of the file.")
    name: str | None = strawberry.field(
        description="The name; null once it is purged, and to a VIEWER."
    )
    email: str | None = strawberry.field(
        description="The address; null once it is purged, and to a VIEWER."
    )
    opening: str | None = strawberry.field(
        description="What the person applied for; null once it is purged, or where not known."
    )
    locale: str = strawberry.field(description="The language of the mail: ja or en.")
    category: str | None = strawberry.field(description="The job category's code.")
    stage: str | None = strawberry.field(description="The code of where they were turned down.")
    rejected_on: dt.date | None = strawberry.field(description="When they were turned down.")
    status: MailStatus = strawberry.field(description="Where the mail stands.")
    failure: str | None = strawberry.field(
        description="The mail server's reply code, or a word, where the mail did not go."
    )
    ended_at: dt.datetime | None = strawberry.field(description="When it came to that.")


def rejection(row: reads.Person) -> Rejection:
    """A person as their company sees them."""
    return Rejection(
        id=encode_id("Rejection", row.id),
        line=row.line,
        name=row.name,
        email=row.email,
        opening=row.opening,
        locale=row.locale,
        category=row.category,
        stage=row.stage,
        rejected_on=row.rejected_on,
        status=row.status,
        failure=row.failure,
        ended_at=row.ended_at,
    )


async def _load_rejections(
    ctx: Context, keys: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Rejection]:
    async with ctx.database.read() as read:
        rows = await reads.people_by_id(read, ctx.signed_in(), keys)
    return {key: rejection(row) for key, row in rows.items()}


register_node("Rejection", _load_rejections)


@strawberry.type(description="How many of a mailing's mails stand where.")
class MailingProgress:
    """Together they are the mailing's total."""

    queued: int = strawberry.field(description="Not sent yet.")
    sent: int = strawberry.field(description="Taken by the mail server.")
    bounced: int = strawberry.field(description="Refused by the mail server for good.")
    failed: int = strawberry.field(description="Given up after many attempts.")
    cancelled: int = strawberry.field(description="Taken off the queue.")


@strawberry.type(description="A list of people turned down, sent one link: once to each.")
class Mailing(Node):
    """One mailing, as its company sees it."""

    key: strawberry.Private[uuid.UUID]
    link_key: strawberry.Private[uuid.UUID]
    template_name: str = strawberry.field(description="The template that is used.")
    status: MailingStatus = strawberry.field(description="Where the mailing stands.")
    total: int = strawberry.field(description="How many people it has.")
    purge_after: dt.datetime = strawberry.field(description="When the people are forgotten.")
    purged_at: dt.datetime | None = strawberry.field(description="When they were.")
    created_at: dt.datetime = strawberry.field(description="When it was loaded.")
    started_at: dt.datetime | None = strawberry.field(description="When it was started.")
    ended_at: dt.datetime | None = strawberry.field(
        description="When it was finished or cancelled."
    )

    @relation(description="The link that the mails carry.")
    @staticmethod
    async def relay_link(parents: list[Mailing], ctx: Context) -> list[RelayLink | None]:
        """One of the company's own."""
        return await load_nodes(ctx, [encode_id("RelayLink", one.link_key) for one in parents])

    @relation(description="How far it is.")
    @staticmethod
    async def progress(parents: list[Mailing], ctx: Context) -> list[MailingProgress]:
        """Counted when asked."""
        async with ctx.database.read() as read:
            found = await reads.progress_by_mailing(
                read, ctx.signed_in(), [parent.key for parent in parents]
            )
        return [
            MailingProgress(
                queued=one.queued,
                sent=one.sent,
                bounced=one.bounced,
                failed=one.failed,
                cancelled=one.cancelled,
            )
            for one in (found[parent.key] for parent in parents)
        ]

    @relation(description="Its people, in the order of the file.")
    @staticmethod
    async def rejections(
        parents: list[Mailing],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Rejection]]:
        """Paged by line."""
        actor = ctx.permitted(Permission.READ_MAILINGS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(int, uuid.UUID)
        )
        keys = [parent.key for parent in parents]
        async with ctx.database.read() as read:
            pages = await reads.people_by_mailing(read, actor, keys, asked)
        return connect_each(
            keys,
            pages,
            asked,
            node=rejection,
            position=lambda row: (row.line, row.id),
            count=counting_each(ctx, lambda read, some: reads.count_people(read, actor, some)),
        )


def mailing(row: tables.Mailing) -> Mailing:
    """A row as its company sees it."""
    return Mailing(
        id=encode_id("Mailing", row.id),
        key=row.id,
        link_key=row.link_id,
        template_name=row.template_name,
        status=row.status,
        total=row.total,
        purge_after=row.purge_after,
        purged_at=row.purged_at,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Mailing]:
    async with ctx.database.read() as read:
        rows = await reads.mailings_by_id(read, ctx.signed_in(), keys)
    return {key: mailing(row) for key, row in rows.items()}


register_node("Mailing", _load)


@strawberry.input(description="Which mailings.")
class MailingFilter:
    """All of the conditions that are given."""

    status: Filter[MailingStatus] | None = strawberry.field(
        default=None, description="By where they stand."
    )


class MailingOrderField(StrEnum):
    """What mailings can be sorted by."""

    CREATED_AT = "CREATED_AT"


described(MailingOrderField, "What mailings can be sorted by.", CREATED_AT="When they were loaded.")


@strawberry.input(description="How mailings are sorted.")
class MailingOrder:
    """One order."""

    field: MailingOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")


@strawberry.type
class MailingQuery:
    """The root fields about mailings."""

    @relation(description="Your company's mailings, the newest first.")
    @staticmethod
    async def mailings(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            MailingFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[MailingOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Mailing]]:
        """Paged by age."""
        actor = ctx.permitted(Permission.READ_MAILINGS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        chosen = reads.MailingFilter(**vars(where)) if where else reads.MailingFilter()
        _, direction = sorting(order_by, (MailingOrderField.CREATED_AT, Direction.DESC))
        async with ctx.database.read() as read:
            rows = await reads.mailings_page(
                read, actor, chosen, asked, descending=direction is Direction.DESC
            )
        found = connect(
            rows,
            asked,
            node=mailing,
            position=lambda row: (row.created_at, row.id),
            count=counting(ctx, lambda read: reads.count_mailings(read, actor, chosen)),
        )
        return [found] * len(parents)


@strawberry.input(
    description="Who is to be written to: a CSV file, as text or as base64 of its bytes."
)
class CreateMailingInput:
    """A list, a link and a template."""

    relay_link_id: strawberry.ID = strawberry.field(description="The link that the mails carry.")
    csv: str | None = strawberry.field(
        default=None, description="The file as text: at least 氏名 and メールアドレス."
    )
    csv_base64: str | None = strawberry.field(
        default=None, description="The file's bytes in base64: UTF-8, or CP932 as Excel writes it."
    )
    template_name: str = strawberry.field(
        default=DEFAULT_NAME, description="The name of the template."
    )
    keep_good_rows: bool = strawberry.field(
        default=False,
        description="Load the good rows of a file that has bad ones; else it is all or nothing.",
    )
    purge_after_days: int = strawberry.field(
        default=operations.PURGE_AFTER_DAYS,
        description="The people are forgotten so many days after the start, 1 to 90.",
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which mailing.")
class MailingInput:
    """One mailing of your company."""

    id: strawberry.ID = strawberry.field(description="The mailing's id.")


@strawberry.type(description="What became of the mailing.")
class MailingPayload(Payload):
    """The mailing, or why not."""

    mailing: Mailing | None = strawberry.field(
        default=None, description="The mailing as it stands now."
    )


@strawberry.type(description="What became of the list.")
class CreateMailingPayload(Payload):
    """The mailing, or why not, and every row that was refused."""

    mailing: Mailing | None = strawberry.field(default=None, description="The new mailing.")
    refused_count: int | None = strawberry.field(
        default=None, description="How many rows were refused."
    )
    refused_rows: list[RefusedRow] | None = strawberry.field(
        default=None, description="Those rows in the file's order; the first 1,000 of them."
    )
    unknown_columns: list[str] | None = strawberry.field(
        default=None, description="The columns that were passed over."
    )


@strawberry.type
class MailingMutation:
    """What a company does with its mailings."""

    @mutation(
        Permission.MANAGE_MAILINGS,
        description="Load the people of a CSV file. Nothing is sent until the mailing is started.",
    )
    async def create_mailing(
        self,
        info: strawberry.Info[Context],
        input: Annotated[CreateMailingInput, strawberry.argument(description="Who, and how.")],
    ) -> CreateMailingPayload:
        """Refused rows are reported, each with its line and reason."""
        return await _create(info.context, input)

    @mutation(Permission.MANAGE_MAILINGS, description="Have the mails of a mailing sent.")
    async def start_mailing(
        self,
        info: strawberry.Info[Context],
        input: Annotated[MailingInput, strawberry.argument(description="Which.")],
    ) -> MailingPayload:
        """`DRAFT → RUNNING`."""
        return await _change(info, input, operations.start_mailing)

    @mutation(
        Permission.MANAGE_MAILINGS, description="Send no more mails of a mailing. Sent is sent."
    )
    async def cancel_mailing(
        self,
        info: strawberry.Info[Context],
        input: Annotated[MailingInput, strawberry.argument(description="Which.")],
    ) -> MailingPayload:
        """`DRAFT, RUNNING → CANCELLED`."""
        return await _change(info, input, operations.cancel_mailing)


async def _change(
    info: strawberry.Info[Context],
    input: MailingInput,
    operation: Callable[[WriteSession, Actor, uuid.UUID], Awaitable[uuid.UUID]],
) -> MailingPayload:
    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        return await operation(tx, actor, key_from(input.id, "Mailing", "mailing", "id"))

    return await perform(info.context, MailingPayload, run, thing="mailing", type_name="Mailing")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a mailing was asked for, as far as an idempotency key remembers it."""

    link_id: uuid.UUID
    file: str
    template_name: str
    keep_good_rows: bool
    purge_after_days: int


async def _create(ctx: Context, input: CreateMailingInput) -> CreateMailingPayload:
    actor = ctx.signed_in()
    try:
        data = file_bytes(input.csv, input.csv_base64)
        link_id = key_from(input.relay_link_id, "RelayLink", "relay link", "relayLinkId")
        async with ctx.database.read() as read:
            people = await operations.read_people(read, actor, data)
        how = (input.template_name, input.keep_good_rows, input.purge_after_days)
        command = operations.CreateMailing(link_id, people, *how)
        asked = _Asked(link_id, hashlib.sha256(data).hexdigest(), *how)
        async with ctx.database.transaction() as tx:
            report = await _create_once(tx, actor, command, asked, input.idempotency_key)
    except operations.RowsRefused as error:
        answer = refused(ctx, CreateMailingPayload, error)
        return _told(ctx, answer, error.refused, error.unknown_columns)
    except DomainError as error:
        return refused(ctx, CreateMailingPayload, error)
    [found] = await load_nodes(ctx, [encode_id("Mailing", report.mailing_id)])
    answer = CreateMailingPayload(mailing=found)
    return _told(ctx, answer, report.refused, report.unknown_columns)


async def _create_once(
    tx: WriteSession,
    actor: Actor,
    command: operations.CreateMailing,
    asked: _Asked,
    key: str | None,
) -> operations.MailingReport:
    reports: list[operations.MailingReport] = []

    async def run() -> uuid.UUID:
        reports.append(await operations.create_mailing(tx, actor, command))
        return reports[0].mailing_id

    mailing_id = await once(tx, actor, key=key, operation="create_mailing", command=asked, run=run)
    if reports:
        return reports[0]
    # Asked again: the file says once more which of its rows were refused.
    people = command.people
    return operations.MailingReport(mailing_id, 0, people.refused, people.unknown_columns)


def _told(
    ctx: Context,
    answer: CreateMailingPayload,
    rows: Sequence[csv_files.RefusedRow],
    unknown_columns: Sequence[str],
) -> CreateMailingPayload:
    answer.refused_count = len(rows)
    answer.refused_rows = refused_rows(rows, ctx.locale)
    answer.unknown_columns = list(unknown_columns)
    return answer
