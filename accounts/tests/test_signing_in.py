"""Signing in, guessing, forgotten passwords: who learns what, and what stays possible."""

import re

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from messaging.models import Delivery

pytestmark = pytest.mark.usefixtures("the_products_own_mail")
LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
NEW = "battery staple"
GOOD = {"login": "ana@example.com", "password": "correct horse"}


def sign_in(client, **changes: str):
    return client.post(LOGIN, {**GOOD, **changes})


def is_signed_in(client) -> bool:
    return client.get("/accounts/tokens/").status_code == 200


def test_it_works(client, ana):
    response = sign_in(client)
    assert (response.status_code, response.url) == (302, "/tickets/")
    assert is_signed_in(client)


def test_the_address_is_not_case_sensitive(client, ana):
    assert sign_in(client, login="ANA@Example.com").status_code == 302


def shape(response) -> tuple[int, list[str], str]:
    """What an outsider sees: status, cookies, and the page without its random parts."""
    text = re.sub(r'nonce[^>]*|value="[^"]*"', "", response.content.decode())
    return response.status_code, sorted(response.cookies), text


def test_a_wrong_password_and_an_unknown_address_look_alike(ana):
    known = sign_in(Client(), password="wrong")
    unknown = sign_in(Client(), login="nobody@example.com", password="wrong")
    assert shape(known) == shape(unknown)


def test_an_unknown_address_costs_a_hash_too(client, ana, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(1) or encode(self, password, salt),
    )
    sign_in(client, password="wrong")
    known, hashed[:] = len(hashed), []
    sign_in(client, login="nobody@example.com", password="wrong")
    assert len(hashed) == known


def test_a_forgotten_password_looks_alike_for_everybody(ana, channel):
    known = Client().post(RESET, {"email": "ana@example.com"})
    unknown = Client().post(RESET, {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert shape(Client().get(known.url)) == shape(Client().get(unknown.url))
    assert Delivery.objects.count() == 1


def test_without_a_mailbox_a_forgotten_password_looks_alike_too(ana):
    for address in ("ana@example.com", "nobody@example.com"):
        assert Client().post(RESET, {"email": address}).status_code == 302


def test_nobody_registers(client, ana):
    for method in (client.get, client.post):
        page = method("/accounts/signup/", {"email": "x@example.com", "password1": "correct horse"})
        assert page.status_code in (200, 403)
    assert User.objects.count() == 1


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "login/code/", "confirm-email/x/"])
def test_what_we_do_not_offer_is_not_there(agent_client, path):
    assert agent_client.get(f"/accounts/{path}").status_code == 404


# Guessing


def test_guesses_are_limited_for_each_account_whatever_the_address(ana):
    for n in range(5):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{n}"), password=f"guess {n}")
    stranger = Client(REMOTE_ADDR="198.51.100.77")
    sign_in(stranger)
    assert not is_signed_in(stranger)


def test_guesses_are_limited_for_each_address_whatever_the_account(ana, client):
    for n in range(10):
        sign_in(client, login=f"user{n}@example.com", password="x")
    sign_in(client)
    assert not is_signed_in(client)


def test_a_forwarded_address_is_not_believed(ana):
    for n in range(10):
        client = Client(headers={"x-forwarded-for": f"203.0.113.{n}"})
        sign_in(client, login=f"user{n}@example.com", password="x")
    client = Client(headers={"x-forwarded-for": "203.0.113.99"})
    sign_in(client)
    assert not is_signed_in(client)


def test_a_stranger_who_guesses_does_not_lock_out_the_owner(ana):
    owner = Client()
    sign_in(owner)
    owner.post("/accounts/logout/")
    for n in range(8):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{n}"), password="guess")
    sign_in(owner)
    assert is_signed_in(owner)


def test_the_known_browser_is_limited_as_well(ana):
    owner = Client()
    sign_in(owner)
    owner.post("/accounts/logout/")
    for n in range(5):
        owner.defaults["REMOTE_ADDR"] = f"198.51.100.{n}"
        sign_in(owner, password="guess")
    sign_in(owner)
    assert not is_signed_in(owner)


def test_somebody_elses_browser_is_no_key(ana, bruno):
    attacker = Client()
    sign_in(attacker, login="bruno@example.com")
    attacker.post("/accounts/logout/")
    for n in range(5):
        attacker.defaults["REMOTE_ADDR"] = f"198.51.100.{n}"
        sign_in(attacker, password="guess")
    attacker.defaults["REMOTE_ADDR"] = "198.51.100.99"
    sign_in(attacker)
    assert not is_signed_in(attacker)


def test_a_password_of_a_megabyte_is_not_even_hashed(client, ana, monkeypatch):
    monkeypatch.setattr(MD5PasswordHasher, "encode", None)
    assert sign_in(client, password="x" * 1_000_000).status_code == 200


# The session


