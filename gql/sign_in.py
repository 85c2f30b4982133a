"""Signing in and out, and what one is to oneself."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.consortium import Consortium, Organization
from gql.context import Context
from gql.enums import described
from gql.node import encode_id, load_nodes
from gql.payload import Anyone, Payload, do, mutation, refused
from gql.scalars import EmailAddress
from gql.users import User, organizations_of, user
from models.access import Actor, Permission, Role
from models.errors import DomainError
from models.operations import password_resets
from models.operations import sign_in as operations
from models.operations.sign_in import SignedIn
from models.operations.users import change_own_locale
from models.reads import users as reads

described(
    Permission,
    "What can be permitted: a resource and a verb.",
    READ_CONSORTIUM="Read the consortium, its members and rules.",
    MANAGE_PROGRAM="Publish versions of the relay's rules.",
    MANAGE_MEMBERS="Take members in and let them go.",
    REVIEW_COUNTS="Decide about counts that are held.",
    READ_AUDIT="Read the audit log.",
    MANAGE_USERS="Invite and disable people, and give them roles.",
    MANAGE_TOKENS="Make and revoke API tokens.",
    READ_LINKS="Read relay links.",
    MANAGE_LINKS="Make and change relay links.",
    READ_MAILINGS="Read mail templates and mailings.",
    MANAGE_MAILINGS="Write mail templates and send mailings.",
    READ_LEDGER="Read counts, free hires and the ledger.",
    SPEND_FREE_HIRES="Put a free hire on an introduction.",
    READ_REFERRALS="Read referrals.",
    HANDLE_REFERRALS="Take referrals through to a hire.",
    READ_CASES="Read an agency's cases.",
    HANDLE_CASES="Work on an agency's cases.",
    READ_OPENINGS="Read openings.",
    MANAGE_OPENINGS="Make and change openings.",
    READ_FLOWS="Read the flows between organizations.",
    IMPORT_FLOWS="Import flows from before the consortium or from elsewhere.",
    READ_PARTNERSHIPS="See partnerships.",
    MANAGE_PARTNERSHIPS="Propose, answer, amend and leave partnerships.",
    READ_POOL="See the pool that partners share.",
    SHARE_CANDIDATES="Offer candidates to partners, and ask for those in the pool.",
    STATE_BASELINE="State what the company compares its hires with.",
    READ_REWARDS="Read what partnerships' terms promise and earn.",
    FUND_REWARDS="Answer for the rewards that terms name the agency in.",
    EXPORT_REGISTERS="Take out the statutory registers of one's own organization.",
    ANSWER_REQUESTS="Read and answer what candidates ask of the consortium.",
    READ_DELETIONS="Read the requests to delete what candidates no longer allow.",
    READ_MEETINGS="Read feedback meetings, their figures and decisions.",
    MANAGE_MEETINGS="Schedule, prepare, hold, decide and review feedback meetings.",
    READ_IMPACT="Read what the network did: savings, second chances, surveys, the yearly report.",
    STATE_ASSUMPTIONS="State what the company's savings are worked out from.",
)


@strawberry.type(description="Whoever asks: a person who has signed in, or a program.")
class Viewer:
    """The actor, to themselves."""

    actor: strawberry.Private[Actor]
    role: Role = strawberry.field(description="What you may do.")
    permissions: list[Permission] = strawberry.field(
        description="The same, resource by resource, in alphabetical order."
    )
    locale: str = strawberry.field(description="The language you are answered in: ja or en.")

    @relation(description="Yourself; null for a program.")
    @staticmethod
    async def user(parents: list[Viewer], ctx: Context) -> list[User | None]:
        """The one who asks."""
        async with ctx.database.read() as read:
            rows = [await reads.own_user(read, parent.actor) for parent in parents]
        return [user(row) if row else None for row in rows]

    @relation(description="The organization you act for; null for the consortium's own people.")
    @staticmethod
    async def organization(parents: list[Viewer], ctx: Context) -> list[Organization | None]:
        """The actor's own."""
        return await organizations_of(ctx, [parent.actor.organization_id for parent in parents])

    @relation(description="Your consortium.")
    @staticmethod
    async def consortium(parents: list[Viewer], ctx: Context) -> list[Consortium]:
        """The actor's own."""
        [own] = await load_nodes(ctx, [encode_id("Consortium", ctx.signed_in().consortium_id)])
        assert own is not None, "every role reads its consortium"
        return [own] * len(parents)


