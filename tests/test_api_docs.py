"""The schema and its page: valid, only for people who are signed in, and alive under our policy."""

import io

import pytest
from django.core.management import call_command


def test_the_schema_is_valid_and_without_warnings():
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "/api/v1/customer-events:" in out.getvalue()


@pytest.mark.parametrize("path", ["docs", "schema"])
def test_strangers_see_neither(client, db, path):
    assert client.get(f"/api/v1/{path}/").status_code in (302, 401)


def test_the_scripts_of_the_page_carry_the_nonce(agent_client):
    page = agent_client.get("/api/v1/docs/")
    policy = page.headers["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert "unsafe-inline" not in policy
    assert page.content.decode().count(f'nonce="{nonce}"') == 2
    assert "https://" not in page.content.decode().partition("<script nonce")[0]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_works_in_a_browser(browser, live_server, ana, client):
    from helpdesk.testing.chromium import watched_page

    client.force_login(ana)
    cookie = {
        "name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url,
    }  # fmt: skip
    with watched_page(browser) as page:
        page.context.add_cookies([cookie])
        page.goto(f"{live_server.url}/api/v1/docs/")
        page.get_by_text("/api/v1/customer-events").wait_for()
        teams = page.locator("#operations-teams-teams_list")
        teams.locator("button.opblock-summary-control").click()
        teams.get_by_role("button", name="Try it out").click()
        teams.get_by_role("button", name="Execute").click()
        teams.get_by_text('"name": "Support"').first.wait_for()
