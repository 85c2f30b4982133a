"""Real hiring flows, taken out in every format and opened again."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from models.rules.network_exports import NetworkFormat as Format
from network.exports.contents import Network, NodeFacts
from network.flow import Node
from tests.network import exported
from tests.network.exported import file_of, table

DATA = Path(__file__).parent.parent.parent.parent / "shared/data"
READERS = {
    Format.GEXF: exported.gexf,
    Format.GRAPHML: exported.graphml,
    Format.NODE_LINK_JSON: exported.node_link,
    Format.GRAPHOLOGY_JSON: exported.graphology,
}
UNDATED = 0


def read(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"../shared/data/{name} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def names(hires: dict[tuple[str, str], int]) -> dict[str, str]:
    """What the departments that hired, or whose graduates were hired, are called, by their ids."""
    called = {row["id"]: row["name"] for row in read("us_cs_hiring_nodes.csv")}
    return {key: called[key] for key in sorted({end for pair in hires for end in pair}, key=int)}


@pytest.fixture(scope="module")
def hires() -> dict[tuple[str, str], int]:
    """Who hired how many of whose graduates."""
    rows = read("us_cs_hiring_flows.csv")
    return {(row["source"], row["target"]): int(row["hires"]) for row in rows}


@pytest.fixture(scope="module")
def network(names: dict[str, str], hires: dict[tuple[str, str], int]) -> Network:
    place = {key: number for number, key in enumerate(names)}
    rows = [(place[one], place[other], UNDATED, n) for (one, other), n in hires.items()]
    facts: dict[Node, NodeFacts] = {key: NodeFacts(key, name) for key, name in names.items()}
    return Network.of(
        table(list(names), rows), facts, title="US CS hiring", note="", made_on=date(2026, 4, 1)
    )


@pytest.mark.parametrize("kind", list(READERS))
def test_graphs_open_with_weights_and_names(
    network: Network, names: dict[str, str], hires: dict[tuple[str, str], int], kind: Format
) -> None:
    found = READERS[kind](file_of(network, kind))
    assert (len(found), found.size("weight")) == (205, 4_388)
    assert {node: data["name"] for node, data in found.nodes(data=True)} == names
    assert {(one[0], one[1]): one[2] for one in found.edges(data="weight")} == hires
    loops = {(one, other) for one, other in hires if one == other}
    assert len(loops) > 0
    assert set(nx.selfloop_edges(found)) == loops


def test_rows_open_with_weights_and_names(
    network: Network, names: dict[str, str], hires: dict[tuple[str, str], int], tmp_path: Path
) -> None:
    expected = [(names[one], names[other], n) for (one, other), n in hires.items()]
    columns = ["source_name", "target_name", "referrals"]
    by_pandas = exported.parquet(file_of(network, Format.PARQUET))
    by_duckdb = {
        kind: pd.DataFrame(exported.by_duckdb(tmp_path / name, file_of(network, kind)))
        for kind, name in ((Format.PARQUET, "x.parquet"), (Format.CSV, "x.csv"))
    }
    for frame in (by_pandas, *by_duckdb.values()):
        assert frame["referrals"].sum() == 4_388
        found = [tuple(row) for row in frame[columns].itertuples(index=False)]
        assert sorted(found) == sorted(expected)
        assert frame["month"].isna().all()