def test_the_session_id_changes_and_its_cookie_is_closed(client, ana):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key
    response = sign_in(client)
    assert response.cookies["sessionid"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()
    cookie = response.cookies["sessionid"]
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")


def test_signing_out_is_a_post_and_ends_the_session(client, ana):
    sign_in(client)
    key = client.session.session_key
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    client.cookies["sessionid"] = key
    assert not is_signed_in(client)


def test_every_session_ends_with_the_password(ana):
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    changed = here.post(
        "/accounts/password/change/",
        {"oldpassword": "correct horse", "password1": NEW, "password2": NEW},
    )
    assert changed.status_code == 302
    assert not is_signed_in(there)


def test_a_password_is_not_changed_without_the_present_one(agent_client, ana):
    agent_client.post(
        "/accounts/password/change/",
        {"oldpassword": "guess", "password1": "battery staple", "password2": "battery staple"},
    )
    ana.refresh_from_db()
    assert ana.check_password("correct horse")


def test_a_session_ends_when_its_owner_is_switched_off(agent_client, ana):
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert not get_user(agent_client).is_authenticated
    assert not is_signed_in(agent_client)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/",
        "javascript:alert(1)", "data:text/html,x", "\t//evil.example", "http:///evil.example",
        "https://testserver.evil.example/", "https://testserver@evil.example/", "///evil.example",
        "http://127.0.0.1/",
    ],
)  # fmt: skip
def test_next_stays_here(target, ana, agent_client):
    stranger = Client()
    assert sign_in(stranger, next=target).url == "/tickets/"
    assert stranger.post("/accounts/logout/", {"next": target}).url == "/accounts/login/"
    assert (
        "evil"
        not in agent_client.get("/admin/login/", {"next": target})
        .headers.get("Location", "")
        .split("next=")[0]
    )


def test_next_leads_on(client, ana):
    assert sign_in(client, next="/notices/?kind=order_late").url == "/notices/?kind=order_late"


def test_signing_in_needs_a_csrf_token(ana):
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


# The link in the mail


@pytest.fixture
def link(ana, channel) -> str:
    Client().post(RESET, {"email": "ana@example.com"}, headers={"x-forwarded-host": "evil.example"})
    text = Delivery.objects.get().text
    address = re.search(r"http\S+/password/reset/key/\S+", text)[0]
    assert address.startswith("http://127.0.0.1:8000/")
    return address.partition(":8000")[2]


def choose(client, link: str, chosen: str = NEW):
    form = client.get(link, follow=True)
    return client.post(
        form.request["PATH_INFO"], {"password1": chosen, "password2": chosen}, follow=True
    )


def test_a_link_works_once(link, ana):
    choose(Client(), link)
    ana.refresh_from_db()
    assert ana.check_password("battery staple")
    choose(Client(), link, "another password")
    ana.refresh_from_db()
    assert ana.check_password("battery staple")


def test_opening_a_link_consumes_nothing(link, ana):
    for _n in range(3):
        assert Client().get(link, follow=True).status_code == 200
    choose(Client(), link)
    ana.refresh_from_db()
    assert ana.check_password("battery staple")


def test_a_link_dies_after_an_hour(link, ana):
    import time_machine
    from django.utils import timezone

    with time_machine.travel(timezone.now().timestamp() + 3601, tick=False):
        choose(Client(), link)
    ana.refresh_from_db()
    assert ana.check_password("correct horse")


def test_a_link_dies_with_a_password_change_and_a_new_address(link, ana):
    for change in ("password", "email"):
        ana.refresh_from_db()
        if change == "password":
            ana.set_password("third password")
        else:
            ana.email = "ana.ruiz@example.com"
        ana.save()
        choose(Client(), link)
        ana.refresh_from_db()
        assert ana.check_password("third password")


@pytest.mark.parametrize("key", ["", "-", "1-", "1-x", "1-set-password", "%20-%20", "0-null"])
def test_made_up_links_are_nothing(ana, key, client):
    response = client.get(f"/accounts/password/reset/key/{key}/", follow=True)
    assert response.status_code in (200, 404)
    assert b'name="password1"' not in response.content


@pytest.mark.parametrize(
    "body", [{"email[]": "ana@example.com"}, {"email": ""}, {"email": "x\x00"}]
)
def test_odd_requests_send_nothing(ana, channel, body, client):
    assert client.post(RESET, body).status_code == 200
    assert not Delivery.objects.exists()


def test_two_addresses_in_one_request_are_one(ana, bruno, channel, client):
    client.post(RESET, {"email": ["ana@example.com", "bruno@example.com"]})
    assert all(len(d.recipients["to"]) == 1 for d in Delivery.objects.all())
    assert Delivery.objects.count() == 1


def test_forgetting_too_often_is_limited(ana, channel):
    codes = [
        Client(REMOTE_ADDR=f"198.51.100.{n}").post(RESET, {"email": "ana@example.com"}).status_code
        for n in range(6)
    ]
    assert codes == [302] * 5 + [429]


def test_after_a_reset_earlier_guesses_lock_nobody_out(link, ana):
    for n in range(6):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{n}"), password="guess")
    choose(Client(), link)
    owner = Client(REMOTE_ADDR="198.51.100.50")
    sign_in(owner, password="battery staple")
    assert is_signed_in(owner)
