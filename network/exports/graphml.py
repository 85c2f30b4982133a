"""GraphML, for yEd and most libraries: months are written into an attribute of the edge."""

from __future__ import annotations

from collections.abc import Iterator

from network.exports.contents import (
    NODE_ATTRIBUTES,
    EdgeRow,
    Network,
    NodeFacts,
    edges_of,
    month_text,
)
from network.exports.xml_text import DECLARATION, escaped, in_chunks, note_of, quoted

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
EDGE_KEYS = (
    ("weight", "long"),
    ("first_month", "string"),
    ("last_month", "string"),
    ("months", "string"),
)


def write_graphml(network: Network) -> Iterator[bytes]:
    """The file, in chunks."""
    return in_chunks(_document(network))


def _document(network: Network) -> Iterator[str]:
    yield f'{DECLARATION}<graphml xmlns="{NAMESPACE}">\n'
    yield from _keys()
    about = f"{network.title}: {note_of(network)}"
    yield f'<graph id="network" edgedefault="directed">\n<desc>{escaped(about)}</desc>\n'
    for facts in network.nodes:
        yield _node(facts)
    _, edges = edges_of(network.table)
    for edge in edges:
        yield _edge(edge, network)
    yield "</graph>\n</graphml>\n"


def _keys() -> Iterator[str]:
    for name in NODE_ATTRIBUTES:
        yield f'<key id="n_{name}" for="node" attr.name="{name}" attr.type="string"/>\n'
    for name, kind in EDGE_KEYS:
        yield f'<key id="e_{name}" for="edge" attr.name="{name}" attr.type="{kind}"/>\n'


def _node(facts: NodeFacts) -> str:
    values = "".join(
        f'<data key="n_{name}">{escaped(text)}</data>'
        for name in NODE_ATTRIBUTES
        if (text := getattr(facts, name)) is not None
    )
    return f"<node id={quoted(facts.id)}>{values}</node>\n"


def _edge(edge: EdgeRow, network: Network) -> str:
    source, target = network.nodes[edge.source], network.nodes[edge.target]
    return (
        f"<edge source={quoted(source.id)} target={quoted(target.id)}>"
        f'<data key="e_weight">{edge.weight}</data>{_times(edge)}</edge>\n'
    )


def _times(edge: EdgeRow) -> str:
    if not edge.months:
        return ""
    months = " ".join(f"{month_text(month)}={number}" for month, number in edge.months)
    return (
        f'<data key="e_first_month">{month_text(edge.months[0][0])}</data>'
        f'<data key="e_last_month">{month_text(edge.months[-1][0])}</data>'
        f'<data key="e_months">{months}</data>'
    )
