"""What each figure means, in the words that stand beside it on every page and in every export."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words


@dataclass(frozen=True)
class Definition:
    """The name of a figure and what it is."""

    label: "Words"
    text: "Words"


DEFINITIONS = {
    "created": Definition(
        _("Created"),
        _("Tickets created in the period. Tickets merged into others and spam do not count."),
    ),
    "resolved": Definition(
        _("Resolved"),
        _("How often a ticket was resolved in the period; one resolved twice counts twice."),
    ),
    "reopened": Definition(
        _("Reopened"), _("How often a resolved ticket was reopened in the period.")
    ),
    "backlog": Definition(
        _("Backlog"),
        _(
            "Tickets that are new, open, pending or on hold at the end of the day, as it stood "
            "then. Every day is the day before, plus created, reopened and restored, less "
            "resolved and removed (merged or marked as spam)."
        ),
    ),
    "resolution_rate": Definition(
        _("Resolution rate"),
        _("Of the tickets created in the period, the share that is resolved or closed now."),
    ),
    "throughput_ratio": Definition(
        _("Throughput ratio"),
        _("Resolved in the period per created in the period. Below 1 the backlog grows."),
    ),
    "first_response_time": Definition(
        _("First response time"),
        _(
            "From the customer's first message to the first public reply of an agent that was "
            "sent. Automatic replies and notes do not count. What is not answered yet, or was "
            "solved without an answer, counts as “at least”."
        ),
    ),
    "next_reply_time": Definition(
        _("Next reply time"),
        _(
            "From the first message that nobody has answered to the next public reply of an "
            "agent; one value for each exchange."
        ),
    ),
    "full_resolution_time": Definition(
        _("Full resolution time"),
        _(
            "From creation to the last time the ticket was resolved, of the tickets created in "
            "the period. An open or reopened ticket counts as “at least”."
        ),
    ),
    "requester_wait_time": Definition(
        _("Requester wait time"),
        _("Total time in new, open and on hold, of the tickets created in the period."),
    ),
    "one_touch": Definition(
        _("One-touch"),
        _(
            "Of the tickets created in the period and solved, the share solved with exactly one "
            "public reply of an agent."
        ),
    ),
    "first_contact_resolution": Definition(
        _("First contact resolution"),
        _(
            "Resolved with exactly one public reply, not reopened and no new ticket of the same "
            "customer within 7 days. Of the tickets resolved in the period whose 7 days are over."
        ),
    ),
    "reopen_rate": Definition(
        _("Reopen rate"),
        _(
            "Tickets reopened within 7 days of being resolved. Of the tickets resolved in the "
            "period whose 7 days are over."
        ),
    ),
    "transfer_rate": Definition(
        _("Transfer rate"),
        _(
            "Of the tickets created in the period, the share that changed team or agent twice or "
            "more after the first assignment."
        ),
    ),
    "csat": Definition(
        _("CSAT"),
        _(
            "Answers 4 and 5 of all answers on the scale 1–5 given in the period, with the "
            "interval that holds the true share with 95 % confidence (Wilson)."
        ),
    ),
    "nps": Definition(
        _("NPS"),
        _(
            "Share of 9–10 less share of 0–6 on the scale 0–10, from −100 to +100, with its 95 % "
            "margin. 0 and more is good, over 50 excellent, over 70 world class."
        ),
    ),
    "csat_response_rate": Definition(
        _("CSAT response rate"),
        _("Of the invitations sent in the period, the share answered."),
    ),
    "nps_response_rate": Definition(
        _("NPS response rate"),
        _("Of the invitations sent in the period, the share answered."),
    ),
}
