"""What the network did: second chances, candidates' voices, and what a company saved."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Self

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.enums import described
from gql.retention import Baseline, Retention, baseline_of, retention_figures
from gql.savings import Savings
from models.access import Permission
from models.reads.members import consortium_of
from models.reads.savings import CompanyFigures, company_figures
from models.rules.surveys import SurveyKind, SurveyQuestion
from network import second_chances as chances
from network import voices
from network.impact import ToldImpact, impact_window, told_impact

IMPACT_COST_POINTS = 50

described(
    SurveyKind,
    "On which occasion candidates were asked.",
    REGISTRATION="Some days after they registered.",
    OUTCOME="Some days after they found work, or the agency had no suitable opening.",
)
described(
    SurveyQuestion,
    "What candidates were asked.",
    TREATED_WELL="Whether they felt treated well by the company that turned them down.",
    HELPED="Whether registering through its link helped them.",
)


@strawberry.type(description="A span of days that people waited.")
class WaitedDays:
    """Waiting times are kept in spans."""

    least_days: int = strawberry.field(description="At least so many days.")
    most_days: int | None = strawberry.field(description="At most so many; null for no end.")
    in_words: str = strawberry.field(description="The same as words.")

    @classmethod
    def of(cls, waited: chances.WaitedDays, locale: str) -> Self:
        """With both ends included."""
        return cls(
            least_days=waited.least,
            most_days=None if waited.below is None else waited.below - 1,
            in_words=chances.waited_in_words(waited).in_(locale),
        )


@strawberry.type(description="How many people waited how long for a job.")
class WaitedPeople:
    """One span, and who waited so long."""

    days: WaitedDays = strawberry.field(description="How long.")
    people: int = strawberry.field(description="How many.")


@strawberry.type(description="People who were turned down and found work.")
class SecondChances:
    """Numbers of registrations: who came through two companies' links is one for each."""

    registrations: int = strawberry.field(
        description="Registrations through links; exact for your own company, else rounded."
    )
    found_work: int = strawberry.field(
        description="How many led to a job anywhere in the network; rounded."
    )
    ended_without: int = strawberry.field(
        description="How many ended without one: no suitable opening, or they withdrew; rounded."
    )
    through_partners: int = strawberry.field(
        description="Hires of people whom a company had shown to a partner; exact for those that "
        "your own company showed, else rounded."
    )
    hires: int | None = strawberry.field(
        description="All hires that the network made, rounded; null for one company."
    )
    waited: list[WaitedPeople] = strawberry.field(
        description="How long those who found work waited, from registration to the job."
    )
    quartiles: list[WaitedDays] = strawberry.field(
        description="A quarter, half and three quarters of those who found work waited no longer. "
        "Who still looks is not among them. Empty where nobody found work."
    )
    in_words: str = strawberry.field(description="What the numbers say.")

    @classmethod
    def of(cls, found: chances.SecondChances, locale: str) -> Self:
        """As they are told, in someone's language."""
        return cls(
            registrations=found.registrations,
            found_work=found.found_work,
            ended_without=found.ended_without,
            through_partners=found.through_partners,
            hires=found.hires,
            waited=[
                WaitedPeople(days=WaitedDays.of(days, locale), people=people)
                for days, people in found.waited
                if people
            ],
            quartiles=[WaitedDays.of(one, locale) for one in found.quartiles or ()],
            in_words=chances.second_chances_in_words(found).in_(locale),
        )


@strawberry.type(description="How many people gave a score.")
class ScoreCount:
    """One of the five."""

    score: int = strawberry.field(description="1, not at all, to 5, very much.")
    people: int = strawberry.field(description="How many; a multiple of the smallest count.")


