"""Screen people from outside against the current lists, without keeping anything of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.vetting.domain.screening.matcher import Screening
from services.vetting.domain.screening.query import Subject
from services.vetting.use_cases.ports import Transactions
from services.vetting.use_cases.screening_people import Screeners


@dataclass(frozen=True, kw_only=True)
class ScreenSubjects:
    """Compare names with every list; the lists are those of the moment of the call."""

    transactions: Transactions
    screeners: Screeners

    def __call__(self, subjects: Iterable[Subject]) -> Iterator[Screening]:
        """Yield one screening per person, in order."""
        with self.transactions() as work:
            screener = self.screeners(work)
        for subject in subjects:
            yield screener.screen(subject)
