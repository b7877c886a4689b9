"""The whole portal as one command: web, worker and beat, on a database that is made ready first."""

import fcntl
import hashlib
import os
import secrets
import socket
import sys
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from strategy_portal import env
from strategy_portal.supervisor import Plan, become

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


class Command(BaseCommand):
    help = "Makes the database ready, then runs web, worker and beat until Ctrl-C. A second start skips what is done."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            refuse_taken_port(settings.WEB_BIND, settings.WEB_PORT)
            keep_to_one(settings.VAR_DIR)
            self.prepare()
        except KeyboardInterrupt:
            sys.exit(130)
        self.stdout.write("Starting web, worker and beat")
        connection.close()
        become(plan())

    def prepare(self) -> None:
        make_folders()
        self.say("Database", migrate())
        self.say("Static files", collect_static())
        if settings.PORTAL_DEMONSTRATION:
            self.say("Strategy", run_quietly("load_strategy"))
            self.say("Demonstration", run_quietly("load_demonstration", "--if-missing", "--password-file", str(password_file())))

    def say(self, what: str, done: str) -> None:
        self.stdout.write(f"{what}: {done or 'nothing to do'}")


def refuse_taken_port(host: str, port: int) -> None:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise CommandError(f"PORTAL_BIND is '{host}', which is no address of this machine. Leave it out for 127.0.0.1.") from None
    except OSError as error:
        cure = f"Stop the program that uses it, or choose another port: PORTAL_PORT={port % 65535 + 1} make run"
        raise CommandError(f"Port {port} on {host} cannot be used ({error.strerror}). {cure}") from None


def keep_to_one(state: Path) -> None:
    """Two portals on one state folder would do each job twice. The lock goes with the process, however it ends."""
    lock = os.open(state / "up.lock", os.O_CREAT | os.O_RDWR, 0o600)
    os.set_inheritable(lock, True)  # by what this process becomes; its children get nothing
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(f"A portal already runs from {state}. Stop it, or set PORTAL_STATE to another folder.") from None


def make_folders() -> None:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    for folder in ("data_folder_in", "control_folder", "processed_folder"):
        if folder in options:
            Path(options[folder]).mkdir(mode=0o700, parents=True, exist_ok=True)
    (settings.VAR_DIR / "tmp").mkdir(mode=0o700, exist_ok=True)


def migrate() -> str:
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise CommandError(f"The database does not answer: {str(error).strip()}. Start it, or correct DATABASE_URL.") from None
    todo = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if todo:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    return f"{todo} migrations made" if todo else ""


def collect_static() -> str:
    """Collected again only when a file, or the way of storing them, has changed."""
    if settings.DEBUG:
        return ""
    note = settings.VAR_DIR / "static.collected"
    now = static_fingerprint()
    if note.is_file() and note.read_text() == now:
        return ""
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    note.write_text(now)
    return "collected"


def static_fingerprint() -> str:
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def run_quietly(*command: str) -> str:
    """The first sentence of what it says."""
    output = StringIO()
    call_command(*command, stdout=output)
    return output.getvalue().partition("\n")[0].partition(". ")[0].rstrip(".")


def password_file() -> Path:
    return env.kept(settings.VAR_DIR / "demonstration-password", new_password)


def new_password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(3))


def plan() -> Plan:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.WEB_BIND, settings.WEB_BIND)
    words = ["", f"{settings.PORTAL_SERVICE} is ready at http://{place(host)}/ (Ctrl-C stops it)"]
    if settings.PORTAL_DEMONSTRATION:
        words += ["", *sign_ins()]
    # The broker in files moves messages through TMPDIR: on another disk that would be a copy, and one could be read twice.
    environment = {"PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2", "TMPDIR": str(settings.VAR_DIR / "tmp")}
    return Plan(programs(), str(settings.BASE_DIR), environment, host, settings.WEB_PORT, "\n".join([*words, ""]))


def programs() -> dict[str, list[str]]:
    web = ["gunicorn", "strategy_portal.wsgi", "--bind", place(settings.WEB_BIND), "--workers", str(settings.WEB_WORKERS)]
    web += ["--threads", "4", "--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"]
    worker = ["celery", "-A", "strategy_portal", "--quiet", "worker", "-c", "1", "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    beat = ["strategy_portal.beat", str(settings.VAR_DIR / "beat-schedule")]
    return {name: [sys.executable, "-m", *command] for name, command in (("web", web), ("worker", worker), ("beat", beat))}


def place(host: str) -> str:
    return f"[{host}]:{settings.WEB_PORT}" if ":" in host else f"{host}:{settings.WEB_PORT}"


def sign_ins() -> list[str]:
    people = get_user_model().objects.filter(is_demonstration=True, is_active=True).order_by("pk")
    rows = [(person.name, person.email, person.role_line or "No role") for person in people]
    wide = [max((len(row[i]) for row in rows), default=0) for i in (0, 1)]
    password = password_file().read_text(encoding="utf-8").strip()
    lines = [f"  {name:{wide[0]}}  {email:{wide[1]}}  {role}" for name, email, role in rows]
    return [f"A demonstration. Sign in as any of these, with the password {password}", *lines]
