"""Times pages in this process, through the whole handler, each in turn with its bare view."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from helpdesk.bench.mails import mails
from reports.freshness import figures_have_changed
from tickets.models import Channel, Ticket

WARM_UP = 8
ROUNDS = 60
LIST_ROWS = 50
MAILS = 300
COMMON = "carafe photos"


@dataclass(frozen=True)
class Page:
    """A page with the bare view of as many rows, without and with sign-in.

    `anew`: nothing that was kept of it is shown again.
    """

    name: str
    url: str
    bare: str
    bare_signed_in: str
    anew: bool = False


@dataclass(frozen=True)
class Timing:
    """Milliseconds on the server, and the number of queries of one request."""

    name: str
    p50: float
    p95: float
    bare_p50: float
    bare_signed_in_p50: float
    queries: int
    size: int


def pages() -> list[Page]:
    """The pages worth measuring, on the data that is there."""
    lists = f"/bare/{LIST_ROWS}/", f"/bare/signed-in/{LIST_ROWS}/"
    ticket_id = _long_ticket()
    messages = f"/bare/ticket/{ticket_id}/", f"/bare/signed-in/ticket/{ticket_id}/"
    return [
        Page("ticket list", "/tickets/?view=all", *lists),
        Page("filtered list", "/tickets/?view=all&status=open&priority=3", *lists),
        _search("search, common words", COMMON),
        _search("search, a name", _requester(ticket_id)),
        Page("ticket with ten messages", f"/tickets/{ticket_id}/", *messages),
        Page("reports", "/admin/reports/report/", *lists),
        Page("reports, calculated anew", "/admin/reports/report/", *lists, anew=True),
    ]


def _long_ticket() -> int:
    long = Ticket.objects.filter(message_count__gte=10).order_by("-id").first()
    assert long is not None, "the demo has no ticket with ten messages"
    return long.pk


def _search(name: str, words: str) -> Page:
    """Its bare views ask the text index too: a list by date says nothing about a search."""
    query = urlencode({"q": words})
    bare = f"search/{LIST_ROWS}/?{query}"
    return Page(name, f"/tickets/?view=all&{query}", f"/bare/{bare}", f"/bare/signed-in/{bare}")


def _requester(ticket_id: int) -> str:
    return Ticket.objects.get(pk=ticket_id).requester.name


def time_pages() -> Iterator[Timing]:
    stranger, manager = Client(HTTP_HOST="127.0.0.1"), Client(HTTP_HOST="127.0.0.1")
    manager.force_login(get_user_model().objects.get(email="mia@example.com"))
    with override_settings(ROOT_URLCONF="helpdesk.bench.bare"):
        for page in pages():
            yield _time(stranger, manager, page)


def _time(stranger: Client, manager: Client, page: Page) -> Timing:
    """The page and its two bare views in turn, so that all meet the same moments."""
    visits = {page.url: manager, page.bare: stranger, page.bare_signed_in: manager}
    for _ in range(WARM_UP):
        for url, client in visits.items():
            response = client.get(url)
            assert response.status_code == 200, f"{url}: {response.status_code}"
    size = len(manager.get(page.url).content)
    taken: dict[str, list[float]] = {url: [] for url in visits}
    gc.collect()
    gc.freeze()
    for _ in range(ROUNDS):
        if page.anew:
            figures_have_changed()
        for url, client in visits.items():
            taken[url].append(_milliseconds(partial(client.get, url)))
    with CaptureQueriesContext(connection) as captured:
        manager.get(page.url)
    return Timing(
        name=page.name,
        p50=statistics.median(taken[page.url]),
        p95=statistics.quantiles(taken[page.url], n=20)[-1],
        bare_p50=statistics.median(taken[page.bare]),
        bare_signed_in_p50=statistics.median(taken[page.bare_signed_in]),
        queries=len(captured.captured_queries),
        size=size,
    )


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def time_intake() -> dict[str, float]:
    """Mails a second: parsed only, and through the whole path into tickets."""
    from messaging.email.guard import parse_guarded
    from messaging.services import accept, process

    channel = Channel.objects.get(kind="email", address="support@example.com")
    batch = list(mails(MAILS))
    started = time.perf_counter()
    for raw in batch:
        parse_guarded(raw)
    parsed = time.perf_counter() - started
    started = time.perf_counter()
    for n, raw in enumerate(batch):
        row, _new = accept(channel, raw, external_id=f"bench:{started}:{n}", source="bench")
        process(row.pk)
    taken = time.perf_counter() - started
    return {"parse": MAILS / parsed, "intake": MAILS / taken}


def measure() -> dict[str, object]:
    """Everything about the database that is configured, ready to be printed as JSON."""
    return {
        "vendor": connection.vendor,
        "tickets": Ticket.objects.count(),
        "messages": Ticket.objects.aggregate(n=Count("messages"))["n"],
        "pages": [asdict(timing) for timing in time_pages()],
        "mails": time_intake(),
    }
