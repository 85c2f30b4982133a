"""What one request may ask for.

Every limit is checked before graphql-core's own validation runs, because some of its rules are
quadratic or worse in what they are given. Fragments are measured once each and added up, so that
doubling fragments cost nothing to refuse.

**Cost.** The cost of an operation is known before it runs and told in `extensions.cost`
(`requested`, `limit`):

- a leaf (string, number, enum) counts 0, an object 1, a mutation 10;
- a connection counts 1, and what its `edges` or `nodes` hold counts once for each row it may
  return: `first` or `last`, 20 where silent, never more than 100;
- a plain list counts each of 10 rows, or as many as `first` says; a list asked for by `ids`, each
  id;
- edges and `pageInfo` count 0 themselves;
- introspection counts 1 for each object type named, without multiplying;
- a field may say its own price: `strawberry.field(metadata={COST: 50})`.

`@skip` and `@include` are not looked at: the cost is the most the operation can ask for.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    specified_rules,
    validate,
)
from graphql.validation import NoSchemaIntrospectionCustomRule
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from gql.storable import check_literals, check_strings

COST = "cost"
"""Key of a field's metadata: what one answer counts, instead of the usual."""

MUTATION_COST_POINTS = 10
SILENT_PAGE_ROWS = 20
MAX_PAGE_ROWS = 100
PLAIN_LIST_ROWS = 10
MAX_TOLD_COST_POINTS = 2**31 - 1
MAX_VALIDATION_ERRORS = 5
MAX_CACHED_DOCUMENTS = 128
MAX_CACHED_QUERY_CHARACTERS = 8_192


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one request may ask for; the unit is last in each name."""

    query_characters: int = 32_768
    tokens: int = 2_000
    operations: int = 10
    fragments: int = 50
    directives: int = 50
    aliases: int = 50
    depth_levels: int = 16
    selections: int = 1_000
    """Fields, spreads and inline fragments of one operation, after spreading its fragments."""
    document_selections: int = 4_000
    """The same for all operations and fragments of the document together."""
    merge_pairs: int = 2_000
    """Pairs of fields that answer under the same name, which validation compares."""
    cost_points: int = 10_000
    variable_values: int = 10_000
    variable_depth_levels: int = 16
    introspection: bool = True


class Refused(GraphQLError):
    """A request outside a limit; `extensions` tells which one, what was asked and what may be."""

    def __init__(self, what: str, requested: int, limit: int) -> None:
        super().__init__(
            f"The request has too many {what}: {requested}, and the limit is {limit}.",
            extensions={
                "code": "LIMIT_EXCEEDED",
                "limit": {"of": what, "requested": requested, "limit": limit},
            },
        )


def _invalid(message: str, node: Any) -> GraphQLError:
    return GraphQLError(message, node, extensions={"code": "GRAPHQL_VALIDATION_FAILED"})


def _check(what: str, requested: int, limit: int) -> None:
    if requested > limit:
        raise Refused(what, min(requested, MAX_TOLD_COST_POINTS), limit)


@dataclass
class _Measure:
    """One definition: what it holds itself, then, added up, what it spreads."""

    selections: int = 0
    depth_levels: int = 0
    aliases: int = 0
    directives: int = 0


Definition = OperationDefinitionNode | FragmentDefinitionNode


class Survey:
    """The size of a document, without expanding it. Raises `Refused`, or why it is invalid."""

    def __init__(self, document: DocumentNode, limits: Limits) -> None:
        self.limits = limits
        self.fragments: dict[str, FragmentDefinitionNode] = {}
        self.definitions: list[Definition] = []
        self._measures: dict[str, _Measure] = {}
        self._open: set[str] = set()
        for definition in document.definitions:
            self._add(definition)
        operations = len(self.definitions) - len(self.fragments)
        _check("operations", operations, limits.operations)
        _check("fragments", len(self.fragments), limits.fragments)
        self._check_sizes()
        self._check_merges()

    def _add(self, definition: Any) -> None:
        if isinstance(definition, FragmentDefinitionNode):
            name = definition.name.value
            if name in self.fragments:
                raise _invalid(f"There can be only one fragment named '{name}'.", definition)
            self.fragments[name] = definition
        elif not isinstance(definition, OperationDefinitionNode):
            raise _invalid("Only operations and fragments can be executed.", definition)
        self.definitions.append(definition)

    def _check_sizes(self) -> None:
        total = 0
        for definition in self.definitions:
            measure = self._measure(definition)
            _check("levels of depth", measure.depth_levels, self.limits.depth_levels)
            _check("aliases", measure.aliases, self.limits.aliases)
            _check("directives", measure.directives, self.limits.directives)
            _check("selections", measure.selections, self.limits.selections)
            total += measure.selections
        _check("selections", total, self.limits.document_selections)

    def _measure(self, definition: Definition) -> _Measure:
        measure = _Measure(directives=len(definition.directives or ()))
        if isinstance(definition, OperationDefinitionNode):
            for variable in definition.variable_definitions or ():
                measure.directives += len(variable.directives or ())
        self._measure_set(definition.selection_set, 1, measure)
        return measure

    def _measure_set(self, selection_set: SelectionSetNode, level: int, into: _Measure) -> None:
        for selection in selection_set.selections:
            into.selections += 1
            into.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                into.depth_levels = max(into.depth_levels, level)
                into.aliases += selection.alias is not None
                if selection.selection_set:
                    self._measure_set(selection.selection_set, level + 1, into)
            elif isinstance(selection, InlineFragmentNode):
                self._measure_set(selection.selection_set, level, into)
            elif isinstance(selection, FragmentSpreadNode):
                self._measure_spread(selection, level, into)

    def _measure_spread(self, spread: FragmentSpreadNode, level: int, into: _Measure) -> None:
        name = spread.name.value
        if name in self._open:
            raise _invalid(f"Cannot spread fragment '{name}' within itself.", spread)
        if name not in self.fragments:
            return
        if name not in self._measures:
            self._open.add(name)
            self._measures[name] = self._measure(self.fragments[name])
            self._open.discard(name)
        inside = self._measures[name]
        into.selections += inside.selections
        into.aliases += inside.aliases
        into.directives += inside.directives
        into.depth_levels = max(into.depth_levels, level - 1 + inside.depth_levels)

    def _check_merges(self) -> None:
        """Count the pairs OverlappingFieldsCanBeMerged would compare. The sizes are bounded."""
        pairs = 0
        for definition in self.definitions:
            places: Counter[tuple[str, ...]] = Counter()
            self._place(definition.selection_set, (), places)
            pairs += sum(count * (count - 1) // 2 for count in places.values())
        _check("fields of the same name", pairs, self.limits.merge_pairs)

    def _place(
        self,
        selection_set: SelectionSetNode,
        path: tuple[str, ...],
        into: Counter[tuple[str, ...]],
    ) -> None:
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                place = (*path, (selection.alias or selection.name).value)
                into[place] += 1
                if selection.selection_set:
                    self._place(selection.selection_set, place, into)
            elif isinstance(selection, InlineFragmentNode):
                self._place(selection.selection_set, path, into)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self.fragments.get(selection.name.value)
                if fragment is not None:
                    self._place(fragment.selection_set, path, into)


class Pricing:
    """The cost of one operation, by the formula at the top of this module."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.variables = {**_defaults(operation), **variables}
        self.fragments = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, int], int] = {}

    def points(self) -> int:
        """The cost, in points."""
        root = self.schema.get_root_type(self.operation.operation)
        return self._set(self.operation.selection_set, root, SILENT_PAGE_ROWS) if root else 0

    def _set(self, selection_set: SelectionSetNode, parent: GraphQLCompositeType, rows: int) -> int:
        points = 0
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                points += self._field(selection, parent, rows)
            elif isinstance(selection, InlineFragmentNode):
                inside = self._condition(selection, parent)
                points += self._set(selection.selection_set, inside, rows) if inside else 0
            elif isinstance(selection, FragmentSpreadNode):
                points += self._spread(selection.name.value, rows)
        return points

    def _spread(self, name: str, rows: int) -> int:
        fragment = self.fragments.get(name)
        if fragment is None:
            return 0
        if (name, rows) not in self._known:
            inside = self._condition(fragment, None)
            points = self._set(fragment.selection_set, inside, rows) if inside else 0
            self._known[name, rows] = points
        return self._known[name, rows]

    def _condition(
        self,
        node: FragmentDefinitionNode | InlineFragmentNode,
        parent: GraphQLCompositeType | None,
    ) -> GraphQLCompositeType | None:
        if node.type_condition is None:
            return parent
        kind = self.schema.get_type(node.type_condition.name.value)
        return kind if is_composite_type(kind) else None

    def _field(self, node: FieldNode, parent: GraphQLCompositeType, rows: int) -> int:
        field = self.schema.get_field(parent, node.name.value)
        if field is None:
            return 0
        kind = get_named_type(field.type)
        price = _own_price(field)
        connection = kind.name.endswith("Connection")
        inner_rows = self._page_rows(node) if connection else SILENT_PAGE_ROWS
        inside = 0
        if node.selection_set and is_composite_type(kind):
            inside = self._set(node.selection_set, kind, inner_rows)
        unit = int(is_composite_type(kind) and not kind.name.endswith(("Edge", "PageInfo")))
        if parent is self.schema.mutation_type:
            unit = MUTATION_COST_POINTS
        if not is_list_type(get_nullable_type(field.type)):
            return (unit if price is None else price) + inside
        return (price or 0) + self._list_rows(node, parent, kind.name, rows) * (unit + inside)

    def _list_rows(
        self, node: FieldNode, parent: GraphQLCompositeType, kind_name: str, rows: int
    ) -> int:
        if kind_name.startswith("__"):
            return 1
        if parent.name.endswith("Connection"):
            return rows
        for argument in node.arguments or ():
            if argument.name.value == "ids":
                return self._length(argument.value)
        return self._page_rows(node, PLAIN_LIST_ROWS)

    def _page_rows(self, node: FieldNode, silent: int = SILENT_PAGE_ROWS) -> int:
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                asked = self._integer(argument.value)
                if asked is not None:
                    return max(0, min(asked, MAX_PAGE_ROWS))
        return silent

    def _integer(self, value: ValueNode) -> int | None:
        """The number written or passed, None where it is absent or null."""
        if isinstance(value, VariableNode):
            found = self.variables.get(value.name.value)
            return found if isinstance(found, int) else None
        return _literal_integer(value)

    def _length(self, value: ValueNode) -> int:
        if isinstance(value, VariableNode):
            found = self.variables.get(value.name.value)
            return len(found) if isinstance(found, list) else 1
        return len(value.values) if isinstance(value, ListValueNode) else 1


