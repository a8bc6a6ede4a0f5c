"""Sign-in and what belongs to it, in the product's look."""

import pytest
from django.urls import NoReverseMatch, reverse


def test_it_works(client, ana):
    page = client.get(reverse("account_login"))
    assert page.status_code == 200
    assert 'class="public narrow"' in page.content.decode()
    done = client.post(reverse("account_login"), {"login": ana.email, "password": "correct horse"})
    assert done["Location"] == "/tickets/"


def test_a_wrong_password_is_said_without_saying_which(client, ana):
    for login in (ana.email, "nobody@example.com"):
        page = client.post(reverse("account_login"), {"login": login, "password": "wrong"})
        assert page.status_code == 200
        assert "are not correct" in page.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "account_login", "account_logout", "account_signup", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key_done",
        "account_change_password", "account_email", "account_inactive",
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_every_page_that_is_reachable_is_ours(client, ana, name, is_signed_in):
    try:
        address = reverse(name)
    except NoReverseMatch:
        pytest.skip("not offered")
    if is_signed_in:
        client.force_login(ana)
    page = client.get(address, follow=True)

    assert page.status_code == 200
    text = page.content.decode()
    assert "css/theme.css" in text
    assert "<strong>Menu:</strong>" not in text


@pytest.mark.parametrize("address", ["/nothing-here/", "/tickets/999999/"])
def test_what_is_not_there_says_so_in_our_look(agent_client, address):
    page = agent_client.get(address)

    assert page.status_code == 404
    assert "This page is not here" in page.content.decode()
    assert "default-src 'none'" in page["Content-Security-Policy"]


def test_a_forgotten_password_is_answered_alike_for_everybody(client, ana):
    texts = {
        client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        .content.decode()
        .split("<main")[1]
        .split("</main>")[0]
        for email in (ana.email, "nobody@example.com")
    }
    assert len(texts) == 1
