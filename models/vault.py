"""Sealing what identifies a person, and comparing it without reading it.

Every person has a key of their own. It lives, wrapped by the installation's key, in a store apart
from the data; destroying it erases the person everywhere at once, backups of the data included.
Keys are written to their store in small batches before anything is sealed under them, so a
registration waits for no second disk; a key no row refers to is an orphan and is swept.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import uuid
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, DateTime, LargeBinary, MetaData, Table, Uuid, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.schema import CreateSchema

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_BATCH = 64
SECRET_KEY_BYTES_MIN = 32
KEYS_PER_SELECT = 500
KEYS_SCHEMA = "tasuki_keys"
SPARE_KEYS_FRESH = timedelta(hours=1)
ORPHANED_AFTER = timedelta(days=1)
"""A key no row refers to by then never will be: keys are used or dropped long before."""

_keys_metadata = MetaData()
KEY_TABLE = Table(
    "person_key",
    _keys_metadata,
    Column("id", Uuid, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
TOMBSTONE_TABLE = Table(
    "tombstone",
    _keys_metadata,
    Column("key_id", Uuid, primary_key=True),
    Column("candidate_id", Uuid, nullable=False),
    Column("erased_at", DateTime(timezone=True), nullable=False),
)
"""Who was erased, as ids. It lies beside the keys, so that no backup of the data undoes it."""


class KeyDestroyed(LookupError):
    """The person's key is gone, and with it all that was sealed under it."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One key of an erased person, which must never be there again."""

    key_id: uuid.UUID
    candidate_id: uuid.UUID
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class PersonKey:
    """One person's key, unwrapped, for as long as one operation needs it."""

    id: uuid.UUID
    secret: bytes

    def seal(self, document: Mapping[str, Any]) -> bytes:
        """Encrypt a small document under this key."""
        return _encrypt(self.secret, orjson.dumps(document), self.id.bytes)

    def unseal(self, sealed: bytes) -> dict[str, Any]:
        """Read it again. Raises ``InvalidTag`` where a byte was changed."""
        document: dict[str, Any] = orjson.loads(_decrypt(self.secret, sealed, self.id.bytes))
        return document


