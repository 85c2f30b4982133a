"""Every exported file opens again with weights, names and times intact."""

from __future__ import annotations

import csv
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.csv_files import escape_formula
from models.rules.network_exports import NetworkFormat as Format
from network.exports.contents import NODE_ATTRIBUTES, Network, NodeFacts, token
from network.exports.rows import HEADER
from network.exports.writers import WRITERS
from network.flow import Node
from network.table import FlowTable
from tests.network import exported
from tests.network.exported import JANUARY, MARCH, file_of, network, table

READERS: dict[Format, Callable[[bytes], Any]] = {
    Format.GEXF: exported.gexf,
    Format.GRAPHML: exported.graphml,
    Format.NODE_LINK_JSON: exported.node_link,
    Format.GRAPHOLOGY_JSON: exported.graphology,
}
GRAPHS = pytest.mark.parametrize("kind", list(READERS))
ALL = pytest.mark.parametrize("kind", list(Format))
ROWS = [(0, 1, JANUARY, 3), (0, 1, MARCH, 1_000_000), (1, 0, MARCH, 6), (2, 2, JANUARY, 9)]
NAMES = {"a": "株式会社たすき", "b": "関西リレー合同会社", "c": "c"}
FORBIDDEN = [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]


def small() -> Network:
    return network(table(list(NAMES), ROWS), **NAMES)


# What is in them


@GRAPHS
def test_weights_names_and_self_loops_are_intact(kind: Format) -> None:
    found = READERS[kind](file_of(small(), kind))
    assert found.is_directed()
    assert not found.is_multigraph()
    assert {node: data["name"] for node, data in found.nodes(data=True)} == NAMES
    assert {(one[0], one[1]): one[2] for one in found.edges(data="weight")} == {
        ("a", "b"): 1_000_003,
        ("b", "a"): 6,
        ("c", "c"): 9,
    }


def test_gexf_has_a_spell_and_a_value_for_each_month() -> None:
    edge = exported.gexf(file_of(small(), Format.GEXF)).edges["a", "b"]
    assert edge["referrals"] == [
        (3, "2026-01-01", "2026-01-31"),
        (1_000_000, "2026-03-01", "2026-03-31"),
    ]
    assert edge["spells"] == [("2026-01-01", "2026-01-31"), ("2026-03-01", "2026-03-31")]
    found = exported.gexf(file_of(small(), Format.GEXF))
    assert (found.graph["mode"], found.graph["start"], found.graph["end"]) == (
        "dynamic",
        "2026-01-01",
        "2026-03-31",
    )
    assert found.nodes["a"]["label"] == "株式会社たすき"


def test_graphml_has_its_months_as_text() -> None:
    edge = exported.graphml(file_of(small(), Format.GRAPHML)).edges["a", "b"]
    assert edge == {
        "weight": 1_000_003,
        "first_month": "2026-01",
        "last_month": "2026-03",
        "months": "2026-01=3 2026-03=1000000",
    }


@pytest.mark.parametrize("kind", [Format.NODE_LINK_JSON, Format.GRAPHOLOGY_JSON])
def test_json_has_a_number_for_each_month(kind: Format) -> None:
    found = READERS[kind](file_of(small(), kind))
    assert found.edges["a", "b"]["months"] == {"2026-01": 3, "2026-03": 1_000_000}
    assert found.graph == {"name": "試験", "note": "A note.", "made_on": "2026-04-01"}


def test_rows_are_told_by_month_pair_channel_and_event(tmp_path: Path) -> None:
    flows = table(["a", "b"], [(0, 1, JANUARY, 3), (0, 1, JANUARY, 4), (0, 1, JANUARY, 5)])
    flows.channel[1] = 2
    flows.event[2] = 7
    flows.waited[2] = 30
    given_ = network(flows, a="甲", b="乙")
    expected = [
        ("RELAY_LINK", "REQUESTED", 3),
        ("RELAY_LINK", "HIRED", 5),
        ("PARTNER_SHARE", "REQUESTED", 4),
    ]
    rows = exported.csv_rows(file_of(given_, Format.CSV))
    assert [(row["channel"], row["event"], int(row["referrals"])) for row in rows] == expected
    assert {(row["month"], row["source_name"], row["target_name"]) for row in rows} == {
        ("2026-01-01", "甲", "乙")
    }
    frame = exported.parquet(file_of(given_, Format.PARQUET))
    assert list(frame[["channel", "event", "referrals"]].itertuples(index=False, name=None)) == (
        expected
    )


