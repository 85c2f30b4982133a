"""People who sign in, as administrators see them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.consortium import Organization, load_organizations
from gql.context import Context
from gql.enums import Direction, described
from gql.filters import Filter, StringFilter
from gql.idempotency import idempotency_key, perform_once
from gql.lists import After, Before, First, Last, connect, counting, sorting
from gql.node import Node, decode_id, encode_id, register_node
from gql.payload import Operation, Payload, key_from, mutation, perform
from gql.scalars import EmailAddress
from models.access import Actor, Permission, Role
from models.errors import NotFound
from models.operations import users as operations
from models.reads import users as reads
from models.session import WriteSession
from models.tables import users as tables
from models.tables.users import UserStatus

described(
    Role,
    "What someone may do.",
    ADMIN="Everything in an organization, its people and API tokens included.",
    RECRUITER="The daily work of an organization.",
    VIEWER="Looking at what an organization sees, changing nothing.",
    CONSORTIUM_ADMIN="The consortium's rules, members and people; no candidate.",
    ANALYST="The network as figures; no person.",
)
described(
    UserStatus,
    "Whether a person can sign in.",
    INVITED="Has been mailed a link and has not used it yet.",
    ACTIVE="Can sign in.",
    DISABLED="Cannot sign in until enabled again.",
)


@strawberry.type(description="A person who acts for one organization or for the consortium.")
class User(Node):
    """One person, as administrators and they themselves see them."""

    key: strawberry.Private[uuid.UUID]
    organization_key: strawberry.Private[uuid.UUID | None]
    name: str = strawberry.field(description="The name.")
    email: EmailAddress = strawberry.field(description="The address they sign in with.")
    role: Role = strawberry.field(description="What they may do.")
    status: UserStatus = strawberry.field(description="Whether they can sign in.")
    locale: str = strawberry.field(description="The language they are written to: ja or en.")
    created_at: dt.datetime = strawberry.field(description="When they were invited.")
    signed_in_at: dt.datetime | None = strawberry.field(description="When they last signed in.")

    @relation(description="The organization they act for; null for the consortium's own people.")
    @staticmethod
    async def organization(parents: list[User], ctx: Context) -> list[Organization | None]:
        """All organizations by one read."""
        return await organizations_of(ctx, [parent.organization_key for parent in parents])


async def organizations_of(
    ctx: Context, keys: Sequence[uuid.UUID | None]
) -> list[Organization | None]:
    """The organizations of people or programs, None for those of the consortium."""
    known = [key for key in keys if key is not None]
    found = await load_organizations(ctx, known) if known else {}
    return [found.get(key) if key is not None else None for key in keys]


def user(row: tables.User) -> User:
    """A row as those see it who may."""
    return User(
        id=encode_id("User", row.id),
        key=row.id,
        organization_key=row.organization_id,
        name=row.name,
        email=EmailAddress(row.email),
        role=row.role,
        status=row.status,
        locale=row.locale,
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
    )


async def load_users(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, User]:
    """The people of many rows at once."""
    async with ctx.database.read() as read:
        rows = await reads.users_by_id(read, ctx.signed_in(), keys)
    return {key: user(row) for key, row in rows.items()}


register_node("User", load_users)


@strawberry.input(description="Which people.")
class UserFilter:
    """All of the conditions that are given."""

    status: Filter[UserStatus] | None = strawberry.field(
        default=None, description="By whether they can sign in."
    )
    role: Filter[Role] | None = strawberry.field(default=None, description="By role.")
    name: StringFilter | None = strawberry.field(default=None, description="By name.")


class UserOrderField(StrEnum):
    """What people can be sorted by."""

    NAME = "NAME"


described(UserOrderField, "What people can be sorted by.", NAME="Their name.")


@strawberry.input(description="How people are sorted.")
class UserOrder:
    """One order."""

    field: UserOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.type
class UserQuery:
    """The root fields about people."""

    @relation(
        description="The people of your organization, by name; for consortium admins, of all."
    )
    @staticmethod
    async def users(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            UserFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[UserOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[User]]:
        """Paged by name."""
        actor = ctx.permitted(Permission.MANAGE_USERS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(str, uuid.UUID)
        )
        chosen = reads.UserFilter(**vars(where)) if where else reads.UserFilter()
        _, direction = sorting(order_by, (UserOrderField.NAME, Direction.ASC))
        async with ctx.database.read() as read:
            rows = await reads.users_page(
                read, actor, chosen, asked, descending=direction is Direction.DESC
            )
        found = connect(
            rows,
            asked,
            node=user,
            position=lambda row: (row.name, row.id),
            count=counting(ctx, lambda read: reads.count_users(read, actor, chosen)),
        )
        return [found] * len(parents)


@strawberry.input(description="A person to be invited.")
class InviteUserInput:
    """Who, and as what."""

    email: EmailAddress = strawberry.field(description="Where the invitation is mailed to.")
    name: str = strawberry.field(description="The name, one line of at most 100.")
    role: Role = strawberry.field(description="What they may do.")
    organization_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The member whose first administrator it is, told by consortium admins; "
        "else one's own organization.",
    )
    locale: str = strawberry.field(default="ja", description="The language: ja or en.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which person.")
class UserInput:
    """One person of your organization."""

    id: strawberry.ID = strawberry.field(description="The person's id.")


@strawberry.input(description="Another role for a person.")
class ChangeUserRoleInput:
    """Who gets which role."""

    id: strawberry.ID = strawberry.field(description="The person's id.")
    role: Role = strawberry.field(description="What they may do from now on.")


@strawberry.type(description="What became of the person.")
class UserPayload(Payload):
    """The person, or why not."""

    user: User | None = strawberry.field(default=None, description="The person as they are now.")


@strawberry.type
class UserMutation:
    """What administrators do with people."""

    @mutation(
        Permission.MANAGE_USERS,
        description="Mail a person a link to sign in by. Inviting again makes a new link.",
    )
    async def invite_user(
        self,
        info: strawberry.Info[Context],
        input: Annotated[InviteUserInput, strawberry.argument(description="Who, as what.")],
    ) -> UserPayload:
        """The person, invited."""

        def command() -> operations.InviteUser:
            return operations.InviteUser(
                email=input.email,
                name=input.name,
                role=input.role,
                organization_id=_organization_key(input.organization_id),
                locale=input.locale,
            )

        return await perform_once(
            info.context,
            UserPayload,
            key=input.idempotency_key,
            command=command,
            operation=operations.invite_user,
            thing="user",
            type_name="User",
        )

    @mutation(
        Permission.MANAGE_USERS,
        description="Shut a person out at once, with the API tokens they made.",
    )
    async def disable_user(
        self,
        info: strawberry.Info[Context],
        input: Annotated[UserInput, strawberry.argument(description="Whom.")],
    ) -> UserPayload:
        """`INVITED, ACTIVE → DISABLED`."""
        return await _change(info, input.id, operations.disable_user)

    @mutation(Permission.MANAGE_USERS, description="Let a person in again.")
    async def enable_user(
        self,
        info: strawberry.Info[Context],
        input: Annotated[UserInput, strawberry.argument(description="Whom.")],
    ) -> UserPayload:
        """`DISABLED → ACTIVE`, or `INVITED` for who never had a password."""
        return await _change(info, input.id, operations.enable_user)

    @mutation(Permission.MANAGE_USERS, description="Give a person another role.")
    async def change_user_role(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ChangeUserRoleInput, strawberry.argument(description="Whom, to what.")],
    ) -> UserPayload:
        """From their next request on."""
        return await _change(
            info,
            input.id,
            lambda tx, actor, key: operations.change_role(
                tx, actor, operations.ChangeRole(key, input.role)
            ),
        )


def _organization_key(global_id: str | None) -> uuid.UUID | None:
    if global_id is None:
        return None
    found = decode_id(global_id)
    if found is None or found[0] not in ("Company", "Agency"):
        raise NotFound("organizationId", what="member")
    return found[1]


async def _perform(info: strawberry.Info[Context], operation: Operation) -> UserPayload:
    return await perform(info.context, UserPayload, operation, thing="user", type_name="User")


async def _change(
    info: strawberry.Info[Context],
    global_id: str,
    operation: Callable[[WriteSession, Actor, uuid.UUID], Awaitable[uuid.UUID]],
) -> UserPayload:
    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        return await operation(tx, actor, key_from(global_id, "User", "user", "id"))

    return await _perform(info, run)
