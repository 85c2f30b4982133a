"""What consortium admins do with members, and with the consortium's own settings."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry

from gql.consortium import Consortium, Organization, type_name_of
from gql.context import Context
from gql.files import ImportedRows, file_bytes, imported_rows
from gql.idempotency import idempotency_key, perform_once
from gql.node import decode_id
from gql.payload import Operation, Payload, do, mutation, perform
from gql.scalars import CorporateNumber
from models.access import Actor, Permission
from models.errors import NotFound
from models.operations import consortia, members
from models.rules.lifecycles import OrganizationKind
from models.session import WriteSession


@strawberry.input(description="An organization to be taken in.")
class AddMemberInput:
    """What is known of it."""

    kind: OrganizationKind = strawberry.field(description="A company or an agency.")
    corporate_number: CorporateNumber = strawberry.field(description="法人番号.")
    name: str = strawberry.field(description="The registered name, at most 200 characters.")
    name_en: str | None = strawberry.field(default=None, description="The name in English.")
    industry: str | None = strawberry.field(
        default=None, description="A division (A to T) or major group (01 to 99) of JSIC."
    )
    prefecture: str | None = strawberry.field(
        default=None, description="The name or JIS code of its prefecture."
    )
    mail_domain: str | None = strawberry.field(
        default=None, description="Its own mail domain: counts from it are held for review."
    )
    licence_number: str | None = strawberry.field(
        default=None, description="An agency's licence, as in 13-ユ-123456."
    )
    licence_expires_on: dt.date | None = strawberry.field(
        default=None, description="The last day on which an agency's licence is valid."
    )
    invite: bool = strawberry.field(
        default=False, description="Whether it is only invited; else it is a member at once."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="What a member is now said to be; what is left out becomes unknown.")
class UpdateMemberInput:
    """Everything but its kind and corporate number, which never change."""

    id: strawberry.ID = strawberry.field(description="The member's id.")
    name: str = strawberry.field(description="The registered name, at most 200 characters.")
    name_en: str | None = strawberry.field(default=None, description="The name in English.")
    industry: str | None = strawberry.field(
        default=None, description="A division (A to T) or major group (01 to 99) of JSIC."
    )
    prefecture: str | None = strawberry.field(
        default=None, description="The name or JIS code of its prefecture."
    )
    mail_domain: str | None = strawberry.field(default=None, description="Its own mail domain.")
    licence_number: str | None = strawberry.field(
        default=None, description="An agency's licence, as in 13-ユ-123456."
    )
    licence_expires_on: dt.date | None = strawberry.field(
        default=None, description="The last day on which an agency's licence is valid."
    )


@strawberry.input(description="Which member.")
class MemberInput:
    """One member."""

    id: strawberry.ID = strawberry.field(description="The member's id.")


@strawberry.type(description="What became of the member.")
class MemberPayload(Payload):
    """The member, or why not."""

    member: Organization | None = strawberry.field(
        default=None, description="The member as it stands now."
    )


@strawberry.input(description="A CSV file of organizations, as text or as base64 of its bytes.")
class ImportMembersInput:
    """One of the two forms of the file."""

    csv: str | None = strawberry.field(default=None, description="The file as text.")
    csv_base64: str | None = strawberry.field(
        default=None, description="The file's bytes in base64: UTF-8, or CP932 as Excel writes it."
    )
    keep_good_rows: bool = strawberry.field(
        default=False,
        description="Take in the good rows of a file that has bad ones; else it is all or nothing.",
    )


@strawberry.type(description="What became of a file of members.")
class ImportMembersPayload(ImportedRows):
    """How many organizations were taken in, and what was not."""


@strawberry.input(description="Changes to the consortium's settings.")
class UpdateConsortiumInput:
    """What is left out stays as it is."""

    name: str | None = strawberry.field(default=None, description="Its name.")
    smallest_count: int | None = strawberry.field(
        default=None, description="Figures about others are told in multiples of this, 1 to 100."
    )
    retention_months: int | None = strawberry.field(
        default=None,
        description="So many months after the last activity a candidate's record goes, 3 to 24.",
    )
    request_days: int | None = strawberry.field(
        default=None,
        description="Within so many days a candidate's request is to be answered, 1 to 60; those "
        "that were sent before keep their day.",
    )


@strawberry.type(description="What became of the consortium's settings.")
class ConsortiumPayload(Payload):
    """The consortium, or why not."""

    consortium: Consortium | None = strawberry.field(
        default=None, description="The consortium as it stands now."
    )


@strawberry.type
class MemberMutation:
    """What consortium admins do with members."""

    @mutation(Permission.MANAGE_MEMBERS, description="Take an organization in.")
    async def add_member(
        self,
        info: strawberry.Info[Context],
        input: Annotated[AddMemberInput, strawberry.argument(description="Which.")],
    ) -> MemberPayload:
        """A member at once, unless it is to be invited."""
        values = {name: value for name, value in vars(input).items() if name != "idempotency_key"}
        return await perform_once(
            info.context,
            MemberPayload,
            key=input.idempotency_key,
            command=lambda: members.AddMember(**values),
            operation=members.add_member,
            thing="member",
            type_name=type_name_of(input.kind),
        )

    @mutation(
        Permission.MANAGE_MEMBERS, description="Take in the organizations of a CSV file at once."
    )
    async def import_members(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ImportMembersInput, strawberry.argument(description="The file.")],
    ) -> ImportMembersPayload:
        """All of them or none, unless asked otherwise."""

        async def run(tx: WriteSession, actor: Actor) -> members.ImportReport:
            command = members.ImportMembers(
                file_bytes(input.csv, input.csv_base64), input.keep_good_rows
            )
            return await members.import_members(tx, actor, command)

        report, refusal = await do(info.context, ImportMembersPayload, run)
        return refusal or imported_rows(ImportMembersPayload, report, info.context.locale)

    @mutation(Permission.MANAGE_MEMBERS, description="Bring what is known of a member up to date.")
    async def update_member(
        self,
        info: strawberry.Info[Context],
        input: Annotated[UpdateMemberInput, strawberry.argument(description="What it is now.")],
    ) -> MemberPayload:
        """As a whole."""

        async def run(tx: WriteSession, actor: Actor, key: uuid.UUID) -> uuid.UUID:
            values = {name: value for name, value in vars(input).items() if name != "id"}
            return await members.update_member(tx, actor, members.UpdateMember(key, **values))

        return await _change(info, input.id, run)

    @mutation(Permission.MANAGE_MEMBERS, description="An invited organization becomes a member.")
    async def accept_membership(
        self,
        info: strawberry.Info[Context],
        input: Annotated[MemberInput, strawberry.argument(description="Which.")],
    ) -> MemberPayload:
        """`INVITED → ACTIVE`."""
        return await _change(info, input.id, members.accept_membership)

    @mutation(
        Permission.MANAGE_MEMBERS,
        description="A member leaves for good: a company's links are revoked and its balance "
        "lapses after the grace period; links to an agency are paused.",
    )
    async def end_membership(
        self,
        info: strawberry.Info[Context],
        input: Annotated[MemberInput, strawberry.argument(description="Which.")],
    ) -> MemberPayload:
        """`INVITED, ACTIVE → LEFT`."""
        return await _change(info, input.id, members.end_membership)

    @mutation(Permission.MANAGE_PROGRAM, description="Change the consortium's settings.")
    async def update_consortium(
        self,
        info: strawberry.Info[Context],
        input: Annotated[UpdateConsortiumInput, strawberry.argument(description="The changes.")],
    ) -> ConsortiumPayload:
        """Its name and what it sets for all."""
        command = consortia.ChangeConsortium(
            input.name, input.smallest_count, input.retention_months, input.request_days
        )
        return await perform(
            info.context,
            ConsortiumPayload,
            lambda tx, a: consortia.change_consortium(tx, a, command),
            thing="consortium",
            type_name="Consortium",
        )


async def _perform(
    info: strawberry.Info[Context], type_name: str, operation: Operation
) -> MemberPayload:
    return await perform(
        info.context, MemberPayload, operation, thing="member", type_name=type_name
    )


async def _change(
    info: strawberry.Info[Context],
    global_id: str,
    operation: Callable[[WriteSession, Actor, uuid.UUID], Awaitable[uuid.UUID]],
) -> MemberPayload:
    type_name, key = decode_id(global_id) or ("", uuid.UUID(int=0))

    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        if type_name not in ("Company", "Agency"):
            raise NotFound("id", what="member")
        return await operation(tx, actor, key)

    return await _perform(info, type_name, run)
