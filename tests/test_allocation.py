"""Allocation: stable, and the best of all stable results for every candidate."""

from __future__ import annotations

import itertools
import random
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.allocation import Fit, Seats, allocate, blocking_pairs

SCORES = st.sampled_from([500, 600, 700, 1_000])
WISHES = st.sampled_from([None, 0, 1_000])


def key(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)


def candidate(number: int) -> uuid.UUID:
    return key(number)


def opening(number: int) -> uuid.UUID:
    return key(100 + number)


Case = tuple[list[Fit], dict[uuid.UUID, Seats]]


@st.composite
def cases(draw: st.DrawFn, companies: int = 4) -> Case:
    """Up to four people and four openings, some of whom fit."""
    people, places = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    seats = {
        opening(o): Seats(
            company_id=key(1_000 + draw(st.integers(0, companies - 1))),
            headcount=draw(st.integers(1, 2)),
        )
        for o in range(places)
    }
    fits = [
        Fit(
            candidate_id=candidate(c),
            opening_id=opening(o),
            score_permille=draw(SCORES),
            wish_permille=draw(WISHES),
        )
        for c, o in itertools.product(range(people), range(places))
        if draw(st.booleans())
    ]
    return fits, seats


def preference(fit: Fit) -> tuple[int, int, uuid.UUID]:
    """The candidates' order, said once more."""
    wish = {1_000: 0, None: 1, 0: 2}[fit.wish_permille]
    return wish, -fit.score_permille, fit.opening_id


def every_feasible(
    fits: Sequence[Fit], seats: Mapping[uuid.UUID, Seats], per_company: int | None = None
) -> Iterator[list[Fit]]:
    """Every way to give people at most one opening, and openings no more than they seek."""
    people = sorted({fit.candidate_id for fit in fits})
    options: list[list[Fit | None]] = [
        [None, *(fit for fit in fits if fit.candidate_id == one)] for one in people
    ]
    for chosen in itertools.product(*options):
        held = [fit for fit in chosen if fit is not None]
        at = Counter(fit.opening_id for fit in held)
        of = Counter(seats[fit.opening_id].company_id for fit in held)
        if any(number > seats[one].headcount for one, number in at.items()):
            continue
        if per_company is not None and any(number > per_company for number in of.values()):
            continue
        yield held


def is_stable(held: Sequence[Fit], fits: Sequence[Fit], seats: Mapping[uuid.UUID, Seats]) -> bool:
    """The textbook's definition, in other words than the code's."""
    own = {fit.candidate_id: fit for fit in held}
    for fit in fits:
        mine = own.get(fit.candidate_id)
        if mine is not None and preference(mine) <= preference(fit):
            continue
        there = [one for one in held if one.opening_id == fit.opening_id]
        worse = [
            one
            for one in there
            if (-one.score_permille, one.candidate_id) > (-fit.score_permille, fit.candidate_id)
        ]
        if worse or len(there) < seats[fit.opening_id].headcount:
            return False
    return True


@given(cases())
@settings(max_examples=300, deadline=None)
def test_the_result_is_stable_and_the_best_of_all_stable_ones_for_everyone(case: Case) -> None:
    fits, seats = case
    found = allocate(fits, seats)
    held = [pair.fit for pair in found.pairs]
    assert found.blocking == ()
    assert found.pairs_checked == len(fits)
    stable = [one for one in every_feasible(fits, seats) if is_stable(one, fits, seats)]
    by_id = {tuple(sorted((f.candidate_id, f.opening_id) for f in one)) for one in stable}
    assert tuple(sorted((fit.candidate_id, fit.opening_id) for fit in held)) in by_id
    own = {fit.candidate_id: preference(fit) for fit in held}
    for other in stable:
        for fit in other:
            assert own[fit.candidate_id] <= preference(fit)


@given(cases())
@settings(max_examples=200, deadline=None)
def test_blocking_pairs_are_those_of_the_textbook(case: Case) -> None:
    fits, seats = case
    for held in every_feasible(fits, seats):
        assert (blocking_pairs(fits, seats, held) == []) == is_stable(held, fits, seats)


def greedy(offered: Sequence[Fit], seats: Mapping[uuid.UUID, Seats], per_company: int) -> list[Fit]:
    """What one company would choose: the best first, each person once, as far as seats go."""
    taken: list[Fit] = []
    for fit in sorted(offered, key=lambda f: (-f.score_permille, f.candidate_id, f.opening_id)):
        there = sum(one.opening_id == fit.opening_id for one in taken)
        again = any(one.candidate_id == fit.candidate_id for one in taken)
        if there < seats[fit.opening_id].headcount and len(taken) < per_company and not again:
            taken.append(fit)
    return taken


@given(cases(companies=2), st.integers(1, 3))
@settings(max_examples=300, deadline=None)
def test_with_a_bound_for_each_company_no_pair_would_rather_have_each_other(
    case: Case, per_company: int
) -> None:
    fits, seats = case
    found = allocate(fits, seats, per_company_max=per_company)
    held = [pair.fit for pair in found.pairs]
    assert found.blocking == ()
    of = Counter(seats[fit.opening_id].company_id for fit in held)
    assert all(number <= per_company for number in of.values())
    own = {fit.candidate_id: fit for fit in held}
    for fit in fits:
        mine = own.get(fit.candidate_id)
        if mine is not None and preference(mine) <= preference(fit):
            continue
        company = seats[fit.opening_id].company_id
        theirs = [one for one in held if seats[one.opening_id].company_id == company]
        assert fit not in greedy([*theirs, fit], seats, per_company)


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_things_are_given_changes_nothing(
    case: Case, chance: random.Random
) -> None:
    fits, seats = case
    shuffled = list(fits)
    chance.shuffle(shuffled)
    assert allocate(shuffled, seats).pairs == allocate(fits, seats).pairs


def test_everyone_is_told_which_of_their_choices_they_get() -> None:
    seats = {
        opening(0): Seats(company_id=key(1_000), headcount=1),
        opening(1): Seats(company_id=key(1_001), headcount=2),
    }

    def fit(c: int, o: int, score: int, wish: int | None = None) -> Fit:
        return Fit(
            candidate_id=candidate(c),
            opening_id=opening(o),
            score_permille=score,
            wish_permille=wish,
        )

    fits = [fit(1, 0, 900), fit(1, 1, 800), fit(2, 0, 700), fit(2, 1, 600), fit(3, 0, 950, 0)]
    found = allocate(fits, seats)
    told = [(pair.fit.candidate_id, pair.choice, pair.choices) for pair in found.pairs]
    # The third fits the first opening best, though the place is not one they wish for.
    assert told == [(candidate(1), 2, 2), (candidate(2), 2, 2), (candidate(3), 1, 1)]


def test_200_people_and_200_openings_are_within_bounds() -> None:
    chance = random.Random(7)
    seats = {
        opening(o): Seats(company_id=key(1_000 + o % 20), headcount=1 + o % 3) for o in range(200)
    }
    fits = [
        Fit(
            candidate_id=candidate(c),
            opening_id=opening(o),
            score_permille=chance.randrange(500, 1_001),
            wish_permille=chance.choice([0, None, 1_000]),
        )
        for c, o in itertools.product(range(200), range(200))
    ]
    found = allocate(fits, seats, per_company_max=12)
    assert len(found.pairs) == 200
    assert found.pairs_checked == 40_000
    assert found.blocking == ()
