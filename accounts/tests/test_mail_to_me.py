"""Agents choose what they are mailed."""

from accounts.models import User


def test_it_works(agent_client, ana):
    page = agent_client.get("/accounts/mail/").content.decode()
    assert "checked" not in page
    done = agent_client.post("/accounts/mail/", {"on_answers": "on"}, follow=True).content.decode()
    assert "checked" in done
    assert "Saved." in done
    assert User.objects.get(pk=ana.pk).mail_on_answers
    agent_client.post("/accounts/mail/", {})
    assert not User.objects.get(pk=ana.pk).mail_on_answers


def test_one_s_own_choice_alone(agent_client, ana, bruno):
    agent_client.post("/accounts/mail/", {"on_answers": "on", "user": bruno.pk})
    assert not User.objects.get(pk=bruno.pk).mail_on_answers
