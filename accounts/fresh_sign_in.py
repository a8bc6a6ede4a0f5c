"""Pages that give rights ask who is there: the password must have been given lately."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

View = Callable[..., HttpResponseBase]


def needs_fresh_sign_in(view: View) -> View:
    """Ask for the password again when it was given in this session too long ago.

    How long is `settings.ACCOUNT_REAUTHENTICATION_TIMEOUT` (seconds). What was posted is not kept
    meanwhile: it may hold a password.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if gave_password_lately(request):
            return view(request, *args, **kwargs)
        here = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_reauthenticate')}?{here}")

    return guarded


def gave_password_lately(request: HttpRequest) -> bool:
    moments = [record["at"] for record in get_authentication_records(request, request.user)]
    return bool(moments) and time.time() - moments[-1] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
