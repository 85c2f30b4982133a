"""Taking the flow network out as a file."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from gql.context import Context
from gql.enums import described
from gql.flows import FlowWindow, window_of
from gql.payload import Payload, do, key_from, mutation
from gql.scalars import URL
from models.access import Actor, Permission
from models.operations import network_exports as operations
from models.rules.network_exports import NetworkExport, NetworkFormat, NetworkLevel
from models.session import WriteSession

PATH = "/exports/network"

described(
    NetworkFormat,
    "Which file the network is written as.",
    GEXF="GEXF 1.3 with months, for Gephi.",
    GRAPHML="GraphML, for yEd and most libraries.",
    NODE_LINK_JSON="Node-link JSON, as networkx reads and writes it.",
    GRAPHOLOGY_JSON="The JSON of graphology.",
    CSV="A row for each month, pair, channel and event, for spreadsheets.",
    PARQUET="The same rows as columns, for pandas and DuckDB.",
)
described(
    NetworkLevel,
    "What a node of the network is.",
    ORGANIZATION="A company or an agency.",
    INDUSTRY_DIVISION="A division of the Japan Standard Industrial Classification.",
    PREFECTURE="A prefecture.",
)


@strawberry.input(description="Which part of the network, as which file.")
class ExportFlowNetworkInput:
    """The window is of the kind that `flowEdges` takes."""

    where: FlowWindow = strawberry.field(description="Which days, channels and events.")
    format: NetworkFormat = strawberry.field(description="Which file.")
    level: NetworkLevel = strawberry.field(
        default=NetworkLevel.ORGANIZATION, description="What a node is."
    )
    source: strawberry.ID | None = strawberry.field(
        default=None,
        description="An imported source instead of the consortium's own flows; its nodes are "
        "names.",
    )


@strawberry.type(description="Where the file can be fetched.")
class ExportFlowNetworkPayload(Payload):
    """The address needs no other sign-in, so it is as secret as what it leads to."""

    url: URL | None = strawberry.field(
        default=None,
        description="Where to fetch it, with GET and without a cookie, as often as wanted until "
        "it expires. It tells what its asker may see at the time of fetching.",
    )
    expires_at: dt.datetime | None = strawberry.field(
        default=None, description="When the address stops working."
    )
    file_name: str | None = strawberry.field(
        default=None, description="What the file is called when it is saved."
    )


@strawberry.type
class NetworkExportMutation:
    """The mutation about exports of the network."""

    @mutation(
        Permission.READ_FLOWS,
        description="Sign a short-lived address at which the flow network can be fetched as a "
        "file, with the same rounding as every answer.",
    )
    async def export_flow_network(
        self,
        info: strawberry.Info[Context],
        input: Annotated[
            ExportFlowNetworkInput, strawberry.argument(description="What is wanted.")
        ],
    ) -> ExportFlowNetworkPayload:
        ctx = info.context

        async def sign(
            tx: WriteSession, actor: Actor
        ) -> tuple[operations.SignedAddress, NetworkExport]:
            export = _export(input)
            return await operations.sign_network_export(tx, actor, export), export

        done, refusal = await do(ctx, ExportFlowNetworkPayload, sign)
        if refusal is not None:
            return refusal
        address, export = done
        return ExportFlowNetworkPayload(
            url=URL(f"{ctx.base_url}{PATH}/{address.token}"),
            expires_at=address.expires_at,
            file_name=export.file_name,
        )


def _export(given: ExportFlowNetworkInput) -> NetworkExport:
    window = window_of(given.where)
    channels, events = given.where.channels, given.where.events
    return NetworkExport(
        format=given.format,
        first=window.first,
        last=window.last,
        channels=None if channels is None else frozenset(channels),
        events=None if events is None else frozenset(events),
        level=given.level,
        source_id=None
        if given.source is None
        else key_from(given.source, "FlowSource", "flow source", "source"),
    )
