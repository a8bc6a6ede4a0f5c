"""Workers are killed and the broker goes away: what was promised still happens, and can be told.

Real processes, a real mail server, SIGKILL. A delivery is claimed for three seconds here.
"""

import http.cookiejar
import json
import os
import sqlite3
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from helpdesk.testing.processes import NotReady, wait_for
from helpdesk.testing.servers import fresh_database, postgres_server, redis_server
from helpdesk.testing.sink import Sink, mail_sink
from helpdesk.testing.stack import Stack, running_stack

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]

CLAIM_SECONDS = 3
PATIENCE = 90
PASSWORD = "a password of the tests"
SETTINGS = {
    "CLAIM_SECONDS": str(CLAIM_SECONDS),
    "SWEEP_SECONDS": "1",
    "SURVEY_DELAY_MINUTES": "0",
    "DEMO": "0",
}

PEOPLE = f"""
import json
from accounts.models import Team, User
from customers.services import customer_at
from tickets.models import Channel, Ticket
from tickets.services import open_ticket, reply_to_ticket
channel = Channel.objects.get(kind="email")
agent = User.objects.filter(email="ana@example.com").first() or User.objects.create_user(
    "ana@example.com", {PASSWORD!r}, name="Ana", access="all"
)
def opened(address):
    customer = customer_at(kind="email", value=address, name="Dora", language="en")
    return open_ticket(channel=channel, requester=customer, subject="Order", text="Where?")[0]
"""


@dataclass
class Product:
    """The running product, the mail server behind it, and how its broker is ended and started."""

    stack: Stack
    sink: Sink
    end_broker: Callable[[], object]
    start_broker: Callable[[], object]

    def does(self, code: str) -> Any:
        """Run Python inside the product; give back what it printed as JSON on its last line."""
        printed = self.stack.manage("shell", "--verbosity=0", given=PEOPLE + code)
        return json.loads(printed.strip().splitlines()[-1])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.database() as connection:
            return list(connection.execute(sql).fetchall())

    @contextmanager
    def database(self) -> Iterator[Any]:
        url = self.stack.environment.get("DATABASE_URL")
        if url:
            with psycopg.connect(url) as connection:
                yield connection
            return
        connection = sqlite3.connect(self.stack.folder / "helpdesk.sqlite3", timeout=20)
        try:
            yield connection
        finally:
            connection.close()

    def states(self, purpose: str) -> list[str]:
        """The states of the deliveries of one purpose, oldest first."""
        found = self.rows("SELECT purpose, state FROM messaging_delivery ORDER BY id")
        return [state for its_purpose, state in found if its_purpose == purpose]

    def expect(self, question: Callable[[], object], what: str) -> None:
        """Wait patiently: the machine may be busy; what never comes shows the log."""
        try:
            wait_for(question, seconds=PATIENCE, what=what)
        except NotReady as error:
            raise AssertionError(f"{error}\n{self.stack.log[-5000:]}") from error

    def kill_worker(self) -> None:
        before = self.stack.kill("worker")
        wait_for(
            lambda: self.stack.pids().get("worker") not in (None, before),
            seconds=30,
            what="a new worker",
        )


@pytest.fixture(scope="module", params=["embedded", "services"])
def product(request) -> Iterator[Product]:
    with ExitStack() as block:
        sink = block.enter_context(mail_sink())
        folder = Path(block.enter_context(tempfile.TemporaryDirectory(prefix="hd-")))
        variables = {**SETTINGS, "SMTP_URL": sink.url}
        if request.param == "embedded":
            stack = block.enter_context(running_stack(folder, variables))
            yield Product(stack, sink, lambda: stack.kill("valkey"), lambda: None)
            return
        server = postgres_server()
        if server is None:
            cannot_run = pytest.fail if os.environ.get("TEST_REQUIRE") else pytest.skip
            cannot_run("no PostgreSQL in which we may create databases")
        database = block.enter_context(fresh_database(server))
        (folder / "redis").mkdir()
        redis = block.enter_context(redis_server(folder / "redis"))
        variables |= {"DATABASE_URL": database, "REDIS_URL": redis.url}
        stack = block.enter_context(running_stack(folder, variables))
        yield Product(stack, sink, redis.kill, redis.start)


@pytest.fixture(autouse=True)
def _sink_is_open(product):
    yield
    product.sink.release()