def viewer_of(actor: Actor | None) -> Viewer | None:
    """The actor to themselves; None for nobody, and for who has no role."""
    if actor is None or actor.role is None:
        return None
    return Viewer(
        actor=actor,
        role=actor.role,
        permissions=sorted(filter(actor.may, Permission), key=lambda one: one.name),
        locale=actor.locale,
    )


@strawberry.type
class ViewerQuery:
    """The root field about oneself."""

    @relation(description="Yourself, or your program; null where nobody has signed in.")
    @staticmethod
    async def viewer(parents: list[Any], ctx: Context) -> list[Viewer | None]:
        """The actor."""
        return [viewer_of(ctx.actor)] * len(parents)


@strawberry.input(description="An address and a password.")
class SignInInput:
    """Who signs in."""

    email: EmailAddress = strawberry.field(description="The address.")
    password: str = strawberry.field(description="The password.")
    consortium: str | None = strawberry.field(
        default=None,
        description="The consortium's short name, for who belongs to several; "
        "else the one signed in to last.",
    )


@strawberry.input(description="An invitation that was mailed, and the password chosen.")
class AcceptInvitationInput:
    """Who comes in."""

    token: str = strawberry.field(description="The last part of the mailed link.")
    password: str = strawberry.field(description="The new password, of 12 to 200 characters.")


@strawberry.input(description="The address of someone who has forgotten the password.")
class RequestPasswordResetInput:
    """Who cannot sign in."""

    email: EmailAddress = strawberry.field(description="Where the link is mailed to.")


@strawberry.input(description="A link that was mailed, and the password chosen.")
class ResetPasswordInput:
    """Who comes back."""

    token: str = strawberry.field(description="The last part of the mailed link.")
    password: str = strawberry.field(description="The new password, of 12 to 200 characters.")


@strawberry.input(description="A language.")
class ChangeLocaleInput:
    """The language one wants."""

    locale: str = strawberry.field(description="The language: ja or en.")


@strawberry.input(description="The password so far, and the new one.")
class ChangePasswordInput:
    """Both passwords."""

    current_password: str = strawberry.field(description="The password so far.")
    new_password: str = strawberry.field(description="The new password, of 12 to 200 characters.")


@strawberry.type(description="Who one is now.")
class ViewerPayload(Payload):
    """Oneself, or why not."""

    viewer: Viewer | None = strawberry.field(default=None, description="Yourself.")


@strawberry.type(description="Whether signing out was refused.")
class SignOutPayload(Payload):
    """Nobody, or why not."""


@strawberry.type(description="Whether asking for a new password was refused.")
class RequestPasswordResetPayload(Payload):
    """The same for every address."""


