"""What came in, and what became of it: an administrator finds a mail, reads and replays it."""

import smtplib
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.site import SUPPORT, Customer, Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NO_SENDER = b"Subject: %s\r\nMessage-ID: <%s@example.net>\r\n\r\nNobody says who wrote this.\r\n"


def test_the_account_of_a_day(site: Site) -> None:
    subject = f"Counted {uuid.uuid4().hex[:8]}"
    Customer(site, "cora.count@example.net", "Cora Count").write(subject, "Does this count?")
    with site.colleague("admin") as page:
        site.expect(lambda: _is_listed(site, page, subject), f"“{subject}” in the intake")
        page.get_by_role("link", name="By day").click()
        card = page.locator("section.card", has_text=SUPPORT)
        expect(card.get_by_text("The sums agree")).to_be_visible()
        kept = int(card.locator("dd a.tabular, dd.tabular a").first.inner_text())
        assert kept >= 1
        card.get_by_role("link", name="Ticket opened").click()
        expect(page.locator(".log").get_by_role("link", name=subject)).to_be_visible()
        page.go_back()
        page.get_by_role("button", name="Ask the mail servers").click()
        expect(page.get_by_text("The mail servers are being asked.")).to_be_visible()
        page.get_by_role("link", name="Day before").click()
        expect(page.get_by_role("link", name="Day after")).to_be_visible()


def _is_listed(site: Site, page: Page, subject: str) -> bool:
    site.go(page, "/intake/")
    return page.locator(".log").get_by_role("link", name=subject).count() == 1


def test_a_mail_that_could_not_be_read_and_its_replay(site: Site) -> None:
    mark = uuid.uuid4().hex
    _hand_in(site, NO_SENDER % (mark.encode(), mark.encode()))
    with site.colleague("admin") as page:
        site.expect(lambda: _open_failed(site, page, mark), "the failed mail")
        expect(page.locator("pre.source")).to_contain_text("Nobody says who wrote this.")
        expect(page.locator(".facts.headers")).to_contain_text(mark)
        expect(page.get_by_text("The sender has no usable address").first).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        assert mark.encode() in download.value.path().read_bytes()
        page.get_by_role("button", name="Read it again").click()
        expect(page.get_by_text("Read again: Could not be read.")).to_be_visible()


def _open_failed(site: Site, page: Page, mark: str) -> bool:
    site.go(page, "/intake/?fate=failed")
    link = page.locator(".log .what a").first
    if link.count() == 0:
        return False
    link.click()
    return mark in page.locator("pre.source").inner_text()


def _hand_in(site: Site, mail: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", site.stack.smtp_port, timeout=30) as server:
        server.sendmail("", [SUPPORT], mail)


def test_only_administrators_see_it(site: Site) -> None:
    with site.colleague("mia", expected="403") as page:
        site.go(page, "/intake/days/")
        expect(page.get_by_text("Intake by day")).to_have_count(0)
