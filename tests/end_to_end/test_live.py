"""What others do shows at once: two agents at one ticket, and mail that arrives."""

import time

import pytest
from playwright.sync_api import Page, expect

from helpdesk.supervisor.probes import http_answers
from tests.end_to_end.site import Customer, Site, send_reply

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SOON = 2_000
"""Milliseconds within which a change must show."""


def test_a_mail_shows_in_the_open_list(site: Site) -> None:
    eva = Customer(site, "eva.live@example.net", "Eva")
    with site.colleague("ana") as page:
        site.go(page, "/tickets/?view=open")
        page.locator(".rows .row a").first.focus()
        focused = page.evaluate("document.activeElement.closest('.row').dataset.id")
        listening(page)
        eva.write("My parcel is wet", "It rained into the box.")
        row = page.locator(".rows .row", has_text="My parcel is wet")
        # From the sending of the mail: listener, intake, hint, page.
        expect(row).to_be_visible(timeout=SOON * 2)
        assert page.evaluate("document.activeElement.closest('.row')?.dataset.id") == focused


def test_two_agents_at_one_ticket_see_each_other_and_lose_nothing(site: Site) -> None:
    subject = "The blue one, please"
    Customer(site, "iris.live@example.net", "Iris").write(subject, "Can I have the blue one?")
    with site.colleague("ana") as ana, site.colleague("mia", expected="409") as mia:
        number = site.open_ticket(ana, subject)
        site.go(mia, f"/tickets/{number}/")
        expect(mia.locator("#presence")).to_contain_text("Ana Ruiz is looking", timeout=SOON)
        expect(ana.locator("#presence")).to_contain_text("Mia Weber is looking", timeout=SOON)

        mia.locator(".for-reply textarea").press_sequentially("We have the blue")
        expect(ana.locator("#presence")).to_contain_text("Mia Weber is writing", timeout=SOON)

        send_reply(ana, "The blue one is on its way.")
        theirs = mia.locator(".entry.reply", has_text="The blue one is on its way.")
        expect(theirs).to_be_visible(timeout=SOON)
        expect(mia.locator("#arrived")).to_be_visible(timeout=SOON)
        assert mia.locator(".for-reply textarea").input_value() == "We have the blue"

        # Who does not read is stopped; who has read it goes on.
        mia.locator(".for-reply [data-default]").click()
        expect(mia.get_by_text("What you typed is still here")).to_be_visible()
        expect(mia.locator(".for-reply textarea")).to_have_value("We have the blue")
        mia.locator(".for-reply [data-default]").click()
        both = mia.locator(".entry.reply")
        expect(both).to_have_count(2)
        expect(ana.locator(".entry.reply")).to_have_count(2, timeout=SOON)

        ana.close()
        expect(mia.locator("#presence")).not_to_contain_text("Ana Ruiz", timeout=SOON)


def test_a_page_whose_socket_is_lost_comes_back(site: Site) -> None:
    with site.colleague("ana", expected="ws/") as page:
        site.go(page, "/tickets/?view=open")
        listening(page)
        site.stack.kill("web")
        site.expect(lambda: http_answers("127.0.0.1", site.stack.port, "/readyz"), "the site")
        listening(page)
        subject = f"After the fall {time.time():.0f}"
        Customer(site, "otto.live@example.net", "Otto").write(subject, "Are you there?")
        expect(page.locator(".rows .row", has_text=subject)).to_be_visible(timeout=30_000)


def listening(page: Page) -> None:
    """Wait until the page has its socket."""
    page.wait_for_function("() => document.body.dataset.live === '1'")
