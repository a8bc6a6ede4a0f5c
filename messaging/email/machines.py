"""Mail that no person wrote."""

from dataclasses import dataclass

from messaging.email.mime import Part
from tickets.inbound import BounceReport


@dataclass(frozen=True)
class MachineMail:
    kind: str = ""
    is_list: bool = False
    bounce: BounceReport | None = None

    @property
    def is_bounce(self) -> bool:
        return self.bounce is not None

    @property
    def is_auto_reply(self) -> bool:
        return bool(self.kind) and self.bounce is None


def recognise_machine(root: Part, *, sender: str, text: str) -> MachineMail:
    return MachineMail()