def _literal_integer(value: ValueNode) -> int | None:
    if isinstance(value, IntValueNode):
        # Long digits are refused as a value anyway; here they only must not cost time.
        return int(value.value) if len(value.value) < 10 else MAX_PAGE_ROWS
    return None if isinstance(value, NullValueNode) else MAX_PAGE_ROWS


def _defaults(operation: OperationDefinitionNode) -> dict[str, int | None]:
    return {
        definition.variable.name.value: _literal_integer(definition.default_value)
        for definition in operation.variable_definitions or ()
        if isinstance(definition.default_value, IntValueNode)
    }


def _own_price(field: GraphQLField) -> int | None:
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    metadata = getattr(definition, "metadata", None) or {}
    return cast("int | None", metadata.get(COST))


def check_variables(variables: object, limits: Limits) -> None:
    """Refuse variables with too many values or levels, before anything walks through them."""
    values = 0
    level = [variables]
    depth_levels = 0
    while level:
        values += len(level)
        _check("values in the variables", values, limits.variable_values)
        _check("levels in the variables", depth_levels, limits.variable_depth_levels)
        check_strings(level)
        level = [inner for outer in level for inner in _inside(outer)]
        depth_levels += 1


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


class _Documents:
    """Documents found valid, by their text; the least used goes first."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, DocumentNode] = OrderedDict()

    def get(self, query: str) -> DocumentNode | None:
        found = self._found.get(query)
        if found is not None:
            self._found.move_to_end(query)
        return found

    def put(self, query: str, document: DocumentNode) -> None:
        if len(query) > MAX_CACHED_QUERY_CHARACTERS:
            return
        self._found[query] = document
        if len(self._found) > MAX_CACHED_DOCUMENTS:
            self._found.popitem(last=False)


def request_limits(limits: Limits | None = None) -> Callable[[], SchemaExtension]:
    """The extension a schema is built with: `Schema(..., extensions=[request_limits(limits)])`.

    It bounds the text, measures and prices the document, and only then validates it. Valid
    documents are kept, so that a client's next request with the same text skips all but the price.
    """
    chosen = limits or Limits()
    documents = _Documents()
    rules = [*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule]
    if not chosen.introspection:
        rules.append(NoSchemaIntrospectionCustomRule)

    def extension() -> SchemaExtension:
        return _RequestLimits(chosen, documents, tuple(rules))

    return extension


class _RequestLimits(SchemaExtension):
    def __init__(self, limits: Limits, documents: _Documents, rules: tuple[Any, ...]) -> None:
        self.limits = limits
        self.documents = documents
        self.rules = rules
        self.requested: int | None = None

    def on_operation(self) -> Iterator[None]:
        context = self.execution_context
        options = cast(dict[str, int], context.parse_options)
        options["max_tokens"] = self.limits.tokens
        options["max_source_length"] = self.limits.query_characters
        context.graphql_document = self.documents.get(context.query or "")
        yield

    def on_parse(self) -> Iterator[None]:
        yield
        for error in self.execution_context.pre_execution_errors or ():
            over = "aborted" in error.message
            error.extensions = {"code": "LIMIT_EXCEEDED" if over else "GRAPHQL_PARSE_FAILED"}

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        context.validation_rules = ()
        try:
            self._validate()
        except GraphQLError as error:
            context.pre_execution_errors = [error]
        yield

    def _validate(self) -> None:
        context = self.execution_context
        document, query = cast(DocumentNode, context.graphql_document), context.query or ""
        known = self.documents.get(query) is document
        check_variables(context.variables or {}, self.limits)
        if not known:
            Survey(document, self.limits)
            check_literals(document)
        self._require_name(document)
        self._price(document)
        if known:
            return
        schema = context.schema._schema  # noqa: SLF001 (no public way)
        errors = validate(schema, document, self.rules, MAX_VALIDATION_ERRORS, True)
        for error in errors:
            error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED"}
        if errors:
            context.pre_execution_errors = errors
        else:
            self.documents.put(query, document)

    def _require_name(self, document: DocumentNode) -> None:
        """Strawberry would run the first of several operations where none is named."""
        if self.execution_context._provided_operation_name is None:  # noqa: SLF001 (no public way)
            operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
            if len(operations) > 1:
                raise GraphQLError(
                    "Say by operationName which operation to run.",
                    extensions={"code": "OPERATION_NOT_ALLOWED"},
                )

    def _price(self, document: DocumentNode) -> None:
        context = self.execution_context
        operation = next(
            d
            for d in document.definitions
            if isinstance(d, OperationDefinitionNode)
            and (d.name.value if d.name else None) == context.operation_name
        )
        schema = context.schema._schema  # noqa: SLF001 (no public way)
        points = Pricing(schema, document, operation, context.variables or {}).points()
        self.requested = min(points, MAX_TOLD_COST_POINTS)
        _check("points of cost", points, self.limits.cost_points)

    def get_results(self) -> dict[str, Any]:
        if self.requested is None:
            return {}
        return {"cost": {"requested": self.requested, "limit": self.limits.cost_points}}
