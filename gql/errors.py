"""What a client is told when something goes wrong at the top level.

Wrong requests say what was wrong, with a code. Faults say nothing but a request id; what happened
is in the log under that id, without the values people sent.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

import strawberry
import structlog
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError, StrawberryInputCoercionError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionContext

from models.errors import DomainError
from models.vocabulary.text import Text

INTERNAL = "INTERNAL"
MAX_MESSAGE_CHARACTERS = 1_000
MAX_TOLD_ERRORS = 20
MAX_LOGGED_FRAMES = 12
LIBRARIES = "site-packages"

FAULT = Text(
    ja="サーバーで問題が発生しました。しばらくしてからもう一度お試しください。"
    "続く場合は、requestId を添えて管理者にお知らせください。",
    en="Something went wrong on our side. Try again in a moment; "
    "if it goes on, tell the administrator the requestId.",
)
TIMED_OUT = Text(
    ja="処理に時間がかかりすぎたため中断しました。一度に求める量を減らしてお試しください。",
    en="The request took too long and was stopped. Ask for less at once.",
)

log = structlog.get_logger(__name__)


class RequestError(GraphQLError):
    """A request that was wrong; raise it in a resolver or return it from a batch function.

    `code` goes to `extensions.code`, further `details` beside it.
    """

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message, extensions={"code": code, **details})


def bad_user_input(argument: str, message: str) -> RequestError:
    """An argument outside its bounds: BAD_USER_INPUT, naming the argument."""
    return RequestError("BAD_USER_INPUT", f"{argument}: {message}", argument=argument)


class Schema(strawberry.Schema):
    """A schema that leaves errors to whoever answers: strawberry would log them, values and all."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing: `present` tells and logs them."""


def present(
    errors: Sequence[GraphQLError], *, request_id: str, locale: str = "ja"
) -> list[dict[str, Any]]:
    """The errors as the client may read them. Faults are logged and masked."""
    return [_present(error, request_id, locale) for error in errors[:MAX_TOLD_ERRORS]]


def _present(error: GraphQLError, request_id: str, locale: str) -> dict[str, Any]:
    code, message, details = _told(error, request_id, locale)
    told: dict[str, Any] = {"message": _short(message)}
    if error.locations and code != INTERNAL:
        told["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path is not None:
        told["path"] = list(error.path)
    told["extensions"] = {"code": code, **details}
    return told


def _told(error: GraphQLError, request_id: str, locale: str) -> tuple[str, str, dict[str, Any]]:
    cause = _cause(error)
    if isinstance(cause, DomainError):
        return cause.code, cause.message(locale), {}
    code = _code(error, cause)
    if code == INTERNAL:
        log_fault(cause, request_id=request_id, path=error.path)
        return INTERNAL, FAULT.in_(locale), {"requestId": request_id}
    details = {key: value for key, value in (error.extensions or {}).items() if key != "code"}
    return code, error.message, details


def _cause(error: GraphQLError) -> BaseException:
    """What was raised first, before graphql-core said where."""
    cause: BaseException = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _code(error: GraphQLError, cause: BaseException) -> str:
    stated = (error.extensions or {}).get("code")
    if isinstance(stated, str):
        return stated
    if isinstance(cause, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    if isinstance(cause, (CannotGetOperationTypeError, InvalidOperationTypeError)):
        return "OPERATION_NOT_ALLOWED"
    if isinstance(cause, (MissingQueryError, StrawberryInputCoercionError)):
        return "BAD_USER_INPUT"
    if isinstance(cause, GraphQLError) and (error.path is None or cause.nodes):
        # graphql-core refuses values of variables before it runs, and of arguments at their node.
        return "BAD_USER_INPUT"
    return INTERNAL


def _short(message: str) -> str:
    told = message.partition(" Did you mean")[0]
    return told if len(told) <= MAX_MESSAGE_CHARACTERS else told[:MAX_MESSAGE_CHARACTERS] + "…"


def timed_out(locale: str) -> dict[str, Any]:
    """The error of a request that was stopped for taking too long."""
    return {"message": TIMED_OUT.in_(locale), "extensions": {"code": "TIMEOUT"}}


def fault(cause: BaseException, *, request_id: str, locale: str) -> dict[str, Any]:
    """The error of a request that failed outside the execution; it is logged here."""
    log_fault(cause, request_id=request_id, path=None)
    return {
        "message": FAULT.in_(locale),
        "extensions": {"code": INTERNAL, "requestId": request_id},
    }


def log_fault(cause: BaseException, *, request_id: str, path: Sequence[str | int] | None) -> None:
    """Log the kind and the place of a fault; its message may hold what a person typed."""
    log.error(
        "graphql_fault",
        request_id=request_id,
        kind=type(cause).__name__,
        path=".".join(map(str, path)) if path else None,
        frames=frames_of(cause),
    )


def frames_of(cause: BaseException) -> list[str]:
    """Where it happened, and what of ours led there; libraries in between would fill the line."""
    frames = list(traceback.extract_tb(cause.__traceback__))
    ours = [frame for frame in frames[:-1] if LIBRARIES not in frame.filename]
    told = [*ours, *frames[-1:]][-MAX_LOGGED_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in told]
