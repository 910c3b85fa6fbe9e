"""What the database raises, as errors of the tree."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

from shared.errors import Conflict, Stale, TrustlaneError, Unavailable

ConflictOf = Callable[[str], TrustlaneError | None]

# Lost connections (08), lost races and deadlocks (40), too few resources (53), lock time-outs (55)
# and a server that shuts down (57): each passes when tried again.
_PASSING = frozenset({"08", "40", "53", "55", "57"})


def no_conflict(_constraint: str) -> TrustlaneError | None:
    """Know no constraint by name."""
    return None


@contextmanager
def named_errors(conflict_of: ConflictOf = no_conflict) -> Iterator[None]:
    """Raise ``Stale``, ``Conflict`` or ``Unavailable`` for what the database raises.

    ``conflict_of`` names, for a constraint of the schema, the error that its breach means. A wrong
    statement is a bug and stays one. The database's own text may hold values and goes nowhere.
    """
    try:
        yield
    except StaleDataError as error:
        raise Stale("Somebody else changed this meanwhile") from error
    except IntegrityError as error:
        raise _conflict(error, conflict_of) from None
    except PoolTimeoutError as error:
        raise Unavailable("All database connections are in use") from error
    except DBAPIError as error:
        if not _passes(error):
            raise
        raise Unavailable("The database did not answer") from None


def _conflict(error: IntegrityError, conflict_of: ConflictOf) -> TrustlaneError:
    # psycopg names the constraint; SQLite has only its text.
    diagnosis = getattr(error.orig, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or str(error.orig)
    known = conflict_of(name)
    if known is not None:
        return known
    if "data_keys" in name:
        return Stale("Another transaction made this person's key at the same moment")
    return Conflict("This contradicts what is stored")


def _passes(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return "OperationalError" in type(error.orig).__name__
    return state[:2] in _PASSING
