"""Runs the product's processes as one: starts them in order, restarts, ends them together."""

from helpdesk.supervisor.programs import Program, read_procfile
from helpdesk.supervisor.supervisor import GaveUp, Supervisor

__all__ = ["GaveUp", "Program", "Supervisor", "read_procfile"]
