"""What if: what a change would do, from the rates observed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.flow_near import key_of_node
from gql.flow_network import FlowNetworkFilter, network_of, question_of
from models.access import Actor, Permission
from models.errors import InvalidInput, NotFound
from models.reads.ledger import accounts_by_company
from models.reads.network_partners import member_companies, partner_groups
from models.rules.flows import Level, month_of
from models.rules.lifecycles import Channel, OrganizationKind
from network.answering import Seen
from network.computing import Takes
from network.flow import Node
from network.months import Months
from network.questions import Question, View
from network.scenarios import (
    AddPartnership,
    ChangeThreshold,
    EndPartnership,
    LoseMember,
    Scenario,
)
from network.simulate import (
    DRAWS_MAX,
    Effect,
    Estimate,
    Observed,
    Simulation,
    cells_drawn,
    simulate,
)

SIMULATION_COST_POINTS = 300
SEED_MAX = 2**31 - 1
CELLS_TO_AN_EDGE = 250
"""Numbers drawn in the time that an edge takes."""


@strawberry.input(description="Companies become partners.")
class AddPartnershipScenario:
    """Two or more."""

    parties: list[str] = strawberry.field(description="Their keys as nodes of the network, or ids.")


@strawberry.input(description="Companies share no more.")
class EndPartnershipScenario:
    """Two or more."""

    parties: list[str] = strawberry.field(description="Their keys as nodes of the network, or ids.")
    rerouted_share: float = strawberry.field(
        default=0.0, description="The part, 0 to 1, of what they shared that finds another partner."
    )


@strawberry.input(description="A member leaves.")
class LoseMemberScenario:
    """Whatever it gave and took ends."""

    member: str = strawberry.field(description="Its key as a node of the network, or id.")
    rerouted_share: float = strawberry.field(
        default=0.0, description="The part, 0 to 1, of what passed through it that goes elsewhere."
    )


@strawberry.input(description="A free hire is given for another number of counts.")
class ChangeThresholdScenario:
    """From ten to eight, as it were."""

    from_counts: int = strawberry.field(default=10, description="Counts for a free hire now.")
    to_counts: int = strawberry.field(default=8, description="Counts for a free hire then.")
    response_share: float = strawberry.field(
        default=0.0, description="By what part, -1 to 10, registrations grow for it."
    )


@strawberry.input(description="One change to try out: exactly one of them.")
class ScenarioInput:
    """One is given, the others are left out."""

    add_partnership: AddPartnershipScenario | None = strawberry.field(
        default=None, description="Companies become partners."
    )
    end_partnership: EndPartnershipScenario | None = strawberry.field(
        default=None, description="Companies share no more."
    )
    lose_member: LoseMemberScenario | None = strawberry.field(
        default=None, description="A member leaves."
    )
    change_threshold: ChangeThresholdScenario | None = strawberry.field(
        default=None, description="A free hire for another number of counts."
    )


@strawberry.input(description="What to try out, from which rates, and for how long.")
class SimulateInput:
    """The same input and seed give the same answer."""

    where: FlowNetworkFilter = strawberry.field(
        description="From which window and channels the rates are taken."
    )
    scenario: ScenarioInput = strawberry.field(description="The change.")
    ahead_months: int = strawberry.field(default=12, description="Months ahead, 1 to 36.")
    draws: int = strawberry.field(default=2_000, description="How many draws, 100 to 10,000.")
    seed: int = strawberry.field(default=1, description="The same seed, the same answer.")


@strawberry.type(description="A mean, and between what 95 % of the draws lie.")
class SimulatedEstimate:
    """In people, or free hires."""

    mean: float = strawberry.field(description="The mean of the draws.")
    low: float = strawberry.field(description="The lower end.")
    high: float = strawberry.field(description="The upper end.")


@strawberry.type(description="Without the change, with it, and the difference.")
class SimulatedEffect:
    """Over all the months ahead."""

    now: SimulatedEstimate = strawberry.field(description="Without the change.")
    then: SimulatedEstimate = strawberry.field(description="With it.")
    difference: SimulatedEstimate = strawberry.field(description="What the change does.")


@strawberry.type(description="The effect on one channel's hand-overs.")
class SimulatedChannel:
    """In people."""

    channel: Channel = strawberry.field(description="The channel.")
    handed_people: SimulatedEffect = strawberry.field(description="People handed over.")


@strawberry.type(description="What a change would do, with what it takes for granted.")
class FlowSimulation:
    """From the rates observed."""

    data_version: str = strawberry.field(description="What the rates were taken from.")
    ahead_months: int = strawberry.field(description="Months ahead.")
    draws: int = strawberry.field(description="How many draws.")
    seed: int = strawberry.field(description="The seed.")
    channels: list[SimulatedChannel] = strawberry.field(description="Hand-overs by channel.")
    hired_people: SimulatedEffect = strawberry.field(description="Hires by companies.")
    free_hires: SimulatedEffect | None = strawberry.field(
        description="Free hires earned; null where the change does not touch them."
    )
    assumptions: list[str] = strawberry.field(
        description="What is taken for granted, in the caller's language."
    )


def _estimate(found: Estimate) -> SimulatedEstimate:
    return SimulatedEstimate(mean=found.mean, low=found.low, high=found.high)


def _effect(found: Effect) -> SimulatedEffect:
    return SimulatedEffect(
        now=_estimate(found.now),
        then=_estimate(found.then),
        difference=_estimate(found.difference),
    )


def _told(ctx: Context, version: str, found: Simulation) -> FlowSimulation:
    return FlowSimulation(
        data_version=version,
        ahead_months=found.ahead_months,
        draws=found.draws,
        seed=found.seed,
        channels=[
            SimulatedChannel(channel=channel, handed_people=_effect(effect))
            for channel, effect in found.handed_people.items()
        ],
        hired_people=_effect(found.hired_people),
        free_hires=_effect(found.free_hires) if found.free_hires else None,
        assumptions=[one.in_(ctx.locale) for one in found.assumptions],
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """Who can be named: nodes of the network, and companies that are members of the consortium."""

    nodes: frozenset[Node]
    companies: frozenset[Node]


def _known(observed: Observed, question: Question) -> _Known:
    nodes = frozenset(observed.table.nodes)
    is_imported = question.scope.source_id is not None
    return _Known(nodes, nodes if is_imported else frozenset(observed.companies))


def _scenario(asked: ScenarioInput, known: _Known) -> Scenario:
    """The change.

    Raises:
        InvalidInput: There is not exactly one.
        NotFound: Somebody named is not there.
    """
    if sum(one is not None for one in vars(asked).values()) != 1:
        raise InvalidInput(
            "input",
            "scenario",
            ja="変更はひとつだけ指定してください。",
            en="Give exactly one change.",
        )
    if asked.add_partnership:
        return AddPartnership(_parties(asked.add_partnership.parties, known, "addPartnership"))
    if asked.end_partnership:
        parties = _parties(asked.end_partnership.parties, known, "endPartnership")
        return EndPartnership(parties, asked.end_partnership.rerouted_share)
    if asked.lose_member:
        member = key_of_node(asked.lose_member.member)
        if member not in known.nodes and member not in known.companies:
            raise NotFound("input", "scenario", "loseMember", "member", what="node")
        return LoseMember(member, asked.lose_member.rerouted_share)
    assert asked.change_threshold
    threshold = asked.change_threshold
    return ChangeThreshold(threshold.from_counts, threshold.to_counts, threshold.response_share)


def _parties(asked: list[str], known: _Known, kind: str) -> tuple[str, ...]:
    parties = tuple(key_of_node(one) for one in asked)
    if not known.companies.issuperset(parties):
        raise NotFound("input", "scenario", kind, "parties", what="company")
    return parties


def _months(seen: Seen) -> Months:
    """The months with everybody's figures: a rate is of whole months."""
    if seen.months is None:
        raise InvalidInput(
            "input",
            "where",
            ja="この期間には締められた月がひとつも含まれていないため、見込みを計算できません。"
            "期間を長くしてください。",
            en="The window holds no whole month that is closed, so there is no rate to go by. "
            "Choose a longer one.",
        )
    return Months(month_of(seen.months.first), month_of(seen.months.last))


