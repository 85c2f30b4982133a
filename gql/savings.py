"""What a company saved, line by line, beside all that it rests on; and stating it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Annotated, Any, Self

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.enums import described
from gql.payload import Payload, mutation, perform
from gql.scalars import Yen, YenDifference
from models.access import Actor, Permission
from models.operations.savings import StateAssumptions, state_assumptions
from models.reads.savings import assumptions_of
from models.rules import savings as rules
from models.rules.savings import Assumption, HireKind
from models.rules.savings_words import needed_in_words, savings_in_words
from models.session import WriteSession

if TYPE_CHECKING:
    from gql.consortium import Company

described(
    Assumption,
    "What a figure of the savings can rest on.",
    COST_PER_HIRE="What one hire outside the network costs.",
    HIRES_A_YEAR="How many people are hired outside the network in a year.",
    ADVERTISING_A_YEAR="What is spent on advertising in a year.",
    AGENCY_HIRES_A_YEAR="How many of the hires of a year come through agencies for a fee.",
    AGENCY_FEE_PERCENT="The fee of those agencies, in percent of a year's pay.",
    YEARLY_PAY="The average yearly pay of those hired.",
    PARTICIPATION_A_YEAR="What taking part in the network costs in a year.",
)
described(
    HireKind,
    "By which way a person was hired through the network.",
    FREE_HIRE="On a free hire: no fee.",
    PARTNER="From a partner company: no fee.",
    INTRODUCTION="By an agency's introduction, for its fee.",
)


def _yen(amount: int | None) -> Yen | None:
    return None if amount is None else Yen(amount)


def _difference(amount: int | None) -> YenDifference | None:
    return None if amount is None else YenDifference(amount)


@strawberry.type(description="What your company states of its hiring, from a day on.")
class HiringAssumptions:
    """Stated by the company, and read by it alone. What is null is not stated."""

    valid_from: dt.date = strawberry.field(
        description="The first day it holds for, until the next that is stated."
    )
    cost_per_hire_yen: Yen | None = strawberry.field(
        description="What one hire outside the network costs; where null, it is worked out from "
        "the four that follow."
    )
    hires_a_year: int | None = strawberry.field(
        description="How many people it hires outside the network in a year."
    )
    advertising_yen_a_year: Yen | None = strawberry.field(
        description="What it spends on advertising for them in a year."
    )
    agency_hires_a_year: int | None = strawberry.field(
        description="How many of them come through agencies for a fee."
    )
    agency_fee_percent: int | None = strawberry.field(
        description="That fee, in percent of a year's pay."
    )
    yearly_pay_yen: Yen | None = strawberry.field(
        description="The average yearly pay of those it hires."
    )
    participation_yen_a_year: Yen | None = strawberry.field(
        description="What taking part in the network costs it in a year: dues, its own work."
    )
    note: str | None = strawberry.field(description="Where the numbers come from.")

    @classmethod
    def of(cls, stated: rules.Assumptions) -> Self:
        """As it is stored."""
        return cls(
            valid_from=stated.valid_from,
            cost_per_hire_yen=_yen(stated.cost_per_hire_yen),
            hires_a_year=stated.hires_a_year,
            advertising_yen_a_year=_yen(stated.advertising_yen_a_year),
            agency_hires_a_year=stated.agency_hires_a_year,
            agency_fee_percent=stated.agency_fee_percent,
            yearly_pay_yen=_yen(stated.yearly_pay_yen),
            participation_yen_a_year=_yen(stated.participation_yen_a_year),
            note=stated.note,
        )


@strawberry.type(description="One line of the sum: hires of one kind under one set of assumptions.")
class SavingsLine:
    """Saved is replaced less paid, and replaced is hires times the cost of one."""

    first_day: dt.date = strawberry.field(description="The first day that the line is for.")
    last_day: dt.date = strawberry.field(description="The last day that it is for.")
    kind: HireKind = strawberry.field(description="By which way they came.")
    hires: int = strawberry.field(
        description="How many joined, without those who left within the guarantee."
    )
    early_exits: int = strawberry.field(
        description="How many left within the guarantee: they replaced nobody, but what was paid "
        "for them and is not owed back counts."
    )
    cost_per_hire_yen: Yen | None = strawberry.field(
        description="What one hire outside the network costs, stated or worked out; null where "
        "that is not known."
    )
    replaced_yen: Yen | None = strawberry.field(
        description="What they would have cost outside; null where that is not known."
    )
    paid_yen: Yen = strawberry.field(description="Fees less what is owed back.")
    saved_yen: YenDifference | None = strawberry.field(
        description="The difference; null where the cost outside is not known."
    )


@strawberry.type(description="An assumption without which a figure is missing.")
class NeededAssumption:
    """What to state, and from when on."""

    assumption: Assumption = strawberry.field(description="Which one.")
    first_day: dt.date = strawberry.field(description="The first day that it is missing for.")
    in_words: str = strawberry.field(description="The same as words.")


@strawberry.type(description="What a company saved by hiring through the network.")
class Savings:
    """Nothing is invented: a figure that rests on what is not stated is null."""

    lines: list[SavingsLine] = strawberry.field(description="The sum, line by line.")
    assumptions: list[HiringAssumptions] = strawberry.field(
        description="What was in force in the period, and so what the figures rest on."
    )
    hires: int = strawberry.field(description="How many joined and did not leave early.")
    replaced_yen: Yen | None = strawberry.field(description="What they would have cost outside.")
    paid_yen: Yen = strawberry.field(description="What was paid for them, less what is owed back.")
    saved_yen: YenDifference | None = strawberry.field(description="Replaced less paid.")
    participation_yen: Yen | None = strawberry.field(
        description="What taking part in the network cost in those days."
    )
    net_saved_yen: YenDifference | None = strawberry.field(description="Saved less taking part.")
    outside_yen: Yen | None = strawberry.field(
        description="What hiring outside the network cost in those days."
    )
    without_network_yen: Yen | None = strawberry.field(
        description="What all hires together would have cost outside."
    )
    reduction_percent: float | None = strawberry.field(
        description="Net saved, in percent of that; below 0 where the network cost more."
    )
    needs: list[NeededAssumption] = strawberry.field(
        description="What to state for the figures that are null."
    )
    in_words: str = strawberry.field(description="What the sum says.")

    @classmethod
    def of(cls, found: rules.Savings, locale: str) -> Self:
        """As it was worked out, in someone's language."""
        return cls(
            lines=[_line(line) for line in found.lines],
            assumptions=[HiringAssumptions.of(one) for one in found.assumptions],
            hires=found.hires,
            replaced_yen=_yen(found.replaced_yen),
            paid_yen=Yen(found.paid_yen),
            saved_yen=_difference(found.saved_yen),
            participation_yen=_yen(found.participation_yen),
            net_saved_yen=_difference(found.net_saved_yen),
            outside_yen=_yen(found.outside_yen),
            without_network_yen=_yen(found.without_network_yen),
            reduction_percent=found.reduction_percent,
            needs=[
                NeededAssumption(
                    assumption=one.assumption,
                    first_day=one.first,
                    in_words=needed_in_words(one).in_(locale),
                )
                for one in found.needs
            ],
            in_words=savings_in_words(found).in_(locale),
        )


