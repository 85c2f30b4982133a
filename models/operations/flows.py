"""Keeping the person-free aggregates, in the transaction of what they tell of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from models.rules.flows import waiting_bucket
from models.rules.lifecycles import Channel, ReferralStatus
from models.session import WriteSession
from models.tables.flows import FlowDay, JourneyDay, NeedDay
from models.upsert import insert_for


async def record_flow(
    tx: WriteSession,
    *,
    consortium_id: uuid.UUID,
    day: date,
    from_id: uuid.UUID,
    to_id: uuid.UUID,
    channel: Channel,
    event: ReferralStatus,
    before: ReferralStatus,
    waited: timedelta = timedelta(0),
) -> None:
    """One referral more came to a state; ``before`` is the event itself where it began with it."""
    statement = insert_for(tx, FlowDay).values(
        consortium_id=consortium_id,
        day=day,
        from_id=from_id,
        to_id=to_id,
        channel=channel,
        event=event,
        before=before,
        waited=waiting_bucket(waited),
        referrals=1,
    )
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[
                "consortium_id",
                "day",
                "from_id",
                "to_id",
                "channel",
                "event",
                "before",
                "waited",
            ],
            set_={"referrals": FlowDay.referrals + 1},
        )
    )


async def record_journey(
    tx: WriteSession,
    *,
    consortium_id: uuid.UUID,
    day: date,
    chain: Sequence[uuid.UUID],
    channel: Channel,
    outcome: ReferralStatus,
) -> None:
    """One journey more ended with a referral of ``channel``, after passing through ``chain``."""
    statement = insert_for(tx, JourneyDay).values(
        consortium_id=consortium_id,
        day=day,
        chain=">".join(organization.hex for organization in chain),
        channel=channel,
        outcome=outcome,
        journeys=1,
    )
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["consortium_id", "day", "chain", "channel", "outcome"],
            set_={"journeys": JourneyDay.journeys + 1},
        )
    )


async def record_needs(
    tx: WriteSession,
    *,
    consortium_id: uuid.UUID,
    day: date,
    company_id: uuid.UUID,
    category: str,
    turned_down: int = 0,
    sought: int = 0,
) -> None:
    """A company turned people of a category down, or seeks some."""
    statement = insert_for(tx, NeedDay).values(
        consortium_id=consortium_id,
        day=day,
        company_id=company_id,
        category=category,
        turned_down=turned_down,
        sought=sought,
    )
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["consortium_id", "day", "company_id", "category"],
            set_={
                "turned_down": NeedDay.turned_down + turned_down,
                "sought": NeedDay.sought + sought,
            },
        )
    )
