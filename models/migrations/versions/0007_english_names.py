"""English names of organizations, as candidates who exclude them may spell them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.rules.company_names import company_name_key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organization", sa.Column("name_en_key", sa.String(), nullable=True))
    organization = sa.table(
        "organization",
        sa.column("id", sa.Uuid()),
        sa.column("name_en", sa.String()),
        sa.column("name_en_key", sa.String()),
    )
    named = sa.select(organization.c.id, organization.c.name_en).where(
        organization.c.name_en.is_not(None)
    )
    connection = op.get_bind()
    for row in connection.execute(named).all():
        connection.execute(
            organization.update()
            .where(organization.c.id == row.id)
            .values(name_en_key=company_name_key(row.name_en))
        )
    op.create_index(
        op.f("ix_organization_consortium_id_name_en_key"),
        "organization",
        ["consortium_id", "name_en_key"],
    )
