from django.core.management.base import BaseCommand

from reports.actions import store_roll_up
from reports.querysets import periods_behind


class Command(BaseCommand):
    help = "Makes every roll-up that is owed, as the worker's sweep does."

    def handle(self, *args: object, **options: object) -> None:
        for period in periods_behind():
            store_roll_up(period_id=period.pk)
            self.stdout.write(f"{period}: rolled up.")
