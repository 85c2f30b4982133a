"""What is hidden changes nothing: no filter, order, number, cursor, event or refusal tells of it.

Two values are planted where somebody may not look, one after the other, and everything they can
ask for has to answer the same, letter by letter.
"""

from __future__ import annotations

import pytest

from models.access import Permission, Role
from models.rules.sharing import CandidateField
from tests.access.looking import ask, follow
from tests.access.marks import refused_fields
from tests.access.viewers import NAMES as COLUMNS_OF_TABLE
from tests.access.viewers import Viewer as Column
from tests.leaks import oracle
from tests.leaks.asking import whole
from tests.leaks.planting import changed, hidden_fields, moved
from tests.leaks.scenes import AGENCIES, BY_NAME, SCENES, Viewer
from tests.leaks.sifting import queries
from tests.leaks.stage import Stage
from tests.leaks.table import PARTS, PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOKERS = (
    "giver RECRUITER",
    "partner RECRUITER",
    "partner VIEWER",
    "paused RECRUITER",
    "stranger RECRUITER",
    "other agency RECRUITER",
    "CONSORTIUM_ADMIN",
)
"""One of each whose sight differs: what a token sees is what its role does (`test_shown`)."""


def _root_columns(viewer: Viewer) -> Column:
    """The column of the access table that says which roots a role may ask for."""
    name = {
        Role.CONSORTIUM_ADMIN: "consortium_admin",
        Role.ANALYST: "analyst",
    }.get(viewer.role)
    if name is None:
        kind = "agency" if viewer.of in AGENCIES else "company"
        name = f"{kind}_{'viewer' if viewer.role is Role.VIEWER else 'admin'}"
    assert name in COLUMNS_OF_TABLE
    return Column(name, "", name)


async def everything(stage: Stage, viewer: Viewer) -> list[str]:
    """All that someone can ask for: lists by every filter and order, things by ids, events."""
    database, actor = stage.world.database, stage.actors[viewer.name]
    assert actor is not None
    refused = refused_fields(_root_columns(viewer))
    told = []
    organizations = [
        stage.id("Agency" if name in AGENCIES else "Company", stage.organizations[name].id)
        for name in sorted({"giver", viewer.of or "partner"})
    ]
    given = {
        "giver": stage.id("Company", stage.organizations["giver"].id),
        "partner": stage.id("Company", stage.organizations["partner"].id),
        "ids": [*organizations, stage.id("Consortium", stage.world.consortium_id)],
    }
    for query in queries(lambda line: line.partition("(")[0] not in refused):
        variables = {name: value for name, value in given.items() if f"${name}" in query}
        told.append((await ask(database, actor, query, variables)).text())
    told += await _things(stage, viewer)
    if actor.may(Permission.READ_REFERRALS):
        told.append(str(await follow(database, actor, "referralChanged", stage.events)))
    return told


async def _things(stage: Stage, viewer: Viewer) -> list[str]:
    database, actor = stage.world.database, stage.actors[viewer.name]
    parts = " ".join(f"... on {name} {{ {whole(name, 1)} }}" for name in sorted(PEOPLE - PARTS))
    query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {parts} }} }}"
    ids = [
        *(
            stage.told_id(viewer, kind, key)
            for kind in ("Candidate", "PoolListing")
            for key in stage.candidates.values()
        ),
        *(stage.id("Referral", key) for key in stage.referrals),
        *(stage.id("Case", key) for key in stage.cases),
    ]
    return [
        (await ask(database, actor, query, {"ids": ids[start : start + 100]})).text()
        for start in range(0, len(ids), 100)
    ]


@pytest.mark.parametrize("name", LOOKERS)
async def test_invariant_7_a_hidden_value_changes_nothing(
    stages: tuple[Stage, Stage], name: str
) -> None:
    here, there = stages
    here.actors |= there.actors
    viewer = BY_NAME[name]
    before = await everything(here, viewer)
    assert not any('"errors"' in one or '"FORBIDDEN"' in one for one in before)
    async with changed(here, viewer, tuple(CandidateField)) as values, moved(here, viewer) as rows:
        assert values == sum(
            len(hidden)
            for scene, hidden in hidden_fields(viewer).items()
            if not oracle.is_erased(SCENES[scene])
        )
        assert min(values, rows) > 0
        after = await everything(here, viewer)
    _assert_same(before, after)


def _assert_same(before: list[str], after: list[str]) -> None:
    for one, other in zip(before, after, strict=True):
        if one != other:
            at = next(i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
            pytest.fail(
                f"…{one[max(0, at - 200) : at + 80]}…\n…{other[max(0, at - 200) : at + 80]}…"
            )
