"""requests of candidates, notices before a record goes, records by who provided"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime
from models.migrations.columns import add_setting

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = ("DISCLOSURE", "CORRECTION", "STOP_OF_USE", "SHOWING", "COMPLAINT")


def upgrade() -> None:
    add_setting(
        "consortium",
        "retention_months",
        6,
        check=("ck_consortium_retention_months", "retention_months BETWEEN 3 AND 24"),
    )
    add_setting(
        "consortium",
        "request_days",
        14,
        check=("ck_consortium_request_days", "request_days BETWEEN 1 AND 60"),
    )
    op.create_index(
        op.f("ix_disclosure_provider_id_opened_at"), "disclosure", ["provider_id", "opened_at"]
    )
    _create_requests()
    _create_notices()


def _create_requests() -> None:
    op.create_table(
        "candidate_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *KINDS, name="request_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "OPEN",
                "ANSWERED",
                "REFUSED",
                name="request_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'OPEN') = (ended_at IS NULL)", name=op.f("ck_candidate_request_ended")
        ),
        sa.CheckConstraint(
            "(status = 'OPEN') = (answer IS NULL)", name=op.f("ck_candidate_request_answer")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_candidate_request_candidate_id_candidate"),
        ),
        sa.ForeignKeyConstraint(
            ["consortium_id"],
            ["consortium.id"],
            name=op.f("fk_candidate_request_consortium_id_consortium"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_request")),
    )
    op.create_index(
        op.f("ix_candidate_request_candidate_id"), "candidate_request", ["candidate_id"]
    )
    op.create_index(
        op.f("ix_candidate_request_consortium_id_status_due_on_id"),
        "candidate_request",
        ["consortium_id", "status", "due_on", "id"],
    )


def _create_notices() -> None:
    op.create_table(
        "deletion_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "FIRST",
                "LAST",
                name="notice_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("silent_since", UtcDateTime(), nullable=False),
        sa.Column("goes_on", sa.Date(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_deletion_notice_candidate_id_candidate"),
        ),
        sa.ForeignKeyConstraint(
            ["consortium_id"],
            ["consortium.id"],
            name=op.f("fk_deletion_notice_consortium_id_consortium"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_notice")),
        sa.UniqueConstraint(
            "candidate_id",
            "stage",
            "silent_since",
            name=op.f("uq_deletion_notice_candidate_id_stage_silent_since"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_deletion_notice_token_hash")),
    )
    op.create_index(op.f("ix_deletion_notice_sent_at"), "deletion_notice", ["sent_at"])
