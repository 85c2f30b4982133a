"""What the network did: what companies state of themselves, hires of old, candidates' answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert

from models.operations.savings import StateAssumptions, state_assumptions
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.savings import Assumptions
from models.rules.surveys import SCORES, SurveyKind, SurveyQuestion
from models.tables.flows import FlowDay
from models.tables.surveys import SurveyMonth
from tests.access.stage import Stage

JANUARY = date(2026, 1, 1)
FULL = Assumptions(
    valid_from=JANUARY,
    cost_per_hire_yen=1_000_000,
    hires_a_year=10,
    advertising_yen_a_year=2_000_000,
    agency_hires_a_year=3,
    agency_fee_percent=30,
    yearly_pay_yen=5_000_000,
    participation_yen_a_year=500_000,
    note="accounts of 2025",
)
PARTLY = Assumptions(valid_from=JANUARY, cost_per_hire_yen=900_000)


async def set_impact(stage: Stage) -> None:
    """One company states all there is, the other hardly anything; and January has its answers."""
    await stage.do(state_assumptions, "company_admin", StateAssumptions(FULL))
    await stage.do(state_assumptions, "receiver_admin", StateAssumptions(PARTLY))
    # So many that no rounding makes nothing of them.
    hired = [
        {
            "consortium_id": stage.world.consortium_id,
            "day": JANUARY,
            "from_id": stage.key(of),
            "to_id": stage.key("agency"),
            "channel": Channel.RELAY_LINK,
            "event": ReferralStatus.HIRED,
            "before": ReferralStatus.ACCEPTED,
            "waited": 7,
            "referrals": 6,
        }
        for of in ("company", "receiver")
    ]
    async with stage.world.database.transaction() as tx:
        await tx.execute(insert(FlowDay), hired)
        await tx.execute(insert(SurveyMonth), list(map(_answers, _cells(stage))))


def _cells(stage: Stage) -> list[tuple[Any, ...]]:
    return [
        (stage.world.consortium_id, stage.key("company"), kind, question, score)
        for kind in SurveyKind
        for question in SurveyQuestion
        for score in SCORES
    ]


def _answers(cell: tuple[Any, ...]) -> dict[str, Any]:
    names = ("consortium_id", "company_id", "kind", "question", "score")
    return {
        **dict(zip(names, cell, strict=True)),
        "month": JANUARY,
        "answers": 3,
        "smallest_count": 3,
    }
