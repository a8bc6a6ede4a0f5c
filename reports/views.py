"""The manager's pages, served inside the admin."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from automation.selectors import has_calendars
from reports import downloads
from reports.definitions import DEFINITIONS
from reports.drilldown import BEHIND, tickets_behind
from reports.forms import PERIODS, ScopeForm
from reports.freshness import KEPT_SECONDS, report_key
from reports.metrics.counts import waiting_for_calculation
from reports.metrics.scope import Scope
from reports.overview import overview
from reports.tables import DIMENSIONS

PAGE_SIZE = 50
View = Callable[[HttpRequest], HttpResponseBase]


def for_managers(view: View) -> View:
    """Let managers and administrators in, nobody else; reports are only read."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if not getattr(request.user, "is_manager", False):
            raise PermissionDenied
        return view(request)

    return require_safe(guarded)


@for_managers
def overview_page(request: HttpRequest) -> HttpResponse:
    """The overview of the chosen period."""
    bar, figures = _printed(request)
    page = {
        "title": _("Reports"),
        "bar": bar,
        "waiting": waiting_for_calculation(),
        "figures": figures,
    }
    return _render(request, "reports/overview.html", page)


def _printed(request: HttpRequest) -> tuple[SafeString, SafeString]:
    """What one chooses by, and the figures; kept for as long as nothing has changed."""
    form, scope = _asked(request)
    key = report_key(scope, request.GET.urlencode(), get_language() or "")
    printed = cache.get(key)
    if printed is None:
        context = {
            "form": form,
            "scope": scope,
            "query": request.GET.urlencode(),
            "periods": _periods(request),
            "downloads": downloads.TABLES,
            "report": overview(scope),
        }
        printed = [
            str(render_to_string(f"reports/{name}.html", context)) for name in ("_bar", "_figures")
        ]
        cache.set(key, printed, KEPT_SECONDS)
    # Our own templates printed them.
    bar, figures = map(mark_safe, printed)
    return bar, figures


@for_managers
def tickets_page(request: HttpRequest) -> HttpResponse:
    """The tickets behind one figure, fifty a page."""
    form, scope = _asked(request)
    metric, group = request.GET.get("metric", ""), request.GET.get("group", "")
    if metric not in BEHIND or (group and not getattr(DIMENSIONS.get(group), metric, "")):
        raise Http404
    key = request.GET.get("key", "")
    found = tickets_behind(metric, scope, group=group, key=int(key) if key.isdecimal() else None)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    back = request.GET.copy()
    for name in ("metric", "group", "key", "page"):
        back.pop(name, None)
    context = {
        "title": DEFINITIONS[metric].label,
        "definition": DEFINITIONS[metric].text,
        "form": form,
        "scope": scope,
        "page": page,
        "query": back.urlencode(),
        "paging": _without(request, "page"),
    }
    return _render(request, "reports/tickets.html", context)


@for_managers
def download(request: HttpRequest) -> HttpResponseBase:
    """One table of the report as CSV."""
    _form, scope = _asked(request)
    table = downloads.TABLES.get(request.GET.get("table", ""))
    if table is None:
        raise Http404
    return table.response(scope)


def _asked(request: HttpRequest) -> tuple[ScopeForm, Scope]:
    data = request.GET.copy()
    data.setdefault("period", "30")
    data.setdefault("basis", "business" if has_calendars() else "calendar")
    form = ScopeForm(data)
    return form, form.scope(timezone.now(), _zone())


def _zone() -> ZoneInfo:
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")


def _periods(request: HttpRequest) -> list[dict[str, Any]]:
    """The presets as links that keep the rest of the bar."""
    current = request.GET.get("period") or "30"
    links = []
    for value, label in PERIODS:
        query = request.GET.copy()
        for name in ("first", "last"):
            query.pop(name, None)
        query["period"] = value
        links.append({"query": query.urlencode(), "label": label, "is_current": value == current})
    return links[:-1]


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return query.urlencode()


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context})
