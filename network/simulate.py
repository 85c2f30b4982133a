"""What if: what a change would do to hand-overs, hires and free hires, from the rates observed.

Every stream of people (a channel's part that stays, or that goes) is drawn from what was observed
of it: its rate from a Gamma distribution (Jeffreys' prior), the hand-overs of the months ahead from
a Poisson distribution, the hires among them from a Binomial whose probability is a Beta that leans
on the whole channel's by as much as `LEAN_PEOPLE` hand-overs. ``now`` and ``then`` use the same
draws, so that their difference holds only what the change does.

Source: A. Gelman et al., "Bayesian Data Analysis" (2013), chapters 2 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from models.errors import DomainError
from models.rules.lifecycles import Channel, ReferralStatus
from models.vocabulary.text import Text
from network.flow import Node, Places, Weights
from network.metrics.conversion import is_handed
from network.months import Months, month_name
from network.people import People
from network.scenarios import (
    NO_COUNTS,
    OWN_COUNTS,
    OWN_PARTNERSHIPS,
    AddPartnership,
    ChangeThreshold,
    EndPartnership,
    LoseMember,
    Scenario,
    assumptions_of,
    check,
)
from network.table import CHANNELS, EVENTS, FlowTable

DRAWS_MIN, DRAWS_MAX = 100, 10_000
AHEAD_MONTHS_MAX = 36
CELLS_MAX = 50_000_000
"""Each draw draws anew for each company, or each new pair: so many take some ten seconds."""
LEAN_PEOPLE = 10.0
_BLOCK_CELLS = 2_000_000
INTERVAL = (2.5, 97.5)
"""The percentiles between which 95 % of the draws lie."""

Flags: TypeAlias = npt.NDArray[np.bool_]


class NothingToGoBy(DomainError):
    """No partnership has passed anyone on in the months observed."""

    code = "NOTHING_TO_GO_BY"
    text = Text(
        ja="この期間に提携先へ紹介された人がいないため、見込みを計算できません。"
        "期間を長くしてください。",
        en="Nobody was shared between partners in these months, so there is no rate to go by. "
        "Choose a longer window.",
    )


class TooManyDraws(DomainError):
    """So many draws for so many companies take longer than anyone waits."""

    code = "TOO_MANY_DRAWS"
    text = Text(
        ja="この規模では試行回数は{limit}回までです。drawsを減らすか、期間や経路を絞ってください。",
        en="With so many companies at most {limit} draws are made. Ask for fewer draws, or for a "
        "shorter window.",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """What was seen in a window: its rows, who are partners, and each company's counts on hand.

    ``counts`` are below nought where a company owes some. ``companies`` are known without a row.
    """

    table: FlowTable
    months: Months
    partnerships: tuple[tuple[Node, ...], ...] = ()
    counts: Mapping[Node, int] = field(default_factory=dict)
    companies: tuple[Node, ...] = ()
    own: Node | None = None
    """The company that asks, of whose partnerships and counts alone is known; None: of all."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean of the draws, and between what 95 % of them lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Effect:
    """Without the change, with it, and the difference it makes; over all the months ahead."""

    now: Estimate
    then: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a scenario does. The same seed and input give the same answer.

    ``handed_people`` has an effect for each channel. ``hired_people`` are hires by companies: those
    of introductions and of partners' shares; a relay link's registrants are hired through these.
    ``free_hires`` is None where the scenario does not touch the threshold.
    """

    scenario: Scenario
    ahead_months: int
    seed: int
    draws: int
    handed_people: Mapping[Channel, Effect]
    hired_people: Effect
    free_hires: Effect | None
    assumptions: tuple[Text, ...]


def simulate(
    observed: Observed,
    scenario: Scenario,
    *,
    ahead_months: int = 12,
    draws: int = 2_000,
    seed: int = 1,
) -> Simulation:
    """What a change would do in the months ahead.

    Raises:
        NothingToGoBy: A partnership is added where no partnership has passed anyone on.
        TooManyDraws: More than `CELLS_MAX` numbers would have to be drawn.
        ValueError: A number outside its bounds, fewer than two parties, or an organization that
            is neither in the table nor a known company.

    >>> handed = EVENTS.index("DELIVERED")
    >>> table = FlowTable(("a", "b"), *(np.array(column) for column in (
    ...     [0], [1], [24312], [CHANNELS.index("PARTNER_SHARE")], [handed], [2], [0], [100])))
    >>> found = simulate(Observed(table, Months(24312, 24323)), EndPartnership(("a", "b")))
    >>> effect = found.handed_people[Channel.PARTNER_SHARE]
    >>> 95 < effect.now.mean < 105, effect.then.mean, effect.difference.high < 0
    (True, 0.0, True)
    """
    if not (1 <= ahead_months <= AHEAD_MONTHS_MAX and DRAWS_MIN <= draws <= DRAWS_MAX):
        raise ValueError(
            f"1 to {AHEAD_MONTHS_MAX} months ahead, with {DRAWS_MIN} to {DRAWS_MAX} draws"
        )
    cells_drawn(observed, scenario, draws)
    chance = _Chance(np.random.default_rng(seed), ahead_months / len(observed.months), draws)
    streams = _streams(observed, scenario, chance)
    handed = {channel: _effect(*streams[channel].handed) for channel in CHANNELS}
    to_companies = (streams[Channel.AGENCY_INTRODUCTION], streams[Channel.PARTNER_SHARE])
    now, then = (sum(one.hired[place] for one in to_companies) for place in (0, 1))
    free_hires = None
    if isinstance(scenario, ChangeThreshold):
        free_hires = _effect(*_free_hires(observed, scenario, chance))
    return Simulation(
        scenario,
        ahead_months,
        seed,
        draws,
        handed,
        _effect(np.asarray(now), np.asarray(then)),
        free_hires,
        (
            *_common_assumptions(observed, ahead_months),
            *assumptions_of(scenario),
            *_known_assumptions(observed, scenario),
        ),
    )


def cells_drawn(observed: Observed, scenario: Scenario, draws: int) -> int:
    """How many numbers a scenario draws. Raises `TooManyDraws`, and `ValueError` as `check`."""
    check(scenario, {*observed.table.nodes, *observed.companies})
    each = 1
    if isinstance(scenario, ChangeThreshold):
        each += _givers(observed)[0].size
    if isinstance(scenario, AddPartnership):
        each += len(scenario.parties) * (len(scenario.parties) - 1)
    if draws * each > CELLS_MAX:
        raise TooManyDraws("input", "draws", limit=f"{CELLS_MAX // each:,}")
    return draws * each


@dataclass(frozen=True, slots=True, eq=False)
class _Stream:
    """The draws of a channel, without the change and with it."""

    handed: tuple[People, People]
    hired: tuple[People, People]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was observed of a stream."""

    handed: int
    hired: int


