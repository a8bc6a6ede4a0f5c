"""A customer says whether they want to be asked."""

from customers.models import OptOut
from customers.services import opt_in, opt_out
from surveys.models import Invitation


def unsubscribe(*, invitation: Invitation) -> None:
    """Never ask this customer again, by any survey; repeating it changes nothing."""
    opt_out(customer=invitation.customer, topic=OptOut.Topic.SURVEYS)


def resubscribe(*, invitation: Invitation) -> None:
    """They want to be asked after all."""
    opt_in(customer=invitation.customer, topic=OptOut.Topic.SURVEYS)
