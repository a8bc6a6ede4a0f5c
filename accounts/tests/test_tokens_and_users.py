"""API tokens of one's own, and users in the admin."""

import pytest
from django.test import Client

from accounts.models import ApiToken, User
from accounts.services import create_api_token
from messaging.models import Delivery

pytestmark = pytest.mark.usefixtures("the_products_own_mail")
PAGE = "/accounts/tokens/"
NEW = {"name": "shop", "scope": "write", "days": "30"}


def test_a_token_is_shown_once_and_works(agent_client, ana):
    page = agent_client.post(PAGE, NEW)
    secret = page.content.decode().partition('id="secret">')[2].partition("<")[0]
    assert secret.startswith("hd_")
    assert "no-store" in page.headers["Cache-Control"]
    assert secret not in agent_client.get(PAGE).content.decode()
    headers = {"authorization": f"Token {secret}"}
    assert Client().get("/api/v1/teams/", headers=headers).status_code == 200
    token = ApiToken.objects.get()
    assert (token.user, token.scope) == (ana, "write")
    assert token.expires_at is not None
    agent_client.post(f"{PAGE}{token.pk}/revocation/")
    assert Client().get("/api/v1/teams/", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"scope": "admin"}, {"days": "x"}, {"days": "9999"}]
)
def test_a_wrong_form_makes_none(agent_client, change):
    assert agent_client.post(PAGE, {**NEW, **change}).status_code == 422
    assert not ApiToken.objects.exists()


def test_more_than_twenty_are_too_many(agent_client, ana):
    for _n in range(20):
        create_api_token(user=ana, name="x")
    assert agent_client.post(PAGE, NEW).status_code == 422
    assert ApiToken.objects.count() == 20


def test_others_tokens_are_not_there(agent_client, bruno):
    token, _secret = create_api_token(user=bruno, name="brunos")
    assert b"brunos" not in agent_client.get(PAGE).content
    assert agent_client.post(f"{PAGE}{token.pk}/revocation/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


# Users in the admin

USERS = "/admin/accounts/user/"
PERSON = {
    "email": "Eva@Example.com", "name": "Eva Sol", "role": "agent", "access": "teams",
    "language": "", "time_zone": "", "is_active": "on", "password": "",
}  # fmt: skip


@pytest.fixture
def boss(admin_user):
    """An administrator who has just given the password."""
    client = Client()
    client.post("/accounts/login/", {"login": admin_user.email, "password": "correct horse"})
    return client


def test_add_with_a_password(boss, team):
    body = {**PERSON, "password": "battery staple", "teams": [team.pk]}
    assert boss.post(f"{USERS}add/", body).status_code == 302
    eva = User.objects.get(email="eva@example.com")
    assert eva.check_password("battery staple")
    assert list(eva.teams.all()) == [team]


def test_add_by_invitation(boss, channel):
    boss.post(f"{USERS}add/", PERSON)
    assert not User.objects.get(email="eva@example.com").has_usable_password()
    delivery = Delivery.objects.get()
    assert delivery.recipients["to"] == ["eva@example.com"]
    assert "/accounts/password/reset/key/" in delivery.text


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"time_zone": "Mars/Olympus"}])
def test_languages_and_zones_are_chosen_from_those_there_are(boss, wrong):
    page = boss.post(f"{USERS}add/", {**PERSON, **wrong})
    assert page.status_code == 200
    assert "Select a valid choice" in page.content.decode()
    assert not User.objects.filter(email="eva@example.com").exists()


def test_a_weak_password_is_refused(boss):
    assert boss.post(f"{USERS}add/", {**PERSON, "password": "password"}).status_code == 200
    assert not User.objects.filter(email="eva@example.com").exists()


def test_a_change_of_role_leaves_a_line(boss, ana, caplog):
    body = {**PERSON, "email": ana.email, "name": ana.name, "role": "manager"}
    assert boss.post(f"{USERS}{ana.pk}/change/", body).status_code == 302
    ana.refresh_from_db()
    assert ana.role == "manager"
    assert ana.check_password("correct horse")
    assert "role of user" in caplog.text
    assert "from agent to manager" in caplog.text


def test_an_old_sign_in_must_give_the_password_again(boss, ana):
    import time_machine
    from django.utils import timezone

    with time_machine.travel(timezone.now().timestamp() + 3700, tick=False):
        for url in (f"{USERS}add/", f"{USERS}{ana.pk}/change/"):
            response = boss.get(url)
            assert response.status_code == 302
            assert response.url.startswith("/accounts/reauthenticate/")
        boss.post(f"{USERS}add/", {**PERSON, "password": "battery staple"})
        assert not User.objects.filter(email="eva@example.com").exists()
        again = {"password": "correct horse", "next": f"{USERS}add/"}
        assert boss.post("/accounts/reauthenticate/", again).url == f"{USERS}add/"
        assert boss.get(f"{USERS}add/").status_code == 200


@pytest.mark.parametrize("path", ["", "add/", "1/change/", "1/delete/", "1/history/"])
@pytest.mark.parametrize("who", ["ana", "mia"])
def test_others_do_not_reach_users(request, client, who, path):
    client.force_login(request.getfixturevalue(who))
    for method in (client.get, client.post):
        assert method(f"{USERS}{path}").status_code in (302, 403)
    assert User.objects.count() == 1


def test_tokens_are_looked_at_and_revoked_but_not_made(boss, ana):
    token, _secret = create_api_token(user=ana, name="anas")
    page = boss.get("/admin/accounts/apitoken/")
    assert b"anas" in page.content
    assert (
        token.digest.encode()
        not in boss.get(f"/admin/accounts/apitoken/{token.pk}/change/").content
    )
    assert boss.get("/admin/accounts/apitoken/add/").status_code == 403
    boss.post("/admin/accounts/apitoken/", {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert token.revoked_at
