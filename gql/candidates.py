"""Candidates, as far as they allowed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.enums import described
from gql.node import Node, encode_id, register_node
from gql.terms import Term, job_category, prefecture, prefectures, skills
from models.reads import candidates as reads
from models.reads import cases
from models.rules.sharing import CandidateField, VisibilityReason

if TYPE_CHECKING:
    from gql.cases import Case

described(
    CandidateField,
    "What there is to see of a candidate.",
    NAME="The name.",
    EMAIL="The mail address.",
    PHONE="The telephone number.",
    WISHES="What they wish for, in their own words.",
    CATEGORY="The job category.",
    EXPERIENCE="Years of experience.",
    SKILLS="Skills and qualifications.",
    PREFECTURE="Where they live.",
    DESIRED_PREFECTURES="Where they want to work.",
)
described(
    VisibilityReason,
    "Why a field is shown or not.",
    SHOWN="It is shown.",
    NOT_PROVIDED="It was never provided to your organization, or is provided no longer.",
    NO_CONSENT="The candidate's consent has ended.",
    NO_TERMS="No terms in force between you and your partner show it.",
    ROLE="Your role works without persons.",
    ERASED="The candidate's data has been erased.",
)


@strawberry.type(description="Whether a field of a candidate is shown to you, and why.")
class FieldVisibility:
    """One field of one candidate."""

    field: CandidateField = strawberry.field(description="The field.")
    shown: bool = strawberry.field(description="Whether it is shown.")
    reason: VisibilityReason = strawberry.field(description="Why, or why not.")


@strawberry.type(
    description="候補者: a person who registered. A field that they do not share with you is null, "
    "and `visibility` says why. While you see them in the pool only, the id is the pool's: it says "
    "nothing once they are introduced to you, or listed no more."
)
class Candidate(Node):
    """One candidate as one organization sees them."""

    key: strawberry.Private[uuid.UUID]
    name: str | None = strawberry.field(description="The name.")
    email: str | None = strawberry.field(description="The mail address.")
    phone: str | None = strawberry.field(description="The telephone number.")
    wishes: str | None = strawberry.field(description="What they wish for, in their own words.")
    category: Term | None = strawberry.field(description="The job category.")
    experience_years: int | None = strawberry.field(description="Years of experience.")
    skills: list[Term] | None = strawberry.field(description="Skills and qualifications.")
    prefecture: Term | None = strawberry.field(description="Where they live.")
    desired_prefectures: list[Term] | None = strawberry.field(
        description="Where they want to work."
    )
    visibility: list[FieldVisibility] = strawberry.field(
        description="For each field, whether it is shown to you, and why or why not."
    )

    @relation(description="Your agency's case of this candidate, the last one if there are many.")
    @staticmethod
    async def case(
        parents: list[Candidate], ctx: Context
    ) -> list[Annotated[Case, strawberry.lazy("gql.cases")] | None]:
        from gql.cases import case  # noqa: PLC0415  (cases know candidates)

        async with ctx.database.read() as read:
            found = await cases.cases_of(read, ctx.signed_in(), [p.key for p in parents])
        return [case(found[p.key]) if p.key in found else None for p in parents]


def candidate(row: reads.ShownCandidate | None) -> Candidate | None:
    """A candidate as the actor sees them."""
    if row is None:
        return None
    return Candidate(
        id=encode_id("Candidate", row.told_id),
        key=row.id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        wishes=row.wishes,
        category=job_category(row.category),
        experience_years=row.experience_years,
        skills=skills(row.skills),
        prefecture=prefecture(row.prefecture),
        desired_prefectures=prefectures(row.desired_prefectures),
        visibility=[
            FieldVisibility(field=field, shown=shown, reason=reason)
            for field, shown, reason in row.visibility
        ],
    )


async def load_candidates(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Candidate]:
    """The candidates of many rows at once."""
    async with ctx.database.read() as read:
        rows = await reads.shown(read, ctx.signed_in(), keys)
    return {key: one for key, row in rows.items() if (one := candidate(row))}


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Candidate]:
    async with ctx.database.read() as read:
        rows = await reads.shown_by_told_id(read, ctx.signed_in(), keys)
    return {key: one for key, row in rows.items() if (one := candidate(row))}


register_node("Candidate", _load)
