"""`python -m helpdesk.supervisor`: run everything; with a name, become that one program."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

from helpdesk.supervisor.main import become, run_everything

if len(sys.argv) > 1:
    become(sys.argv[1])
else:
    run_everything()
