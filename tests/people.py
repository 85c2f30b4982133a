"""People who sign in, for tests of accounts."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select, update

from models import passwords
from models.access import Actor, Role
from models.operations.password_resets import RESET_PURPOSE
from models.operations.sign_in import (
    SignedIn,
    SignIn,
    sign_in,
)
from models.operations.users import (
    INVITATION_PURPOSE,
)
from models.passwords import hash_password
from models.reads.sign_ins import actor_of, authenticate_session, authenticate_token
from models.rules.addresses import normalise_email
from models.rules.lifecycles import MembershipStatus
from models.session import Database
from models.tables.consortium import Membership, Organization
from models.tables.users import Invitation, PasswordReset, User, UserStatus
from models.tokens import token_of
from tests.world import World

HANA = "hana@example.jp"
PASSWORD = "correct horse battery"
NEW_PASSWORD = "an entirely new one"


async def add_person(
    world: World,
    organization: Organization | None,
    role: Role,
    email: str,
    *,
    password: str | None = PASSWORD,
    status: UserStatus = UserStatus.ACTIVE,
) -> Actor:
    """A person of the world, ready to sign in unless said otherwise."""
    password_hash = await hash_password(password) if password else None
    async with world.database.transaction() as tx:
        user = User(
            consortium_id=world.consortium_id,
            organization_id=organization.id if organization else None,
            role=role,
            name=email.partition("@")[0],
            email=email,
            email_key=normalise_email(email),
            password_hash=password_hash,
            locale="en",
            status=status,
            created_at=tx.now,
        )
        tx.add(user)
    return actor_of(user, organization.kind if organization else None)


async def enter(database: Database, email: str, password: str = PASSWORD) -> SignedIn:
    """Sign in."""
    return await sign_in(database, SignIn(email, password))


async def invitation_token(world: World, user_id: uuid.UUID) -> str:
    """The secret of the latest invitation's link."""
    async with world.database.read() as read:
        invitation_id = await read.scalar(
            select(Invitation.id)
            .where(Invitation.user_id == user_id)
            .order_by(Invitation.expires_at.desc())
            .limit(1)
        )
    assert invitation_id is not None
    return token_of(world.database.vault, INVITATION_PURPOSE, invitation_id)


async def reset_tokens(world: World, user_id: uuid.UUID | None) -> list[str]:
    """The secrets of the links to a new password that a person has."""
    async with world.database.read() as read:
        ids = await read.scalars(select(PasswordReset.id).where(PasswordReset.user_id == user_id))
        return [token_of(read.vault, RESET_PURPOSE, reset_id) for reset_id in ids]


async def set_membership(world: World, member: Organization, status: MembershipStatus) -> None:
    async with world.database.transaction() as tx:
        await tx.execute(
            update(Membership).where(Membership.organization_id == member.id).values(status=status)
        )


async def user_of(world: World, user_id: uuid.UUID | None) -> User:
    async with world.database.read() as read:
        return (await read.scalars(select(User).where(User.id == user_id))).one()


async def number_of(world: World, table: type) -> int:
    async with world.database.read() as read:
        return (await read.scalar(select(func.count()).select_from(table))) or 0


async def actor_by_cookie(world: World, token: str) -> Actor | None:
    async with world.database.read() as read:
        session = await authenticate_session(read, token)
    return session.actor if session else None


async def actor_by_token(world: World, token: str) -> Actor | None:
    async with world.database.read() as read:
        return await authenticate_token(read, token)


def count_checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that passwords are checked against from now on."""
    checked: list[str] = []
    verify = passwords._verify

    def counted(password_hash: str, password: str) -> bool:
        checked.append(password_hash)
        return verify(password_hash, password)

    monkeypatch.setattr(passwords, "_verify", counted)
    return checked
