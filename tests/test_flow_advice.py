"""Partners to consider and what if, through GraphQL, on both databases."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from gql.flow_partners import pairs_size
from gql.node import encode_id
from models.access import Actor, Role
from models.rules.ledger import Book, Unit
from models.rules.rounding import told
from models.session import Database
from models.tables.ledger import Account
from models.vocabulary.job_categories import JOB_CATEGORIES
from network.answering import Analyses, DatabaseReader, ThreadRunner
from tests.network_world import SPRING, Played, ask, execute, played
from tests.partners import seeks, turned_down
from tests.world import build_world

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


@pytest.mark.parametrize("kind", ["addPartnership", "endPartnership", "loseMember"])
async def test_nobody_is_tried_out_who_is_not_there(history: Played, kind: str) -> None:
    other = await build_world(history.database, slug="other", first_number=200)
    history.database.clock = history.world.clock
    own = history.world.company.id.hex
    strangers = ["nobody", other.company.id.hex, encode_id("Company", other.company.id)]
    if kind != "loseMember":
        strangers.append(history.world.agency.id.hex)
    for one in strangers:
        named = {"member": one} if kind == "loseMember" else {"parties": [own, one]}
        asked = {"where": WHERE, "scenario": {kind: named}, "draws": 100}
        answer = await execute(history.database, history.analyst(), SIMULATE, {"input": asked})
        [error] = answer.errors
        assert error.original_error.code == "NOT_FOUND"
        assert error.original_error.path[:3] == ("input", "scenario", kind)


async def test_parties_are_named_by_id_as_well_as_by_key(history: Played) -> None:
    companies = (history.world.company.id, history.world.other_company.id)
    answers = []
    for parties in ([one.hex for one in companies], [encode_id("Company", x) for x in companies]):
        named = {"endPartnership": {"parties": parties}}
        asked = {"where": WHERE, "scenario": named, "draws": 100}
        answers.append(await ask(history.database, history.analyst(), SIMULATE, {"input": asked}))
    assert answers[0] == answers[1]
    [share] = [
        one for one in answers[0]["simulate"]["channels"] if one["channel"] == "PARTNER_SHARE"
    ]
    assert share["handedPeople"]["difference"]["mean"] < 0


async def test_a_new_threshold_counts_in_what_the_company_has_on_hand(history: Played) -> None:
    """A year's registrations are too few for a thousand: only what is on hand makes it."""
    threshold = {"changeThreshold": {"fromCounts": 1_000, "toCounts": 1_000}}
    asked = {"where": WHERE, "scenario": threshold, "draws": 100, "aheadMonths": 12}

    async def earned(actor: Actor) -> tuple[float, list[str]]:
        found = (await ask(history.database, actor, SIMULATE, {"input": asked}))["simulate"]
        return found["freeHires"]["now"]["mean"], found["assumptions"]

    async with history.database.transaction() as tx:
        tx.add(
            Account(
                consortium_id=history.world.consortium_id,
                program_id=history.world.program_id,
                company_id=history.world.company.id,
                unit=Unit.COUNT,
                book=Book.BALANCE,
                balance=999,
            )
        )
    own, words = await earned(history.company())
    assert own == 1
    assert "Of counts on hand only your own are known: all others begin with none." in words
    of_all, words = await earned(history.analyst())
    assert of_all == 0
    assert any(one.startswith("How many counts companies have on hand is not") for one in words)


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
