"""The nested read through the schema, against the same rows by four plain SQL statements."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import func, select

from benchmarks.places import Places, durable, open_database
from benchmarks.ratios import Ratio, median_ms
from gql.context import Context
from gql.schema import build_schema
from models.access import Actor, ActorKind, Role
from models.rules.lifecycles import Channel, OrganizationKind
from models.session import Database
from models.tables.referrals import Referral
from tasuki.load.run import load

COMPANIES = 60
"""More than are read, and few enough that each has referrals to each agency."""
COMPANIES_READ, REFERRALS_READ = 50, 20
SEED = 1
QUERY = f"""{{
  consortium {{ members(where: {{kind: {{eq: COMPANY}}}}, first: {COMPANIES_READ}) {{ nodes {{
    id name
    ... on Company {{ referrals(
      first: {REFERRALS_READ}, where: {{channel: {{eq: RELAY_LINK}}}}
    ) {{ nodes {{
      id createdOn status
      candidate {{ id category {{ code }} experienceYears prefecture {{ code }} }}
      receiver {{ id name }}
    }} }} }}
  }} }} }}
}}"""
COMPANIES_SQL = """
SELECT id, name FROM organization WHERE consortium_id = $1 AND kind = 'COMPANY'
ORDER BY name, id LIMIT $2
"""
REFERRALS_SQL = """
SELECT page.* FROM unnest($1::uuid[]) AS asked(id) CROSS JOIN LATERAL (
  SELECT id, from_id, to_id, candidate_id, created_on, status FROM referral
  WHERE from_id = asked.id AND to_id = $2 AND delivered_at IS NOT NULL
  ORDER BY created_on DESC, id DESC LIMIT $3) AS page
"""
PEOPLE_SQL = "SELECT id, category, experience_years, prefecture FROM candidate WHERE id = ANY($1)"
RECEIVERS_SQL = "SELECT id, name FROM organization WHERE id = ANY($1)"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A database with a load in it, and a recruiter of the agency that received the most."""

    database: Database
    actor: Actor


async def loaded(url: str, referrals: int) -> Loaded:
    """Fill a database, and find who reads it."""
    filling = open_database(url)
    report = await load(
        filling, companies=COMPANIES, referrals=referrals, seed=SEED, progress=lambda *_: None
    )
    assert report.violations == []
    await filling.close()
    database = durable(url)
    async with database.read() as read:
        agency_id = await read.scalar(
            select(Referral.to_id)
            .where(Referral.channel == Channel.RELAY_LINK)
            .group_by(Referral.to_id)
            .order_by(func.count().desc())
            .limit(1)
        )
    actor = Actor(
        ActorKind.USER,
        report.consortium_id,
        uuid.uuid4(),
        Role.RECRUITER,
        agency_id,
        OrganizationKind.AGENCY,
    )
    return Loaded(database, actor)


def through_the_schema(place: Loaded) -> Callable[[], Awaitable[Any]]:
    """The query, executed in process, as JSON."""
    schema = build_schema()

    async def ask() -> tuple[int, int]:
        context = Context(place.database, "https://tasuki.example", place.actor)
        result = await schema.execute(QUERY, context_value=context)
        assert result.errors is None, result.errors
        assert result.data is not None
        orjson.dumps(result.data)
        return _seen(result.data["consortium"]["members"]["nodes"])

    return ask


def _seen(companies: list[Any]) -> tuple[int, int]:
    pages = [company["referrals"]["nodes"] for company in companies]
    assert all(row["candidate"] and row["receiver"] for page in pages for row in page)
    return len(companies), sum(map(len, pages))


def by_plain_sql(place: Loaded) -> Callable[[], Awaitable[Any]]:
    """The same rows by four statements through the same pool and driver, as JSON."""

    async def ask() -> tuple[int, int]:
        async with place.database.reader.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            async with driver.transaction(isolation="repeatable_read", readonly=True):
                companies = await driver.fetch(
                    COMPANIES_SQL, place.actor.consortium_id, COMPANIES_READ
                )
                ids = [company["id"] for company in companies]
                rows = await driver.fetch(
                    REFERRALS_SQL, ids, place.actor.organization_id, REFERRALS_READ
                )
                people = await driver.fetch(PEOPLE_SQL, [row["candidate_id"] for row in rows])
                receivers = await driver.fetch(RECEIVERS_SQL, [row["to_id"] for row in rows])
        answer = _joined(companies, rows, people, receivers)
        orjson.dumps(answer, default=str)
        return len(answer), sum(len(one["referrals"]) for one in answer)

    return ask


def _joined(companies: Any, rows: Any, people: Any, receivers: Any) -> list[dict[str, Any]]:
    person = {row["id"]: dict(row) for row in people}
    receiver = {row["id"]: dict(row) for row in receivers}
    pages: dict[Any, list[Any]] = {}
    for row in rows:
        told = {name: row[name] for name in ("id", "created_on", "status")}
        told |= {"candidate": person[row["candidate_id"]], "receiver": receiver[row["to_id"]]}
        pages.setdefault(row["from_id"], []).append(told)
    return [{**dict(one), "referrals": pages.get(one["id"], [])} for one in companies]


async def measure(url: str, referrals: int, repeats: int) -> tuple[float, float]:
    """The middle times, in milliseconds: through the schema, and of the floor."""
    place = await loaded(url, referrals)
    ours, floor = through_the_schema(place), by_plain_sql(place)
    assert await ours() == await floor(), "both read the same rows"
    times = await median_ms(ours, repeats), await median_ms(floor, repeats)
    print(f"postgresql, {referrals:,} referrals: read {await ours()}: {times[0]:.1f} ms")
    await place.database.close()
    return times


def run(places: Places, *, referrals: int, repeats: int, times: int) -> list[Ratio]:
    """Against the floor, and against itself with so many times as much."""
    if "postgresql" not in places.kinds:
        print("nested read: NOT RUN, there is no PostgreSQL server")
        return []
    measured = {}
    for size in (referrals, referrals * times) if times > 1 else (referrals,):
        with places.database("postgresql") as url:
            measured[size] = asyncio.run(measure(url, size, repeats))
    ratios = [
        Ratio(
            f"nested read, {size:,} referrals (four SQL statements; at most 2)",
            f"{ours:.1f} ms",
            f"{floor:.1f} ms",
            ours / floor,
        )
        for size, (ours, floor) in measured.items()
    ]
    if times > 1:
        small, large = measured[referrals][0], measured[referrals * times][0]
        ratios.append(
            Ratio(
                f"nested read, {times} times the referrals (itself; at most 1.3)",
                f"{large:.1f} ms",
                f"{small:.1f} ms",
                large / small,
            )
        )
    return ratios
