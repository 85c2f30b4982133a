"""The schema: every feature's fields in one graph."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from gql.audit import AuditQuery
from gql.batch import quicken
from gql.consortium import Agency, Company, ConsortiumQuery
from gql.errors import Schema
from gql.limits import Limits, request_limits
from gql.links import LinkMutation, LinkQuery
from gql.members import MemberMutation
from gql.node import NodeQuery
from gql.programs import ProgramMutation, ProgramQuery
from gql.reviews import ReviewMutation, ReviewQuery
from gql.scalars import SCALARS


@strawberry.type(description="Everything that can be asked.")
class Query(NodeQuery, AuditQuery, ConsortiumQuery, LinkQuery, ProgramQuery, ReviewQuery):
    """The root of queries."""


@strawberry.type(description="Everything that can be done.")
class Mutation(LinkMutation, MemberMutation, ProgramMutation, ReviewMutation):
    """The root of mutations."""


def build_schema(limits: Limits | None = None) -> Schema:
    """The executable schema."""
    schema = Schema(
        query=Query,
        mutation=Mutation,
        types=[Agency, Company],
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[request_limits(limits)],
    )
    quicken(schema)
    return schema
