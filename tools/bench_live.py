"""`make bench-live`: a thousand open pages on one web process, each told of a change.

Starts the product as `make run` does, opens the sockets, changes tickets through the API and
prints how long each page waited for its hint, and what the web process takes in memory.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

import requests  # noqa: E402  the path must be known first
from websockets.asyncio.client import ClientConnection, connect  # noqa: E402
from websockets.typing import Origin  # noqa: E402

from helpdesk.testing.stack import Stack, running_stack  # noqa: E402

CHANGES = 10
WITHIN = 2.0
# A session and a token of the demo's manager, and the ticket to change.
LET_IN = """
import json
from django.conf import settings
from django.test import Client
from accounts.models import User
from accounts.services import create_api_token
from tickets.models import Ticket
mia = User.objects.get(email="mia@example.com")
client = Client(HTTP_HOST="127.0.0.1")
client.force_login(mia)
_row, token = create_api_token(user=mia, name="bench", scope="write")
cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
print(json.dumps([cookie, token, Ticket.objects.filter(status="open").first().pk]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=1_000)
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Children inherit it: the web process needs as many as we.
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, options.connections * 4 + 1_000), hard))
    with (
        tempfile.TemporaryDirectory(prefix="hd-") as folder,
        running_stack(Path(folder), {"DEMO": "1", "SWEEP_SECONDS": "60"}) as stack,
    ):
        cookie, token, ticket = json.loads(stack.manage("shell", "-v", "0", given=LET_IN))
        before = memory(stack)
        waits = asyncio.run(measure(stack, options.connections, cookie, token, ticket))
        after = memory(stack)
    waits.sort()
    wanted = options.connections * CHANGES
    print(f"{options.connections:,} pages open, {CHANGES} changes")
    print(f"  told: {len(waits):,} of {wanted:,}")
    print(
        f"  waited: p50 {statistics.median(waits) * 1000:.0f} ms,"
        f" p95 {waits[int(len(waits) * 0.95)] * 1000:.0f} ms, most {waits[-1] * 1000:.0f} ms"
    )
    grown = (after - before) * 1000 / options.connections
    print(f"  web process: {before:.0f} MB before, {after:.0f} MB with them, {grown:.0f} kB a page")
    if len(waits) < wanted or waits[-1] > WITHIN:
        sys.exit(f"not everybody was told within {WITHIN:.0f} seconds")


async def measure(
    stack: Stack, connections: int, cookie: str, token: str, ticket: int
) -> list[float]:
    """Seconds from the API's answer to each hint."""
    address = f"ws://127.0.0.1:{stack.port}/ws/"
    site, headers = Origin(stack.url), {"Cookie": cookie}
    pages: list[ClientConnection] = []
    for _start in range(0, connections, 50):
        some = min(50, connections - len(pages))
        pages += await asyncio.gather(
            *(connect(address, origin=site, additional_headers=headers) for _n in range(some))
        )
    waits: list[float] = []
    for _change in range(CHANGES):
        heard = [asyncio.create_task(_hears(page)) for page in pages]
        await asyncio.sleep(0.5)
        started = time.monotonic()
        await asyncio.to_thread(_change_ticket, stack, token, ticket)
        done, late = await asyncio.wait(heard, timeout=10)
        waits += [task.result() - started for task in done]
        for task in late:
            task.cancel()
    await asyncio.gather(*(page.close() for page in pages))
    return waits


async def _hears(page: ClientConnection) -> float:
    while "changed" not in json.loads(await page.recv()):
        pass
    return time.monotonic()


def _change_ticket(stack: Stack, token: str, ticket: int) -> None:
    answer = requests.post(
        f"{stack.url}/api/v1/tickets/{ticket}/notes/",
        json={"text": "Is everybody listening?"},
        headers={"Authorization": f"Token {token}"},
        timeout=30,
    )
    answer.raise_for_status()


def memory(stack: Stack) -> float:
    """MB of the web process (resident, without what it shares)."""
    status = Path(f"/proc/{stack.pids()['web']}/smaps_rollup").read_text()
    sizes = dict(line.split()[:2] for line in status.splitlines()[1:])
    return (int(sizes["Private_Clean:"]) + int(sizes["Private_Dirty:"])) / 1000


if __name__ == "__main__":
    main()
