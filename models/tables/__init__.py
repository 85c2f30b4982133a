"""Every table, one file a feature. Importing this package fills ``Base.metadata``."""

from models.tables import (
    candidates,
    consortium,
    deletions,
    erasures,
    flows,
    ledger,
    links,
    mailings,
    matches,
    openings,
    outcomes,
    partnerships,
    records,
    referrals,
    registrations,
    users,
)

__all__ = [
    "candidates",
    "consortium",
    "deletions",
    "erasures",
    "flows",
    "ledger",
    "links",
    "mailings",
    "matches",
    "openings",
    "outcomes",
    "partnerships",
    "records",
    "referrals",
    "registrations",
    "users",
]
