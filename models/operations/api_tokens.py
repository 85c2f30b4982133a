"""API tokens: programs that act with a role of one organization, or of the consortium."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from models.access import Actor, Permission, Role, require
from models.audit import audit
from models.errors import DomainError, Forbidden, InvalidInput, NotFound
from models.operations.sign_in import require_person
from models.rules.bounds import require_line
from models.rules.users import grantable_roles, require_grantable
from models.session import WriteSession
from models.tables.users import ApiToken
from models.tokens import new_api_token
from models.visibility import visible_api_tokens
from models.vocabulary.text import Text

TOKEN_NAME_CHARS_MAX = 100
TOKEN_PREFIX_CHARS = 12
TOKENS_MAX = 50


class TooManyTokens(DomainError):
    """An organization has as many API tokens as it can have."""

    code = "TOO_MANY_TOKENS"
    text = Text(
        ja="有効なAPIトークンは{limit}個までです。使わないものを無効にしてください。",
        en="At most {limit} API tokens can be in use. Revoke one that is not needed.",
    )


@dataclass(frozen=True, slots=True)
class CreateApiToken:
    """What the token is for, what it may do, and until when; without a date it lasts."""

    name: str
    role: Role
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CreatedApiToken:
    """The token's row, and its secret: told once, here, and stored nowhere."""

    id: uuid.UUID
    secret: str


async def create_api_token(
    tx: WriteSession, actor: Actor, command: CreateApiToken
) -> CreatedApiToken:
    """Make a token for the actor's own organization, with a role that the actor could give.

    Only a person makes one: a token that leaked cannot outlive its revocation through another.
    Raises `PersonNeeded`, `RoleNotAllowed`, `TooManyTokens`, `InvalidInput`.
    """
    require(actor, Permission.MANAGE_TOKENS)
    user_id = require_person(actor)
    name = require_line("name", command.name, TOKEN_NAME_CHARS_MAX)
    require_grantable(command.role, grantable_roles(actor.role))
    if command.expires_at is not None and command.expires_at <= tx.now:
        raise InvalidInput(
            "expiresAt",
            ja="有効期限には将来の日時を指定してください。",
            en="Let the token expire in the future.",
        )
    await _require_few(tx, actor)
    secret = new_api_token()
    token = ApiToken(
        consortium_id=actor.consortium_id,
        organization_id=actor.organization_id,
        role=command.role,
        name=name,
        prefix=secret[:TOKEN_PREFIX_CHARS],
        token_hash=tx.vault.token_hash(secret),
        created_by=user_id,
        created_at=tx.now,
        expires_at=command.expires_at,
    )
    tx.add(token)
    await tx.flush()
    audit(tx, actor, "api_token.created", "api_token", token.id, role=token.role.value)
    return CreatedApiToken(token.id, secret)


async def _require_few(tx: WriteSession, actor: Actor) -> None:
    in_use = await tx.scalar(
        select(func.count())
        .select_from(ApiToken)
        .where(
            ApiToken.consortium_id == actor.consortium_id,
            ApiToken.organization_id == actor.organization_id,
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > tx.now),
        )
    )
    if (in_use or 0) >= TOKENS_MAX:
        raise TooManyTokens(limit=TOKENS_MAX)


async def revoke_api_token(tx: WriteSession, actor: Actor, token_id: uuid.UUID) -> uuid.UUID:
    """Stop a token of the actor's own organization for good. Revoking it again changes nothing."""
    require(actor, Permission.MANAGE_TOKENS)
    token = await tx.scalar(
        select(ApiToken).where(visible_api_tokens(actor), ApiToken.id == token_id).with_for_update()
    )
    if token is None:
        raise NotFound("id", what="API token")
    if token.organization_id != actor.organization_id:
        raise Forbidden("id", permission=Permission.MANAGE_TOKENS.name)
    if token.revoked_at is None:
        token.revoked_at = tx.now
        audit(tx, actor, "api_token.revoked", "api_token", token.id)
    return token.id
