"""Asking the same thing twice and getting the first answer."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from sqlalchemy import select, update

from models.access import Actor
from models.errors import IdempotencyConflict, InvalidInput
from models.session import WriteSession
from models.tables.ledger import IdempotencyKey
from models.upsert import insert_for

KEY_LENGTH_MAX = 100


async def once(
    tx: WriteSession,
    actor: Actor,
    *,
    key: str | None,
    operation: str,
    command: Any,
    run: Callable[[], Awaitable[uuid.UUID]],
) -> uuid.UUID:
    """Do ``run`` once for a key of this actor, and answer its id however often it is asked.

    ``command`` is the operation's dataclass. The key is kept in the transaction of what it did: a
    rival with the same key waits for it, and a refused first attempt leaves nothing, so that the
    key can be tried again. Without a key it just runs. Raises `IdempotencyConflict` where the key
    was used for something else, and `InvalidInput` for a key outside its bounds.
    """
    if key is None:
        return await run()
    _check(key)
    assert actor.id is not None, "only someone signed in has keys of their own"
    payload_hash = _payload_hash(tx, actor, operation, command)
    if not await _claim(tx, actor.id, key, operation, payload_hash):
        return await _first_answer(tx, actor.id, key, payload_hash)
    answer_id = await run()
    await tx.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.actor_id == actor.id, IdempotencyKey.key == key)
        .values(answer_id=answer_id)
        .execution_options(synchronize_session=False)
    )
    return answer_id


def _check(key: str) -> None:
    if not 1 <= len(key) <= KEY_LENGTH_MAX or not key.isprintable():
        raise InvalidInput(
            "idempotencyKey",
            ja=f"冪等キーは表示可能な1〜{KEY_LENGTH_MAX}文字で指定してください。",
            en=f"Give the idempotency key 1 to {KEY_LENGTH_MAX} printable characters.",
        )


def _payload_hash(tx: WriteSession, actor: Actor, operation: str, command: Any) -> bytes:
    # Keyed, because a command may hold words about a person.
    canonical = orjson.dumps([operation, command], default=_plain, option=orjson.OPT_SORT_KEYS)
    return tx.vault.blind("idempotency", actor.consortium_id, canonical.decode())


def _plain(value: object) -> object:
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"a command cannot hold {type(value).__name__}")


async def _claim(
    tx: WriteSession, actor_id: uuid.UUID, key: str, operation: str, payload_hash: bytes
) -> bool:
    claimed = await tx.scalar(
        insert_for(tx, IdempotencyKey)
        .values(
            actor_id=actor_id,
            key=key,
            operation=operation,
            payload_hash=payload_hash,
            created_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["actor_id", "key"])
        .returning(IdempotencyKey.key)
    )
    return claimed is not None


async def _first_answer(
    tx: WriteSession, actor_id: uuid.UUID, key: str, payload_hash: bytes
) -> uuid.UUID:
    first = (
        await tx.execute(
            select(IdempotencyKey.payload_hash, IdempotencyKey.answer_id).where(
                IdempotencyKey.actor_id == actor_id, IdempotencyKey.key == key
            )
        )
    ).one()
    if first.payload_hash != payload_hash:
        raise IdempotencyConflict("idempotencyKey")
    assert first.answer_id is not None, "the key and its answer are committed together"
    answer_id: uuid.UUID = first.answer_id
    return answer_id
