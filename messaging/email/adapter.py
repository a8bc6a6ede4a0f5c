"""The e-mail channel."""

from typing import ClassVar

from messaging.adapters import Inbound, Outbound


class EmailAdapter:
    address_kind: ClassVar[str] = "email"
    sends: ClassVar[bool] = True

    def parse(self, raw: bytes) -> list[Inbound]:
        from messaging.email.parse import parse_mail

        return [parse_mail(raw)]

    def send(self, outbound: Outbound) -> str:
        raise NotImplementedError
