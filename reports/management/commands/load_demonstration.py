from pathlib import Path
from secrets import token_urlsafe

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.models import User
from reports.demonstration import content
from reports.demonstration.load import Refused, is_there, load_demonstration, refuse_unless_wanted


class Command(BaseCommand):
    help = "Loads the demonstration: partners, fictional people, and eight months of made-up updates beside the strategy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="Changes nothing if the demonstration is there already.")
        parser.add_argument("--password-file", type=Path, help="Holds the password of all its people. Default: one is made up.")

    def handle(self, *args: object, if_missing: bool, password_file: Path | None, **options: object) -> None:
        try:
            refuse_unless_wanted()
            if if_missing and is_there():
                self.stdout.write("The demonstration is there already.")
                return
            password = read_password(password_file) if password_file else token_urlsafe(12)
            people = load_demonstration(content=content.read(), password=password)
        except Refused as refused:
            raise CommandError(f"{refused} Nothing has changed.") from refused
        self.tell(people, f"the password in {password_file}" if password_file else f"the password {password}")

    def tell(self, people: list[User], password: str) -> None:
        self.stdout.write(f"The demonstration is loaded. Its people sign in with {password}:")
        for person in people:
            self.stdout.write(f"  {person.email}  {person.role_line or 'No role'}")


def read_password(path: Path) -> str:
    try:
        password = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}. Write the password into it, or leave the option out.") from error
    if not password:
        raise CommandError(f"{path} is empty. Write the password into it, or leave the option out.")
    return password
