"""`{% load surveys %}`: the satisfaction scale for pages of other apps."""

from django import template

from surveys.scales import SCALES, Scale, SurveyKind

register = template.Library()


@register.simple_tag
def satisfaction_steps() -> Scale:
    return SCALES[SurveyKind.CSAT]
