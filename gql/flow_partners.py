"""Partners to consider: companies without a partnership for which the network speaks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.consortium import Company, load_organizations
from gql.context import Context
from gql.enums import described
from gql.flow_network import FlowNetworkFilter, network_of, question_of
from gql.terms import Term, job_category
from models.access import Actor, Permission
from models.errors import Forbidden, InvalidInput
from models.reads.members import consortium_of
from models.reads.needs import Cell, places_in
from models.reads.network_partners import member_companies, partner_groups
from models.rules.flows import Level, local_day
from models.rules.lifecycles import OrganizationKind
from models.rules.partner_fit import Need, as_told
from models.session import ReadSession
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.text import Text
from network.directory import Directory
from network.edges import Window
from network.flow import Node
from network.needs import joined_needs, needs_window, own_needs
from network.questions import Scope, View
from network.recommend import (
    PartKind,
    PartnersToConsider,
    partners_to_consider,
    reasons_in_words,
)

PARTNERS_COST_POINTS = 300
PAIRS_MAX = 100
PAIRS_TO_AN_EDGE = 100
"""Pairs scored in the time that an edge takes."""

described(
    PartKind,
    "What speaks for a partnership.",
    NEIGHBOURS="The organizations that both exchange people with (resource allocation index).",
    DEMAND="Of the people either turned down, those in categories that the other seeks.",
    BALANCE="Whether both would have someone for the other.",
)


@strawberry.type(description="One part of a score.")
class PartnersPart:
    """From 0 to 1."""

    kind: PartKind = strawberry.field(description="What is looked at.")
    weight: int = strawberry.field(description="What it weighs, of 100.")
    score: float | None = strawberry.field(description="Null where it cannot be judged.")


@strawberry.type(description="Two companies without a partnership, and what speaks for one.")
class PartnersPair:
    """No candidate's data enters."""

    one_key: strawberry.Private[uuid.UUID]
    other_key: strawberry.Private[uuid.UUID]
    score: float = strawberry.field(
        description="From 0 to 1: the mean of the parts that can be judged, weighted."
    )
    parts: list[PartnersPart] = strawberry.field(description="The parts.")
    shared_neighbours: int = strawberry.field(
        description="How many organizations both exchange people with."
    )
    resource_allocation: float = strawberry.field(
        description="The sum, over those, of 1 ÷ with how many they exchange people."
    )
    giving: list[Term] = strawberry.field(
        description="Job categories that the first turned people down for and the other seeks."
    )
    taking: list[Term] = strawberry.field(description="The same the other way round.")
    reasons: list[str] = strawberry.field(
        description="What speaks for it, in the caller's language."
    )

    @relation(description="The first company; your own, where you ask for a company.")
    @staticmethod
    async def one(parents: list[PartnersPair], ctx: Context) -> list[Company | None]:
        return await _companies(ctx, [parent.one_key for parent in parents])

    @relation(description="The other company.")
    @staticmethod
    async def other(parents: list[PartnersPair], ctx: Context) -> list[Company | None]:
        return await _companies(ctx, [parent.other_key for parent in parents])


async def _companies(ctx: Context, keys: list[uuid.UUID]) -> list[Company | None]:
    found = await load_organizations(ctx, keys)
    return [one if isinstance(one := found.get(key), Company) else None for key in keys]


def _pair(ctx: Context, found: PartnersToConsider, directory: Directory) -> PartnersPair:
    keys = [str(found.one), str(found.other)]
    names: dict[Node, Text] = {key: directory.party(key, Level.ORGANIZATION).name for key in keys}
    # How many another turned down is told in bands alone: a number that stands for one is none.
    reasons = reasons_in_words(replace(found, giving_people=0, taking_people=0), names)
    return PartnersPair(
        one_key=uuid.UUID(keys[0]),
        other_key=uuid.UUID(keys[1]),
        score=found.score,
        parts=[PartnersPart(kind=p.kind, weight=p.weight, score=p.score) for p in found.parts],
        shared_neighbours=found.shared_neighbours,
        resource_allocation=found.resource_allocation,
        giving=[term for one in found.giving if (term := job_category(one))],
        taking=[term for one in found.taking if (term := job_category(one))],
        reasons=[reason.in_(ctx.locale) for reason in reasons],
    )


