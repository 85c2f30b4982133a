"""Malformed and hostile requests to a running installation are refused, clearly and cheaply.

Never a 5xx, never a fault, never a hint of what else the schema holds.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.typing import Subprotocol

from gql.schema import build_schema
from tests.live import AGENCY, COMPANY, CONSORTIUM, Live, live

WITHIN_S = 60
JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
QUERY = b'{"query": "{ viewer { role } }"}'
DEEP = 100_000
DOUBLINGS = 18


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """One installation for all; its log holds no error in the end."""
    templates = request.getfixturevalue(f"{request.param}_templates")
    url = templates.clone()
    folder = tmp_path_factory.mktemp("served")
    with live(url, folder, log_level="error") as running:
        yield running
        logged = (folder / "serve.log").read_text()
    templates.drop(url)
    assert logged == ""


def post(asked: Live, body: bytes, who: str | None = COMPANY, **headers: str) -> httpx.Response:
    sent = {"content-type": JSON, "accept": GRAPHQL, **asked.headers(who)}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(asked.url, content=body, headers=sent, timeout=WITHIN_S)


def refused(answer: httpx.Response, status: int, code: str) -> None:
    """A well-formed GraphQL answer with one error, and nothing else."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    body = answer.json()
    assert set(body) <= {"errors", "extensions"}
    [code_told] = {error["extensions"]["code"] for error in body["errors"]}
    assert code_told == code
    quiet(answer.text)


def quiet(text: str) -> None:
    assert "Did you mean" not in text
    assert "Traceback" not in text
    assert "site-packages" not in text


BODIES = {
    "a string": (b'"x"', 400, "BAD_REQUEST"),
    "null": (b"null", 400, "BAD_REQUEST"),
    "a number": (b"1", 400, "BAD_REQUEST"),
    "true": (b"true", 400, "BAD_REQUEST"),
    "an empty list": (b"[]", 400, "BAD_REQUEST"),
    "a batch": (b"[" + QUERY + b"," + QUERY + b"]", 400, "BAD_REQUEST"),
    "nothing": (b"", 400, "BAD_REQUEST"),
    "half of JSON": (QUERY[:-3], 400, "BAD_REQUEST"),
    "two bodies": (QUERY + QUERY, 400, "BAD_REQUEST"),
    "invalid UTF-8": (b'{"query": "{ viewer { role } } # \xff"}', 400, "BAD_REQUEST"),
    "UTF-16": (QUERY.decode().encode("utf-16"), 400, "BAD_REQUEST"),
    "a lone surrogate": (b'{"query": "{ viewer { role } } # \\ud800"}', 400, "BAD_REQUEST"),
    "not a number": (b'{"query": "{ viewer { role } }", "variables": NaN}', 400, "BAD_REQUEST"),
    "deep lists": (b"[" * DEEP + b"]" * DEEP, 400, "BAD_REQUEST"),
    "deep objects": (b'{"a":' * DEEP + b"1" + b"}" * DEEP, 400, "BAD_REQUEST"),
    "deep lists, open": (b"[" * DEEP, 400, "BAD_REQUEST"),
    "deep variables": (
        b'{"query": "{ viewer { role } }", "variables": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}",
        400,
        "LIMIT_EXCEEDED",
    ),
    "no query": (b'{"variables": {}}', 400, "BAD_REQUEST"),
    "an empty query": (b'{"query": " "}', 400, "BAD_REQUEST"),
    "a query that is a list": (b'{"query": ["{ viewer { role } }"]}', 400, "BAD_REQUEST"),
    "variables that are a list": (
        b'{"query": "{ viewer { role } }", "variables": []}',
        400,
        "BAD_REQUEST",
    ),
    "extensions that are a string": (
        b'{"query": "{ viewer { role } }", "extensions": "x"}',
        400,
        "BAD_REQUEST",
    ),
    "a numeric operation name": (
        b'{"query": "{ viewer { role } }", "operationName": 1}',
        400,
        "BAD_REQUEST",
    ),
    "a long operation name": (
        b'{"query": "{ viewer { role } }", "operationName": "' + b"x" * 257 + b'"}',
        400,
        "BAD_REQUEST",
    ),
    "an unknown operation name": (
        b'{"query": "query A { viewer { role } }", "operationName": "B\\u0000"}',
        400,
        "OPERATION_NOT_ALLOWED",
    ),
    "two operations, none named": (
        b'{"query": "query A { viewer { role } } query B { viewer { role } }"}',
        400,
        "OPERATION_NOT_ALLOWED",
    ),
    "a subscription": (
        b'{"query": "subscription { referralChanged { id } }"}',
        400,
        "OPERATION_NOT_ALLOWED",
    ),
    "many variables": (
        orjson.dumps({"query": "{ viewer { role } }", "variables": {"a": [0] * 10_001}}),
        400,
        "LIMIT_EXCEEDED",
    ),
    "a long query": (
        orjson.dumps({"query": "{ viewer { role } }" + " " * 32_768}),
        400,
        "LIMIT_EXCEEDED",
    ),
    "a huge body": (
        orjson.dumps({"query": "{ viewer { role } }", "variables": {"a": "x" * 8 * 1024 * 1024}}),
        413,
        "LIMIT_EXCEEDED",
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_malformed_body_is_refused(asked: Live, name: str) -> None:
    body, status, code = BODIES[name]
    refused(post(asked, body), status, code)


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": ""},
        {"content_type": "text/plain"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_type": "multipart/form-data; boundary=x"},
        {"content_type": "application/graphql"},
        {"content_type": "application/json; charset=utf-16"},
        {"content_type": "application/json; charset=shift_jis"},
        {"content_encoding": "gzip"},
    ],
)
def test_a_body_of_another_kind_is_refused(asked: Live, headers: dict[str, str]) -> None:
    refused(post(asked, QUERY, **headers), 415, "BAD_REQUEST")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused(asked: Live, method: str) -> None:
    answer = httpx.request(method, asked.url, timeout=WITHIN_S)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "token",
    ["wrong", "tsk_0", "", "Basic YTpi", "Bearer", "Bearer " + "x" * 5_000, "Bearer \x80\xff"],
)
def test_a_token_that_does_not_hold_is_refused(asked: Live, token: str) -> None:
    headers = {
        b"authorization": token.encode("latin-1"),
        b"content-type": JSON.encode(),
        b"accept": GRAPHQL.encode(),
    }
    refused(httpx.post(asked.url, content=QUERY, headers=headers), 400, "UNAUTHENTICATED")


