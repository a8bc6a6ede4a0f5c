"""What may be written to tickets through the REST API."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.selectors import agents_visible_to, teams_visible_to
from customers.selectors import customers_visible_to
from helpdesk.lib.api.bodies import Choice, Reference, StrictSerializer, Text, WholeNumber
from tickets.api.rows import PRIORITY_CHOICES
from tickets.models import Ticket
from tickets.selectors import channels_visible_to

MAX_TEXT = 200_000
MAX_TAGS = 30


def _tags(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=Text(max_length=50), max_length=MAX_TAGS, **options)


class Seen(StrictSerializer):
    """`seen`: the `version` that was looked at; a conflicting change since then gives 409."""

    seen = WholeNumber(required=False, min_value=0, max_value=2**31 - 1)


class RequesterBody(StrictSerializer):
    """Who asks: the `id` of a known customer, or an e-mail address."""

    id = Reference(visible=customers_visible_to, required=False)
    email = Text(max_length=254, required=False)
    name = Text(max_length=200, required=False, allow_blank=True)
    language = Choice(choices=settings.LANGUAGES, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("id" in attrs) == ("email" in attrs):
            raise serializers.ValidationError(_("Say either the id or the e-mail address."))
        return attrs


class AssignmentBody(Seen):
    team = Reference(visible=teams_visible_to, required=False, allow_null=True)
    assignee = Reference(visible=agents_visible_to, required=False, allow_null=True)


class TicketBody(StrictSerializer):
    """`external_id` makes it safe to repeat: the same one again returns the first ticket."""

    subject = Text(max_length=300)
    text = Text(max_length=MAX_TEXT, trim_whitespace=False)
    requester = RequesterBody()
    channel = Reference(visible=channels_visible_to, required=False)
    priority = Choice(choices=PRIORITY_CHOICES, required=False)
    team = Reference(visible=teams_visible_to, required=False, allow_null=True)
    assignee = Reference(visible=agents_visible_to, required=False, allow_null=True)
    tags = _tags(required=False)
    external_id = Text(max_length=200, required=False)


class TicketPatch(AssignmentBody):
    status = Choice(choices=Ticket.Status.choices, required=False)
    priority = Choice(choices=PRIORITY_CHOICES, required=False)
    tags = _tags(required=False)


class ReplyBody(Seen):
    text = Text(max_length=MAX_TEXT, trim_whitespace=False)
    status = Choice(choices=Ticket.Status.choices, required=False)


class NoteBody(StrictSerializer):
    text = Text(max_length=MAX_TEXT, trim_whitespace=False)


class TagsBody(StrictSerializer):
    tags = _tags()


class Nothing(StrictSerializer):
    """An empty body."""
