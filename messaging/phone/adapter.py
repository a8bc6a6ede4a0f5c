"""The phone log as a channel: agents type calls in, so there is nothing to parse or to dial."""

from typing import ClassVar

from django.utils.translation import gettext as _

from messaging.adapters import DeliveryError, Inbound, Outbound, Unreadable


class PhoneAdapter:
    address_kind: ClassVar[str] = "phone"
    sends: ClassVar[bool] = False

    def parse(self, raw: bytes) -> list[Inbound]:
        raise Unreadable(_("Calls are written down by agents."))

    def send(self, outbound: Outbound) -> str:
        raise DeliveryError(
            _("We cannot dial for you: call them, or add a mailbox to write from."), permanent=True
        )
