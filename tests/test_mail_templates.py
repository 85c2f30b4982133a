"""Rejection-mail templates, on both databases."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import func, select

from models.access import Role
from models.errors import DomainError, Forbidden, NotFound
from models.operations import mail_templates
from models.operations.mail_templates import (
    SaveMailTemplate,
    TemplateFaulty,
    delete_mail_template,
    save_mail_template,
)
from models.reads.mail_templates import (
    mail_templates as list_templates,
)
from models.reads.mail_templates import (
    preview_mail_template,
    templates_by_id,
    words_for,
)
from models.rules.mail_template import DEFAULT_TEMPLATES, TemplateText
from models.tables.mailings import MailTemplate
from models.tables.records import AuditEntry
from tests.world import World

WORDS = TemplateText("{{name}} 様", "{{company}}より\n{{link}}\n")


async def save(world: World, role: Role = Role.RECRUITER, **changes: str) -> uuid.UUID:
    words = {"locale": "ja", "subject": WORDS.subject, "body": WORDS.body, **changes}
    command = SaveMailTemplate(**words)
    async with world.database.transaction() as tx:
        return await save_mail_template(tx, world.actor(world.company, role), command)


async def count(world: World, table: type[MailTemplate | AuditEntry]) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(table)) or 0


async def test_a_company_starts_with_a_template_in_each_language(world: World) -> None:
    actor = world.actor(world.company, Role.VIEWER)
    async with world.database.read() as read:
        found = await list_templates(read, actor)
        by_id = await templates_by_id(read, actor, [found[1].id])
    assert [(t.name, t.locale, t.words, t.saved_at) for t in found] == [
        ("default", "ja", DEFAULT_TEMPLATES["ja"], None),
        ("default", "en", DEFAULT_TEMPLATES["en"], None),
    ]
    assert by_id == {found[1].id: found[1]}


async def test_a_saved_template_takes_the_place_of_the_default(world: World) -> None:
    first = await save(world)
    world.clock.forward(hours=1)
    second = await save(world, subject="新しい件名")
    assert first == second
    actor = world.actor(world.company, Role.VIEWER)
    async with world.database.read() as read:
        found = await list_templates(read, actor)
        others = await list_templates(read, world.actor(world.other_company, Role.VIEWER))
        japanese = await words_for(read, world.company.id, "default", "ja")
        english = await words_for(read, world.company.id, "default", "en")
    kept = found[0]
    assert (kept.id, kept.locale, kept.words.subject, kept.saved_at) == (
        first,
        "ja",
        "新しい件名",
        world.clock.now,
    )
    assert [t.saved_at for t in others] == [None, None]
    assert japanese == TemplateText("新しい件名", WORDS.body)
    assert english == DEFAULT_TEMPLATES["en"]
    assert await count(world, AuditEntry) == 2


async def test_a_deleted_template_gives_way_to_the_default(world: World) -> None:
    template_id = await save(world)
    async with world.database.transaction() as tx:
        await delete_mail_template(tx, world.actor(world.company, Role.ADMIN), template_id)
    async with world.database.read() as read:
        assert await words_for(read, world.company.id, "default", "ja") == DEFAULT_TEMPLATES["ja"]


async def test_another_companys_template_reads_as_none(world: World) -> None:
    template_id = await save(world)
    stranger = world.actor(world.other_company, Role.ADMIN)
    with pytest.raises(NotFound):
        async with world.database.transaction() as tx:
            await delete_mail_template(tx, stranger, template_id)
    async with world.database.read() as read:
        assert await templates_by_id(read, stranger, [template_id]) == {}
    assert await count(world, MailTemplate) == 1


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"subject": ""}, "TEMPLATE_FAULTY", ("subject",)),
        ({"body": "リンクなし"}, "TEMPLATE_FAULTY", ("body",)),
        ({"locale": "fr"}, "INVALID_INPUT", ("locale",)),
        ({"name": " "}, "INVALID_INPUT", ("name",)),
        ({"name": "あ" * 61}, "INVALID_INPUT", ("name",)),
    ],
)
async def test_a_faulty_template_is_refused(
    world: World, changes: dict[str, Any], code: str, path: tuple[str, ...]
) -> None:
    with pytest.raises(DomainError) as refused:
        await save(world, **changes)
    assert (refused.value.code, refused.value.path) == (code, path)
    assert await count(world, MailTemplate) == 0


async def test_every_fault_is_said_at_once(world: World) -> None:
    with pytest.raises(TemplateFaulty) as refused:
        await save(world, subject="", body="{{nmae}}")
    assert refused.value.message("en").startswith("Write a subject. The body needs {{link}}. Not a")


async def test_a_viewer_saves_nothing(world: World) -> None:
    with pytest.raises(Forbidden):
        await save(world, Role.VIEWER)
    assert await count(world, MailTemplate) == 0


async def test_templates_are_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_templates, "TEMPLATES_MAX", 2)
    await save(world, name="a")
    await save(world, name="b")
    await save(world, name="b")
    with pytest.raises(DomainError) as refused:
        await save(world, name="c")
    assert refused.value.code == "INVALID_INPUT"
    assert await count(world, MailTemplate) == 2


async def test_the_preview_is_what_an_invented_person_would_get(world: World) -> None:
    actor = world.actor(world.company, Role.VIEWER)
    async with world.database.read() as read:
        mail = await preview_mail_template(read, actor, WORDS, "ja", "https://tasuki.example")
        with pytest.raises(TemplateFaulty):
            await preview_mail_template(
                read, actor, TemplateText("", ""), "ja", "https://a.example"
            )
    assert mail.subject == "山田 花子 様"
    assert mail.text.startswith("Company 1より\nhttps://tasuki.example/r/preview\n")
    assert 'href="https://tasuki.example/r/preview"' in mail.html
