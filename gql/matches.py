"""Matches of candidates and openings, for agencies; the allocation; how good matches were."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.candidates import Candidate, candidate
from gql.context import Context
from gql.enums import described
from gql.errors import bad_user_input
from gql.node import decode_id
from gql.openings import Opening, opening
from models.access import Permission
from models.errors import NotFound
from models.reads import allocations, match_quality
from models.reads import matches as reads
from models.rules import matching
from models.rules.allocation import RULE
from models.rules.lifecycles import CaseStatus
from models.rules.matching import MatchKind
from models.tables import openings as opening_tables
from models.tables import referrals as tables

MATCHES_MAX = 50
ALLOCATION_COST_POINTS = 1_000

described(
    MatchKind,
    "The parts of a match.",
    CATEGORY="Whether the job category is the same.",
    SKILLS="How many of the skills that are asked for the candidate has.",
    EXPERIENCE="The years of experience, as a share of those asked for.",
    WISHES="Whether the candidate wishes to work there.",
    PLACE="Whether the candidate lives there.",
)


@strawberry.type(description="One part of a match: its score, its weight, and why.")
class MatchPart:
    """One thing that an opening asks for."""

    kind: MatchKind = strawberry.field(description="What is looked at.")
    weight: int = strawberry.field(description="What it weighs, of 100.")
    score: float | None = strawberry.field(
        description="From 0 to 1; null where nothing is asked for or nothing is known."
    )
    reason: str = strawberry.field(description="Why, in the caller's language.")
    missing: list[str] = strawberry.field(
        description="What is asked for and not there, in the caller's language."
    )


@strawberry.type(
    description="How a candidate and an opening fit: advice, by what you see of the candidate."
)
class Match:
    """A candidate and an opening."""

    candidate: Candidate | None = strawberry.field(description="The candidate.")
    opening: Opening | None = strawberry.field(description="The opening.")
    score: float = strawberry.field(
        description="From 0 to 1, in thousandths: the mean of the parts' scores, weighted, over "
        "the parts that are judged."
    )
    known: float = strawberry.field(
        description="The share of the weights that could be judged, from 0 to 1."
    )
    parts: list[MatchPart] = strawberry.field(description="The parts, the weightiest first.")
    reasons: list[str] = strawberry.field(
        description="What speaks for it, in the caller's language."
    )


def match(found: reads.FoundMatch, locale: str) -> Match:
    """A match as an agency reads it."""
    return Match(
        candidate=candidate(found.candidate),
        opening=opening(found.opening),
        score=found.match.score_permille / matching.WHOLE_PERMILLE,
        known=found.match.known_percent / 100,
        parts=[_part(one, locale) for one in found.match.parts],
        reasons=[reason.in_(locale) for reason in found.match.reasons],
    )


def _part(part: matching.Part, locale: str) -> MatchPart:
    score = part.score_permille
    return MatchPart(
        kind=part.kind,
        weight=part.weight,
        score=None if score is None else score / matching.WHOLE_PERMILLE,
        reason=part.reason.in_(locale),
        missing=[one.in_(locale) for one in part.missing],
    )


async def of_cases(
    ctx: Context, cases: Sequence[tables.Case], first: int
) -> list[list[Match] | None]:
    """The openings that fit the candidates of some cases. Only their agency ever has cases."""
    actor = ctx.signed_in()
    _check(first)
    wanted = [one.candidate_id for one in cases if one.status is CaseStatus.OPEN]
    async with ctx.database.read() as read:
        found = await reads.matches_of_candidates(read, actor, wanted, first)
    return [
        _matches(found.get(one.candidate_id, ()) if one.status is CaseStatus.OPEN else (), ctx)
        for one in cases
    ]


async def of_openings(
    ctx: Context, openings: Sequence[opening_tables.Opening], first: int
) -> list[list[Match] | None]:
    """The agency's candidates who fit some openings; None each to who is no agency."""
    actor = ctx.signed_in()
    _check(first)
    if not reads.is_for_agencies(actor):
        return [None for _ in openings]
    async with ctx.database.read() as read:
        found = await reads.matches_of_openings(read, actor, openings, first)
    return [_matches(found.get(one.id, ()), ctx) for one in openings]


def _check(first: int) -> None:
    if not 1 <= first <= MATCHES_MAX:
        raise bad_user_input("first", f"from 1 to {MATCHES_MAX}, not {first}")


def _matches(found: Sequence[reads.FoundMatch], ctx: Context) -> list[Match]:
    return [match(one, ctx.locale) for one in found]


@strawberry.type(description="A candidate and the opening they would get.")
class AllocatedPair:
    """One pair of an allocation."""

    match: Match = strawberry.field(description="How they fit.")
    choice: int = strawberry.field(
        description="Which of the candidate's choices it is, from 1: places they wish for come "
        "first, then what fits better."
    )
    choices: int = strawberry.field(description="How many of the openings fit the candidate.")


