"""What a withdrawal sets going leads nobody to a person whom they may not see."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.access import Permission, Role
from models.tables.deletions import DeletionRequest
from tests.access.looking import follow
from tests.leaks import looks, oracle
from tests.leaks.asking import Judge, key_of, page, told_key, whole
from tests.leaks.looks import Look, every, is_there
from tests.leaks.scenes import VIEWERS, Viewer
from tests.leaks.stage import Stage
from tests.leaks.test_shown import judge_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROW = (
    "id status reason fields askedAt dueAt isOverdue confirmedAt "
    f"candidate {{ {whole('Candidate', 1)} }} referral {{ {whole('Referral', 1)} }}"
)


async def test_invariant_7_what_is_to_be_deleted(stages: tuple[Stage, Stage]) -> None:
    """Its recipient is led to whom it knew; consortium admins to nobody."""
    judge = judge_of(stages)
    stage = judge.stage
    async with stage.world.database.read() as read:
        rows = await read.scalars(
            select(DeletionRequest).where(
                DeletionRequest.consortium_id == stage.world.consortium_id
            )
        )
        requests = {row.id: row for row in rows}
    led_to = set()
    for viewer in VIEWERS:
        answer = await judge.ask(viewer, f"{{ {page('deletionRequests', ROW)} }}")
        if not stage.actors[viewer.name].may(Permission.READ_DELETIONS):
            assert answer.codes == ["FORBIDDEN"], viewer.name
            continue
        assert not answer.errors, answer.errors
        found = answer.data["deletionRequests"]
        wanted = {key for key, row in requests.items() if _is_for(stage, viewer, row)}
        judge.says(viewer, "requests", {key_of(one["id"]) for one in found["nodes"]}, wanted)
        judge.says(viewer, "totalCount", found["totalCount"], len(wanted))
        for one in found["nodes"]:
            led_to |= _doors(judge, viewer, requests[key_of(one["id"])], one)
    assert not judge.wrong, "\n".join(judge.wrong)
    assert led_to == {"candidate", "referral"}, "a door that led nobody anywhere proves nothing"


def _is_for(stage: Stage, viewer: Viewer, row: DeletionRequest) -> bool:
    if viewer.is_foreign:
        return False
    is_admin = viewer.role is Role.CONSORTIUM_ADMIN
    return is_admin or viewer.of == stage.name_of(row.recipient_id)


def _doors(judge: Judge, viewer: Viewer, row: DeletionRequest, found: dict) -> set[str]:  # type: ignore[type-arg]
    person = Look(judge.stage, viewer, "Candidate", row.candidate_id)
    behind = {"candidate": {row.candidate_id} if is_there(person) else set()}
    if row.referral_id is not None:
        referral = Look(judge.stage, viewer, "Referral", row.referral_id)
        behind["referral"] = {row.referral_id} if is_there(referral) else set()
    for name, wanted in behind.items():
        judge.says(viewer, f"the {name} to delete", judge.things(viewer, name, found[name]), wanted)
    return {name for name in behind if found[name] is not None}


async def test_invariant_7_what_is_told_of_consents_and_questions(
    stages: tuple[Stage, Stage],
) -> None:
    """Of a consent that ended, whoever is excluded is told nothing, and nobody of a stranger.

    Of a question, the company whose link it was is told while it may know who came through it.
    """
    judge = judge_of(stages)
    stage = judge.stage
    told_to = set()
    for viewer in {(one.of, one.is_foreign): one for one in VIEWERS}.values():
        actor, database = stage.actors[viewer.name], stage.world.database
        _, ids = await follow(database, actor, "consentWithdrawn", stage.events)
        for key in (told_key(stage, viewer, one) for one in ids):
            scene = Look(stage, viewer, "Candidate", key).scene
            judge.says(viewer, "whose consent ended", oracle.is_known(viewer, scene), True)
            judge.says(viewer, "excluded", oracle.excludes(scene, viewer.of or ""), False)
            told_to.add("consent")
        _, ids = await follow(database, actor, "introductionRequested", stage.events)
        wanted = {
            key
            for key in every("Referral")(stage, viewer)
            if _tells_of_question(Look(stage, viewer, "Referral", key))
        }
        judge.says(viewer, "questions", {key_of(one) for one in ids}, wanted)
        told_to |= {"question"} if ids else set()
    assert not judge.wrong, "\n".join(judge.wrong)
    assert told_to == {"consent", "question"}


def _tells_of_question(look: Look) -> bool:
    return look.is_given and look.kind == "ask" and bool(looks.who_it_is(look))
