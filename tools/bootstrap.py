"""Make `.venv` with exactly the packages of a requirements file; instant when nothing changed.

Runs on the bare interpreter, so the syntax stays old enough to tell an old Python what it lacks.
"""

import hashlib
import os
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
# Made last: without it an earlier attempt stopped half-way (Debian without python3-venv).
PIP = os.path.join(VENV, "bin", "pip")


def main(requirements):
    refuse_old_python()
    stamp = os.path.join(VENV, "installed-" + os.path.basename(requirements))
    wanted = fingerprint(requirements)
    if os.path.exists(PIP) and read(stamp) == wanted:
        return
    if not os.path.exists(PIP):
        print("Making .venv …", flush=True)
        call([sys.executable, "-m", "venv", "--clear", VENV], "the virtual environment (.venv)")
    print("Installing the packages of " + requirements + " …", flush=True)
    quiet = ["--quiet", "--quiet", "--disable-pip-version-check"]
    call([PYTHON, "-m", "pip", "install", *quiet, "-r", requirements], "the packages")
    with open(stamp, "w") as file:
        file.write(wanted)


def refuse_old_python():
    if sys.version_info < OLDEST:
        sys.exit(
            "Python %d.%d or newer is needed; this is %s (%s). Say which one to use, for example:"
            " make PYTHON=python3.12 run" % (*OLDEST, sys.version.split()[0], sys.executable)
        )


def fingerprint(requirements):
    """Hash the file, the files it includes, and the interpreter."""
    digest = hashlib.sha256(sys.version.encode())
    names = [requirements]
    while names:
        text = read(os.path.join(ROOT, names.pop()))
        digest.update(text.encode())
        names += [line[3:].strip() for line in text.splitlines() if line.startswith("-r ")]
    return digest.hexdigest()


def read(path):
    if not os.path.exists(path):
        return ""
    with open(path) as file:
        return file.read()


def call(command, what):
    if subprocess.call(command, cwd=ROOT) != 0:
        sys.exit(
            "Could not make %s; the lines above say why. On Debian and Ubuntu the parts of Python"
            " that may be missing are in: apt install python3-venv python3-pip" % what
        )


if __name__ == "__main__":
    main(sys.argv[1])
