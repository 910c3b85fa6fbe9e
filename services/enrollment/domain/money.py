"""Money as whole cents of one currency; no fraction is ever rounded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Money:
    """An amount, for example 12,225 cents of ``USD``."""

    cents: int
    currency: str

    def __str__(self) -> str:
        return f"{self.cents // 100}.{self.cents % 100:02} {self.currency}"
