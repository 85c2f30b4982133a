"""Several companies, an agency and candidates in one play: the API, mails and pages as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default as default_policy
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from gql.node import encode_id
from models.access import Role
from models.operations.api_tokens import CreateApiToken, create_api_token
from models.tables.consortium import Organization
from tasuki.app import create_app
from tasuki.settings import Settings, WorkerPlace
from tasuki.workers.handlers import Post, handlers
from tasuki.workers.mail import FolderMailer, Sender
from tasuki.workers.outbox import OutboxWorker
from tasuki.workers.timers import Timers
from tests.people import add_person
from tests.world import World

BASE_URL = "https://tasuki.example"
_LINK = re.compile(rf"{BASE_URL}(/\S+)")
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')
SEEN = """
query Seen($id: ID!) {
  node(id: $id) {
    ... on Candidate {
      name email phone wishes
      category { code } experienceYears skills { code }
      prefecture { code } desiredPrefectures { code }
      visibility { field shown }
    }
  }
}
"""
FIELDS = {
    "name": "NAME",
    "email": "EMAIL",
    "phone": "PHONE",
    "wishes": "WISHES",
    "category": "CATEGORY",
    "experienceYears": "EXPERIENCE",
    "skills": "SKILLS",
    "prefecture": "PREFECTURE",
    "desiredPrefectures": "DESIRED_PREFECTURES",
}


@dataclass
class Company:
    """Whoever administrates an organization, asking the API with a token."""

    http: httpx.AsyncClient
    id: str

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = await self.http.post("/graphql", json={"query": query, "variables": variables})
        body = answer.json()
        assert "errors" not in body, body
        return body["data"]

    async def do(self, mutation: str, kind: str, answer: str, /, **given: Any) -> Any:
        """The payload of a mutation that was not refused."""
        payload = await self._change(mutation, kind, answer, given)
        assert payload["errors"] == []
        return payload

    async def refused(self, mutation: str, kind: str, /, **given: Any) -> str:
        """The code of the refusal."""
        [error] = (await self._change(mutation, kind, "", given))["errors"]
        code: str = error["code"]
        return code

    async def _change(self, mutation: str, kind: str, answer: str, given: Any) -> Any:
        data = await self.ask(
            f"mutation($input: {kind}!) {{ {mutation}(input: $input) "
            f"{{ {answer} errors {{ code path message }} }} }}",
            input=given,
        )
        return data[mutation]

    async def sees(self, candidate_id: str) -> frozenset[str] | None:
        """The fields of a candidate that hold a value, or none where nobody is found.

        What is said to be shown is what is there.
        """
        found = (await self.ask(SEEN, id=candidate_id))["node"]
        if found is None:
            return None
        there = frozenset(FIELDS[name] for name in FIELDS if found[name] is not None)
        assert {one["field"] for one in found["visibility"] if one["shown"]} == there
        return there

    async def pool(self) -> list[str]:
        """The ids of whom it sees in the pool."""
        query = "{ pool(first: 50) { totalCount nodes { candidate { id } } } }"
        found = (await self.ask(query))["pool"]
        assert found["totalCount"] == len(found["nodes"])
        return [one["candidate"]["id"] for one in found["nodes"]]


@dataclass
class Person:
    """A candidate with a browser without scripts, and an address."""

    http: httpx.AsyncClient
    address: str
    play: Play
    id: str = ""

    async def page(self, path: str) -> str:
        """What a page shows."""
        answer = await self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    async def press(self, path: str, of: str | None = None, **form: Any) -> str:
        """Send a form of a page, of another address where it says so; answers where it leads."""
        shown = await self.page(path)
        csrf = _CSRF.search(shown)
        answer = await self.http.post(
            of or path, data={**({"csrf": csrf[1]} if csrf else {}), **form}
        )
        assert answer.status_code == 303, (path, answer.status_code, answer.text)
        return str(answer.headers["location"])

    async def register(self, link: str, **form: Any) -> None:
        """Follow a link, fill the form in, and confirm the address."""
        await self.press(link, email=self.address, employment="NONE", **form)
        confirm = await self.play.mailed(self.address, "/confirm/")
        assert (await self.press(confirm)).startswith("/me")
        await self.play.work()

    async def sign_in(self) -> None:
        """By the link that is mailed."""
        await self.press("/me/sign-in", email=self.address)
        await self.press(await self.play.mailed(self.address, "/me/sign-in/"))

    async def answer(self, answer: str) -> None:
        """Answer the one question there is, from the page that the mail leads to."""
        question = await self.play.mailed(self.address, "/me/introductions/")
        await self.press(question, answer=answer)


@dataclass
class Play:
    """The whole application over one database, its clock, and the mails it sent."""

    world: World
    folder: Path
    app: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        settings = Settings(base_url=BASE_URL, worker=WorkerPlace.APART)
        self.app = create_app(settings, database=self.world.database)

    def http(self, **headers: str) -> httpx.AsyncClient:
        """A client of the application."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app),
            base_url=BASE_URL,
            headers={"origin": BASE_URL, "accept-language": "en", **headers},
        )

    async def company(self, organization: Organization | None, kind: str = "Company") -> Company:
        """An administrator of an organization, or of the consortium."""
        role = Role.ADMIN if organization else Role.CONSORTIUM_ADMIN
        address = f"admin{next(self.world.numbers)}@staff.example.jp"
        actor = await add_person(self.world, organization, role, address)
        async with self.world.database.transaction() as tx:
            made = await create_api_token(tx, actor, CreateApiToken("play", role))
        client = self.http(authorization=f"Bearer {made.secret}")
        return Company(client, encode_id(kind, organization.id) if organization else "")

    async def work(self) -> None:
        """What workers and timers do until nothing is due."""
        sender = Sender("Tasuki", "tasuki@example.com")
        post = Post(self.world.database, BASE_URL, sender, FolderMailer(self.folder))
        await Timers(self.world.database).run_once()
        await OutboxWorker(self.world.database, handlers(post)).drain()

    async def mailed(self, address: str, path: str) -> str:
        """The path of the newest link under ``path`` that was mailed to an address."""
        await self.work()
        newest = sorted(self.folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        for file in reversed(newest):
            mail = message_from_bytes(file.read_bytes(), policy=default_policy)
            body = mail.get_body(("plain",))
            assert body is not None
            for link in _LINK.findall(body.get_content()):
                if address in str(mail["to"]) and link.startswith(path):
                    return str(link)
        raise AssertionError(f"no mail with a link to {path} for {address}")
