from django.core.management.base import BaseCommand

from deliverables.actions import put_all_into_force


class Command(BaseCommand):
    help = "Puts agreed changes of definitions into force whose month has begun, as the worker does every ten minutes."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{put_all_into_force()} put into force.")
