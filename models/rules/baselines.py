"""What a company may state of its hires outside the network."""

from __future__ import annotations

from itertools import pairwise

from models.errors import InvalidInput
from models.rules.bounds import require_between
from models.rules.handovers import FEE_YEN_MAX
from models.rules.outcomes import MILESTONE_DAYS


def check_percents(percents: dict[int, int | None]) -> None:
    """Raise `InvalidInput` for what is no percent, or more who stayed longer than shorter."""
    stated = []
    for days in MILESTONE_DAYS:
        percent = percents[days]
        if percent is not None:
            require_between(f"stayed{days}Percent", percent, 0, 100)
            stated.append((days, percent))
    for (_, shorter), (days, longer) in pairwise(stated):
        if longer > shorter:
            raise InvalidInput(
                f"stayed{days}Percent",
                ja="長く在籍した割合が、短い期間の割合を上回ることはありません。",
                en="No more people can have stayed longer than stayed a shorter time.",
            )


def check_cost(cost_per_hire_yen: int | None) -> None:
    """Raise `InvalidInput` for a cost outside its bounds."""
    if cost_per_hire_yen is not None:
        require_between("costPerHireYen", cost_per_hire_yen, 0, FEE_YEN_MAX)
