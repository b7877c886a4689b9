"""A column that follows from others."""

from typing import Any

from django.db import models

from casestudies.search import fold


class FoldedField(models.TextField):
    """The text of other columns, folded for a search. It is worked out anew whenever the row is saved, whoever saves it."""

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = tuple(of)
        super().__init__(*args, **kwargs | {"editable": False, "default": ""})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold(" ".join(str(getattr(model_instance, name) or "") for name in self.of))
        setattr(model_instance, self.attname, folded)
        return folded
