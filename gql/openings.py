"""Openings."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import Direction, described
from gql.files import ImportedRows, file_bytes, imported_rows
from gql.filters import Filter, StringFilter
from gql.idempotency import idempotency_key, perform_once
from gql.lists import (
    MATCHES_COST_POINTS,
    MATCHES_SILENT,
    After,
    Before,
    First,
    FirstMatches,
    Last,
    connect,
    counting,
    sorting,
)
from gql.node import Node, encode_id, key_of, register_node
from gql.parties import parties
from gql.payload import Operation, Payload, key_from, mutation, perform, refused
from gql.terms import Term, job_category, prefecture, skills
from models.access import Actor, Permission
from models.errors import DomainError
from models.operations import opening_list
from models.operations import openings as operations
from models.reads import openings as reads
from models.rules.lifecycles import OpeningStatus
from models.session import WriteSession
from models.tables import openings as tables

if TYPE_CHECKING:
    from gql.consortium import Organization
    from gql.matches import Match

described(
    OpeningStatus,
    "Where an opening stands.",
    OPEN="People are sought.",
    CLOSED="Filled, or given up.",
)


@strawberry.type(description="求人: a position that a company wants to fill.")
class Opening(Node):
    """A position, kept by the company itself or by an agency for it."""

    key: strawberry.Private[uuid.UUID]
    row: strawberry.Private[tables.Opening]
    company_key: strawberry.Private[uuid.UUID]
    keeper_key: strawberry.Private[uuid.UUID]
    title: str = strawberry.field(description="What it is called.")
    category: Term | None = strawberry.field(description="The job category.")
    prefecture: Term | None = strawberry.field(description="Where it is; null if anywhere.")
    skills: list[Term] | None = strawberry.field(description="Skills that are asked for.")
    experience_years_min: int | None = strawberry.field(
        description="So many years of experience are asked for; null if it does not say."
    )
    headcount: int = strawberry.field(description="How many people are sought.")
    open_until: dt.date | None = strawberry.field(description="The last day it is open.")
    status: OpeningStatus = strawberry.field(description="Where it stands.")
    created_at: dt.datetime = strawberry.field(description="When it was listed.")
    changed_at: dt.datetime = strawberry.field(description="When it last changed.")

    @relation(description="The company that seeks people.")
    @staticmethod
    async def company(
        parents: list[Opening], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.company_key for p in parents])

    @relation(description="Who keeps it: the company, or the agency that was given it.")
    @staticmethod
    async def keeper(
        parents: list[Opening], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.keeper_key for p in parents])

    @relation(
        description="Those of your agency's candidates who fit best; null to who is no agency.",
        cost=MATCHES_COST_POINTS,
    )
    @staticmethod
    async def matches(
        parents: list[Opening], ctx: Context, first: FirstMatches = MATCHES_SILENT
    ) -> list[list[Annotated[Match, strawberry.lazy("gql.matches")]] | None]:
        from gql.matches import of_openings  # noqa: PLC0415  (matches know openings)

        return await of_openings(ctx, [p.row for p in parents], first)


def opening(row: tables.Opening) -> Opening:
    """A row as who sees it reads it."""
    return Opening(
        id=encode_id("Opening", row.id),
        key=row.id,
        row=row,
        company_key=row.company_id,
        keeper_key=row.keeper_id,
        title=row.title,
        category=job_category(row.category),
        prefecture=prefecture(row.prefecture),
        skills=skills(row.skills),
        experience_years_min=row.experience_years_min,
        headcount=row.headcount,
        open_until=row.open_until,
        status=row.status,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


async def load_openings(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Opening]:
    """The openings of many rows at once."""
    async with ctx.database.read() as read:
        rows = await reads.openings_by_id(read, ctx.signed_in(), keys)
    return {key: opening(row) for key, row in rows.items()}


register_node("Opening", load_openings)


@strawberry.input(description="Which openings.")
class OpeningFilter:
    """All of the conditions that are given."""

    status: Filter[OpeningStatus] | None = strawberry.field(
        default=None, description="By where they stand."
    )
    category: StringFilter | None = strawberry.field(
        default=None, description="By the code of the job category."
    )
    prefecture: StringFilter | None = strawberry.field(
        default=None, description="By the code of the prefecture."
    )
    title: StringFilter | None = strawberry.field(default=None, description="By title.")
    company_id: strawberry.ID | None = strawberry.field(
        default=None, description="Those of one company."
    )


class OpeningOrderField(StrEnum):
    """What openings can be sorted by."""

    CREATED_AT = "CREATED_AT"


described(OpeningOrderField, "What openings can be sorted by.", CREATED_AT="When they were listed.")


@strawberry.input(description="How openings are sorted.")
class OpeningOrder:
    """One order."""

    field: OpeningOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")


def _chosen(where: OpeningFilter | None) -> reads.OpeningFilter:
    if where is None:
        return reads.OpeningFilter()
    asked = dict(vars(where))
    if where.company_id is not None:
        # An id of anything else is like one of a company without openings.
        asked["company_id"] = key_of(where.company_id, "Company") or uuid.UUID(int=0)
    return reads.OpeningFilter(**asked)


@strawberry.type
class OpeningQuery:
    """The root fields about openings."""

    @relation(description="The openings that you see, the newest first where silent.")
    @staticmethod
    async def openings(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            OpeningFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[OpeningOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Opening]]:
        actor = ctx.permitted(Permission.READ_OPENINGS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        chosen = _chosen(where)
        _, direction = sorting(order_by, (OpeningOrderField.CREATED_AT, Direction.DESC))
        async with ctx.database.read() as read:
            rows = await reads.openings_page(
                read, actor, chosen, asked, descending=direction is Direction.DESC
            )
        found = connect(
            rows,
            asked,
            node=opening,
            position=lambda row: (row.created_at, row.id),
            count=counting(ctx, lambda read: reads.count_openings(read, actor, chosen)),
        )
        return [found] * len(parents)


@strawberry.input(description="What an opening says.")
class OpeningTermsInput:
    """Codes are those of the vocabularies."""

    title: str = strawberry.field(description="What it is called, one line of at most 100.")
    category: str = strawberry.field(description="The code of the job category.")
    prefecture: str | None = strawberry.field(
        default=None, description="The code of the prefecture; null if anywhere."
    )
    skills: list[str] = strawberry.field(
        default_factory=list, description="Codes of the skills asked for, at most 20."
    )
    experience_years_min: int | None = strawberry.field(
        default=None, description="The least years of experience asked for, 0 to 50."
    )
    headcount: int = strawberry.field(default=1, description="How many are sought, up to 1000.")
    open_until: dt.date | None = strawberry.field(
        default=None, description="The last day it is open; null if until it is closed."
    )

    def terms(self) -> operations.OpeningTerms:
        """As the operation takes them."""
        return operations.OpeningTerms(
            title=self.title,
            category=self.category,
            prefecture=self.prefecture,
            skills=tuple(self.skills),
            experience_years_min=self.experience_years_min,
            headcount=self.headcount,
            open_until=self.open_until,
        )


@strawberry.input(description="An opening to be listed.")
class CreateOpeningInput:
    """A company's own, or one that an agency keeps for a company."""

    company_id: strawberry.ID | None = strawberry.field(
        default=None, description="The company; your own where silent."
    )
    terms: OpeningTermsInput = strawberry.field(description="What it says.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An opening as it shall read from now on.")