def test_what_was_waited_before_a_step_is_added_up_within_its_cell() -> None:
    flows = table(["a", "b"], [(0, 1, JANUARY, 3), (0, 1, JANUARY, 6)])
    flows.waited[1] = 7
    flows.before[1] = 4
    [row] = exported.csv_rows(file_of(network(flows), Format.CSV))
    assert row["referrals"] == "9"


def test_parquet_has_types_nulls_and_japanese_in_pandas(tmp_path: Path) -> None:
    facts: dict[Node, NodeFacts] = {
        "a": NodeFacts("a", "甲", name_en="Kō", kind="COMPANY", industry="G", prefecture="13")
    }
    made = Network.of(
        table(["a", "b"], ROWS[:2]), facts, title="t", note="n", made_on=date(2026, 4, 1)
    )
    frame = exported.parquet(file_of(made, Format.PARQUET))
    assert list(frame.columns) == list(HEADER)
    assert str(frame.dtypes["month"]) == "datetime64[ms]"
    assert str(frame.dtypes["referrals"]) == "int64"
    assert list(frame["month"]) == [pd.Timestamp("2026-01-01"), pd.Timestamp("2026-03-01")]
    assert list(frame["source_name"]) == ["甲", "甲"]
    assert list(frame["source_prefecture"]) == ["13", "13"]
    assert frame["target_kind"].isna().all()
    assert list(frame["target_name"]) == ["b", "b"]


@pytest.mark.parametrize("kind", [Format.PARQUET, Format.CSV])
def test_duckdb_reads_the_rows(kind: Format, tmp_path: Path) -> None:
    content = file_of(small(), kind)
    rows = exported.by_duckdb(tmp_path / f"flows.{kind.value.lower()}", content)
    assert list(rows[0]) == list(HEADER)
    assert [row["referrals"] for row in rows] == [3, 1_000_000, 6, 9]
    assert [f"{row['month']:%Y-%m-%d}" for row in rows] == [
        "2026-01-01",
        "2026-03-01",
        "2026-03-01",
        "2026-01-01",
    ]
    assert {row["source_name"] for row in rows} == set(NAMES.values())
    assert {row["target_industry"] for row in rows} == {None}


def test_a_cell_that_begins_a_formula_is_escaped() -> None:
    given_ = network(table(["a", "b"], ROWS[:1]), a="=1+1", b="@cmd")
    raw = file_of(given_, Format.CSV).decode("utf-8-sig").splitlines()
    [row] = csv.DictReader(raw)
    assert (row["source_name"], row["target_name"]) == ("'=1+1", "'@cmd")


def test_what_xml_cannot_hold_is_removed_and_said() -> None:
    given_ = network(table(["a", "b"], ROWS[:1]), a="x\x00y\x1bz\ufffe", b="plain")
    for kind, read in ((Format.GEXF, exported.gexf), (Format.GRAPHML, exported.graphml)):
        content = file_of(given_, kind)
        assert read(content).nodes["a"]["name"] == "xyz"
        assert "Characters that XML cannot hold were removed from 1 texts." in content.decode()
    assert "removed" not in file_of(small(), Format.GEXF).decode()
    found = exported.node_link(file_of(given_, Format.NODE_LINK_JSON))
    assert found.nodes["a"]["name"] == "x\x00y\x1bz\ufffe"


# Awkward ones


@ALL
def test_an_empty_network_is_a_whole_file(kind: Format, tmp_path: Path) -> None:
    content = file_of(network(table([], [])), kind)
    if kind in READERS:
        found = READERS[kind](content)
        assert (len(found), found.number_of_edges()) == (0, 0)
    elif kind is Format.CSV:
        assert exported.csv_rows(content) == []
        assert content.decode("utf-8-sig").rstrip("\r\n") == ",".join(HEADER)
    else:
        assert list(exported.parquet(content).columns) == list(HEADER)
        assert exported.by_duckdb(tmp_path / "x.parquet", content) == []


