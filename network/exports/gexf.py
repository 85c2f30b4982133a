"""GEXF 1.3, for Gephi: an edge's weight is the sum, and each month of it has a spell and a value.

networkx's own writer holds the whole document in memory, and has no months.
"""

from __future__ import annotations

from collections.abc import Iterator

from network.exports.contents import (
    NODE_ATTRIBUTES,
    EdgeRow,
    Network,
    NodeFacts,
    edges_of,
    month_days,
    span_of,
)
from network.exports.xml_text import DECLARATION, escaped, in_chunks, note_of, quoted

NAMESPACE = "http://gexf.net/1.3"
PER_MONTH = "referrals"
"""The attribute that changes by month: people in that month."""


def write_gexf(network: Network) -> Iterator[bytes]:
    """The file, in chunks."""
    return in_chunks(_document(network))


def _document(network: Network) -> Iterator[str]:
    yield DECLARATION
    yield f'<gexf xmlns="{NAMESPACE}" version="1.3">\n'
    yield f'<meta lastmodifieddate="{network.made_on.isoformat()}"><creator>Tasuki</creator>'
    about = f"{network.title}: {note_of(network)}"
    yield f"<description>{escaped(about)}</description></meta>\n"
    yield (
        '<graph defaultedgetype="directed" idtype="string" mode="dynamic" timeformat="date"'
        f' timerepresentation="interval"{_span(network)}>\n'
    )
    yield _attributes()
    yield f'<nodes count="{len(network.nodes)}">\n'
    for facts in network.nodes:
        yield _node(facts)
    count, edges = edges_of(network.table)
    yield f'</nodes>\n<edges count="{count}">\n'
    for number, edge in enumerate(edges):
        yield _edge(number, edge, network)
    yield "</edges>\n</graph>\n</gexf>\n"


def _span(network: Network) -> str:
    span = span_of(network.table)
    if span is None:
        return ""
    first, last = month_days(span[0])[0], month_days(span[1])[1]
    return f' start="{first.isoformat()}" end="{last.isoformat()}"'


def _attributes() -> str:
    of_nodes = "".join(
        f'<attribute id="{name}" title="{name}" type="string"/>' for name in NODE_ATTRIBUTES
    )
    return (
        f'<attributes class="node" mode="static">{of_nodes}</attributes>\n'
        '<attributes class="edge" mode="dynamic">'
        f'<attribute id="{PER_MONTH}" title="{PER_MONTH}" type="long"/></attributes>\n'
    )


def _node(facts: NodeFacts) -> str:
    values = "".join(
        f'<attvalue for="{name}" value={quoted(text)}/>'
        for name in NODE_ATTRIBUTES
        if (text := getattr(facts, name)) is not None
    )
    return (
        f"<node id={quoted(facts.id)} label={quoted(facts.name)}>"
        f"<attvalues>{values}</attvalues></node>\n"
    )


def _edge(number: int, edge: EdgeRow, network: Network) -> str:
    source, target = network.nodes[edge.source], network.nodes[edge.target]
    values, spells = [], []
    for month, referrals in edge.months:
        first, last = month_days(month)
        when = f'start="{first.isoformat()}" end="{last.isoformat()}"'
        values.append(f'<attvalue for="{PER_MONTH}" value="{referrals}" {when}/>')
        spells.append(f"<spell {when}/>")
    times = f"<attvalues>{''.join(values)}</attvalues><spells>{''.join(spells)}</spells>"
    return (
        f'<edge id="{number}" source={quoted(source.id)} target={quoted(target.id)}'
        f' weight="{edge.weight}">{times if spells else ""}</edge>\n'
    )
