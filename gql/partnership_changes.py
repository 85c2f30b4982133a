"""What companies and consortium admins do with partnerships."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry

from gql.context import Context
from gql.idempotency import idempotency_key, perform_once
from gql.partnerships import Partnership, Terms
from gql.payload import Payload, key_from, mutation, perform
from gql.rewards import RewardClauseInput
from models.access import Actor, Permission
from models.operations import partnerships as operations
from models.operations import terms as amendments
from models.rules.partnerships import TermsOffered
from models.rules.sharing import CandidateField
from models.session import WriteSession


@strawberry.input(description="What terms say.")
class TermsInput:
    """Codes are those of the vocabularies."""

    fields: list[CandidateField] = strawberry.field(description="What is shown, at least one.")
    categories: list[str] = strawberry.field(
        default_factory=list, description="Codes of the job categories; empty if for all."
    )
    shared_days: int = strawberry.field(
        default=90,
        description="So many days, 1 to 365, what an agreed referral shows can be read.",
    )
    notice_days: int = strawberry.field(
        default=30, description="So many days, 0 to 180, before leaving a company says so."
    )

    rewards: list[RewardClauseInput] = strawberry.field(
        default_factory=list,
        description="What is promised for referrals between the companies, at most 10; each agency "
        "that is named answers too.",
    )

    def offered(self) -> TermsOffered:
        """As the operations take them. Raises `NotFound`."""
        return TermsOffered(
            tuple(self.fields),
            tuple(self.categories),
            self.shared_days,
            self.notice_days,
            tuple(one.offered() for one in self.rewards),
        )


@strawberry.input(description="A partnership to be proposed.")
class ProposePartnershipInput:
    """To whom, under which terms."""

    name: str = strawberry.field(description="What it is called, one line of at most 80.")
    company_ids: list[strawberry.ID] = strawberry.field(
        description="The companies, 2 to 20 with your own, which need not be named."
    )
    terms: TermsInput = strawberry.field(description="The first terms.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which partnership.")
class PartnershipInput:
    """One that you see."""

    id: strawberry.ID = strawberry.field(description="The partnership's id.")


@strawberry.input(description="Which partnership, and why.")
class PartnershipReasonInput:
    """One that you see."""

    id: strawberry.ID = strawberry.field(description="The partnership's id.")
    reason: str = strawberry.field(
        description="Why, for all parties to read: one line of at most 500."
    )


@strawberry.input(description="Terms to be proposed.")
class ProposeTermsInput:
    """In which partnership, and what they say."""

    partnership_id: strawberry.ID = strawberry.field(description="The partnership's id.")
    terms: TermsInput = strawberry.field(description="What they say.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which version of terms.")
class TermsVersionInput:
    """One that waits for answers."""

    id: strawberry.ID = strawberry.field(description="The id of the terms.")


@strawberry.type(description="What became of the partnership.")
class PartnershipPayload(Payload):
    """The partnership, or why not."""

    partnership: Partnership | None = strawberry.field(
        default=None, description="The partnership as it stands now."
    )


@strawberry.type(description="What became of the terms.")
class TermsPayload(Payload):
    """The terms, or why not."""

    terms: Terms | None = strawberry.field(
        default=None, description="The version of the terms as it stands now."
    )


Which = Annotated[PartnershipInput, strawberry.argument(description="Which.")]
WhichAndWhy = Annotated[PartnershipReasonInput, strawberry.argument(description="Which, and why.")]
WhichTerms = Annotated[TermsVersionInput, strawberry.argument(description="Which.")]
OfOne = Callable[[WriteSession, Actor, uuid.UUID], Awaitable[uuid.UUID]]
Info = strawberry.Info[Context]


async def _change(info: Info, input: PartnershipInput, operation: OfOne) -> PartnershipPayload:
    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        return await operation(tx, actor, key_from(input.id, "Partnership", "partnership", "id"))

    return await perform(
        info.context, PartnershipPayload, run, thing="partnership", type_name="Partnership"
    )


async def _change_saying_why(
    info: Info, input: PartnershipReasonInput, operation: Callable[..., Awaitable[uuid.UUID]]
) -> PartnershipPayload:
    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        key = key_from(input.id, "Partnership", "partnership", "id")
        return await operation(tx, actor, operations.WithReason(key, input.reason))

    return await perform(
        info.context, PartnershipPayload, run, thing="partnership", type_name="Partnership"
    )


async def _change_terms(info: Info, input: TermsVersionInput, operation: OfOne) -> TermsPayload:
    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        return await operation(tx, actor, key_from(input.id, "Terms", "terms", "id"))

    return await perform(info.context, TermsPayload, run, thing="terms", type_name="Terms")


@strawberry.type
class PartnershipMutation:
    """From the proposal to the end."""

    @mutation(
        Permission.MANAGE_PARTNERSHIPS,
        description="Ask companies to be partners: your own says yes by asking. A consortium admin "
        "asks on behalf of all of them.",
    )
    async def propose_partnership(
        self,
        info: Info,
        input: Annotated[
            ProposePartnershipInput, strawberry.argument(description="Whom, and under which terms.")
        ],
    ) -> PartnershipPayload:
        def command() -> operations.ProposePartnership:
            companies = tuple(
                key_from(one, "Company", "company", "companyIds") for one in input.company_ids
            )
            return operations.ProposePartnership(input.name, companies, input.terms.offered())

        return await perform_once(
            info.context,
            PartnershipPayload,
            key=input.idempotency_key,
            command=command,
            operation=operations.propose_partnership,
            thing="partnership",
            type_name="Partnership",
        )

    @mutation(
        Permission.MANAGE_PARTNERSHIPS,
        description="Say yes to a partnership and its terms. The last yes brings them into force.",
    )
    async def accept_partnership(self, info: Info, input: Which) -> PartnershipPayload:
        return await _change(info, input, operations.accept_partnership)

    @mutation(
        Permission.MANAGE_PARTNERSHIPS, description="Say no to a partnership: the proposal ends."
    )
    async def decline_partnership(self, info: Info, input: Which) -> PartnershipPayload:
        return await _change(info, input, operations.decline_partnership)

    @mutation(Permission.MANAGE_PARTNERSHIPS, description="Take your own proposal back.")
    async def withdraw_partnership(self, info: Info, input: Which) -> PartnershipPayload:
        return await _change(info, input, operations.withdraw_partnership)

    @mutation(
        Permission.MANAGE_PARTNERSHIPS,
        description="Show nothing new for now. What candidates have not agreed to is taken back.",
    )
    async def suspend_partnership(self, info: Info, input: WhichAndWhy) -> PartnershipPayload:
        return await _change_saying_why(info, input, operations.suspend_partnership)

    @mutation(
        Permission.MANAGE_PARTNERSHIPS,
        description="Show candidates again: the company that suspended it, or a consortium admin.",
    )
    async def resume_partnership(self, info: Info, input: Which) -> PartnershipPayload:
        return await _change(info, input, operations.resume_partnership)

    @mutation(
        Permission.MANAGE_PARTNERSHIPS,
        description="Leave once the notice of the terms is over. The others go on while they are "
        "two.",
    )
    async def leave_partnership(self, info: Info, input: Which) -> PartnershipPayload:
        return await _change(info, input, operations.leave_partnership)

    @mutation(
        Permission.MANAGE_PARTNERSHIPS,
        description="End a partnership at once, for all: consortium admins only.",
    )
    async def end_partnership(self, info: Info, input: WhichAndWhy) -> PartnershipPayload:
        return await _change_saying_why(info, input, operations.end_partnership)

    @mutation(
        Permission.MANAGE_PARTNERSHIPS,
        description="Propose other terms: those in force stay until every party has said yes.",
    )
    async def propose_terms(
        self,
        info: Info,
        input: Annotated[
            ProposeTermsInput, strawberry.argument(description="Where, and what they say.")
        ],
    ) -> TermsPayload:
        def command() -> amendments.ProposeTerms:
            key = key_from(input.partnership_id, "Partnership", "partnership", "partnershipId")
            return amendments.ProposeTerms(key, input.terms.offered())

        return await perform_once(
            info.context,
            TermsPayload,
            key=input.idempotency_key,
            command=command,
            operation=amendments.propose_terms,
            thing="terms",
            type_name="Terms",
        )

    @mutation(
        Permission.MANAGE_PARTNERSHIPS,
        description="Say yes to proposed terms. The last yes brings them into force.",
    )
    async def accept_terms(self, info: Info, input: WhichTerms) -> TermsPayload:
        return await _change_terms(info, input, amendments.accept_terms)

    @mutation(
        Permission.MANAGE_PARTNERSHIPS,
        description="Say no to proposed terms, or take them back: those in force stay.",
    )
    async def reject_terms(self, info: Info, input: WhichTerms) -> TermsPayload:
        return await _change_terms(info, input, amendments.reject_terms)
