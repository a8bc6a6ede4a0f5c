"""A headless Chromium that talks to this machine only."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState, sync_playwright

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--disable-dev-shm-usage",
)
DESKTOP = (1440, 900)
PATIENCE = 30_000


def chromium_binary() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Run Chromium for the length of the block."""
    flags = [*QUIET, "--no-sandbox"] if os.getuid() == 0 else list(QUIET)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_binary(), args=flags)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched_page(
    browser: Browser,
    *,
    size: tuple[int, int] = DESKTOP,
    dark: bool = False,
    locale: str = "en-GB",
    scripts: bool = True,
    cookies: StorageState | None = None,
    expected: str = "nothing",
) -> Iterator[Page]:
    """Give a page in a context of its own; fail at the end if its console showed an error.

    `cookies` come from another page of the same person; errors that contain `expected` are none.
    """
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and expected not in message.text:
            complaints.append(f"{message.text} ({message.location.get('url')})")

    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale=locale,
        java_script_enabled=scripts,
        storage_state=cookies,
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert not complaints, complaints
