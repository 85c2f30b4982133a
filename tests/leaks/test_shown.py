"""Everyone × every way to a candidate × every field × every state, against an oracle."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from models.access import Permission, Role
from models.rules.lifecycles import CaseStatus
from tests.access.looking import follow, never_existed
from tests.leaks import looks, oracle
from tests.leaks.asking import Judge, key_of, page, whole
from tests.leaks.looks import Look, between, every, is_there
from tests.leaks.scenes import AGENCIES, EACH_SIGHT, SCENES, VIEWERS, Viewer
from tests.leaks.stage import Stage
from tests.leaks.table import DOORS, FIELDS, PARTS, PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")

NODES_PER_QUERY = 60


def judge_of(stages: tuple[Stage, Stage]) -> Judge:
    """Who looks from elsewhere looks at the same things."""
    here, there = stages
    here.actors |= there.actors
    return Judge(here)


def _things(stage: Stage) -> Iterator[tuple[str, uuid.UUID]]:
    for type_name in ("Candidate", "PoolListing"):
        yield from ((type_name, key) for key in stage.candidates.values())
    yield from (("Referral", key) for key in stage.referrals)
    yield from (("Case", key) for key in stage.cases)
    yield from (("Hire", key) for key in stage.hires)


async def test_invariant_7_everything_by_its_id(stages: tuple[Stage, Stage]) -> None:
    judge = judge_of(stages)
    things = list(_things(judge.stage))
    parts = " ".join(f"... on {name} {{ {whole(name, 1)} }}" for name in sorted(PEOPLE - PARTS))
    query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {parts} }} }}"
    for viewer in VIEWERS:
        for start in range(0, len(things), NODES_PER_QUERY):
            await _look_at(judge, viewer, query, things[start : start + NODES_PER_QUERY])
    assert not judge.wrong, "\n".join(judge.wrong)
    assert judge.opened == set(DOORS), "a door that led nobody anywhere proves nothing"
    assert judge.shown == set(FIELDS)


async def _look_at(
    judge: Judge, viewer: Viewer, query: str, things: Sequence[tuple[str, uuid.UUID]]
) -> None:
    ids = [judge.stage.told_id(viewer, *thing) for thing in things]
    answer = await judge.ask(viewer, query, {"ids": ids})
    assert not answer.errors, answer.errors
    for (type_name, key), found in zip(things, answer.data["nodes"], strict=True):
        look = Look(judge.stage, viewer, type_name, key)
        if found is None:
            where = f"{type_name} of {judge.stage.scene_of(look.candidate_id)!r}"
            judge.says(viewer, where, "not there", "there" if is_there(look) else "not there")
        else:
            assert judge.thing(viewer, found) == key


async def test_the_ids_of_the_pool_hold_for_one_company_while_it_sees_nothing_else(
    stages: tuple[Stage, Stage],
) -> None:
    """By the id that others know someone by, or by another's of the pool, nobody is there."""
    judge = judge_of(stages)
    stage, only_listed, known = judge.stage, 0, 0
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    for viewer in EACH_SIGHT:
        if viewer.of is None or viewer.is_foreign:
            continue
        for name, key in stage.candidates.items():
            own = stage.id("Candidate", stage.listing_id(viewer.of, key))
            ids = [stage.id("Candidate", key), own]
            ids += [
                stage.id(kind, stage.listing_id(other, key))
                for kind in ("Candidate", "PoolListing")
                for other in stage.organizations
                if other != viewer.of
            ]
            ids.append(stage.id("PoolListing", key))
            answer = await judge.ask(viewer, query, {"ids": ids})
            real, listed, *others = answer.data["nodes"]
            is_only_listed = oracle.is_only_listed(viewer, SCENES[name])
            is_known = oracle.is_known(viewer, SCENES[name]) and not is_only_listed
            assert listed == ({"id": own} if is_only_listed else None), (viewer.name, name)
            assert real == ({"id": ids[0]} if is_known else None), (viewer.name, name)
            assert not any(others), (viewer.name, name)
            only_listed, known = only_listed + is_only_listed, known + is_known
    assert min(only_listed, known) > 0


