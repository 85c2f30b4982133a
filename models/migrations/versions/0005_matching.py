"""Years of experience that an opening asks for, and where it stood when it was proposed.

Revision ID: 0005
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("experience_years_min", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_opening_experience_years"), "experience_years_min BETWEEN 0 AND 50"
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


def downgrade() -> None:
    op.drop_table("match_record")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_opening_experience_years"), type_="check")
        batch_op.drop_column("experience_years_min")
