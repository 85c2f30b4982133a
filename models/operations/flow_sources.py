"""Flows from before the consortium or from elsewhere: imported as labelled sources, whole."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from sqlalchemy import delete, func, select

from models.access import Actor, Permission, require
from models.audit import audit
from models.base import ordered_id
from models.errors import AlreadyExists, InvalidInput, NotFound
from models.operations.members import ImportReport
from models.outbox import Event, EventType, emit
from models.reads.members import smallest_count_of
from models.rules.bounds import require_between, require_line
from models.rules.flow_list import FlowList, ToldFlow, read_flow_list, told_flows
from models.rules.rounding import draw_for
from models.session import WriteSession
from models.tables.flow_sources import FlowImported, FlowSource
from models.upsert import insert_for, plain_insert

LABEL_MAX_CHARS = 100
SOURCES_MAX = 50
SMALLEST_COUNT_MAX = 100
ROWS_PER_STATEMENT = 1_000

Progress = Callable[[int, int], None]
"""Told how many rows are written, and of how many."""


def silent(done: int, of: int) -> None:
    """The progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class FlowFile:
    """What a file of flows holds, and what tells it from another."""

    found: FlowList
    digest: str

    @classmethod
    def of(cls, data: bytes, nodes: bytes | None = None) -> FlowFile:
        """Of a file, and one of the names of its nodes where it has only their ids."""
        whole = sha256(sha256(data).digest() + sha256(nodes or b"").digest())
        return cls(read_flow_list(data, nodes), whole.hexdigest())


@dataclass(frozen=True, slots=True)
class ImportFlows:
    """A file of flows, read before there is a transaction: a long one takes a while.

    ``smallest_count`` is the source's own: 1 where its numbers are public, and the consortium's
    where it is None. ``replace`` takes the place of the source with this label.
    """

    label: str
    file: FlowFile
    smallest_count: int | None = None
    replace: bool = False


@dataclass(frozen=True, slots=True)
class ImportedFlows:
    """What became of a file; no source where rows were refused."""

    source_id: uuid.UUID | None
    report: ImportReport


async def check_flows(data: bytes, nodes: bytes | None) -> FlowFile:
    """What a file holds, off the event loop: it can be long. Nothing is kept."""
    return await asyncio.to_thread(FlowFile.of, data, nodes)


def report_of(found: FlowList) -> ImportReport:
    """What is told of a file: all of its rows are taken in, or none."""
    imported = 0 if found.refused else len(found.rows)
    return ImportReport(imported, found.refused, found.unknown_columns)


def summary_of(command: ImportFlows) -> dict[str, str | int | bool | None]:
    """What tells one import from another, without the whole of its files."""
    return {
        "file": command.file.digest,
        "label": command.label,
        "smallest_count": command.smallest_count,
        "replace": command.replace,
    }


async def import_flows(
    tx: WriteSession, actor: Actor, command: ImportFlows, progress: Progress = silent
) -> ImportedFlows:
    """Take a file in as a source: all of its rows, or nothing where one is refused.

    What is wrong with rows is reported. Raises `InvalidInput` for a label or smallest count out of
    bounds and for a source too many, and `AlreadyExists` for a label that is not to be replaced.
    """
    require(actor, Permission.IMPORT_FLOWS)
    label = require_line("label", command.label, LABEL_MAX_CHARS)
    smallest_count = command.smallest_count
    if smallest_count is None:
        smallest_count = await smallest_count_of(tx, actor.consortium_id)
    require_between("smallestCount", smallest_count, 1, SMALLEST_COUNT_MAX)
    found = command.file.found
    report = report_of(found)
    if found.refused:
        return ImportedFlows(None, report)
    draw = draw_for(tx.vault.blind, actor.consortium_id)
    flows = await asyncio.to_thread(
        told_flows, found.rows, label=label, smallest_count=smallest_count, draw=draw
    )
    values = _described(tx, smallest_count, flows)
    source_id = await (_replace if command.replace else _create)(tx, actor, label, values)
    await _write(tx, source_id, flows, progress)
    await _tell(tx, actor, source_id)
    audit(
        tx,
        actor,
        "flows.imported",
        "flow_source",
        source_id,
        rows=len(found.rows),
        smallest_count=smallest_count,
        replaced=command.replace,
    )
    return ImportedFlows(source_id, report)


