"""Secrets that travel in links. They are computed from what they open, and never stored."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import uuid
import zlib

from models.vault import Vault

API_TOKEN_PREFIX = "tsk_"
SESSION_BYTES = 32


def token_of(vault: Vault, purpose: str, row_id: uuid.UUID) -> str:
    """The token of one row for one purpose: 22 letters, the same whenever it is asked for."""
    return _urlsafe(vault.derived_token(purpose, row_id))


def new_session_token() -> str:
    """A cookie's secret."""
    return secrets.token_urlsafe(SESSION_BYTES)


def new_api_token() -> str:
    """A prefix that scanners recognise, 32 random letters, and a checksum of six."""
    body = API_TOKEN_PREFIX + secrets.token_hex(16)
    return body + _checksum(body)


def is_well_formed(token: str) -> bool:
    """Whether an API token's checksum holds, so that a typing error never asks the database."""
    body, checksum = token[:-6], token[-6:]
    return token.startswith(API_TOKEN_PREFIX) and len(token) == 42 and _checksum(body) == checksum


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"[:6]


def signed_token(vault: Vault, purpose: str, scope: uuid.UUID, content: str) -> str:
    """A token that carries its content, readable by whoever has it, and changed by nobody."""
    signature = vault.blind(purpose, scope, content)
    return _urlsafe(scope.bytes + signature + content.encode())


def content_of_signed(vault: Vault, purpose: str, token: str) -> tuple[uuid.UUID, str] | None:
    """The scope and content of a `signed_token`; None for what this installation did not sign."""
    try:
        carried = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
        scope, content = uuid.UUID(bytes=carried[:16]), carried[48:].decode()
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(carried[16:48], vault.blind(purpose, scope, content)):
        return None
    return (scope, content) if _urlsafe(carried) == token else None


def _urlsafe(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
