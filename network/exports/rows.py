"""CSV and Parquet: a row for each month, pair, channel and event, with all that is said of both.

One file instead of nodes and edges apart, since one line adds it up in pandas, DuckDB or a
spreadsheet; and the sum of a pair alone would not tell a channel or a month.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from models.rules.csv_files import write_csv, write_csv_rows
from network.exports.contents import (
    FIRST_MONTH,
    NODE_ATTRIBUTES,
    ROWS_PER_BLOCK,
    Cells,
    Network,
    cells_of,
    month_days,
)
from network.table import CHANNELS, EVENTS

ROWS_PER_GROUP = 65_536
MONTH_TYPE = pa.timestamp("ms")
"""pandas makes plain objects of days, and dates of these."""
ENDS = ("source", "target")
HEADER = (
    "month",
    *(f"{end}_{name}" for end in ENDS for name in ("id", *NODE_ATTRIBUTES)),
    "channel",
    "event",
    "referrals",
)
"""``month`` is its first day; empty where a source does not date its flows."""


def write_csv_file(network: Network) -> Iterator[bytes]:
    """A file for spreadsheets: UTF-8 with a byte order mark, formulas escaped by an apostrophe."""
    yield write_csv(HEADER, [])
    cells = cells_of(network.table)
    for first in range(0, cells.referrals.size, ROWS_PER_BLOCK):
        yield write_csv_rows(_csv_rows(network, cells, slice(first, first + ROWS_PER_BLOCK)))


def _csv_rows(network: Network, cells: Cells, block: slice) -> Iterator[list[str | int | None]]:
    for source, target, month, channel, event, referrals in zip(
        cells.source[block].tolist(),
        cells.target[block].tolist(),
        cells.month[block].tolist(),
        cells.channel[block].tolist(),
        cells.event[block].tolist(),
        cells.referrals[block].tolist(),
        strict=True,
    ):
        ends: list[str | None] = []
        for facts in (network.nodes[source], network.nodes[target]):
            ends += [facts.id, *(getattr(facts, name) for name in NODE_ATTRIBUTES)]
        yield [
            month_days(month)[0].isoformat() if month >= FIRST_MONTH else None,
            *ends,
            CHANNELS[channel].value,
            EVENTS[event].value,
            referrals,
        ]


class _Sink:
    """A file that forgets what was taken from it."""

    closed = False

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self.parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What was written can still be taken."""

    def take(self) -> bytes:
        """All that was written since it was last asked."""
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken


def write_parquet(network: Network) -> Iterator[bytes]:
    """The file, row group by row group."""
    sink = _Sink()
    cells = cells_of(network.table)
    schema = _schema(network)
    writer = pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd")
    for first in range(0, cells.referrals.size, ROWS_PER_GROUP):
        writer.write_table(_group(network, cells, slice(first, first + ROWS_PER_GROUP), schema))
        yield sink.take()
    writer.close()
    yield sink.take()


def _schema(network: Network) -> pa.Schema:
    kinds = {"month": MONTH_TYPE, "referrals": pa.int64()}
    about = {"title": network.title, "note": network.note, "made_on": network.made_on.isoformat()}
    fields = [pa.field(name, kinds.get(name, pa.string())) for name in HEADER]
    return pa.schema(fields, metadata=about)


def _group(network: Network, cells: Cells, block: slice, schema: pa.Schema) -> pa.Table:
    columns = [_month_column(cells, block)]
    for places in (cells.source[block], cells.target[block]):
        for name in ("id", *NODE_ATTRIBUTES):
            texts = pa.array([getattr(facts, name) for facts in network.nodes], pa.string())
            columns.append(texts.take(pa.array(places)))
    columns.append(pa.array([one.value for one in CHANNELS]).take(pa.array(cells.channel[block])))
    columns.append(pa.array([one.value for one in EVENTS]).take(pa.array(cells.event[block])))
    columns.append(pa.array(cells.referrals[block], pa.int64()))
    return pa.Table.from_arrays(columns, schema=schema)


def _month_column(cells: Cells, block: slice) -> pa.Array:
    # NumPy counts months from 1970 as well.
    months = (cells.month[block].astype(np.int64) - 1970 * 12).astype("datetime64[M]")
    undated = cells.month[block] < FIRST_MONTH
    return pa.array(months.astype("datetime64[ms]"), MONTH_TYPE, mask=undated)
