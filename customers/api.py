"""REST resources: customers, their addresses and orders, and what their shop tells us."""

import zoneinfo
from typing import Any

import django_filters
from django.conf import settings
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import permissions, serializers, status
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import user_of
from accounts.models import User
from customers.models import Address, Customer, CustomerEvent, Order
from customers.orders import OrderNews, record_customer_event
from customers.selectors import customers_found, customers_visible_to
from customers.services import AddressTaken, add_address, create_customer, update_customer
from helpdesk.lib.api.bodies import Choice, Moment, StrictSerializer, Text
from helpdesk.lib.api.lists import ListView

LANGUAGES = [("", gettext_lazy("unknown")), *settings.LANGUAGES]


class TimeZone(Text):
    """An IANA name, "" for unknown."""

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if name and name not in zoneinfo.available_timezones():
            raise serializers.ValidationError(_("There is no such time zone."))
        return name


class AddressBody(StrictSerializer):
    kind = Choice(choices=Address.Kind.choices)
    value = Text(max_length=254)


class AddressRow(serializers.ModelSerializer[Address]):
    class Meta:
        model = Address
        fields = ("id", "kind", "value", "unreachable_since")


class CustomerRow(serializers.ModelSerializer[Customer]):
    organization = serializers.CharField(source="organization.name", allow_null=True, default=None)
    addresses = AddressRow(many=True)
    opt_outs = serializers.SlugRelatedField(slug_field="topic", many=True, read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Customer
        fields = (
            "id", "name", "organization", "language", "time_zone", "addresses", "opt_outs",
            "created_at",
        )  # fmt: skip


class CustomerPatch(StrictSerializer):
    name = Text(max_length=200, required=False, allow_blank=True)
    language = Choice(choices=LANGUAGES, required=False)
    time_zone = TimeZone(max_length=50, required=False, allow_blank=True)


class CustomerBody(CustomerPatch):
    addresses = serializers.ListField(child=AddressBody(), min_length=1, max_length=20)


class OrderRow(serializers.ModelSerializer[Order]):
    class Meta:
        model = Order
        fields = (
            "id", "number", "state", "state_at", "promised_at", "first_promised_at",
            "tracking_url", "created_at",
        )  # fmt: skip


class CustomerFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", max_length=200)
    email = django_filters.CharFilter(method="by_email", max_length=254)
    language = django_filters.ChoiceFilter(choices=settings.LANGUAGES)
    created_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    def search(self, rows: QuerySet[Customer], _name: str, words: str) -> QuerySet[Customer]:
        return rows.filter(pk__in=customers_found(words).order_by().values("pk"))

    def by_email(self, rows: QuerySet[Customer], _name: str, value: str) -> QuerySet[Customer]:
        owner = Address.objects.filter(kind="email", value=value.strip().lower())
        return rows.filter(pk__in=owner.values("customer"))


class _Customers(GenericAPIView[Customer]):
    serializer_class: type[Any] = CustomerRow
    queryset = Customer.objects.none()

    def get_queryset(self) -> QuerySet[Customer]:
        rows = customers_visible_to(user_of(self.request))
        return rows.select_related("organization").prefetch_related("addresses", "opt_outs")

    def customer(self) -> Customer:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["customer_id"])


class CustomerList(_Customers, ListView):
    filterset_class = CustomerFilter
    orderings = ("-id", "id", "-created_at", "created_at")

    @extend_schema(request=CustomerBody, responses={201: CustomerRow})
    def post(self, request: Request) -> Response:
        """Make a customer; 409 when an address belongs to somebody already."""
        body = CustomerBody(data=request.data)
        body.is_valid(raise_exception=True)
        addresses = [(a["kind"], a["value"]) for a in body.validated_data.pop("addresses")]
        customer = create_customer(addresses=addresses, **{"name": "", **body.validated_data})
        return Response(CustomerRow(customer).data, status=status.HTTP_201_CREATED)


