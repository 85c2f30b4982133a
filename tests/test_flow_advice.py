"""Partners to consider and what if, through GraphQL, on both databases."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from models.access import Role
from models.rules.rounding import told
from models.session import Database
from models.vocabulary.job_categories import JOB_CATEGORIES
from network.answering import Analyses, DatabaseReader, ThreadRunner
from tests.network_world import SPRING, Played, ask, execute, played
from tests.partners import seeks, turned_down

A, B, C = list(JOB_CATEGORIES)[:3]
MARCH = date(2026, 3, 9)
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


async def considered(history: Played, analyses: Analyses | None = None) -> Any:
    query = f"{{ partnersToConsider(where: {SPRING}) {{ {PAIRS} }} }}"
    return await ask(history.database, history.company(), query, analyses=analyses)


async def test_of_another_no_more_is_told_than_its_bands(history: Played) -> None:
    """Numbers of one band lead to one answer, whichever of one's own it is held against."""
    world = history.world
    for category in (A, B):
        await seeks(world, world.company, category)
        await seeks(world, world.other_company, category)
    await turned_down(world, world.company, A, MARCH, 10)
    await turned_down(world, world.other_company, A, MARCH, 12)
    await turned_down(world, world.other_company, B, MARCH, 3)
    await turned_down(world, world.other_company, C, MARCH, 30)
    before = await considered(history)
    await turned_down(world, world.other_company, A, MARCH, 15)
    await turned_down(world, world.other_company, B, MARCH, 6)
    await turned_down(world, world.other_company, C, MARCH, 300)
    assert await considered(history) == before
    await turned_down(world, world.other_company, A, MARCH, 3)
    assert await considered(history) != before


async def test_what_others_turned_down_is_rounded_once_and_beside_the_event_loop(
    history: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seeks(history.world, history.world.company, A)
    await turned_down(history.world, history.world.other_company, A, MARCH, 12)
    rounded_in = []

    def noted(*arguments: Any, **more: Any) -> int:
        rounded_in.append(threading.current_thread())
        return told(*arguments, **more)

    monkeypatch.setattr("network.needs.told", noted)
    analyses = Analyses(DatabaseReader(history.database), ThreadRunner())
    first = await considered(history, analyses)
    assert await considered(history, analyses) == first
    await analyses.close()
    assert len(rounded_in) == 1
    assert rounded_in[0] is not threading.current_thread()


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
