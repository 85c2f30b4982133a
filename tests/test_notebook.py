"""The analyst's notebook runs from a token to its figures, against a server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from models.access import Role
from models.operations.api_tokens import CreateApiToken, create_api_token
from models.operations.frozen import freeze_past
from models.rules.lifecycles import Channel, OrganizationKind
from models.tables.consortium import Organization
from tests.live import live
from tests.people import add_person
from tests.test_edges import flow
from tests.world import World, add_organization

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "docs/network.ipynb"
WITHIN_S = 180


def opened() -> Any:
    return nbformat.reads(NOTEBOOK.read_text(), as_version=4)  # type: ignore[no-untyped-call]


def test_it_is_kept_without_what_it_showed() -> None:
    cells = [cell for cell in opened().cells if cell.cell_type == "code"]
    assert len(cells) > 5
    assert [cell.outputs for cell in cells] == [[]] * len(cells)
    assert {cell.execution_count for cell in cells} == {None}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_runs_from_a_token_to_figures(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens: list[str] = []

    async def more(world: World, _: World) -> None:
        tokens.append(await analyst_token(world))
        await passed_on(world)

    with live(database_url, tmp_path, more) as running:
        monkeypatch.setenv("TASUKI_URL", running.served.url)
        monkeypatch.setenv("TASUKI_TOKEN", tokens[0])
        client = NotebookClient(
            opened(),
            timeout=WITHIN_S,
            kernel_name="python3",
            resources={"metadata": {"path": str(ROOT)}},
        )
        done = asyncio.run(client.async_execute())
    shown = [output for cell in done.cells for output in cell.get("outputs", [])]
    assert [one for one in shown if one.output_type in {"error", "stream"}] == []
    texts = [one["data"]["text/plain"] for one in shown if "data" in one]
    # Three months of 12 to one agency and 6 from it to another company; multiples of 3 are told
    # as they are.
    assert "(4, 3, 90.0)" in texts
    assert texts[-1] == "90"
    assert sum("image/png" in one.get("data", {}) for one in shown) == 2
    ladder = next(text for text in texts if "springrank" in text).splitlines()
    assert ladder[2].startswith("Company")
    assert ladder[-1].startswith("Company 9")


async def analyst_token(world: World) -> str:
    analyst = await add_person(world, None, Role.CONSORTIUM_ADMIN, "notebook@staged.example.jp")
    async with world.database.transaction() as tx:
        made = await create_api_token(tx, analyst, CreateApiToken("notebook", Role.ANALYST))
    return made.secret


async def passed_on(world: World) -> None:
    """Two companies give to an agency, which gives to a third, in each of three closed months."""
    async with world.database.transaction() as tx:
        taker: Organization = await add_organization(
            tx, world.consortium_id, 9, OrganizationKind.COMPANY
        )
    month = datetime.now(UTC).date().replace(day=1)
    for _ in range(3):
        month = (month - timedelta(days=1)).replace(day=1)
        for giver in (world.company, world.other_company):
            await flow(world, month, 12, giver=giver)
        await flow(
            world,
            month,
            6,
            giver=world.agency,
            to=taker,
            channel=Channel.AGENCY_INTRODUCTION,
        )
    await freeze_past(world.database)