class CustomerDetail(_Customers):
    def get(self, request: Request, customer_id: int) -> Response:
        return Response(CustomerRow(self.customer()).data)

    @extend_schema(request=CustomerPatch, responses=CustomerRow)
    def patch(self, request: Request, customer_id: int) -> Response:
        customer = self.customer()
        body = CustomerPatch(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(CustomerRow(update_customer(customer=customer, **body.validated_data)).data)


class CustomerAddresses(_Customers):
    serializer_class = AddressRow

    @extend_schema(request=AddressBody, responses={201: AddressRow})
    def post(self, request: Request, customer_id: int) -> Response:
        """Add one; 409 when it belongs to somebody else. Repeating it changes nothing."""
        customer = self.customer()
        body = AddressBody(data=request.data)
        body.is_valid(raise_exception=True)
        address = add_address(customer=customer, **body.validated_data)
        if address.customer_id != customer.pk:
            raise AddressTaken(address.value)
        return Response(AddressRow(address).data, status=status.HTTP_201_CREATED)


class CustomerOrders(ListView):
    serializer_class = OrderRow
    queryset = Order.objects.none()
    orderings = ("-created_at", "created_at")

    def get_queryset(self) -> QuerySet[Order]:
        customers = customers_visible_to(user_of(self.request))
        customer = get_object_or_404(customers, pk=self.kwargs["customer_id"])
        return Order.objects.filter(customer=customer)


class EventCustomer(StrictSerializer):
    email = Text(max_length=254)
    name = Text(max_length=200, required=False, allow_blank=True)
    language = Choice(choices=LANGUAGES, required=False)
    time_zone = TimeZone(max_length=50, required=False, allow_blank=True)


class EventOrder(StrictSerializer):
    number = Text(max_length=100)
    promised_at = Moment(required=False, allow_null=True)
    tracking_url = Text(max_length=200, required=False, allow_blank=True)

    def validate_tracking_url(self, url: str) -> str:
        if url:
            URLValidator(schemes=["http", "https"])(url)
        return url


class CustomerEventBody(StrictSerializer):
    event_id = Text(max_length=200)
    kind = Choice(choices=CustomerEvent.Kind.choices)
    occurred_at = Moment()
    customer = EventCustomer()
    order = EventOrder()

    def news(self) -> OrderNews:
        facts = self.validated_data
        customer, order = facts["customer"], facts["order"]
        return OrderNews(
            event_id=facts["event_id"],
            kind=facts["kind"],
            occurred_at=facts["occurred_at"],
            **customer,
            **order,
        )


class CustomerEventRow(serializers.ModelSerializer[CustomerEvent]):
    order = inline_serializer(
        "OrderAfterEvent",
        {
            "number": serializers.CharField(),
            "state": serializers.ChoiceField(choices=Order.State.choices),
            "state_at": serializers.DateTimeField(),
            "promised_at": serializers.DateTimeField(allow_null=True),
            "first_promised_at": serializers.DateTimeField(allow_null=True),
            "tracking_url": serializers.CharField(allow_blank=True),
        },
    )

    class Meta:
        model = CustomerEvent
        fields = ("id", "event_id", "kind", "customer", "order", "occurred_at", "received_at")

    def to_representation(self, event: CustomerEvent) -> dict[str, Any]:
        row = {name: getattr(event, name) for name in ("id", "event_id", "kind")}
        times = {
            name: serializers.DateTimeField().to_representation(getattr(event, name))
            for name in ("occurred_at", "received_at")
        }
        return {**row, "customer": event.customer_id, "order": event.data["result"], **times}


class SeesEveryCustomer(permissions.BasePermission):
    """Events are about anybody, so whoever sees only some customers may not write them."""

    message = gettext_lazy("This needs an account that may see every customer.")

    def has_permission(self, request: Request, view: object) -> bool:
        user = request.user
        return isinstance(user, User) and (user.is_manager or user.access != User.Access.ASSIGNED)


class CustomerEvents(GenericAPIView[CustomerEvent]):
    serializer_class = CustomerEventRow
    permission_classes = (permissions.IsAuthenticated, SeesEveryCustomer)
    queryset = CustomerEvent.objects.none()

    @extend_schema(
        request=CustomerEventBody,
        responses={
            201: CustomerEventRow,
            200: OpenApiResponse(CustomerEventRow, description="Seen before: the first result."),
            409: OpenApiResponse(description="Another event has this id."),
        },
    )
    def post(self, request: Request) -> Response:
        """Tell what happened to an order. `event_id` makes it safe to repeat."""
        body = CustomerEventBody(data=request.data)
        body.is_valid(raise_exception=True)
        event, is_new = record_customer_event(body.news())
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(CustomerEventRow(event).data, status=code)
