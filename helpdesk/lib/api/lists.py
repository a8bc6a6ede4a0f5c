"""Lists of the REST API: filters and orders by allow-list, pages by key.

A page ends at a row (its value in the order, and its id), not at a number: rows that arrive or
vanish meanwhile shift nothing. The cursor is signed, so nobody writes their own.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.core import signing
from django.core.exceptions import ValidationError as InvalidValue
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

SALT = "api.cursor"
PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
PAGE_PARAMETERS = ("cursor", "page_size", "ordering")


class KeysetPages(BasePagination):
    """`?cursor=&page_size=&ordering=`; the view's `orderings` says what may be asked for.

    An ordering is the name of a column that is never null, with `-` for the other way round.
    """

    def paginate_queryset(  # type: ignore[override]  # lists start at a selector
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.request = request
        self.ordering = _ordering(request, getattr(view, "orderings", ("id",)))
        self.size = _page_size(request)
        column, is_falling = self.ordering.lstrip("-"), self.ordering.startswith("-")
        if cursor := request.query_params.get("cursor"):
            queryset = _after(queryset, column, is_falling, self._read(cursor, queryset.model))
        sign = "-" if is_falling else ""
        order = [f"{sign}{column}"] + ([f"{sign}id"] if column != "id" else [])
        self.rows = list(queryset.order_by(*order)[: self.size + 1])
        return self.rows[: self.size]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._next(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        orderings = list(getattr(view, "orderings", ("id",)))
        return [
            _parameter("cursor", {"type": "string"}, "Where to go on: take it from `next`."),
            _parameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
                "How many rows.",
            ),
            _parameter(
                "ordering", {"type": "string", "enum": orderings, "default": orderings[0]}, "Order."
            ),
        ]

    def _read(self, cursor: str, model: type[Model]) -> tuple[Any, int]:
        try:
            ordering, value, pk = signing.loads(cursor, salt=SALT)
            if ordering != self.ordering:
                raise signing.BadSignature
            field: Any = model._meta.get_field(ordering.lstrip("-"))
            return field.to_python(value), pk
        except (signing.BadSignature, InvalidValue, ValueError) as error:
            raise _refused("cursor", _("This cursor belongs to another list.")) from error

    def _next(self) -> str | None:
        if len(self.rows) <= self.size:
            return None
        last = self.rows[self.size - 1]
        value = getattr(last, self.ordering.lstrip("-"))
        text = value.isoformat() if hasattr(value, "isoformat") else value
        cursor = signing.dumps([self.ordering, text, last.pk], salt=SALT)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _after(
    queryset: QuerySet[Any], column: str, is_falling: bool, place: tuple[Any, int]
) -> QuerySet[Any]:
    value, pk = place
    side = "lt" if is_falling else "gt"
    # The first condition is implied by the second; it is there for the index.
    return queryset.filter(**{f"{column}__{side}e": value}).filter(
        Q(**{f"{column}__{side}": value}) | Q(**{f"id__{side}": pk})
    )


def _ordering(request: Request, allowed: Iterable[str]) -> str:
    allowed = tuple(allowed)
    ordering = request.query_params.get("ordering") or allowed[0]
    if ordering not in allowed:
        sentence = _("Order by one of: %(allowed)s.") % {"allowed": ", ".join(allowed)}
        raise _refused("ordering", sentence)
    return ordering


def _page_size(request: Request) -> int:
    text = request.query_params.get("page_size") or str(PAGE_SIZE)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAX_PAGE_SIZE):
        sentence = _("Ask for 1 to %(n)d rows.") % {"n": MAX_PAGE_SIZE}
        raise _refused("page_size", sentence)
    return int(text)


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }


def _refused(name: str, sentence: str) -> ValidationError:
    return ValidationError({name: [sentence]})


class StrictFilters(DjangoFilterBackend):
    """django-filter, where a parameter that no filter knows is refused instead of ignored."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        filterset = self.get_filterset_class(view, queryset)
        known = {*PAGE_PARAMETERS, *(filterset.base_filters if filterset else ())}
        refuse_unknown(request.query_params, known)
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered


def refuse_unknown(parameters: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise a 400 that names each parameter which is not known here."""
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        sentence = _("There is no such parameter. Known here: %(known)s.") % {
            "known": ", ".join(sorted(known))
        }
        raise ValidationError({name[:100]: [sentence] for name in unknown})


class ListView(ListModelMixin, GenericAPIView[Any]):
    """A page of what you may see."""

    pagination_class = KeysetPages
    filter_backends = (StrictFilters,)
    orderings: ClassVar[tuple[str, ...]] = ("-id", "id")

    def get(self, request: Request, **_kwargs: Any) -> Response:
        return self.list(request)
