"""Questions about addresses: is it free, does it answer?"""

import errno
import socket
from http.client import HTTPConnection, HTTPException


class PortTaken(Exception):
    """The address cannot be listened on; the sentence says why and what to do."""


def refuse_taken_port(setting: str, host: str, port: int) -> None:
    """Raise PortTaken unless a server could listen on `host:port` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(_sentence(setting, host, port, error)) from error


def http_answers(host: str, port: int, path: str) -> bool:
    """Say whether a web server answers 200 at this path."""
    connection = HTTPConnection(_reachable(host), port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _sentence(setting: str, host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program. Choose another one with"
            f" {setting}, for example {setting}={port + 10} make run"
        )
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}; choose {setting} above 1023."
    return f"Cannot listen on {host}:{port} ({setting}): {error.strerror}."


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
