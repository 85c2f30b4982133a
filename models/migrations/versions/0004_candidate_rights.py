"""candidate rights"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.Column("key_destroyed_at", UtcDateTime(), nullable=True),
        sa.Column("forgotten_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_erasure_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["consortium_id"], ["consortium.id"], name=op.f("fk_erasure_consortium_id_consortium")
        ),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_erasure_forgotten_at_erased_at"),
            ["forgotten_at", "erased_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_erasure_waiting",
            ["key_id"],
            unique=False,
            sqlite_where=sa.text("key_destroyed_at IS NULL"),
            postgresql_where=sa.text("key_destroyed_at IS NULL"),
        )
    op.create_table(
        "register_key",
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consortium_id"],
            ["consortium.id"],
            name=op.f("fk_register_key_consortium_id_consortium"),
        ),
        sa.PrimaryKeyConstraint("consortium_id", name=op.f("pk_register_key")),
        sa.UniqueConstraint("key_id", name=op.f("uq_register_key_key_id")),
    )
    op.create_table(
        "register_name",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("keep_until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_register_name_candidate_id_candidate")
        ),
        sa.PrimaryKeyConstraint("candidate_id", name=op.f("pk_register_name")),
    )
    with op.batch_alter_table("register_name", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_register_name_keep_until"), ["keep_until"], unique=False
        )
