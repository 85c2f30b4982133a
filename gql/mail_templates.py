"""Rejection-mail templates."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.node import Node, encode_id, register_node
from gql.payload import Payload, UserError, do, key_from, mutation, perform
from models.access import Actor, Permission
from models.errors import DomainError
from models.operations import mail_templates as operations
from models.reads import mail_templates as reads
from models.rules.mail_template import TemplateText
from models.session import WriteSession


@strawberry.type(description="A company's rejection mail お祈りメール in one language.")
class MailTemplate(Node):
    """One template: saved by the company, or the one it starts with."""

    name: str = strawberry.field(description="Its name; the one every company has is `default`.")
    locale: str = strawberry.field(description="Its language: ja or en.")
    subject: str = strawberry.field(description="The subject, with places such as {{company}}.")
    body: str = strawberry.field(description="The text, with the place {{link}} once in it.")
    saved_at: dt.datetime | None = strawberry.field(
        description="When it was saved; null for the one that every company starts with."
    )


def mail_template(row: reads.Template) -> MailTemplate:
    """A template as its company sees it."""
    return MailTemplate(
        id=encode_id("MailTemplate", row.id),
        name=row.name,
        locale=row.locale,
        subject=row.words.subject,
        body=row.words.body,
        saved_at=row.saved_at,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, MailTemplate]:
    async with ctx.database.read() as read:
        rows = await reads.templates_by_id(read, ctx.signed_in(), keys)
    return {key: mail_template(row) for key, row in rows.items()}


register_node("MailTemplate", _load)


@strawberry.type(description="The mail that an invented person would get.")
class MailPreview:
    """One mail in its two forms."""

    subject: str = strawberry.field(description="The subject.")
    text: str = strawberry.field(description="The mail as plain text.")
    html: str = strawberry.field(description="The mail as an HTML page. Show it in a sandbox.")


@strawberry.type(description="What a template will look like, or what is wrong with it.")
class MailPreviewResult:
    """Like a payload, since a template is wrong most of the time while it is being written."""

    preview: MailPreview | None = strawberry.field(
        default=None, description="The mail; null where no mail can be made."
    )
    errors: list[UserError] = strawberry.field(
        default_factory=list, description="What is to be put right."
    )


@strawberry.type
class MailTemplateQuery:
    """The root fields about templates."""

    @relation(description="Your company's templates, the ones it starts with among them.")
    @staticmethod
    async def mail_templates(parents: list[Any], ctx: Context) -> list[list[MailTemplate]]:
        """By name, and Japanese before English."""
        actor = ctx.permitted(Permission.READ_MAILINGS)
        async with ctx.database.read() as read:
            rows = await reads.mail_templates(read, actor)
        return [[mail_template(row) for row in rows]] * len(parents)

    @relation(description="What a template will look like, before it is saved.")
    @staticmethod
    async def mail_template_preview(
        parents: list[Any],
        ctx: Context,
        subject: Annotated[str, strawberry.argument(description="The subject.")],
        body: Annotated[str, strawberry.argument(description="The text.")],
        locale: Annotated[str, strawberry.argument(description="The language: ja or en.")] = "ja",
    ) -> list[MailPreviewResult]:
        """Made as a real mail is, with an invented person and a link that leads nowhere."""
        actor = ctx.permitted(Permission.READ_MAILINGS)
        try:
            async with ctx.database.read() as read:
                mail = await reads.preview_mail_template(
                    read, actor, TemplateText(subject, body), locale, ctx.base_url
                )
        except DomainError as error:
            found = MailPreviewResult(errors=[UserError.of(error, ctx.locale)])
        else:
            found = MailPreviewResult(
                preview=MailPreview(subject=mail.subject, text=mail.text, html=mail.html)
            )
        return [found] * len(parents)


@strawberry.input(description="A template to be saved, in place of the one of its name.")
class SaveMailTemplateInput:
    """The words."""

    locale: str = strawberry.field(description="The language: ja or en.")
    subject: str = strawberry.field(description="The subject, at most 200 characters.")
    body: str = strawberry.field(description="The text with {{link}} in it, at most 10,000.")
    name: str = strawberry.field(
        default=operations.DEFAULT_NAME, description="The name, one line of at most 60 characters."
    )


@strawberry.input(description="Which template.")
class DeleteMailTemplateInput:
    """One saved template."""

    id: strawberry.ID = strawberry.field(description="The template's id.")


@strawberry.type(description="What became of the template.")
class SaveMailTemplatePayload(Payload):
    """The template, or why not."""

    mail_template: MailTemplate | None = strawberry.field(
        default=None, description="The template as it stands now."
    )


@strawberry.type(description="What became of the template.")
class DeleteMailTemplatePayload(Payload):
    """The id of what is gone, or why not."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id that no longer leads to anything."
    )


@strawberry.type
class MailTemplateMutation:
    """What a company does with its templates."""

    @mutation(Permission.MANAGE_MAILINGS, description="Save a rejection-mail template.")
    async def save_mail_template(
        self,
        info: strawberry.Info[Context],
        input: Annotated[SaveMailTemplateInput, strawberry.argument(description="The words.")],
    ) -> SaveMailTemplatePayload:
        """New, or in place of the one of this name and language."""
        command = operations.SaveMailTemplate(**vars(input))
        return await perform(
            info.context,
            SaveMailTemplatePayload,
            lambda tx, actor: operations.save_mail_template(tx, actor, command),
            thing="mail_template",
            type_name="MailTemplate",
        )

    @mutation(
        Permission.MANAGE_MAILINGS,
        description="Delete a saved template. Without one of its own, `default` is the one we "
        "provide.",
    )
    async def delete_mail_template(
        self,
        info: strawberry.Info[Context],
        input: Annotated[DeleteMailTemplateInput, strawberry.argument(description="Which.")],
    ) -> DeleteMailTemplatePayload:
        """Only where no mailing needs it."""

        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "MailTemplate", "mail template", "id")
            return await operations.delete_mail_template(tx, actor, key)

        deleted, refusal = await do(info.context, DeleteMailTemplatePayload, run)
        if refusal is not None:
            return refusal
        return DeleteMailTemplatePayload(deleted_id=encode_id("MailTemplate", deleted))
