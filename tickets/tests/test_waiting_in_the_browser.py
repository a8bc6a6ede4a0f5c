"""Messages of people who are not part of a ticket, in a real browser."""

import pytest

from tickets.intake import receive
from tickets.models import Ticket
from tickets.tests.test_in_the_browser import page
from tickets.tests.test_intake import mail

__all__ = ["page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def waiting(ticket, channel) -> Ticket:
    for text in ("It is about my parcel too", "And mine?"):
        receive(mail(text=text, subject=text, in_reply_to="<first@example.net>"), channel)
    return ticket


def test_it_is_let_in(page, live_server, ana, waiting):
    page.goto(f"{live_server.url}/tickets/")
    page.wait_for_selector("#count-waiting:has-text('1')")
    page.click("a:has-text('Waiting messages')")
    page.click(f".row[data-id='{waiting.pk}'] a")
    held = page.locator(".entry.held").filter(has_text="It is about my parcel too")
    assert "From somebody who is not part of this ticket" in held.inner_text()
    assert "Only agents see this." in held.inner_text()
    held.get_by_role("button", name="Let them in").click()
    page.wait_for_selector("text=Leo Prado is part of this ticket now.")
    assert page.locator(".entry.held").count() == 0
    assert page.locator(".entry.customer").count() == 3
    assert "leo@example.org" in page.locator(".addressees summary").inner_text()
    page.wait_for_selector("#count-waiting:empty", state="attached")


def test_it_becomes_a_ticket_of_its_own(page, live_server, ana, waiting):
    page.goto(f"{live_server.url}/tickets/{waiting.pk}/")
    held = page.locator(".entry.held").filter(has_text="And mine?")
    held.get_by_role("button", name="Make it a ticket of its own").click()
    page.wait_for_selector(".happened:has-text('made a waiting message ticket')")
    own = Ticket.objects.exclude(pk=waiting.pk).get()
    assert page.locator(".entry.held").count() == 1
    page.goto(f"{live_server.url}/tickets/{own.pk}/")
    assert "And mine?" in page.locator(".entry.customer").inner_text()
    assert page.locator("h1").inner_text().strip().endswith("And mine?")


@pytest.mark.parametrize("width", [360, 1440])
def test_it_fits_and_is_told_apart(page, live_server, ana, waiting, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/tickets/{waiting.pk}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    looks = [
        page.locator(f".entry.{kind} .bubble").first.evaluate(
            "e => getComputedStyle(e).backgroundColor"
        )
        for kind in ("held", "customer")
    ]
    assert looks[0] != looks[1]
    box = page.locator(".held-choices .button").first.bounding_box()
    assert box["height"] >= 24