def pairs_size(companies: int, own: str | None) -> int:
    """How large the pairs are to score: all of them, or a company's own alone."""
    return companies if own is not None else companies**2 // PAIRS_TO_AN_EDGE


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question about partners is answered from, besides the network."""

    companies: list[str]
    partners: list[list[str]]
    needs_window: Window | None
    places: Mapping[Cell, int]
    own: Mapping[str, Need] | None


async def _read(read: ReadSession, actor: Actor) -> _Asked:
    today = local_day(read.now, (await consortium_of(read, actor)).time_zone)
    own = None
    if actor.organization_id is not None:
        own = await own_needs(read, actor.consortium_id, actor.organization_id, today)
    return _Asked(
        [key.hex for key in await member_companies(read, actor)],
        [[one.hex for one in group] for group in await partner_groups(read, actor)],
        await needs_window(read, actor.consortium_id, today),
        await places_in(read, actor.consortium_id, JOB_CATEGORIES, today),
        own,
    )


async def _needs(ctx: Context, actor: Actor, asked: _Asked) -> dict[Node, Mapping[str, Need]]:
    """The needs of all companies in the bands that are told of them; one's own exactly."""
    turned_down: Mapping[Cell, int] = {}
    if asked.needs_window is not None:
        scope = Scope(actor.consortium_id, None, asked.needs_window)
        turned_down = await ctx.analyses.turned_down(scope)
    needs = await ctx.analyses.in_thread(partial(_in_bands, turned_down, asked.places))
    if actor.organization_id is not None and asked.own is not None:
        needs[actor.organization_id.hex] = asked.own
    return needs


def _in_bands(
    turned_down: Mapping[Cell, int], places: Mapping[Cell, int]
) -> dict[Node, Mapping[str, Need]]:
    return {
        key.hex: {category: as_told(need) for category, need in found.items()}
        for key, found in joined_needs(turned_down, places).items()
    }


@strawberry.type
class PartnersQuery:
    """The root field about partners to consider."""

    @relation(
        description="Pairs of companies with no partnership for which most speaks in a window, by "
        "score: shared neighbours, complementary demand, and balance. Of how many others turned "
        "down only bands enter. A company is told of its own pairs alone.",
        cost=PARTNERS_COST_POINTS,
    )
    @staticmethod
    async def partners_to_consider(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            FlowNetworkFilter, strawberry.argument(description="Which part of the network.")
        ],
        first: Annotated[
            int, strawberry.argument(description=f"So many of the best, 1 to {PAIRS_MAX}.")
        ] = 20,
    ) -> list[list[PartnersPair]]:
        actor = ctx.permitted(Permission.READ_FLOWS)
        if actor.organization_kind is OrganizationKind.AGENCY:
            raise Forbidden(permission=Permission.READ_PARTNERSHIPS.name)
        if not 1 <= first <= PAIRS_MAX:
            raise InvalidInput(
                "first",
                ja=f"1〜{PAIRS_MAX}件で指定してください。",
                en=f"Ask for 1 to {PAIRS_MAX} pairs.",
            )
        question = replace(question_of(ctx, where), level=Level.ORGANIZATION, view=View.HAND_OVERS)
        seen = await (await network_of(ctx, question)).seen(ctx)
        async with ctx.database.read() as read:
            asked = await _read(read, actor)
        own = None if actor.organization_id is None else actor.organization_id.hex
        if own is not None and own not in asked.companies:
            return [[]] * len(parents)
        work = partial(
            partners_to_consider,
            seen.with_keys(),
            companies=asked.companies,
            partnerships=asked.partners,
            needs=await _needs(ctx, actor, asked),
            of=own,
            top=first,
        )
        found = await ctx.analyses.computed(work, pairs_size(len(asked.companies), own))
        directory = await ctx.analyses.directory(question.scope)
        return [[_pair(ctx, one, directory) for one in found]] * len(parents)