def _line(line: rules.SavingsLine) -> SavingsLine:
    return SavingsLine(
        first_day=line.first,
        last_day=line.last,
        kind=line.kind,
        hires=line.hires,
        early_exits=line.early_exits,
        cost_per_hire_yen=_yen(line.cost_per_hire_yen),
        replaced_yen=_yen(line.replaced_yen),
        paid_yen=Yen(line.paid_yen),
        saved_yen=_difference(line.saved_yen),
    )


@strawberry.type
class SavingsQuery:
    """The root field about what was stated."""

    @relation(
        description="All that your company ever stated of its hiring, by the day from which it "
        "holds; at most sixty."
    )
    @staticmethod
    async def hiring_assumptions(parents: list[Any], ctx: Context) -> list[list[HiringAssumptions]]:
        """Of the own company; empty for those who act for the consortium."""
        actor = ctx.permitted(Permission.READ_IMPACT)
        own = [] if actor.organization_id is None else [actor.organization_id]
        async with ctx.database.read() as read:
            found = await assumptions_of(read, own)
        stated = [HiringAssumptions.of(one) for key in own for one in found.get(key, ())]
        return [stated] * len(parents)


@strawberry.input(description="What your company states of its hiring, from a day on.")
class StateAssumptionsInput:
    """What is left out is not stated. It takes the place of what was stated for the same day."""

    valid_from: dt.date = strawberry.field(description="The first day that it holds for.")
    cost_per_hire_yen: Yen | None = strawberry.field(
        default=None, description="What one hire outside the network costs, all in all."
    )
    hires_a_year: int | None = strawberry.field(
        default=None, description="Hires outside the network in a year."
    )
    advertising_yen_a_year: Yen | None = strawberry.field(
        default=None, description="Advertising for them in a year."
    )
    agency_hires_a_year: int | None = strawberry.field(
        default=None, description="How many of them come through agencies for a fee."
    )
    agency_fee_percent: int | None = strawberry.field(
        default=None, description="That fee in percent of a year's pay, 0 to 100."
    )
    yearly_pay_yen: Yen | None = strawberry.field(
        default=None, description="Their average yearly pay."
    )
    participation_yen_a_year: Yen | None = strawberry.field(
        default=None, description="What taking part in the network costs in a year; 0 for nothing."
    )
    note: str | None = strawberry.field(
        default=None, description="Where the numbers come from, at most 1,000 characters."
    )


@strawberry.type(description="What became of the assumptions.")
class AssumptionsPayload(Payload):
    """The company, or why not."""

    company: Annotated[Company, strawberry.lazy("gql.consortium")] | None = strawberry.field(
        default=None, description="Your company."
    )


@strawberry.type
class SavingsMutation:
    """What a company states."""

    @mutation(
        Permission.STATE_ASSUMPTIONS,
        description="State what your company's savings are worked out from.",
    )
    async def state_assumptions(
        self,
        info: strawberry.Info[Context],
        input: Annotated[
            StateAssumptionsInput, strawberry.argument(description="The assumptions.")
        ],
    ) -> AssumptionsPayload:
        command = StateAssumptions(rules.Assumptions(**vars(input)))

        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            return await state_assumptions(tx, actor, command)

        return await perform(
            info.context, AssumptionsPayload, run, thing="company", type_name="Company"
        )
