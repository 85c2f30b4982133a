"""Relation fields: one call answers all parents of a level.

A relation is written as a batch function and registered by `relation`::

    @strawberry.type
    class Company:
        id: strawberry.ID

        @relation(description="Companies this one refers candidates to, by name.")
        @staticmethod
        async def partners(
            parents: list[Company],
            ctx: Context,
            prefecture: Annotated[str | None, strawberry.argument(description="...")] = None,
        ) -> list[list[Company]]: ...

The function answers with one value for each parent, in the order of the parents. Its return
annotation is `list[X]`, and the GraphQL field has the type `X`. `Batched[X]` says the same and
lets single answers be an `Exception`, which then fails for that parent alone.

Today a small loader gathers the parents of one level. The function stays reachable
(`batch_function(field)`), so that an executor can call it directly one day.
"""

from __future__ import annotations

import asyncio
import inspect
import types
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar, Union, cast, get_args, get_origin

import strawberry
from graphql import GraphQLObjectType, GraphQLResolveInfo
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from gql.limits import COST

T = TypeVar("T")

Batched: TypeAlias = list[T | Exception]
"""What a batch function answers: for each parent a value, or why there is none."""

BatchFunction: TypeAlias = Callable[..., Awaitable[Sequence[Any]]]


class Batching(Protocol):
    """What a context must carry: the batches of its request."""

    batches: Batches


class Batches:
    """The batches of one request: those that still gather parents, and the work under way."""

    __slots__ = ("by_arguments", "by_node", "tasks")

    def __init__(self) -> None:
        self.by_node: dict[tuple[int, int], _Batch] = {}
        self.by_arguments: dict[tuple[int, str], _Batch] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def cancel(self) -> None:
        """Stop what still runs, because nobody waits for it any more."""
        for task in self.tasks:
            task.cancel()

    async def ended(self) -> None:
        """Wait until nothing runs any more."""
        while self.tasks:
            await asyncio.wait(list(self.tasks))


class EndsBatches(SchemaExtension):
    """No operation ends before the work that it began.

    A field that fails early leaves its siblings at work, with connections in hand: they come to
    their end. Where the operation itself is given up they are stopped.
    """

    async def on_operation(self) -> AsyncIterator[None]:
        """Around the operation, however it ends."""
        batches = cast(Batching, self.execution_context.context).batches
        try:
            yield
        except BaseException:
            batches.cancel()
            raise
        finally:
            await batches.ended()


class _Batch:
    """Parents of one field with the same arguments, and a future for each."""

    __slots__ = ("arguments", "futures", "gathering", "parents", "relation")

    def __init__(self, relation: Relation, arguments: dict[str, Any]) -> None:
        self.relation = relation
        self.arguments = arguments
        self.parents: list[Any] = []
        self.futures: list[asyncio.Future[Any]] = []
        self.gathering = True

    def start(self, ctx: Batching) -> None:
        self.gathering = False
        task = asyncio.ensure_future(self._run(ctx))
        ctx.batches.tasks.add(task)
        task.add_done_callback(ctx.batches.tasks.discard)

    async def _run(self, ctx: Batching) -> None:
        parents, futures = self.parents, self.futures
        self.parents, self.futures = [], []
        try:
            answers = await self.relation.batch(parents, ctx, **self.arguments)
            if len(answers) != len(parents):
                raise RuntimeError(
                    f"{self.relation.name} answered {len(answers)} for {len(parents)} parents"
                )
        except asyncio.CancelledError:
            for future in futures:
                future.cancel()
            raise
        except Exception as error:  # noqa: BLE001 (handed on to every waiting field)
            answers = [error] * len(parents)
        for future, answer in zip(futures, answers, strict=True):
            _settle(future, answer)


def _settle(future: asyncio.Future[Any], answer: object) -> None:
    if future.done():
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
        # A sibling's failure may have made this one moot: then nobody asks, and nobody is told.
        future.exception()
    else:
        future.set_result(answer)


class Relation:
    """A batch function and the loader that serves it."""

    def __init__(self, batch: BatchFunction) -> None:
        self.batch = batch
        self.name = batch.__qualname__

    def load(
        self,
        parent: object,
        info: GraphQLResolveInfo[Any],
        arguments: Callable[[], dict[str, Any]],
    ) -> asyncio.Future[Any]:
        """Add a parent to the open batch of this place in the query. `arguments` is asked once."""
        ctx = cast(Batching, info.context)
        place = (id(self), id(info.field_nodes[0]))
        batch = ctx.batches.by_node.get(place)
        if batch is None or not batch.gathering:
            batch = ctx.batches.by_node[place] = self._open(ctx, arguments())
        future = asyncio.get_running_loop().create_future()
        batch.parents.append(parent)
        batch.futures.append(future)
        return future

    def _open(self, ctx: Batching, arguments: dict[str, Any]) -> _Batch:
        key = (id(self), repr(sorted(arguments.items())))
        batch = ctx.batches.by_arguments.get(key)
        if batch is None or not batch.gathering:
            batch = ctx.batches.by_arguments[key] = _Batch(self, arguments)
            asyncio.get_running_loop().call_soon(batch.start, ctx)
        return batch

    def resolver(self) -> Callable[..., asyncio.Future[Any]]:
        """The function strawberry reads: our arguments, the parent's place taken by `root`."""

        def resolve(
            root: object, info: strawberry.Info[Any, Any], **arguments: Any
        ) -> asyncio.Future[Any]:
            return self.load(root, info._raw_info, lambda: arguments)  # noqa: SLF001 (no public way)

        _, _, *own = inspect.signature(self.batch).parameters.values()
        resolve.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD),
                inspect.Parameter(
                    "info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info
                ),
                *(_argument(parameter) for parameter in own),
            ],
            return_annotation=_answer_of_one(self.batch),
        )
        resolve.__module__ = self.batch.__module__
        resolve.__name__ = self.batch.__name__
        resolve.__qualname__ = self.batch.__qualname__
        resolve.relation = self  # type: ignore[attr-defined]
        return resolve


