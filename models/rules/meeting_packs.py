"""What a meeting's pack holds, frozen; and what each reader is told of it.

A pack is written once, for all of its readers. Of a hand-over between two companies, either is
told what it knows anyway: the giver all of it, the receiver what has been handed to it. Everybody
else is told the same as of any organization: closed months alone, each as a multiple of the
consortium's smallest count. What becomes of a hire is the receiver's to know; the giver is told how
many left only where neither those who left nor those who stayed could be named from it
(`told_leaving`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from models.rules.comparisons import (
    COUNTS,
    Comparison,
    Figure,
    Interval,
    Measured,
    Verdict,
    compare,
    wilson,
)
from models.rules.ledger import Unit
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.meeting_figures import Days, Wait, median_wait_days
from models.rules.told_figures import (
    BETWEEN_ORGANIZATIONS,
    measure_told,
    told_verdict,
    whole_months_in,
)
from models.vocabulary.text import Text

EVENTS = (
    ReferralStatus.PROPOSED,
    ReferralStatus.REQUESTED,
    ReferralStatus.DELIVERED,
    ReferralStatus.ACCEPTED,
    ReferralStatus.HIRED,
)
"""What is counted of hand-overs: offered, asked for, handed over, taken up, hired."""
HANDED = EVENTS[2:]
"""What a receiver knows of: whom it was handed."""
CONSIDERED_MAX = 3
"""So many partners to consider are named for each company."""

Counts = Mapping[ReferralStatus, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """What passed from one party to another in the pack's days."""

    giver_id: UUID
    receiver_id: UUID
    counts: Counts
    told: Counts | None
    """As everybody else is told it; None where no month was over."""
    shares: Mapping[Figure, tuple[int, int]]
    """So many of so many of those who were handed over."""
    waits: tuple[Wait, ...]
    rewards: Mapping[Unit, int]


@dataclass(frozen=True, slots=True)
class Stay:
    """Of those hired from a giver whose so-manieth day came: how many had stayed."""

    giver_id: UUID
    receiver_id: UUID
    days: int
    due: int
    stayed: int


@dataclass(frozen=True, slots=True)
class Considered:
    """A company that could be a partner of one, and why."""

    company_id: UUID
    candidate_id: UUID
    name: Text
    score_permille: int
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """For a consortium: how many referrals of a channel came to a state, as it is told."""

    channel: Channel
    event: ReferralStatus
    referrals: int


@dataclass(frozen=True, slots=True)
class Pack:
    """The figures of one meeting: ``pairs`` of a partnership's, ``flows`` of a consortium's."""

    days: Days
    told_through: date | None
    smallest_count: int
    names: Mapping[UUID, Text]
    pairs: tuple[Pair, ...] = ()
    stays: tuple[Stay, ...] = ()
    considered: tuple[Considered, ...] = ()
    flows: tuple[Flow, ...] = ()

    @property
    def told_days(self) -> Days | None:
        """The whole months that are told of others."""
        return whole_months_in(self.days, self.told_through)


