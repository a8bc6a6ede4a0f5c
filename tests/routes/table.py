"""The table: for each address who may read (GET) and who may write (every other method).

A new address without a row fails the build. Roles: `out` is signed out, `own` an agent of the
team whose ticket it is, `other` an agent of another team, `assigned` one who sees only what is
assigned to them, `manager`, `admin`. A method that a row does not name is refused to everybody.

"May" means that the answer is about the thing itself, be it a complaint about an empty form;
"may not" is 401, 403, 404, 405 or the way to the sign-in.
"""

from dataclasses import dataclass, field

EVERYBODY = frozenset({"out", "own", "other", "assigned", "manager", "admin"})
AGENTS = EVERYBODY - {"out"}
TEAM = frozenset({"own", "manager", "admin"})
SEE_CUSTOMERS = AGENTS - {"assigned"}
MANAGERS = frozenset({"manager", "admin"})
ADMINS = frozenset({"admin"})
OWNER = frozenset({"own"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """`token`: what the address's token is for. `csrf`: False where another proof stands in.

    `any_method`: the view gives its page for whatever method, so only GET and POST are looked at.
    """

    may: dict[str, frozenset[str]] = field(default_factory=dict)
    token: str = ""
    csrf: bool = True
    any_method: bool = False
    query: str = ""
    kwargs: dict[str, str] = field(default_factory=dict)


def reading(who: frozenset[str], **more: object) -> Row:
    return Row({"GET": who}, **more)


def writing(who: frozenset[str], **more: object) -> Row:
    return Row({"POST": who}, **more)


def both(who: frozenset[str], **more: object) -> Row:
    return Row({"GET": who, "POST": who}, **more)


def form(who: frozenset[str], **more: object) -> Row:
    """A view of a library, which gives its page for other methods too."""
    return Row({"GET": who, "POST": who}, any_method=True, **more)


ROWS: dict[str, Row] = {
    "start": Row(dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), EVERYBODY)),
    "alive": reading(EVERYBODY),
    "ready": reading(EVERYBODY),
    "set_language": writing(EVERYBODY),
    # The workspace
    "tickets:list": reading(AGENTS),
    "tickets:new": both(AGENTS),
    "tickets:filters": reading(AGENTS),
    "tickets:counts": reading(AGENTS),
    "tickets:ticket": reading(TEAM),
    "tickets:requester": reading(TEAM),
    "tickets:recipients": reading(TEAM),
    "tickets:replies": writing(TEAM),
    "tickets:notes": writing(TEAM),
    "tickets:assignment": writing(TEAM),
    "tickets:assignment_form": reading(TEAM),
    "tickets:status": writing(TEAM),
    "tickets:priority": writing(TEAM),
    "tickets:tags": writing(TEAM),
    "tickets:resolution": writing(TEAM),
    "tickets:reopening": writing(TEAM),
    "tickets:spam_mark": writing(TEAM),
    "tickets:message_html": reading(TEAM),
    "tickets:message_original": reading(TEAM),
    "tickets:admission": writing(TEAM),
    "tickets:own_ticket": writing(TEAM),
    "tickets:attachment": reading(OWNER, token="attachment"),
    "messaging:phone": reading(AGENTS),
    "messaging:phone_new": both(AGENTS),
    "messaging:phone_callers": reading(AGENTS),
    "messaging:call_back_done": writing(TEAM),
    "messaging:ticket_panel": reading(TEAM),
    "surveys:ticket_panel": reading(TEAM),
    "notifications:ticket_panel": reading(TEAM),
    "notifications:notices": reading(AGENTS),
    "notifications:customer_orders": reading(SEE_CUSTOMERS),
    "notifications:new_announcement": both(MANAGERS),
    # What came in and went out. Nobody of a team sees mail that belongs to no ticket of theirs.
    "messaging:deliveries": reading(AGENTS),
    "messaging:delivery": reading(TEAM),
    "messaging:preview": reading(TEAM),
    "messaging:retry_delivery": writing(TEAM),
    "messaging:retry": writing(TEAM, kwargs={"message_id": "reply_id"}),
    "messaging:intake": reading(ADMINS),
    "messaging:raw": reading(ADMINS),
    "messaging:parsed": reading(ADMINS),
    "messaging:raw_source": reading(ADMINS),
    "messaging:replay": writing(ADMINS),
    "messaging:intake_days": reading(ADMINS),
    "messaging:ask_mail_servers": writing(ADMINS),
    "messaging:mailbox_authorised": both(ADMINS),
    "messaging:authorise_mailbox": both(ADMINS),
    # A provider posts mail here: the token in the address is the proof.
    "messaging:mail_webhook": writing(
        EVERYBODY, token="webhook", csrf=False, kwargs={"provider": "postmark"}
    ),
    "messaging:mail_webhook_mime": writing(
        EVERYBODY, token="webhook", csrf=False, kwargs={"provider": "postmark"}
    ),
    # Only where DEMO=1: everybody's mail, and mail in anybody's name
    "messaging:demo_mailbox": reading(NOBODY),
    "messaging:demo_new_mail": both(NOBODY),
    "messaging:demo_customer": reading(NOBODY),
    "messaging:demo_preview": reading(NOBODY),
    "messaging:demo_answer": writing(NOBODY),
    # What customers open with a signed link
    "tickets:public": reading(EVERYBODY, token="ticket"),
    "tickets:public_answer": writing(EVERYBODY, token="ticket"),
    "tickets:public_confirmation": writing(EVERYBODY, token="ticket"),
    "tickets:public_reopening": writing(EVERYBODY, token="ticket"),
    "messaging:webform": both(EVERYBODY),
    "messaging:webform_thanks": reading(EVERYBODY, token="form"),
    "surveys:answer": both(EVERYBODY, token="survey"),
    # One-click unsubscribe (RFC 8058): a mail program has no cookie, the token is the proof.
    "surveys:unsubscribe": both(EVERYBODY, token="survey", csrf=False),
    "surveys:rate_ticket": both(EVERYBODY, token="solved"),
    "notifications:unsubscribe": both(EVERYBODY, token="unsubscribe", csrf=False),
    "notifications:resubscription": writing(EVERYBODY, token="unsubscribe"),
    # Signing in
    "account_login": form(EVERYBODY),
    "account_logout": both(EVERYBODY),
    "account_inactive": reading(EVERYBODY),
    "account_signup": form(EVERYBODY),
    "account_reauthenticate": form(AGENTS),
    "account_change_password": form(AGENTS),
    "account_set_password": form(AGENTS),
    "account_reset_password": form(EVERYBODY),
    "account_reset_password_done": reading(EVERYBODY),
    "account_reset_password_from_key_done": reading(EVERYBODY),
    "account_reset_password_from_key": form(EVERYBODY, kwargs={"uidb36": "1", "key": "x"}),
    "mail_to_me": both(AGENTS),
    "api_tokens": both(AGENTS),
    "api_token_revocation": writing(OWNER),
    # The REST API, here with a session; with a token the same views answer
    "api:tickets": both(AGENTS),
    "api:ticket": Row({"GET": TEAM, "PATCH": TEAM}),
    "api:thread": reading(TEAM),
    "api:replies": writing(TEAM),
    "api:notes": writing(TEAM),
    "api:resolution": writing(TEAM),
    "api:reopening": writing(TEAM),
    "api:assignment": writing(TEAM),
    "api:ticket_tags": Row({"POST": TEAM, "PUT": TEAM}),
    "api:spam_mark": Row({"POST": TEAM, "DELETE": TEAM}),
    "api:messages": reading(AGENTS),
    "api:message": reading(TEAM),
    "api:tags": reading(AGENTS),
    "api:channels": reading(AGENTS),
    "api:teams": reading(AGENTS),
    "api:agents": reading(AGENTS),
    "api:customers": both(AGENTS),
    "api:customer": Row({"GET": SEE_CUSTOMERS, "PATCH": SEE_CUSTOMERS}),
    "api:addresses": writing(SEE_CUSTOMERS),
    "api:orders": reading(SEE_CUSTOMERS),
    "api:customer_events": writing(SEE_CUSTOMERS),
    "api:customer_events_slash": writing(SEE_CUSTOMERS),
    "api:schema": reading(AGENTS),
    "api:docs": reading(AGENTS),
    # The admin: what is not named here is for administrators alone
    "admin:index": form(MANAGERS),
    "admin:login": both(NOBODY),
    "admin:logout": writing(MANAGERS),
    "admin:password_change": form(MANAGERS),
    "admin:password_change_done": reading(MANAGERS),
    "admin:autocomplete": reading(NOBODY),
    "admin:jsi18n": reading(MANAGERS),
    "admin:app_list": form(MANAGERS, kwargs={"app_label": "reports"}),
    "admin:view_on_site": reading(NOBODY, kwargs={"content_type_id": "1", "object_id": "1"}),
    "admin:reports_report_changelist": reading(MANAGERS),
    "admin:reports_tickets": reading(MANAGERS, query="?metric=created"),
    "admin:reports_download": reading(MANAGERS, query="?table=figures"),
}
