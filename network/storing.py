"""Questions and results as JSON, so that a job's answer outlives the process that made it.

Arrays keep their type and every bit. Nothing is read back but plain values, arrays, and the result
types and enums of this package.
"""

from __future__ import annotations

import base64
import dataclasses
import math
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from importlib import import_module
from typing import Any

import numpy as np
import orjson

from models.errors import DomainError
from models.rules.flows import Level
from models.rules.lifecycles import Channel, ReferralStatus
from models.vocabulary.text import Text
from network.answering import Answer, Seen
from network.basis import Prepared
from network.computing import Computed
from network.directory import Directory, Parties
from network.edges import Window
from network.flow import FlowGraph
from network.questions import Question, Scope, View

PACKAGES = ("network", "models")
"""Where the types of results come from."""


class NotKept(DomainError):
    """A metric that an analysis was not asked for."""

    code = "NOT_KEPT"
    text = Text(
        ja="この分析では計算していない項目です。新しい分析をはじめてください。",
        en="The analysis was not asked for this. Start another one.",
    )


def answers_written(seen: Seen, answers: Mapping[str, Answer]) -> dict[str, Any]:
    """What is kept of some answers to one question."""
    months = seen.months and [seen.months.first.isoformat(), seen.months.last.isoformat()]
    return {
        "keys": list(seen.parties.keys_in_order),
        "months": months,
        "edges": written(seen.prepared.flow.columns),
        "answers": {
            metric: {"result": written(found.result), "took_ms": found.took_ms}
            for metric, found in answers.items()
        },
    }


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What came of a job: its edges, and the metrics that it was asked for."""

    months: Window | None
    prepared: Prepared
    answers: Mapping[str, Computed]

    @classmethod
    def of(cls, text: str) -> Kept:
        """What was kept as JSON: all of it is taken apart here, once."""
        found = orjson.loads(text)
        window = found["months"] and Window(*map(date.fromisoformat, found["months"]))
        answers = {
            metric: Computed(read(one["result"]), one["took_ms"])
            for metric, one in found["answers"].items()
        }
        prepared = Prepared(tuple(found["keys"]), FlowGraph(read(found["edges"])))
        return cls(window, prepared, answers)

    def seen(self, question: Question, version: str, directory: Directory) -> Seen:
        """The edges of the question as they were."""
        parties = Parties(self.prepared.keys, question.level, directory)
        return Seen(version, self.months, parties, self.prepared, None)

    def answer(self, metric: str, seen: Seen) -> Answer:
        """What a metric said. Raises `NotKept` for one that was not asked for."""
        found = self.answers.get(metric)
        if found is None:
            raise NotKept
        flow = seen.prepared.flow
        return Answer(metric, seen.version, seen.parties, found.result, found.took_ms, flow)


def question_written(question: Question) -> dict[str, Any]:
    """A question without its scope's consortium and organization: a job has those itself."""
    scope = question.scope
    return {
        "first": scope.window.first.isoformat(),
        "last": scope.window.last.isoformat(),
        "source": None if scope.source_id is None else scope.source_id.hex,
        "view": question.view.value,
        "level": question.level.value,
        "channels": _names(question.channels),
        "events": _names(question.events),
    }


def _names(chosen: frozenset[Any] | None) -> list[str] | None:
    return None if chosen is None else sorted(one.value for one in chosen)


def question_read(
    written: Mapping[str, Any], consortium_id: uuid.UUID, own_id: uuid.UUID | None
) -> Question:
    """The question that was written."""
    window = Window(date.fromisoformat(written["first"]), date.fromisoformat(written["last"]))
    source = written["source"]
    scope = Scope(consortium_id, own_id, window, source and uuid.UUID(source))
    channels, events = written["channels"], written["events"]
    return Question(
        scope,
        View(written["view"]),
        Level(written["level"]),
        None if channels is None else frozenset(map(Channel, channels)),
        None if events is None else frozenset(map(ReferralStatus, events)),
    )


def written(value: object) -> Any:
    """A result as JSON. Raises `TypeError` for what none is made of.

    >>> read(written((1, 2.5, None, "a")))
    (1, 2.5, None, 'a')
    """
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: written(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"type": _name_of(type(value)), "fields": fields}
    raise TypeError(f"no result is made of {type(value).__name__}")


def _float(value: float) -> Any:
    return value if math.isfinite(value) else {"float": repr(value)}


def _array(value: np.ndarray[Any, Any]) -> Any:
    data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
    return {"array": data, "dtype": value.dtype.str, "shape": list(value.shape)}


def _name_of(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


_WRITERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (StrEnum, lambda value: {"enum": _name_of(type(value)), "value": value.value}),
    ((bool, int, str, type(None)), lambda value: value),
    (np.generic, lambda value: written(value.item())),
    (float, _float),
    (np.ndarray, _array),
    (Text, lambda value: {"text": list(value)}),
    (tuple, lambda value: {"tuple": [written(one) for one in value]}),
    (frozenset, lambda value: {"set": [written(one) for one in sorted(value)]}),
    (
        Mapping,
        lambda value: {"map": [[written(key), written(one)] for key, one in value.items()]},
    ),
)


def read(value: Any) -> Any:
    """What was written. Raises `TypeError` for a type that is no result's."""
    if not isinstance(value, dict):
        return value
    if "type" in value:
        fields = {name: read(one) for name, one in value["fields"].items()}
        return _type_of(value["type"])(**fields)
    [kind] = value.keys() & _READERS.keys()
    return _READERS[kind](value)


def _type_of(name: str) -> Any:
    module, _, kind = name.partition(":")
    if module.partition(".")[0] not in PACKAGES:
        raise TypeError(f"no result is a {name}")
    found = getattr(import_module(module), kind)
    if not (isinstance(found, type) and _is_known(found)):
        raise TypeError(f"no result is a {name}")
    return found


def _is_known(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) or issubclass(kind, StrEnum)


def _array_read(value: Any) -> np.ndarray[Any, Any]:
    flat = np.frombuffer(base64.b64decode(value["array"]), np.dtype(value["dtype"]))
    return flat.reshape(value["shape"])


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "enum": lambda value: _type_of(value["enum"])(value["value"]),
    "float": lambda value: float(value["float"]),
    "array": _array_read,
    "text": lambda value: Text(*value["text"]),
    "tuple": lambda value: tuple(read(one) for one in value["tuple"]),
    "set": lambda value: frozenset(read(one) for one in value["set"]),
    "map": lambda value: {read(key): read(one) for key, one in value["map"]},
}
