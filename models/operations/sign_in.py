"""Signing in and out. A password is hashed between two transactions, never inside one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, select, update

from models.access import Actor, ActorKind, Role
from models.audit import audit
from models.errors import InvalidInput
from models.passwords import hash_password, password_matches
from models.reads.sign_ins import acting_users, actor_of
from models.rules.addresses import EMAIL_MAX_CHARS, normalise_email
from models.rules.bounds import require_line
from models.rules.lifecycles import MembershipStatus
from models.rules.users import (
    PASSWORD_CHARS_MAX,
    SIGN_IN_ATTEMPTS_MAX,
    SIGN_IN_WINDOW_MINUTES,
    InvitationInvalid,
    PersonNeeded,
    SignInRefused,
    TooManyAttempts,
    check_password,
    session_expiry,
)
from models.session import Database, ReadSession, WriteSession
from models.tables.consortium import Consortium, Membership
from models.tables.users import (
    Invitation,
    PasswordReset,
    SignInFailure,
    User,
    UserSession,
    UserStatus,
)
from models.tokens import new_session_token
from models.upsert import insert_for

INVITATION_TOKEN_CHARS_MAX = 64
SLUG_CHARS_MAX = 100
ACROSS_CONSORTIA = uuid.UUID(int=0)
"""The scope of a keyed hash that is the same in every consortium."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """An address and a password; the consortium's slug where the address is known to several."""

    email: str
    password: str
    consortium: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in, and the secret of the cookie that says so. It is told only here."""

    actor: Actor
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The one user whose password is checked, or nobody; and whose attempts it counts among."""

    address_hash: bytes
    user_id: uuid.UUID | None = None
    password_hash: str | None = None


async def sign_in(database: Database, command: SignIn) -> SignedIn:
    """Sign a person in.

    Known and unknown addresses, people without a password and people who may not act are
    answered alike, after the same work: one check of one hash. The attempt is counted before the
    check, so that attempts at the same time are not more than those one after another.
    Raises `SignInRefused`, and `TooManyAttempts` without any check.
    """
    require_line("email", command.email, EMAIL_MAX_CHARS)
    _check_length("password", command.password)
    if command.consortium is not None:
        require_line("consortium", command.consortium, SLUG_CHARS_MAX)
    async with database.transaction() as tx:
        attempt = await _begin(tx, command)
    if not await password_matches(command.password, attempt.password_hash):
        raise SignInRefused
    async with database.transaction() as tx:
        return await _finish(tx, attempt)


def _check_length(path: str, password: str) -> None:
    if len(password) > PASSWORD_CHARS_MAX:
        raise InvalidInput(
            path,
            ja=f"パスワードは{PASSWORD_CHARS_MAX}文字までです。",
            en=f"A password has at most {PASSWORD_CHARS_MAX} characters.",
        )


async def _begin(tx: WriteSession, command: SignIn) -> _Attempt:
    email_key = normalise_email(command.email)
    address_hash = sign_in_hash(tx, email_key)
    await _count_sign_in(tx, address_hash)
    chosen = (
        acting_users()
        .with_only_columns(User.id, User.password_hash, maintain_column_froms=True)
        .join(Consortium, Consortium.id == User.consortium_id)
        .where(User.email_key == email_key)
        .order_by(User.signed_in_at.desc().nulls_last(), User.id)
        .limit(1)
    )
    if command.consortium is not None:
        chosen = chosen.where(Consortium.slug == command.consortium)
    row = (await tx.execute(chosen)).one_or_none()
    return _Attempt(address_hash, row.id, row.password_hash) if row else _Attempt(address_hash)


def sign_in_hash(session: ReadSession, email_key: str) -> bytes:
    """What the attempts to sign in with an address are counted under."""
    return session.vault.blind("sign-in", ACROSS_CONSORTIA, email_key)


async def _count_sign_in(tx: WriteSession, address_hash: bytes) -> None:
    await count_attempt(
        tx, address_hash, attempts_max=SIGN_IN_ATTEMPTS_MAX, window_minutes=SIGN_IN_WINDOW_MINUTES
    )


