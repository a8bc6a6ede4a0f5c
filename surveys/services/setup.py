"""The surveys of a new help desk."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from surveys.models import Survey, SurveyPolicy
from surveys.scales import SurveyKind


def create_default_surveys() -> list[Survey]:
    """Make the surveys that are not there yet: satisfaction after each resolution, NPS once a year.

    Satisfaction is asked from the start. NPS waits until an administrator switches it on, except
    in the demo. A survey that exists is never changed. Returns the new ones.
    """
    SurveyPolicy.objects.get_or_create(pk=1)
    wanted = (
        (SurveyKind.CSAT, "Satisfaction", Survey.Trigger.ON_RESOLUTION, True),
        (SurveyKind.NPS, "Recommendation", Survey.Trigger.YEARLY, settings.DEMO),
    )
    made = []
    for kind, name, trigger, is_active in wanted:
        if Survey.objects.filter(kind=kind).exists():
            continue
        survey, is_new = Survey.objects.get_or_create(
            name=name, defaults={"kind": kind, "trigger": trigger, "is_active": is_active}
        )
        made += [survey] if is_new else []
    return made


def start_survey(*, survey: Survey, at: datetime | None = None) -> Survey:
    """Switch a survey on; a periodic one counts its first period from now."""
    survey.is_active, survey.started_at = True, at or timezone.now()
    survey.save(update_fields=["is_active", "started_at"])
    return survey
