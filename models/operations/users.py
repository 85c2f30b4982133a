"""The people who sign in: invited, disabled, given roles; each within their own organization."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from models.access import Actor, Permission, Role, require, system
from models.audit import audit
from models.base import ordered_id
from models.errors import AlreadyExists, Forbidden, InvalidInput, NotFound
from models.operations.sign_in import require_person
from models.outbox import Event, EventType, emit
from models.passwords import hash_password
from models.rules.addresses import AddressRefused, check_email, normalise_email
from models.rules.bounds import require_line
from models.rules.lifecycles import MembershipStatus, Steps, require_step
from models.rules.users import (
    ADMIN_ROLES,
    INVITATION_DAYS,
    USER_NAME_CHARS_MAX,
    LastAdmin,
    TooManyInvitations,
    check_locale,
    check_password,
    grantable_roles,
    require_grantable,
)
from models.session import Database, WriteSession
from models.tables.consortium import Consortium, Membership, Organization
from models.tables.users import Invitation, User, UserSession, UserStatus
from models.tokens import token_of
from models.upsert import insert_for
from models.visibility import visible_organizations, visible_users

INVITATION_PURPOSE = "invitation"
INVITATIONS_PER_USER_AND_DAY_MAX = 5
INVITATIONS_PER_CONSORTIUM_AND_DAY_MAX = 1_000

USER: Steps = {
    UserStatus.INVITED: (UserStatus.DISABLED,),
    UserStatus.ACTIVE: (UserStatus.DISABLED,),
    UserStatus.DISABLED: (UserStatus.ACTIVE, UserStatus.INVITED),
}
"""The steps that administrators take; an invited person becomes active by accepting."""


@dataclass(frozen=True, slots=True)
class InviteUser:
    """A person to be invited into an organization: the actor's own where none is said."""

    email: str
    name: str
    role: Role
    organization_id: uuid.UUID | None = None
    locale: str = "ja"


async def invite_user(tx: WriteSession, actor: Actor, command: InviteUser) -> uuid.UUID:
    """Mail a person a link by which they choose a password. Earlier links stop working.

    Administrators invite into their own organization, those of the consortium also the first
    administrator of a member: a later one could read what only the member may see.
    Raises `RoleNotAllowed`, `AlreadyExists`, `TooManyInvitations`, `InvalidInput`.
    """
    require(actor, Permission.MANAGE_USERS)
    email, name = _checked(command.email, command.name, command.locale)
    organization_id = command.organization_id or actor.organization_id
    if organization_id == actor.organization_id:
        require_grantable(command.role, grantable_roles(actor.role))
    else:
        await _require_without_admin(tx, actor, organization_id, command.role)
    user = await _invited(
        tx,
        actor,
        User(
            consortium_id=actor.consortium_id,
            organization_id=organization_id,
            role=command.role,
            name=name,
            email=email,
            email_key=normalise_email(email),
            locale=command.locale,
            created_at=tx.now,
        ),
    )
    await _mail_invitation(tx, user)
    audit(tx, actor, "user.invited", "user", user.id, role=command.role.value)
    return user.id


def _checked(email: str, name: str, locale: str) -> tuple[str, str]:
    check_locale(locale)
    try:
        return check_email(email), require_line("name", name, USER_NAME_CHARS_MAX)
    except AddressRefused as refused:
        raise InvalidInput("email", ja=refused.reason.ja, en=refused.reason.en) from None


async def _require_without_admin(
    tx: WriteSession, actor: Actor, organization_id: uuid.UUID | None, role: Role
) -> None:
    """A member that nobody administers yet, so that its first administrator can be invited."""
    found = await tx.scalar(
        select(Membership.organization_id)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(
            visible_organizations(actor),
            Organization.id == organization_id,
            Membership.status != MembershipStatus.LEFT,
        )
        .with_for_update(of=Membership, key_share=True)
    )
    if found is None:
        raise NotFound("organizationId", what="member")
    require(actor, Permission.MANAGE_MEMBERS)
    require_grantable(role, frozenset({Role.ADMIN}))
    administered = await tx.scalar(
        select(User.id)
        .where(
            User.organization_id == organization_id,
            User.role == Role.ADMIN,
            User.status == UserStatus.ACTIVE,
        )
        .limit(1)
    )
    if administered is not None:
        raise Forbidden("organizationId", permission=Permission.MANAGE_USERS.name)


