"""What the demo's companies state of their hiring, and what its candidates answered by mail."""

from __future__ import annotations

import random
from datetime import date, timedelta

from models.operations.savings import StateAssumptions, state_assumptions
from models.operations.surveys import count_answers
from models.rules.flows import local_day
from models.rules.savings import Assumptions
from models.rules.surveys import SurveyKind, SurveyQuestion
from models.session import Database
from tasuki.demo.founding import Founded

TIME_ZONE = "Asia/Tokyo"
MONTH = timedelta(days=30)
MONTHS = 12
ANSWERS_A_MONTH = {SurveyKind.REGISTRATION: 6, SurveyKind.OUTCOME: 3}
"""Of each company that is asked about."""
ASKED_ABOUT = ("minato", "shiori", "kumano")
SCORES, WEIGHTS = (1, 2, 3, 4, 5), (1, 2, 4, 8, 6)


def _stated(day: date) -> dict[str, Assumptions]:
    return {
        "minato": Assumptions(
            valid_from=day,
            cost_per_hire_yen=1_250_000,
            hires_a_year=9,
            participation_yen_a_year=600_000,
            note="前年度の採用費（広告費、紹介手数料、説明会）を採用数で割ったものです。",
        ),
        "shiori": Assumptions(
            valid_from=day,
            hires_a_year=14,
            advertising_yen_a_year=4_200_000,
            agency_hires_a_year=6,
            agency_fee_percent=35,
            yearly_pay_yen=5_600_000,
            participation_yen_a_year=480_000,
            note="人事部の採用管理表から。",
        ),
        "kumano": Assumptions(valid_from=day, cost_per_hire_yen=1_100_000),
    }


async def state_what_hiring_costs(database: Database, founded: Founded) -> None:
    """On the first day: one company all in all, one by its parts, one only in part."""
    stated = _stated(local_day(database.clock(), TIME_ZONE))
    for key, assumptions in stated.items():
        actor = founded.staff_of(founded.organizations[key])
        async with database.transaction() as tx:
            await state_assumptions(tx, actor, StateAssumptions(assumptions))


async def answers_of_a_year(database: Database, founded: Founded, seed: int) -> None:
    """What candidates of the last months answered, each month on a clock of its own."""
    dice = random.Random(seed)
    clock = database.clock
    now = clock()
    for back in range(MONTHS, 0, -1):
        then = now - back * MONTH
        database.clock = lambda then=then: then  # type: ignore[misc]
        async with database.transaction() as tx:
            for key in ASKED_ABOUT:
                for kind, people in ANSWERS_A_MONTH.items():
                    for _ in range(people):
                        await count_answers(
                            tx,
                            consortium_id=founded.consortium_id,
                            company_id=founded.organizations[key],
                            kind=kind,
                            scores={
                                question: dice.choices(SCORES, WEIGHTS)[0]
                                for question in SurveyQuestion
                            },
                        )
    database.clock = clock
