"""What the README tells a newcomer to try first, with the demo's own people."""

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.end_to_end.site import Site, send_reply

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_newcomer_walks_the_loop(site: Site) -> None:
    """Twice: whichever ticket they take, the survey comes."""
    with site.colleague("ana") as page:
        for _ticket in range(2):
            site.go(page, "/tickets/?view=pending")
            page.locator(".rows .row a").last.click()
            works_a_ticket(site, page)


def works_a_ticket(site: Site, page: Page) -> None:
    ticket = str(page.locator("#ticket").get_attribute("data-ticket"))
    requester = page.locator(".context .name").inner_text()
    subject = page.locator(".ticket-title h1").inner_text().partition(" ")[2]
    send_reply(page, "It is done.", how="Send and resolve")
    site.expect(lambda: has_survey(site, page, requester, subject), "the survey")
    answer(page, subject)
    site.expect(lambda: is_rated(site, page, ticket), "the answer")
    expect(page.locator("#status-menu > summary")).to_contain_text("Resolved")


def has_survey(site: Site, page: Page, requester: str, subject: str) -> bool:
    site.go(page, "/mailbox/")
    page.get_by_role("link", name=requester).first.click()
    page.locator(".received").wait_for()
    return survey(page, subject).count() > 0


def survey(page: Page, subject: str) -> Locator:
    mails = page.locator("article", has=page.locator("h2", has_text=subject))
    return mails.filter(has_not=page.locator("h2", has_text="Re:"))


def answer(page: Page, subject: str) -> None:
    """The faces open the page with the score chosen; here the mail is answered."""
    mail = survey(page, subject).first
    tap(page, mail.frame_locator("iframe"))
    mail.locator("summary").click()
    mail.get_by_role("textbox").fill("5, thank you")
    mail.get_by_role("button", name="Send").click()
    expect(page.locator(".toasts")).to_contain_text("on its way")


def tap(page: Page, mail: FrameLocator) -> None:
    with page.context.expect_page() as opened:
        mail.locator("a[href*='score=4']").click()
    expect(opened.value.locator("input[value='4']")).to_be_checked()
    opened.value.close()


def is_rated(site: Site, page: Page, ticket: str) -> bool:
    site.go(page, f"/tickets/{ticket}/")
    page.wait_for_load_state("networkidle")
    return page.locator(".survey-result", has_text="thank you").count() > 0
