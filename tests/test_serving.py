"""How the server presents itself: what it shows, what it hides, and the headers it sends."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.session import Database
from models.vault import Vault, default_keys_url
from tasuki.app import create_app
from tasuki.dashboards import BUILT
from tasuki.settings import Settings
from tests.databases import SECRET_KEY, SqliteTemplates
from tests.live import COMPANY, METRICS_TOKEN, Live, live
from tests.people import PASSWORD
from tests.served import TASUKI

WITHIN_S = 60
GRAPHQL = "application/graphql-response+json"
SAFE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
GIVEN = {
    "env": "production",
    "base_url": "https://tasuki.example",
    "mail_from": "Tasuki <mail@tasuki.example>",
}
STRICT = "max-age=31536000; includeSubDomains"


@pytest.fixture(scope="module")
def development(
    sqlite_templates: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    with live(sqlite_templates.clone(), tmp_path_factory.mktemp("development")) as running:
        yield running


@pytest.fixture(scope="module")
def production(
    sqlite_templates: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("production")
    url = sqlite_templates.clone()
    with live(url, folder, None, None, **GIVEN) as running:
        yield running


def get(running: Live, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{running.served.url}{path}", headers=headers, timeout=WITHIN_S)


async def test_a_browser_is_shown_graphiql_in_development(development: Live) -> None:
    if not (BUILT / "graphiql.html").exists():
        pytest.skip("web/ is not built: make setup")
    page = get(development, "/graphql", accept="text/html")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert assets
    for asset in assets:
        assert get(development, asset).status_code == 200


async def test_neither_graphiql_nor_the_schema_is_shown_in_production(production: Live) -> None:
    page = get(production, "/graphql", accept="text/html")
    assert (page.status_code, page.json()["errors"][0]["extensions"]["code"]) == (
        400,
        "BAD_REQUEST",
    )
    for query in ("{ __schema { types { name } } }", '{ __type(name: "User") { name } }'):
        body = await production.ask(COMPANY, query)
        assert "data" not in body
        [code] = {error["extensions"]["code"] for error in body["errors"]}
        assert code == "GRAPHQL_VALIDATION_FAILED"
    assert (await production.ask(COMPANY, "{ __typename }"))["data"] == {"__typename": "Query"}


async def test_the_schema_can_be_read_in_development(development: Live) -> None:
    body = await development.ask(None, '{ __type(name: "Query") { kind } }')
    assert body["data"] == {"__type": {"kind": "OBJECT"}}


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer wrong", METRICS_TOKEN, "Bearer é"])
def test_the_metrics_are_hidden_from_whoever_has_no_token(development: Live, said: str) -> None:
    headers = {b"authorization": said.encode()} if said else {}
    url = f"{development.served.url}/metrics"
    answer = httpx.get(url, headers=headers, timeout=WITHIN_S)
    assert (answer.status_code, answer.text) == (404, "not found")


def test_the_metrics_are_shown_to_whoever_has_it(development: Live) -> None:
    answer = get(development, "/metrics", authorization=f"Bearer {METRICS_TOKEN}")
    assert answer.status_code == 200
    assert "tasuki_requests_total{" in answer.text
    assert "tasuki_outbox_due 0.0" in answer.text


PAGES = {
    "alive": ("GET", "/healthz", 200),
    "ready": ("GET", "/readyz", 200),
    "hidden metrics": ("GET", "/metrics", 404),
    "no such page": ("GET", "/nothing/at/all", 404),
    "the first page": ("GET", "/", 302),
    "an invitation": ("GET", "/invitation/x", 302),
    "a query": ("GET", "/graphql?query={__typename}", 200),
    "a malformed query": ("GET", "/graphql", 400),
    "another method": ("PUT", "/graphql", 405),
    "a body of another kind": ("POST", "/graphql", 415),
    "an unknown link": ("GET", "/r/x", 404),
    "an empty form": ("POST", "/confirm/x", 404),
    "a page behind the sign-in": ("GET", "/me", 303),
    "privacy": ("GET", "/privacy", 200),
    "a file": ("GET", "/static/nothing.css", 404),
    "a method of no page": ("DELETE", "/privacy", 405),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_kind_of_answer_has_the_safe_headers(production: Live, name: str) -> None:
    method, path, status = PAGES[name]
    answer = httpx.request(method, f"{production.served.url}{path}", timeout=WITHIN_S)
    assert answer.status_code == status
    assert {key: answer.headers[key] for key in SAFE} == SAFE
    assert answer.headers["strict-transport-security"] == STRICT
    assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])
    assert "server" not in answer.headers
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_stream_of_events_has_the_safe_headers(production: Live) -> None:
    query = {"query": "{ __typename }"}
    async with httpx.AsyncClient(timeout=WITHIN_S) as http:
        answer = await http.post(
            production.url, json=query, headers={"accept": "text/event-stream"}
        )
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert {key: answer.headers[key] for key in SAFE} == SAFE
    assert answer.headers["cache-control"] == "no-store"


async def test_the_cookie_of_a_sign_in_is_bound_to_this_host_alone(production: Live) -> None:
    given = {"email": "company@staged.example.jp", "password": PASSWORD}
    query = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { role } } }"
    async with httpx.AsyncClient(timeout=WITHIN_S) as http:
        answer = await http.post(
            production.url, json={"query": query, "variables": {"input": given}}
        )
        assert answer.json()["data"] == {"signIn": {"viewer": {"role": "ADMIN"}}}
        [cookie] = answer.headers.get_list("set-cookie")
        pair, *attributes = cookie.split("; ")
        assert re.fullmatch(r"__Host-tasuki=[\w-]{20,}", pair)
        assert attributes == [
            "Max-Age=604800",
            "Path=/",
            "Secure",
            "HttpOnly",
            "SameSite=Lax",
        ]
        left = await http.post(
            production.url,
            json={"query": "mutation { signOut { errors { code } } }"},
            headers={"cookie": pair},
        )
        assert left.headers.get_list("set-cookie") == [
            "__Host-tasuki=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"
        ]
        after = await http.post(
            production.url, json={"query": "{ viewer { role } }"}, headers={"cookie": pair}
        )
        assert after.json()["data"] == {"viewer": None}


def test_the_cookie_of_a_candidates_browser_is_bound_to_this_host_alone(production: Live) -> None:
    answer = get(production, f"/r/{production.world.link_token()}")
    [cookie] = answer.headers.get_list("set-cookie")
    pair, *attributes = cookie.split("; ")
    assert re.fullmatch(r"__Host-tasuki-device=[\w-]{22}", pair)
    assert sorted(attributes) == ["HttpOnly", "Max-Age=86400", "Path=/", "SameSite=lax", "Secure"]


@pytest.mark.parametrize("name", ["secret_key", "base_url", "mail_from"])
def test_production_starts_only_where_nothing_must_be_guessed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given = GIVEN | {"secret_key": SECRET_KEY.decode()}
    for key, value in given.items():
        monkeypatch.setenv(f"TASUKI_{key.upper()}", value)
    assert Settings().mail_from == GIVEN["mail_from"]
    monkeypatch.delenv(f"TASUKI_{name.upper()}")
    with pytest.raises(ValueError, match=rf"production needs TASUKI_{name.upper()} \["):
        Settings()


def fresh(folder: Path) -> tuple[Settings, Database]:
    """A database that nobody has migrated."""
    url = f"sqlite:///{folder}/fresh.db"
    settings = Settings(database_url=url, secret_key=SECRET_KEY.decode())
    return settings, Database(url, Vault(SECRET_KEY, default_keys_url(url)))


async def test_a_database_that_is_not_migrated_is_not_ready(tmp_path: Path) -> None:
    settings, database = fresh(tmp_path)
    app = create_app(settings, database=database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        answer = await http.get("/readyz")
    await database.close()
    assert (answer.status_code, answer.text) == (
        503,
        "the database is not migrated: tasuki migrate",
    )


def test_serving_a_database_that_is_not_migrated_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(TASUKI), "serve", "--port", "1"],
        env={
            "TASUKI_DATABASE_URL": f"sqlite:///{tmp_path}/fresh.db",
            "TASUKI_SECRET_KEY": SECRET_KEY.decode(),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=WITHIN_S,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: the database is not migrated: run `tasuki migrate`\n"


def test_ctrl_c_ends_quietly(sqlite_templates: SqliteTemplates, tmp_path: Path) -> None:
    with live(sqlite_templates.clone(), tmp_path, log_level="error") as running:
        process = running.served.process
        assert process is not None
        process.send_signal(signal.SIGINT)
        assert process.wait(WITHIN_S) == 0
        running.served.process = None
    assert (tmp_path / "serve.log").read_text() == ""


async def test_a_fault_outside_graphql_says_nothing_but_where_to_ask(tmp_path: Path) -> None:
    async def fail(_: Request) -> Response:
        raise LookupError("the secret of taro@example.jp")

    settings, database = fresh(tmp_path)
    app = create_app(settings, database=database, more_routes=[Route("/fail", fail)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        answer = await http.get("/fail")
    await database.close()
    assert answer.status_code == 500
    assert {key: answer.headers[key] for key in SAFE} == SAFE
    assert f"requestId: {answer.headers['x-request-id']}" in answer.text
    assert "taro" not in answer.text
