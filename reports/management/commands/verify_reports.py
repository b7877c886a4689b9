from django.core.management.base import BaseCommand, CommandError

from reports.actions import check_reports


class Command(BaseCommand):
    help = "Recomputes the hash of every issued report and builds each again from the log, as the nightly check does."

    def handle(self, *args: object, **options: object) -> None:
        check = check_reports()
        if check.faults:
            places = "\n".join(f"  {fault['report']}: {fault['fault']}" for fault in check.faults)
            raise CommandError(f"Issued reports are not as they were issued.\n{places}")
        self.stdout.write(f"{check.reports} issued reports are as they were issued.")
