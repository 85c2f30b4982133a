"""Needs of those who were declined for an opening.

Revision ID: 0011
Revises: 0007
"""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _note_who_was_declined()


def _note_who_was_declined() -> None:
    """Whoever a company declined for an opening counts as turned down, on the day it said so."""
    referral = sa.table(
        "referral",
        sa.column("consortium_id", sa.Uuid()),
        sa.column("to_id", sa.Uuid()),
        sa.column("opening_id", sa.Uuid()),
        sa.column("status", sa.String()),
        sa.column("changed_at", UtcDateTime()),
    )
    opening = sa.table("opening", sa.column("id", sa.Uuid()), sa.column("category", sa.String()))
    consortium = sa.table(
        "consortium", sa.column("id", sa.Uuid()), sa.column("time_zone", sa.String())
    )
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(
            referral.c.consortium_id,
            referral.c.to_id,
            referral.c.changed_at,
            opening.c.category,
            consortium.c.time_zone,
        )
        .join(opening, opening.c.id == referral.c.opening_id)
        .join(consortium, consortium.c.id == referral.c.consortium_id)
        .where(referral.c.status == "DECLINED")
    )
    counted: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        day = row.changed_at.astimezone(ZoneInfo(row.time_zone)).date()
        counted[row.consortium_id, day, row.to_id, row.category] += 1
    for key, people in counted.items():
        _add(key, people)


def _add(key: tuple[object, ...], people: int) -> None:
    need = sa.table(
        "need_day",
        sa.column("consortium_id", sa.Uuid()),
        sa.column("day", sa.Date()),
        sa.column("company_id", sa.Uuid()),
        sa.column("category", sa.String()),
        sa.column("turned_down", sa.BigInteger()),
        sa.column("sought", sa.BigInteger()),
    )
    names = ("consortium_id", "day", "company_id", "category")
    connection = op.get_bind()
    same = [need.c[name] == value for name, value in zip(names, key, strict=True)]
    added = connection.execute(
        need.update().where(*same).values(turned_down=need.c.turned_down + people)
    )
    if not added.rowcount:
        values = dict(zip(names, key, strict=True))
        connection.execute(need.insert().values(**values, turned_down=people, sought=0))