def document_of(pack: Pack) -> dict[str, Any]:
    """The pack as it is stored: plain JSON."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(_plain(asdict(pack))))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    # A driver's own kind of UUID is one too.
    return str(value) if isinstance(value, UUID) else value


def canonical_of(document: Mapping[str, Any]) -> str:
    """The document's text, its keys in order.

    What is told of it as its hash is keyed (`models.vault.Vault.blind`): by a plain one a reader
    could guess what it is not told, and see whether it guessed right.
    """
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode()


def pack_of(document: Mapping[str, Any]) -> Pack:
    """The pack as it was stored."""
    through, days = document["told_through"], document["days"]
    return Pack(
        days=Days(date.fromisoformat(days["first"]), date.fromisoformat(days["last"])),
        told_through=date.fromisoformat(through) if through else None,
        smallest_count=document["smallest_count"],
        names={UUID(key): Text(*name) for key, name in document["names"].items()},
        pairs=tuple(_pair_of(one) for one in document["pairs"]),
        stays=tuple(Stay(**{**one, **_sides(one)}) for one in document["stays"]),
        considered=tuple(_considered_of(one) for one in document["considered"]),
        flows=tuple(
            Flow(Channel(one["channel"]), ReferralStatus(one["event"]), one["referrals"])
            for one in document["flows"]
        ),
    )


def _sides(one: Mapping[str, Any]) -> dict[str, UUID]:
    return {name: UUID(one[name]) for name in ("giver_id", "receiver_id")}


def _pair_of(one: Mapping[str, Any]) -> Pair:
    return Pair(
        **_sides(one),
        counts=_counts_of(one["counts"]),
        told=_counts_of(one["told"]) if one["told"] is not None else None,
        shares={Figure(key): (part, whole) for key, (part, whole) in one["shares"].items()},
        waits=tuple((days, answered) for days, answered in one["waits"]),
        rewards={Unit(key): amount for key, amount in one["rewards"].items()},
    )


def _counts_of(plain: Mapping[str, int]) -> Counts:
    return {ReferralStatus(key): number for key, number in plain.items()}


def _considered_of(one: Mapping[str, Any]) -> Considered:
    return Considered(
        UUID(one["company_id"]),
        UUID(one["candidate_id"]),
        Text(*one["name"]),
        one["score_permille"],
        tuple(Text(*reason) for reason in one["reasons"]),
    )


@dataclass(frozen=True, slots=True)
class SeenPair:
    """What a reader is told of what passed between two parties. None is not told."""

    giver_id: UUID
    receiver_id: UUID
    counts: Mapping[ReferralStatus, int | None]
    is_exact: bool
    rewards: Mapping[Unit, int] | None

    @property
    def delivered(self) -> int:
        """How many were handed over, as it is told."""
        return self.counts[ReferralStatus.DELIVERED] or 0

    @property
    def hired(self) -> int:
        """How many were hired, as it is told."""
        return self.counts[ReferralStatus.HIRED] or 0


@dataclass(frozen=True, slots=True)
class PartySum:
    """What one party gave and took, of what the reader is told."""

    company_id: UUID
    gave: int
    gave_hired: int
    took: int
    took_hired: int


@dataclass(frozen=True, slots=True)
class SeenShare:
    """A share with its interval."""

    figure: Figure
    part: int
    whole: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class SeenStay:
    """How many of those due left before so many days: from ``left_min`` to ``left_max``."""

    giver_id: UUID
    receiver_id: UUID
    days: int
    due: int
    left_min: int
    left_max: int


@dataclass(frozen=True, slots=True)
class SeenComparison:
    """A figure before and after; the numbers only for who took part in what was measured."""

    figure: Figure
    verdict: Verdict
    numbers: Comparison | None


@dataclass(frozen=True, slots=True)
class SeenPack:
    """What one reader is told of a pack."""

    pack: Pack
    pairs: tuple[SeenPair, ...]
    parties: tuple[PartySum, ...]
    reciprocity: float | None
    shares: tuple[SeenShare, ...]
    wait_days: int | None
    waits: int
    waits_open: int
    stays: tuple[SeenStay, ...]
    changes: tuple[SeenComparison, ...]
    considered: tuple[Considered, ...]


def seen_pack(pack: Pack, before: Pack | None, reader_id: UUID | None) -> SeenPack:
    """What a reader is told: a company by its id, anybody else as None."""
    pairs = tuple(_seen_pair(one, reader_id) for one in pack.pairs)
    own = [one for one in pack.pairs if reader_id in (one.giver_id, one.receiver_id)]
    waits = sorted(wait for one in own for wait in one.waits)
    return SeenPack(
        pack=pack,
        pairs=pairs,
        parties=tuple(_sums(pack, pairs)),
        reciprocity=reciprocity_of(pairs),
        shares=tuple(_shares(own) if own else _told_shares(pairs)),
        wait_days=median_wait_days(waits),
        waits=len(waits),
        waits_open=sum(not answered for _, answered in waits),
        stays=tuple(filter(None, (_seen_stay(one, pack, reader_id) for one in pack.stays))),
        changes=tuple(_changes(before, pack, reader_id)) if before is not None else (),
        considered=tuple(one for one in pack.considered if reader_id in (None, one.company_id)),
    )


def _seen_pair(pair: Pair, reader_id: UUID | None) -> SeenPair:
    gave, took = reader_id == pair.giver_id, reader_id == pair.receiver_id
    counts: dict[ReferralStatus, int | None] = {}
    for event in EVENTS:
        if gave or (took and event in HANDED):
            counts[event] = pair.counts.get(event, 0)
        else:
            counts[event] = None if pair.told is None else pair.told.get(event, 0)
    exact = gave or took
    return SeenPair(pair.giver_id, pair.receiver_id, counts, exact, pair.rewards if exact else None)


def _sums(pack: Pack, pairs: Sequence[SeenPair]) -> Iterable[PartySum]:
    if not pack.pairs:
        return
    for company_id in pack.names:
        gave = [one for one in pairs if one.giver_id == company_id]
        took = [one for one in pairs if one.receiver_id == company_id]
        yield PartySum(
            company_id,
            sum(one.delivered for one in gave),
            sum(one.hired for one in gave),
            sum(one.delivered for one in took),
            sum(one.hired for one in took),
        )


def reciprocity_of(pairs: Sequence[SeenPair]) -> float | None:
    """Σ min(w_ij, w_ji) ÷ Σ w_ij of hand-overs (Squartini et al. 2013); None without any."""
    weights = {(one.giver_id, one.receiver_id): one.delivered for one in pairs}
    total = sum(weights.values())
    back = sum(min(w, weights.get((to, of), 0)) for (of, to), w in weights.items())
    return back / total if total else None


def _shares(pairs: Sequence[Pair]) -> Iterable[SeenShare]:
    for figure in (Figure.TAKEN_UP, Figure.ANSWERED_IN_TIME, Figure.HIRED_OF_HANDED_OVER):
        part, whole = _summed(pairs, figure)
        if whole:
            yield SeenShare(figure, part, whole, wilson(part, whole))


def _summed(pairs: Iterable[Pair], figure: Figure) -> tuple[int, int]:
    found = [one.shares.get(figure, (0, 0)) for one in pairs]
    return sum(part for part, _ in found), sum(whole for _, whole in found)


def _told_shares(pairs: Sequence[SeenPair]) -> Iterable[SeenShare]:
    """Of sums that are rounded, for who took part in none of it."""
    whole = sum(one.delivered for one in pairs)
    for figure, event in (
        (Figure.TAKEN_UP, ReferralStatus.ACCEPTED),
        (Figure.HIRED_OF_HANDED_OVER, ReferralStatus.HIRED),
    ):
        part = sum(one.counts[event] or 0 for one in pairs)
        if whole and part <= whole:
            yield SeenShare(figure, part, whole, wilson(part, whole))


def told_leaving(left: int, due: int, smallest_count: int) -> tuple[int, int] | None:
    """Between which numbers those who left lie, as the giver is told it; None is not told.

    It knows who was hired. So nothing is told of fewer than twice the smallest count, and neither
    fewer than the smallest count who left, nor so few who stayed, are told exactly.

    >>> told_leaving(0, 5, 3) is None
    True
    >>> told_leaving(1, 7, 3), told_leaving(3, 7, 3), told_leaving(7, 7, 3)
    ((0, 2), (3, 3), (5, 7))
    """
    if due < 2 * smallest_count:
        return None
    if left < smallest_count:
        return 0, smallest_count - 1
    if due - left < smallest_count:
        return due - smallest_count + 1, due
    return left, left


def _seen_stay(stay: Stay, pack: Pack, reader_id: UUID | None) -> SeenStay | None:
    left = stay.due - stay.stayed
    told: tuple[int, int] | None = None
    if reader_id == stay.receiver_id:
        told = left, left
    elif reader_id == stay.giver_id:
        told = told_leaving(left, stay.due, pack.smallest_count)
    if told is None:
        return None
    return SeenStay(stay.giver_id, stay.receiver_id, stay.days, stay.due, *told)


def _changes(before: Pack, after: Pack, reader_id: UUID | None) -> Iterable[SeenComparison]:
    """Each figure beside that of the pack before, of the pairs that both have.

    Who took part in some is told the numbers of its own, to the day; everybody else a verdict on
    what is told of whole months.
    """
    if not after.names:
        for figure in Figure:
            if figure in COUNTS:
                verdict = told_verdict(
                    figure, _told_total(before, figure), _told_total(after, figure)
                )
                yield SeenComparison(figure, verdict, None)
        return
    own = _own_pairs(after, reader_id) & _own_pairs(before, reader_id)
    both = {_key(one) for one in before.pairs} & {_key(one) for one in after.pairs}
    for figure in Figure:
        if own:
            found = compare(figure, _measured(before, own, figure), _measured(after, own, figure))
            yield SeenComparison(figure, found.verdict, found)
        else:
            verdict = told_verdict(figure, _told(before, both, figure), _told(after, both, figure))
            yield SeenComparison(figure, verdict, None)


def _key(pair: Pair) -> tuple[UUID, UUID]:
    return pair.giver_id, pair.receiver_id


def _own_pairs(pack: Pack, reader_id: UUID | None) -> set[tuple[UUID, UUID]]:
    return {_key(one) for one in pack.pairs if reader_id in _key(one)}


def _told_total(pack: Pack, figure: Figure) -> Measured | None:
    counts: dict[ReferralStatus, int] = {}
    for one in pack.flows:
        if one.channel in BETWEEN_ORGANIZATIONS:
            counts[one.event] = counts.get(one.event, 0) + one.referrals
    return measure_told(figure, counts, pack.told_days)


def _told(pack: Pack, keys: set[tuple[UUID, UUID]], figure: Figure) -> Measured | None:
    told = [one.told or {} for one in pack.pairs if _key(one) in keys]
    counts = {event: sum(one.get(event, 0) for one in told) for event in EVENTS}
    return measure_told(figure, counts, pack.told_days)


def _measured(pack: Pack, keys: set[tuple[UUID, UUID]], figure: Figure) -> Measured:
    pairs = [one for one in pack.pairs if _key(one) in keys]
    event = {
        Figure.HANDED_OVER: ReferralStatus.DELIVERED,
        Figure.HIRES: ReferralStatus.HIRED,
    }.get(figure)
    if event is not None:
        number = sum(one.counts.get(event, 0) for one in pairs)
        return Measured(number, None, pack.days.number)
    return Measured(*_summed(pairs, figure), pack.days.number)
