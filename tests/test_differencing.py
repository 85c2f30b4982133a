"""Thousands of overlapping questions, and what they tell of a cell: its rounding, and no more.

A history is asked by an analyst, by companies alone, and by several who lay their answers side by
side. Then the histories in which every cell hidden from them is as small, or as large, as its
told multiple permits are asked the same. Where all answers are the same, nobody can tell these
histories apart: of each hidden cell every value that its rounding permits stays possible.
"""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np
import pytest
from sqlalchemy import insert, select

from models.operations import frozen
from models.operations.frozen import freeze_past
from models.rules.lifecycles import Channel, OrganizationKind, ReferralStatus
from models.rules.rounding import Draw, draw_for, told
from models.session import Database
from models.tables.flows import FlowDay, JourneyDay
from models.tables.frozen import FlowTold
from network.edges import (
    Window,
    data_version,
    edges,
    told_edges,
    told_journeys,
    told_table,
    whole_months,
)
from network.metrics.strength import strength
from network.table import CHANNELS, EVENTS, FlowTable
from tests.world import World, add_organization, build_world

SMALLEST = 3
MONTHS = (1, 2, 3, 4)
OPEN_MONTH = 4
TODAY = date(2026, 4, 20)
QUESTIONS = 80
"""To each history, by whoever asks; each is asked at several levels."""

RELAY, INTRODUCED, SHARED = Channel
S = ReferralStatus
COMPANIES, AGENCIES = range(4), range(4, 6)
INDUSTRY = {0: "A", 1: "A", 2: "E", 3: "E", 4: "R", 5: "R"}
AFTER_DELIVERY = {S.DELIVERED, S.ACCEPTED, S.INTERVIEWING, S.OFFERED, S.HIRED}
ENDS = {(RELAY, S.WITHDRAWN), (RELAY, S.NO_SUITABLE_OPENING), (INTRODUCED, S.HIRED)} | {
    (SHARED, S.HIRED)
}

Chain = tuple[int, ...]


class Cell(NamedTuple):
    """What is rounded; organizations are numbers."""

    month: int
    from_: int
    to: int
    channel: Channel
    event: ReferralStatus


