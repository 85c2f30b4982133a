"""Secrets that travel in links. They are computed from the row they open, and never stored."""

from __future__ import annotations

import base64
import secrets
import uuid
import zlib

from models.vault import Vault

API_TOKEN_PREFIX = "tsk_"
SESSION_BYTES = 32


def token_of(vault: Vault, purpose: str, row_id: uuid.UUID) -> str:
    """The token of one row for one purpose: 22 letters, the same whenever it is asked for."""
    return base64.urlsafe_b64encode(vault.derived_token(purpose, row_id)).rstrip(b"=").decode()


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
