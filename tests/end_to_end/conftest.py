"""The product on both shapes, with a mail server behind it, once for all walks."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from helpdesk.testing.servers import fresh_database, postgres_server, redis_server
from helpdesk.testing.sink import mail_sink
from helpdesk.testing.stack import running_stack
from tests.end_to_end.site import Site

SETTINGS = {"DEMO": "1", "SURVEY_DELAY_MINUTES": "0", "SWEEP_SECONDS": "1"}
expect.set_options(timeout=30_000)


@pytest.fixture(
    scope="session",
    params=["embedded", pytest.param("services", marks=pytest.mark.services)],
)
def site(request: Any, browser: Browser) -> Iterator[Site]:
    """The embedded default, then PostgreSQL and Redis; the demo is loaded in both."""
    with ExitStack() as block:
        sink = block.enter_context(mail_sink())
        folder = Path(block.enter_context(TemporaryDirectory(prefix="hd-")))
        variables = {**SETTINGS, "SMTP_URL": sink.url}
        if request.param == "services":
            variables |= _services(block, folder)
        yield Site(block.enter_context(running_stack(folder, variables)), sink, browser)


def _services(block: ExitStack, folder: Path) -> dict[str, str]:
    server = postgres_server()
    if server is None:
        cannot_run = pytest.fail if os.environ.get("TEST_REQUIRE") else pytest.skip
        cannot_run("no PostgreSQL in which we may create databases")
    (folder / "redis").mkdir()
    redis = block.enter_context(redis_server(folder / "redis"))
    return {
        "DATABASE_URL": block.enter_context(fresh_database(server)),
        "REDIS_URL": redis.url,
    }
