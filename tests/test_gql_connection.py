"""Pages, cursors, global ids: what a client sends back, checked."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

import gql.node
from gql.batch import Batches, relation
from gql.connection import (
    After,
    Before,
    Connection,
    Count,
    First,
    Last,
    PageArguments,
    decode_cursor,
    encode_cursor,
    page,
)
from gql.errors import RequestError, Schema
from gql.node import Node, NodeQuery, decode_id, encode_id, key_of, register_node
from gql.scalars import SCALARS

NUMBERS = list(range(1, 8))


async def _no_count(keys: Sequence[Any]) -> Mapping[Any, int]:
    raise AssertionError("nobody asked for a count")


def _page_of(**asked: Any) -> tuple[list[int], bool, bool]:
    wanted = PageArguments.of(**asked)
    found = [
        n
        for n in NUMBERS
        if (wanted.after is None or n > wanted.after[0])
        and (wanted.before is None or n < wanted.before[0])
    ]
    rows = (found[::-1] if wanted.backward else found)[: wanted.limit_rows]
    made = page(rows, wanted, lambda n: (n,), total=Count(_no_count).of(1))
    info = made.page_info
    kept = [edge.node for edge in made.edges]
    assert info.start_cursor == (encode_cursor((kept[0],)) if kept else None)
    assert info.end_cursor == (encode_cursor((kept[-1],)) if kept else None)
    return kept, info.has_previous_page, info.has_next_page


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, (NUMBERS, False, False)),
        ({"first": 7}, (NUMBERS, False, False)),
        ({"first": 3}, ([1, 2, 3], False, True)),
        ({"first": 3, "after": 3}, ([4, 5, 6], True, True)),
        ({"first": 3, "after": 6}, ([7], True, False)),
        ({"first": 3, "after": 7}, ([], True, False)),
        ({"first": 0}, ([], False, True)),
        ({"last": 3}, ([5, 6, 7], True, False)),
        ({"last": 3, "before": 5}, ([2, 3, 4], True, True)),
        ({"last": 3, "before": 3}, ([1, 2], False, True)),
        ({"last": 0}, ([], True, False)),
        ({"first": 9, "after": 2, "before": 5}, ([3, 4], True, False)),
    ],
)
def test_pages_in_both_directions(asked: dict[str, int], expected: Any) -> None:
    given = {k: encode_cursor((v,)) if k in ("after", "before") else v for k, v in asked.items()}
    assert _page_of(**given) == expected


@pytest.mark.parametrize(
    ("asked", "argument", "message"),
    [
        ({"first": -1}, "first", "first: must be between 0 and 100, not -1"),
        ({"first": 101}, "first", "first: must be between 0 and 100, not 101"),
        ({"last": 101}, "last", "last: must be between 0 and 100, not 101"),
        ({"first": 1, "last": 1}, "last", "last: cannot be used together with first"),
    ],
)
def test_page_arguments_out_of_bounds(asked: Any, argument: str, message: str) -> None:
    with pytest.raises(RequestError) as caught:
        PageArguments.of(**asked)
    assert caught.value.message == message
    assert caught.value.extensions == {"code": "BAD_USER_INPUT", "argument": argument}


def test_cursors_keep_every_kind_of_sort_value() -> None:
    position = (
        dt.datetime(2026, 4, 1, 9, 30, 0, 123456, tzinfo=dt.UTC),
        dt.date(2026, 4, 1),
        uuid.UUID(int=7),
        "株式会社",
        3,
        2.5,
        True,
        None,
    )
    assert decode_cursor("after", encode_cursor(position)) == position


def _forged(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!",
        "x",
        "日本",
        "a" * 513,
        _forged(1),
        _forged([]),
        _forged({"t": "x"}),
        _forged([[1]]),
        _forged([{}]),
        _forged([{"x": "1"}]),
        _forged([{"t": "nonsense"}]),
        _forged([{"u": "nonsense"}]),
        _forged([{"t": 1}]),
        _forged([{"t": "2026-04-01", "u": "x"}]),
        _forged([1] * 9),
    ],
)
def test_a_bad_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(RequestError) as caught:
        PageArguments.of(before=cursor)
    assert caught.value.extensions == {"code": "BAD_CURSOR", "argument": "before"}


@pytest.mark.parametrize("position", [(1,), ("a", 1), (1, True), (1, 2, 3)])
def test_a_cursor_of_another_list_is_refused(position: Any) -> None:
    cursor = encode_cursor(position)
    with pytest.raises(RequestError) as caught:
        PageArguments.of(after=cursor, kinds=(int, int))
    assert caught.value.extensions == {"code": "BAD_CURSOR", "argument": "after"}
    own = PageArguments.of(after=encode_cursor((1, 2)), kinds=(int, int))
    assert own.after == (1, 2)


class Context:
    def __init__(self) -> None:
        self.batches = Batches()
        self.counted: list[list[str]] = []
        self.loaded: list[list[uuid.UUID]] = []


@strawberry.type(description="A referral.")
class Referral(Node):
    sent_at: dt.datetime


async def _load(ctx: Context, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Referral]:
    ctx.loaded.append(list(ids))
    return {key: _referral(key.int) for key in ids if key.int < 10}


def _referral(number: int) -> Referral:
    return Referral(
        id=encode_id("Referral", uuid.UUID(int=number)),
        sent_at=dt.datetime(2026, 4, number + 1, tzinfo=dt.UTC),
    )


@strawberry.type
class Office:
    name: str

    @relation(description="Referrals it sent.")
    @staticmethod
    async def referrals(
        parents: list[Office],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Referral]]:
        wanted = PageArguments.of(first=first, after=after, last=last, before=before)

        async def count(names: Sequence[str]) -> Mapping[str, int]:
            ctx.counted.append(list(names))
            return {"a": 5}

        counter = Count(count)
        rows = [_referral(n) for n in range(wanted.limit_rows)]
        return [
            page(rows, wanted, lambda r: (r.sent_at,), total=counter.of(p.name)) for p in parents
        ]


@strawberry.type
class Query(NodeQuery):
    @strawberry.field
    def offices(self) -> list[Office]:
        return [Office(name="a"), Office(name="b")]


SCHEMA = Schema(Query, types=[Referral], config=StrawberryConfig(scalar_map=SCALARS))


@pytest.mark.asyncio
async def test_the_total_is_counted_once_and_only_when_asked() -> None:
    ctx = Context()
    result = await SCHEMA.execute(
        "{ offices { referrals(first: 1) { nodes { id } edges { cursor node { sentAt } } } } }",
        context_value=ctx,
    )
    assert (result.errors, ctx.counted) == (None, [])
    assert result.data is not None
    edge = result.data["offices"][0]["referrals"]["edges"][0]
    assert edge["node"] == {"sentAt": "2026-04-01T00:00:00Z"}
    assert decode_cursor("after", edge["cursor"]) == (dt.datetime(2026, 4, 1, tzinfo=dt.UTC),)
    result = await SCHEMA.execute("{ offices { referrals { totalCount } } }", context_value=ctx)
    assert result.data == {
        "offices": [{"referrals": {"totalCount": 5}}, {"referrals": {"totalCount": 0}}]
    }
    assert ctx.counted == [["a", "b"]]


def test_generic_types_are_named_as_relay_names_them() -> None:
    assert {"ReferralConnection", "ReferralEdge", "PageInfo"} <= set(SCHEMA._schema.type_map)
    field = SCHEMA._schema.type_map["Office"].fields["referrals"]  # type: ignore[attr-defined]
    assert [f"{n}: {a.type}" for n, a in field.args.items()] == [
        "first: Int",
        "after: String",
        "last: Int",
        "before: String",
    ]


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gql.node, "_loaders", {})
    register_node("Referral", _load)


@pytest.mark.asyncio
@pytest.mark.usefixtures("registered")
async def test_nodes_are_found_by_id_and_the_rest_reads_alike() -> None:
    seen, unseen = (encode_id("Referral", uuid.UUID(int=n)) for n in (3, 99))
    other = encode_id("Nothing", uuid.UUID(int=3))
    ctx = Context()
    result = await SCHEMA.execute(
        "query ($ids: [ID!]!, $id: ID!) {"
        " nodes(ids: $ids) { id __typename } node(id: $id) { id } }",
        {"ids": [unseen, seen, "nonsense", other, "", seen + "="], "id": seen},
        ctx,
    )
    assert result.errors is None
    found = {"id": seen, "__typename": "Referral"}
    assert result.data == {
        "nodes": [None, found, None, None, None, None],
        "node": {"id": seen},
    }
    assert sorted(map(len, ctx.loaded)) == [1, 2]


@pytest.mark.asyncio
@pytest.mark.usefixtures("registered")
async def test_too_many_ids_are_refused() -> None:
    ctx = Context()
    ids = [encode_id("Referral", uuid.UUID(int=n)) for n in range(101)]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    result = await SCHEMA.execute(query, {"ids": ids}, ctx)
    assert [e.message for e in result.errors or []] == ["ids: at most 100, not 101"]
    assert ctx.loaded == []
    result = await SCHEMA.execute(query, {"ids": ids[:100]}, ctx)
    assert (result.errors, [len(asked) for asked in ctx.loaded]) == (None, [100])


@pytest.mark.usefixtures("registered")
def test_a_type_is_registered_once() -> None:
    with pytest.raises(ValueError, match="the type Referral has a node loader already"):
        register_node("Referral", _load)


@pytest.mark.parametrize(
    "text",
    ["", "x", "あ", "=" * 4, "a" * 129, _forged("Referral:1"), "UmVmZXJyYWw6MQ", "////", "_" * 128],
)
def test_ids_we_did_not_write(text: str) -> None:
    assert decode_id(text) is None


def test_an_id_is_of_one_type() -> None:
    key = uuid.UUID(int=5)
    assert decode_id(encode_id("Referral", key)) == ("Referral", key)
    assert key_of(encode_id("Referral", key), "Referral") == key
    assert key_of(encode_id("Referral", key), "Company") is None
