"""Who may open a page of the workspace, and how one ticket is found."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from helpdesk.lib.prepared import Id, Prepared
from tickets.models import Ticket
from tickets.selectors import Scope, scope_of, tickets_in_scope

P = ParamSpec("P")


class AgentRequest(HttpRequest):
    """A request behind `agent_page`: somebody is signed in, and htmx may have asked."""

    user: User
    htmx: HtmxDetails


Page = Callable[Concatenate[AgentRequest, P], HttpResponse]
OpenPage = Callable[Concatenate[HttpRequest, P], HttpResponse]


def agent_page(view: Page[P]) -> OpenPage[P]:
    """Only for people who are signed in; a fragment without a session opens the sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(cast(AgentRequest, request), *args, **kwargs)
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
        if not htmx:
            return redirect_to_login(request.get_full_path())
        sign_in = redirect_to_login(htmx.current_url_abs_path or "/")
        return HttpResponseClientRedirect(sign_in.url)

    return guarded


def _in_scope(scope: Scope) -> Prepared[Ticket]:
    return Prepared(
        lambda: (
            tickets_in_scope(scope, Id("user"))
            .filter(pk=Id("ticket"))
            .select_related("channel", "requester", "requester__organization", "team", "assignee")
            # Reading them means decrypting them.
            .defer("channel__settings")
            .order_by()
        )
    )


_TICKET = {scope: _in_scope(scope) for scope in Scope}


def ticket_or_404(user: User, ticket_id: int) -> Ticket:
    """A ticket this user may see, with what its page shows."""
    ticket = _TICKET[scope_of(user)].first(user=user.pk, ticket=ticket_id)
    if ticket is None:
        raise Http404
    return ticket