@strawberry.type
class SignInMutation:
    """What people do about their own sign-in."""

    @mutation(
        Anyone.ANYONE,
        description="Sign in; the browser gets a cookie. Programs use API tokens instead.",
    )
    async def sign_in(
        self,
        info: strawberry.Info[Context],
        input: Annotated[SignInInput, strawberry.argument(description="Who.")],
    ) -> ViewerPayload:
        """Known and unknown addresses are answered alike."""
        ctx = info.context
        command = operations.SignIn(input.email, input.password, input.consortium)
        try:
            return _entered(ctx, await operations.sign_in(ctx.database, command))
        except DomainError as error:
            return refused(ctx, ViewerPayload, error)

    @mutation(Anyone.ANYONE, description="Choose a password by an invitation's link, and sign in.")
    async def accept_invitation(
        self,
        info: strawberry.Info[Context],
        input: Annotated[AcceptInvitationInput, strawberry.argument(description="Which.")],
    ) -> ViewerPayload:
        """The first administrator of a member that was invited accepts for it."""
        ctx = info.context
        command = operations.AcceptInvitation(input.token, input.password)
        try:
            return _entered(ctx, await operations.accept_invitation(ctx.database, command))
        except DomainError as error:
            return refused(ctx, ViewerPayload, error)

    @mutation(
        Anyone.ANYONE,
        description="Have a link to a new password mailed to whoever signs in with an address. "
        "The answer is the same where nobody does.",
    )
    async def request_password_reset(
        self,
        info: strawberry.Info[Context],
        input: Annotated[RequestPasswordResetInput, strawberry.argument(description="Who.")],
    ) -> RequestPasswordResetPayload:
        """Known and unknown addresses are answered alike."""
        ctx = info.context
        try:
            async with ctx.database.transaction() as tx:
                await password_resets.request_password_reset(tx, input.email)
        except DomainError as error:
            return refused(ctx, RequestPasswordResetPayload, error)
        return RequestPasswordResetPayload()

    @mutation(
        Anyone.ANYONE,
        description="Choose a new password by a mailed link, and sign in; "
        "all other browsers are signed out.",
    )
    async def reset_password(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ResetPasswordInput, strawberry.argument(description="Which.")],
    ) -> ViewerPayload:
        """A link works once."""
        ctx = info.context
        command = password_resets.ResetPassword(input.token, input.password)
        try:
            return _entered(ctx, await password_resets.reset_password(ctx.database, command))
        except DomainError as error:
            return refused(ctx, ViewerPayload, error)

    @mutation(Anyone.SIGNED_IN, description="Sign out, in this browser.")
    async def sign_out(self, info: strawberry.Info[Context]) -> SignOutPayload:
        """The cookie goes, whatever it was still worth."""
        ctx = info.context
        ctx.set_session(None)
        token = ctx.session_token or ""
        _, refusal = await do(
            ctx, SignOutPayload, lambda tx, actor: operations.sign_out(tx, actor, token)
        )
        if refusal is not None:
            return refusal
        ctx.actor = ctx.session_token = None
        return SignOutPayload()

    @mutation(Anyone.SIGNED_IN, description="Choose the language you are answered in.")
    async def change_locale(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ChangeLocaleInput, strawberry.argument(description="Which.")],
    ) -> ViewerPayload:
        """From this answer on."""
        ctx = info.context
        _, refusal = await do(
            ctx, ViewerPayload, lambda tx, actor: change_own_locale(tx, actor, input.locale)
        )
        if refusal is not None:
            return refusal
        ctx.actor = replace(ctx.signed_in(), locale=input.locale)
        return ViewerPayload(viewer=viewer_of(ctx.actor))

    @mutation(
        Anyone.SIGNED_IN, description="Take a new password into use; other browsers are signed out."
    )
    async def change_password(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ChangePasswordInput, strawberry.argument(description="Both passwords.")],
    ) -> ViewerPayload:
        """This browser stays signed in."""
        ctx = info.context
        actor = ctx.signed_in()
        command = operations.ChangeOwnPassword(
            input.current_password, input.new_password, ctx.session_token
        )
        try:
            await operations.change_own_password(ctx.database, actor, command)
        except DomainError as error:
            return refused(ctx, ViewerPayload, error)
        return ViewerPayload(viewer=viewer_of(actor))


def _entered(ctx: Context, signed_in: SignedIn) -> ViewerPayload:
    ctx.actor, ctx.session_token = signed_in.actor, signed_in.token
    ctx.set_session(signed_in.token)
    return ViewerPayload(viewer=viewer_of(signed_in.actor))
