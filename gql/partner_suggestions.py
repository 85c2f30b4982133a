"""Finding partners: the companies whose needs overlap with one's own, and why."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import PageArguments, PageInfo, encode_cursor
from gql.context import Context
from gql.enums import described
from gql.lists import After, Before, First, Last, slice_of
from gql.node import decode_id
from gql.parties import parties
from gql.terms import Term, job_category
from models.access import Permission
from models.errors import NotFound
from models.reads.members import consortium_of
from models.reads.possible_partners import company_to_suggest_for, possible_partners
from models.rules import partner_fit as rules
from models.rules.flows import local_day
from models.rules.partner_fit import FitKind, IndustryChoice, NeedBand
from models.vocabulary.job_categories import JOB_CATEGORIES
from network.needs import own_needs, told_needs

if TYPE_CHECKING:
    from gql.consortium import Organization

SUGGESTIONS_COST_POINTS = 100
"""All companies are compared for each answer."""

described(
    NeedBand,
    "How many people turned down in the last twelve months that are over, or places that are open.",
    FEW="Fewer than ten.",
    SOME="Ten to twenty-nine.",
    MANY="Thirty or more.",
)
described(
    FitKind,
    "The parts of a suggestion.",
    GIVING="The share of those you turned down whose job categories the other seeks.",
    TAKING="The share of the places you have to fill whose job categories the other turns down.",
    INDUSTRY="Whether both are of one division of industries.",
    REGION="Whether both are of one prefecture.",
)
described(
    IndustryChoice,
    "Partners of which industry are looked for.",
    SAME="Of the same division.",
    OTHER="Of another division, or one that is not known.",
)


@strawberry.type(description="A job category in which two companies complement each other.")
class SharedNeed:
    """One category, in one direction."""

    category: Term | None = strawberry.field(description="The job category.")
    own: NeedBand = strawberry.field(
        description="How many on the side that was asked for; told to consortium admins as of any "
        "other."
    )
    theirs: NeedBand = strawberry.field(
        description="How many on the other's: of people turned down, a band of figures that are "
        "rounded month by month, never of one below the consortium's smallest count."
    )


@strawberry.type(description="One part of a suggestion: its score, its weight, and why.")
class FitPart:
    """One thing that is looked at."""

    kind: FitKind = strawberry.field(description="What is looked at.")
    weight: int = strawberry.field(description="What it weighs, of 100.")
    score: float | None = strawberry.field(description="From 0 to 1; null where it is not judged.")
    reason: str = strawberry.field(description="Why, in the caller's language.")


@strawberry.type(
    description="A company that could be a partner: its needs and the other's overlap. No "
    "candidate's data enters."
)
class PartnerSuggestionEdge:
    """One company and why."""

    company_key: strawberry.Private[uuid.UUID]
    cursor: str = strawberry.field(description="Its place, for `after` and `before`.")
    score: float = strawberry.field(
        description="From 0 to 1, in thousandths: the mean of the parts' scores, weighted, over "
        "the parts that are judged."
    )
    giving: list[SharedNeed] = strawberry.field(
        description="What the company asked for turns down and this one seeks."
    )
    taking: list[SharedNeed] = strawberry.field(
        description="What this one turns down and the company asked for seeks."
    )
    parts: list[FitPart] = strawberry.field(description="The parts, the weightiest first.")
    reasons: list[str] = strawberry.field(
        description="What speaks for it, in the caller's language."
    )

    @relation(description="The company that could be a partner.")
    @staticmethod
    async def node(
        parents: list[PartnerSuggestionEdge], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.company_key for p in parents])


@strawberry.type(description="A page of the companies that could be partners.")
class PartnerSuggestionConnection:
    """Each edge leads to a company, and says why."""

    edges: list[PartnerSuggestionEdge] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    total_count: int = strawberry.field(description="How many companies are suggested.")


def _shared(one: rules.SharedNeed) -> SharedNeed:
    return SharedNeed(category=job_category(one.category), own=one.own, theirs=one.theirs)


def _part(one: rules.FitPart, locale: str) -> FitPart:
    score = one.score_permille
    return FitPart(
        kind=one.kind,
        weight=one.weight,
        score=None if score is None else score / rules.WHOLE_PERMILLE,
        reason=one.reason.in_(locale),
    )


def _edge(one: rules.Suggestion, locale: str) -> PartnerSuggestionEdge:
    return PartnerSuggestionEdge(
        cursor=encode_cursor(one.position),
        company_key=one.company_id,
        score=one.score_permille / rules.WHOLE_PERMILLE,
        giving=[_shared(need) for need in one.giving],
        taking=[_shared(need) for need in one.taking],
        parts=[_part(part, locale) for part in one.parts],
        reasons=[reason.in_(locale) for reason in one.reasons],
    )


async def _found(
    ctx: Context, company_id: str | None, industry: IndustryChoice | None
) -> list[rules.Suggestion]:
    actor = ctx.permitted(Permission.READ_PARTNERSHIPS)
    asked = None
    if company_id is not None:
        kind, asked = decode_id(company_id) or ("", None)
        if kind != "Company":
            raise NotFound("companyId", what="company")
    async with ctx.database.read() as read:
        if asked is None and actor.organization_id is None:
            return []
        own = await company_to_suggest_for(read, actor, asked)
        others = await possible_partners(read, actor, own.id)
        today = local_day(read.now, (await consortium_of(read, actor)).time_zone)
        told = await told_needs(read, actor.consortium_id, categories=JOB_CATEGORIES, today=today)
        needs = told.get(own.id, {})
        if actor.organization_id is not None:
            needs = await own_needs(read, actor.consortium_id, own.id, today)
    return rules.suggest(
        rules.FitCompany(*own, needs),
        (rules.FitCompany(*other, told.get(other.id, {})) for other in others),
        industry,
    )


@strawberry.type
class PartnerSuggestionQuery:
    """The root field that finds partners."""

    @relation(
        description="Companies that could be partners of yours, by score, of equals the one that "
        "came first: what one turns down, the other seeks. Those that are in a partnership with "
        "yours, or asked to be, are left out. Whom others turned down is told only of months that "
        "are over.",
        cost=SUGGESTIONS_COST_POINTS,
    )
    @staticmethod
    async def partner_suggestions(
        parents: list[Any],
        ctx: Context,
        company_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="For which company: your own where silent. Consortium admins name one; "
                "without it there is nothing to suggest."
            ),
        ] = None,
        industry: Annotated[
            IndustryChoice | None,
            strawberry.argument(description="Of the same industry, or across; both where silent."),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[PartnerSuggestionConnection]:
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(int, uuid.UUID)
        )
        found = await _found(ctx, company_id, industry)
        shown = slice_of(found, asked, lambda one: one.position)
        page = PartnerSuggestionConnection(
            edges=[_edge(one, ctx.locale) for one in shown.rows],
            page_info=shown.page_info,
            total_count=len(found),
        )
        return [page] * len(parents)
