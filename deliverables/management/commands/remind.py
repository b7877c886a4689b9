from django.core.management.base import BaseCommand

from deliverables.actions import remind_due


class Command(BaseCommand):
    help = "Writes the reminders that are due today, as the worker does every 15 minutes of the working day. They are then sent."

    def handle(self, *args: object, **options: object) -> None:
        for letter in remind_due():
            self.stdout.write(f"{letter.to}: {letter.subject}.")