async def _invited(tx: WriteSession, actor: Actor, wanted: User) -> User:
    """The row of the person: a new one, or the one that was invited before, as wanted now."""
    values = {
        name: getattr(wanted, name)
        for name in ("consortium_id", "organization_id", "role", "name", "email", "email_key")
    }
    made = await tx.scalar(
        insert_for(tx, User)
        .values(
            id=ordered_id(),
            locale=wanted.locale,
            status=UserStatus.INVITED,
            created_at=tx.now,
            **values,
        )
        .on_conflict_do_nothing(index_elements=["consortium_id", "email_key"])
        .returning(User.id)
    )
    user = (
        await tx.scalars(
            select(User)
            .where(User.consortium_id == actor.consortium_id, User.email_key == wanted.email_key)
            .with_for_update()
        )
    ).one()
    if made is None:
        if user.status is not UserStatus.INVITED or user.organization_id != wanted.organization_id:
            raise AlreadyExists("email", what="user")
        user.role, user.name, user.email = wanted.role, wanted.name, wanted.email
        user.locale = wanted.locale
    return user


async def _mail_invitation(tx: WriteSession, user: User) -> None:
    await _require_few_invitations(tx, user)
    await _void_invitations(tx, user.id)
    invitation = Invitation(
        user_id=user.id,
        token_hash=b"",
        created_at=tx.now,
        expires_at=tx.now + timedelta(days=INVITATION_DAYS),
    )
    invitation.token_hash = tx.vault.token_hash(
        token_of(tx.vault, INVITATION_PURPOSE, invitation.id)
    )
    tx.add(invitation)
    await tx.flush()
    refs = {"invitation": str(invitation.id)}
    await emit(tx, Event(EventType.USER_INVITED, user.consortium_id, refs))


async def _require_few_invitations(tx: WriteSession, user: User) -> None:
    own, all_of_them = (
        await tx.execute(
            select(
                func.count().filter(Invitation.user_id == user.id),
                func.count(),
            )
            .select_from(Invitation)
            .join(User, User.id == Invitation.user_id)
            .where(
                User.consortium_id == user.consortium_id,
                Invitation.created_at > tx.now - timedelta(days=1),
            )
        )
    ).one()
    if (
        own >= INVITATIONS_PER_USER_AND_DAY_MAX
        or all_of_them >= INVITATIONS_PER_CONSORTIUM_AND_DAY_MAX
    ):
        raise TooManyInvitations


async def _void_invitations(tx: WriteSession, user_id: uuid.UUID) -> None:
    await tx.execute(
        update(Invitation)
        .where(
            Invitation.user_id == user_id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > tx.now,
        )
        .values(expires_at=tx.now)
        .execution_options(synchronize_session=False)
    )


async def disable_user(tx: WriteSession, actor: Actor, user_id: uuid.UUID) -> uuid.UUID:
    """Shut a person out: sessions end, invitations and the API tokens they made stop working.

    Those of the consortium may also withdraw the invitation of a member's first administrator.
    Raises `LastAdmin` and `InvalidTransition`.
    """
    user, admins = await _managed(tx, actor, user_id, _may_withdraw)
    require_step("user", USER, user.status, UserStatus.DISABLED)
    _require_another_admin(user, admins)
    user.status = UserStatus.DISABLED
    await tx.execute(delete(UserSession).where(UserSession.user_id == user.id))
    await _void_invitations(tx, user.id)
    audit(tx, actor, "user.disabled", "user", user.id)
    return user.id