async def count_attempt(
    tx: WriteSession, address_hash: bytes, *, attempts_max: int, window_minutes: int
) -> None:
    """One more attempt; a new window where the last one is over. Raises `TooManyAttempts`."""
    is_over = SignInFailure.first_at <= tx.now - timedelta(minutes=window_minutes)
    attempts = await tx.scalar(
        insert_for(tx, SignInFailure)
        .values(address_hash=address_hash, attempts=1, first_at=tx.now)
        .on_conflict_do_update(
            index_elements=["address_hash"],
            set_={
                "attempts": case((is_over, 1), else_=SignInFailure.attempts + 1),
                "first_at": case((is_over, tx.now), else_=SignInFailure.first_at),
            },
        )
        .returning(SignInFailure.attempts)
    )
    if attempts is None or attempts > attempts_max:
        raise TooManyAttempts(minutes=window_minutes)


async def _finish(tx: WriteSession, attempt: _Attempt) -> SignedIn:
    row = (
        await tx.execute(
            acting_users()
            .where(User.id == attempt.user_id, User.password_hash == attempt.password_hash)
            .with_for_update(of=User)
        )
    ).one_or_none()
    if row is None:  # disabled, or given another password, while we checked
        raise SignInRefused
    user, kind = row
    await tx.execute(
        delete(SignInFailure).where(SignInFailure.address_hash == attempt.address_hash)
    )
    return await open_session(tx, user, actor_of(user, kind))


async def open_session(tx: WriteSession, user: User, actor: Actor) -> SignedIn:
    """A new session of a user who has shown who they are. Those that have ended go."""
    await tx.execute(
        delete(UserSession).where(UserSession.user_id == user.id, UserSession.expires_at <= tx.now)
    )
    token = new_session_token()
    expires_at = session_expiry(tx.now, tx.now)
    tx.add(
        UserSession(
            token_hash=tx.vault.token_hash(token),
            user_id=user.id,
            created_at=tx.now,
            expires_at=expires_at,
        )
    )
    user.signed_in_at = tx.now
    audit(tx, actor, "user.signed_in", "user", user.id)
    return SignedIn(actor, token, expires_at)


async def renew_session(tx: WriteSession, token: str) -> None:
    """Move the end of a session that is in use. One that has ended stays ended."""
    session = await tx.scalar(
        select(UserSession)
        .where(
            UserSession.token_hash == tx.vault.token_hash(token), UserSession.expires_at > tx.now
        )
        .with_for_update()
    )
    if session is not None:
        session.expires_at = session_expiry(session.created_at, tx.now)


async def sign_out(tx: WriteSession, actor: Actor, token: str) -> None:
    """End one session of the actor's own."""
    user_id = require_person(actor)
    await tx.execute(
        delete(UserSession).where(
            UserSession.token_hash == tx.vault.token_hash(token), UserSession.user_id == user_id
        )
    )
    audit(tx, actor, "user.signed_out", "user", user_id)


def require_person(actor: Actor) -> uuid.UUID:
    """The user's id. Raises `PersonNeeded` where no person has signed in."""
    if actor.kind is not ActorKind.USER or actor.id is None:
        raise PersonNeeded
    return actor.id


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    """The token of a mailed invitation, and the password that the invited person chose."""

    token: str
    password: str


async def accept_invitation(database: Database, command: AcceptInvitation) -> SignedIn:
    """Give an invited person their password and sign them in.

    The first administrator of an organization that was invited itself accepts for it: it joins.
    Raises `InvitationInvalid`, and `InvalidInput` for a password that is not good enough.
    """
    async with database.read() as read:
        user = await _invited_user(read, command.token)
    check_password("password", command.password, email=user.email, name=user.name)
    password_hash = await hash_password(command.password)
    async with database.transaction() as tx:
        return await _accept(tx, command.token, user.id, password_hash)


def _open_invitations(session: ReadSession, token: str) -> list[ColumnElement[bool]]:
    return [
        Invitation.token_hash == session.vault.token_hash(token),
        Invitation.used_at.is_(None),
        Invitation.expires_at > session.now,
    ]


