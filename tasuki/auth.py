"""From a connection to an actor: an API token in a header, or a session in a cookie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import HTTPConnection

from models.access import Actor
from models.errors import TokenNotValid, Unauthenticated
from models.operations.sign_in import renew_session
from models.reads.sign_ins import authenticate_session, authenticate_token
from models.rules.users import SESSION_DAYS_MAX
from models.session import Database

COOKIE = "__Host-tasuki"
"""Browsers take this name only from a secure origin, for that origin alone and all its paths."""

COOKIE_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"
COOKIE_AGE_MAX_S = SESSION_DAYS_MAX * 24 * 60 * 60
AUTHORIZATION_CHARS_MAX = 200


def set_session_cookie(token: str) -> str:
    """The Set-Cookie header of a browser that has signed in. The session may end before it."""
    return f"{COOKIE}={token}; Max-Age={COOKIE_AGE_MAX_S}; {COOKIE_ATTRIBUTES}"


def clear_session_cookie() -> str:
    """The Set-Cookie header of a browser that has signed out."""
    return f"{COOKIE}=; Max-Age=0; {COOKIE_ATTRIBUTES}"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who asks, None where nobody has signed in; and the session, where a browser asks."""

    actor: Actor | None = None
    session_token: str | None = None


@dataclass(frozen=True, slots=True)
class Signing:
    """Knows who asks."""

    database: Database

    async def actor_of(
        self, connection: HTTPConnection, params: Mapping[str, Any] | None = None
    ) -> Signed:
        """Who asks, by ``Authorization: Bearer TOKEN`` first and by the cookie second.

        ``params`` are a WebSocket's connection_init, where a browser can say ``authorization``.
        Raises `Unauthenticated` for an Authorization that does not hold: whoever sends one
        means to be someone. A cookie that has ended is nobody, or nobody could sign in again.
        """
        authorization = _authorization(connection, params)
        if authorization is not None:
            actor = await self._by_token(authorization)
            return Signed(replace(actor, locale=_asked_language(connection) or actor.locale))
        token = connection.cookies.get(COOKIE)
        if not token:
            return Signed()
        async with self.database.read() as read:
            session = await authenticate_session(read, token)
        if session is None:
            return Signed()
        if session.renewal_due:
            async with self.database.transaction() as tx:
                await renew_session(tx, token)
        return Signed(session.actor, token)

    async def still_signed_in(
        self, connection: HTTPConnection, params: Mapping[str, Any] | None = None
    ) -> Actor | None:
        """Who asks now, for a stream that may outlive its sign-in."""
        try:
            return (await self.actor_of(connection, params)).actor
        except Unauthenticated:
            return None

    async def _by_token(self, authorization: str) -> Actor:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or len(authorization) > AUTHORIZATION_CHARS_MAX:
            raise TokenNotValid
        async with self.database.read() as read:
            actor = await authenticate_token(read, token.strip())
        if actor is None:
            raise TokenNotValid
        return actor


def _authorization(connection: HTTPConnection, params: Mapping[str, Any] | None) -> str | None:
    sent = connection.headers.getlist("authorization")
    for name, value in (params or {}).items():
        if name.lower() == "authorization" and value is not None:
            sent.append(value if isinstance(value, str) else "")
    if len(sent) > 1:
        raise Unauthenticated
    return sent[0] if sent else None


def _asked_language(connection: HTTPConnection) -> str | None:
    """What a program asks for; one that asks for neither gets the language of who made it."""
    asked = connection.headers.get("accept-language", "").strip().lower()[:2]
    return asked if asked in ("ja", "en") else None
