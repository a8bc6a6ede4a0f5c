"""Customers, organizations and orders in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from customers.forms import CustomerForm
from customers.models import Address, Customer, CustomerEvent, OptOut, Order, Organization


class _ReadOnly:
    """What is told by others, or decided by the customer, is not edited here."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class _Addresses(_ReadOnly, admin.TabularInline):
    model = Address
    fields = ("kind", "value", "unreachable_since", "unreachable_reason")
    extra = 0


class _OptOuts(_ReadOnly, admin.TabularInline):
    model = OptOut
    fields = ("topic", "created_at")
    extra = 0


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    form = CustomerForm
    list_display = ("id", "name", "organization", "language", "time_zone", "created_at")
    list_display_links = ("id", "name")
    list_filter = ("language",)
    list_select_related = ("organization",)
    search_fields = ("name", "addresses__value")
    fields = ("name", "organization", "language", "time_zone", "notes")
    autocomplete_fields = ("organization",)
    inlines = (_Addresses, _OptOuts)
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    list_display = ("name",)
    search_fields = ("name",)


@admin.register(Order)
class OrderAdmin(_ReadOnly, admin.ModelAdmin):
    list_display = ("number", "customer", "state", "state_at", "promised_at", "first_promised_at")
    list_filter = ("state",)
    list_select_related = ("customer",)
    search_fields = ("number", "customer__name")
    show_full_result_count = False


@admin.register(CustomerEvent)
class CustomerEventAdmin(_ReadOnly, admin.ModelAdmin):
    list_display = ("event_id", "kind", "customer", "order", "occurred_at", "received_at")
    list_filter = ("kind",)
    list_select_related = ("customer", "order")
    search_fields = ("event_id", "order__number")
    show_full_result_count = False