@strawberry.type(description="What candidates answered to one question on one occasion.")
class SurveyAnswers:
    """Never traceable to one person: null and empty where too few people answered."""

    kind: SurveyKind = strawberry.field(description="The occasion.")
    question: SurveyQuestion = strawberry.field(description="The question.")
    answers: int | None = strawberry.field(description="How many answered, rounded.")
    scores: list[ScoreCount] = strawberry.field(description="How many gave which score.")
    mean: float | None = strawberry.field(description="The mean of the scores.")
    agreeing_percent: float | None = strawberry.field(description="How many of them gave 4 or 5.")
    in_words: str = strawberry.field(description="What the answers say.")

    @classmethod
    def of(cls, found: voices.Voices, locale: str) -> Self:
        """As they are told, in someone's language."""
        return cls(
            kind=found.kind,
            question=found.question,
            answers=found.answers,
            scores=[
                ScoreCount(score=score, people=people)
                for score, people in enumerate(found.scores or (), 1)
            ],
            mean=found.mean,
            agreeing_percent=found.agreeing_percent,
            in_words=voices.voices_in_words(found).in_(locale),
        )


@strawberry.type(description="What the network did in a period: for a company, or for all.")
class Impact:
    """What concerns people is told of whole months that are closed, rounded as flows are."""

    first_day: dt.date = strawberry.field(description="The first day of savings and retention.")
    last_day: dt.date = strawberry.field(
        description="Their last day: today where the period goes on."
    )
    told_first_day: dt.date | None = strawberry.field(
        description="The first day of second chances and surveys; null where no month of the "
        "period is whole and closed."
    )
    told_last_day: dt.date | None = strawberry.field(description="Their last day.")
    smallest_count: int = strawberry.field(
        description="What rounded numbers are multiples of, by month."
    )
    second_chances: SecondChances | None = strawberry.field(
        description="Who was turned down and found work; null where no month is told."
    )
    surveys: list[SurveyAnswers] = strawberry.field(
        description="What candidates answered, by occasion and question."
    )
    savings: Savings | None = strawberry.field(
        description="What your company saved; null for the consortium."
    )
    retention: Retention | None = strawberry.field(
        description="How long those stayed who joined in the period; null for the consortium."
    )
    baseline: Baseline | None = strawberry.field(
        description="What your company says of its hires outside the network; null for the "
        "consortium, and where nothing was stated."
    )


@strawberry.input(description="The days that are asked about.")
class ImpactPeriod:
    """At most ten years."""

    first_day: dt.date = strawberry.field(description="The first day.")
    last_day: dt.date = strawberry.field(description="The last day; days to come are left out.")


@strawberry.type
class ImpactQuery:
    """The root field about what the network did."""

    @relation(
        description="What the network did in a period: for your company, or for the consortium "
        "whom you act for.",
        cost=IMPACT_COST_POINTS,
    )
    @staticmethod
    async def impact(
        parents: list[Any],
        ctx: Context,
        period: Annotated[ImpactPeriod, strawberry.argument(description="Which days.")],
    ) -> list[Impact]:
        """A fixed number of statements, however long the period is."""
        actor = ctx.permitted(Permission.READ_IMPACT)
        async with ctx.database.read() as read:
            zone = (await consortium_of(read, actor)).time_zone
            window = impact_window(period.first_day, period.last_day, now=read.now, time_zone=zone)
            told = await told_impact(
                read,
                actor.consortium_id,
                window.asked,
                today=window.today,
                own_id=actor.organization_id,
            )
            own = None
            if actor.organization_id is not None:
                own = await company_figures(
                    read,
                    actor.organization_id,
                    first=window.asked.first,
                    last=window.asked.last,
                    today=window.today,
                )
        return [_impact(window.asked.first, window.asked.last, told, own, ctx.locale)] * len(
            parents
        )


def _impact(
    first: dt.date, last: dt.date, told: ToldImpact, own: CompanyFigures | None, locale: str
) -> Impact:
    return Impact(
        first_day=first,
        last_day=last,
        told_first_day=told.months.first if told.months else None,
        told_last_day=told.months.last if told.months else None,
        smallest_count=told.smallest_count,
        second_chances=SecondChances.of(told.chances, locale) if told.chances else None,
        surveys=[SurveyAnswers.of(one, locale) for one in told.voices],
        savings=Savings.of(own.savings, locale) if own else None,
        retention=retention_figures(own.retention) if own else None,
        baseline=baseline_of(own.baseline) if own else None,
    )