def doubling(levels: int) -> str:
    """Each fragment spreads the next one twice."""
    fragments = [f"fragment f{n} on Viewer {{ ...f{n + 1} ...f{n + 1} }}" for n in range(levels)]
    return "{viewer{...f0}}" + "".join(fragments) + f"fragment f{levels} on Viewer {{ role }}"


QUERIES = {
    "doubling fragments": (doubling(DOUBLINGS), "LIMIT_EXCEEDED"),
    "doubling fragments, more": (doubling(40), "LIMIT_EXCEEDED"),
    "cyclic fragments": (
        "{ viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a fragment of itself": (
        "{ viewer { ...a } } fragment a on Viewer { role ...a }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "deep": (
        "{ __schema { types {" + "ofType {" * 50 + "name" + "}" * 53,
        "LIMIT_EXCEEDED",
    ),
    "very deep": ("{ a" * 900 + "}" * 900, "LIMIT_EXCEEDED"),
    "deep lists": (
        "{ nodes(ids: " + "[" * 900 + "]" * 900 + ") { id } }",
        "LIMIT_EXCEEDED",
    ),
    "wide": ("{ viewer {" + " role" * 1_001 + "} }", "LIMIT_EXCEEDED"),
    "aliases": (
        "{" + " ".join(f"a{n}: viewer {{ role }}" for n in range(51)) + "}",
        "LIMIT_EXCEEDED",
    ),
    "directives": ("{ viewer " + "@include(if: true) " * 51 + "{ role } }", "LIMIT_EXCEEDED"),
    "tokens": ("{ viewer(" + "a: 1 " * 1_000 + ") { role } }", "LIMIT_EXCEEDED"),
    "many fragments": (
        "{ viewer { role } }" + "".join(f" fragment a{n} on Viewer {{ role }}" for n in range(51)),
        "LIMIT_EXCEEDED",
    ),
    "many operations": (
        "".join(f" query a{n} {{ viewer {{ role }} }}" for n in range(11)),
        "LIMIT_EXCEEDED",
    ),
    "dear": (
        """{ consortium { members(first: 100) { nodes
        { ... on Company { referrals(first: 100) { nodes { id status } } } } } } }""",
        "LIMIT_EXCEEDED",
    ),
    "overlapping fields": (
        "{ viewer {" + " ".join("user { id }" for _ in range(100)) + "} }",
        "LIMIT_EXCEEDED",
    ),
    "no syntax": ("{ viewer {", "GRAPHQL_PARSE_FAILED"),
    "a NUL in the text": ("{ viewer\x00 { role } }", "GRAPHQL_PARSE_FAILED"),
    "a NUL in a string": ('{ node(id: "\\u0000") { id } }', "BAD_USER_INPUT"),
    "a surrogate in a string": ('{ node(id: "\\ud800") { id } }', "GRAPHQL_PARSE_FAILED"),
    "a NUL by another escape": ('{ node(id: "\\u{0}") { id } }', "BAD_USER_INPUT"),
    "types": ("type A { a: Int }", "OPERATION_NOT_ALLOWED"),
    "a misspelt field": ("{ viewr { role } }", "GRAPHQL_VALIDATION_FAILED"),
    "a misspelt argument": ('{ node(ident: "x") { id } }', "GRAPHQL_VALIDATION_FAILED"),
    "a misspelt type": ("{ viewer { ... on Viewr { role } } }", "GRAPHQL_VALIDATION_FAILED"),
    "a misspelt value": (
        "{ relayLinks(where: {status: {eq: ACTIV}}) { nodes { id } } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a misspelt directive": ("{ viewer @inclde(if: true) { role } }", "GRAPHQL_VALIDATION_FAILED"),
    "a long number": (
        "{ relayLinks(first: " + "9" * 30_000 + ") { nodes { id } } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a number beyond 32 bits": (
        "{ relayLinks(first: 2147483648) { nodes { id } } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
}


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("who", [COMPANY, None])
def test_a_hostile_query_is_refused(asked: Live, name: str, who: str | None) -> None:
    query, code = QUERIES[name]
    refused(post(asked, orjson.dumps({"query": query}), who), 400, code)


def test_the_doubling_query_is_the_small_one_of_old() -> None:
    assert 700 <= len(doubling(DOUBLINGS)) <= 760


@pytest.mark.parametrize("query", ["mutation { signOut { errors { code } } }"])
def test_a_mutation_is_not_taken_by_get(asked: Live, query: str) -> None:
    answer = httpx.get(
        asked.url,
        params={"query": query},
        headers={"accept": GRAPHQL, **asked.headers(COMPANY)},
        timeout=WITHIN_S,
    )
    refused(answer, 405, "OPERATION_NOT_ALLOWED")


@pytest.mark.parametrize(
    "params",
    [
        "query=%7B%20viewer%20%7B%20role%20%7D%20%7D&variables=%FF",
        "query=%7B%20viewer%20%7B%20role%20%7D%20%7D&variables=1",
        "query=%7B%20viewer%20%7B%20role%20%7D%20%7D&variables=" + "%5B" * 2_000,
        "query=%7B%20viewer%20%7B%20role%20%7D%20%7D&extensions=x",
        "variables=%7B%7D",
        "",
    ],
)
def test_a_malformed_address_is_refused(asked: Live, params: str) -> None:
    answer = httpx.get(f"{asked.url}?{params}", headers={"accept": GRAPHQL}, timeout=WITHIN_S)
    refused(answer, 400, "BAD_REQUEST")


def test_another_origin_is_refused_with_a_cookie_and_without(asked: Live) -> None:
    for cookie in ("", "__Host-tasuki=anything"):
        for origin in ("https://evil.example", "null", asked.served.url + ".evil.example"):
            answer = post(asked, QUERY, None, origin=origin, cookie=cookie)
            refused(answer, 403, "FORBIDDEN_ORIGIN")


def test_a_cookie_does_not_work_by_get_from_elsewhere(asked: Live) -> None:
    for site in ({}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        answer = httpx.get(
            asked.url,
            params={"query": "{ viewer { role } }"},
            headers={"accept": GRAPHQL, "cookie": "__Host-tasuki=anything", **site},
            timeout=WITHIN_S,
        )
        refused(answer, 403, "FORBIDDEN_ORIGIN")


@pytest.mark.parametrize(
    "query", ["mutation { signOut { errors { code } } }", "mutation { nothing }"]
)
def test_a_mutation_is_not_taken_as_events(asked: Live, query: str) -> None:
    answer = post(asked, orjson.dumps({"query": query}), accept="text/event-stream")
    assert answer.status_code == 200
    [event, end] = answer.text.strip().split("\n\n")
    assert end == "event: complete\ndata:"
    told = json.loads(event.removeprefix("event: next\ndata: "))
    assert [error["extensions"]["code"] for error in told["errors"]] == ["OPERATION_NOT_ALLOWED"]
    assert "data" not in told


def socket_url(asked: Live) -> str:
    return asked.url.replace("http", "ws", 1)


async def test_a_mutation_is_not_taken_by_a_socket(asked: Live) -> None:
    protocol = Subprotocol("graphql-transport-ws")
    async with connect(socket_url(asked), subprotocols=[protocol]) as socket:
        await socket.send(
            json.dumps({"type": "connection_init", "payload": asked.headers(COMPANY)})
        )
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        query = {"query": "mutation { signOut { errors { code } } }"}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": query}))
        told = json.loads(await socket.recv())
    assert (told["id"], told["type"]) == ("1", "error")
    assert [error["extensions"]["code"] for error in told["payload"]] == ["OPERATION_NOT_ALLOWED"]


async def test_the_older_protocol_is_not_spoken(asked: Live) -> None:
    async with connect(socket_url(asked), subprotocols=[Subprotocol("graphql-ws")]) as socket:
        with pytest.raises(ConnectionClosedError) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4406


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_a_socket_from_another_origin_is_refused(asked: Live, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with connect(
            socket_url(asked),
            subprotocols=[Subprotocol("graphql-transport-ws")],
            additional_headers={"origin": origin, "cookie": "__Host-tasuki=anything"},
        ):
            pass
    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("x", 4400),
        ("[]", 4400),
        ('"x"', 4400),
        ("[" * 100_000, 4400),
        (b"\x00\xff", 4400),
        ('{"type": "start"}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": {"query": "{ viewer { role } }"}}', 4401),
        ('{"type": "connection_init", "payload": []}', 4400),
        ('{"type": "connection_init", "payload": {"authorization": "Bearer x"}}', 4403),
        ('{"type": "connection_init", "payload": {"authorization": 1}}', 4403),
        ("x" * 300_000, 1009),
    ],
)
async def test_a_malformed_message_closes_the_socket(
    asked: Live, message: str | bytes, code: int
) -> None:
    protocol = Subprotocol("graphql-transport-ws")
    async with connect(socket_url(asked), subprotocols=[protocol]) as socket:
        await socket.send(message)
        with pytest.raises(ConnectionClosedError) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


LONG = "長" * 30_000
BAD_VALUES: dict[str, tuple[Any, ...]] = {
    "String": ("\x00", "a\x00b", "", LONG, "\u202e\u200f\ufffe", "😀", "'; --", "{x}{0}%s\\", 1),
    "ID": ("\x00", "", LONG, "😀", "bm9uc2Vuc2U", "UmVmZXJyYWw6eA", 2**31),
    "Int": (-(2**31), -1, 0, 2**31 - 1, 2**31, 10**300, 1.5, "1"),
    "Float": (-1e308, -1.0, 0, 1e308, 10**300, "1.5"),
    "Boolean": ("true", 1),
    "DateTime": (
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2027-01-01T00:00:00",
        "\x00",
        LONG,
    ),
    "Date": ("0001-01-01", "9999-12-31", "10000-01-01", "2027-02-30", "\x00", LONG),
    "Yen": (-1, 0, 2**53 - 1, 2**53, 10**300),
    "YenDifference": (-(2**53), -1, 0, 2**53 - 1, 2**53, 10**300),
    "URL": ("\x00", "http://", "javascript:alert(1)", "https://例え.jp/\u202e", LONG),
    "CorporateNumber": ("0000000000000", "\x00", LONG),
    "EmailAddress": ("\x00@example.jp", "a@\x00", "a@b", "@", LONG, f"{LONG}@example.jp"),
}
USUAL = {
    "String": "x",
    "ID": base64.urlsafe_b64encode(b"Referral:00000000-0000-4000-8000-000000000000").decode(),
    "Int": 1,
    "Float": 0.5,
    "Boolean": False,
    "DateTime": "2030-01-01T00:00:00Z",
    "Date": "2030-01-01",
    "Yen": 1,
    "YenDifference": 1,
    "URL": "https://example.jp/meeting",
    "CorporateNumber": "7000012050002",
    "EmailAddress": "someone@example.jp",
}
"""A value of each type that is refused by nothing but what it means."""

SCHEMA = build_schema()._schema
Field = GraphQLArgument | GraphQLInputField


def usual(field: Field) -> Any:
    """What a request that is well meant would say here."""
    kind = get_named_type(field.type)
    if isinstance(kind, GraphQLEnumType):
        value: Any = next(iter(kind.values))
    elif isinstance(kind, GraphQLInputObjectType):
        needed = {name: one for name, one in kind.fields.items() if is_required_input_field(one)}
        value = {name: usual(one) for name, one in needed.items()}
    else:
        value = USUAL[kind.name]
    return [value] if is_list_type(get_nullable_type(field.type)) else value


def bad(field: Field) -> Iterator[Any]:
    """What a hostile one would, in each part of it."""
    kind = get_named_type(field.type)
    if isinstance(kind, GraphQLEnumType):
        values: list[Any] = ["NOTHING", 1]
    elif isinstance(kind, GraphQLInputObjectType):
        whole = usual(field)
        first = whole[0] if isinstance(whole, list) else whole
        values = [{**first, name: value} for name, one in kind.fields.items() for value in bad(one)]
    else:
        values = list(BAD_VALUES[kind.name])
    if is_list_type(get_nullable_type(field.type)):
        yield from ([value] for value in values)
        yield [values[0]] * 9_000
    else:
        yield from values


def requests_of(root: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation with a bad value in each place in turn: the query and its variables."""
    kind = SCHEMA.get_type(root)
    for name, field in kind.fields.items():  # type: ignore[union-attr]
        answer = get_named_type(field.type)
        shown = "errors { code }" if root == "Mutation" else "__typename"
        shown = "nodes { __typename }" if answer.name.endswith("Connection") else shown
        needed = {n: usual(a) for n, a in field.args.items() if is_required_argument(a)}
        for argument, given in field.args.items():
            for value in bad(given):
                values = {**needed, argument: value}
                declared = ", ".join(f"${n}: {field.args[n].type}" for n in values)
                passed = ", ".join(f"{n}: ${n}" for n in values)
                yield (
                    f"{root.lower()}({declared}) {{ {name}({passed}) {{ {shown} }} }}",
                    values,
                )


@pytest.mark.parametrize("root", ["Query", "Mutation"])
def test_a_bad_value_in_any_place_is_no_fault(asked: Live, root: str) -> None:
    sent = 0
    with httpx.Client(timeout=WITHIN_S) as http:
        for query, values in requests_of(root):
            body = json.dumps({"query": query, "variables": values}).encode()
            for who in (COMPANY, AGENCY, CONSORTIUM):
                headers = {"content-type": JSON, "accept": GRAPHQL, **asked.headers(who)}
                answer = http.post(asked.url, content=body, headers=headers)
                assert answer.status_code in (200, 400), (query, repr(values)[:200])
                codes = {e["extensions"]["code"] for e in answer.json().get("errors", [])}
                assert not codes & {"INTERNAL", "TIMEOUT"}, (query, repr(values)[:200])
                quiet(answer.text)
                sent += 1
                if '"FORBIDDEN"' not in answer.text:
                    break
    assert sent > 300


def form(asked: Live, path: str, body: bytes, **headers: str) -> httpx.Response:
    """Send a form of the candidates' pages."""
    sent = {"content-type": "application/x-www-form-urlencoded", "accept-language": "en"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(f"{asked.served.url}{path}", content=body, headers=sent, timeout=WITHIN_S)


SOUND = {
    "name": "Hanako",
    "email": "hanako@example.jp",
    "employment": "NONE",
    "consent": "AGENCY_SUPPORT",
}
FORMS: dict[str, tuple[bytes, int]] = {
    "invalid UTF-8": (b"name=%FF%FE&email=a", 400),
    "raw bytes": (b"name=\xff\xfe", 400),
    "a surrogate": (b"name=%ED%A0%80", 400),
    "thousands of fields": (b"&".join(b"f%d=1" % n for n in range(5_000)), 400),
    "ten megabytes": (b"name=" + b"x" * 10_000_000, 413),
    "nothing": (b"", 422),
    "only separators": (b"&&&===", 422),
    **{f"NUL in {name}": (urlencode(SOUND | {name: "a\x00b"}).encode(), 422) for name in SOUND},
    **{
        f"NUL in {name}": (urlencode(SOUND | {name: "a\x00b"}).encode(), 422)
        for name in ("phone", "category", "prefecture", "skills", "experience_years")
    },
    **{
        f"{name} missing": (urlencode({k: v for k, v in SOUND.items() if k != name}).encode(), 422)
        for name in SOUND
    },
    **{
        f"{name} too long": (urlencode(SOUND | {name: "x" * 60_000}).encode(), 422)
        for name in (*SOUND, "phone", "wishes", "excluded", "skills", "experience_years")
    },
}


@pytest.mark.parametrize("name", FORMS)
def test_a_malformed_form_is_refused_in_words(asked: Live, name: str) -> None:
    body, status = FORMS[name]
    answer = form(asked, f"/r/{asked.world.link_token()}", body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1" in answer.text
    quiet(answer.text)


@pytest.mark.parametrize("name", ["wishes", "excluded", "employer"])
def test_a_nul_in_free_text_is_refused_in_words(asked: Live, name: str) -> None:
    fields = SOUND | {name: "a\x00b", "email": f"{name}@example.jp", "employment": "EMPLOYED"}
    fields.setdefault("employer", "Somewhere")
    token = asked.world.link_token()
    answer = form(asked, f"/r/{token}", urlencode(fields).encode())
    assert answer.status_code == 422
    assert "<h1" in answer.text
    quiet(answer.text)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""]
)
def test_a_form_of_another_kind_is_refused(asked: Live, media_type: str) -> None:
    body = urlencode(SOUND).encode()
    answer = form(asked, f"/r/{asked.world.link_token()}", body, content_type=media_type)
    assert answer.status_code == 400


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_form_from_elsewhere_is_refused(asked: Live, origin: str) -> None:
    path = f"/r/{asked.world.link_token()}"
    assert form(asked, path, urlencode(SOUND).encode(), origin=origin).status_code == 403


@pytest.mark.parametrize(
    "token", ["x", "%00", "%FF", "x" * 65, "x" * 5_000, "%F0%9F%98%80", "..%2F..%2Fme", "'--"]
)
@pytest.mark.parametrize(
    ("page", "statuses"),
    [
        ("r", {404}),
        ("confirm", {404}),
        ("me/sign-in", {404, 410}),  # links to sign in are used up: unknown ones read alike
        ("me/introductions", {303, 404}),  # what is behind the sign-in sends everyone there
    ],
)
def test_a_bad_token_is_no_page(asked: Live, page: str, statuses: set[int], token: str) -> None:
    for answer in (
        httpx.get(f"{asked.served.url}/{page}/{token}", timeout=WITHIN_S),
        form(asked, f"/{page}/{token}", b""),
    ):
        assert answer.status_code in statuses
        quiet(answer.text)


@pytest.mark.parametrize("cookie", ["tasuki-me=x", "tasuki-me=\xff", "tasuki-me=" + "x" * 4_000])
def test_a_bad_cookie_signs_nobody_in(asked: Live, cookie: str) -> None:
    headers = {b"cookie": cookie.encode("latin-1")}
    for path in ("/me", "/me/consents", "/me/leave", "/me/exclusions"):
        answer = httpx.get(f"{asked.served.url}{path}", headers=headers, timeout=WITHIN_S)
        back = "" if path == "/me" else f"?to={path}"
        assert (answer.status_code, answer.headers["location"]) == (303, f"/me/sign-in{back}")
