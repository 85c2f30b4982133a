"""Analyses of the network that take longer than a request"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATES = ("QUEUED", "RUNNING", "DONE", "FAILED", "CANCELLED")


def upgrade() -> None:
    op.create_table(
        "analysis_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                *STATES,
                name="analysis_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=False),
        sa.Column("data_version", sa.String(), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'RUNNING') = (claimed_until IS NOT NULL)",
            name=op.f("ck_analysis_job_claimed"),
        ),
        sa.CheckConstraint(
            "(status IN ('QUEUED', 'RUNNING')) = (ended_at IS NULL)",
            name=op.f("ck_analysis_job_ended"),
        ),
        sa.CheckConstraint(
            "steps_done BETWEEN 0 AND steps_total", name=op.f("ck_analysis_job_steps")
        ),
        sa.ForeignKeyConstraint(
            ["consortium_id"],
            ["consortium.id"],
            name=op.f("fk_analysis_job_consortium_id_consortium"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_analysis_job_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_job")),
    )
    for columns in (
        ["consortium_id", "organization_id", "created_at", "id"],
        ["status", "created_at"],
        ["ended_at"],
    ):
        op.create_index(op.f(f"ix_analysis_job_{'_'.join(columns)}"), "analysis_job", columns)
