"""Templates, mailings and the first steps, as a client asks for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role
from models.tables.mailings import Mailing, MailTemplate
from tests.test_mailings import people
from tests.world import World

SCHEMA = build_schema()


async def ask(world: World, actor: Actor, query: str, **variables: Any) -> dict[str, Any]:
    context = Context(database=world.database, base_url="https://tasuki.example", actor=actor)
    answer = await SCHEMA.execute(query, variable_values=variables, context_value=context)
    assert answer.errors is None, answer.errors
    assert answer.data is not None
    return answer.data


def recruiter(world: World, locale: str = "en") -> Actor:
    return world.actor(world.company, Role.RECRUITER, locale)


async def count(world: World, table: Any) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(table)) or 0


TEMPLATES = "{ mailTemplates { id name locale subject savedAt } }"
SAVE = """
mutation ($input: SaveMailTemplateInput!) {
  saveMailTemplate(input: $input) { mailTemplate { id name subject } errors { code path message } }
}
"""
DELETE = """
mutation ($id: ID!) {
  deleteMailTemplate(input: {id: $id}) { deletedId errors { code path } }
}
"""


async def test_templates_are_listed_saved_and_deleted(world: World) -> None:
    actor = recruiter(world)
    listed = (await ask(world, actor, TEMPLATES))["mailTemplates"]
    assert [(one["name"], one["locale"], one["savedAt"]) for one in listed] == [
        ("default", "ja", None),
        ("default", "en", None),
    ]
    words = {"locale": "ja", "subject": "件名", "body": "{{link}}"}
    saved = (await ask(world, actor, SAVE, input=words))["saveMailTemplate"]
    assert saved["errors"] == []
    template = saved["mailTemplate"]
    assert (template["name"], template["subject"]) == ("default", "件名")
    node = "query ($id: ID!) { node(id: $id) { ... on MailTemplate { subject } } }"
    assert (await ask(world, actor, node, id=template["id"]))["node"] == {"subject": "件名"}
    stranger = world.actor(world.other_company, Role.ADMIN)
    assert (await ask(world, stranger, node, id=template["id"]))["node"] is None
    assert (await ask(world, actor, node, id=listed[1]["id"]))["node"] is not None
    gone = (await ask(world, actor, DELETE, id=template["id"]))["deleteMailTemplate"]
    assert gone == {"deletedId": template["id"], "errors": []}
    again = (await ask(world, actor, DELETE, id=template["id"]))["deleteMailTemplate"]
    assert again == {"deletedId": None, "errors": [{"code": "NOT_FOUND", "path": ["input", "id"]}]}


async def test_a_faulty_template_is_refused_in_the_callers_language(world: World) -> None:
    words = {"locale": "ja", "subject": "件名", "body": "リンクなし"}
    answer = await ask(world, recruiter(world, "ja"), SAVE, input=words)
    assert answer["saveMailTemplate"] == {
        "mailTemplate": None,
        "errors": [
            {
                "code": "TEMPLATE_FAULTY",
                "path": ["input", "body"],
                "message": "本文に {{link}} が必要です。",
            }
        ],
    }
    assert await count(world, MailTemplate) == 0


PREVIEW = """
query ($subject: String!, $body: String!) {
  mailTemplatePreview(subject: $subject, body: $body, locale: "en") {
    preview { subject text html }
    errors { code }
  }
}
"""


async def test_a_template_is_previewed_before_it_is_saved(world: World) -> None:
    words = {"subject": "Hello {{name}}", "body": "{{link}}"}
    shown = (await ask(world, recruiter(world), PREVIEW, **words))["mailTemplatePreview"]
    assert shown["preview"]["subject"] == "Hello Hanako Yamada"
    assert "https://tasuki.example/r/preview" in shown["preview"]["text"]
    words["body"] = ""
    shown = (await ask(world, recruiter(world), PREVIEW, **words))["mailTemplatePreview"]
    assert shown == {"preview": None, "errors": [{"code": "TEMPLATE_FAULTY"}]}


CREATE = """
mutation ($input: CreateMailingInput!) {
  createMailing(input: $input) {
    mailing { id status total }
    refusedCount refusedRows { line column code reason } unknownColumns
    errors { code path message }
  }
}
"""
START = """
mutation ($id: ID!) {
  startMailing(input: {id: $id}) { mailing { status } errors { code } }
}
"""
CANCEL = START.replace("startMailing", "cancelMailing")
MAILINGS = """
query ($where: MailingFilter) {
  mailings(where: $where) {
    totalCount
    nodes {
      id status
      relayLink { campaign }
      progress { queued sent bounced failed cancelled }
      rejections(first: 1) {
        totalCount
        pageInfo { hasNextPage }
        nodes { id line name email opening category status }
      }
    }
  }
}
"""


def listed(world: World, csv: str, **more: Any) -> dict[str, Any]:
    return {"relayLinkId": encode_id("RelayLink", world.link.id), "csv": csv, **more}


async def test_a_mailing_is_loaded_started_and_cancelled(world: World) -> None:
    actor = recruiter(world)
    csv = people(1, 2).decode()
    made = (await ask(world, actor, CREATE, input=listed(world, csv)))["createMailing"]
    mailing_id = made["mailing"]["id"]
    assert made == {
        "mailing": {"id": mailing_id, "status": "DRAFT", "total": 2},
        "refusedCount": 0,
        "refusedRows": [],
        "unknownColumns": [],
        "errors": [],
    }
    started = (await ask(world, actor, START, id=mailing_id))["startMailing"]
    assert started == {"mailing": {"status": "RUNNING"}, "errors": []}
    where = {"status": {"eq": "RUNNING"}}
    found = (await ask(world, actor, MAILINGS, where=where))["mailings"]
    [one] = found["nodes"]
    assert found["totalCount"] == 1
    assert one["relayLink"] == {"campaign": "2026 春採用"}
    assert one["progress"] == {"queued": 2, "sent": 0, "bounced": 0, "failed": 0, "cancelled": 0}
    people_of = one["rejections"]
    assert (people_of["totalCount"], people_of["pageInfo"]) == (2, {"hasNextPage": True})
    assert {**people_of["nodes"][0], "id": ""} == {
        "id": "",
        "line": 2,
        "name": "応募者1",
        "email": "person1@example.jp",
        "opening": "営業",
        "category": people_of["nodes"][0]["category"],
        "status": "QUEUED",
    }
    cancelled = (await ask(world, actor, CANCEL, id=mailing_id))["cancelMailing"]
    assert cancelled == {"mailing": {"status": "CANCELLED"}, "errors": []}
    assert (await ask(world, actor, MAILINGS, where=where))["mailings"]["totalCount"] == 0


async def test_refused_rows_are_reported_in_the_callers_language(world: World) -> None:
    csv = "name,email,note\nA,nobody,x\nB,b@example.jp,y"
    answer = await ask(world, recruiter(world), CREATE, input=listed(world, csv))
    made = answer["createMailing"]
    assert made["mailing"] is None
    assert [error["code"] for error in made["errors"]] == ["ROWS_REFUSED"]
    assert made["refusedCount"] == 1
    assert [(row["line"], row["column"], row["code"]) for row in made["refusedRows"]] == [
        (2, "email", "EMAIL_INVALID")
    ]
    assert made["refusedRows"][0]["reason"].isascii()
    assert made["unknownColumns"] == ["note"]
    assert await count(world, Mailing) == 0
    wanted = listed(world, csv, keepGoodRows=True)
    made = (await ask(world, recruiter(world), CREATE, input=wanted))["createMailing"]
    assert (made["mailing"]["total"], made["refusedCount"], made["errors"]) == (1, 1, [])


async def test_a_key_makes_one_mailing_however_often_it_is_asked(world: World) -> None:
    actor = recruiter(world)
    wanted = listed(world, people(1).decode(), idempotencyKey="k")
    first = (await ask(world, actor, CREATE, input=wanted))["createMailing"]
    second = (await ask(world, actor, CREATE, input=wanted))["createMailing"]
    assert first == second
    wanted["csv"] = people(2).decode()
    other = (await ask(world, actor, CREATE, input=wanted))["createMailing"]
    assert [error["code"] for error in other["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    assert await count(world, Mailing) == 1


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"relayLinkId": encode_id("Mailing", UUID(int=1))}, "NOT_FOUND", "relayLinkId"),
        ({"relayLinkId": encode_id("RelayLink", UUID(int=1))}, "NOT_FOUND", "relayLinkId"),
        ({"csv": None}, "INVALID_INPUT", "csv"),
        ({"csv": None, "csvBase64": "?"}, "INVALID_INPUT", "csvBase64"),
        ({"templateName": "none"}, "NOT_FOUND", "templateName"),
        ({"purgeAfterDays": 0}, "INVALID_INPUT", "purgeAfterDays"),
    ],
)
async def test_a_wrong_input_is_named(
    world: World, change: dict[str, Any], code: str, path: str
) -> None:
    wanted = {**listed(world, people(1).decode()), **change}
    made = (await ask(world, recruiter(world), CREATE, input=wanted))["createMailing"]
    assert [(error["code"], error["path"]) for error in made["errors"]] == [(code, ["input", path])]
    assert await count(world, Mailing) == 0


async def test_another_companys_mailing_reads_as_none(world: World) -> None:
    wanted = listed(world, people(1).decode())
    made = (await ask(world, recruiter(world), CREATE, input=wanted))["createMailing"]
    stranger = world.actor(world.other_company, Role.ADMIN)
    for mutation, field in ((START, "startMailing"), (CANCEL, "cancelMailing")):
        answer = await ask(world, stranger, mutation, id=made["mailing"]["id"])
        assert answer[field] == {"mailing": None, "errors": [{"code": "NOT_FOUND"}]}
    assert (await ask(world, stranger, MAILINGS))["mailings"]["totalCount"] == 0


STEPS = "{ firstSteps { done steps { name title done isNext } } }"


async def test_a_newcomer_is_told_what_is_next(world: World) -> None:
    newcomer = world.actor(world.other_company, Role.VIEWER)
    found = (await ask(world, newcomer, STEPS))["firstSteps"]
    assert [(step["name"], step["done"], step["isNext"]) for step in found["steps"]] == [
        ("MAKE_LINK", False, True),
        ("LOOK_AT_TEMPLATE", False, False),
        ("LOAD_PEOPLE", False, False),
        ("SEND_MAILS", False, False),
        ("FIRST_REGISTRATION", False, False),
    ]
    assert found["steps"][0]["title"] == "Make a relay link"
    actor = recruiter(world, "ja")

    async def stand() -> tuple[str | None, bool]:
        found = (await ask(world, actor, STEPS))["firstSteps"]
        following = [step["name"] for step in found["steps"] if step["isNext"]]
        return (following[0] if following else None), found["done"]

    assert await stand() == ("LOOK_AT_TEMPLATE", False)
    wanted = listed(world, people(1).decode())
    made = (await ask(world, actor, CREATE, input=wanted))["createMailing"]
    assert await stand() == ("SEND_MAILS", False)
    await ask(world, actor, START, id=made["mailing"]["id"])
    assert await stand() == ("FIRST_REGISTRATION", False)
    await world.register()
    assert await stand() == (None, True)
