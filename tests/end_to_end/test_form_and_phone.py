"""Two more doors: the form for anybody, without scripts, and the calls that agents write down."""

import time

import pytest
from playwright.sync_api import Page, expect

from helpdesk.testing.processes import wait_for
from messaging.webform.once import LEAST_SECONDS
from tests.end_to_end.site import Customer, Site, send_reply

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SUBJECT = "My bill has two lines"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)


def test_a_form_without_scripts(site: Site) -> None:
    rita = Customer(site, "rita.form@example.net", "Rita Form")
    with site.visitor(scripts=False) as page:
        fill_in_the_form(site, page, rita)
        number = page.locator("strong", has_text="#").inner_text().lstrip("#")
        page.get_by_role("link", name="Open your request").click()
        expect(page.locator(".state")).to_contain_text("We're on it")
        expect(page.locator(".thread .file")).to_contain_text("bill.png")
        add_words(page, "It is the bill of May.")
        agent_answers(site, int(number))
        page.reload()
        expect(page.locator(".state")).to_contain_text("Solved")
        expect(page.locator(".thread")).to_contain_text("We took one line away.")
        page.get_by_role("link", name="No, I still need help").click()
        page.get_by_label("Your answer").fill("The other line is wrong.")
        page.get_by_role("button", name="I still need help").click()
        expect(page.locator(".state")).to_contain_text("We're on it")
        agent_resolves(site, int(number))
        page.reload()
        page.get_by_role("button", name="Yes, it is solved").click()
        rate(page)
    assert rita.next_mail("We took one line away.")


def fill_in_the_form(site: Site, page: Page, customer: Customer) -> None:
    site.go(page, "/forms/contact/")
    shown = time.monotonic()
    page.get_by_label("Your name").fill(customer.name)
    page.get_by_label("Your e-mail address").fill(customer.address)
    page.get_by_label("Subject").fill(SUBJECT)
    page.get_by_label("Message").fill("Why are there two lines?")
    page.get_by_label("Files").set_input_files(
        {"name": "bill.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    # Faster than a person reads, the form takes the visitor for a robot.
    wait_for(lambda: time.monotonic() > shown + LEAST_SECONDS + 1)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading")).to_have_text("Thank you, we have your message")


def add_words(page: Page, words: str) -> None:
    page.get_by_label("Your answer").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".thread")).to_contain_text(words)


def agent_answers(site: Site, ticket: int) -> None:
    with site.colleague("ben") as page:
        assert site.open_ticket(page, SUBJECT) == ticket
        expect(page.locator(".entry.customer .files").first).to_contain_text("bill.png")
        expect(page.locator(".entry.customer .text").last).to_have_text("It is the bill of May.")
        send_reply(page, "We took one line away.", how="Send and resolve")


def agent_resolves(site: Site, ticket: int) -> None:
    with site.colleague("ben") as page:
        site.go(page, f"/tickets/{ticket}/")
        expect(page.locator(".entry.customer .text").last).to_have_text("The other line is wrong.")
        send_reply(page, "And now the other one.", how="Send and resolve")


def rate(page: Page) -> None:
    page.get_by_role("link", name="Rate our help").click()
    page.locator(".choice", has=page.locator("input[value='5']")).click()
    page.get_by_label("optional").fill("Patient people.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".survey-words")).to_have_text("Patient people.")


def test_a_call_with_a_call_back(site: Site) -> None:
    with site.colleague("ana") as page:
        site.go(page, "/calls/")
        page.get_by_role("link", name="Log a call").first.click()
        page.get_by_label("Phone number").fill("+34 600 123 456")
        page.locator("#id_name").fill("Pablo Phone")
        page.locator("#id_subject").fill("Wants a new date")
        page.get_by_label("What was said").fill("Please call after ten.")
        page.get_by_label("Minutes").fill("3")
        page.get_by_label("Call back by").fill("2099-01-02T10:30")
        page.get_by_role("button", name="Keep this call").click()
        expect(page.locator("#ticket h1")).to_contain_text("Wants a new date")
        expect(page.locator(".context .banner.warning")).to_contain_text("Call back promised")
        site.go(page, "/calls/")
        promised = page.locator(".calls li", has_text="promised by Ana Ruiz")
        expect(promised).to_contain_text("+34600123456")
        promised.get_by_role("button").click()
        expect(promised).to_have_count(0)
        expect(page.locator(".calls li", has_text="Pablo Phone").first).to_contain_text("3")