async def remove_flow_source(tx: WriteSession, actor: Actor, source_id: uuid.UUID) -> uuid.UUID:
    """Remove a source with all of its flows. Raises `NotFound`."""
    require(actor, Permission.IMPORT_FLOWS)
    source = await tx.scalar(
        select(FlowSource)
        .where(FlowSource.consortium_id == actor.consortium_id, FlowSource.id == source_id)
        .with_for_update()
    )
    if source is None:
        raise NotFound("id", what="flow source")
    await _clear(tx, source_id)
    await tx.delete(source)
    await _tell(tx, actor, source_id)
    audit(tx, actor, "flows.removed", "flow_source", source_id)
    return source_id


def _described(
    tx: WriteSession, smallest_count: int, flows: Sequence[ToldFlow]
) -> dict[str, object]:
    periods = [flow.period for flow in flows if flow.period is not None]
    return {
        "smallest_count": smallest_count,
        "nodes": len({node for flow in flows for node in (flow.source, flow.target)}),
        "people": sum(flow.people for flow in flows),
        "first_day": min((period.first for period in periods), default=None),
        "last_day": max((period.last for period in periods), default=None),
        "imported_at": tx.now,
    }


async def _create(
    tx: WriteSession, actor: Actor, label: str, values: dict[str, object]
) -> uuid.UUID:
    sources = select(func.count()).where(FlowSource.consortium_id == actor.consortium_id)
    if (await tx.scalar(sources) or 0) >= SOURCES_MAX:
        raise InvalidInput(
            "label",
            ja=f"取り込める元データは{SOURCES_MAX}件までです。使わないものを削除してください。",
            en=f"At most {SOURCES_MAX} sources are kept. Remove one that is not needed.",
        )
    created = await tx.scalar(
        insert_for(tx, FlowSource)
        .values(
            id=ordered_id(), consortium_id=actor.consortium_id, label=label, version=1, **values
        )
        .on_conflict_do_nothing(index_elements=["consortium_id", "label"])
        .returning(FlowSource.id)
    )
    if created is None:
        raise AlreadyExists("label", what="flow source")
    source_id: uuid.UUID = created
    return source_id


async def _replace(
    tx: WriteSession, actor: Actor, label: str, values: dict[str, object]
) -> uuid.UUID:
    source = await tx.scalar(
        select(FlowSource)
        .where(FlowSource.consortium_id == actor.consortium_id, FlowSource.label == label)
        .with_for_update()
    )
    if source is None:
        return await _create(tx, actor, label, values)
    await _clear(tx, source.id)
    for name, value in values.items():
        setattr(source, name, value)
    source.version += 1
    await tx.flush()
    return source.id


async def _clear(tx: WriteSession, source_id: uuid.UUID) -> None:
    await tx.execute(
        delete(FlowImported)
        .where(FlowImported.source_id == source_id)
        .execution_options(synchronize_session=False)
    )


async def _write(
    tx: WriteSession, source_id: uuid.UUID, flows: Sequence[ToldFlow], progress: Progress
) -> None:
    rows = (
        {
            "source_id": source_id,
            "number": number,
            "from_node": flow.source,
            "to_node": flow.target,
            "first_day": flow.period.first if flow.period else None,
            "last_day": flow.period.last if flow.period else None,
            "outcome": flow.outcome,
            "told": flow.people,
        }
        for number, flow in enumerate(flows, start=1)
    )
    done = 0
    while some := list(islice(rows, ROWS_PER_STATEMENT)):
        await tx.execute(plain_insert(FlowImported), some)
        done += len(some)
        progress(done, len(flows))


async def _tell(tx: WriteSession, actor: Actor, source_id: uuid.UUID) -> None:
    refs = {"source": source_id.hex}
    await emit(tx, Event(EventType.NETWORK_CHANGED, actor.consortium_id, refs))
