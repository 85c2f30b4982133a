"""Alembic's entry: it is given a connection by `models.migrate`."""

from __future__ import annotations

from alembic import context

import models.tables  # noqa: F401  (fills the metadata)
from models.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
