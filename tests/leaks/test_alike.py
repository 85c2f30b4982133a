"""What differs by what is the candidate's to know reads alike; and what is unseen cannot be used.

Invariant 9 for those whom it keeps out: that they were excluded is itself theirs not to know.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import get_named_type
from sqlalchemy import func, select

from models.access import Role
from models.base import Base
from models.rules.lifecycles import Channel
from models.rules.sharing import CandidateField
from models.session import Database
from models.tables.candidates import Disclosure
from tests.access.deeds import DEEDS, MUTATIONS, Deed
from tests.access.looking import ask, never_existed, rehearsal
from tests.leaks import oracle
from tests.leaks.asking import Judge, whole
from tests.leaks.looks import Look, is_there
from tests.leaks.scenes import BY_NAME, SCENES, VIEWERS, Viewer
from tests.leaks.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

ALIKE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "giver RECRUITER": (
        ("offered", "offered, blocking", "offered, employed", "offered, on the way"),
        ("named no more", "blocking the giver"),
    ),
    "partner RECRUITER": (
        ("withdrawn", "expired", "blocking", "employed now"),
        ("unshared", "uncovered", "employed", "of no partner"),
        ("asked for", "asked for, on the way", "asked for, offered"),
        ("shared, stepped back", "shared, blocking", "shared, employed"),
    ),
    "stranger RECRUITER": (("introduced, stepped back", "introduced, blocking"),),
}
"""Scenes that someone has to read as the same, but for who it is."""


def _here(stages: tuple[Stage, Stage]) -> Stage:
    here, there = stages
    here.actors |= there.actors
    return here


@pytest.mark.parametrize("name", ALIKE)
async def test_invariant_9_that_one_is_excluded_does_not_show(
    stages: tuple[Stage, Stage], name: str
) -> None:
    stage = _here(stages)
    for scenes in ALIKE[name]:
        told = {scene: await _all_of(stage, BY_NAME[name], scene) for scene in scenes}
        assert len(set(told.values())) == 1, told


async def _all_of(stage: Stage, viewer: Viewer, scene: str) -> str:
    """Everything that someone reads of a scene, without what is its own: ids, times, entries."""
    candidate_id = stage.candidates[scene]
    referrals = [row for row in stage.referrals.values() if row.candidate_id == candidate_id]
    referrals.sort(key=lambda row: (row.channel is not Channel.RELAY_LINK, row.created_at))
    ids = [
        stage.told_id(viewer, "Candidate", candidate_id),
        stage.told_id(viewer, "PoolListing", candidate_id),
        *(stage.id("Referral", row.id) for row in referrals),
    ]
    parts = " ".join(f"... on {kind} {{ {whole(kind, 1)} }}" for kind in ("Candidate", "Referral"))
    parts += " ... on PoolListing { __typename }"
    query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {parts} }} }}"
    nodes = (await Judge(stage).ask(viewer, query, {"ids": ids})).data["nodes"]
    # What is not there is not there, however many of it there are.
    text = str([node for node in nodes if node is not None])
    form = stage.forms[scene]
    for own in (*ids, form["name"], form["email"], form["phone"], form["wishes"]):
        text = text.replace(str(own), "…")
    text = re.sub(r"\d\d:\d\d:\d\d(\.\d+)?", "…", text)
    number = form["experience_years"]
    text = text.replace(f"'Candidate_experienceYears': {number}", "'Candidate_experienceYears': …")
    return re.sub(r"'((Candidate|Referral|Case)_id|Referral_reference)': '[^']*'", "", text)


async def test_invariant_8_what_identifies_stands_on_a_record_and_reading_writes_nothing(
    stages: tuple[Stage, Stage], shared_database: Database
) -> None:
    stage = _here(stages)
    before = await _sizes(shared_database)
    identifying = sorted(oracle.IDENTIFY)
    shown: set[tuple[str, str]] = set()
    fields = f"... on Candidate {{ {whole('Candidate', 0)} }}"
    query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {fields} }} }}"
    ids = [stage.id("Candidate", key) for key in stage.candidates.values()]
    for viewer in VIEWERS:
        nodes = (await Judge(stage).ask(viewer, query, {"ids": ids})).data["nodes"]
        for (scene, key), node in zip(stage.candidates.items(), nodes, strict=True):
            for field in identifying:
                if node and node[f"Candidate_{field.value.lower()}"] is not None:
                    shown.add((viewer.of or "", scene))
                    assert await _on_record(stage, viewer, key, field), (viewer.name, scene, field)
    # Without an agreed hand-over, or the start of a case, there is nothing to stand on.
    for organization, scene in shown:
        began = oracle.handovers(SCENES[scene])
        agreed = any(one.receiver == organization and one.agreed_on is not None for one in began)
        is_named = organization in oracle.came_through(SCENES[scene])
        assert agreed or is_named or organization == SCENES[scene].agency
    assert {"partner", "giver", "agency", "stranger"} <= {of for of, _ in shown}
    assert await _sizes(shared_database) == before


async def _on_record(stage: Stage, viewer: Viewer, key: uuid.UUID, field: CandidateField) -> bool:
    assert viewer.of is not None
    async with stage.world.database.read() as read:
        rows = await read.scalars(
            select(Disclosure.fields).where(
                Disclosure.candidate_id == key,
                Disclosure.recipient_id == stage.organizations[viewer.of].id,
                Disclosure.closed_at.is_(None),
            )
        )
        return any(field.value in fields for fields in rows)


async def _sizes(database: Database) -> dict[str, int]:
    async with database.read() as read:
        return {
            name: (await read.scalar(select(func.count()).select_from(table))) or 0
            for name, table in Base.metadata.tables.items()
        }


KINDS = {
    "candidate": "Candidate",
    "introduction": "Referral",
    "share": "Referral",
    "referral": "Referral",
    "case": "Case",
    "hire": "Hire",
}
"""The first word of a thing on the stage of `tests.access`, and its type where it is a person's."""
GIVEN = {"sibling": "partner", "company": "giver", "receiver": "stranger"}


