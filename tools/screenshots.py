"""Take pictures of the pages with a headless Chromium, light and dark, wide and narrow.

    python tools/screenshots.py --site http://127.0.0.1:8000 --out var/screenshots \\
        --login ana@example.com --password … list=/tickets/ ticket=/tickets/12/ public=/t/…/

Without pages it takes the usual ones. A page of a customer is opened signed out when its name
begins with "public".
"""

import argparse
import os
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
WIDTHS = {1440: 900, 390: 844}
SCHEMES = ("light", "dark")
PAGES = ("signin=/accounts/login/", "list=/tickets/", "new=/tickets/new/")


def main() -> None:
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = CHROMIUM if Path(CHROMIUM).exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for width, height in WIDTHS.items():
            for scheme in SCHEMES:
                take(browser, options, width, height, scheme)
        browser.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default=os.environ.get("SITE_URL", "http://127.0.0.1:8000"))
    parser.add_argument("--out", type=Path, default=Path("var/screenshots"))
    parser.add_argument("--login", default="")
    parser.add_argument("--password", default=os.environ.get("SCREENSHOT_PASSWORD", ""))
    parser.add_argument("--language", default="en")
    parser.add_argument("pages", nargs="*", default=PAGES, help="name=/path/")
    return parser.parse_args()


def take(browser: Browser, options: argparse.Namespace, width: int, height: int, scheme: str) -> None:
    """Every page at one size in one colour scheme."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale=options.language,
    )
    page = context.new_page()
    page.on("console", lambda line: complain(line.type, line.text))
    page.on("pageerror", lambda error: complain("error", str(error)))
    is_signed_in = False
    for name, path in (given.split("=", 1) for given in options.pages):
        if options.login and not is_signed_in and not name.startswith(("public", "signin")):
            sign_in(page, options)
            is_signed_in = True
        page.goto(options.site + path)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=options.out / f"{name}-{width}-{scheme}.png")
    context.close()


def sign_in(page: Page, options: argparse.Namespace) -> None:
    page.goto(f"{options.site}/accounts/login/")
    page.fill("input[name=login]", options.login)
    page.fill("input[name=password]", options.password)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")


def complain(kind: str, text: str) -> None:
    """A broken rule of the content policy or an error of a script must not pass unseen."""
    if kind in ("error", "warning"):
        print(f"{kind}: {text}")


if __name__ == "__main__":
    main()
