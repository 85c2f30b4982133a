"""What consortium admins ask and do, as a client does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role
from models.operations.frozen import freeze_past
from models.rules.ledger import EntryKind
from models.tables.consortium import Organization
from models.tables.ledger import Entry
from tests.test_members import CSV, NUMBER
from tests.test_reviews import held, own_domain
from tests.world import World, build_world

SCHEMA = build_schema()


async def execute(world: World, actor: Actor, query: str, variables: dict[str, Any]) -> Any:
    context = Context(database=world.database, base_url="https://tasuki.example", actor=actor)
    return await SCHEMA.execute(query, variable_values=variables, context_value=context)


async def ask(world: World, actor: Actor, query: str, **variables: Any) -> Any:
    answer = await execute(world, actor, query, variables)
    assert answer.errors is None, answer.errors
    return answer.data


def admin(world: World) -> Actor:
    return world.actor(None, Role.CONSORTIUM_ADMIN)


MEMBERS = """
query ($where: MemberFilter, $orderBy: [MemberOrder!], $first: Int, $after: String) {
  consortium {
    slug smallestCount
    members(where: $where, orderBy: $orderBy, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        __typename name corporateNumber mailDomain membershipStatus
        ... on Agency { licenceIsValid }
      }
    }
  }
}
"""


async def test_members_are_paged_filtered_and_sorted(world: World) -> None:
    viewer = world.actor(world.company, Role.VIEWER)
    first = (await ask(world, viewer, MEMBERS, first=2))["consortium"]
    assert (first["slug"], first["smallestCount"]) == ("test", 3)
    page = first["members"]
    assert page["totalCount"] == 3
    assert [one["name"] for one in page["nodes"]] == ["Agency 3", "Company 1"]
    assert page["nodes"][0]["licenceIsValid"] is True
    after = page["pageInfo"]["endCursor"]
    rest = (await ask(world, viewer, MEMBERS, first=2, after=after))["consortium"]["members"]
    assert [one["name"] for one in rest["nodes"]] == ["Company 2"]
    assert rest["pageInfo"]["hasNextPage"] is False
    newest = (
        await ask(
            world,
            viewer,
            MEMBERS,
            where={"kind": {"eq": "COMPANY"}},
            orderBy=[{"field": "CREATED_AT", "direction": "DESC"}],
        )
    )["consortium"]["members"]
    assert sorted(one["name"] for one in newest["nodes"]) == ["Company 1", "Company 2"]


async def test_a_mail_domain_is_told_to_few(world: World) -> None:
    await own_domain(world)
    where = {"corporateNumber": {"eq": world.company.corporate_number}}
    told = {}
    for name, actor in {
        "admin": admin(world),
        "own": world.actor(world.company, Role.VIEWER),
        "other": world.actor(world.other_company, Role.ADMIN),
    }.items():
        [found] = (await ask(world, actor, MEMBERS, where=where))["consortium"]["members"]["nodes"]
        told[name] = found["mailDomain"]
    assert told == {"admin": "acme.example.jp", "own": "acme.example.jp", "other": None}


ADD = """
mutation ($input: AddMemberInput!) {
  addMember(input: $input) {
    member { id name __typename membershipStatus } errors { code path message }
  }
}
"""


async def test_a_member_is_added_once(world: World) -> None:
    words = {"kind": "COMPANY", "corporateNumber": NUMBER, "name": "五洋建設株式会社"}
    added = (await ask(world, admin(world), ADD, input=words))["addMember"]
    assert added["errors"] == []
    assert added["member"]["__typename"] == "Company"
    again = (await ask(world, admin(world), ADD, input=words))["addMember"]
    assert again["member"] is None
    assert [(one["code"], one["path"]) for one in again["errors"]] == [
        ("ALREADY_EXISTS", ["input", "corporateNumber"])
    ]
    end = """
    mutation ($id: ID!) {
      endMembership(input: {id: $id}) { member { membershipStatus } errors { code } }
    }
    """
    left = (await ask(world, admin(world), end, id=added["member"]["id"]))["endMembership"]
    assert left == {"member": {"membershipStatus": "LEFT"}, "errors": []}
    for wrong in (added["member"]["id"] + "x", encode_id("RelayLink", world.link.id), ""):
        refused = (await ask(world, admin(world), end, id=wrong))["endMembership"]
        assert refused == {"member": None, "errors": [{"code": "NOT_FOUND"}]}


async def test_a_company_may_not(world: World) -> None:
    words = {"kind": "COMPANY", "corporateNumber": NUMBER, "name": "五洋建設株式会社"}
    actor = world.actor(world.company, Role.ADMIN)
    refused = (await ask(world, actor, ADD, input=words))["addMember"]
    assert [one["code"] for one in refused["errors"]] == ["FORBIDDEN"]
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(Organization)) == 3


async def test_a_file_is_imported_with_its_report(world: World) -> None:
    mutation = """
    mutation ($input: ImportMembersInput!) {
      importMembers(input: $input) {
        imported refusedCount refusedRows { line column code reason } errors { code path }
      }
    }
    """
    words = {"csv": CSV.decode()}
    report = (await ask(world, admin(world), mutation, input=words))["importMembers"]
    assert (report["imported"], report["refusedCount"], report["errors"]) == (0, 3, [])
    first = report["refusedRows"][0]
    assert (first["line"], first["column"], first["code"]) == (
        3,
        "corporate_number",
        "CORPORATE_NUMBER_INVALID",
    )
    assert "check digit" in first["reason"]
    kept = words | {"keepGoodRows": True}
    report = (await ask(world, admin(world), mutation, input=kept))["importMembers"]
    assert (report["imported"], report["refusedCount"]) == (1, 3)


PUBLISH = """
mutation ($input: PublishProgramVersionInput!) {
  publishProgramVersion(input: $input) {
    programVersion { number countsPerFreeHire defaultAgency { name } } errors { code path }
  }
}
"""
REPLAY = """
query ($id: ID) {
  program {
    inForce { number }
    versions { nodes { id number } }
    replay(versionId: $id) {
      counts freeHires givenCounts givenFreeHires
      companies { totalCount edges { node { name } counts remainder givenCounts } }
    }
  }
}
"""


async def test_a_version_is_published_and_replayed(world: World) -> None:
    for _ in range(5):
        await world.register()
    world.clock.forward(days=1)
    agency = encode_id("Agency", world.agency.id)
    words = {"defaultAgencyId": agency, "countsPerFreeHire": 2}
    made = (await ask(world, admin(world), PUBLISH, input=words))["publishProgramVersion"]
    assert made == {
        "programVersion": {
            "number": 2,
            "countsPerFreeHire": 2,
            "defaultAgency": {"name": "Agency 3"},
        },
        "errors": [],
    }
    shown = "{ consortium { program { inForce { number countsPerFreeHire } } } }"
    in_force = (await ask(world, admin(world), shown))["consortium"]["program"]["inForce"]
    assert in_force == {"number": 2, "countsPerFreeHire": 2}
    listed = "{ program { versions { nodes { id number } } } }"
    viewer = world.actor(world.company, Role.VIEWER)
    versions = (await ask(world, viewer, listed))["program"]["versions"]["nodes"]
    assert [one["number"] for one in versions] == [2, 1]
    found = (await ask(world, admin(world), REPLAY, id=versions[0]["id"]))["program"]
    assert found["inForce"] == {"number": 2}
    assert found["replay"] == {
        "counts": 5,
        "freeHires": 2,
        "givenCounts": 5,
        "givenFreeHires": 0,
        "companies": {
            "totalCount": 1,
            "edges": [
                {"node": {"name": "Company 1"}, "counts": 5, "remainder": 1, "givenCounts": 5}
            ],
        },
    }
    refused = await execute(world, viewer, REPLAY, {"id": versions[0]["id"]})
    assert refused.errors is not None
    words = {"defaultAgencyId": encode_id("Company", world.company.id)}
    wrong = (await ask(world, admin(world), PUBLISH, input=words))["publishProgramVersion"]
    assert wrong["errors"] == [{"code": "NOT_FOUND", "path": ["input", "defaultAgencyId"]}]


QUEUE = """
query ($where: HeldCountFilter) {
  heldCounts(where: $where) {
    totalCount
    nodes {
      id completedOn campaign holdReason status decisionNote companyMailDomain
      company { name } evidence { throughLink fromDevice samePhone }
    }
  }
}
"""
RESOLVE = """
mutation ($input: ResolveHeldCountInput!) {
  resolveHeldCount(input: $input) { heldCount { status decisionNote } errors { code path } }
}
"""
REVERSE = """
mutation ($input: ReverseCountInput!) {
  reverseCount(input: $input) { entry { id } errors { code path } }
}
"""


async def test_the_queue_is_worked_off(world: World) -> None:
    await own_domain(world)
    await held(world)
    waiting = {"status": {"eq": "HELD"}}
    [one] = (await ask(world, admin(world), QUEUE, where=waiting))["heldCounts"]["nodes"]
    held_id = one.pop("id")
    assert one == {
        "completedOn": "2026-01-05",
        "campaign": "2026 春採用",
        "holdReason": "COMPANY_DOMAIN",
        "status": "HELD",
        "decisionNote": None,
        "companyMailDomain": "acme.example.jp",
        "company": {"name": "Company 1"},
        "evidence": {"throughLink": 1, "fromDevice": 0, "samePhone": 0},
    }
    words = {"id": held_id, "resolution": "COUNT", "reason": "本人と確認"}
    decided = (await ask(world, admin(world), RESOLVE, input=words))["resolveHeldCount"]
    assert decided == {
        "heldCount": {"status": "COUNTED", "decisionNote": "本人と確認"},
        "errors": [],
    }
    again = (await ask(world, admin(world), RESOLVE, input=words))["resolveHeldCount"]
    assert [one["code"] for one in again["errors"]] == ["INVALID_TRANSITION"]
    assert (await ask(world, admin(world), QUEUE, where=waiting))["heldCounts"]["totalCount"] == 0
    async with world.database.read() as read:
        entry = await read.scalar(select(Entry.id).where(Entry.kind == EntryKind.COUNTED))
    assert entry is not None
    words = {"entryId": encode_id("Entry", entry), "reason": "社員と判明"}
    reversed_one = (await ask(world, admin(world), REVERSE, input=words))["reverseCount"]
    assert reversed_one == {"entry": {"id": words["entryId"]}, "errors": []}
    other = await build_world(world.database, slug="other")
    node = "query ($id: ID!) { node(id: $id) { id } }"
    for stranger in (admin(other), world.actor(world.company, Role.ADMIN)):
        assert (await ask(world, stranger, node, id=held_id))["node"] is None
    assert (await ask(world, admin(world), node, id=held_id))["node"] == {"id": held_id}


async def test_the_audit_chain_is_for_consortium_admins(world: World) -> None:
    await world.register()
    query = """
    {
      auditEntries(where: {action: {eq: "registration.completed"}}) {
        totalCount nodes { number action actorKind actorKey subject details }
      }
      auditHead { number hash }
    }
    """
    found = await ask(world, admin(world), query)
    assert found["auditHead"]["number"] == 1
    assert len(found["auditHead"]["hash"]) == 64
    assert found["auditEntries"]["nodes"] == [
        {
            "number": 1,
            "action": "registration.completed",
            "actorKind": "CANDIDATE",
            "actorKey": None,
            "subject": "registration",
            "details": '{"count":"COUNTED"}',
        }
    ]
    for actor in (world.actor(world.company, Role.ADMIN), world.actor(None, Role.ANALYST)):
        assert (await execute(world, actor, query, {})).errors is not None


async def test_the_network_is_told_by_whose_it_is(world: World) -> None:
    for _ in range(4):
        await world.register()
    query = """
    {
      flowEdges(where: {firstDay: "2026-01-01", lastDay: "2026-12-31"}) {
        totalCount edges { from { name } node { name } channel event referrals }
      }
    }
    """
    found = await ask(world, world.actor(world.company, Role.VIEWER), query)
    own = {
        "from": {"name": "Company 1"},
        "node": {"name": "Agency 3"},
        "channel": "RELAY_LINK",
        "event": "ACCEPTED",
        "referrals": 4,
    }
    assert found["flowEdges"] == {"totalCount": 1, "edges": [own]}
    other = world.actor(world.other_company, Role.VIEWER)
    assert (await ask(world, other, query))["flowEdges"]["totalCount"] == 0
    world.clock.forward(days=31)
    # A month that is over, and not frozen yet, is not told.
    assert (await ask(world, other, query))["flowEdges"]["totalCount"] == 0
    await freeze_past(world.database)
    [told] = (await ask(world, other, query))["flowEdges"]["edges"]
    assert told["referrals"] in (3, 6)
