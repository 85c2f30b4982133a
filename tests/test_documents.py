"""What the documents say is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import parse, validate

from gql.schema import build_schema
from models.errors import Forbidden, InvalidInput, Unauthenticated
from tasuki.settings import Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SETTINGS = {f"TASUKI_{name.upper()}" for name in Settings.model_fields}
EXAMPLES = [
    pytest.param(text, id=f"{path.name}-{number}")
    for path in DOCUMENTS
    for number, text in enumerate(
        re.findall(r"^```graphql\n(.*?)^```$", path.read_text(), re.MULTILINE | re.DOTALL)
    )
]
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("document", ["docs/configuration.md", ".env.example"])
def test_every_setting_is_documented_and_no_other(document: str) -> None:
    told = set(re.findall(r"TASUKI_[A-Z_]+", (ROOT / document).read_text()))
    assert told == SETTINGS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_code_of_a_wrong_request_is_documented() -> None:
    sources = [*(ROOT / "tasuki").glob("graphql_*.py"), *(ROOT / "gql").glob("*.py")]
    stated = re.compile(r'(?:RequestError\(\s*|"code": |return )"([A-Z_]{5,})"')
    codes = {code for path in sources for code in stated.findall(path.read_text())}
    codes |= {error.code for error in (Unauthenticated, Forbidden, InvalidInput)}
    table = re.findall(r"^\| (`[A-Z_`, ]+`) \|", (ROOT / "docs/api.md").read_text(), re.MULTILINE)
    assert codes - set(re.findall(r"[A-Z_]+", " ".join(table))) == set()


def test_the_readme_names_the_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "\nmake demo\n" in readme
    assert "\nmake test\n" in readme


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_as_the_schema_has_it(example: str) -> None:
    assert validate(build_schema()._schema, parse(example)) == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 9
