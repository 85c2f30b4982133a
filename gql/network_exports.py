"""Taking the flow network out as a file."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from gql.context import Context
from gql.enums import described
from gql.flow_network import FlowNetworkFilter, question_of
from gql.payload import Payload, do, mutation
from gql.scalars import URL
from models.access import Actor, Permission
from models.errors import InvalidInput
from models.operations import network_exports as operations
from models.rules.network_exports import NetworkExport, NetworkFormat
from models.session import WriteSession
from network.questions import View

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


@strawberry.input(description="Which part of the network, as which file.")
class ExportFlowNetworkInput:
    """The part is chosen as `flowNetwork` takes it."""

    where: FlowNetworkFilter = strawberry.field(
        description="Which part. Where it names no events, all of them are exported, each apart. "
        "Relays are not exported."
    )
    format: NetworkFormat = strawberry.field(description="Which file.")


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
            export = _export(ctx, input)
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


def _export(ctx: Context, given: ExportFlowNetworkInput) -> NetworkExport:
    question = question_of(ctx, given.where)
    if question.view is not View.HAND_OVERS:
        raise InvalidInput(
            "where",
            "view",
            ja="ファイルに書き出せるのは、紹介ごとの表示（HAND_OVERS）だけです。",
            en="Only hand-overs are exported to files (view HAND_OVERS).",
        )
    return NetworkExport(
        format=given.format,
        first=question.scope.window.first,
        last=question.scope.window.last,
        channels=question.channels,
        events=question.events,
        level=question.level,
        source_id=question.scope.source_id,
    )
