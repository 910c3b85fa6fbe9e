"""How a list file is refused: whole, with the place of the first fault."""

from shared.errors import Unreadable


class ListUnreadable(Unreadable):
    """A watchlist file is cut, malformed or contradicts its sister files; nothing of it is used.

    ``fault`` is a word of contract; ``file`` and ``line`` say where it was seen first.
    """

    code = "watchlist_unreadable"

    def __init__(self, fault: str, *, file: str, line: int | None = None) -> None:
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"The list was refused: {fault.replace('_', ' ')} ({place})")
        self.fault = fault
        self.file = file
        self.line = line
