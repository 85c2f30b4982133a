"""The way back for who has forgotten the password: a mailed link, used once, within an hour."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from models.access import system
from models.audit import audit
from models.base import random_id
from models.operations.sign_in import (
    ACROSS_CONSORTIA,
    SignedIn,
    count_attempt,
    open_session,
    sign_in_hash,
)
from models.outbox import Event, EventType, emit
from models.passwords import hash_password
from models.reads.sign_ins import acting_users, actor_of
from models.rules.addresses import EMAIL_MAX_CHARS, normalise_email
from models.rules.bounds import require_line
from models.rules.users import (
    PASSWORD_RESET_MINUTES,
    PASSWORD_RESET_WINDOW_MINUTES,
    PASSWORD_RESETS_PER_WINDOW_MAX,
    PasswordResetInvalid,
    check_password,
)
from models.session import Database, ReadSession, WriteSession
from models.tables.consortium import Consortium
from models.tables.users import PasswordReset, SignInFailure, User, UserSession
from models.tokens import token_of
from models.upsert import plain_insert

RESET_PURPOSE = "password-reset"
RESET_TOKEN_CHARS_MAX = 64
USERS_PER_ADDRESS_MAX = 20


async def request_password_reset(tx: WriteSession, email: str) -> None:
    """Mail a link to whoever may sign in with the address, in each consortium they belong to.

    Known and unknown addresses are answered alike, after the same statements: for an unknown one
    a row of nobody is written, and the worker finds nothing to mail. Earlier links go on working,
    so that nobody can take a link away from someone by asking again.
    Raises `TooManyAttempts` for both.
    """
    require_line("email", email, EMAIL_MAX_CHARS)
    email_key = normalise_email(email)
    await count_attempt(
        tx,
        tx.vault.blind(RESET_PURPOSE, ACROSS_CONSORTIA, email_key),
        attempts_max=PASSWORD_RESETS_PER_WINDOW_MAX,
        window_minutes=PASSWORD_RESET_WINDOW_MINUTES,
    )
    asked = [(random_id(), *one) for one in await _users_of(tx, email_key)]
    if not asked:  # there is no consortium yet, and nobody to hide
        return
    rows = [
        {
            "id": reset_id,
            "user_id": user_id,
            "token_hash": tx.vault.token_hash(token_of(tx.vault, RESET_PURPOSE, reset_id)),
            "expires_at": tx.now + timedelta(minutes=PASSWORD_RESET_MINUTES),
        }
        for reset_id, _, user_id in asked
    ]
    await tx.execute(plain_insert(PasswordReset), rows)
    kind = EventType.PASSWORD_RESET_REQUESTED
    await emit(
        tx,
        *(
            Event(kind, consortium_id, _refs(reset_id, user_id))
            for reset_id, consortium_id, user_id in asked
        ),
    )


def _refs(reset_id: uuid.UUID, user_id: uuid.UUID | None) -> dict[str, str]:
    refs = {"password_reset": reset_id.hex}
    return {**refs, "user": user_id.hex} if user_id else refs


async def _users_of(tx: WriteSession, email_key: str) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    """Each user with the address and their consortium; or nobody, and any consortium."""
    known = (
        acting_users()
        .with_only_columns(User.id, User.consortium_id, maintain_column_froms=True)
        .where(User.email_key == email_key)
        .subquery()
    )
    found = await tx.execute(
        select(Consortium.id, known.c.id)
        .outerjoin(known, known.c.consortium_id == Consortium.id)
        .order_by(known.c.id.is_(None), Consortium.id)
        .limit(USERS_PER_ADDRESS_MAX)
    )
    pairs = [(consortium_id, user_id) for consortium_id, user_id in found]
    return [pair for pair in pairs if pair[1] is not None] or pairs[:1]


def record_reset_mailed(tx: WriteSession, consortium_id: uuid.UUID, user_id: uuid.UUID) -> None:
    """Put on record that a user was mailed a link."""
    audit(tx, system(consortium_id), "user.password_reset_mailed", "user", user_id)


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """The token of a mailed link, and the new password."""

    token: str
    password: str


async def reset_password(database: Database, command: ResetPassword) -> SignedIn:
    """Give a person a new password and sign them in. All their other sessions and links end.

    Raises `PasswordResetInvalid`, and `InvalidInput` for a password that is not good enough.
    """
    async with database.read() as read:
        user = await _user_of_link(read, command.token)
    check_password("password", command.password, email=user.email, name=user.name)
    password_hash = await hash_password(command.password)
    async with database.transaction() as tx:
        return await _reset(tx, command.token, user.id, password_hash)


async def _user_of_link(read: ReadSession, token: str) -> User:
    if not 0 < len(token) <= RESET_TOKEN_CHARS_MAX:
        raise PasswordResetInvalid("token")
    user: User | None = await read.scalar(
        acting_users()
        .join(PasswordReset, PasswordReset.user_id == User.id)
        .where(
            PasswordReset.token_hash == read.vault.token_hash(token),
            PasswordReset.expires_at > read.now,
        )
    )
    if user is None:
        raise PasswordResetInvalid("token")
    return user


async def _reset(tx: WriteSession, token: str, user_id: uuid.UUID, password_hash: str) -> SignedIn:
    row = (
        await tx.execute(acting_users().where(User.id == user_id).with_for_update(of=User))
    ).one_or_none()
    open_links = await tx.execute(
        delete(PasswordReset)
        .where(PasswordReset.user_id == user_id)
        .returning(PasswordReset.token_hash, PasswordReset.expires_at)
        .execution_options(synchronize_session=False)
    )
    is_open = any(
        link.token_hash == tx.vault.token_hash(token) and link.expires_at > tx.now
        for link in open_links
    )
    if row is None or not is_open:  # used, or shut out, while we hashed
        raise PasswordResetInvalid("token")
    user, kind = row
    actor = actor_of(user, kind)
    user.password_hash = password_hash
    await tx.execute(delete(UserSession).where(UserSession.user_id == user_id))
    await tx.execute(
        delete(SignInFailure).where(SignInFailure.address_hash == sign_in_hash(tx, user.email_key))
    )
    audit(tx, actor, "user.password_reset", "user", user_id)
    return await open_session(tx, user, actor)