@dataclass(frozen=True, slots=True, eq=False)
class _Chance:
    """Draws of what the months ahead bring; ``ahead`` is their length ÷ the observed one's."""

    rng: np.random.Generator
    ahead: float
    draws: int

    def people(self, seen: int) -> People:
        """Hand-overs; none where none was seen, for there is no such stream."""
        if not seen:
            return np.zeros(self.draws, np.int64)
        return self.rng.poisson(self.rng.gamma(seen + 0.5, self.ahead, self.draws))

    def probability(self, seen: _Seen, channel: _Seen) -> Weights:
        """The chance that a hand-over of a stream is a hire, leaning on its channel's."""
        hired = min(channel.hired, channel.handed)
        base = (hired + 0.5) / (channel.handed + 1)
        won = min(seen.hired, seen.handed)
        lost = seen.handed - won
        return self.rng.beta(won + LEAN_PEOPLE * base, lost + LEAN_PEOPLE * (1 - base), self.draws)

    def part(self, people: People, share: float | Weights) -> People:
        """So many of them, each with the same chance."""
        return self.rng.binomial(people, share)

    def changed(self, people: People, share: float) -> People:
        """They and as many more, or fewer, as a share of them."""
        if share < 0:
            return self.part(people, 1 + share)
        return people + self.rng.poisson(people * share)


def _streams(observed: Observed, scenario: Scenario, chance: _Chance) -> Mapping[Channel, _Stream]:
    goes, growth = _gone(observed.table, scenario), _growth(observed, scenario)
    found = {}
    for channel in CHANNELS:
        rows = observed.table.channel == CHANNELS.index(channel)
        kept, gone = _seen(observed, rows & ~goes), _seen(observed, rows & goes)
        stream = _stream(kept, gone, scenario, chance, growth.get(channel, 1.0))
        if channel is Channel.PARTNER_SHARE and isinstance(scenario, AddPartnership):
            stream = _with_newcomers(stream, observed, scenario, chance)
        found[channel] = stream
    return found


