"""Which terms a consortium allows; when a company left; who was declined for an opening.

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
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_policies()
    _say_when_companies_left()
    _note_who_was_declined()


def _create_policies() -> None:
    op.create_table(
        "partnership_policy",
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("shared_days_max", sa.Integer(), nullable=False),
        sa.Column("notice_days_min", sa.Integer(), nullable=False),
        sa.Column("rewards_allowed", sa.Boolean(), nullable=False),
        sa.Column("companies_may_propose", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "shared_days_max BETWEEN 1 AND 365", name=op.f("ck_partnership_policy_shared_days_max")
        ),
        sa.CheckConstraint(
            "notice_days_min BETWEEN 0 AND 180", name=op.f("ck_partnership_policy_notice_days_min")
        ),
        sa.ForeignKeyConstraint(
            ["consortium_id"],
            ["consortium.id"],
            name=op.f("fk_partnership_policy_consortium_id_consortium"),
        ),
        sa.PrimaryKeyConstraint("consortium_id", name=op.f("pk_partnership_policy")),
    )


def _say_when_companies_left() -> None:
    op.add_column("partnership_party", sa.Column("left_at", UtcDateTime(), nullable=True))
    party = sa.table(
        "partnership_party",
        sa.column("partnership_id", sa.Uuid()),
        sa.column("company_id", sa.Uuid()),
        sa.column("status", sa.String()),
        sa.column("left_at", UtcDateTime()),
    )
    step = sa.table(
        "partnership_step",
        sa.column("partnership_id", sa.Uuid()),
        sa.column("company_id", sa.Uuid()),
        sa.column("deed", sa.String()),
        sa.column("at", UtcDateTime()),
    )
    left = (
        sa.select(sa.func.max(step.c.at))
        .where(
            step.c.partnership_id == party.c.partnership_id,
            step.c.company_id == party.c.company_id,
            step.c.deed == "LEFT",
        )
        .scalar_subquery()
    )
    op.execute(party.update().where(party.c.status == "LEFT").values(left_at=left))


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
