"""rewards of partnerships: clauses of terms, who funds them, what was earned"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime
from models.migrations.columns import add_reference, widen_enum
from models.migrations.reward_sides import create_trigger

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = [
    "COUNTED",
    "CONVERTED",
    "EARNED",
    "SPENT",
    "EXPIRED",
    "RETURNED",
    "REVERSED",
    "TAKEN_BACK",
    "OWED",
    "DEBT_FILLED",
    "LAPSED",
]
DEEDS = [
    "PROPOSED",
    "ACCEPTED",
    "DECLINED",
    "WITHDRAWN",
    "BEGAN",
    "SUSPENDED",
    "RESUMED",
    "GAVE_NOTICE",
    "LEFT",
    "ENDED",
    "TERMS_PROPOSED",
    "TERMS_ACCEPTED",
    "TERMS_REJECTED",
    "TERMS_IN_FORCE",
]


def _codes(name: str, *codes: str) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_fundings()
    _create_clauses()
    _create_rewards()
    _extend_entries()
    more = ["FUNDING_ACCEPTED", "FUNDING_DECLINED", "FUNDING_STOPPED"]
    check = "ck_partnership_step_partnership_deed"
    widen_enum("partnership_step", "deed", check, codes=DEEDS, more=more)


def _create_fundings() -> None:
    op.create_table(
        "funding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "stopped_at IS NULL OR accepted_at IS NOT NULL", name=op.f("ck_funding_stopped")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["organization.id"], name=op.f("fk_funding_agency_id_organization")
        ),
        sa.ForeignKeyConstraint(["terms_id"], ["terms.id"], name=op.f("fk_funding_terms_id_terms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding")),
        sa.UniqueConstraint("terms_id", "agency_id", name=op.f("uq_funding_terms_id_agency_id")),
    )
    op.create_index(
        op.f("ix_funding_agency_id_proposed_at_id"), "funding", ["agency_id", "proposed_at", "id"]
    )


def _create_clauses() -> None:
    op.create_table(
        "reward_clause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event", _codes("reward_event", "REFERRAL", "HIRE", "STAYED_90"), nullable=False),
        sa.Column("unit", _codes("unit", "COUNT", "FREE_HIRE", "REWARD"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("funding_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "amount BETWEEN 1 AND 10000000 AND (unit <> 'COUNT' OR amount <= 10) "
            "AND (unit <> 'FREE_HIRE' OR amount <= 3)",
            name=op.f("ck_reward_clause_amount"),
        ),
        sa.ForeignKeyConstraint(
            ["funding_id"], ["funding.id"], name=op.f("fk_reward_clause_funding_id_funding")
        ),
        sa.ForeignKeyConstraint(
            ["terms_id"], ["terms.id"], name=op.f("fk_reward_clause_terms_id_terms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_clause")),
        sa.UniqueConstraint("terms_id", "number", name="uq_reward_clause_number"),
        sa.UniqueConstraint(
            "terms_id", "event", "unit", "funding_id", name="uq_reward_clause_promise"
        ),
    )
    op.create_index(op.f("ix_reward_clause_funding_id"), "reward_clause", ["funding_id"])


def _create_rewards() -> None:
    op.create_table(
        "reward",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clause_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "withheld",
            _codes("reward_withheld", "LICENCE_LAPSED", "AGENCY_LEFT", "COMPANY_LEFT"),
            nullable=True,
        ),
        sa.Column("posted_at", UtcDateTime(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("reversed_at", UtcDateTime(), nullable=True),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(reversed_at IS NULL) = (reversed_on IS NULL)", name=op.f("ck_reward_reversed")
        ),
        sa.ForeignKeyConstraint(
            ["clause_id"], ["reward_clause.id"], name=op.f("fk_reward_clause_id_reward_clause")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_reward_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
    )
    op.create_index(op.f("ix_reward_referral_id"), "reward", ["referral_id"])
    op.create_index(
        "uq_reward_standing",
        "reward",
        ["clause_id", "referral_id"],
        unique=True,
        sqlite_where=sa.text("reversed_at IS NULL"),
        postgresql_where=sa.text("reversed_at IS NULL"),
    )


def _extend_entries() -> None:
    more = ["BONUS", "GRANTED", "REWARDED"]
    widen_enum("entry", "kind", "ck_entry_entry_kind", codes=KINDS, more=more)
    rewarding = "kind NOT IN ('BONUS', 'GRANTED', 'REWARDED') OR reward_id IS NOT NULL"
    add_reference("entry", "reward_id", "reward", check=("ck_entry_reward", rewarding))
    op.create_index(
        "ix_entry_reward_id",
        "entry",
        ["reward_id"],
        sqlite_where=sa.text("reward_id IS NOT NULL"),
        postgresql_where=sa.text("reward_id IS NOT NULL"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # SQLite's integers hold sums of yen as they are.
        op.alter_column("entry", "amount", type_=sa.BigInteger())
        op.alter_column("account", "balance", type_=sa.BigInteger())
    create_trigger()
