"""The declarative base, the naming of constraints, and the column types."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import uuid_utils.compat
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column
from sqlalchemy.orm.properties import MappedColumn

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def ordered_id() -> uuid.UUID:
    """A UUIDv7: new rows land at the end of an index. Its bits tell the time of creation."""
    return uuid_utils.compat.uuid7()


def random_id() -> uuid.UUID:
    """A UUIDv4, for rows whose time of creation is not for everyone who sees the id."""
    return uuid.uuid4()


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. A naive datetime is refused on the way in; UTC comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Sealed = LargeBinary
"""Bytes that only the vault can read (AES-GCM under a key per person)."""

Yen = BigInteger
"""A sum of money in whole yen."""

Count = Integer().with_variant(BigInteger, "postgresql")


class Base(MappedAsDataclass, DeclarativeBase):
    """Every table of ours. Rows are built by keyword and hold no lazy relation."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        uuid.UUID: Uuid(),
        datetime: UtcDateTime(),
        bytes: LargeBinary(),
    }


def enum_column(
    kind: type[StrEnum], *, held_by: str | None = None, **options: Any
) -> MappedColumn[Any]:
    """A column of capitals from ``kind``, held to them by a constraint.

    ``held_by`` names the constraint where a table has two columns of one kind.
    """
    name = held_by or "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip(
        "_"
    )
    column_type = Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )
    return mapped_column(column_type, **options)
