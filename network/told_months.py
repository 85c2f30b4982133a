"""Which months are told of others: whole ones that are over and frozen."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from models.reads.frozen_months import last_frozen_month
from models.rules.flows import month_begins
from models.session import ReadSession
from network.edges import Window, whole_months


async def told_months(
    read: ReadSession, consortium_id: uuid.UUID, window: Window, *, today: date
) -> Window | None:
    """The months within a window that are told of others; None where there is none."""
    last = await last_frozen_month(read, consortium_id)
    whole = whole_months(window, today)
    if last is None or whole is None or whole.first >= month_begins(last + 1):
        return None
    return Window(whole.first, min(whole.last, month_begins(last + 1) - timedelta(days=1)))