class Vault:
    """The installation's secrets: person keys, keyed hashes, tokens, the audit chain's key."""

    def __init__(self, secret_key: bytes, keys_url: str, *, durable: bool = True) -> None:
        if len(secret_key) < SECRET_KEY_BYTES_MIN:
            raise ValueError(f"the secret key needs at least {SECRET_KEY_BYTES_MIN} bytes")
        self._wrapping = _derive(secret_key, "wrap person keys")
        self._blinding = _derive(secret_key, "keyed hashes")
        self._system = _derive(secret_key, "seal for the installation")
        self._auditing = _derive(secret_key, "audit chain")
        self._listing = _derive(secret_key, "listings in the pool")
        self._engine = _keys_engine(keys_url, durable=durable)
        self._spare: deque[PersonKey] = deque()
        self._spare_since = datetime.min.replace(tzinfo=UTC)

    async def prepare(self) -> None:
        """Create the key store where it is missing."""
        async with self._engine.begin() as connection:
            if self._engine.dialect.name == "postgresql":
                await connection.execute(CreateSchema(KEYS_SCHEMA, if_not_exists=True))
            await connection.run_sync(_keys_metadata.create_all)

    async def close(self) -> None:
        """Close the key store."""
        await self._engine.dispose()

    def __getstate__(self) -> dict[str, Any]:
        """For another process of ours: the secrets go along, the store and spare keys do not."""
        kept = {"_engine", "_spare"}
        return {name: value for name, value in vars(self).items() if name not in kept}

    @property
    def store(self) -> AsyncEngine:
        """The key store itself, for what is written in bulk."""
        return self._engine

    # Person keys

    async def new_key(self) -> PersonKey:
        """A fresh key that is already safely stored."""
        # Old spares are dropped: the sweep of orphans takes them for what they look like.
        if not timedelta(0) <= datetime.now(UTC) - self._spare_since < SPARE_KEYS_FRESH:
            self._spare.clear()
        while not self._spare:
            since = datetime.now(UTC)
            self._spare.extend(await self.store_new_keys(KEY_BATCH))
            self._spare_since = since
        return self._spare.popleft()

    async def store_new_keys(self, count: int) -> list[PersonKey]:
        """Make ``count`` keys and commit them to the key store."""
        keys = [PersonKey(uuid.uuid4(), AESGCM.generate_key(KEY_BYTES * 8)) for _ in range(count)]
        now = datetime.now(UTC)
        rows = [{"id": k.id, "wrapped": self.wrap(k), "created_at": now} for k in keys]
        async with self._engine.begin() as connection:
            await connection.execute(insert(KEY_TABLE), rows)
        return keys

    async def keys(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, PersonKey]:
        """The keys that still exist, by id."""
        wanted = list(dict.fromkeys(ids))
        found: dict[uuid.UUID, PersonKey] = {}
        if not wanted:
            return found
        async with self._engine.connect() as connection:
            for start in range(0, len(wanted), KEYS_PER_SELECT):
                some = wanted[start : start + KEYS_PER_SELECT]
                rows = await connection.execute(
                    select(KEY_TABLE.c.id, KEY_TABLE.c.wrapped).where(KEY_TABLE.c.id.in_(some))
                )
                for key_id, wrapped in rows:
                    found[key_id] = PersonKey(
                        key_id, _decrypt(self._wrapping, wrapped, key_id.bytes)
                    )
        return found

    async def key(self, key_id: uuid.UUID) -> PersonKey:
        """One key. Raises `KeyDestroyed` where it is gone."""
        found = await self.keys([key_id])
        try:
            return found[key_id]
        except KeyError:
            raise KeyDestroyed(str(key_id)) from None

    async def destroy(self, ids: Iterable[uuid.UUID]) -> None:
        """Destroy keys. What was sealed under them can never be read again."""
        wanted = list(ids)
        async with self._engine.begin() as connection:
            for start in range(0, len(wanted), KEYS_PER_SELECT):
                some = wanted[start : start + KEYS_PER_SELECT]
                await connection.execute(delete(KEY_TABLE).where(KEY_TABLE.c.id.in_(some)))

    async def bury(self, tombstones: Sequence[Tombstone]) -> None:
        """Destroy the keys of erased persons, and keep that they are erased. Asked again: the same.

        On SQLite the store's log is emptied too: it would hold the wrapped keys until it is full.
        """
        if not tombstones:
            return
        rows = [asdict(one) for one in tombstones]
        dialect = sqlite if self._engine.dialect.name == "sqlite" else postgresql
        async with self._engine.begin() as connection:
            await connection.execute(dialect.insert(TOMBSTONE_TABLE).on_conflict_do_nothing(), rows)
            for start in range(0, len(rows), KEYS_PER_SELECT):
                some = [one.key_id for one in tombstones[start : start + KEYS_PER_SELECT]]
                await connection.execute(delete(KEY_TABLE).where(KEY_TABLE.c.id.in_(some)))
        if self._engine.dialect.name == "sqlite":
            async with self._engine.connect() as connection:
                raw: Any = (await connection.get_raw_connection()).driver_connection
                await raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def tombstones(self, *, after: uuid.UUID | None, most: int) -> list[Tombstone]:
        """The erased, in the order of their keys' ids, from after one of them."""
        ordered = select(TOMBSTONE_TABLE).order_by(TOMBSTONE_TABLE.c.key_id).limit(most)
        if after is not None:
            ordered = ordered.where(TOMBSTONE_TABLE.c.key_id > after)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(ordered)).all()
        return [
            Tombstone(row.key_id, row.candidate_id, row.erased_at.replace(tzinfo=UTC))
            for row in rows
        ]

    async def old_key_ids(self, *, after: uuid.UUID | None, most: int) -> list[uuid.UUID]:
        """Keys older than `ORPHANED_AFTER`, in the order of their ids, from after one of them."""
        wanted = [KEY_TABLE.c.created_at < datetime.now(UTC) - ORPHANED_AFTER]
        if after is not None:
            wanted.append(KEY_TABLE.c.id > after)
        async with self._engine.connect() as connection:
            found = await connection.execute(
                select(KEY_TABLE.c.id).where(*wanted).order_by(KEY_TABLE.c.id).limit(most)
            )
            return list(found.scalars())

    def wrap(self, key: PersonKey) -> bytes:
        """The key as it is stored."""
        return _encrypt(self._wrapping, key.secret, key.id.bytes)

    # The installation's own

    def blind(self, purpose: str, scope: uuid.UUID, value: str) -> bytes:
        """A keyed hash: equal for equal values of one purpose within one scope (a consortium)."""
        message = b"\0".join((purpose.encode(), scope.bytes, value.encode()))
        return hmac.digest(self._blinding, message, "sha256")

    def token_hash(self, token: str) -> bytes:
        """What is stored of a secret that someone carries: enough to recognise it, no more."""
        return hmac.digest(self._blinding, b"token\0" + token.encode(), "sha256")

    def derived_token(self, purpose: str, of: uuid.UUID) -> bytes:
        """Sixteen secret bytes that only this installation can compute again for ``of``."""
        return hmac.digest(self._system, purpose.encode() + b"\0" + of.bytes, "sha256")[:16]

    def listing_id(self, recipient_id: uuid.UUID, candidate_id: uuid.UUID) -> uuid.UUID:
        """By what one organization knows whom it sees in the pool only: `listed_candidate` undoes
        it. Without the key it leads neither to the person nor to another organization's.
        """
        block = self._listing_cipher(recipient_id).encryptor().update(candidate_id.bytes)
        return uuid.UUID(bytes=block)

    def listed_candidate(self, recipient_id: uuid.UUID, listing_id: uuid.UUID) -> uuid.UUID:
        """Whom an organization knows by a `listing_id`; nobody's id where it is none."""
        block = self._listing_cipher(recipient_id).decryptor().update(listing_id.bytes)
        return uuid.UUID(bytes=block)

    def _listing_cipher(self, recipient_id: uuid.UUID) -> Cipher[modes.ECB]:
        # An id is one block, so that ECB is the permutation itself.
        key = hmac.digest(self._listing, recipient_id.bytes, "sha256")
        return Cipher(algorithms.AES256(key), modes.ECB())  # noqa: S305

    def chain(self, previous: bytes, content: bytes) -> bytes:
        """The next link of an audit chain."""
        return hmac.digest(self._auditing, previous + hashlib.sha256(content).digest(), "sha256")


