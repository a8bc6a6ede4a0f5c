"""The people we serve, how they can be reached, what they agreed to, and their orders."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.text import WORD, fold


class Organization(models.Model):
    name = models.CharField(_("name"), max_length=200, unique=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


def name_words(name: str) -> str:
    """The words of a name as they are looked up: folded, each after a space."""
    return "".join(f" {word}" for word in WORD.findall(fold(name)))[:400]


class Customer(models.Model):
    """A person we serve. `language` and `time_zone` are "" until we know them.

    `name_words` follows the name whenever it is saved.
    """

    name = models.CharField(_("name"), max_length=200, blank=True)
    name_words = models.CharField(max_length=400, blank=True, editable=False)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="customers",
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ("name", "id")
        indexes = (models.Index(fields=["name"], name="customer_name"),)

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    def save(self, *args: Any, **options: Any) -> None:
        self.name_words = name_words(self.name)
        changed = options.get("update_fields")
        if changed is not None and "name" in changed:
            options["update_fields"] = {*changed, "name_words"}
        super().save(*args, **options)


class Address(models.Model):
    """One way to reach a customer. `value` is normalised: it belongs to one customer only."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    value = models.CharField(_("address"), max_length=254)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    # A hard bounce; cleared as soon as they write to us from this address.
    unreachable_since = models.DateTimeField(_("unreachable since"), null=True, blank=True)
    unreachable_reason = models.CharField(_("why it is unreachable"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["kind", "value"], name="address_belongs_to_one"),
        )

    def __str__(self) -> str:
        return self.value


class OptOut(models.Model):
    """A customer asked us not to write to them about something."""

    class Topic(models.TextChoices):
        SURVEYS = "surveys", _("Surveys")
        NOTICES = "notices", _("Notices that are not about their own order")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="opt_outs")
    topic = models.CharField(_("topic"), max_length=20, choices=Topic)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["customer", "topic"], name="opt_out_once"),)

    def __str__(self) -> str:
        return self.get_topic_display()


class Order(models.Model):
    """What a customer bought, as their shop tells us through the API."""

    class State(models.TextChoices):
        PLACED = "placed", _("Placed")
        SHIPPED = "shipped", _("Shipped")
        DELAYED = "delayed", _("Delayed")
        DELIVERED = "delivered", _("Delivered")

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="orders", verbose_name=_("customer")
    )
    number = models.CharField(_("number"), max_length=100, unique=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLACED)
    promised_at = models.DateTimeField(_("promised"), null=True, blank=True)
    first_promised_at = models.DateTimeField(_("first promised"), null=True, blank=True)
    tracking_url = models.URLField(_("tracking"), blank=True)
    state_at = models.DateTimeField(_("state since"), default=timezone.now)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=["state", "promised_at"], name="order_due"),)

    def __str__(self) -> str:
        return self.number


class CustomerEvent(models.Model):
    """Something that happened to a customer outside of any ticket; `event_id` comes once."""

    class Kind(models.TextChoices):
        ORDER_PLACED = "order_placed", _("Order placed")
        ORDER_SHIPPED = "order_shipped", _("Order shipped")
        ORDER_DELAYED = "order_delayed", _("Order delayed")
        ORDER_DELIVERED = "order_delivered", _("Order delivered")

    event_id = models.CharField(_("event id"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="events", verbose_name=_("customer")
    )
    order = models.ForeignKey(
        Order,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="events",
        verbose_name=_("order"),
    )
    occurred_at = models.DateTimeField(_("occurred"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("customer event")
        verbose_name_plural = _("customer events")
        ordering = ("-occurred_at", "-id")

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
