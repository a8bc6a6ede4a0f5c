"""A pytest plugin: the technical fixtures, ready for every test without an import.

Each fixture starts the real thing on free ports and skips, with the reason, where it cannot run.
With `TEST_REQUIRE=1` (set by the runner for a tier that must run) it fails instead of skipping.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from unittest import mock

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from helpdesk.testing.servers import MailServer, RedisServer
    from helpdesk.testing.stack import Stack

TEMPORARY = "helpdesk-test-"


def pytest_unconfigure() -> None:
    """Remove the state folder that the test settings made."""
    folder = Path(os.environ.get("VAR_DIR", ""))
    if folder.parent == Path(tempfile.gettempdir()) and folder.name.startswith(TEMPORARY):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def state_folder() -> Iterator[Path]:
    """A short, empty folder for one running product or server."""
    yield from _short_folder()


@pytest.fixture(scope="session")
def _embedded_folder() -> Iterator[Path]:
    yield from _short_folder()


@pytest.fixture(scope="session")
def embedded_stack(_embedded_folder: Path) -> "Iterator[Stack]":
    """The product in its embedded default (SQLite, Valkey from the wheel) with the demo."""
    from helpdesk.testing.stack import running_stack

    with running_stack(_embedded_folder, {"DEMO": "1"}) as stack:
        yield stack


@pytest.fixture(scope="session")
def _services_folder() -> Iterator[Path]:
    yield from _short_folder()


@pytest.fixture(scope="session")
def own_redis(_services_folder: Path) -> "Iterator[RedisServer]":
    """A Redis of our own, which a test may kill and start again."""
    from helpdesk.testing.servers import redis_server

    folder = _services_folder / "redis"
    folder.mkdir()
    with redis_server(folder) as server:
        yield server


@pytest.fixture(scope="session")
def services_stack(_services_folder: Path, own_redis: "RedisServer") -> "Iterator[Stack]":
    """The product in its production shape, on a fresh PostgreSQL database and `own_redis`."""
    from helpdesk.testing.servers import fresh_database, postgres_server
    from helpdesk.testing.stack import running_stack

    server = postgres_server() or _cannot_run("no PostgreSQL in which we may create databases")
    folder = _services_folder / "var"
    folder.mkdir()
    with fresh_database(server) as database:
        settings = {"DEMO": "1", "DATABASE_URL": database, "REDIS_URL": own_redis.url}
        with running_stack(folder, settings) as stack:
            yield stack


@pytest.fixture(scope="session")
def dovecot() -> "Iterator[MailServer]":
    """A Dovecot with any user name and one password; see `MailServer`."""
    from helpdesk.testing.servers import dovecot_binary, dovecot_server

    if not dovecot_binary():
        _cannot_run("Dovecot is not installed")
    for folder in _short_folder():
        folder.chmod(0o755)
        with dovecot_server(folder) as server:
            yield server


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """A headless Chromium.

    Its driver keeps an event loop in this thread, where Django would refuse the database.
    """
    from helpdesk.testing.chromium import chromium_binary, running_chromium

    if not chromium_binary():
        _cannot_run("Chromium is not installed")
    allowed = mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"})
    with running_chromium() as chromium, allowed:
        yield chromium


@pytest.fixture
def browser_page(browser: "Browser") -> "Iterator[Page]":
    """A fresh page, 1440 wide, that fails the test on an error in its console.

    Django's test server answers no sockets; the running product does, and is watched for that.
    """
    from helpdesk.testing.chromium import watched_page

    with watched_page(browser, expected="/ws/' failed: ") as page:
        yield page


def _short_folder() -> Iterator[Path]:
    # pytest's own folders make paths too long for a unix socket.
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cannot_run(reason: str) -> NoReturn:
    if os.environ.get("TEST_REQUIRE"):
        pytest.fail(reason)
    pytest.skip(reason)
