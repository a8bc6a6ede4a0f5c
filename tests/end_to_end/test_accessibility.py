"""No page keeps anybody out: axe-core finds no serious violation of WCAG 2.2, levels A and AA."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.end_to_end.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
BAD = {"serious", "critical"}
COLLEAGUES = (
    "/tickets/?view=open",
    "/tickets/new/",
    "/tickets/filters/",
    "/calls/",
    "/calls/new/",
    "/deliveries/",
    "/intake/",
    "/intake/days/",
    "/notices/",
    "/mailbox/",
    "/accounts/tokens/",
    "/admin/reports/report/",
    "/admin/reports/report/tickets/?metric=created",
)
VISITORS = ("/accounts/login/", "/forms/contact/")
# Each language and both colour schemes; every screen also on a phone.
LOOKS = [
    pytest.param({"locale": "en-GB"}, id="en"),
    pytest.param({"locale": "es-ES", "dark": True}, id="es-dark"),
    pytest.param({"locale": "pt-BR", "dark": True, "size": (390, 844)}, id="pt-dark-phone"),
    pytest.param({"locale": "en-GB", "size": (390, 844)}, id="en-phone"),
]


@pytest.mark.parametrize("look", LOOKS)
def test_colleagues(site: Site, look: dict[str, Any]) -> None:
    with site.colleague("admin", **look) as page:
        found = {path: barriers_at(site, page, path) for path in COLLEAGUES}
        site.go(page, "/tickets/?view=open")
        page.locator(".rows .row a").first.click()
        page.locator("#ticket").wait_for()
        page.wait_for_load_state("networkidle")
        found["a ticket"] = barriers(page)
        page.locator(".addressees summary").click()
        page.locator("#status-menu > summary").click()
        found["a ticket with its menus open"] = barriers(page)
    assert {path: rules for path, rules in found.items() if rules} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_visitors(site: Site, look: dict[str, Any]) -> None:
    pages = (*VISITORS, *site.shell(LINKS).split())
    with site.visitor(**look) as page:
        found = {path: barriers_at(site, page, path) for path in pages}
    assert {path: rules for path, rules in found.items() if rules} == {}


LINKS = """
from urllib.parse import urlsplit
from surveys.mails import answer_url
from surveys.models import Invitation
from tickets.links import ticket_url
from tickets.models import Ticket
ticket = Ticket.objects.filter(status="open").order_by("-message_count").first()
survey = Invitation.objects.filter(sent_at__isnull=False).order_by("expires_at").last()
print(*(urlsplit(url).path for url in (ticket_url(ticket, ticket.requester), answer_url(survey))))
"""


def barriers_at(site: Site, page: Page, path: str) -> list[str]:
    site.go(page, path)
    page.wait_for_load_state("networkidle")
    return barriers(page)


def barriers(page: Page) -> list[str]:
    """What axe-core complains about: the rule, and the first element that breaks it."""
    violations = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:200]}"
        for violation in violations
        if violation["impact"] in BAD
    ]
