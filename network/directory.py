"""What nodes are called, and into which groups they fall."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from models.reads.network_nodes import NetworkNode
from models.rules.flows import Level
from models.vocabulary.industries import INDUSTRIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.text import Text
from network.flow import Node

UNKNOWN = ""
"""The key of the group of those whose industry or prefecture is not known."""
UNKNOWN_NAME = Text("不明", "Unknown")


@dataclass(frozen=True, slots=True)
class Party:
    """A node as people read it. ``organization_id`` is None for a group, and for a label."""

    key: str
    name: Text
    organization_id: uuid.UUID | None = None


class Directory:
    """The organizations of a consortium."""

    def __init__(self, nodes: Iterable[NetworkNode]) -> None:
        self.by_key = {node.id.hex: node for node in nodes}

    def group_of(self, key: str, level: Level) -> str:
        """The key of the group that an organization falls into."""
        node = self.by_key.get(key)
        if node is None:
            return UNKNOWN
        if level is Level.INDUSTRY_DIVISION:
            return node.industry_division or UNKNOWN
        return node.prefecture or UNKNOWN

    @cached_property
    def digest(self) -> int:
        """Another number where somebody belongs to another group."""
        return hash(tuple((n.id, n.industry_division, n.prefecture) for n in self.by_key.values()))

    def party(self, key: str, level: Level) -> Party:
        """What a key stands for. One that is no organization's is its own name."""
        if level is not Level.ORGANIZATION:
            return Party(key, _group_name(key, level))
        node = self.by_key.get(key)
        if node is None:
            return Party(key, Text(key, key))
        return Party(key, Text(node.name, node.name_en or node.name), node.id)


def _group_name(key: str, level: Level) -> Text:
    known = INDUSTRIES if level is Level.INDUSTRY_DIVISION else PREFECTURES
    found = known.get(key)
    return found.name if found else UNKNOWN_NAME


class Parties(Mapping[Node, Text]):
    """The names of nodes that are places in a list of keys; looked up only where they are read."""

    def __init__(self, keys: tuple[str, ...], level: Level, directory: Directory) -> None:
        self.keys_in_order = keys
        self.level = level
        self.directory = directory

    def party(self, place: int) -> Party:
        """The node at a place."""
        return self.directory.party(self.keys_in_order[place], self.level)

    def place_of(self, key: str) -> int | None:
        """Where a key stands, None where it does not."""
        return self._places.get(key)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self.keys_in_order)}

    def __getitem__(self, place: Node) -> Text:
        if not isinstance(place, int) or not 0 <= place < len(self.keys_in_order):
            raise KeyError(place)
        return self.party(place).name

    def __iter__(self) -> Iterator[Node]:
        return iter(range(len(self.keys_in_order)))

    def __len__(self) -> int:
        return len(self.keys_in_order)
