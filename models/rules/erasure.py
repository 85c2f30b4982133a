"""What an erasure leaves behind, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

RECORDS_KEPT_FOR = timedelta(days=3 * 366)
"""Never less than three years from the end of what was provided (APPI 29 and 30)."""
HASHES_KEPT_FOR = timedelta(days=2 * 366)
"""Never less than 24 months from the erasure, so that whoever registers again counts once."""


def records_kept_until(closed_at: datetime) -> datetime:
    """Until when a record of what was provided must name the person."""
    return closed_at + RECORDS_KEPT_FOR


def hashes_kept_until(erased_at: datetime) -> datetime:
    """Until when the keyed hash of an erased person's address stays beside what it counted for."""
    return erased_at + HASHES_KEPT_FOR
