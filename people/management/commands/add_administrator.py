from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from people.actions import add_organisation, add_person, give_role


class Command(BaseCommand):
    help = "Adds an administrator, who then sets a password through 'Reset your password' on the sign-in page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--organisation", default="icb", help="The organisation's code")
        parser.add_argument("--organisation-name", default="NHS Nottingham and Nottinghamshire")

    @transaction.atomic
    def handle(self, *args: object, **options: str) -> None:
        organisation = add_organisation(by=None, code=options["organisation"], name=options["organisation_name"])
        user = add_person(by=None, email=options["email"], name=options["name"])
        give_role(by=None, user=user, organisation=organisation, role="administrator")
        self.stdout.write(f"{user.name} ({user.email}) is an administrator for {organisation}.")
