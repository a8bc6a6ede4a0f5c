"""Where the unix socket of the embedded Valkey lies."""

import hashlib
import os
import tempfile
from pathlib import Path

# Linux allows 107 bytes in a socket address, macOS 103.
LONGEST = 100


def short_socket_path(var_dir: Path) -> Path:
    """Return `var_dir/valkey.sock`, or a path made from its hash where that is too long.

    The caller that creates the folder must make it private (0700) and its own.
    """
    path = var_dir / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST:
        return path
    name = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"helpdesk-{os.getuid()}-{name}" / "valkey.sock"
