"""The surveys of a new help desk, and how administrators change them."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from surveys.models import Survey, SurveyPolicy
from surveys.services import create_default_surveys


def test_it_works(db):
    call_command("setup_defaults", verbosity=0)
    csat, nps = Survey.objects.get(kind="csat"), Survey.objects.get(kind="nps")
    assert (csat.trigger, csat.is_active, csat.delay_minutes) == ("on_resolution", True, None)
    assert (nps.trigger, nps.is_active) == ("yearly", False)
    assert SurveyPolicy.objects.get().do_not_ask_days == 30


def test_the_demo_asks_nps_too(db, settings):
    settings.DEMO = True
    create_default_surveys()
    assert Survey.objects.get(kind="nps").is_active


def test_what_somebody_changed_stays(csat):
    Survey.objects.filter(pk=csat.pk).update(is_active=False, name="Ours")
    assert create_default_surveys() == []
    assert Survey.objects.count() == 2


@pytest.mark.parametrize("model", ["survey", "surveypolicy", "invitation", "answer"])
def test_administrators_read_them_all(client, admin_user, invitation, model):
    client.force_login(admin_user)
    assert client.get(reverse(f"admin:surveys_{model}_changelist")).status_code == 200


def test_what_was_asked_and_answered_is_only_read(client, admin_user, invitation):
    client.force_login(admin_user)
    shown = client.get(reverse("admin:surveys_invitation_change", args=[invitation.pk]))
    assert shown.status_code == 200
    assert invitation.token not in shown.text
    assert client.get(reverse("admin:surveys_invitation_add")).status_code == 403
    assert (
        client.post(
            reverse("admin:surveys_invitation_delete", args=[invitation.pk]), {"post": "yes"}
        ).status_code
        == 403
    )


def test_switching_a_survey_on_starts_its_periods(client, admin_user, csat):
    nps = Survey.objects.get(kind="nps")
    client.force_login(admin_user)
    client.post(
        reverse("admin:surveys_survey_change", args=[nps.pk]),
        {
            "name": nps.name,
            "kind": "nps",
            "trigger": "quarterly",
            "is_active": "on",
            "expires_after_days": "14",
            "delay_minutes": "",
        },
    )
    now = Survey.objects.get(pk=nps.pk)
    assert (now.is_active, now.trigger, now.expires_after_days) == (True, "quarterly", 14)
    assert now.started_at > nps.started_at


def test_a_second_active_survey_of_a_kind_is_told(client, admin_user, csat):
    client.force_login(admin_user)
    shown = client.post(
        reverse("admin:surveys_survey_add"),
        {
            "name": "Again",
            "kind": "csat",
            "trigger": "on_resolution",
            "is_active": "on",
            "expires_after_days": "30",
        },
    )
    assert "Another survey of this kind is active already." in shown.text
