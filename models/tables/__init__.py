"""Every table, one file a feature. Importing this package fills ``Base.metadata``."""

from models.tables import (
    candidates,
    consortium,
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
    rewards,
    users,
)

__all__ = [
    "candidates",
    "consortium",
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
    "rewards",
    "users",
]
