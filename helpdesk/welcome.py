"""What a person sees when the product has started."""

import importlib.util

from django.conf import settings

TRY_FIRST = """\
Try first:
  1. Sign in as the agent, open a ticket, answer it and resolve it.
  2. Open the mailbox ({site}/mailbox/): the customer got your answer. Tap a face.
  3. Sign in as the manager and open Reports: your ticket is in every number."""

FIRST_STEPS = """\
There is no demo here. Make the first administrator in another terminal:
  .venv/bin/python manage.py createsuperuser"""


def welcome() -> str:
    """Return the address, the demo logins and what to try first."""
    logins = _demo_logins() if settings.DEMO else ()
    lines = [f"\n{settings.SITE_NAME} runs at {settings.SITE_URL}   (Ctrl-C stops it)\n"]
    if logins:
        lines += [f"  {role:<8} {email:<28} {password}" for role, email, password in logins]
        lines += ["", TRY_FIRST.format(site=settings.SITE_URL)]
    else:
        lines.append(FIRST_STEPS)
    return "\n".join(lines) + "\n"


def _demo_logins() -> tuple[tuple[str, str, str], ...]:
    """Return (role, e-mail, password) of the demo's people."""
    if importlib.util.find_spec("helpdesk.demo") is None:
        return ()
    from helpdesk.demo import LOGINS

    return tuple(LOGINS)
