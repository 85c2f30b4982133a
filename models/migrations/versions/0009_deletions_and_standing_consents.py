"""requests to delete what was given, and consents that stand on a standing one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime
from models.migrations.columns import add_reference

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = sa.text("status = 'OPEN'")


def _values(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    add_reference("consent", "standing_id", "consent")
    op.create_table(
        "deletion_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column(
            "reason",
            _values("deletion_reason", "NO_LONGER_ALLOWED", "ERASED"),
            nullable=False,
        ),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            _values("deletion_status", "OPEN", "CONFIRMED", "LAPSED"),
            nullable=False,
        ),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("next_notice_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'CONFIRMED') = (confirmed_at IS NOT NULL)",
            name=op.f("ck_deletion_request_confirmed"),
        ),
        sa.CheckConstraint(
            "status = 'OPEN' OR next_notice_at IS NULL", name=op.f("ck_deletion_request_notice")
        ),
        sa.CheckConstraint("due_at > asked_at", name=op.f("ck_deletion_request_due")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_deletion_request_{column}_{table}")
            )
            for column, table in (
                ("consortium_id", "consortium"),
                ("candidate_id", "candidate"),
                ("recipient_id", "organization"),
                ("referral_id", "referral"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_request")),
    )
    for columns in (
        ("candidate_id", "recipient_id"),
        ("recipient_id", "due_at", "id"),
        ("consortium_id", "due_at", "id"),
        ("next_notice_at",),
    ):
        name = op.f(f"ix_deletion_request_{'_'.join(columns)}")
        op.create_index(name, "deletion_request", list(columns))
    op.create_index(
        "uq_deletion_request_open",
        "deletion_request",
        ["candidate_id", "recipient_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
