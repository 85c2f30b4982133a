"""Who stands behind a cookie or a token."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select

from models.access import Actor, ActorKind
from models.rules.lifecycles import MembershipStatus, OrganizationKind
from models.rules.users import grantable_roles, is_renewal_due
from models.session import ReadSession
from models.tables.consortium import Membership, Organization
from models.tables.users import ApiToken, User, UserSession, UserStatus
from models.tokens import is_well_formed

SESSION_TOKEN_CHARS_MAX = 64


def acting_users() -> Select[User, OrganizationKind]:
    """The users who may act, each with the kind of their organization.

    They have not been disabled, and their organization, if they have one, is a member now: those
    of one that is only invited, or that has left, do not act.
    """
    return (
        select(User, Organization.kind)
        .outerjoin(Organization, Organization.id == User.organization_id)
        .outerjoin(Membership, Membership.organization_id == User.organization_id)
        .where(
            User.status == UserStatus.ACTIVE,
            or_(User.organization_id.is_(None), Membership.status == MembershipStatus.ACTIVE),
        )
    )


def actor_of(user: User, kind: OrganizationKind | None) -> Actor:
    """The user as an actor."""
    return Actor(
        kind=ActorKind.USER,
        consortium_id=user.consortium_id,
        id=user.id,
        role=user.role,
        organization_id=user.organization_id,
        organization_kind=kind,
        locale=user.locale,
    )


@dataclass(frozen=True, slots=True)
class Session:
    """A session that lasts, and whether its end should be moved (`renew_session`)."""

    actor: Actor
    renewal_due: bool


async def authenticate_session(read: ReadSession, token: str) -> Session | None:
    """The session of a cookie, None where it has ended or its user may not act."""
    if not 0 < len(token) <= SESSION_TOKEN_CHARS_MAX:
        return None
    row = (
        await read.execute(
            acting_users()
            .add_columns(UserSession.created_at, UserSession.expires_at)
            .join(UserSession, UserSession.user_id == User.id)
            .where(
                UserSession.token_hash == read.vault.token_hash(token),
                UserSession.expires_at > read.now,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    user, kind, created_at, expires_at = row
    return Session(actor_of(user, kind), is_renewal_due(created_at, expires_at, read.now))


async def authenticate_token(read: ReadSession, token: str) -> Actor | None:
    """The actor of an API token, None where it is mistyped, unknown, revoked or expired.

    A token stops when its organization is no member now, and when whoever made it is disabled or
    could no longer give its role; one that nobody made, but the command line, stands by itself.
    """
    if not is_well_formed(token):
        return None
    return await _acting_token(read, ApiToken.token_hash == read.vault.token_hash(token))


async def actor_again(
    read: ReadSession, kind: ActorKind, actor_id: uuid.UUID, consortium_id: uuid.UUID
) -> Actor | None:
    """A user or a program that acted before, as it may act now; None where it may not any more."""
    if kind is ActorKind.TOKEN:
        return await _acting_token(
            read, and_(ApiToken.id == actor_id, ApiToken.consortium_id == consortium_id)
        )
    row = (
        await read.execute(
            acting_users().where(User.id == actor_id, User.consortium_id == consortium_id)
        )
    ).one_or_none()
    return None if row is None else actor_of(row[0], row[1])


async def _acting_token(read: ReadSession, which: ColumnElement[bool]) -> Actor | None:
    row = (
        await read.execute(
            select(ApiToken, Organization.kind, User.status, User.role, User.locale)
            .outerjoin(Organization, Organization.id == ApiToken.organization_id)
            .outerjoin(Membership, Membership.organization_id == ApiToken.organization_id)
            .outerjoin(User, User.id == ApiToken.created_by)
            .where(
                which,
                ApiToken.revoked_at.is_(None),
                or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > read.now),
                or_(
                    ApiToken.organization_id.is_(None),
                    Membership.status == MembershipStatus.ACTIVE,
                ),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    found, kind, status, role, locale = row
    if found.created_by is not None and (
        status is not UserStatus.ACTIVE or found.role not in grantable_roles(role)
    ):
        return None
    return Actor(
        kind=ActorKind.TOKEN,
        consortium_id=found.consortium_id,
        id=found.id,
        role=found.role,
        organization_id=found.organization_id,
        organization_kind=kind,
        locale=locale or "ja",
    )
