"""outcomes of hires: guarantees, exits, milestones, baselines"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STANDARD_DAYS, FIRST_STEP, LAST_PERCENT = 90, {"days": 30, "percent": 80}, 50

EXIT_REASON = sa.Enum(
    "PERSON",
    "COMPANY",
    "AGREED",
    "TERM_ENDED",
    name="exit_reason",
    native_enum=False,
    create_constraint=True,
    length=40,
)


def hire_status() -> sa.Enum:
    """The states of a hire."""
    return sa.Enum(
        "JOINED",
        "LEFT_EARLY",
        "LEFT",
        name="hire_status",
        native_enum=False,
        create_constraint=True,
        length=40,
    )


def upgrade() -> None:
    _give_versions_a_schedule()
    _pin_hires_to_a_version()
    _create_exits()
    _create_milestones()
    _create_baselines()


def _schedule(guarantee_days: int) -> list[dict[str, int]]:
    if not guarantee_days:
        return []
    if guarantee_days <= FIRST_STEP["days"]:
        return [{"days": guarantee_days, "percent": FIRST_STEP["percent"]}]
    return [FIRST_STEP, {"days": guarantee_days, "percent": LAST_PERCENT}]


def _give_versions_a_schedule() -> None:
    standard = json.dumps(_schedule(STANDARD_DAYS))
    with op.batch_alter_table("program_version", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("refund_schedule", sa.JSON(), nullable=False, server_default=standard)
        )
    version = sa.table(
        "program_version",
        sa.column("id", sa.Uuid()),
        sa.column("guarantee_days", sa.Integer()),
        sa.column("refund_schedule", sa.JSON()),
    )
    connection = op.get_bind()
    for days in connection.scalars(sa.select(version.c.guarantee_days).distinct()).all():
        connection.execute(
            version.update()
            .where(version.c.guarantee_days == days)
            .values(refund_schedule=_schedule(days))
        )


def _pin_hires_to_a_version() -> None:
    with op.batch_alter_table("hire", schema=None) as batch_op:
        batch_op.add_column(sa.Column("program_version_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("left_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("refund_yen", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("next_milestone_at", UtcDateTime(), nullable=True))
    # Nobody has left yet. The timers find out which milestones are due of those who joined.
    op.execute(
        """
        UPDATE hire SET next_milestone_at = recorded_at, program_version_id = (
            SELECT program_version.id
            FROM program_version JOIN program ON program.id = program_version.program_id
            WHERE program.consortium_id = hire.consortium_id
            AND program_version.effective_from <= hire.recorded_at
            ORDER BY program_version.effective_from DESC, program_version.number DESC
            LIMIT 1
        )
        """
    )
    with op.batch_alter_table("hire", schema=None) as batch_op:
        batch_op.alter_column("program_version_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_hire_program_version_id_program_version"),
            "program_version",
            ["program_version_id"],
            ["id"],
        )
        for name, condition in (
            ("left", "(status = 'JOINED') = (left_on IS NULL)"),
            ("left_after_joining", "left_on IS NULL OR left_on >= joined_on"),
            (
                "refund",
                "(refund_yen IS NOT NULL) = (status = 'LEFT_EARLY' AND free_hire_id IS NULL)",
            ),
            ("refund_within_fee", "refund_yen IS NULL OR refund_yen BETWEEN 0 AND fee_yen"),
        ):
            batch_op.create_check_constraint(batch_op.f(f"ck_hire_{name}"), condition)
        batch_op.create_index(
            batch_op.f("ix_hire_next_milestone_at"), ["next_milestone_at"], unique=False
        )


def _create_exits() -> None:
    op.create_table(
        "hire_exit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hire_id", sa.Uuid(), nullable=False),
        sa.Column("status", hire_status(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("reason", EXIT_REASON, nullable=True),
        sa.Column("refund_yen", sa.BigInteger(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("reversed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("status <> 'JOINED'", name=op.f("ck_hire_exit_status")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["organization.id"], name=op.f("fk_hire_exit_by_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_hire_exit_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(["hire_id"], ["hire.id"], name=op.f("fk_hire_exit_hire_id_hire")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hire_exit")),
    )
    with op.batch_alter_table("hire_exit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hire_exit_hire_id"), ["hire_id"], unique=False)
        batch_op.create_index(
            "uq_hire_exit_standing",
            ["hire_id"],
            unique=True,
            sqlite_where=sa.text("reversed_at IS NULL"),
            postgresql_where=sa.text("reversed_at IS NULL"),
        )


def _create_milestones() -> None:
    op.create_table(
        "hire_milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hire_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["hire_id"], ["hire.id"], name=op.f("fk_hire_milestone_hire_id_hire")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hire_milestone")),
    )
    with op.batch_alter_table("hire_milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hire_milestone_hire_id"), ["hire_id"], unique=False)
        batch_op.create_index(
            "uq_hire_milestone_standing",
            ["hire_id", "days"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )


def _create_baselines() -> None:
    percents = [f"stayed_{days}_percent" for days in (30, 90, 180)]
    op.create_table(
        "company_baseline",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in percents),
        sa.Column("cost_per_hire_yen", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        *(
            sa.CheckConstraint(
                f"{name} BETWEEN 0 AND 100", name=op.f(f"ck_company_baseline_{name}")
            )
            for name in percents
        ),
        sa.CheckConstraint(
            "cost_per_hire_yen >= 0", name=op.f("ck_company_baseline_cost_per_hire")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organization.id"],
            name=op.f("fk_company_baseline_company_id_organization"),
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company_baseline")),
    )
