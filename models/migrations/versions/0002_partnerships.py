"""partnerships, their terms, and what is shown under them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime
from models.migrations.columns import add_reference

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LISTED = "purpose = 'PARTNER_SHARING' AND closed_at IS NULL"


def upgrade() -> None:
    _add_partnerships()
    _extend_disclosures()
    _extend_referrals()


def _add_partnerships() -> None:
    op.create_table(
        "partnership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PROPOSED",
                "ACTIVE",
                "SUSPENDED",
                "ENDED",
                "DECLINED",
                "WITHDRAWN",
                name="partnership_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposer_id", sa.Uuid(), nullable=True),
        sa.Column("suspender_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("listing_round", sa.Integer(), nullable=False),
        sa.Column("listed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consortium_id"],
            ["consortium.id"],
            name=op.f("fk_partnership_consortium_id_consortium"),
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"],
            ["organization.id"],
            name=op.f("fk_partnership_proposer_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["suspender_id"],
            ["organization.id"],
            name=op.f("fk_partnership_suspender_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
    )
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partnership_consortium_id_created_at_id"),
            ["consortium_id", "created_at", "id"],
            unique=False,
        )

    op.create_table(
        "partnership_party",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "INVITED",
                "JOINED",
                "DECLINED",
                "LEFT",
                name="party_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("leaves_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organization.id"],
            name=op.f("fk_partnership_party_company_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_partnership_party_partnership_id_partnership"),
        ),
        sa.PrimaryKeyConstraint("partnership_id", "company_id", name=op.f("pk_partnership_party")),
    )
    with op.batch_alter_table("partnership_party", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partnership_party_company_id_partnership_id"),
            ["company_id", "partnership_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_partnership_party_status_leaves_at"),
            ["status", "leaves_at"],
            unique=False,
        )

    op.create_table(
        "partnership_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column(
            "deed",
            sa.Enum(
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
                name="partnership_deed",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("terms_number", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organization.id"],
            name=op.f("fk_partnership_step_company_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_partnership_step_partnership_id_partnership"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership_step")),
    )
    with op.batch_alter_table("partnership_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partnership_step_partnership_id_at_id"),
            ["partnership_id", "at", "id"],
            unique=False,
        )

    op.create_table(
        "terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PROPOSED",
                "IN_FORCE",
                "SUPERSEDED",
                "REJECTED",
                name="terms_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("shared_days", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("in_force_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status <> 'IN_FORCE' OR in_force_at IS NOT NULL", name=op.f("ck_terms_in_force")
        ),
        sa.CheckConstraint("notice_days BETWEEN 0 AND 180", name=op.f("ck_terms_notice_days")),
        sa.CheckConstraint("shared_days BETWEEN 1 AND 365", name=op.f("ck_terms_shared_days")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_terms_partnership_id_partnership")
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["organization.id"], name=op.f("fk_terms_proposer_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint(
            "partnership_id", "number", name=op.f("uq_terms_partnership_id_number")
        ),
    )
    with op.batch_alter_table("terms", schema=None) as batch_op:
        batch_op.create_index(
            "uq_terms_in_force",
            ["partnership_id"],
            unique=True,
            sqlite_where=sa.text("status = 'IN_FORCE'"),
            postgresql_where=sa.text("status = 'IN_FORCE'"),
        )
        batch_op.create_index(
            "uq_terms_proposed",
            ["partnership_id"],
            unique=True,
            sqlite_where=sa.text("status = 'PROPOSED'"),
            postgresql_where=sa.text("status = 'PROPOSED'"),
        )

    op.create_table(
        "terms_acceptance",
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organization.id"],
            name=op.f("fk_terms_acceptance_company_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["terms_id"], ["terms.id"], name=op.f("fk_terms_acceptance_terms_id_terms")
        ),
        sa.PrimaryKeyConstraint("terms_id", "company_id", name=op.f("pk_terms_acceptance")),
    )


def _extend_disclosures() -> None:
    add_reference("disclosure", "partnership_id", "partnership")
    add_reference(
        "disclosure",
        "terms_id",
        "terms",
        check=("ck_disclosure_terms", "(partnership_id IS NULL) = (terms_id IS NULL)"),
    )
    op.add_column("disclosure", sa.Column("opened_on", sa.Date(), nullable=True))
    for name, columns, unique in (
        ("ix_disclosure_pool", ["recipient_id", "opened_on", "candidate_id"], False),
        ("uq_disclosure_listed", ["candidate_id", "recipient_id"], True),
    ):
        op.create_index(
            name,
            "disclosure",
            columns,
            unique=unique,
            sqlite_where=sa.text(LISTED),
            postgresql_where=sa.text(LISTED),
        )


def _extend_referrals() -> None:
    add_reference(
        "referral",
        "terms_id",
        "terms",
        check=("ck_referral_terms", "(channel = 'PARTNER_SHARE') = (terms_id IS NOT NULL)"),
    )
    op.add_column(
        "referral", sa.Column("is_asked", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("referral", sa.Column("shared_until", UtcDateTime(), nullable=True))
    for name, columns, where in (
        ("ix_referral_relayed", ["from_id", "candidate_id"], "channel = 'RELAY_LINK'"),
        ("ix_referral_terms", ["terms_id", "status"], "terms_id IS NOT NULL"),
    ):
        op.create_index(
            name,
            "referral",
            columns,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
