"""Exports of the flow network: which there are, and the question that a signed address carries."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import orjson

from models.rules.flows import Level
from models.rules.lifecycles import Channel, ReferralStatus

ADDRESS_LASTS = timedelta(minutes=10)
"""So long a signed address can be fetched: for a program that asks and fetches, and a person who
chooses where to save."""


class NetworkFormat(StrEnum):
    GEXF = "GEXF"
    GRAPHML = "GRAPHML"
    NODE_LINK_JSON = "NODE_LINK_JSON"
    GRAPHOLOGY_JSON = "GRAPHOLOGY_JSON"
    CSV = "CSV"
    PARQUET = "PARQUET"


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a format is called by browsers and file systems."""

    media_type: str
    suffix: str


FILE_KINDS: Mapping[NetworkFormat, FileKind] = {
    NetworkFormat.GEXF: FileKind("application/gexf+xml", "gexf"),
    NetworkFormat.GRAPHML: FileKind("application/graphml+xml", "graphml"),
    NetworkFormat.NODE_LINK_JSON: FileKind("application/json", "node-link.json"),
    NetworkFormat.GRAPHOLOGY_JSON: FileKind("application/json", "graphology.json"),
    NetworkFormat.CSV: FileKind("text/csv; charset=utf-8", "csv"),
    NetworkFormat.PARQUET: FileKind("application/vnd.apache.parquet", "parquet"),
}


@dataclass(frozen=True, slots=True)
class NetworkExport:
    """Which part of the network, as which file. None is all channels, or all events."""

    format: NetworkFormat
    first: date
    last: date
    channels: frozenset[Channel] | None = None
    events: frozenset[ReferralStatus] | None = None
    level: Level = Level.ORGANIZATION
    source_id: uuid.UUID | None = None

    @property
    def file_name(self) -> str:
        """ASCII, so that every browser keeps it."""
        return f"tasuki-network-{self.first}-{self.last}.{FILE_KINDS[self.format].suffix}"


def as_text(export: NetworkExport) -> str:
    """The question, short and always the same for the same.

    >>> day = date(2026, 1, 1)
    >>> as_text(NetworkExport(NetworkFormat.CSV, day, day))
    '["CSV","2026-01-01","2026-01-01",null,null,"ORGANIZATION",null]'
    """
    return orjson.dumps(
        [
            export.format,
            export.first,
            export.last,
            _sorted(export.channels),
            _sorted(export.events),
            export.level,
            None if export.source_id is None else str(export.source_id),
        ]
    ).decode()


def from_text(text: str) -> NetworkExport:
    """What `as_text` wrote. Nothing else is given to it: its signature was looked at before."""
    kind, first, last, channels, events, level, source_id = orjson.loads(text)
    return NetworkExport(
        NetworkFormat(kind),
        date.fromisoformat(first),
        date.fromisoformat(last),
        None if channels is None else frozenset(map(Channel, channels)),
        None if events is None else frozenset(map(ReferralStatus, events)),
        Level(level),
        None if source_id is None else uuid.UUID(source_id),
    )


def _sorted(chosen: frozenset[Any] | None) -> list[str] | None:
    return None if chosen is None else sorted(chosen)
