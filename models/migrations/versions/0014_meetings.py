"""Feedback meetings, their frozen figures, decisions, and what came of them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FROZEN = ("meeting_pack", "decision_effect")


def upgrade() -> None:
    _create_meetings()
    _create_decisions()
    _create_packs()
    _create_effects()
    for table in FROZEN:
        _hold_to_insertion(table)


def _hold_to_insertion(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION tasuki_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _create_meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("partnership_id", sa.Uuid(), nullable=True),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "SCHEDULED",
                "PREPARED",
                "HELD",
                "DECIDED",
                "REVIEWED",
                "CANCELLED",
                name="meeting_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("agenda", sa.String(), nullable=True),
        sa.Column("minutes", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status <> 'REVIEWED' OR reviewed_at IS NOT NULL", name=op.f("ck_meeting_reviewed")
        ),
        sa.CheckConstraint(
            "status NOT IN ('DECIDED', 'REVIEWED') OR decided_at IS NOT NULL",
            name=op.f("ck_meeting_decided"),
        ),
        sa.CheckConstraint("duration_minutes BETWEEN 5 AND 1440", name=op.f("ck_meeting_duration")),
        sa.ForeignKeyConstraint(
            ["consortium_id"], ["consortium.id"], name=op.f("fk_meeting_consortium_id_consortium")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_meeting_partnership_id_partnership"),
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["meeting.id"], name=op.f("fk_meeting_previous_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(
        op.f("ix_meeting_consortium_id_starts_at_id"),
        "meeting",
        ["consortium_id", "starts_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_meeting_partnership_id_starts_at_id"),
        "meeting",
        ["partnership_id", "starts_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_meeting_previous_id"), "meeting", ["previous_id"], unique=False)


def _create_decisions() -> None:
    op.create_table(
        "meeting_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("owner_name", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "figure",
            sa.Enum(
                "HANDED_OVER",
                "HIRES",
                "TAKEN_UP",
                "ANSWERED_IN_TIME",
                "HIRED_OF_HANDED_OVER",
                name="figure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("giver_id", sa.Uuid(), nullable=True),
        sa.Column("receiver_id", sa.Uuid(), nullable=True),
        sa.Column("terms_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "figure IS NOT NULL OR (giver_id IS NULL AND receiver_id IS NULL)",
            name=op.f("ck_meeting_decision_measure"),
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"],
            ["organization.id"],
            name=op.f("fk_meeting_decision_giver_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_decision_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["organization.id"],
            name=op.f("fk_meeting_decision_owner_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["organization.id"],
            name=op.f("fk_meeting_decision_receiver_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["terms_id"], ["terms.id"], name=op.f("fk_meeting_decision_terms_id_terms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_decision")),
        sa.UniqueConstraint(
            "meeting_id", "number", name=op.f("uq_meeting_decision_meeting_id_number")
        ),
        sa.UniqueConstraint("terms_id", name=op.f("uq_meeting_decision_terms_id")),
    )


def _create_packs() -> None:
    op.create_table(
        "meeting_pack",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("told_through", sa.Date(), nullable=True),
        sa.Column("prepared_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_meeting_pack_days")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_pack_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting_pack")),
    )


def _create_effects() -> None:
    op.create_table(
        "decision_effect",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("measured_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["meeting_decision.id"],
            name=op.f("fk_decision_effect_decision_id_meeting_decision"),
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision_effect")),
    )
