"""The writer of each format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from models.rules.network_exports import NetworkFormat
from network.exports.contents import Network
from network.exports.gexf import write_gexf
from network.exports.graphml import write_graphml
from network.exports.json_files import write_graphology, write_node_link
from network.exports.rows import write_csv_file, write_parquet

WRITERS: Mapping[NetworkFormat, Callable[[Network], Iterator[bytes]]] = {
    NetworkFormat.GEXF: write_gexf,
    NetworkFormat.GRAPHML: write_graphml,
    NetworkFormat.NODE_LINK_JSON: write_node_link,
    NetworkFormat.GRAPHOLOGY_JSON: write_graphology,
    NetworkFormat.CSV: write_csv_file,
    NetworkFormat.PARQUET: write_parquet,
}
"""Each answers the file in chunks; what is made first is held no longer than it takes to send."""