async def _invited_user(read: ReadSession, token: str) -> User:
    if not 0 < len(token) <= INVITATION_TOKEN_CHARS_MAX:
        raise InvitationInvalid("token")
    user = await read.scalar(
        select(User)
        .join(Invitation, Invitation.user_id == User.id)
        .where(*_open_invitations(read, token), User.status == UserStatus.INVITED)
    )
    if user is None:
        raise InvitationInvalid("token")
    return user


async def _accept(tx: WriteSession, token: str, user_id: uuid.UUID, password_hash: str) -> SignedIn:
    user = await tx.scalar(select(User).where(User.id == user_id).with_for_update())
    used = await tx.scalar(
        update(Invitation)
        .where(*_open_invitations(tx, token), Invitation.user_id == user_id)
        .values(used_at=tx.now)
        .returning(Invitation.id)
    )
    if user is None or used is None or user.status is not UserStatus.INVITED:
        raise InvitationInvalid("token")
    user.status, user.password_hash = UserStatus.ACTIVE, password_hash
    joined = await _join(tx, user)
    await tx.flush()
    row = (await tx.execute(acting_users().where(User.id == user_id))).one_or_none()
    if row is None:  # the organization has left meanwhile
        raise InvitationInvalid("token")
    actor = actor_of(row[0], row[1])
    audit(tx, actor, "user.accepted", "user", user_id)
    if joined:
        audit(tx, actor, "member.joined", "organization", joined)
    return await open_session(tx, user, actor)


async def _join(tx: WriteSession, user: User) -> uuid.UUID | None:
    """The organization that joins by this acceptance."""
    if user.role is not Role.ADMIN:
        return None
    joined: uuid.UUID | None = await tx.scalar(
        update(Membership)
        .where(
            Membership.organization_id == user.organization_id,
            Membership.status == MembershipStatus.INVITED,
        )
        .values(status=MembershipStatus.ACTIVE, joined_at=tx.now)
        .returning(Membership.organization_id)
    )
    return joined


@dataclass(frozen=True, slots=True)
class ChangeOwnPassword:
    """The password so far and the new one; the session that stays, where there is one."""

    current: str
    new: str
    session_token: str | None = None


async def change_own_password(database: Database, actor: Actor, command: ChangeOwnPassword) -> None:
    """Take a new password into use. All other sessions of the person end, and links to reset it.

    Raises `SignInRefused` for a wrong current password, `TooManyAttempts`, `InvalidInput`.
    """
    user_id = require_person(actor)
    _check_length("currentPassword", command.current)
    async with database.transaction() as tx:
        user = (await tx.scalars(select(User).where(User.id == user_id))).one()
        check_password("newPassword", command.new, email=user.email, name=user.name)
        attempt = _Attempt(sign_in_hash(tx, user.email_key), user_id, user.password_hash)
        await _count_sign_in(tx, attempt.address_hash)
    if not await password_matches(command.current, attempt.password_hash):
        raise SignInRefused("currentPassword")
    password_hash = await hash_password(command.new)
    async with database.transaction() as tx:
        await _replace_password(tx, actor, attempt, password_hash, command.session_token)


async def _replace_password(
    tx: WriteSession,
    actor: Actor,
    attempt: _Attempt,
    password_hash: str,
    session_token: str | None,
) -> None:
    assert attempt.user_id is not None
    changed = await tx.scalar(
        update(User)
        .where(
            User.id == attempt.user_id,
            User.password_hash == attempt.password_hash,
            User.status == UserStatus.ACTIVE,
        )
        .values(password_hash=password_hash)
        .returning(User.id)
    )
    if changed is None:
        raise SignInRefused("currentPassword")
    others = delete(UserSession).where(UserSession.user_id == attempt.user_id)
    if session_token is not None:
        others = others.where(UserSession.token_hash != tx.vault.token_hash(session_token))
    await tx.execute(others)
    await tx.execute(delete(PasswordReset).where(PasswordReset.user_id == attempt.user_id))
    await tx.execute(
        delete(SignInFailure).where(SignInFailure.address_hash == attempt.address_hash)
    )
    audit(tx, actor, "user.password_changed", "user", attempt.user_id)