@GRAPHS
def test_a_node_without_edges_and_a_cell_told_as_nothing(kind: Format) -> None:
    given_ = network(table(["a", "b", "alone"], [(0, 1, JANUARY, 0), (1, 0, JANUARY, 3)]))
    found = READERS[kind](file_of(given_, kind))
    assert set(found) == {"a", "b", "alone"}
    assert list(found.edges) == [("b", "a")]


@pytest.mark.parametrize("month", [-1, 0, 11])
def test_what_is_not_dated_is_in_the_weight_and_in_no_month(month: int) -> None:
    flows = table(["a", "b"], [(0, 1, month, 4), (0, 1, JANUARY, 3), (1, 0, month, 5)])
    for kind, read in READERS.items():
        found = read(file_of(network(flows), kind))
        assert [data["weight"] for _, _, data in found.edges(data=True)] == [7, 5]
        assert "2026-01" in str(found.edges["a", "b"])
        assert not found.edges["b", "a"].keys() & {"referrals", "spells", "first_month"}
    rows = exported.csv_rows(file_of(network(flows), Format.CSV))
    assert [(row["month"], row["referrals"]) for row in rows] == [
        ("", "4"),
        ("2026-01-01", "3"),
        ("", "5"),
    ]
    frame = exported.parquet(file_of(network(flows), Format.PARQUET))
    assert list(frame["month"].isna()) == [True, False, True]


AWKWARD = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        "=1+1",
        "\t=x",
        "'quoted' \"twice\"",
        "<b>&amp;]]>",
        "two\nlines\r\nand\rone",
        "عربى \u202e override",
        "👩‍👩‍👧‍👦 🇯🇵",
        "株式会社\u3000髙島屋",
        ",;|",
        " spaces ",
        "",
    ]
)


def kept(text: str) -> str:
    """What of a text XML can hold."""
    return text.translate(dict.fromkeys(FORBIDDEN))


@settings(deadline=None, max_examples=50)
@given(st.lists(AWKWARD, min_size=2, max_size=4), st.integers(1, 10**6))
def test_any_name_comes_back(names: list[str], weight: int) -> None:
    ids = [f"n{number}" for number in range(len(names))]
    called = dict(zip(ids, names, strict=True))
    given_ = network(table(ids, [(0, 1, JANUARY, weight)]), **called)
    for kind, read in READERS.items():
        found = read(file_of(given_, kind))
        expected = [kept(n) for n in names] if kind in {Format.GEXF, Format.GRAPHML} else names
        assert [found.nodes[one]["name"] for one in ids] == expected
        assert found.edges["n0", "n1"]["weight"] == weight
    [row] = exported.csv_rows(file_of(given_, Format.CSV))
    assert (row["source_name"], row["target_name"]) == (names[0], names[1])
    [line] = exported.parquet(file_of(given_, Format.PARQUET)).to_dict("records")
    assert (line["source_name"], line["target_name"]) == (names[0], names[1])


@settings(deadline=None, max_examples=50)
@given(st.lists(AWKWARD, unique=True, min_size=1, max_size=6))
def test_nodes_of_an_imported_source_keep_different_ids(names: list[str]) -> None:
    flows = table(names, [(0, place, JANUARY, 1) for place in range(len(names))])
    for kind, read in READERS.items():
        found = read(file_of(network(flows), kind))
        assert list(found) == [token(name) for name in names]
        assert found.number_of_edges() == len(names)


def test_half_a_character_does_not_break_a_file() -> None:
    given_ = network(table(["a"], [(0, 0, JANUARY, 1)]), a="x\ud800y")
    for kind in READERS:
        assert READERS[kind](file_of(given_, kind)).nodes["a"]["name"] == "x\ufffdy"


