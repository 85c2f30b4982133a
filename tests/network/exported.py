"""Networks to export, and every format opened again by the tools that people use."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import numpy as np
import pandas as pd
import xmlschema

from models.rules.csv_files import unescape_formula
from models.rules.network_exports import NetworkFormat
from network.exports.contents import Network, NodeFacts
from network.exports.writers import WRITERS
from network.flow import Node
from network.table import FlowTable, month_number

SCHEMAS = Path(__file__).parent / "schemas"
JANUARY, MARCH = month_number(2026, 1), month_number(2026, 3)

Row = tuple[int, int, int, int]
"""Place of the source, place of the target, month number, referrals."""


def table(nodes: Sequence[Node], rows: Sequence[Row]) -> FlowTable:
    source, target, month, referrals = ([row[at] for row in rows] for at in range(4))
    return FlowTable(
        nodes=tuple(nodes),
        source=np.array(source, np.int32),
        target=np.array(target, np.int32),
        month=np.array(month, np.int32),
        channel=np.zeros(len(rows), np.int16),
        event=np.zeros(len(rows), np.int16),
        before=np.zeros(len(rows), np.int16),
        waited=np.zeros(len(rows), np.int16),
        referrals=np.array(referrals, np.int64),
    )


def network(flows: FlowTable, **names: str) -> Network:
    """A network whose nodes are called as given, by their own ids."""
    facts: dict[Node, NodeFacts] = {key: NodeFacts(key, name) for key, name in names.items()}
    return Network.of(flows, facts, title="試験", note="A note.", made_on=date(2026, 4, 1))


def file_of(given: Network, kind: NetworkFormat) -> bytes:
    return b"".join(WRITERS[kind](given))


@cache
def _schema(name: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / name)


def gexf(content: bytes) -> Any:
    """As networkx reads it, once it is valid."""
    _schema("gexf-1.3.xsd").validate(content.decode())
    return nx.read_gexf(io.BytesIO(content))


def graphml(content: bytes) -> Any:
    """As networkx reads it, once it is valid."""
    _schema("graphml-1.1.xsd").validate(content.decode())
    return nx.read_graphml(io.BytesIO(content))


def node_link(content: bytes) -> Any:
    return nx.node_link_graph(json.loads(content))


def graphology(content: bytes) -> Any:
    """As graphology documents its shape, key by key, and then as a graph."""
    document = json.loads(content)
    assert set(document) == {"attributes", "options", "nodes", "edges"}
    assert document["options"] == {"type": "directed", "multi": False, "allowSelfLoops": True}
    made: nx.DiGraph[str] = nx.DiGraph(**document["attributes"])
    for node in document["nodes"]:
        assert set(node) == {"key", "attributes"}
        assert node["key"] not in made
        made.add_node(node["key"], **node["attributes"])
    keys = [edge["key"] for edge in document["edges"]]
    assert len(set(keys)) == len(keys)
    for edge in document["edges"]:
        assert set(edge) == {"key", "source", "target", "attributes"}
        assert edge["source"] in made
        assert edge["target"] in made
        assert not made.has_edge(edge["source"], edge["target"])
        made.add_edge(edge["source"], edge["target"], **edge["attributes"])
    return made


def csv_rows(content: bytes) -> list[dict[str, str]]:
    """As Python's csv reads it, with what was escaped for spreadsheets as it was."""
    text = content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    return [{name: unescape_formula(value) for name, value in row.items()} for row in rows]


def parquet(content: bytes) -> pd.DataFrame:
    return pd.read_parquet(io.BytesIO(content))


def by_duckdb(path: Path, content: bytes) -> list[dict[str, Any]]:
    """The rows as DuckDB reads them from the disk."""
    path.write_bytes(content)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{path}'")
        names = [one[0] for one in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