@dataclass
class Inside:
    """What a cell is made of."""

    parts: dict[tuple[ReferralStatus, int], int] = field(default_factory=dict)
    chains: dict[Chain, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return sum(self.parts.values())


History = dict[Cell, Inside]


def is_own(cell: Cell, who: int) -> bool:
    """Whether an organization gave these people, or was handed them."""
    relayed = cell.channel is RELAY
    gave = cell.from_ == who and (not relayed or cell.event is S.ACCEPTED)
    return gave or (cell.to == who and (relayed or cell.event in AFTER_DELIVERY))


def possible_cells() -> Iterator[tuple[Cell, tuple[ReferralStatus, ...]]]:
    """Every cell, and the states that may have been left for its event."""
    relayed = {S.ACCEPTED: S.ACCEPTED, S.HIRED: S.ACCEPTED, S.WITHDRAWN: S.ACCEPTED} | {
        S.NO_SUITABLE_OPENING: S.ACCEPTED
    }
    for month in MONTHS:
        for company, agency in product(COMPANIES, AGENCIES):
            for event, before in relayed.items():
                yield Cell(month, company, agency, RELAY, event), (before,)
            for event, left in (
                (S.PROPOSED, (S.PROPOSED,)),
                (S.DELIVERED, (S.AGREED,)),
                (S.DECLINED, (S.DELIVERED, S.ACCEPTED, S.INTERVIEWING)),
                (S.HIRED, (S.OFFERED,)),
            ):
                yield Cell(month, agency, company, INTRODUCED, event), left
        for one, other in combinations(COMPANIES, 2):
            yield Cell(month, one, other, SHARED, S.REQUESTED), (S.REQUESTED,)
            yield Cell(month, one, other, SHARED, S.HIRED), (S.OFFERED,)


def chains_of(cell: Cell) -> list[Chain]:
    if (cell.channel, cell.event) not in ENDS:
        return []
    if cell.channel is INTRODUCED:
        return [(one, cell.from_, cell.to) for one in COMPANIES if one != cell.to]
    return [(cell.from_, cell.to)]


def spread(rng: random.Random, number: int, over: Sequence[Any]) -> dict[Any, int]:
    """A number of people at random over some places."""
    found: dict[Any, int] = defaultdict(int)
    for _ in range(number):
        found[rng.choice(over)] += 1
    return dict(found)


def invent(seed: int) -> History:
    rng = random.Random(seed)
    history: History = {}
    for cell, left in possible_cells():
        number = rng.choice((0, 0, 1, 1, 2, 3, 4, 5, 7, 11))
        if number:
            parts = spread(rng, number, list(product(left, (0, 7, 30))))
            chains = chains_of(cell)
            history[cell] = Inside(parts, spread(rng, number, chains) if chains else {})
    return history


@dataclass
class Asked:
    """A consortium with a history, and its organizations in the order of their numbers."""

    world: World
    ids: list[uuid.UUID]

    @property
    def number(self) -> dict[uuid.UUID, int]:
        return {one: place for place, one in enumerate(self.ids)}


Offset = Callable[[Cell], int]


async def live(
    database: Database, slug: str, history: History, draws: Callable[[Asked], Draw] | None
) -> Asked:
    """A consortium that has lived through a history, with its months frozen."""
    world = await build_world(database, slug=slug)
    async with database.transaction() as tx:
        more = [
            await add_organization(tx, world.consortium_id, 100 + place, kind)
            for place, kind in enumerate(
                (OrganizationKind.COMPANY, OrganizationKind.COMPANY, OrganizationKind.AGENCY)
            )
        ]
        companies = [world.company, world.other_company, *more[:2]]
        asked = Asked(world, [one.id for one in (*companies, world.agency, more[2])])
        flows, journeys = _rows(asked, history)
        await tx.execute(insert(FlowDay), flows)
        await tx.execute(insert(JourneyDay), journeys)
    world.clock.now = datetime(TODAY.year, TODAY.month, TODAY.day, 3, tzinfo=UTC)
    with pytest.MonkeyPatch.context() as patch:
        if draws is not None:
            patch.setattr(frozen, "draw_for", lambda *_: draws(asked))
        await freeze_past(database)
    return asked


def _rows(asked: Asked, history: History) -> tuple[list[Any], list[Any]]:
    flows, journeys = [], []
    for cell, inside in history.items():
        both = {"consortium_id": asked.world.consortium_id, "channel": cell.channel}
        for (before, waited), number in inside.parts.items():
            flows.append(
                both
                | {
                    "day": _day(cell, before, waited),
                    "from_id": asked.ids[cell.from_],
                    "to_id": asked.ids[cell.to],
                    "event": cell.event,
                    "before": before,
                    "waited": waited,
                    "referrals": number,
                }
            )
        for chain, number in inside.chains.items():
            text = ">".join(asked.ids[one].hex for one in chain)
            journeys.append(
                both
                | {
                    "day": _day(cell, *chain),
                    "chain": text,
                    "outcome": cell.event,
                    "journeys": number,
                }
            )
    return flows, journeys


def _day(*of: Any) -> date:
    cell: Cell = of[0]
    last = TODAY.day if cell.month == OPEN_MONTH else 28
    return date(2026, cell.month, random.Random(str(of)).randint(1, last))


# Other histories that are told the same


@dataclass(frozen=True)
class Told:
    """What was frozen of one cell: its parts and chains in the order in which they were rounded."""

    parts: tuple[tuple[tuple[ReferralStatus, int], int], ...]
    chains: tuple[tuple[Chain, int], ...]

    @property
    def people(self) -> int:
        return sum(number for _, number in self.parts)


def name_of(asked: Asked, cell: Cell) -> str:
    from_, to = asked.ids[cell.from_].hex, asked.ids[cell.to].hex
    return f"2026-{cell.month:02d}|{from_}|{to}|{cell.channel.value}|{cell.event.value}"


def drawn(asked: Asked) -> Draw:
    return draw_for(asked.world.database.vault.blind, asked.world.consortium_id)


def offset_of(draw: bytes) -> int:
    return SMALLEST - 1 - (int.from_bytes(draw[:8], "big") * SMALLEST >> 64)


def draw_of(offset: int) -> bytes:
    return ((SMALLEST - 1 - offset) * 2**64 // SMALLEST + 1).to_bytes(8, "big")


def stepped(told_parts: Sequence[tuple[Any, int]], people: int, offset: int) -> dict[Any, int]:
    """Parts that are told so, of a cell with so many people and this offset."""
    found, summed, before = {}, 0, 0
    for place, (part, number) in enumerate(told_parts):
        summed += number
        until = people if place == len(told_parts) - 1 else summed - offset
        found[part] = until - before
        before = until
    return {part: number for part, number in found.items() if number}


def another(
    rng: random.Random,
    known: History,
    told_of: Mapping[Cell, Told],
    hidden: Callable[[Cell], bool],
    extreme: Callable[[random.Random, int], tuple[int, int]],
) -> tuple[History, dict[Cell, int]]:
    """A history that is told as a known one is, and the offsets of its hidden cells.

    ``extreme`` says how many people a cell has that is told so, and its offset.
    """
    history, offsets = {}, {}
    for cell, left in possible_cells():
        if not hidden(cell):
            if cell in known:
                history[cell] = known[cell]
            continue
        if cell.month == OPEN_MONTH:
            people = rng.randrange(20)
            parts: dict[Any, int] = spread(rng, people, list(product(left, (0, 7, 30))))
            chains: dict[Chain, int] = spread(rng, people, chains_of(cell) or [()])
        else:
            found = told_of.get(cell, Told((), ()))
            people, offset = extreme(rng, found.people)
            offsets[cell] = offset
            parts = stepped(found.parts or [((rng.choice(left), 7), 0)], people, offset)
            some_chain = [(rng.choice(chains_of(cell) or [()]), 0)]
            chains = stepped(found.chains or some_chain, people, offset)
        if people:
            history[cell] = Inside(parts, chains if chains_of(cell) else {})
    return history, offsets


def smallest(_: random.Random, people: int) -> tuple[int, int]:
    return max(people - SMALLEST + 1, 0), SMALLEST - 1


def largest(_: random.Random, people: int) -> tuple[int, int]:
    return people + SMALLEST - 1, 0


def between(rng: random.Random, people: int) -> tuple[int, int]:
    offset = rng.randrange(SMALLEST)
    least = max(people - offset, 0)
    return rng.randint(least, people - offset + SMALLEST - 1), offset


async def frozen_of(asked: Asked, history: History) -> dict[Cell, Told]:
    """What the frozen table has of each closed cell, and of its chains as they are told."""
    number = asked.number
    parts: dict[Cell, list[tuple[tuple[ReferralStatus, int], int]]] = defaultdict(list)
    async with asked.world.database.read() as read:
        rows = await read.scalars(
            select(FlowTold).where(FlowTold.consortium_id == asked.world.consortium_id)
        )
        for row in rows:
            cell = Cell(
                row.month % 12 + 1, number[row.from_id], number[row.to_id], row.channel, row.event
            )
            parts[cell].append(((row.before, row.waited), row.told))
    draw = drawn(asked)
    found = {}
    for cell, some in parts.items():
        some.sort(key=lambda part: (EVENTS.index(part[0][0]), part[0][1]))
        found[cell] = Told(tuple(some), _told_chains(asked, draw, cell, history[cell]))
    return found


def _told_chains(
    asked: Asked, draw: Draw, cell: Cell, inside: Inside
) -> tuple[tuple[Chain, int], ...]:
    name = name_of(asked, cell)
    texts = {">".join(asked.ids[one].hex for one in chain): chain for chain in inside.chains}
    offset = offset_of(draw(name))
    summed, found = offset, []
    for text in sorted(texts, key=lambda text: draw(f"{name}|{text}")):
        before = summed - summed % SMALLEST
        summed += inside.chains[texts[text]]
        step = summed - summed % SMALLEST - before
        if step:
            found.append((texts[text], step))
    return tuple(found)


def draws_as(first: Asked, offsets: Mapping[Cell, int]) -> Callable[[Asked], Draw]:
    """The draws of the first history, but for the cells whose offset is given."""

    def of(asked: Asked) -> Draw:
        number, real = asked.number, drawn(first)

        def draw(name: str) -> bytes:
            month, from_, to, channel, event, *chain = name.split("|")
            ends = (number[uuid.UUID(from_)], number[uuid.UUID(to)])
            cell = Cell(int(month[-2:]), *ends, Channel(channel), ReferralStatus(event))
            if chain:
                places = (number[uuid.UUID(one)] for one in chain[0].split(">"))
                text = ">".join(first.ids[place].hex for place in places)
                return real(f"{name_of(first, cell)}|{text}")
            if cell in offsets:
                return draw_of(offsets[cell])
            return real(name_of(first, cell))

        return draw

    return of


# The questions


@dataclass(frozen=True)
class Question:
    """What is asked, and by whom; None is an analyst."""

    who: int | None
    window: Window
    channels: tuple[Channel, ...] | None
    events: tuple[ReferralStatus, ...] | None


def questions(seed: int, askers: Sequence[int]) -> list[Question]:
    rng = random.Random(seed)
    days = [date(2026, 1, 1) + timedelta(days=day) for day in range(130)]
    edges_of_months = [date(2026, month, 1) for month in (*MONTHS, 5)]

    def window() -> Window:
        if rng.random() < 0.7:
            first, after = sorted(rng.sample(edges_of_months, 2))
            return Window(first, after - timedelta(days=1))
        return Window(*sorted(rng.sample(days, 2)))

    def some(of: Sequence[Any]) -> tuple[Any, ...] | None:
        return tuple(rng.sample(of, rng.randint(1, len(of)))) if rng.random() < 0.5 else None

    return [
        Question(rng.choice((None, *askers)), window(), some(CHANNELS), some(EVENTS))
        for _ in range(QUESTIONS)
    ]


async def answer(asked: Asked, question: Question) -> tuple[Any, ...]:
    """All that is told in answer: cells, edges, journeys, by industry, and a metric."""
    number, world = asked.number, asked.world
    own = None if question.who is None else asked.ids[question.who]
    place, window = world.consortium_id, question.window
    how: dict[str, Any] = {"today": TODAY, "own_id": own}
    chosen: dict[str, Any] = {"channels": question.channels, "events": question.events}
    async with world.database.read() as read:
        table = await told_table(read, place, window, **how, **chosen)
        told_as_edges = await told_edges(read, place, window, **how, **chosen)
        journeys = await told_journeys(read, place, window, **how)
        version = await data_version(read, world.consortium_id, own)
    chains = [tuple(number[one] for one in chain) for chain in journeys.chains]  # type: ignore[index]
    return (
        sorted(_cells(table, number)),
        sorted(
            (number[e.from_id], number[e.to_id], e.channel.value, e.event.value, e.referrals)
            for e in told_as_edges
        ),
        sorted(
            (chains[chain], *rest)
            for chain, *rest in zip(
                journeys.chain.tolist(),
                journeys.month.tolist(),
                journeys.outcome.tolist(),
                journeys.journeys.tolist(),
                strict=True,
            )
        ),
        _by_industry(table, number),
        _given_and_taken(table, number),
        version,
    )


def _cells(table: FlowTable, number: Mapping[Any, int]) -> Iterator[tuple[int, ...]]:
    nodes = [number[node] for node in table.nodes]
    columns = (table.month, table.channel, table.event, table.before, table.waited)
    for row in range(table.referrals.size):
        ends = (nodes[table.source[row]], nodes[table.target[row]])
        yield (*ends, *(int(column[row]) for column in columns), int(table.referrals[row]))


def _by_industry(table: FlowTable, number: Mapping[Any, int]) -> Any:
    grouped = table.grouped({node: INDUSTRY[number[node]] for node in table.nodes})
    flow = grouped.graph().columns
    names = [str(node) for node in flow.nodes]
    return sorted(
        (names[source], names[target], weight)
        for source, target, weight in zip(
            flow.source.tolist(), flow.target.tolist(), flow.weight.tolist(), strict=True
        )
    )


def _given_and_taken(table: FlowTable, number: Mapping[Any, int]) -> Any:
    found = strength(table.graph())
    net = found.net.tolist()
    return sorted((number[node], net[place]) for place, node in enumerate(found.nodes))


COALITIONS = [(), (0,), (0, 1), (1, 4), (2, 3, 5)]


@pytest.mark.parametrize("together", COALITIONS)
async def test_no_question_tells_a_hidden_cell_more_exactly_than_its_rounding(
    database: Database, together: tuple[int, ...]
) -> None:
    seed = 1 + COALITIONS.index(together)
    history = invent(seed)
    first = await live(database, "first", history, None)
    told_of = await frozen_of(first, history)

    def hidden(cell: Cell) -> bool:
        return not any(is_own(cell, who) for who in together)

    rng = random.Random(seed)
    others = []
    for name, extreme in (("small", smallest), ("large", largest), ("between", between)):
        other, offsets = another(rng, history, told_of, hidden, extreme)
        others.append((other, await live(database, name, other, draws_as(first, offsets))))
    for question in questions(seed, together):
        told_first = await answer(first, question)
        for _, asked in others:
            assert await answer(asked, question) == told_first
    # The histories do differ, by as much as they may: in every cell that is hidden.
    small, large = others[0][0], others[1][0]
    cells = [cell for cell, _ in possible_cells() if hidden(cell) and cell.month != OPEN_MONTH]
    assert len(cells) > 50
    for cell in cells:
        people = told_of[cell].people if cell in told_of else 0
        least = small[cell].people if cell in small else 0
        assert (least, large[cell].people) == (
            max(people - SMALLEST + 1, 0),
            people + SMALLEST - 1,
        )
        true = history[cell].people if cell in history else 0
        assert least <= true <= large[cell].people


async def test_a_cell_is_the_same_in_every_answer(database: Database) -> None:
    history = invent(50)
    asked = await live(database, "first", history, None)
    told_of = await frozen_of(asked, history)
    checked = 0
    for question in questions(50, [*COMPANIES, *AGENCIES]):
        months = whole_months(question.window, TODAY)
        expected: dict[tuple[int, int], int] = defaultdict(int)
        for cell, inside in history.items():
            if question.channels is not None and cell.channel not in question.channels:
                continue
            if question.events is not None and cell.event not in question.events:
                continue
            pair = (cell.from_, cell.to)
            if question.who is not None and is_own(cell, question.who):
                days = {part: _day(cell, *part) for part in inside.parts}
                expected[pair] += sum(
                    number
                    for part, number in inside.parts.items()
                    if question.window.first <= days[part] <= question.window.last
                )
            elif months and months.first <= date(2026, cell.month, 1) <= months.last:
                expected[pair] += told_of[cell].people if cell in told_of else 0
        _, by_edge, *_ = await answer(asked, question)
        found: dict[tuple[int, int], int] = defaultdict(int)
        for from_, to, _, _, number in by_edge:
            found[from_, to] += number
        assert found == {pair: number for pair, number in expected.items() if number}
        checked += len(found)
    assert checked > 500


async def test_an_open_month_tells_nothing_of_others(database: Database) -> None:
    history = invent(60)
    together = (0, 4)
    rng = random.Random(60)
    changed: History = {}
    for cell, left in possible_cells():
        if cell.month != OPEN_MONTH or any(is_own(cell, who) for who in together):
            if cell in history:
                changed[cell] = history[cell]
            continue
        people = rng.randrange(1, 40)
        chains = chains_of(cell)
        parts = spread(rng, people, list(product(left, (0, 7, 30))))
        changed[cell] = Inside(parts, spread(rng, people, chains) if chains else {})
    first = await live(database, "first", history, None)
    second = await live(database, "second", changed, draws_as(first, {}))
    assert history != changed
    for question in questions(60, together):
        assert await answer(second, question) == await answer(first, question)


# The test of the test: a product that rounded each answer anew would be found out.


async def rounded_anew(asked: Asked, question: Question) -> dict[tuple[int, int], int]:
    """By pair, what a product would tell that rounds the sum which it is asked for."""
    months = whole_months(question.window, TODAY)
    if months is None:
        return {}
    number = asked.number
    summed: dict[tuple[int, int], int] = defaultdict(int)
    async with asked.world.database.read() as read:
        for edge in await edges(
            read,
            asked.world.consortium_id,
            months,
            channels=question.channels,
            events=question.events,
        ):
            summed[number[edge.from_id], number[edge.to_id]] += edge.referrals
    draw = drawn(asked)
    return {
        pair: told(many, smallest_count=SMALLEST, cell=f"{question}|{pair}", draw=draw)
        for pair, many in summed.items()
    }


async def told_by_pair(asked: Asked, question: Question) -> dict[tuple[int, int], int]:
    """By pair, what the product tells an analyst."""
    _, by_edge, *_ = await answer(asked, question)
    found: dict[tuple[int, int], int] = defaultdict(int)
    for from_, to, _, _, number in by_edge:
        found[from_, to] += number
    return found


CLOSED = [month for month in MONTHS if month != OPEN_MONTH]
SPANS = [(first, last) for first in CLOSED for last in CLOSED if first <= last]
Tell = Callable[[Asked, Question], Any]


async def learned(
    asked: Asked, tell: Tell, cells_in: Callable[[int, int], int]
) -> list[tuple[list[int], list[int], list[int]]]:
    """For each pair, channel and event: what each month is told, its least, and its most.

    Whoever asks for every span of months knows of each answer how many cells were rounded for it,
    and keeps those numbers of people with which every answer agrees.
    """
    found = []
    at_most = 16
    months = np.array(list(product(range(at_most), repeat=len(CLOSED))))
    for channel, event in ((RELAY, S.ACCEPTED), (RELAY, S.HIRED), (INTRODUCED, S.HIRED)):
        answers = {
            (first, last): await tell(asked, _of_span(first, last, channel, event))
            for first, last in SPANS
        }
        for pair in {pair for one in answers.values() for pair in one}:
            possible = np.ones(len(months), bool)
            for first, last in SPANS:
                people = months[:, first - 1 : last].sum(axis=1)
                off = np.abs(people - answers[first, last].get(pair, 0))
                possible &= off <= (SMALLEST - 1) * cells_in(first, last)
            left = months[possible]
            single = [answers[month, month].get(pair, 0) for month in CLOSED]
            found.append((single, left.min(axis=0).tolist(), left.max(axis=0).tolist()))
    return found


def _of_span(first: int, last: int, channel: Channel, event: ReferralStatus) -> Question:
    after = date(2026, last + 1, 1)
    window = Window(date(2026, first, 1), after - timedelta(days=1))
    return Question(None, window, (channel,), (event,))


def _narrowed(found: Sequence[tuple[list[int], list[int], list[int]]]) -> int:
    """The cells that are known more exactly than their rounding permits."""
    return sum(
        (least, most) != (max(single - SMALLEST + 1, 0), single + SMALLEST - 1)
        for one in found
        for single, least, most in zip(*one, strict=True)
    )


async def test_rounding_each_answer_anew_would_be_found_out(database: Database) -> None:
    history = invent(70)
    asked = await live(database, "first", history, None)
    ours = await learned(asked, told_by_pair, lambda first, last: last - first + 1)
    assert len(ours) > 15
    assert _narrowed(ours) == 0
    mutant = await learned(asked, rounded_anew, lambda *_: 1)
    assert len(mutant) > 15
    assert _narrowed(mutant) > len(mutant)


async def test_histories_that_are_told_alike_are_told_apart_by_rounding_anew(
    database: Database,
) -> None:
    history = invent(80)
    first = await live(database, "first", history, None)
    told_of = await frozen_of(first, history)
    other, offsets = another(random.Random(80), history, told_of, lambda _: True, largest)
    second = await live(database, "second", other, draws_as(first, offsets))
    apart = 0
    for question in questions(80, ()):
        assert await told_by_pair(second, question) == await told_by_pair(first, question)
        apart += await rounded_anew(second, question) != await rounded_anew(first, question)
    assert apart > QUESTIONS // 2
