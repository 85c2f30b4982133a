"""Checking what people type against its bounds."""

from __future__ import annotations

from models.errors import InvalidInput
from models.rules.csv_files import NOT_PLAIN_LINE, NOT_PLAIN_TEXT, is_plain_line

_LAYOUT = str.maketrans("", "", "\r\n\t")


def require_between(path: str | tuple[str, ...], number: int, lowest: int, highest: int) -> int:
    """The number. Raises `InvalidInput`, at its place, where it is outside its bounds."""
    if not lowest <= number <= highest:
        raise InvalidInput(
            *((path,) if isinstance(path, str) else path),
            ja=f"{lowest:,}から{highest:,}までの整数で指定してください。",
            en=f"Give a whole number from {lowest:,} to {highest:,}.",
        )
    return number


def require_line(path: str, text: str, chars_max: int) -> str:
    """The text without spaces around it. Raises `InvalidInput` unless it is one plain line."""
    line = text.strip()
    if not 1 <= len(line) <= chars_max:
        raise InvalidInput(
            path,
            ja=f"1〜{chars_max:,}文字の1行で入力してください。",
            en=f"Give one line of 1 to {chars_max:,} characters.",
        )
    for problem in line_problems(path, line):
        raise problem
    return line


def line_problems(path: str, *lines: str | None) -> list[InvalidInput]:
    """The refusal of lines of which one is not plain; None is no line."""
    if all(is_plain_line(line or "") for line in lines):
        return []
    return [InvalidInput(path, ja=NOT_PLAIN_LINE.ja, en=NOT_PLAIN_LINE.en)]


def text_problems(path: str, text: str | None) -> list[InvalidInput]:
    """The refusal of a text with control characters other than breaks and tabs."""
    if is_plain_line((text or "").translate(_LAYOUT)):
        return []
    return [InvalidInput(path, ja=NOT_PLAIN_TEXT.ja, en=NOT_PLAIN_TEXT.en)]


def require_text(path: str, text: str, chars_max: int) -> str:
    """The text without spaces around it. Raises `InvalidInput` unless its lines are plain."""
    body = text.strip().replace("\r\n", "\n")
    if not 1 <= len(body) <= chars_max or not all(map(is_plain_line, body.split("\n"))):
        raise InvalidInput(
            path,
            ja=f"1〜{chars_max:,}文字で入力してください。制御文字は使えません。",
            en=f"Give 1 to {chars_max:,} characters, without control characters.",
        )
    return body