def _stream(
    kept: _Seen, gone: _Seen, scenario: Scenario, chance: _Chance, growth: float
) -> _Stream:
    """One channel: what stays, grown or shrunk; what goes, of which a part finds another way."""
    channel = _Seen(kept.handed + gone.handed, kept.hired + gone.hired)
    stays, goes = chance.people(kept.handed), chance.people(gone.handed)
    stay_rate, go_rate = chance.probability(kept, channel), chance.probability(gone, channel)
    stay_hires, go_hires = chance.part(stays, stay_rate), chance.part(goes, go_rate)
    then_hires = chance.changed(stay_hires, growth - 1)
    then = then_hires + chance.changed(stays - stay_hires, growth - 1)
    if isinstance(scenario, EndPartnership | LoseMember):
        rerouted = chance.part(goes, scenario.rerouted_share)
        then = then + rerouted
        then_hires = then_hires + chance.part(rerouted, stay_rate)
    return _Stream((stays + goes, then), (stay_hires + go_hires, then_hires))


def _with_newcomers(
    stream: _Stream, observed: Observed, scenario: AddPartnership, chance: _Chance
) -> _Stream:
    """What the new pairs bring: each behaves as one of the pairs there are, drawn at random."""
    seen = _partner_pairs(observed)
    if not seen.any():
        raise NothingToGoBy("scenario")
    new = _ordered_pairs((scenario.parties,)).keys() - _ordered_pairs(observed.partnerships).keys()
    drawn = _drawn_sums(chance, seen, len(new))
    rate = np.where(drawn > 0, chance.rng.gamma(drawn + 0.5, chance.ahead), 0.0)
    come = chance.rng.poisson(rate)
    shares = _seen(observed, observed.table.channel == CHANNELS.index(Channel.PARTNER_SHARE))
    hires = chance.part(come, chance.probability(shares, shares))
    return _Stream(
        (stream.handed[0], stream.handed[1] + come), (stream.hired[0], stream.hired[1] + hires)
    )


