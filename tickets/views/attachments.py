"""Files of messages: always a download, never a page of ours."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from customers.models import Customer
from tickets.links import BadToken, read_attachment_token
from tickets.models import Attachment, Message
from tickets.selectors import attachments_visible_to, takes_part
from tickets.timeline import RASTER

POLICY = "default-src 'none'; sandbox"


@require_safe
def attachment(request: HttpRequest, token: str) -> FileResponse:
    """Open the file for the reader the link was made for, while they may still see its ticket."""
    file = _file_for_reader(request, token)
    kind = file.content_type.lower()
    try:
        response = FileResponse(
            file.file.open("rb"),
            as_attachment=True,
            filename=file.name,
            content_type=kind if kind in RASTER else "application/octet-stream",
        )
    except FileNotFoundError as error:
        raise Http404 from error
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _file_for_reader(request: HttpRequest, token: str) -> Attachment:
    try:
        attachment_id, reader, reader_id = read_attachment_token(token)
    except BadToken as error:
        raise Http404 from error
    if reader == "agent":
        return _for_agent(request, attachment_id, reader_id)
    return _for_customer(attachment_id, reader_id)


def _for_agent(request: HttpRequest, attachment_id: int, user_id: int) -> Attachment:
    if request.user.pk != user_id:
        raise Http404
    file = attachments_visible_to(request.user).filter(pk=attachment_id).first()
    if file is None:
        raise Http404
    return file


def _for_customer(attachment_id: int, customer_id: int) -> Attachment:
    file = (
        Attachment.objects.filter(pk=attachment_id, message__kind__in=Message.PUBLIC)
        .select_related("message__ticket")
        .first()
    )
    customer = Customer.objects.filter(pk=customer_id).first()
    if file is None or customer is None or not takes_part(customer, file.message.ticket):
        raise Http404
    return file
