"""Rejection-mail templates: written by a company, else the ones it starts with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from models.access import Actor, Permission, require
from models.audit import audit
from models.base import ordered_id
from models.errors import DomainError, InvalidInput, NotFound
from models.rules.bounds import require_line
from models.rules.lifecycles import MailingStatus
from models.rules.mail_template import (
    DEFAULT_TEMPLATES,
    TemplateText,
    clean_template,
    find_faults,
)
from models.session import WriteSession
from models.tables.consortium import Organization
from models.tables.mailings import Mailing, MailTemplate
from models.upsert import insert_for
from models.visibility import visible_mail_templates, visible_mailings
from models.vocabulary.text import Text

DEFAULT_NAME = "default"
"""The template every company has. Until one is saved, `DEFAULT_TEMPLATES` stands in for it."""

LOCALES = tuple(DEFAULT_TEMPLATES)
NAME_MAX_CHARS = 60
TEMPLATES_MAX = 100


class TemplateFaulty(DomainError):
    """No mails can be made of the template as it is written."""

    code = "TEMPLATE_FAULTY"
    text = Text(ja="{ja}", en="{en}")


class TemplateInUse(DomainError):
    """A mailing that is not over yet uses the template."""

    code = "TEMPLATE_IN_USE"
    text = Text(
        ja="終わっていない配信で使われているテンプレートは削除できません。",
        en="A mailing that is not over uses this template. Finish or cancel it first.",
    )


@dataclass(frozen=True, slots=True)
class SaveMailTemplate:
    """A company's words under a name, in one language."""

    locale: str
    subject: str
    body: str
    name: str = DEFAULT_NAME


async def save_mail_template(
    tx: WriteSession, actor: Actor, command: SaveMailTemplate
) -> uuid.UUID:
    """Keep a template, in place of the one of this name and language if there is one.

    Raises `InvalidInput` and `TemplateFaulty`, which names everything to be put right.
    """
    require(actor, Permission.MANAGE_MAILINGS)
    assert actor.organization_id is not None
    name = require_line("name", command.name, NAME_MAX_CHARS)
    words = checked_template(command.locale, command.subject, command.body)
    await lock_company(tx, actor.organization_id)
    await _require_room(tx, actor, name, command.locale)
    template_id: uuid.UUID | None = await tx.scalar(
        insert_for(tx, MailTemplate)
        .values(
            id=ordered_id(),
            consortium_id=actor.consortium_id,
            company_id=actor.organization_id,
            name=name,
            locale=command.locale,
            subject=words.subject,
            body=words.body,
            created_at=tx.now,
            updated_at=tx.now,
        )
        .on_conflict_do_update(
            index_elements=["company_id", "name", "locale"],
            set_={"subject": words.subject, "body": words.body, "updated_at": tx.now},
        )
        .returning(MailTemplate.id)
    )
    assert template_id is not None
    audit(tx, actor, "mail_template.saved", "mail_template", template_id)
    return template_id


def checked_template(locale: str, subject: str, body: str) -> TemplateText:
    """The words as they are kept. Raises `InvalidInput` and `TemplateFaulty`."""
    if locale not in LOCALES:
        raise InvalidInput("locale", ja="言語は ja か en です。", en="The language is ja or en.")
    words = clean_template(subject, body)
    faults = find_faults(words)
    if faults:
        raise TemplateFaulty(
            faults[0].field,
            ja="".join(fault.reason.ja for fault in faults),
            en=" ".join(fault.reason.en for fault in faults),
        )
    return words


async def lock_company(tx: WriteSession, company_id: uuid.UUID) -> None:
    """One change of a company's templates and mailings at a time; all else goes on."""
    await tx.execute(
        select(Organization.id).where(Organization.id == company_id).with_for_update(key_share=True)
    )


async def _require_room(tx: WriteSession, actor: Actor, name: str, locale: str) -> None:
    others = await tx.scalar(
        select(func.count())
        .select_from(MailTemplate)
        .where(
            visible_mail_templates(actor),
            (MailTemplate.name != name) | (MailTemplate.locale != locale),
        )
    )
    if (others or 0) >= TEMPLATES_MAX:
        raise InvalidInput(
            "name",
            ja=f"テンプレートは{TEMPLATES_MAX}件までです。不要なものを削除してください。",
            en=f"There can be {TEMPLATES_MAX} templates. Delete one that is not needed.",
        )


async def delete_mail_template(tx: WriteSession, actor: Actor, template_id: uuid.UUID) -> uuid.UUID:
    """Remove a saved template. Without one of its own, the default is the one we provide.

    Raises `NotFound`, and `TemplateInUse` where a mailing would have no template left.
    """
    require(actor, Permission.MANAGE_MAILINGS)
    assert actor.organization_id is not None
    await lock_company(tx, actor.organization_id)
    template = await tx.scalar(
        select(MailTemplate).where(visible_mail_templates(actor), MailTemplate.id == template_id)
    )
    if template is None:
        raise NotFound("id", what="mail template")
    if template.name != DEFAULT_NAME and await _is_used(tx, actor, template.name):
        raise TemplateInUse("id")
    await tx.execute(delete(MailTemplate).where(MailTemplate.id == template_id))
    audit(tx, actor, "mail_template.deleted", "mail_template", template_id)
    return template_id


async def _is_used(tx: WriteSession, actor: Actor, name: str) -> bool:
    used = await tx.scalar(
        select(Mailing.id)
        .where(
            visible_mailings(actor),
            Mailing.template_name == name,
            Mailing.status.in_((MailingStatus.DRAFT, MailingStatus.RUNNING)),
        )
        .limit(1)
    )
    return used is not None
