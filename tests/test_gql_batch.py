"""Relation fields: one call for all parents of a level, however the field is written."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest
import strawberry

from gql.batch import Batched, Batches, EndsBatches, batch_function, quicken, relation


@dataclass
class Context:
    """A context that remembers every call of a batch function."""

    batches: Batches = field(default_factory=Batches)
    calls: list[tuple[str, list[str], dict[str, Any]]] = field(default_factory=list)


@strawberry.input
class PartnerFilter:
    name_contains: str | None = None


@strawberry.type
class Company:
    id: strawberry.ID
    name: str

    @relation(description="Companies this one works with.")
    @staticmethod
    async def partners(
        parents: list[Company],
        ctx: Context,
        first: Annotated[int, strawberry.argument(description="How many.")] = 2,
        where: PartnerFilter | None = None,
    ) -> list[list[Company]]:
        ctx.calls.append(("partners", [p.id for p in parents], {"first": first, "where": where}))
        return [
            [Company(id=strawberry.ID(f"{p.id}.{n}"), name=f"{p.name}.{n}") for n in range(first)]
            for p in parents
        ]

    @relation(description="A person to call.")
    @staticmethod
    async def contact(
        parents: list[Company], ctx: Context
    ) -> Batched[Annotated[Contact, strawberry.lazy("tests.test_gql_batch")] | None]:
        ctx.calls.append(("contact", [p.id for p in parents], {}))
        return [_contact(p) for p in parents]

    @relation(description="Always one answer short.")
    @staticmethod
    async def broken(parents: list[Company], ctx: Context) -> list[str | None]:
        return ["x"] * (len(parents) - 1)

    @relation(description="Fails as a whole.")
    @staticmethod
    async def failing(parents: list[Company], ctx: Context) -> list[str | None]:
        raise LookupError("gone")


def _contact(company: Company) -> Contact | Exception | None:
    if company.id == "2":
        return PermissionError("not yours")
    return Contact(telephone=f"03-{company.id}") if company.id == "1" else None


@strawberry.type
class Contact:
    telephone: str


@strawberry.type
class Query:
    @strawberry.field
    def companies(self) -> list[Company]:
        return [Company(id=strawberry.ID(str(n)), name=f"C{n}") for n in (1, 2, 3)]


def _schema() -> strawberry.Schema:
    return strawberry.Schema(Query)


def _quick() -> strawberry.Schema:
    schema = _schema()
    quicken(schema)
    return schema


@pytest.fixture(params=[_schema, _quick], ids=["strawberry", "quickened"])
def schema(request: pytest.FixtureRequest) -> strawberry.Schema:
    return request.param()  # type: ignore[no-any-return]


@pytest.mark.asyncio
async def test_one_call_for_all_parents_of_each_level(schema: strawberry.Schema) -> None:
    ctx = Context()
    result = await schema.execute(
        "{ companies { name partners { partners(first: 1) { id } } } }", context_value=ctx
    )
    assert result.errors is None
    assert result.data == {
        "companies": [
            {
                "name": f"C{n}",
                "partners": [{"partners": [{"id": f"{n}.{m}.0"}]} for m in range(2)],
            }
            for n in (1, 2, 3)
        ]
    }
    assert ctx.calls == [
        ("partners", ["1", "2", "3"], {"first": 2, "where": None}),
        ("partners", ["1.0", "1.1", "2.0", "2.1", "3.0", "3.1"], {"first": 1, "where": None}),
    ]


@pytest.mark.asyncio
async def test_same_arguments_share_a_call_and_others_do_not(schema: strawberry.Schema) -> None:
    ctx = Context()
    result = await schema.execute(
        """query ($n: Int!) { companies {
             a: partners(first: 1, where: {nameContains: "x"}) { id }
             b: partners(first: $n, where: {nameContains: "x"}) { id }
             c: partners(first: 3) { id } } }""",
        variable_values={"n": 1},
        context_value=ctx,
    )
    assert result.errors is None
    assert ctx.calls == [
        (
            "partners",
            ["1", "1", "2", "2", "3", "3"],
            {"first": 1, "where": PartnerFilter(name_contains="x")},
        ),
        ("partners", ["1", "2", "3"], {"first": 3, "where": None}),
    ]


@pytest.mark.asyncio
async def test_an_exception_fails_one_parent_alone(schema: strawberry.Schema) -> None:
    result = await schema.execute(
        "{ companies { contact { telephone } } }", context_value=Context()
    )
    assert result.data == {
        "companies": [{"contact": {"telephone": "03-1"}}, {"contact": None}, {"contact": None}]
    }
    assert [(e.message, e.path) for e in result.errors or []] == [
        ("not yours", ["companies", 1, "contact"])
    ]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "message"),
    [("broken", "Company.broken answered 2 for 3 parents"), ("failing", "gone")],
)
async def test_a_failed_call_fails_every_parent(
    schema: strawberry.Schema, name: str, message: str
) -> None:
    result = await schema.execute(f"{{ companies {{ {name} }} }}", context_value=Context())
    assert result.data == {"companies": [{name: None}] * 3}
    assert [(e.message, e.path) for e in result.errors or []] == [
        (message, ["companies", n, name]) for n in range(3)
    ]


@pytest.mark.asyncio
async def test_cancelling_stops_the_work_under_way() -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    @strawberry.type
    class Root:
        @relation(description="Never answers.")
        @staticmethod
        async def slow(parents: list[Any], ctx: Context) -> list[str]:
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
            return []

    ctx = Context()
    schema = strawberry.Schema(Root, extensions=[EndsBatches])
    work = asyncio.ensure_future(schema.execute("{ slow }", context_value=ctx))
    await started.wait()
    (task,) = ctx.batches.tasks
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert task.cancelled()
    assert ended.is_set()


@pytest.mark.asyncio
async def test_no_operation_ends_before_the_work_it_began() -> None:
    started, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @strawberry.type
    class Root:
        @relation(description="Takes its time.")
        @staticmethod
        async def slow(parents: list[Any], ctx: Context) -> list[str]:
            started.set()
            await may_end.wait()
            ended.set()
            return ["done"]

        @relation(description="Fails at once.")
        @staticmethod
        async def refused(parents: list[Any], ctx: Context) -> list[str]:
            await started.wait()
            asyncio.get_running_loop().call_soon(may_end.set)
            raise RuntimeError("no")

    ctx = Context()
    schema = strawberry.Schema(Root, extensions=[EndsBatches])
    result = await schema.execute("{ slow refused }", context_value=ctx)
    assert [error.message for error in result.errors or []] == ["no"]
    assert ended.is_set()
    assert not ctx.batches.tasks


def test_the_field_has_the_type_of_one_answer() -> None:
    assert _schema().as_str().splitlines()[:8] == [
        "type Company {",
        "  id: ID!",
        "  name: String!",
        "",
        '  """Companies this one works with."""',
        "  partners(",
        '    """How many."""',
        "    first: Int! = 2",
    ]
    assert "contact: Contact\n" in _schema().as_str()


def test_the_batch_function_stays_reachable() -> None:
    fields = {f.python_name: f for f in Company.__strawberry_definition__.fields}  # type: ignore[attr-defined]
    function = batch_function(fields["partners"])
    assert function is not None
    assert function.__qualname__ == "Company.partners"
    assert batch_function(fields["name"]) is None


async def _one_row(self: Any, ctx: Any) -> list[str]:
    return []


async def _not_a_list(parents: Any, ctx: Any) -> str:
    return ""


def _not_async(parents: Any, ctx: Any) -> list[str]:
    return []


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (_one_row, "_one_row must take (parents, ctx, ...): all parents at once"),
        (_not_a_list, "_not_a_list must answer list[...], not 'str'"),
        (_not_async, "_not_async must be an async function"),
    ],
)
def test_a_resolver_for_one_row_cannot_be_written(function: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        relation(description="x")(function)
    assert str(caught.value) == message
