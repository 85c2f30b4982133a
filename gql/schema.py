"""The schema: every feature's fields in one graph."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from gql.batch import quicken
from gql.errors import Schema
from gql.limits import Limits, request_limits
from gql.links import LinkMutation, LinkQuery
from gql.node import NodeQuery
from gql.scalars import SCALARS


@strawberry.type(description="Everything that can be asked.")
class Query(NodeQuery, LinkQuery):
    """The root of queries."""


@strawberry.type(description="Everything that can be done.")
class Mutation(LinkMutation):
    """The root of mutations."""


def build_schema(limits: Limits | None = None) -> Schema:
    """The executable schema."""
    schema = Schema(
        query=Query,
        mutation=Mutation,
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[request_limits(limits)],
    )
    quicken(schema)
    return schema
