"""A company's rejection-mail templates, and what they will look like."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models.access import Actor, Permission, require
from models.operations.mail_templates import DEFAULT_NAME, LOCALES, checked_template
from models.rules.mail_template import (
    DEFAULT_TEMPLATES,
    RenderedMail,
    TemplateText,
    preview_values,
    render,
)
from models.session import ReadSession
from models.tables.consortium import Organization
from models.tables.mailings import MailTemplate
from models.visibility import visible_mail_templates

PREVIEW_LINK_PATH = "/r/preview"


@dataclass(frozen=True, slots=True)
class Template:
    """A template as its company sees it. ``saved_at`` is None for one that we provide."""

    id: uuid.UUID
    name: str
    locale: str
    words: TemplateText
    saved_at: datetime | None


def provided_id(company_id: uuid.UUID, locale: str) -> uuid.UUID:
    """The id of a default that has no row: always the same for a company and language."""
    return uuid.uuid5(company_id, f"mail template {locale}")


async def mail_templates(read: ReadSession, actor: Actor) -> Sequence[Template]:
    """All of the actor's templates, by name and language, the defaults among them."""
    require(actor, Permission.READ_MAILINGS)
    assert actor.organization_id is not None
    rows = await read.scalars(select(MailTemplate).where(visible_mail_templates(actor)))
    found = [
        Template(row.id, row.name, row.locale, TemplateText(row.subject, row.body), row.updated_at)
        for row in rows
    ]
    saved = {template.locale for template in found if template.name == DEFAULT_NAME}
    found += [
        Template(
            provided_id(actor.organization_id, locale),
            DEFAULT_NAME,
            locale,
            DEFAULT_TEMPLATES[locale],
            None,
        )
        for locale in LOCALES
        if locale not in saved
    ]
    return sorted(found, key=lambda template: (template.name, LOCALES.index(template.locale)))


async def templates_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Template]:
    """Those of the ids that the actor sees."""
    if actor.organization_id is None or not actor.may(Permission.READ_MAILINGS):
        return {}
    return {
        template.id: template
        for template in await mail_templates(read, actor)
        if template.id in ids
    }


async def preview_mail_template(
    read: ReadSession, actor: Actor, words: TemplateText, locale: str, base_url: str
) -> RenderedMail:
    """The mail an invented person would get. Raises `InvalidInput` and `TemplateFaulty`."""
    require(actor, Permission.READ_MAILINGS)
    checked = checked_template(locale, words.subject, words.body)
    company = await read.scalar(
        select(Organization.name).where(Organization.id == actor.organization_id)
    )
    assert company is not None
    values = preview_values(locale, company, base_url + PREVIEW_LINK_PATH)
    return render(checked, values, locale)


async def words_for(
    read: ReadSession, company_id: uuid.UUID, name: str, locale: str
) -> TemplateText:
    """The template a mail is made of. Without one in this language it is the one we provide."""
    row = (
        await read.execute(
            select(MailTemplate.subject, MailTemplate.body).where(
                MailTemplate.company_id == company_id,
                MailTemplate.name == name,
                MailTemplate.locale == locale,
            )
        )
    ).one_or_none()
    return DEFAULT_TEMPLATES[locale] if row is None else TemplateText(row.subject, row.body)
