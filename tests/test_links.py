"""What a company may call a link."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.access import Role
from models.errors import InvalidInput
from models.operations.links import CreateRelayLink, create_relay_link
from models.tables.links import RelayLink
from tests.handovers import run
from tests.world import World


@pytest.mark.parametrize("campaign", ["2027 👩\u200d💻", "2027\u3000新卒"])
async def test_a_campaign_is_any_plain_line(world: World, campaign: str) -> None:
    recruiter = world.actor(world.company, Role.RECRUITER)
    made = await run(world, create_relay_link, recruiter, CreateRelayLink(campaign))
    async with world.database.read() as read:
        assert (await read.get_one(RelayLink, made)).campaign == campaign


@pytest.mark.parametrize(
    ("campaign", "reason"),
    [
        ("a\u202eb", "control characters cannot be used"),
        ("a\nb", "Line breaks"),
        (" ", "1 to 100 characters"),
        ("x" * 101, "1 to 100 characters"),
    ],
)
async def test_a_campaign_that_cannot_be_read_is_refused_with_its_reason(
    world: World, campaign: str, reason: str
) -> None:
    recruiter = world.actor(world.company, Role.RECRUITER)
    with pytest.raises(InvalidInput, match=reason) as refused:
        await run(world, create_relay_link, recruiter, CreateRelayLink(campaign))
    assert refused.value.path == ("campaign",)
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(RelayLink)) == 1
