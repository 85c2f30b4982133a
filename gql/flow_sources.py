"""Flows from before the consortium or from elsewhere: labelled sources beside its own."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.files import ImportedRows, file_bytes, imported_rows
from gql.idempotency import idempotency_key
from gql.lists import After, Before, First, Last, connect, counting
from gql.node import Node, encode_id, load_nodes, register_node
from gql.payload import Payload, do, key_from, mutation, refused
from models.access import Actor, Permission, require
from models.errors import DomainError
from models.operations import flow_sources as operations
from models.operations.idempotency import once
from models.reads import flow_sources as reads
from models.session import WriteSession
from models.tables import flow_sources as tables


@strawberry.type(description="Aggregated flows that were imported, under a label of their own.")
class FlowSource(Node):
    """One file."""

    label: str = strawberry.field(description="What it is called.")
    smallest_count: int = strawberry.field(
        description="Its flows are told in multiples of this; 1 where they are public."
    )
    node_count: int = strawberry.field(description="How many nodes its flows join.")
    people: int = strawberry.field(description="How many people are told of, all together.")
    first_day: dt.date | None = strawberry.field(
        description="The first day of its dated flows; null where none is dated."
    )
    last_day: dt.date | None = strawberry.field(
        description="The last day of its dated flows; null where none is dated."
    )
    imported_at: dt.datetime = strawberry.field(description="When it was imported or replaced.")


def flow_source(row: tables.FlowSource) -> FlowSource:
    """A row as its readers see it."""
    return FlowSource(
        id=encode_id("FlowSource", row.id),
        label=row.label,
        smallest_count=row.smallest_count,
        node_count=row.nodes,
        people=row.people,
        first_day=row.first_day,
        last_day=row.last_day,
        imported_at=row.imported_at,
    )


async def _load_sources(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, FlowSource]:
    async with ctx.database.read() as read:
        rows = await reads.flow_sources_by_id(read, ctx.signed_in(), keys)
    return {key: flow_source(row) for key, row in rows.items()}


register_node("FlowSource", _load_sources)


@strawberry.type
class FlowSourceQuery:
    """The root fields about imported flows."""

    @relation(description="The imported sources of flows, by label.")
    @staticmethod
    async def flow_sources(
        parents: list[Any],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[FlowSource]]:
        """Paged by label."""
        actor = ctx.permitted(Permission.READ_FLOWS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(str, uuid.UUID)
        )
        async with ctx.database.read() as read:
            rows = await reads.flow_sources_page(read, actor, asked)
        found = connect(
            rows,
            asked,
            node=flow_source,
            position=lambda row: (row.label, row.id),
            count=counting(ctx, lambda read: reads.count_flow_sources(read, actor)),
        )
        return [found] * len(parents)


@strawberry.input(description="A CSV file of flows, as text or as base64 of its bytes.")
class ImportFlowsInput:
    """One of the two forms of the file, and of that of its nodes' names."""

    label: str = strawberry.field(description="What the source is called, at most 100 characters.")
    csv: str | None = strawberry.field(
        default=None,
        description="The file as text, with the columns source, target, date or year, count (or "
        "hires) and outcome; at most 200,000 rows.",
    )
    csv_base64: str | None = strawberry.field(
        default=None, description="The file's bytes in base64: UTF-8, or CP932 as Excel writes it."
    )
    nodes_csv: str | None = strawberry.field(
        default=None,
        description="A file with the columns id and name, where the flows name nodes by id.",
    )
    nodes_csv_base64: str | None = strawberry.field(
        default=None, description="That file's bytes in base64."
    )
    smallest_count: int | None = strawberry.field(
        default=None,
        description="Flows are told in multiples of this, 1 to 100: 1 where they are public "
        "already. The consortium's where silent.",
    )
    replace: bool = strawberry.field(
        default=False, description="Whether to take the place of the source with this label."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of a file of flows.")
class ImportFlowsPayload(ImportedRows):
    """The source, or why not."""

    flow_source: FlowSource | None = strawberry.field(
        default=None, description="The source; null where rows were refused."
    )


@strawberry.input(description="Which source of flows.")
class RemoveFlowSourceInput:
    """One source."""

    id: strawberry.ID = strawberry.field(description="The source's id.")


@strawberry.type(description="What became of the source of flows.")
class RemoveFlowSourcePayload(Payload):
    """The id it had, or why not."""

    removed_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the source that is gone."
    )


@strawberry.type
class FlowSourceMutation:
    """What consortium admins do with imported flows."""

    @mutation(
        Permission.IMPORT_FLOWS,
        description="Take a file of aggregated flows in as a source: all of its rows or none.",
    )
    async def import_flows(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ImportFlowsInput, strawberry.argument(description="The file.")],
    ) -> ImportFlowsPayload:
        """Refused rows are told, with what to do about each."""
        ctx = info.context
        try:
            require(ctx.signed_in(), Permission.IMPORT_FLOWS)
            command = await _command(input)
        except DomainError as error:
            return refused(ctx, ImportFlowsPayload, error)

        async def run(tx: WriteSession, actor: Actor) -> operations.ImportedFlows:
            return await _import_once(tx, actor, command, input.idempotency_key)

        done, refusal = await do(ctx, ImportFlowsPayload, run)
        if refusal is not None:
            return refusal
        answer = imported_rows(ImportFlowsPayload, done.report, ctx.locale)
        if done.source_id is not None:
            [source] = await load_nodes(ctx, [encode_id("FlowSource", done.source_id)])
            answer.flow_source = source
        return answer

    @mutation(Permission.IMPORT_FLOWS, description="Remove an imported source with all its flows.")
    async def remove_flow_source(
        self,
        info: strawberry.Info[Context],
        input: Annotated[RemoveFlowSourceInput, strawberry.argument(description="Which.")],
    ) -> RemoveFlowSourcePayload:
        """For good."""

        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "FlowSource", "flow source", "id")
            return await operations.remove_flow_source(tx, actor, key)

        removed, refusal = await do(info.context, RemoveFlowSourcePayload, run)
        return refusal or RemoveFlowSourcePayload(removed_id=encode_id("FlowSource", removed))


async def _command(input: ImportFlowsInput) -> operations.ImportFlows:
    """The import, its files read: before the transaction, in which others would wait for it."""
    data = file_bytes(input.csv, input.csv_base64)
    has_nodes = input.nodes_csv is not None or input.nodes_csv_base64 is not None
    nodes = file_bytes(input.nodes_csv, input.nodes_csv_base64) if has_nodes else None
    return operations.ImportFlows(
        label=input.label,
        file=await operations.check_flows(data, nodes),
        smallest_count=input.smallest_count,
        replace=input.replace,
    )


async def _import_once(
    tx: WriteSession, actor: Actor, command: operations.ImportFlows, key: str | None
) -> operations.ImportedFlows:
    """The import, once for a key; a file with refused rows leaves the key free."""
    found = command.file.found
    if found.refused:
        return await operations.import_flows(tx, actor, command)
    rows = operations.report_of(found)

    async def run() -> uuid.UUID:
        done = await operations.import_flows(tx, actor, command)
        assert done.source_id is not None  # none of its rows is refused
        return done.source_id

    source_id = await once(
        tx,
        actor,
        key=key,
        operation="import_flows",
        command=operations.summary_of(command),
        run=run,
    )
    return operations.ImportedFlows(source_id, rows)
