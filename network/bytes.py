"""How much memory a result takes, about, and a cache that is bounded by it."""

from __future__ import annotations

import dataclasses
import sys
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any, Generic, TypeVar

import numpy as np

from network.flow import FlowGraph

V = TypeVar("V")

OBJECT_BYTES = 64
SAMPLE_ITEMS = 50


def bytes_of(value: object) -> int:
    """About how many bytes a value takes: arrays exactly, long tuples by their first items.

    >>> bytes_of(np.zeros(1_000))
    8064
    """
    if isinstance(value, np.ndarray):
        return value.nbytes + OBJECT_BYTES
    if isinstance(value, FlowGraph):
        return bytes_of(value.columns)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return OBJECT_BYTES + sum(bytes_of(getattr(value, field.name)) for field in fields)
    if isinstance(value, Mapping):
        return bytes_of(tuple(value.keys())) + bytes_of(tuple(value.values()))
    if isinstance(value, tuple | list | set | frozenset):
        sample = [bytes_of(item) for item, _ in zip(value, range(SAMPLE_ITEMS), strict=False)]
        each = sum(sample) / len(sample) if sample else 0
        return OBJECT_BYTES + int(each * len(value))
    return sys.getsizeof(value)


class ByteCache(Generic[V]):
    """Keeps what was used last, up to a number of bytes; what is larger than all is not kept."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.used_bytes = 0
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()

    def get(self, key: Hashable) -> V | None:
        """The value of a key, now the last used."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: V) -> None:
        """Keep a value; what was not used for longest goes."""
        size = bytes_of(value)
        self._drop(key)
        if size > self.limit_bytes:
            return
        self._kept[key] = (value, size)
        self.used_bytes += size
        while self.used_bytes > self.limit_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Any) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self.used_bytes -= found[1]

    def __len__(self) -> int:
        return len(self._kept)
