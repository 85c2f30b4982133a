"""Passwords: Argon2id with OWASP's minimum parameters, hashed in threads of their own."""

from __future__ import annotations

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

MEMORY_KIB = 19_456
ITERATIONS = 2
PARALLELISM = 1
HASHING_THREADS = 2

_hasher = PasswordHasher(
    time_cost=ITERATIONS, memory_cost=MEMORY_KIB, parallelism=PARALLELISM, hash_len=32, salt_len=16
)
_threads = ThreadPoolExecutor(HASHING_THREADS, thread_name_prefix="password")

DECOY = f"$argon2id$v=19$m={MEMORY_KIB},t={ITERATIONS},p={PARALLELISM}${'A' * 22}${'A' * 43}"
"""A hash that costs what every other costs and that no password is known for."""


async def hash_password(password: str) -> str:
    """What is stored of a password. Hold no transaction meanwhile."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _hash, _composed(password))


async def password_matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one that was hashed. Hold no transaction meanwhile.

    Without a hash the answer is no, after the same work.
    """
    loop = asyncio.get_running_loop()
    matches = await loop.run_in_executor(
        _threads, _verify, password_hash or DECOY, _composed(password)
    )
    return matches and password_hash is not None


def _composed(password: str) -> str:
    # The same keys give the same password, whether a keyboard writes full-width forms or not.
    return unicodedata.normalize("NFKC", password)


def _hash(password: str) -> str:
    return _hasher.hash(password)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerificationError:
        return False
