"""What an organization's people are told by mail, so that they look."""

from __future__ import annotations

from enum import StrEnum

NOTIFIED_MAX = 200
"""So many people of one organization are told, those that were there first."""


class NoticeKind(StrEnum):
    """What happened."""

    PARTNERSHIP_PROPOSED = "PARTNERSHIP_PROPOSED"
    TERMS_PROPOSED = "TERMS_PROPOSED"
    FUNDING_ASKED = "FUNDING_ASKED"
    PARTNERSHIP_SUSPENDED = "PARTNERSHIP_SUSPENDED"
    PARTNERSHIP_ENDED = "PARTNERSHIP_ENDED"
    PARTNER_LEAVES = "PARTNER_LEAVES"
    PARTNER_LEFT = "PARTNER_LEFT"
    CANDIDATE_DELIVERED = "CANDIDATE_DELIVERED"
    DELETION_ASKED = "DELETION_ASKED"
    DELETION_DUE = "DELETION_DUE"
    DELETION_OVERDUE = "DELETION_OVERDUE"
    EXIT_RECORDED = "EXIT_RECORDED"