@strawberry.type(description="A candidate who would get none of the openings.")
class LeftOverCandidate:
    """One who is left over."""

    candidate: Candidate | None = strawberry.field(description="The candidate.")
    choices: int = strawberry.field(
        description="How many of the openings fit; those that do went to who fits better."
    )


@strawberry.type(description="How an allocation was made, and that it is stable.")
class AllocationProof:
    """The rule, and the check of every pair."""

    rule: str = strawberry.field(description="The rule, in the caller's language.")
    pairs_checked: int = strawberry.field(description="How many pairs that fit were checked.")
    blocking_pairs: int = strawberry.field(
        description="How many of them would both rather have each other: always 0."
    )


@strawberry.type(
    description="Which candidates to which openings: advice. Nothing is sent to anyone by it."
)
class Allocation:
    """One allocation."""

    pairs: list[AllocatedPair] = strawberry.field(description="Who would get which opening.")
    left_over: list[LeftOverCandidate] = strawberry.field(description="Who would get none of them.")
    proof: AllocationProof = strawberry.field(description="How it was made and checked.")


@strawberry.type(
    description="What became of a month's introductions, by where the opening stood among all "
    "that fitted the candidate when it was proposed."
)
class MonthOfMatches:
    """One month."""

    month: dt.date = strawberry.field(description="Its first day.")
    introduced: int = strawberry.field(
        description="Introductions to an opening whose standing was recorded."
    )
    in_top_ten: int = strawberry.field(
        description="Those whose opening was among the candidate's ten best."
    )
    accepted_of_top_ten: int = strawberry.field(
        description="How many of the ten best a company took up."
    )
    accepted_of_others: int = strawberry.field(
        description="How many of the others a company took up."
    )


@strawberry.type
class MatchQuery:
    """The root fields about matches, for agencies."""

    @relation(
        description="Which of your candidates to which openings: stable, and the best for the "
        "candidates of all that is stable. Advice for an agency with a valid licence.",
        cost=ALLOCATION_COST_POINTS,
    )
    @staticmethod
    async def allocation(
        parents: list[Any],
        ctx: Context,
        candidate_ids: Annotated[
            list[strawberry.ID],
            strawberry.argument(description="At most 200 candidates with an open case."),
        ],
        opening_ids: Annotated[
            list[strawberry.ID], strawberry.argument(description="At most 200 open openings.")
        ],
        per_company_max: Annotated[
            int | None, strawberry.argument(description="At most so many to each company.")
        ] = None,
    ) -> list[Allocation | None]:
        actor = ctx.permitted(Permission.READ_CASES)
        ask = allocations.AskAllocation(
            _keys(candidate_ids, "Candidate", "candidate", "candidateIds"),
            _keys(opening_ids, "Opening", "opening", "openingIds"),
            per_company_max,
        )
        async with ctx.database.read() as read:
            found = await allocations.allocation(read, actor, ask)
        return [_allocation(found, ctx.locale)] * len(parents)

    @relation(description="How good your agency's matches were, by month, the earliest first.")
    @staticmethod
    async def match_quality(
        parents: list[Any],
        ctx: Context,
        from_: Annotated[dt.date, strawberry.argument(name="from", description="The first day.")],
        to: Annotated[
            dt.date,
            strawberry.argument(description="The last day, within 24 months of the first."),
        ],
    ) -> list[list[MonthOfMatches]]:
        actor = ctx.permitted(Permission.READ_CASES)
        async with ctx.database.read() as read:
            months = await match_quality.match_quality(read, actor, first_day=from_, last_day=to)
        told = [
            MonthOfMatches(
                month=one.month,
                introduced=one.introduced,
                in_top_ten=one.in_top_ten,
                accepted_of_top_ten=one.accepted_of_top_ten,
                accepted_of_others=one.accepted_of_others,
            )
            for one in months
        ]
        return [told] * len(parents)


def _keys(ids: Sequence[str], type_name: str, what: str, path: str) -> list[uuid.UUID]:
    """The keys of some ids. Raises `NotFound` where one is of another type, or of none."""
    found = [decode_id(one) for one in ids]
    keys = [one[1] for one in found if one is not None and one[0] == type_name]
    if len(keys) != len(ids):
        raise NotFound(path, what=what)
    return keys


def _allocation(found: allocations.Allocated, locale: str) -> Allocation:
    return Allocation(
        pairs=[
            AllocatedPair(match=match(one.found, locale), choice=one.choice, choices=one.choices)
            for one in found.pairs
        ],
        left_over=[
            LeftOverCandidate(candidate=candidate(one.candidate), choices=one.choices)
            for one in found.left_over
        ],
        proof=AllocationProof(
            rule=RULE.in_(locale),
            pairs_checked=found.pairs_checked,
            blocking_pairs=found.blocking_pairs,
        ),
    )
