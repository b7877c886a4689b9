from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from reports.loading.document import Refused, read
from reports.loading.loader import load_strategy

OURS = Path("priorities/data/strategy.yaml")


class Command(BaseCommand):
    help = "Loads the strategy from a YAML file. Run again, it takes over what changed in the file and keeps people's edits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.BASE_DIR / OURS, help=f"Default: {OURS}")
        parser.add_argument("--check", action="store_true", help="Says what a load would do, and does nothing.")

    def handle(self, *args: object, file: Path, check: bool, **options: object) -> None:
        try:
            document = read(file)
            with transaction.atomic():
                report = load_strategy(by=None, document=document)
                transaction.set_rollback(check)
        except Refused as refused:
            places = "\n".join(f"  {problem}" for problem in refused.problems)
            raise CommandError(f"{file.name} was not loaded. Nothing has changed.\n{places}") from refused
        self.stdout.write(f"{'Checked' if check else 'Loaded'} {file.name}: {report.summary()}.")
        for line in report.lines():
            self.stdout.write(f"  {line}")
