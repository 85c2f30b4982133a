"""Partners to consider and what if, through GraphQL, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from gql.flow_partners import pairs_size
from models.access import Role
from models.session import Database
from tests.network_world import SPRING, Played, ask, execute, played

PAIRS = (
    "score sharedNeighbours resourceAllocation reasons giving { code } taking { code } "
    "parts { kind weight score } one { id name } other { id name }"
)
EFFECT = "{ now { mean low high } then { mean } difference { mean low high } }"
SIMULATE = (
    "query ($input: SimulateInput!) { simulate(input: $input) { dataVersion aheadMonths draws seed "
    f"channels {{ channel handedPeople {EFFECT} }} hiredPeople {EFFECT} freeHires {EFFECT} "
    "assumptions } }"
)
WHERE = {"firstDay": "2026-01-01", "lastDay": "2026-03-31"}


@pytest_asyncio.fixture
async def history(database: Database) -> Played:
    return await played(database)


async def test_pairs_that_share_neighbours_are_to_be_considered(history: Played) -> None:
    query = f"{{ partnersToConsider(where: {SPRING}) {{ {PAIRS} }} }}"
    found = (await ask(history.database, history.analyst(), query))["partnersToConsider"]
    scores = [pair["score"] for pair in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0]["reasons"][0].startswith("Both exchange people")
    ends = {frozenset((pair["one"]["id"], pair["other"]["id"])) for pair in found}
    assert len(ends) == len(found)


async def test_a_company_is_told_of_its_own_pairs_alone(history: Played) -> None:
    query = f"{{ partnersToConsider(where: {SPRING}) {{ {PAIRS} }} }}"
    found = (await ask(history.database, history.company(), query))["partnersToConsider"]
    assert found
    assert {pair["one"]["name"] for pair in found} == {history.world.company.name}


def test_a_companys_own_pairs_are_as_many_as_there_are_companies() -> None:
    assert (pairs_size(20_000, "own"), pairs_size(20_000, None)) == (20_000, 4_000_000)


async def test_an_agency_has_no_partners_to_consider(history: Played) -> None:
    query = f"{{ partnersToConsider(where: {SPRING}) {{ score }} }}"
    actor = history.world.actor(history.world.agency, Role.ADMIN)
    answer = await execute(history.database, actor, query)
    [error] = answer.errors
    assert error.original_error.code == "FORBIDDEN"


def scenario(history: Played, kind: str) -> dict[str, Any]:
    agency, company = history.world.agency.id.hex, history.world.company.id.hex
    known: dict[str, dict[str, Any]] = {
        "loseMember": {"loseMember": {"member": agency, "reroutedShare": 0.25}},
        "changeThreshold": {"changeThreshold": {"fromCounts": 10, "toCounts": 8}},
        "endPartnership": {
            "endPartnership": {"parties": [company, history.world.other_company.id.hex]}
        },
    }
    return known[kind]


@pytest.mark.parametrize("kind", ["loseMember", "changeThreshold", "endPartnership"])
async def test_a_change_is_tried_out_and_reproduced_by_its_seed(history: Played, kind: str) -> None:
    asked = {"where": WHERE, "scenario": scenario(history, kind), "draws": 200, "seed": 7}
    first = await ask(history.database, history.analyst(), SIMULATE, {"input": asked})
    again = await ask(history.database, history.analyst(), SIMULATE, {"input": asked})
    assert first == again
    found = first["simulate"]
    assert (found["seed"], found["draws"], found["dataVersion"]) == (7, 200, "2026-03")
    assert len(found["assumptions"]) >= 2
    assert (found["freeHires"] is not None) == (kind == "changeThreshold")
    relay = next(one for one in found["channels"] if one["channel"] == "RELAY_LINK")
    lost = relay["handedPeople"]["difference"]["mean"]
    assert (lost < 0) == (kind == "loseMember")


@pytest.mark.parametrize(
    "changed",
    [
        {"scenario": {}},
        {"scenario": {"loseMember": {"member": "nobody"}}},
        {"draws": 99},
        {"aheadMonths": 37},
        {"seed": -1},
        {"scenario": {"changeThreshold": {"toCounts": 0}}},
    ],
)
async def test_what_is_out_of_bounds_is_refused(history: Played, changed: dict[str, Any]) -> None:
    asked = {"where": WHERE, "scenario": scenario(history, "loseMember")} | changed
    answer = await execute(history.database, history.analyst(), SIMULATE, {"input": asked})
    [error] = answer.errors
    assert error.original_error.code == "INVALID_INPUT"


async def test_a_companys_rates_are_of_the_months_told_of_everybody(history: Played) -> None:
    await history.passed_on(700)
    asked = {"where": WHERE, "scenario": scenario(history, "loseMember"), "draws": 200}
    whole = await ask(history.database, history.company(), SIMULATE, {"input": asked})
    longer = asked | {"where": WHERE | {"lastDay": "2026-12-31"}}
    assert await ask(history.database, history.company(), SIMULATE, {"input": longer}) == whole


async def test_there_is_no_rate_without_a_closed_month(history: Played) -> None:
    where = {"firstDay": "2026-03-02", "lastDay": "2026-04-09"}
    asked = {"where": where, "scenario": scenario(history, "loseMember"), "draws": 200}
    for actor in (history.company(), history.analyst()):
        answer = await execute(history.database, actor, SIMULATE, {"input": asked})
        [error] = answer.errors
        assert error.original_error.code == "INVALID_INPUT"
        assert "no whole month" in error.message
