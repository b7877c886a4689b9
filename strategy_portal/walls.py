"""Tables whose rows are never changed or deleted: the database itself refuses, on PostgreSQL and on SQLite."""

from typing import Any

from django.db.migrations.operations.base import Operation

REFUSAL = "rows of this table are never changed or deleted"

BUILD = {
    "postgresql": [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{REFUSAL}: %', TG_TABLE_NAME; END $$",
        "CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ],
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS {{table}}_append_only_{verb} BEFORE {verb} ON {{table}} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {{table}}'); END"
        for verb in ("update", "delete")
    ],
}
TAKE_DOWN = {
    "postgresql": ["DROP TRIGGER IF EXISTS {table}_append_only ON {table}"],
    "sqlite": [f"DROP TRIGGER IF EXISTS {{table}}_append_only_{verb}" for verb in ("update", "delete")],
}


class AppendOnly(Operation):
    """Migration operation. On SQLite a later migration that alters the table rebuilds it and must say this again."""

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.run(schema_editor, BUILD)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.run(schema_editor, TAKE_DOWN)

    def run(self, schema_editor: Any, statements: dict[str, list[str]]) -> None:
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement.replace("{table}", self.table), params=None)

    def describe(self) -> str:
        return f"Refuse changes to {self.table}"
