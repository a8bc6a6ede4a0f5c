"""The verbs on a ticket: the only writers of this app's tables."""

from tickets.services.history import PastEvent, PastMessage, PastTicket, insert_history
from tickets.services.holding import hold_message, let_in, make_own_ticket
from tickets.services.locking import TicketChanged, TicketRefused
from tickets.services.merging import merge_ticket, unmerge_ticket
from tickets.services.opening import add_customer_message, add_participants, open_ticket
from tickets.services.replying import (
    add_note,
    mark_reply_failed,
    mark_reply_queued,
    mark_reply_sent,
    post_to_ticket,
    reply_to_ticket,
)
from tickets.services.starting import start_ticket
from tickets.services.state import (
    assign_ticket,
    close_resolved,
    close_ticket,
    confirm_solved,
    mark_spam,
    reopen_ticket,
    resolve_ticket,
    set_priority,
    set_status,
    unmark_spam,
)
from tickets.services.tagging import set_tags, tag_ticket

__all__ = [
    "PastEvent",
    "PastMessage",
    "PastTicket",
    "TicketChanged",
    "TicketRefused",
    "add_customer_message",
    "add_note",
    "add_participants",
    "assign_ticket",
    "close_resolved",
    "close_ticket",
    "confirm_solved",
    "hold_message",
    "insert_history",
    "let_in",
    "make_own_ticket",
    "mark_reply_failed",
    "mark_reply_queued",
    "mark_reply_sent",
    "mark_spam",
    "merge_ticket",
    "open_ticket",
    "post_to_ticket",
    "reopen_ticket",
    "reply_to_ticket",
    "resolve_ticket",
    "set_priority",
    "set_status",
    "set_tags",
    "start_ticket",
    "tag_ticket",
    "unmark_spam",
    "unmerge_ticket",
]
