"""The person who is screened, as far as screening looks."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.vetting.domain.watchlist.birth_date import BirthDate


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Names, birth date, countries and documents of the person who is screened."""

    names: tuple[str, ...] = field(repr=False)
    birth_date: BirthDate | None = field(default=None, repr=False)
    countries: frozenset[str] = frozenset()
    documents: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(
        cls,
        *names: str,
        birth_date: BirthDate | None = None,
        countries: Iterable[str] = (),
        documents: Iterable[str] = (),
    ) -> "Subject":
        """Name a person; a short form for callers that have plain values."""
        return cls(
            names=names,
            birth_date=birth_date,
            countries=frozenset(countries),
            documents=tuple(documents),
        )
