"""The flow network through GraphQL, on both databases."""

from __future__ import annotations

import pytest_asyncio

from models.session import Database
from tests.network_world import Played, network, played


@pytest_asyncio.fixture
async def history(database: Database) -> Played:
    return await played(database)


async def test_edges_are_those_with_most_people_first(history: Played) -> None:
    found = await network(
        history,
        "toldFrom toldUntil edges { totalCount nodes { from { name } to { name } people } }",
    )
    assert (found["toldFrom"], found["toldUntil"]) == ("2026-01-01", "2026-03-31")
    people = [edge["people"] for edge in found["edges"]["nodes"]]
    assert people == sorted(people, reverse=True)
    assert all(number % 3 == 0 for number in people)


async def test_pages_follow_one_another_both_ways(history: Played) -> None:
    whole = (await network(history, "edges { edges { cursor node { people } } }"))["edges"]["edges"]
    first = await network(history, "edges(first: 2) { edges { cursor } pageInfo { hasNextPage } }")
    assert first["edges"]["pageInfo"]["hasNextPage"] is True
    assert first["edges"]["edges"] == [{"cursor": edge["cursor"]} for edge in whole[:2]]
    rest = await network(history, f'edges(after: "{whole[1]["cursor"]}") {{ edges {{ cursor }} }}')
    assert rest["edges"]["edges"] == [{"cursor": edge["cursor"]} for edge in whole[2:]]
    back = await network(
        history, f'edges(last: 1, before: "{whole[2]["cursor"]}") {{ edges {{ cursor }} }}'
    )
    assert back["edges"]["edges"] == [{"cursor": whole[1]["cursor"]}]


async def test_a_company_sees_its_own_rows_exactly(history: Played) -> None:
    asked = "strength { rows { nodes { node { key } given taken net } } inWords }"
    own = await network(history, asked, actor=history.company())
    [row] = [
        row
        for row in own["strength"]["rows"]["nodes"]
        if row["node"]["key"] == history.world.company.id.hex
    ]
    assert (row["given"], row["taken"], row["net"]) == (49.0, 5.0, 44.0)
    assert history.world.company.name in own["strength"]["inWords"]
