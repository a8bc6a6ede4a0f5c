"""What we know of those who write: who is blocked, and whom an agent answered."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models import Message

_ADDRESS_OR_DOMAIN = RegexValidator(
    r"\A(?:[^\s@<>,;]{1,64}@)?(?:[\w-]{1,63}\.)+[\w-]{2,63}\Z",
    _("Write an address such as ana@example.com, or a domain such as example.com."),
)


class BlockedSender(models.Model):
    """Whose mail goes no further than the intake.

    `value` is an address, or a domain with everything below it, in lower case.
    """

    value = models.CharField(
        _("address or domain"), max_length=254, unique=True, validators=[_ADDRESS_OR_DOMAIN]
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("blocked sender")
        verbose_name_plural = _("blocked senders")
        ordering = ("value",)

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        self.value = self.value.strip().lower().removeprefix("@")
        if BlockedSender.objects.filter(value=self.value).exclude(pk=self.pk).exists():
            raise ValidationError({"value": _("It is on the list already.")})


def block_of(address: str) -> BlockedSender | None:
    """The entry that keeps this address out, if there is one."""
    address = address.strip().lower()
    domain = address.rpartition("@")[2]
    labels = domain.split(".")[-10:]
    domains = [".".join(labels[n:]) for n in range(len(labels) - 1)]
    return BlockedSender.objects.filter(value__in=[address, *domains]).order_by("value").first()


def was_answered(address: str) -> bool:
    """Whether an agent ever answered somebody at this address."""
    return Message.objects.filter(
        kind=Message.Kind.REPLY,
        ticket__is_spam=False,
        ticket__requester__addresses__kind="email",
        ticket__requester__addresses__value=address.strip().lower(),
    ).exists()