ROOTS = {
    "referrals": ("Referral", Permission.READ_REFERRALS),
    "cases": ("Case", Permission.READ_CASES),
    "hires": ("Hire", Permission.READ_REFERRALS),
    "pool": ("PoolListing", Permission.READ_POOL),
}
"""The lists of the root, what is in them, and what a role needs for them."""


async def test_invariant_7_lists(stages: tuple[Stage, Stage]) -> None:
    judge = judge_of(stages)
    for viewer in VIEWERS:
        for name, (type_name, permission) in ROOTS.items():
            answer = await judge.ask(viewer, f"{{ {page(name, whole(type_name, 1))} }}")
            if not judge.stage.actors[viewer.name].may(permission):
                assert answer.codes == ["FORBIDDEN"], (viewer.name, name)
                continue
            assert not answer.errors, answer.errors
            listed = judge.things(viewer, name, answer.data[name])
            judge.says(viewer, name, listed, every(type_name)(judge.stage, viewer))
    assert not judge.wrong, "\n".join(judge.wrong)


async def test_invariant_7_lists_of_an_organization(stages: tuple[Stage, Stage]) -> None:
    judge = judge_of(stages)
    stage, found = judge.stage, whole("Referral", 1)
    of_kind = " ".join(
        f"... on {kind} {{ {page('referrals', found)} }}" for kind in ("Company", "Agency")
    )
    free = f"... on FreeHire {{ referral {{ {found} }} }}"
    query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {of_kind} {free} }} }}"
    assert stage.free_hire is not None
    ids = [
        stage.id("Agency" if name in AGENCIES else "Company", row.id)
        for name, row in stage.organizations.items()
    ]
    ids.append(stage.id("FreeHire", stage.free_hire))
    for viewer in EACH_SIGHT:
        answer = await judge.ask(viewer, query, {"ids": ids})
        assert not answer.errors, answer.errors
        *lists, free_hire = answer.data["nodes"]
        for (name, row), one in zip(stage.organizations.items(), lists, strict=True):
            if viewer.is_foreign:
                assert one is None
                continue
            listed = judge.things(viewer, f"referrals of {name}", one["referrals"])
            judge.says(viewer, f"of {name}", listed, between(stage, viewer, row.id))
        is_told = viewer.of == "stranger" and not viewer.is_foreign
        is_admin = viewer.role is Role.CONSORTIUM_ADMIN and not viewer.is_foreign
        assert (free_hire is not None) == (is_told or is_admin), viewer.name
        if free_hire:
            assert bool(judge.things(viewer, "its referral", free_hire["referral"])) == is_told
    assert not judge.wrong, "\n".join(judge.wrong)


async def test_invariant_7_what_is_told_as_it_happens(stages: tuple[Stage, Stage]) -> None:
    """Every change there ever was, told again to everyone as they may see it now."""
    judge = judge_of(stages)
    stage = judge.stage
    # What a role and a program add is in the lists: here one of each organization is enough.
    for viewer in {(one.of, one.is_foreign): one for one in VIEWERS}.values():
        letter, ids = await follow(
            stage.world.database, stage.actors[viewer.name], "referralChanged", stage.events
        )
        assert (letter == "F") == (viewer.of is None), viewer.name
        told = {key_of(one) for one in ids}
        wanted = {
            key
            for key in every("Referral")(stage, viewer)
            if looks.not_told_to_the_asked(Look(stage, viewer, "Referral", key))
        }
        judge.says(viewer, "referralChanged", told, wanted)
    assert not judge.wrong, "\n".join(judge.wrong)


