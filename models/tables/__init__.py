"""Every table, one file a feature. Importing this package fills ``Base.metadata``."""

from models.tables import (
    candidates,
    consortium,
    flows,
    ledger,
    links,
    mailings,
    openings,
    outcomes,
    records,
    referrals,
    registrations,
    users,
)

__all__ = [
    "candidates",
    "consortium",
    "flows",
    "ledger",
    "links",
    "mailings",
    "openings",
    "outcomes",
    "records",
    "referrals",
    "registrations",
    "users",
]