class UpdateOpeningInput:
    """What is left out is cleared."""

    id: strawberry.ID = strawberry.field(description="The opening's id.")
    terms: OpeningTermsInput = strawberry.field(description="What it says from now on.")


@strawberry.input(description="A CSV file of openings, as text or as base64 of its bytes.")
class ImportOpeningsInput:
    """One of the two forms of the file."""

    csv: str | None = strawberry.field(default=None, description="The file as text.")
    csv_base64: str | None = strawberry.field(
        default=None, description="The file's bytes in base64: UTF-8, or CP932 as Excel writes it."
    )
    keep_good_rows: bool = strawberry.field(
        default=False,
        description="List the good rows of a file that has bad ones; else it is all or nothing.",
    )


@strawberry.type(description="What became of a file of openings.")
class ImportOpeningsPayload(ImportedRows):
    """How many openings were listed, and what was not."""


@strawberry.input(description="Which opening.")
class OpeningInput:
    """One that your organization keeps."""

    id: strawberry.ID = strawberry.field(description="The opening's id.")


@strawberry.type(description="What became of the opening.")
class OpeningPayload(Payload):
    """The opening, or why not."""

    opening: Opening | None = strawberry.field(
        default=None, description="The opening as it stands now."
    )


@strawberry.type
class OpeningMutation:
    """What companies and agencies do with openings."""

    @mutation(Permission.MANAGE_OPENINGS, description="List an opening.")
    async def create_opening(
        self,
        info: strawberry.Info[Context],
        input: Annotated[CreateOpeningInput, strawberry.argument(description="What it says.")],
    ) -> OpeningPayload:
        def command() -> operations.CreateOpening:
            company_id = (
                key_from(input.company_id, "Company", "company", "companyId")
                if input.company_id is not None
                else None
            )
            return operations.CreateOpening(input.terms.terms(), company_id)

        return await perform_once(
            info.context,
            OpeningPayload,
            key=input.idempotency_key,
            command=command,
            operation=operations.create_opening,
            thing="opening",
            type_name="Opening",
        )

    @mutation(
        Permission.MANAGE_OPENINGS,
        description="List the openings of a CSV file at once: your company's own, or with their "
        "corporate numbers those of companies that your agency keeps them for.",
    )
    async def import_openings(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ImportOpeningsInput, strawberry.argument(description="The file.")],
    ) -> ImportOpeningsPayload:
        return await _import(info.context, input)

    @mutation(Permission.MANAGE_OPENINGS, description="Change what an opening says that you keep.")
    async def update_opening(
        self,
        info: strawberry.Info[Context],
        input: Annotated[UpdateOpeningInput, strawberry.argument(description="What it says.")],
    ) -> OpeningPayload:
        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "Opening", "opening", "id")
            command = operations.UpdateOpening(key, input.terms.terms())
            return await operations.update_opening(tx, actor, command)

        return await _perform(info, run)

    @mutation(Permission.MANAGE_OPENINGS, description="Close an opening that you keep.")
    async def close_opening(
        self,
        info: strawberry.Info[Context],
        input: Annotated[OpeningInput, strawberry.argument(description="Which.")],
    ) -> OpeningPayload:
        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "Opening", "opening", "id")
            return await operations.close_opening(tx, actor, key)

        return await _perform(info, run)


async def _import(ctx: Context, input: ImportOpeningsInput) -> ImportOpeningsPayload:
    actor = ctx.signed_in()
    try:
        data = file_bytes(input.csv, input.csv_base64)
        async with ctx.database.read() as read:
            found = await opening_list.read_openings(read, actor, data)
        command = opening_list.ImportOpenings(found, input.keep_good_rows)
        async with ctx.database.transaction() as tx:
            report = await opening_list.import_openings(tx, actor, command)
    except DomainError as error:
        return refused(ctx, ImportOpeningsPayload, error)
    return imported_rows(ImportOpeningsPayload, report, ctx.locale)


async def _perform(info: strawberry.Info[Context], operation: Operation) -> OpeningPayload:
    return await perform(
        info.context, OpeningPayload, operation, thing="opening", type_name="Opening"
    )