def _acts() -> Iterator[tuple[Deed, str]]:
    for deed in DEEDS:
        kind = KINDS.get((deed.thing or "").partition(" ")[0])
        if kind is not None:
            yield deed, kind


ACTORS = [
    viewer
    for viewer in VIEWERS
    if viewer.role in (Role.RECRUITER, Role.CONSORTIUM_ADMIN) and not viewer.is_token
]
NOT_BY_SIGHT = {("CONSORTIUM_ADMIN", "reverseExit")}
"""What somebody may correct by its id without reading it."""
EACH = 3
"""Of the things that are not there every so many is tried by one mutation, others by the next."""


async def test_what_is_not_there_cannot_be_acted_on(
    stages: tuple[Stage, Stage], shared_database: Database
) -> None:
    """It answers as for an id of nothing, whatever it is and whoever tries."""
    stage = _here(stages)
    tried = 0
    async with rehearsal(shared_database) as trial:
        for viewer in ACTORS:
            for number, (deed, kind) in enumerate(_acts()):
                if (viewer.name, deed.mutation) in NOT_BY_SIGHT:
                    continue
                unseen = _unseen(stage, viewer, kind)
                ids = [stage.id(kind, key) for key in unseen[number % EACH :: EACH]]
                told = await _attempts(trial, stage, viewer, deed, [never_existed(kind), *ids])
                assert len(set(told)) == 1, (viewer.name, deed.mutation, set(told))
                tried += len(told)
    assert tried > 1_000


def _unseen(stage: Stage, viewer: Viewer, kind: str) -> list[uuid.UUID]:
    every: dict[str, Any] = {
        "Candidate": stage.candidates.values(),
        "Referral": stage.referrals,
        "Case": stage.cases,
        "Hire": stage.hires,
    }
    return [key for key in every[kind] if not is_there(Look(stage, viewer, kind, key))]


async def _attempts(
    trial: Database, stage: Stage, viewer: Viewer, deed: Deed, ids: list[str]
) -> list[str]:
    of = MUTATIONS[deed.mutation]
    payload = get_named_type(of.type)
    things = " ".join(
        f"{name} {{ __typename }}" if hasattr(get_named_type(one.type), "fields") else name
        for name, one in payload.fields.items()
        if name != "errors"
    )
    inner = f"{{ {things} errors {{ code message path }} }}"
    rest = {name: _given(stage, value) for name, value in deed.rest.items()}
    variables = {f"i{number}": {**rest, deed.field or "": key} for number, key in enumerate(ids)}
    head = ", ".join(f"${name}: {of.args['input'].type}" for name in variables)
    body = " ".join(f"a{name}: {deed.mutation}(input: ${name}) {inner}" for name in variables)
    actor = stage.actors[viewer.name]
    answer = await ask(trial, actor, f"mutation ({head}) {{ {body} }}", variables)
    if answer.errors:
        return [*set(answer.codes)]
    return [str(one) for one in answer.data.values()]


def _given(stage: Stage, value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    name = value[1:]
    if name.startswith("opening "):
        return stage.id("Opening", stage.openings[GIVEN[name.partition(" ")[2]]])
    return stage.id("Company", stage.organizations[GIVEN[name]].id)