def _argument(parameter: inspect.Parameter) -> inspect.Parameter:
    """Absent and None are the same to the function, so the schema says no `= null`."""
    default = strawberry.UNSET if parameter.default is None else parameter.default
    return parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, default=default)


def _answer_of_one(batch: BatchFunction) -> object:
    """X of the return annotation `list[X]` or `Batched[X]`, evaluated or still a string."""
    annotation = batch.__annotations__.get("return")
    if isinstance(annotation, str):
        opening, _, rest = annotation.strip().partition("[")
        if opening.rpartition(".")[2] in ("list", "Batched") and rest.endswith("]"):
            return rest[:-1]
    elif get_origin(annotation) is list:
        return _without_exception(get_args(annotation)[0])
    raise TypeError(f"{batch.__qualname__} must answer list[...], not {annotation!r}")


def _without_exception(annotation: Any) -> Any:
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    return Union[tuple(kind for kind in get_args(annotation) if kind is not Exception)]  # noqa: UP007


def relation(
    *,
    description: str,
    name: str | None = None,
    deprecation_reason: str | None = None,
    cost: int | None = None,
) -> Callable[[Any], Any]:
    """Make a relation field of a batch function `(parents, ctx, **arguments) -> list[X]`.

    `cost` replaces what one answer counts in the cost of a request (`gql.limits`).
    A function that answers one parent at a time is refused with a `TypeError`.
    """

    def decorate(function: Any) -> Any:
        batch = cast(BatchFunction, getattr(function, "__func__", function))
        _require_batch(batch)
        return StrawberryField(
            python_name=None,
            graphql_name=name,
            description=description,
            deprecation_reason=deprecation_reason,
            metadata={} if cost is None else {COST: cost},
        )(StrawberryResolver(Relation(batch).resolver()))

    return decorate


def _require_batch(batch: BatchFunction) -> None:
    names = list(inspect.signature(batch).parameters)
    if names[:2] != ["parents", "ctx"]:
        raise TypeError(f"{batch.__qualname__} must take (parents, ctx, ...): all parents at once")
    if not inspect.iscoroutinefunction(batch):
        raise TypeError(f"{batch.__qualname__} must be an async function")


def relation_of(field: StrawberryField) -> Relation | None:
    """The relation behind a field, None for any other field."""
    function = getattr(field.base_resolver, "wrapped_func", None)
    return cast("Relation | None", getattr(function, "relation", None))


def batch_function(field: StrawberryField) -> BatchFunction | None:
    """The batch function behind a relation field, None for any other field."""
    found = relation_of(field)
    return found.batch if found else None


def quicken(schema: strawberry.Schema) -> None:
    """Take strawberry's wrapping off the two kinds of field that are resolved most.

    Attributes are read directly, and relations convert their arguments once for a batch and
    not once for a parent. Call it once, after the schema is built.
    """
    for kind in schema._schema.type_map.values():  # noqa: SLF001 (no public way)
        if not isinstance(kind, GraphQLObjectType):
            continue
        for field in kind.fields.values():
            definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if not isinstance(definition, StrawberryField) or definition.extensions:
                continue
            found = relation_of(definition)
            if found is not None:
                field.resolve = _quick_relation(found, definition, schema)
            elif definition.is_basic_field:
                field.resolve = _quick_attribute(definition.python_name)


def _quick_attribute(name: str) -> Callable[..., Any]:
    def read(source: object, _info: GraphQLResolveInfo[Any]) -> Any:
        return getattr(source, name)

    return read


def _quick_relation(
    found: Relation, field: StrawberryField, schema: strawberry.Schema
) -> Callable[..., asyncio.Future[Any]]:
    own = field.arguments
    registry = schema.schema_converter.scalar_registry

    def resolve(
        parent: object, info: GraphQLResolveInfo[Any], **arguments: Any
    ) -> asyncio.Future[Any]:
        return found.load(parent, info, lambda: _converted(arguments))

    def _converted(arguments: Mapping[str, Any]) -> dict[str, Any]:
        return convert_arguments(
            dict(arguments), own, scalar_registry=registry, config=schema.config
        )

    return resolve
