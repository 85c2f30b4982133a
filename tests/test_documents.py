"""What the documents say is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tasuki.settings import Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SETTINGS = {f"TASUKI_{name.upper()}" for name in Settings.model_fields}
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("document", ["docs/configuration.md", ".env.example"])
def test_every_setting_is_documented_and_no_other(document: str) -> None:
    told = set(re.findall(r"TASUKI_[A-Z_]+", (ROOT / document).read_text()))
    assert told == SETTINGS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_readme_names_the_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "\nmake demo\n" in readme
    assert "\nmake test\n" in readme