def test_a_worker_killed_while_delivering(product):
    """The mail server has the mail and the worker dies before it hears so."""
    address = "dora@example.net"
    product.sink.hold()
    ticket = product.does(
        f"ticket = opened({address!r});"
        "reply_to_ticket(ticket=ticket, by=agent, text='It comes tomorrow.');"
        "print(json.dumps(ticket.pk))"
    )
    product.expect(lambda: product.sink.ids_to(address), "the first handing over")
    product.kill_worker()
    product.end_broker()
    product.start_broker()
    product.sink.release()
    product.expect(lambda: product.states("reply") == ["sent"], "the delivery after the crash")
    ids = product.sink.ids_to(address)
    assert len(ids) == 2
    assert len(set(ids)) == 1
    sent = "SELECT ticket_id FROM tickets_ticketevent WHERE kind = 'reply_sent'"
    assert product.rows(sent) == [(ticket,)]


def test_a_worker_killed_while_surveys_go_out(product):
    """Six replies and six surveys; the worker dies when eight were handed over."""
    people = [f"p{number}@example.net" for number in range(6)]
    before = len(product.sink.mails)
    product.sink.hold_at = before + len(people) + 2
    product.does(
        f"""
for address in {people!r}:
    reply_to_ticket(ticket=opened(address), by=agent, text='Done.', status='resolved')
print(json.dumps(len({people!r})))
"""
    )
    product.expect(lambda: len(product.sink.mails) >= product.sink.hold_at, "the first surveys")
    product.kill_worker()
    product.end_broker()
    product.start_broker()
    product.sink.release()
    product.kill_worker()
    product.expect(
        lambda: product.states("survey") == ["sent"] * len(people),
        "every invitation after the crashes",
    )
    invited = (
        "SELECT state, count(*), count(DISTINCT delivery_id) FROM surveys_invitation GROUP BY 1"
    )
    assert product.rows(invited) == [("sent", len(people), len(people))]
    handed_over = product.sink.mails[before:]
    assert len(handed_over) > len(set(handed_over)) == 2 * len(people)


def test_an_agent_replies_while_the_broker_is_away(product):
    address = "leo@example.org"
    ticket = product.does(f"print(json.dumps(opened({address!r}).pk))")
    agent = Browser(product.stack.url)
    agent.sign_in()
    product.end_broker()
    began = time.monotonic()
    page = agent.post(f"/tickets/{ticket}/replies/", text="It comes tomorrow.", status="pending")
    took = time.monotonic() - began
    product.start_broker()
    assert "It comes tomorrow." in page
    assert took < 3
    product.expect(lambda: product.sink.ids_to(address), "the delivery by a sweep")
    assert len(set(product.sink.ids_to(address))) == 1


def test_a_worker_killed_while_reading_a_mail(product):
    """The worker dies inside the transaction that opens the ticket."""
    if "DATABASE_URL" not in product.stack.environment:
        pytest.skip("a lock on one table holds the worker in the middle: PostgreSQL only")
    mail = b"From: eva@example.net\r\nTo: support@example.com\r\nSubject: Once\r\n\r\nHello\r\n"
    with product.database() as connection:
        connection.execute("LOCK TABLE tickets_ticketevent IN ACCESS EXCLUSIVE MODE")
        _hand_in(product.stack.smtp_port, mail)
        product.expect(lambda: _is_waiting(product), "the worker in its transaction")
        product.kill_worker()
    fates = "SELECT fate, attempts FROM messaging_rawinbound"
    product.expect(lambda: product.rows(fates)[0][0] == "opened", "the mail after the crash")
    assert product.rows(fates)[0][1] >= 2
    assert product.rows("SELECT count(*) FROM tickets_ticket WHERE subject = 'Once'") == [(1,)]
    said = "SELECT count(*) FROM tickets_message WHERE sender_address = 'eva@example.net'"
    assert product.rows(said) == [(1,)]


def _hand_in(port: int, mail: bytes) -> None:
    import smtplib

    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        server.sendmail("eva@example.net", ["support@example.com"], mail)


def _is_waiting(product: Product) -> bool:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return product.rows(waiting) != [(0,)]


class Browser:
    """As much of a browser as it takes to sign in and to send a form."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        handler = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(handler)

    def sign_in(self) -> None:
        self._get("/accounts/login/")
        self.post("/accounts/login/", login="ana@example.com", password=PASSWORD)

    def post(self, path: str, **fields: str) -> str:
        token = next(c.value for c in self.cookies if c.name.endswith("csrftoken"))
        form = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        return self._get(path, form)

    def _get(self, path: str, form: bytes | None = None) -> str:
        with self.opener.open(self.url + path, form, timeout=30) as answer:
            return str(answer.read().decode())
