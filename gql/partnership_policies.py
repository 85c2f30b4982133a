"""Which terms of partnerships the consortium allows."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.enums import described
from gql.payload import Payload, mutation, perform
from gql.terms import Term, job_category
from models.access import Actor, Permission
from models.operations import partnership_policies as operations
from models.reads.partnership_policies import PolicyInForce, policy_in_force
from models.rules.partnership_policy import PolicyBreach, TermsPolicy
from models.rules.sharing import CandidateField
from models.session import WriteSession

if TYPE_CHECKING:
    from gql.consortium import Consortium

described(
    PolicyBreach,
    "What of some terms the consortium's policy does not allow.",
    FIELDS="A field that is not to be shown.",
    CATEGORIES="A job category that is not allowed, or all where some are allowed.",
    SHARED_DAYS="More days than are allowed.",
    NOTICE_DAYS="Fewer days of notice than are asked for.",
    REWARDS="Rewards, where none are allowed.",
)


@strawberry.type(
    description="Which terms of partnerships the consortium allows. Terms that are proposed or "
    "accepted are within it; those that were in force before remain."
)
class PartnershipPolicy:
    """The policy as it stands."""

    fields: list[CandidateField] = strawberry.field(description="What may be shown.")
    categories: list[Term] = strawberry.field(
        description="For which job categories; empty if for all."
    )
    shared_days_max: int = strawberry.field(
        description="At most so many days what an agreed referral shows can be read."
    )
    notice_days_min: int = strawberry.field(
        description="At least so many days before leaving a company says so."
    )
    rewards_allowed: bool = strawberry.field(description="Whether terms may promise rewards.")
    companies_may_propose: bool = strawberry.field(
        description="Whether companies propose partnerships by themselves; else the consortium's "
        "admins alone do. Partners propose other terms either way."
    )
    changed_at: dt.datetime | None = strawberry.field(
        description="When it was last set; null where it never was, and all is allowed."
    )


def _policy(found: PolicyInForce) -> PartnershipPolicy:
    policy = found.policy
    told = (job_category(code) for code in policy.categories)
    return PartnershipPolicy(
        fields=list(policy.fields),
        categories=[term for term in told if term is not None],
        shared_days_max=policy.shared_days_max,
        notice_days_min=policy.notice_days_min,
        rewards_allowed=policy.rewards_allowed,
        companies_may_propose=policy.companies_may_propose,
        changed_at=found.changed_at,
    )


@strawberry.type
class ConsortiumPolicy:
    """What the consortium has of its policy: `gql.consortium` takes it in."""

    @relation(description="Which terms of partnerships it allows.")
    @staticmethod
    async def partnership_policy(parents: list[Any], ctx: Context) -> list[PartnershipPolicy]:
        """Only the actor's own consortium is ever a parent."""
        actor = ctx.permitted(Permission.READ_CONSORTIUM)
        async with ctx.database.read() as read:
            found = await policy_in_force(read, actor.consortium_id)
        return [_policy(found)] * len(parents)


@strawberry.input(description="Which terms shall be allowed. It takes the place of what was set.")
class SetPartnershipPolicyInput:
    """What is left out is not restricted."""

    fields: list[CandidateField] = strawberry.field(
        default_factory=lambda: list(CandidateField), description="What may be shown, at least one."
    )
    categories: list[str] = strawberry.field(
        default_factory=list, description="Codes of the job categories; empty if for all."
    )
    shared_days_max: int = strawberry.field(default=365, description="1 to 365.")
    notice_days_min: int = strawberry.field(default=0, description="0 to 180.")
    rewards_allowed: bool = strawberry.field(
        default=True, description="Whether terms may promise rewards."
    )
    companies_may_propose: bool = strawberry.field(
        default=True, description="Whether companies propose partnerships by themselves."
    )


@strawberry.type(description="What became of the policy.")
class PartnershipPolicyPayload(Payload):
    """The consortium with its policy, or why not."""

    consortium: Annotated[Consortium, strawberry.lazy("gql.consortium")] | None = strawberry.field(
        default=None, description="Your consortium."
    )


@strawberry.type
class PartnershipPolicyMutation:
    """What a consortium admin allows."""

    @mutation(
        Permission.MANAGE_PROGRAM,
        description="Say which terms of partnerships are allowed from now on. Terms in force "
        "remain; those that wait for answers and are outside can be rejected, no longer accepted.",
    )
    async def set_partnership_policy(
        self,
        info: strawberry.Info[Context],
        input: Annotated[
            SetPartnershipPolicyInput, strawberry.argument(description="What is allowed.")
        ],
    ) -> PartnershipPolicyPayload:
        command = TermsPolicy(
            tuple(input.fields),
            tuple(input.categories),
            input.shared_days_max,
            input.notice_days_min,
            input.rewards_allowed,
            input.companies_may_propose,
        )

        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            return await operations.set_partnership_policy(tx, actor, command)

        return await perform(
            info.context,
            PartnershipPolicyPayload,
            run,
            thing="consortium",
            type_name="Consortium",
        )
