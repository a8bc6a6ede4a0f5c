"""A pytest plugin: the technical fixtures, ready for every test without an import."""

import os
import shutil
import tempfile
from pathlib import Path


def pytest_unconfigure() -> None:
    """Remove the state folder that the test settings made."""
    folder = Path(os.environ.get("VAR_DIR", ""))
    if folder.parent == Path(tempfile.gettempdir()) and folder.name.startswith("helpdesk-test-"):
        shutil.rmtree(folder, ignore_errors=True)
