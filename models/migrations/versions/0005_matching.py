"""Years of experience that an opening asks for, and where it stood when it was proposed.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.migrations.columns import add_checked

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_checked(
        "opening",
        sa.Column("experience_years_min", sa.Integer()),
        check=("ck_opening_experience_years", "experience_years_min BETWEEN 0 AND 50"),
    )
    op.create_table(
        "match_record",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score_permille", sa.Integer(), nullable=False),
        sa.Column("considered", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 1 AND considered", name=op.f("ck_match_record_rank")),
        sa.CheckConstraint("score_permille BETWEEN 0 AND 1000", name=op.f("ck_match_record_score")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_match_record_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_match_record")),
    )
