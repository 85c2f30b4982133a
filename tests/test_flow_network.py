"""The flow network through GraphQL, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from models.session import Database
from network import answering, computing
from network.answering import Analyses, DatabaseReader, ThreadRunner
from tests.network_world import SPRING, Played, execute, network, played
from tests.test_statements import statements

OF = "of { key name organization { id name } } node { id }"
PAIR = "from { key name } to { key name } node { id }"


@pytest_asyncio.fixture
async def history(database: Database) -> Played:
    return await played(database)


async def test_edges_are_those_with_most_people_first(history: Played) -> None:
    found = await network(
        history, "dataVersion toldFrom toldUntil edges { totalCount edges { people } }"
    )
    assert (found["toldFrom"], found["toldUntil"]) == ("2026-01-01", "2026-03-31")
    assert found["dataVersion"] == "2026-03"
    people = [edge["people"] for edge in found["edges"]["edges"]]
    assert people == sorted(people, reverse=True)
    assert all(number % 3 == 0 for number in people)
    assert found["edges"]["totalCount"] == len(people)


async def test_pages_follow_one_another_both_ways(history: Played) -> None:
    whole = (await network(history, "edges { edges { cursor people } }"))["edges"]["edges"]
    cursors = [edge["cursor"] for edge in whole]
    first = await network(history, "edges(first: 2) { edges { cursor } pageInfo { hasNextPage } }")
    assert first["edges"]["pageInfo"]["hasNextPage"] is True
    assert [edge["cursor"] for edge in first["edges"]["edges"]] == cursors[:2]
    rest = await network(history, f'edges(after: "{cursors[1]}") {{ edges {{ cursor }} }}')
    assert [edge["cursor"] for edge in rest["edges"]["edges"]] == cursors[2:]
    back = await network(
        history, f'edges(last: 1, before: "{cursors[2]}") {{ edges {{ cursor }} }}'
    )
    assert [edge["cursor"] for edge in back["edges"]["edges"]] == [cursors[1]]


async def test_a_company_sees_its_own_rows_exactly(history: Played) -> None:
    asked = "strength { rows { edges { of { key } given taken net } } inWords }"
    own = await network(history, asked, actor=history.company())
    [row] = [
        row
        for row in own["strength"]["rows"]["edges"]
        if row["of"]["key"] == history.world.company.id.hex
    ]
    assert (row["given"], row["taken"], row["net"]) == (49.0, 5.0, 44.0)
    assert history.world.company.name in own["strength"]["inWords"]
    told = await network(history, asked)
    numbers = [row["given"] for row in told["strength"]["rows"]["edges"]]
    assert all(number % 3 == 0 for number in numbers)


async def test_words_are_in_the_callers_language(history: Played) -> None:
    japanese = await network(history, "strength { inWords }", actor=history.analyst("ja"))
    assert "差し引き" in japanese["strength"]["inWords"]


METRICS: dict[str, str] = {
    "strength": f"rows {{ edges {{ {OF} given taken net }} }}",
    "reciprocity": f"share rows {{ edges {{ {OF} share }} }}",
    "circulation": "people circulatingPeople loopedPeople share",
    "equity": "given { gini lorenz { nodes people } } taken { gini lorenz { nodes people } }",
    "pairBalance": f"rows {{ edges {{ {PAIR} givenPeople takenPeople giveToTake }} }}",
    "conversion": "whole { handedPeople outcomePeople share low high } confidence",
    "channelConversion": "rows { channel conversion { share } }",
    "nodeConversion": f"rows {{ edges {{ {OF} given {{ share }} taken {{ share low high }} }} }}",
    "edgeConversion": f"rows {{ edges {{ {PAIR} conversion {{ handedPeople share }} }} }}",
    "waiting": "rows { state enteredPeople leftPeople openPeople "
    "quartiles { share fromDays toDays } waitingShares { days share } }",
    "months": "months { month handedPeople hiredPeople events { event people } }",
    "journeys": "journeys meanHireLength roads { chain { name } journeys hires share } "
    "lengths { handOvers journeys hires }",
    "hierarchy": f"downwardShare steepness energy rows {{ edges {{ {OF} score }} }}",
    "reach": f"rows {{ edges {{ {OF} pagerank hub authority }} }}",
    "brokerage": f"sources rows {{ edges {{ {OF} betweenness standardError constraint }} }}",
    "fragility": f"articulationPointCount bridgeCount "
    f"rows {{ edges {{ {OF} peopleLost shareLost isArticulationPoint }} }} "
    f"bridges {{ edges {{ {PAIR} }} }}",
    "communities": f"modularity count sizes rows {{ edges {{ {OF} community participation }} }}",
    "cohesion": f"componentCount componentSizes triads {{ name count }} "
    f"rows {{ edges {{ {OF} component core }} }}",
    "backbone": f"level people keptPeople edgeCount keptCount "
    f"rows {{ edges {{ {PAIR} people pGiven pTaken }} }}",
    "surprise": f"level tests moreCount lessCount "
    f"rows {{ edges {{ {PAIR} seenPeople expectedPeople pValue isMore isLess }} }}",
    'change(sinceFirstDay: "2026-01-01", sinceLastDay: "2026-01-31")': "level beforeDays afterDays "
    f"significantCount rows {{ edges {{ {PAIR} beforePeople afterPeople rateRatio moved pValue "
    "isSignificant } }",
}


@pytest.mark.parametrize("view", ["HAND_OVERS", "RELAYS"])
@pytest.mark.parametrize("level", ["ORGANIZATION", "INDUSTRY_DIVISION", "PREFECTURE"])
async def test_every_metric_answers_at_every_level_and_view(
    history: Played, view: str, level: str
) -> None:
    where = SPRING.replace("}", f", view: {view}, level: {level}}}")
    analyses = Analyses(DatabaseReader(history.database), ThreadRunner())
    for metric, fields in METRICS.items():
        asked = f"{metric} {{ inWords tookMs {fields} }}"
        found = await network(history, asked, where=where, analyses=analyses)
        [answer] = found.values()
        assert answer["inWords"], metric
        assert answer["tookMs"] >= 0
        for row in answer["rows"]["edges"] if "edges" in str(answer.get("rows")) else []:
            end = row.get("of") or row["from"]
            assert end["name"], metric
            assert (row["node"] is not None) == (level == "ORGANIZATION"), metric
    await analyses.close()


@pytest.mark.parametrize("metric", METRICS)
async def test_every_metric_answers_of_a_window_without_anything(
    history: Played, metric: str
) -> None:
    where = '{firstDay: "2020-01-01", lastDay: "2020-03-31"}'
    found = await network(history, f"{metric} {{ inWords {METRICS[metric]} }}", where=where)
    [answer] = found.values()
    assert answer["inWords"]


async def test_nothing_is_computed_that_was_not_selected(
    history: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []

    def spy(name: str, material: tuple[Any, ...], parameters: Any) -> Any:
        computed.append(name)
        return computing.compute(name, material, parameters)

    monkeypatch.setattr(answering, "compute", spy)
    await network(history, "dataVersion edges { totalCount }")
    assert computed == []
    await network(history, "reach { tookMs } a: strength { inWords } b: strength { inWords }")
    assert sorted(computed) == ["reach", "strength"]


async def test_answers_are_kept_until_the_data_changes(
    history: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []

    def spy(name: str, material: tuple[Any, ...], parameters: Any) -> Any:
        computed.append(name)
        return computing.compute(name, material, parameters)

    monkeypatch.setattr(answering, "compute", spy)
    analyses = Analyses(DatabaseReader(history.database), ThreadRunner())
    asked = "dataVersion strength { rows { edges { given } } }"
    first = await network(history, asked, actor=history.company(), analyses=analyses)
    assert await network(history, asked, actor=history.company(), analyses=analyses) == first
    assert computed == ["strength"]
    await history.passed_on(7)  # a day that lies in the window, and is the company's own
    again = await network(
        history, asked, actor=history.company(), analyses=analyses, where=UNTIL_MAY
    )
    then = await network(
        history, asked, actor=history.company(), analyses=analyses, where=UNTIL_MAY
    )
    assert again == then
    assert again["dataVersion"] != first["dataVersion"]
    assert computed == ["strength", "strength"]
    await analyses.close()


UNTIL_MAY = '{firstDay: "2026-01-01", lastDay: "2026-05-31"}'


async def test_so_many_statements_whatever_is_asked(history: Played) -> None:
    async def counted(fields: str) -> int:
        with statements(history.database) as sent:
            await network(history, fields)
        return len(sent)

    one = await counted("strength { inWords }")
    many = await counted("strength { inWords } reach { inWords } hierarchy { inWords } dataVersion")
    assert one == many


async def test_between_two_and_around_one(history: Played) -> None:
    world = history.world
    ends = f'from: "{world.company.id.hex}", to: "{history.third.id.hex}"'
    found = await network(
        history,
        f"between({ends}) {{ inWords peopleMax cutCount "
        f"routes {{ length peopleMin chain {{ key }} }} "
        f"cut {{ edges {{ {PAIR} people }} }} }} "
        f'ego(key: "{world.other_company.id.hex}") {{ given taken neighbourCount '
        "edges { totalCount } givenMonths { month handedPeople } takenMonths { month } }",
    )
    [route] = found["between"]["routes"]
    chain = [node["key"] for node in route["chain"]]
    assert chain == [world.company.id.hex, world.other_company.id.hex, history.third.id.hex]
    assert found["ego"]["neighbourCount"] == 3
    assert [one["month"] for one in found["ego"]["givenMonths"]] == [
        "2026-01",
        "2026-02",
        "2026-03",
    ]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ('between(from: "a", to: "a") { inWords }', "INVALID_INPUT"),
        ('between(from: "a", to: "b", routes: 21) { inWords }', "INVALID_INPUT"),
        ('between(from: "a", to: "b") { inWords }', "NOT_FOUND"),
        (
            'change(sinceFirstDay: "2026-02-01", sinceLastDay: "2026-01-01") { inWords }',
            "INVALID_INPUT",
        ),
    ],
)
async def test_what_cannot_be_asked(history: Played, fields: str, code: str) -> None:
    query = f"{{ flowNetwork(where: {SPRING}) {{ {fields} }} }}"
    answer = await execute(history.database, history.analyst(), query)
    [error] = answer.errors
    assert error.original_error.code == code


async def test_a_window_too_long_is_refused(history: Played) -> None:
    query = (
        '{ flowNetwork(where: {firstDay: "2001-01-01", lastDay: "2026-01-01"}) { dataVersion } }'
    )
    answer = await execute(history.database, history.analyst(), query)
    [error] = answer.errors
    assert error.original_error.code == "INVALID_INPUT"


UNTIL_APRIL = '{firstDay: "2026-01-01", lastDay: "2026-04-20"}'
BEFORE = 'change(sinceFirstDay: "2026-01-01", sinceLastDay: "2026-02-28")'


async def test_a_companys_rates_are_of_the_months_told_of_everybody(history: Played) -> None:
    await history.passed_on(7)
    asked = "waiting { rows { state enteredPeople leftPeople openPeople quartiles { fromDays } } }"
    actor = history.company()
    whole = await network(history, asked, actor=actor)
    assert await network(history, asked, actor=actor, where=UNTIL_APRIL) == whole
    changed = f"{BEFORE} {{ beforeDays afterDays rows {{ edges {{ afterPeople moved }} }} }}"
    of_march = '{firstDay: "2026-03-01", lastDay: "2026-04-20"}'
    found = (await network(history, changed, actor=actor, where=of_march))["change"]
    assert (found["beforeDays"], found["afterDays"]) == (59, 31)
    after = sorted(edge["afterPeople"] for edge in found["rows"]["edges"])
    assert after == [0.0, 0.0, 0.0, 0.0, 5.0]  # the seven of April are of no whole month
    assert {edge["moved"] for edge in found["rows"]["edges"]} == {"BORN", "GONE"}


async def test_a_companys_series_ends_today(history: Played) -> None:
    await history.passed_on(7)
    where = '{firstDay: "2026-03-01", lastDay: "2026-12-31"}'
    asked = "firstDay lastDay months { months { month handedPeople } }"
    found = await network(history, asked, actor=history.company(), where=where)
    assert found["lastDay"] == "2026-12-31"
    assert [month["month"] for month in found["months"]["months"]] == ["2026-03", "2026-04"]
    assert found["months"]["months"][1]["handedPeople"] == 7
