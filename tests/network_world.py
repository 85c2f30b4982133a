"""A small played history for questions about the network, and the way they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert

from gql.context import Context
from gql.schema import build_schema
from models.access import Actor, Role
from models.operations.frozen import freeze_past
from models.rules.lifecycles import Channel, OrganizationKind, ReferralStatus
from models.session import Database
from models.tables.consortium import Organization
from models.tables.flows import FlowDay, JourneyDay
from network.answering import Analyses
from network.edges import Window
from network.questions import Question, Scope
from tests.world import World, add_organization, build_world

SCHEMA = build_schema()
IN_APRIL = datetime(2026, 4, 10, tzinfo=UTC)
SPRING = '{firstDay: "2026-01-01", lastDay: "2026-03-31"}'

RELAY, SHARED = Channel.RELAY_LINK, Channel.PARTNER_SHARE
AGREED, DELIVERED, ACCEPTED, OFFERED, HIRED = (
    ReferralStatus.AGREED,
    ReferralStatus.DELIVERED,
    ReferralStatus.ACCEPTED,
    ReferralStatus.OFFERED,
    ReferralStatus.HIRED,
)


@dataclass
class Played:
    """A world with a history, three companies and an agency."""

    world: World
    third: Organization

    @property
    def database(self) -> Database:
        return self.world.database

    def analyst(self, locale: str = "en") -> Actor:
        return self.world.actor(None, Role.ANALYST, locale)

    async def passed_on(self, number: int) -> None:
        """So many more come through the company's link, in the month that is open."""
        row = {
            "consortium_id": self.world.consortium_id,
            "day": date(2026, 4, 9),
            "from_id": self.world.company.id,
            "to_id": self.world.agency.id,
            "channel": RELAY,
            "event": ACCEPTED,
            "before": ACCEPTED,
            "waited": 0,
            "referrals": number,
        }
        async with self.database.transaction() as tx:
            await tx.execute(insert(FlowDay), row)

    def company(self, locale: str = "en") -> Actor:
        return self.world.actor(self.world.company, Role.ADMIN, locale)


async def played(database: Database) -> Played:
    """Three months of hand-overs: a company that gives most, a cycle, and one that only takes."""
    world = await build_world(database)
    async with database.transaction() as tx:
        third = await add_organization(tx, world.consortium_id, 44, OrganizationKind.COMPANY)
    one, two, agency = world.company, world.other_company, world.agency
    flows = [
        (date(2026, 1, 10), one, agency, RELAY, ACCEPTED, ACCEPTED, 0, 31),
        (date(2026, 2, 10), one, agency, RELAY, ACCEPTED, ACCEPTED, 0, 10),
        (date(2026, 2, 20), one, agency, RELAY, HIRED, ACCEPTED, 30, 7),
        (date(2026, 2, 10), two, agency, RELAY, ACCEPTED, ACCEPTED, 0, 14),
        (date(2026, 2, 11), one, two, SHARED, DELIVERED, AGREED, 1, 8),
        (date(2026, 3, 11), one, two, SHARED, HIRED, OFFERED, 7, 4),
        (date(2026, 2, 12), two, third, SHARED, DELIVERED, AGREED, 3, 11),
        (date(2026, 3, 12), third, one, SHARED, DELIVERED, AGREED, 1, 5),
        (date(2026, 4, 3), two, agency, RELAY, ACCEPTED, ACCEPTED, 0, 90),
    ]
    rows = [
        {
            "consortium_id": world.consortium_id,
            "day": day,
            "from_id": giver.id,
            "to_id": taker.id,
            "channel": channel,
            "event": event,
            "before": before,
            "waited": waited,
            "referrals": number,
        }
        for day, giver, taker, channel, event, before, waited, number in flows
    ]
    journeys = [
        {
            "consortium_id": world.consortium_id,
            "day": date(2026, 3, 11),
            "chain": f"{one.id.hex}>{two.id.hex}",
            "channel": SHARED,
            "outcome": HIRED,
            "journeys": 4,
        }
    ]
    async with world.database.transaction() as tx:
        await tx.execute(insert(FlowDay), rows)
        await tx.execute(insert(JourneyDay), journeys)
    world.clock.now = IN_APRIL
    await freeze_past(database)
    return Played(world, third)


def question_of(history: Played) -> Question:
    """What an analyst asks of the three months."""
    window = Window(date(2026, 1, 1), date(2026, 3, 31))
    return Question(Scope(history.world.consortium_id, None, window))


async def execute(
    database: Database,
    actor: Actor,
    query: str,
    variables: Mapping[str, Any] | None = None,
    analyses: Analyses | None = None,
) -> Any:
    """The result of one request."""
    context = Context(
        database=database,
        base_url="https://tasuki.example",
        actor=actor,
        shared_analyses=analyses,
    )
    return await SCHEMA.execute(query, variable_values=dict(variables or {}), context_value=context)


async def ask(
    database: Database,
    actor: Actor,
    query: str,
    variables: Mapping[str, Any] | None = None,
    analyses: Analyses | None = None,
) -> Any:
    """The data of a request without errors."""
    answer = await execute(database, actor, query, variables, analyses)
    assert answer.errors is None, answer.errors
    return answer.data


async def network(
    history: Played,
    fields: str,
    *,
    actor: Actor | None = None,
    where: str = SPRING,
    analyses: Analyses | None = None,
) -> Any:
    """What is asked of the network, by an analyst where nobody else is named."""
    query = f"{{ flowNetwork(where: {where}) {{ {fields} }} }}"
    data = await ask(history.database, actor or history.analyst(), query, analyses=analyses)
    return data["flowNetwork"]