def _keys_engine(url: str, *, durable: bool) -> AsyncEngine:
    from models.session import async_url  # noqa: PLC0415  (session knows the vault)

    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_async_engine(parsed, pool_size=2, max_overflow=0, pool_timeout=120)
        _prepare_sqlite_keys(engine, "FULL" if durable else "OFF")
        return engine
    return create_async_engine(
        parsed,
        pool_size=2,
        max_overflow=2,
        pool_timeout=120,
        pool_pre_ping=True,
        execution_options={"schema_translate_map": {None: KEYS_SCHEMA}},
    )


def _prepare_sqlite_keys(engine: AsyncEngine, synchronous: str) -> None:
    from sqlalchemy import event  # noqa: PLC0415

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    # Every statement here stands alone, so each begins as what it is: a read or a write.
    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")


def default_keys_url(database_url: str) -> str:
    """Where keys live when nothing is said: beside a SQLite file; in a PostgreSQL schema."""
    url = make_url(database_url)
    if not url.drivername.startswith("sqlite"):
        return database_url
    path = url.database or ""
    stem = path.removesuffix(".db")
    return url.set(database=f"{stem}-keys.db").render_as_string(hide_password=False)


def _derive(secret_key: bytes, purpose: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
    return kdf.derive(secret_key)


def _encrypt(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, bound_to)


def _decrypt(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)


__all__ = ["InvalidTag", "KeyDestroyed", "PersonKey", "Tombstone", "Vault", "default_keys_url"]
