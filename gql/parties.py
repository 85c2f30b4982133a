"""The organizations on either side of a thing. `gql.consortium` builds on the features' types."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gql.context import Context

if TYPE_CHECKING:
    from gql.consortium import Organization


async def parties(ctx: Context, keys: Sequence[uuid.UUID]) -> list[Organization | None]:
    """The organization of each key, in their order."""
    from gql.consortium import load_organizations  # noqa: PLC0415  (it builds on us)

    found = await load_organizations(ctx, keys)
    return [found.get(key) for key in keys]
