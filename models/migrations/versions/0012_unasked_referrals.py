"""Referrals that the candidate is not asked about, for what is theirs alone to know"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPEN = (
    "status IN ('REQUESTED','PROPOSED','AGREED','DELIVERED','ACCEPTED',"
    "'INTERVIEWING','OFFERED') AND channel <> 'RELAY_LINK' AND NOT is_unasked"
)


def upgrade() -> None:
    kind = sa.Boolean().compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE referral ADD COLUMN is_unasked {kind} DEFAULT false NOT NULL "
        "CONSTRAINT ck_referral_unasked CHECK "
        "(NOT is_unasked OR (channel = 'PARTNER_SHARE' AND delivered_at IS NULL))"
    )
    op.drop_index("uq_referral_open_introduction", table_name="referral")
    op.create_index(
        "uq_referral_open_introduction",
        "referral",
        ["candidate_id", "to_id"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
