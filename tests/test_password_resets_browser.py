"""A forgotten password, over HTTP, SMTP and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tasuki.dashboards import BUILT
from tests.conftest import chromium
from tests.people import HANA, NEW_PASSWORD, PASSWORD
from tests.served import Served, installation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (BUILT / "index.html").exists(), reason="the dashboards are not built: make setup"
    ),
]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """An installation with one administrator."""
    with installation(f"sqlite:///{tmp_path}/tasuki.db", tmp_path) as running:
        running.command("create-consortium", "test", "関東採用連盟")
        running.command("create-user", "test", HANA, "花", "--password", PASSWORD)
        yield running


async def fill_and_send(page: Page, values: dict[str, str], button: str) -> None:
    for name, value in values.items():
        await page.locator(f"input[name={name}]").fill(value)
    await page.get_by_role("button", name=button).click()


def twice(password: str) -> dict[str, str]:
    return {"password": password, "repeat": password}


async def test_a_forgotten_password_is_replaced(served: Served) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        page = await browser.new_page(locale="ja-JP")
        await page.goto(f"{served.url}/app/sign-in")
        await page.get_by_role("link", name="パスワードをお忘れですか").click()
        await fill_and_send(page, {"email": HANA}, "リンクを送る")
        await expect(page.get_by_role("heading", name="メールをご確認ください")).to_be_visible()
        link = await served.inbox.wait_for(HANA, "reset")
        await page.goto(link)
        await expect(page.get_by_role("heading", name="新しいパスワード")).to_be_visible()
        await fill_and_send(page, twice(NEW_PASSWORD), "設定してサインイン")
        await page.wait_for_url(f"{served.url}/app")
        english = await browser.new_page(locale="en-GB")
        await english.goto(link)
        await fill_and_send(english, twice(PASSWORD), "Set it and sign in")
        await expect(english.get_by_role("alert")).to_contain_text(
            "This link was used or has expired. Ask for a new one."
        )
        await browser.close()
