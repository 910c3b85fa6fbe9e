"""What is wrong with a form, as codes: the edge turns them into the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.errors import InvalidInput


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One fault of one field.

    ``path`` is the field's place, as ``residences.1.until``; ``code`` is contract; ``values`` fill
    the text's blanks (dates, limits), never with what the person typed.
    """

    path: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


class FormInvalid(InvalidInput):
    """The form cannot be accepted as it is; ``flaws`` has every reason."""

    code = "form_invalid"

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        by_path: dict[str, list[str]] = {}
        for flaw in flaws:
            by_path.setdefault(flaw.path, []).append(flaw.code)
        super().__init__(by_path, "The form is not complete and correct")
        self.flaws = tuple(flaws)


def within(prefix: str, flaws: Sequence[Flaw]) -> list[Flaw]:
    """Return ``flaws`` with their paths below ``prefix``."""
    return [
        Flaw(path=f"{prefix}.{flaw.path}", code=flaw.code, values=flaw.values) for flaw in flaws
    ]