def _drawn_sums(chance: _Chance, seen: People, number: int) -> People:
    """For each draw the sum of so many of those seen, a block of draws at a time."""
    found = np.zeros(chance.draws, np.int64)
    step = max(_BLOCK_CELLS // max(number, 1), 1)
    for start in range(0, chance.draws, step):
        block = found[start : start + step]
        block[:] = chance.rng.choice(seen, (block.size, number)).sum(axis=1)
    return found


def _partner_pairs(observed: Observed) -> People:
    """How many each partner shared with each, of all ordered pairs of partners."""
    table = observed.table
    is_share = table.channel == CHANNELS.index(Channel.PARTNER_SHARE)
    kept = table.rows(is_share & is_handed(table) & _within(observed))
    place = {node: number for number, node in enumerate(kept.nodes)}
    found = _ordered_pairs(observed.partnerships)
    weights = kept.graph().matrix
    for one, other in found:
        if one in place and other in place:
            found[one, other] = int(weights[place[one], place[other]])
    return np.array(list(found.values()), np.int64)


def _ordered_pairs(groups: tuple[tuple[Node, ...], ...]) -> dict[tuple[Node, Node], int]:
    """Each to each within the groups, with nought; in a fixed order, on which draws depend."""
    return {(one, other): 0 for group in groups for one in group for other in group if one != other}


def _gone(table: FlowTable, scenario: Scenario) -> Flags:
    """The rows of what the change ends."""
    match scenario:
        case EndPartnership(parties):
            within = _is_any(table, parties)
            is_share = table.channel == CHANNELS.index(Channel.PARTNER_SHARE)
            gone: Flags = is_share & within[table.source] & within[table.target]
            return gone
        case LoseMember(member):
            itself = _is_any(table, (member,))
            return np.logical_or(itself[table.source], itself[table.target])
    return np.zeros(table.referrals.shape, bool)


def _is_any(table: FlowTable, nodes: tuple[Node, ...]) -> Flags:
    chosen = set(nodes)
    return np.fromiter((node in chosen for node in table.nodes), bool, len(table.nodes))


def _growth(observed: Observed, scenario: Scenario) -> Mapping[Channel, float]:
    """What stays of a channel with the change ÷ without it, where the two are not the same."""
    if isinstance(scenario, ChangeThreshold):
        grown = 1 + scenario.response_share
        return {Channel.RELAY_LINK: grown, Channel.AGENCY_INTRODUCTION: grown}
    if not isinstance(scenario, LoseMember):
        return {}
    table = observed.table
    is_relay = table.channel == CHANNELS.index(Channel.RELAY_LINK)
    given = is_relay & _is_any(table, (scenario.member,))[table.source]
    lost = _seen(observed, given).handed * (1 - scenario.rerouted_share)
    return {Channel.AGENCY_INTRODUCTION: 1 - lost / max(_seen(observed, is_relay).handed, 1)}


def _seen(observed: Observed, rows: Flags) -> _Seen:
    table = observed.table
    rows = rows & _within(observed)
    is_hire = table.event == EVENTS.index(ReferralStatus.HIRED)
    return _Seen(
        int(table.referrals[rows & is_handed(table)].sum()),
        int(table.referrals[rows & is_hire].sum()),
    )


def _within(observed: Observed) -> Flags:
    month = observed.table.month
    return (month >= observed.months.first) & (month <= observed.months.last)


def _free_hires(
    observed: Observed, scenario: ChangeThreshold, chance: _Chance
) -> tuple[People, People]:
    """Free hires of all companies under the old and the new threshold, from the same counts."""
    givers, seen = _givers(observed)
    nodes = observed.table.nodes
    on_hand = np.array([observed.counts.get(nodes[one], 0) for one in givers], np.int64)
    now, then = np.zeros(chance.draws, np.int64), np.zeros(chance.draws, np.int64)
    step = max(_BLOCK_CELLS // chance.draws, 1)
    for start in range(0, givers.size, step):
        block, held = seen[start : start + step], on_hand[start : start + step]
        rate = chance.rng.gamma(block + 0.5, chance.ahead, (chance.draws, block.size))
        counts = chance.rng.poisson(rate)
        changed = chance.changed(counts, scenario.response_share)
        now += _earned(held, counts, scenario.from_counts)
        then += _earned(held, changed, scenario.to_counts)
    return now, then


def _givers(observed: Observed) -> tuple[Places, People]:
    """The companies through whose links anybody came, and how many."""
    table = observed.table
    is_relay = table.channel == CHANNELS.index(Channel.RELAY_LINK)
    kept = table.rows(is_relay & is_handed(table) & _within(observed))
    seen = np.bincount(kept.source, kept.referrals, len(table.nodes)).astype(np.int64)
    givers = np.flatnonzero(seen).astype(np.int32)
    return givers, seen[givers]


def _earned(on_hand: People, counts: People, threshold: int) -> People:
    """Free hires of each draw. A threshold is first judged at a count, as the ledger does."""
    held = np.maximum(on_hand + counts, 0)
    earned: People = np.where(counts > 0, held // threshold, 0).sum(axis=1)
    return earned


def _effect(now: People, then: People) -> Effect:
    return Effect(_estimate(now), _estimate(then), _estimate(then - now))


def _estimate(draws: People) -> Estimate:
    low, high = np.percentile(draws, INTERVAL)
    return Estimate(float(draws.mean()), float(low), float(high))


def _common_assumptions(observed: Observed, ahead_months: int) -> tuple[Text, ...]:
    first, last = month_name(observed.months.first), month_name(observed.months.last)
    return (
        Text(
            f"今後{ahead_months}か月は、{first}から{last}までと同じ割合で紹介が起こるとします。",
            f"In the {ahead_months} months ahead people are passed on at the rates of {first} to "
            f"{last}.",
        ),
        Text(
            "人はそれぞれ独立に紹介され、採用されるとします。採用の割合は経路ごとの実績によります。",
            "People are passed on and hired independently of each other, at the rates seen in each "
            "channel.",
        ),
    )


def _known_assumptions(observed: Observed, scenario: Scenario) -> tuple[Text, ...]:
    """What is not known of others, and what is taken for it."""
    match scenario:
        case AddPartnership() if observed.own is not None:
            return (OWN_PARTNERSHIPS,)
        case ChangeThreshold() if not observed.counts:
            return (NO_COUNTS,)
        case ChangeThreshold() if observed.own is not None:
            return (OWN_COUNTS,)
    return ()


def simulation_in_words(found: Simulation) -> Text:
    """What the change would do to hires, or to free hires where it is about them."""
    effect, ja, en = found.hired_people, "採用", "hires"
    if found.free_hires is not None:
        effect, ja, en = found.free_hires, "無料採用枠", "free hires"
    difference = effect.difference
    return Text(
        f"今後{found.ahead_months}か月の{ja}は、このままなら約{effect.now.mean:,.0f}、"
        f"変えると約{effect.then.mean:,.0f}の見込みです"
        f"（差{difference.mean:+,.0f}、95%の幅{difference.low:+,.0f}〜{difference.high:+,.0f}）。",
        f"In the {found.ahead_months} months ahead about {effect.now.mean:,.0f} {en} are expected "
        f"as things are, about {effect.then.mean:,.0f} with the change ({difference.mean:+,.0f}, "
        f"95 % between {difference.low:+,.0f} and {difference.high:+,.0f}).",
    )
