"""The rules that keep the code one house: a rule repeated in review becomes a test here."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

ROOT = Path(settings.BASE_DIR)
APPS = (
    "accounts", "customers", "tickets", "messaging", "automation", "notifications", "surveys",
    "reports", "helpdesk",
)  # fmt: skip
LONGEST_MODULE = 400
MOST_STATEMENTS = 40
OUTSIDE = ("migrations", "tests", "testing")
STATE = {"status", "assignee", "assignee_id", "team", "team_id", "priority", "merged_into",
         "merged_into_id", "is_spam", "resolved_at", "resolved_by"}  # fmt: skip
WRITING = {"create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
           "delete", "save"}  # fmt: skip


def modules(*, tests: bool = False) -> list[Path]:
    found = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    outside = ("migrations",) if tests else OUTSIDE
    return [path for path in found if not set(outside) & set(path.relative_to(ROOT).parts)]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def statements(function: ast.AST) -> int:
    return sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (child for child in ast.walk(node) if isinstance(child, ast.Call))


def dotted(node: ast.AST) -> str:
    """`Ticket.objects.filter(…).update` as "Ticket.objects.filter.update"."""
    match node:
        case ast.Attribute(value=value, attr=attribute):
            return f"{dotted(value)}.{attribute}"
        case ast.Call(func=function):
            return dotted(function)
        case ast.Name(id=identifier):
            return identifier
    return ""


def test_no_module_is_longer_than_the_limit():
    """Tables of texts without a function are read, not understood: they may be longer."""
    long = {
        name(path): lines
        for path in modules(tests=True)
        if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE and any(functions(path))
    }
    assert long == {}


def test_no_function_is_longer_than_the_limit():
    long = {
        f"{name(path)}:{function.name}": count
        for path in modules()
        for function in functions(path)
        if (count := statements(function)) > MOST_STATEMENTS
    }
    assert long == {}


def test_every_module_says_what_it_is_for():
    silent = [
        name(path) for path in modules() if path.read_text().strip() and not ast.get_docstring(
            tree(path)) and path.name not in ("apps.py", "urls.py")
    ]  # fmt: skip
    assert silent == []


def test_only_the_verbs_write_a_ticket():
    """Nobody outside `tickets.services` creates, updates or deletes tickets, messages, events."""
    guarded = ("Ticket.objects", "Message.objects", "TicketEvent.objects", "Participant.objects")
    writes = [
        f"{name(path)}:{call.lineno} {text}"
        for path in modules()
        if not name(path).startswith(("tickets/services/", "tickets/events.py"))
        for call in calls(tree(path))
        if (text := dotted(call.func)).startswith(guarded) and text.rsplit(".", 1)[1] in WRITING
    ]
    assert writes == []


def test_nobody_sets_a_ticket_s_state_by_hand():
    assignments = [
        f"{name(path)}:{node.lineno} {dotted(target)}"
        for path in modules()
        if not name(path).startswith("tickets/services/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute)
        and target.attr in STATE
        and dotted(target.value).rsplit(".", 1)[-1] == "ticket"
    ]
    assert assignments == []


def _paths_in_settings() -> list[str]:
    return [
        *(handler for _kinds, handler in settings.TICKET_EVENT_HANDLERS),
        *settings.CUSTOMER_EVENT_HANDLERS,
        *settings.INBOUND_HANDLERS,
        *settings.CHANNEL_ADAPTERS.values(),
        *settings.MIDDLEWARE,
        *settings.AUTHENTICATION_BACKENDS,
        settings.EMAIL_BACKEND,
        settings.ACCOUNT_ADAPTER,
        settings.WSGI_APPLICATION,
        settings.ASGI_APPLICATION,
        *(p for t in settings.TEMPLATES for p in t["OPTIONS"]["context_processors"]),
    ]


@pytest.mark.parametrize("path", _paths_in_settings())
def test_every_path_in_the_settings_exists(path):
    assert import_string(path)


def test_every_scheduled_and_routed_task_exists():
    from helpdesk.celery import app

    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert (scheduled | set(settings.CELERY_TASK_ROUTES)) - set(app.tasks) == set()


def test_every_queue_has_a_worker():
    worker = next(line for line in (ROOT / "Procfile").read_text().splitlines() if "worker" in line)
    served = set(worker.split("--queues ")[1].split()[0].split(","))
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert routed | {settings.CELERY_TASK_DEFAULT_QUEUE} <= served


def test_apps_import_only_the_library_of_the_project_package():
    wrong = [
        f"{name(path)}: {imported}"
        for path in modules()
        if not name(path).startswith("helpdesk/")
        for imported in _imports(tree(path))
        if imported.split(".")[0] == "helpdesk" and imported.split(".")[:2] != ["helpdesk", "lib"]
    ]
    assert wrong == []


def test_the_contracts_of_the_linter_name_every_channel():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    channels = {path.parent.parent.name for path in (ROOT / "messaging").glob("*/adapter.py")}
    channels |= {path.rsplit(".", 2)[0] for path in settings.CHANNEL_ADAPTERS.values()}
    independent = next(c for c in contracts["contracts"] if c["type"] == "independence")
    assert {c for c in channels if c.startswith("messaging.")} <= set(independent["modules"])


def test_a_get_writes_nothing():
    """A function that answers only GET (`require_safe`, `get`) calls no verb and no `save`."""
    writes = [
        f"{name(path)}:{call.lineno} {dotted(call.func)}"
        for path in modules()
        if "views" in name(path) or "api" in name(path)
        for function in functions(path)
        if function.name == "get" or "require_safe" in map(dotted, function.decorator_list)
        for call in calls(function)
        if dotted(call.func).rsplit(".", 1)[-1] in WRITING
    ]
    assert writes == []


def test_nothing_sleeps_in_the_product():
    allowed = ("helpdesk/supervisor/", "helpdesk/management/")
    sleeping = [
        f"{name(path)}:{call.lineno}"
        for path in modules()
        if not name(path).startswith(allowed)
        for call in calls(tree(path))
        if dotted(call.func) in ("time.sleep", "sleep")
    ]
    assert sleeping == []


def test_no_error_is_caught_blindly():
    """`except:` and `except Exception` that neither log nor raise hide what went wrong."""
    hiding = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or dotted(node.type) in ("Exception", "BaseException"))
        and not _logs_or_raises(node)
    ]
    assert hiding == []


def _logs_or_raises(handler: ast.ExceptHandler) -> bool:
    if any(isinstance(node, ast.Raise) for node in ast.walk(handler)):
        return True
    return any(dotted(call.func).startswith(("log.", "logger.")) for call in calls(handler))


def _imports(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "helpdesk":
                yield from (f"helpdesk.{alias.name}" for alias in node.names)
            else:
                yield node.module
