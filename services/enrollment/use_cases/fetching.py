"""Fetch what belongs to a person, at the version that the person saw, and count legal days."""

from datetime import date, datetime
from uuid import UUID

from services.enrollment.domain.application import Application
from services.enrollment.domain.application_form import ApplicationForm
from services.enrollment.domain.center import CENTERS, Center, center_of
from services.enrollment.domain.membership import Membership
from services.enrollment.use_cases.ports import UnitOfWork
from shared.errors import NotFound, Stale

DEFAULT_CENTER = next(iter(CENTERS))
"""Counts the days of those who have not chosen a center yet."""


def own_application(
    work: UnitOfWork, application_id: UUID, person_id: UUID, *, version: int | None = None
) -> Application:
    """Return the person's application.

    Raise ``NotFound`` for somebody else's, and ``Stale`` if it moved past ``version``.
    """
    application = work.applications.get(application_id)
    if application.person_id != person_id:
        raise NotFound(f"No application {application_id}")
    if version is not None and application.version != version:
        raise Stale("The application was changed meanwhile")
    return application


def own_membership(work: UnitOfWork, person_id: UUID) -> Membership:
    """Return the person's membership, or raise ``NotFound``."""
    membership = work.memberships.of(person_id)
    if membership is None:
        raise NotFound("The person is not a member")
    return membership


def center_for(form: ApplicationForm | None) -> Center:
    """Return the center that the applicant chose, or the one that counts until then."""
    chosen = form.crossing.center if form is not None and form.crossing else DEFAULT_CENTER
    return center_of(chosen)


def legal_date(form: ApplicationForm | None, now: datetime) -> date:
    """Return the date at the applicant's center."""
    return center_for(form).today(now)
