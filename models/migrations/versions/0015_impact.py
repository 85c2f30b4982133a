"""What companies state of their hiring, and the surveys of candidates"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _enum(name: str, *codes: str) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_assumptions()
    _create_invitations()
    _create_counters()


def _create_assumptions() -> None:
    op.create_table(
        "hiring_assumptions",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("cost_per_hire_yen", sa.BigInteger(), nullable=True),
        sa.Column("hires_a_year", sa.Integer(), nullable=True),
        sa.Column("advertising_yen_a_year", sa.BigInteger(), nullable=True),
        sa.Column("agency_hires_a_year", sa.Integer(), nullable=True),
        sa.Column("agency_fee_percent", sa.Integer(), nullable=True),
        sa.Column("yearly_pay_yen", sa.BigInteger(), nullable=True),
        sa.Column("participation_yen_a_year", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("stated_at", UtcDateTime(), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_hiring_assumptions_{name}"))
            for name, condition in (
                ("cost_per_hire", "cost_per_hire_yen >= 0"),
                ("hires", "hires_a_year >= 0"),
                ("advertising", "advertising_yen_a_year >= 0"),
                ("agency_hires", "agency_hires_a_year >= 0"),
                ("agency_fee_percent", "agency_fee_percent BETWEEN 0 AND 100"),
                ("yearly_pay", "yearly_pay_yen >= 0"),
                ("participation", "participation_yen_a_year >= 0"),
            )
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organization.id"],
            name=op.f("fk_hiring_assumptions_company_id_organization"),
        ),
        sa.PrimaryKeyConstraint("company_id", "valid_from", name=op.f("pk_hiring_assumptions")),
    )


def _create_invitations() -> None:
    op.create_table(
        "survey_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("survey_kind", "REGISTRATION", "OUTCOME"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("is_mailed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_survey_invitation_{column}_{table}"),
            )
            for column, table in (
                ("candidate_id", "candidate"),
                ("company_id", "organization"),
                ("consortium_id", "consortium"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_invitation")),
        sa.UniqueConstraint(
            "candidate_id",
            "company_id",
            "kind",
            name=op.f("uq_survey_invitation_candidate_id_company_id_kind"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_survey_invitation_token_hash")),
    )
    op.create_index(op.f("ix_survey_invitation_due_at"), "survey_invitation", ["due_at"])
    op.create_table(
        "survey_opt_out",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_survey_opt_out_candidate_id_candidate"),
        ),
        sa.PrimaryKeyConstraint("candidate_id", name=op.f("pk_survey_opt_out")),
    )


def _create_counters() -> None:
    key = ("consortium_id", "company_id", "month", "kind", "question", "score")
    op.create_table(
        "survey_month",
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", _enum("survey_kind", "REGISTRATION", "OUTCOME"), nullable=False),
        sa.Column("question", _enum("survey_question", "TREATED_WELL", "HELPED"), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column(
            "answers",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
        ),
        sa.Column("smallest_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_survey_month_score")),
        sa.CheckConstraint("answers > 0", name=op.f("ck_survey_month_answers")),
        sa.CheckConstraint(
            "smallest_count BETWEEN 1 AND 100", name=op.f("ck_survey_month_smallest_count")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organization.id"],
            name=op.f("fk_survey_month_company_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["consortium_id"],
            ["consortium.id"],
            name=op.f("fk_survey_month_consortium_id_consortium"),
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_survey_month")),
        sqlite_with_rowid=False,
    )
