"""Column types for the domain's values."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class AsJson(TypeDecorator[Any]):
    """A value kept as JSON; ``dump`` and ``load`` go to plain values and back."""

    impl = JSON
    cache_ok = False

    def __init__(self, dump: Callable[[Any], Any], load: Callable[[Any], Any]) -> None:
        super().__init__(none_as_null=True)
        self._dump = dump
        self._load = load

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return the plain value."""
        del dialect
        return None if value is None else self._dump(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the domain's value."""
        del dialect
        return None if value is None else self._load(value)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Compare as the plain JSON type does."""
        return self.impl_instance.coerce_compared_value(op, value)
