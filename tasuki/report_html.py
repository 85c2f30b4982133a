"""A report as one HTML file that needs nothing else: to be published, or printed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from tasuki.reports import Report, is_number, shown


def write_html(report: Report) -> bytes:
    """The whole file."""
    return (
        _template().render(report=report, shown=shown, is_number=is_number, enumerate=enumerate)
    ).encode()


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")
