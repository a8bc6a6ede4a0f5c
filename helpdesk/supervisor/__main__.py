"""`python -m helpdesk.supervisor web`: become one program of the Procfile (for containers)."""

import os
import sys

from helpdesk import settings
from helpdesk.supervisor.programs import read_procfile


def main(name: str) -> None:
    values = {"HOST": settings.HOST, "PORT": str(settings.PORT), "VAR_DIR": str(settings.VAR_DIR)}
    procfile = (settings.BASE_DIR / "Procfile").read_text()
    programs = {program.name: program for program in read_procfile(procfile, values)}
    if name not in programs:
        sys.exit(f"There is no program {name!r}; the Procfile has {', '.join(programs)}.")
    command = programs[name].command
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:2])
