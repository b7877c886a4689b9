from django.core.management.base import BaseCommand

from casestudies.actions import tell_of_ended_consent


class Command(BaseCommand):
    help = "Writes to those who can set it right when the consent for a case study has ended, as the worker does every hour."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{tell_of_ended_consent()} letters written.")
