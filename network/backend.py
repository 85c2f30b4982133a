"""Through which ``nx.*`` meets a `FlowGraph`: networkx's own dispatch.

networkx finds `backend` by the entry point ``networkx.backends`` and hands it every call on a
`FlowGraph`. What has a kernel of ours runs on the arrays (`network.named`); everything else, and
everything with parameters that a kernel does not know, is networkx's own code over the same graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import networkx as nx
from networkx.utils import backends

from network.flow import FlowFrozen, FlowGraph
from network.named import KERNELS

_FUNCTIONS: Mapping[str, Any] = cast(Any, backends)._registered_algorithms  # noqa: SLF001 - no public list


class Backend:
    """The functions of networkx for flows, as attributes."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in _FUNCTIONS:
            raise AttributeError(name)
        return _call(name)

    def can_run(self, _name: str, given: tuple[Any, ...], named: dict[str, Any]) -> bool:
        """Only what concerns a flow: networkx's graphs stay with networkx."""
        return any(_flows_in((*given, *named.values())))

    def convert_from_nx(self, graph: Any, **_asked: object) -> Any:
        """A graph of networkx's that is given together with a flow is read as it is."""
        return graph

    def convert_to_nx(self, graph: Any, **_asked: object) -> Any:
        """A graph of networkx's of its own, for ``backend="networkx"``."""
        return nx.DiGraph(graph) if isinstance(graph, FlowGraph) else graph


def _flows_in(values: Iterable[Any]) -> Iterable[bool]:
    for value in values:
        yield isinstance(value, FlowGraph)
        if isinstance(value, list | tuple):
            yield from (isinstance(one, FlowGraph) for one in value)


def _call(name: str) -> Callable[..., Any]:
    def called(*given: Any, **named: Any) -> Any:
        kernel = KERNELS.get(name)
        found = NotImplemented if kernel is None else kernel(*given, **named)
        if found is not NotImplemented:
            return found
        return _networkx(_FUNCTIONS[name], given, named)

    return called


def _networkx(function: Any, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    if function.orig_func is None:
        raise NotImplementedError(f"{function.name} with these parameters")
    try:
        return function.orig_func(*given, **named)
    except FlowFrozen:
        if function.mutates_input:
            raise
    # It would change its graph for a while and restore it: it may, on a copy.
    copies = {key: backend.convert_to_nx(one) for key, one in named.items()}
    return function.orig_func(*map(backend.convert_to_nx, given), **copies)


backend = Backend()
