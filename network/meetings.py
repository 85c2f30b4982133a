"""What the figures of a meeting tell of others: the same as every other answer does."""

from __future__ import annotations

import uuid
from datetime import date

from models.operations.meeting_packs import ToldFigures
from models.rules.meeting_figures import Days
from models.session import ReadSession
from models.vocabulary.job_categories import JOB_CATEGORIES
from network.edges import Window, told_edges, whole_months
from network.needs import told_needs


async def told_figures(
    read: ReadSession, consortium_id: uuid.UUID, days: Days, today: date
) -> ToldFigures:
    """The closed months of some days as they are told, and all companies' needs."""
    window = Window(days.first, days.last)
    months = whole_months(window, today)
    found = await told_edges(read, consortium_id, window, today=today)
    return ToldFigures(
        through=months.last if months else None,
        flows={(one.from_id, one.to_id, one.channel, one.event): one.referrals for one in found},
        needs=await told_needs(read, consortium_id, categories=JOB_CATEGORIES, today=today),
    )