# That the schemas tell


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (Format.GEXF, 'timeformat="date"', 'timeformat="day"'),
        (Format.GEXF, 'version="1.3"', 'version="1.2"'),
        (Format.GEXF, ' weight="6"', ' weight="six"'),
        (Format.GEXF, 'start="2026-01-01"', 'start="January"'),
        (Format.GEXF, "<spell ", "<slice "),
        (Format.GRAPHML, 'target="b"', 'target="nobody"'),
        (Format.GRAPHML, '<data key="e_weight">', '<data key="weight">'),
        (Format.GRAPHML, '<node id="c">', '<node id="a">'),
        (Format.GRAPHML, 'attr.type="long"', 'attr.type="number"'),
        (Format.GRAPHML, 'edgedefault="directed"', ""),
    ],
)
def test_the_schemas_refuse_what_is_wrong(kind: Format, right: str, wrong: str) -> None:
    text = file_of(small(), kind).decode()
    assert right in text
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        READERS[kind](text.replace(right, wrong).encode())


# Large ones


def large(nodes: int, edges: int) -> FlowTable:
    random = np.random.default_rng(1)
    none = np.zeros(edges, np.int16)
    return FlowTable(
        nodes=tuple(f"n{number}" for number in range(nodes)),
        source=random.integers(0, nodes, edges, np.int32),
        target=random.integers(0, nodes, edges, np.int32),
        month=random.integers(JANUARY, JANUARY + 12, edges, np.int32),
        channel=none,
        event=none,
        before=none,
        waited=none,
        referrals=random.integers(1, 100, edges, np.int64),
    )


BYTES_PER_ROW = 80
"""The numbers of a row in order, each of eight bytes, while they are sorted."""


@ALL
def test_a_large_network_is_never_whole_in_memory(kind: Format) -> None:
    rows = 40_000
    made = network(large(500, rows))
    file_of(network(large(5, 50)), kind)  # what is imported at first is not the writer's
    size = largest = 0
    tracemalloc.start()
    for chunk in WRITERS[kind](made):
        size += len(chunk)
        largest = max(largest, len(chunk))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < rows * BYTES_PER_ROW + 2**20
    if kind is not Format.PARQUET:  # whose columns are smaller than ours
        assert largest < size / 8
    if kind in {Format.GEXF, Format.GRAPHML}:
        assert peak < size / 1.5


@GRAPHS
def test_what_is_streamed_adds_up(kind: Format) -> None:
    flows = large(40, 20_000)
    found = READERS[kind](file_of(network(flows), kind))
    expected: Counter[tuple[str, str]] = Counter()
    for source, target, referrals in zip(
        flows.source.tolist(), flows.target.tolist(), flows.referrals.tolist(), strict=True
    ):
        expected[f"n{source}", f"n{target}"] += referrals
    assert {(one[0], one[1]): one[2] for one in found.edges(data="weight")} == expected


def test_rows_beyond_one_group_and_one_block_all_come() -> None:
    flows = large(300, 70_000)
    frame = exported.parquet(file_of(network(flows), Format.PARQUET))
    assert len(frame) > 65_536
    assert frame["referrals"].sum() == flows.referrals.sum()
    rows = exported.csv_rows(file_of(network(flows), Format.CSV))
    assert [int(row["referrals"]) for row in rows] == list(frame["referrals"])
    assert not frame.duplicated(["month", "source_id", "target_id"]).any()


def test_every_fact_is_in_every_format() -> None:
    assert set(NODE_ATTRIBUTES) | {"id"} == set(NodeFacts.__dataclass_fields__)
    facts = NodeFacts("a", *(f"={name}" for name in NODE_ATTRIBUTES))
    made = Network.of(
        table(["a"], [(0, 0, JANUARY, 1)]),
        {"a": facts},
        title="t",
        note="n",
        made_on=date(2026, 3, 1),
    )
    expected = {name: f"={name}" for name in NODE_ATTRIBUTES}
    for kind, read in READERS.items():
        data = read(file_of(made, kind)).nodes["a"]
        assert {name: data[name] for name in NODE_ATTRIBUTES} == expected
    [row] = exported.csv_rows(file_of(made, Format.CSV))
    assert {name: row[f"source_{name}"] for name in NODE_ATTRIBUTES} == expected
    assert escape_formula("=name") in file_of(made, Format.CSV).decode()
