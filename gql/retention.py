"""How long people stay, and what a company compares it with."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.payload import Payload, mutation, perform
from gql.scalars import Yen
from models.access import Actor, Permission
from models.operations import baselines as operations
from models.reads import retention as reads
from models.rules import retention as rules
from models.session import WriteSession
from models.tables.outcomes import CompanyBaseline

if TYPE_CHECKING:
    from gql.consortium import Company

PERCENT = 100


@strawberry.type(description="How many people stayed so many days.")
class Stayed:
    """One milestone, of those who joined long enough ago."""

    days: int = strawberry.field(description="Days stayed: 30, 90 or 180.")
    could: int = strawberry.field(
        description="How many joined long enough ago, also those who left since."
    )
    did: int = strawberry.field(description="How many of them stayed so long.")
    percent: float | None = strawberry.field(
        description="The share that stayed; null where nobody joined long enough ago."
    )
    lowest_percent: float | None = strawberry.field(
        description="The lower end of the share's 95 percent interval (Wilson): with few people "
        "it is wide, and says how little the share says."
    )
    highest_percent: float | None = strawberry.field(description="The upper end of the same.")


@strawberry.type(description="What became of an organization's hires through the network.")
class Retention:
    """Figures of today."""

    hires: int = strawberry.field(description="How many joined.")
    exits: int = strawberry.field(description="How many of them left, the early ones too.")
    early_exits: int = strawberry.field(description="How many left within the guarantee.")
    fees_yen: Yen = strawberry.field(description="The agencies' fees.")
    refunds_yen: Yen = strawberry.field(description="What of them is owed back.")
    cost_per_hire_yen: Yen | None = strawberry.field(
        description="Fees less what is owed back, over all hires; null where there is none."
    )
    milestones: list[Stayed] = strawberry.field(description="30, 90 and 180 days.")


@strawberry.type(description="What a company says of its hires outside the network.")
class Baseline:
    """Stated by the company, and read by it alone."""

    stayed_30_percent: int | None = strawberry.field(description="Who stays 30 days.")
    stayed_90_percent: int | None = strawberry.field(description="Who stays 90 days.")
    stayed_180_percent: int | None = strawberry.field(description="Who stays 180 days.")
    cost_per_hire_yen: Yen | None = strawberry.field(description="What one hire costs.")
    changed_at: dt.datetime = strawberry.field(description="When it was stated.")


def _percent(share: float | None) -> float | None:
    return None if share is None else round(PERCENT * share, 1)


def retention_figures(found: rules.Retention) -> Retention:
    """As they were worked out."""
    cost = found.cost_per_hire_yen
    return Retention(
        hires=found.hires,
        exits=found.exits,
        early_exits=found.early_exits,
        fees_yen=Yen(found.fees_yen),
        refunds_yen=Yen(found.refunds_yen),
        cost_per_hire_yen=None if cost is None else Yen(cost),
        milestones=[
            Stayed(
                days=one.days,
                could=one.could,
                did=one.did,
                percent=_percent(one.share),
                lowest_percent=_percent(one.lowest),
                highest_percent=_percent(one.highest),
            )
            for one in found.milestones
        ],
    )


def baseline_of(row: CompanyBaseline | None) -> Baseline | None:
    """As it is stored."""
    if row is None:
        return None
    cost = row.cost_per_hire_yen
    return Baseline(
        stayed_30_percent=row.stayed_30_percent,
        stayed_90_percent=row.stayed_90_percent,
        stayed_180_percent=row.stayed_180_percent,
        cost_per_hire_yen=None if cost is None else Yen(cost),
        changed_at=row.changed_at,
    )


@strawberry.type
class OrganizationRetention:
    """What companies and agencies have of retention: `gql.consortium` takes it in."""

    @relation(
        description="What became of the people it hired or introduced; told to the organization "
        "itself alone, null to others."
    )
    @staticmethod
    async def retention(parents: list[Any], ctx: Context) -> list[Retention | None]:
        keys = [parent.key for parent in parents]
        async with ctx.database.read() as read:
            found = await reads.retention_by_organization(read, ctx.signed_in(), keys)
        return [retention_figures(found[key]) if key in found else None for key in keys]


@strawberry.type
class CompanyBaselines:
    """What a company has of its baseline: `gql.consortium` takes it in."""

    @relation(
        description="What it says of its hires outside the network; told to itself alone, null "
        "to others and where nothing was stated."
    )
    @staticmethod
    async def baseline(parents: list[Any], ctx: Context) -> list[Baseline | None]:
        keys = [parent.key for parent in parents]
        async with ctx.database.read() as read:
            found: Mapping[uuid.UUID, CompanyBaseline] = await reads.baselines_by_company(
                read, ctx.signed_in(), keys
            )
        return [baseline_of(found.get(key)) for key in keys]


@strawberry.input(description="A baseline to be stated. It takes the place of the one before.")
class StateBaselineInput:
    """Of hires outside the network; what is left out is not known."""

    stayed_30_percent: int | None = strawberry.field(
        default=None, description="Who stays 30 days, 0 to 100."
    )
    stayed_90_percent: int | None = strawberry.field(
        default=None, description="Who stays 90 days, 0 to 100."
    )
    stayed_180_percent: int | None = strawberry.field(
        default=None, description="Who stays 180 days, 0 to 100."
    )
    cost_per_hire_yen: Yen | None = strawberry.field(
        default=None, description="What one hire costs, fees and advertisements together."
    )


@strawberry.type(description="What became of the baseline.")
class BaselinePayload(Payload):
    """The company with its baseline, or why not."""

    company: Annotated[Company, strawberry.lazy("gql.consortium")] | None = strawberry.field(
        default=None, description="Your company."
    )


@strawberry.type
class RetentionMutation:
    """What a company states."""

    @mutation(
        Permission.STATE_BASELINE,
        description="State what your company compares its hires through the network with.",
    )
    async def state_baseline(
        self,
        info: strawberry.Info[Context],
        input: Annotated[StateBaselineInput, strawberry.argument(description="The baseline.")],
    ) -> BaselinePayload:
        command = operations.StateBaseline(**vars(input))

        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            return await operations.state_baseline(tx, actor, command)

        return await perform(
            info.context, BaselinePayload, run, thing="company", type_name="Company"
        )