async def enable_user(tx: WriteSession, actor: Actor, user_id: uuid.UUID) -> uuid.UUID:
    """Let a person in again: with the password they had, or to be invited anew."""
    user, _ = await _managed(tx, actor, user_id, _manages)
    to = UserStatus.ACTIVE if user.password_hash else UserStatus.INVITED
    require_step("user", USER, user.status, to)
    user.status = to
    audit(tx, actor, "user.enabled", "user", user.id)
    return user.id


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Who gets which role."""

    user_id: uuid.UUID
    role: Role


async def change_role(tx: WriteSession, actor: Actor, command: ChangeRole) -> uuid.UUID:
    """Give a person another role, from their next request on.

    Raises `RoleNotAllowed` and `LastAdmin`.
    """
    user, admins = await _managed(tx, actor, command.user_id, _manages)
    require_grantable(command.role, grantable_roles(actor.role))
    if command.role not in ADMIN_ROLES:
        _require_another_admin(user, admins)
    before, user.role = user.role, command.role
    audit(
        tx, actor, "user.role_changed", "user", user.id, before=before.value, after=user.role.value
    )
    return user.id


def _manages(actor: Actor, user: User) -> bool:
    return user.organization_id == actor.organization_id


def _may_withdraw(actor: Actor, user: User) -> bool:
    return _manages(actor, user) or (
        actor.acts_for_consortium and user.status is UserStatus.INVITED
    )


async def _managed(
    tx: WriteSession, actor: Actor, user_id: uuid.UUID, may: Callable[[Actor, User], bool]
) -> tuple[User, frozenset[uuid.UUID]]:
    """The user, and the active administrators beside whom they work; all of them locked.

    Administrators are locked first, in key order: of two who disable each other, one is refused.
    """
    require(actor, Permission.MANAGE_USERS)
    seen = await tx.scalar(select(User).where(visible_users(actor), User.id == user_id))
    if seen is None:
        raise NotFound("id", what="user")
    admins = await tx.scalars(
        select(User.id)
        .where(
            User.consortium_id == seen.consortium_id,
            User.organization_id == seen.organization_id,
            User.role.in_(ADMIN_ROLES),
            User.status == UserStatus.ACTIVE,
        )
        .order_by(User.id)
        .with_for_update()
    )
    found = frozenset(admins)
    user = (
        await tx.scalars(
            select(User)
            .where(User.id == user_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).one()
    if not may(actor, user):
        raise Forbidden("id", permission=Permission.MANAGE_USERS.name)
    return user, found


def _require_another_admin(user: User, admins: frozenset[uuid.UUID]) -> None:
    if admins == {user.id}:
        raise LastAdmin("id")


async def change_own_locale(tx: WriteSession, actor: Actor, locale: str) -> uuid.UUID:
    """The language in which a person is answered and written to."""
    user_id = require_person(actor)
    check_locale(locale)
    await tx.execute(update(User).where(User.id == user_id).values(locale=locale))
    audit(tx, actor, "user.locale_changed", "user", user_id, locale=locale)
    return user_id


@dataclass(frozen=True, slots=True)
class CreateUser:
    """A person for the command line: of the member with this corporate number, or of none."""

    consortium: str
    email: str
    name: str
    role: Role
    password: str
    corporate_number: str | None = None
    locale: str = "ja"


async def create_user(database: Database, command: CreateUser) -> uuid.UUID:
    """Add a person who can sign in at once. Only the operator of the installation does this.

    Raises `NotFound`, `AlreadyExists`, `InvalidInput`, `RoleNotAllowed`.
    """
    check_password("password", command.password, email=command.email, name=command.name)
    password_hash = await hash_password(command.password)
    async with database.transaction() as tx:
        return await add_user(tx, command, password_hash)


async def add_user(tx: WriteSession, command: CreateUser, password_hash: str) -> uuid.UUID:
    """As `create_user`, with a password that is hashed already."""
    email, name = _checked(command.email, command.name, command.locale)
    consortium_id = await tx.scalar(
        select(Consortium.id).where(Consortium.slug == command.consortium)
    )
    if consortium_id is None:
        raise NotFound("consortium", what="consortium")
    organization_id = await _organization_of(tx, consortium_id, command)
    giver = Role.ADMIN if organization_id else Role.CONSORTIUM_ADMIN
    require_grantable(command.role, grantable_roles(giver))
    made: uuid.UUID | None = await tx.scalar(
        insert_for(tx, User)
        .values(
            id=ordered_id(),
            consortium_id=consortium_id,
            organization_id=organization_id,
            role=command.role,
            name=name,
            email=email,
            email_key=normalise_email(email),
            password_hash=password_hash,
            locale=command.locale,
            status=UserStatus.ACTIVE,
            created_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["consortium_id", "email_key"])
        .returning(User.id)
    )
    if made is None:
        raise AlreadyExists("email", what="user")
    audit(tx, system(consortium_id), "user.created", "user", made, role=command.role.value)
    return made


async def _organization_of(
    tx: WriteSession, consortium_id: uuid.UUID, command: CreateUser
) -> uuid.UUID | None:
    if command.corporate_number is None:
        return None
    found = await tx.scalar(
        select(Organization.id).where(
            Organization.consortium_id == consortium_id,
            Organization.corporate_number == command.corporate_number,
        )
    )
    if found is None:
        raise NotFound("corporateNumber", what="member")
    return found
