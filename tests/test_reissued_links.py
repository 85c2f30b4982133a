"""A link that leaked is replaced once: by one like it, with a new URL."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.access import Role
from models.errors import AlreadyExists
from models.operations.links import reissue_relay_link
from models.rules.lifecycles import LinkStatus
from models.tables.links import RelayLink
from tests.handovers import run
from tests.world import World


async def test_a_link_is_reissued_once_and_then_its_successor(world: World) -> None:
    recruiter = world.actor(world.company, Role.RECRUITER)
    second = await run(world, reissue_relay_link, recruiter, world.link.id)
    with pytest.raises(AlreadyExists):
        await run(world, reissue_relay_link, recruiter, world.link.id)
    third = await run(world, reissue_relay_link, recruiter, second)
    async with world.database.read() as read:
        rows = await read.execute(
            select(RelayLink.id, RelayLink.status, RelayLink.replaces_id, RelayLink.campaign)
        )
        found = {row.id: tuple(row)[1:] for row in rows}
    assert found == {
        world.link.id: (LinkStatus.REVOKED, None, world.link.campaign),
        second: (LinkStatus.REVOKED, world.link.id, world.link.campaign),
        third: (LinkStatus.ACTIVE, second, world.link.campaign),
    }
