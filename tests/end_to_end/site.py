"""What the walks share: the running product, the people in front of it, and their mail programs."""

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from typing import Any

from django.utils import translation
from playwright.sync_api import Browser, Page, StorageState

from helpdesk.demo import PASSWORD
from helpdesk.testing.chromium import watched_page
from helpdesk.testing.processes import NotReady, wait_for
from helpdesk.testing.sink import Sink
from helpdesk.testing.stack import Stack

PATIENCE = 60
"""Seconds for what passes through a worker on a busy machine."""
SUPPORT = "support@example.com"
LINK = re.compile(r'href="([^"]+)"')


@dataclass
class Site:
    """The product, where its mail goes, and the cookies of everybody who signed in."""

    stack: Stack
    sink: Sink
    browser: Browser
    cookies: dict[str, StorageState] = field(default_factory=dict)

    @contextmanager
    def visitor(self, **options: Any) -> Iterator[Page]:
        """A page of somebody whom the product does not know."""
        with watched_page(self.browser, **options) as page:
            yield page

    @contextmanager
    def colleague(self, name: str, **options: Any) -> Iterator[Page]:
        """A page of a colleague of the demo, signed in: "ana", "ben", "mia" or "admin"."""
        if name not in self.cookies:
            with self.visitor() as page:
                self.sign_in(page, f"{name}@example.com")
                self.cookies[name] = page.context.storage_state()
        with watched_page(self.browser, cookies=self.cookies[name], **options) as page:
            yield page

    def sign_in(self, page: Page, email: str) -> None:
        page.goto(f"{self.stack.url}/accounts/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.stack.url}/tickets/**")

    def go(self, page: Page, path: str) -> None:
        page.goto(self.stack.url + path)

    def open_ticket(self, page: Page, subject: str) -> int:
        """Open the ticket with this subject from the list of all open ones; return its number."""
        self.expect(lambda: self._is_listed(page, subject), f"“{subject}” in the list")
        page.locator(".rows .row", has_text=subject).get_by_role("link").click()
        page.wait_for_selector("#ticket")
        return int(page.locator("#ticket").get_attribute("data-ticket") or 0)

    def _is_listed(self, page: Page, subject: str) -> bool:
        self.go(page, "/tickets/?view=open")
        return page.locator(".rows .row", has_text=subject).count() == 1

    def expect(self, question: Any, what: str) -> None:
        """Wait for what a worker does; what never comes shows the log."""
        try:
            wait_for(question, seconds=PATIENCE, what=what)
        except NotReady as error:
            raise AssertionError(f"{error}\n{self.stack.log[-3000:]}") from error

    def shell(self, code: str) -> str:
        """Run Python inside the product; give back the last line it printed."""
        printed = self.stack.manage("shell", "--verbosity=0", given=code)
        return (printed.strip().splitlines() or [""])[-1]


@dataclass
class Customer:
    """Somebody with a mail program."""

    site: Site
    address: str
    name: str = ""

    def write(
        self, subject: str, text: str, *, html: str = "", to: str = SUPPORT, **headers: str
    ) -> EmailMessage:
        """Hand a mail to the listener, as any mail server would."""
        mail = EmailMessage()
        mail["From"] = formataddr((self.name, self.address))
        mail["To"], mail["Subject"] = to, subject
        mail["Message-ID"] = make_msgid(domain="customer.example.net")
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        if html:
            mail.add_alternative(html, subtype="html")
        with smtplib.SMTP("127.0.0.1", self.site.stack.smtp_port, timeout=30) as server:
            server.send_message(mail, self.address, [to])
        return mail

    def answer(self, mail: EmailMessage, text: str) -> EmailMessage:
        """Press "Answer": the headers thread and what was received is quoted."""
        message_id = str(mail["Message-ID"])
        quoted = "\n".join(f"> {line}" for line in text_of(mail).splitlines())
        wrote = f"El lun, 5 ene 2026 a las 10:00, Help desk <{SUPPORT}> escribió:"
        return self.write(
            f"Re: {mail['Subject']}",
            f"{text}\n\n{wrote}\n{quoted}\n",
            to=_bare(str(mail["From"])),
            In_Reply_To=message_id,
            References=f"{mail['References'] or ''} {message_id}".strip(),
        )

    def mails(self, words: str = "") -> list[EmailMessage]:
        """What has arrived with these words in the subject or the text, oldest first."""
        ids = dict.fromkeys(self.site.sink.ids_to(self.address))
        found = [self.site.sink.contents[message_id] for message_id in ids]
        return [mail for mail in found if words in f"{mail['Subject']}\n{text_of(mail)}"]

    def next_mail(self, words: str) -> EmailMessage:
        """Wait for the one mail with these words."""
        self.site.expect(lambda: self.mails(words), f"a mail to {self.address} with “{words}”")
        (mail,) = self.mails(words)
        return mail


def _bare(line: str) -> str:
    return line.rpartition("<")[2].rstrip(">")


def text_of(mail: EmailMessage) -> str:
    return _part(mail, "plain")


def html_of(mail: EmailMessage) -> str:
    return _part(mail, "html")


def _part(mail: EmailMessage, kind: Any) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()) if body else ""


def link_in(mail: EmailMessage, words: str) -> str:
    """The address of the link in the HTML part that contains these words."""
    links = [url.replace("&amp;", "&") for url in LINK.findall(html_of(mail))]
    return next(url for url in links if words in url)


def said(language: str, words: str, **values: object) -> str:
    """The product's own words in another language."""
    with translation.override(language):
        text = translation.gettext(words)
    return text % values if values else text


def send_reply(page: Page, text: str, *, how: str = "") -> None:
    """Type a reply and send it; `how` is an entry of the menu beside the button."""
    page.keyboard.press("Escape")
    page.locator("label", has=page.locator("#compose-reply")).click()
    page.get_by_label("Reply to the customer").fill(text)
    if how:
        page.get_by_label("Other ways to send").click()
        page.get_by_role("button", name=how).click()
    else:
        page.locator(".for-reply [data-default]").click()
    page.locator(".entry.reply .text", has_text=text).wait_for()
