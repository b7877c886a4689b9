from django.core.management.base import BaseCommand

from reports.actions import build_owed


class Command(BaseCommand):
    help = "Builds every file of a board pack that is owed, as the worker's sweep does."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{build_owed()} files built.")
