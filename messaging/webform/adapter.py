"""The web form as a channel: its page hands messages over at once, nothing is parsed."""

from typing import ClassVar

from django.utils.translation import gettext as _

from messaging.adapters import DeliveryError, Inbound, Outbound, Unreadable


class WebFormAdapter:
    address_kind: ClassVar[str] = "email"
    sends: ClassVar[bool] = False

    def parse(self, raw: bytes) -> list[Inbound]:
        raise Unreadable(_("A web form is received on its own page."))

    def send(self, outbound: Outbound) -> str:
        raise DeliveryError(
            _("A web form cannot carry an answer. Add a mailbox to write from."), permanent=True
        )
