"""What networkx is told about us while it is itself being imported; so nothing is imported here."""

from __future__ import annotations


def backend_info() -> dict[str, str]:
    """The name and the purpose of our backend."""
    return {
        "backend_name": "tasuki",
        "project": "tasuki",
        "package": "network",
        "short_summary": "Kernels for frozen flows between organizations (network.flow.FlowGraph).",
    }