async def _observed(ctx: Context, actor: Actor, seen: Seen, question: Question) -> Observed:
    """What the rates are taken from. Of an imported history nothing but its rows is known."""
    table, months = seen.table_with_keys(), _months(seen)
    if question.scope.source_id is not None:
        return Observed(table, months)
    own = actor.organization_id if actor.organization_kind is OrganizationKind.COMPANY else None
    async with ctx.database.read() as read:
        groups = await partner_groups(read, actor)
        companies = await member_companies(read, actor)
        accounts = {} if own is None else await accounts_by_company(read, actor, [own])
    return Observed(
        table,
        months,
        tuple(tuple(one.hex for one in group) for group in groups),
        {key.hex: account.counts - account.debt for key, account in accounts.items()},
        tuple(one.hex for one in companies),
        None if own is None else own.hex,
    )


@strawberry.type
class SimulationQuery:
    """The root field about what if."""

    @relation(
        description="What a change would do to hand-overs, hires and free hires, with an interval: "
        "a partnership more or less, a member lost, another number of counts for a free hire. "
        "Nothing is changed.",
        cost=SIMULATION_COST_POINTS,
    )
    @staticmethod
    async def simulate(
        parents: list[Any],
        ctx: Context,
        input: Annotated[SimulateInput, strawberry.argument(description="What to try out.")],
    ) -> list[FlowSimulation]:
        actor = ctx.permitted(Permission.READ_FLOWS)
        if not 0 <= input.seed <= SEED_MAX:
            raise InvalidInput(
                "input", "seed", ja="シードは0以上の整数です。", en="The seed is 0 or more."
            )
        question = replace(
            question_of(ctx, input.where), level=Level.ORGANIZATION, view=View.HAND_OVERS
        )
        seen = await (await network_of(ctx, question)).seen(ctx, Takes.TABLE)
        observed = await _observed(ctx, actor, seen, question)
        scenario = _scenario(input.scenario, _known(observed, question))
        work = partial(
            simulate,
            observed,
            scenario,
            ahead_months=input.ahead_months,
            draws=input.draws,
            seed=input.seed,
        )
        count = partial(cells_drawn, observed, scenario, min(input.draws, DRAWS_MAX))
        try:
            cells = await ctx.analyses.in_thread(count)
            size = max(seen.size_of_table(), cells // CELLS_TO_AN_EDGE)
            found = await ctx.analyses.computed(work, size)
        except ValueError as error:
            raise InvalidInput(
                "input",
                ja=f"条件が範囲外です（{error}）。",
                en=f"The input is outside its bounds: {error}.",
            ) from None
        return [_told(ctx, seen.version, found)] * len(parents)
