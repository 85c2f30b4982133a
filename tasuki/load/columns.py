"""Rows as each database's bulk path takes them.

While a history is made, a value is what costs least: an id is 16 bytes, an instant is microseconds
and a day is days since 1970, JSON is text. Here they become PostgreSQL's binary COPY, or what
SQLAlchemy would have written into SQLite.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite

Row = Sequence[Any]
Encoder = Callable[[Any], Any]

COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8
COPY_TAIL = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_POSTGRESQL_EPOCH_DAYS = 10_957
_POSTGRESQL_EPOCH_US = _POSTGRESQL_EPOCH_DAYS * 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_US = 86_400_000_000

_int32 = struct.Struct(">ii").pack
_int64 = struct.Struct(">iq").pack
_length = struct.Struct(">i").pack
_columns = struct.Struct(">h").pack


def _bytes(value: bytes) -> bytes:
    return _length(len(value)) + value


@lru_cache(maxsize=4096)
def _short(value: str) -> bytes:
    return _bytes(value.encode())


def _text(value: str) -> bytes:
    return _short(value) if len(value) < 24 else _bytes(value.encode())


def _instant(value: int) -> bytes:
    return _int64(8, value - _POSTGRESQL_EPOCH_US)


def _day(value: int) -> bytes:
    return _int32(4, value - _POSTGRESQL_EPOCH_DAYS)


def _int4(value: int) -> bytes:
    return _int32(4, value)


def _int8(value: int) -> bytes:
    return _int64(8, value)


_POSTGRESQL: dict[str, Encoder] = {
    "UUID": _bytes,
    "BYTEA": _bytes,
    "TIMESTAMP WITH TIME ZONE": _instant,
    "DATE": _day,
    "BIGINT": _int8,
    "INTEGER": _int4,
}


@lru_cache(maxsize=100_000)
def day_text(day: int) -> str:
    """A day as SQLite keeps it."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def _instant_text(us: int) -> str:
    day, rest = divmod(us, _DAY_US)
    seconds, fraction = divmod(rest, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{day_text(day)} {hour:02}:{minute:02}:{second:02}.{fraction:06}"


def _same(value: Any) -> Any:
    return value


_SQLITE: dict[str, Encoder] = {
    "CHAR(32)": bytes.hex,
    "DATETIME": _instant_text,
    "DATE": day_text,
}


_DIALECTS: dict[str, Dialect] = {
    "postgresql": PGDialect_asyncpg(),  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    "sqlite": SQLiteDialect_aiosqlite(),
}


@lru_cache(maxsize=256)
def _encoders(table: Table, names: tuple[str, ...], dialect: str) -> list[Encoder]:
    kinds = [table.c[name].type.compile(_DIALECTS[dialect]) for name in names]
    if dialect == "postgresql":
        return [_POSTGRESQL.get(kind, _text) for kind in kinds]
    return [_SQLITE.get(kind, _same) for kind in kinds]


def encode_copy(table: Table, names: tuple[str, ...], rows: Iterable[Row]) -> bytes:
    """Rows in the binary format of COPY, without its head and tail."""
    encoders = _encoders(table, names, "postgresql")
    head = _columns(len(encoders))
    out: list[bytes] = []
    append = out.append
    for row in rows:
        append(head)
        for encode, value in zip(encoders, row, strict=True):
            append(_NULL if value is None else encode(value))
    return b"".join(out)


def encode_tuples(
    table: Table, names: tuple[str, ...], rows: Iterable[Row]
) -> list[tuple[Any, ...]]:
    """Rows as parameters of SQLite's driver."""
    encoders = _encoders(table, names, "sqlite")
    return [
        tuple(
            None if value is None else encode(value)
            for encode, value in zip(encoders, row, strict=True)
        )
        for row in rows
    ]


def as_instant(us: int) -> datetime:
    """The instant of so many microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=us)


def as_day(day: int) -> date:
    """The day of so many days since 1970."""
    return date(1970, 1, 1) + timedelta(days=day)