async def test_invariant_7_matches(stages: tuple[Stage, Stage]) -> None:
    """To the agency alone, of its own candidates, and never with whom a candidate excludes."""
    judge = judge_of(stages)
    stage = judge.stage
    parts = f"candidate {{ {whole('Candidate', 1)} }} opening {{ id }} parts {{ kind missing }}"
    match = f"matches(first: 50) {{ {parts} }}"
    query = (
        f"query ($cases: [ID!]!, $openings: [ID!]!) {{ "
        f"cases: nodes(ids: $cases) {{ ... on Case {{ {match} }} }} "
        f"openings: nodes(ids: $openings) {{ ... on Opening {{ {match} }} }} }}"
    )
    variables = {
        "cases": [stage.id("Case", key) for key in stage.cases][:NODES_PER_QUERY],
        "openings": [stage.id("Opening", key) for key in stage.openings.values()],
    }
    for viewer in EACH_SIGHT:
        answer = await judge.ask(viewer, query, variables)
        assert not answer.errors, answer.errors
        found = [
            one
            for node in (*answer.data["cases"], *answer.data["openings"])
            for one in (node or {}).get("matches") or ()
        ]
        is_for = viewer.of in AGENCIES and not viewer.is_foreign
        assert bool(found) == is_for, viewer.name
        for one in found:
            _judge_match(judge, viewer, one)
        await _judge_allocation(judge, viewer, parts, is_for=is_for)
    assert not judge.wrong, "\n".join(judge.wrong)


def _judge_match(judge: Judge, viewer: Viewer, one: Mapping[str, Any]) -> None:
    stage = judge.stage
    scene = SCENES[stage.scene_of(judge.thing(viewer, one["candidate"]))]
    openings = {key: name for name, key in stage.openings.items()}
    company = openings[key_of(one["opening"]["id"])]
    judge.says(viewer, f"a match at {company}", oracle.excludes(scene, company), False)
    judge.says(viewer, "a match of its own", scene.agency, viewer.of)


async def _judge_allocation(judge: Judge, viewer: Viewer, parts: str, *, is_for: bool) -> None:
    """Of one's own candidates; whose they are not reads as somebody there never was."""
    stage = judge.stage
    query = (
        "query ($people: [ID!]!, $openings: [ID!]!) { "
        "allocation(candidateIds: $people, openingIds: $openings) { "
        f"pairs {{ match {{ {parts} }} }} "
        f"leftOver {{ candidate {{ {whole('Candidate', 1)} }} }} }} }}"
    )
    openings = [stage.id("Opening", key) for key in stage.openings.values()]
    own = [key for key in stage.candidates.values() if _is_in_care(stage, viewer, key)]
    people = [stage.id("Candidate", key) for key in own]
    answer = await judge.ask(viewer, query, {"people": people, "openings": openings})
    if not is_for:
        # To an agency elsewhere the openings are not there either.
        refusal = "NOT_FOUND" if viewer.of in AGENCIES else "FORBIDDEN"
        assert answer.codes == [refusal], viewer.name
        return
    assert not answer.errors, answer.errors
    for pair in answer.data["allocation"]["pairs"]:
        _judge_match(judge, viewer, pair["match"])
    for one in answer.data["allocation"]["leftOver"]:
        judge.thing(viewer, one["candidate"])
    if viewer.role is Role.RECRUITER:
        others = [key for key in stage.candidates.values() if not _is_in_care(stage, viewer, key)]
        not_theirs = [stage.id("Candidate", key) for key in others]
        refusals = {
            (await judge.ask(viewer, query, {"people": [one], "openings": openings})).text()
            for one in (*not_theirs, never_existed("Candidate"))
        }
        assert len(refusals) == 1, refusals


def _is_in_care(stage: Stage, viewer: Viewer, key: uuid.UUID) -> bool:
    cases = [one for one in stage.cases.values() if one.candidate_id == key]
    is_open = any(one.status is CaseStatus.OPEN for one in cases)
    return is_open and oracle.sees_case(viewer, SCENES[stage.scene_of(key)])
