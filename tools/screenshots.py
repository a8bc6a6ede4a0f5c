"""Take pictures of the main screens of a demo of its own with a headless Chromium.

Light and dark, wide and narrow, in every language, into var/screenshots; and the one picture that
the README shows.
"""

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

from playwright.sync_api import Browser, Page  # noqa: E402  the path must be known first

from helpdesk.demo import LOGINS  # noqa: E402
from helpdesk.testing.chromium import running_chromium, watched_page  # noqa: E402
from helpdesk.testing.stack import Stack, running_stack  # noqa: E402
from tools.machine import chromium  # noqa: E402

PICTURES = ROOT / "var" / "screenshots"
README_PICTURE = ROOT / "docs" / "img" / "ticket-light.png"
SIZES = ((1440, 900), (390, 844))
LANGUAGES = {"en": "en-GB", "es": "es-ES", "pt-br": "pt-BR"}
PASSWORDS = {role: (email, password) for role, email, password in LOGINS}
# The ticket with the most to read, and a survey that may be answered.
CHOOSE = """
import json
from django.db.models import Count
from surveys.mails import answer_url
from surveys.models import Invitation
from tickets.links import ticket_url
from tickets.models import Ticket
tickets = Ticket.objects.filter(language="en", status="open", assignee__isnull=False)
ticket = tickets.annotate(words=Count("messages")).order_by("-words", "-pk").first()
survey = Invitation.objects.filter(sent_at__isnull=False).order_by("expires_at").last()
print(json.dumps([ticket.pk, ticket_url(ticket, ticket.requester), answer_url(survey)]))
"""


@dataclass(frozen=True)
class Screen:
    """A page and who opens it: a role of the demo, or "" for a customer."""

    name: str
    path: str
    role: str = "agent"


def main() -> None:
    missing = chromium()
    if missing:
        sys.exit(missing.reason)
    variables = {"DEMO": "1", "LANGUAGE_CODE": "en"}
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder), variables) as stack,
        running_chromium() as browser,
    ):
        screens = choose(stack)
        for language in LANGUAGES:
            for size in SIZES:
                for dark in (False, True):
                    take(browser, stack, screens, language, size, dark)
        take_for_the_readme(browser, stack, screens)


def choose(stack: Stack) -> list[Screen]:
    ticket, page, survey = json.loads(stack.manage("shell", "-v", "0", "-c", CHOOSE))
    return [
        Screen("ticket", f"/tickets/{ticket}/"),
        Screen("list", "/tickets/?view=open"),
        Screen("deliveries", "/deliveries/"),
        Screen("notices", "/notices/"),
        Screen("calls", "/calls/new/"),
        Screen("reports", "/admin/reports/report/", "manager"),
        Screen("admin", "/admin/", "admin"),
        Screen("customer", page.removeprefix(stack.url), ""),
        Screen("survey", survey.removeprefix(stack.url) + "?score=4", ""),
        Screen("form", "/forms/contact/", ""),
    ]


def take(
    browser: Browser,
    stack: Stack,
    screens: list[Screen],
    language: str,
    size: tuple[int, int],
    dark: bool,
) -> None:
    """Every screen in one language, at one size and in one colour scheme."""
    folder = PICTURES / language
    folder.mkdir(parents=True, exist_ok=True)
    ending = f"{size[0]}-{'dark' if dark else 'light'}.png"
    for role in ("", *PASSWORDS):
        with watched_page(browser, size=size, dark=dark, locale=LANGUAGES[language]) as page:
            if role:
                sign_in(page, stack, role)
            for screen in screens:
                if screen.role == role:
                    visit(page, stack, screen, language)
                    page.screenshot(path=folder / f"{screen.name}-{ending}")


def take_for_the_readme(browser: Browser, stack: Stack, screens: list[Screen]) -> None:
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with watched_page(browser, size=SIZES[0]) as page:
        sign_in(page, stack, "agent")
        visit(page, stack, screens[0], "en")
        page.screenshot(path=README_PICTURE)
    print(f"{README_PICTURE.relative_to(ROOT)}: {README_PICTURE.stat().st_size // 1000} kB")


def sign_in(page: Page, stack: Stack, role: str) -> None:
    email, password = PASSWORDS[role]
    page.goto(f"{stack.url}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{stack.url}/tickets/**")


def visit(page: Page, stack: Stack, screen: Screen, language: str) -> None:
    """Customers' pages speak their own language; the address may ask for another."""
    path = screen.path
    if not screen.role:
        path += f"{'&' if '?' in path else '?'}language={language}&lang={language}"
    page.goto(stack.url + path)
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
