"""Submit an application: the applicant signs, vetting takes over."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.application import Application
from services.enrollment.domain.application_form import Rules
from services.enrollment.domain.disclosures import Consent
from services.enrollment.domain.flaws import Flaw, FormInvalid
from services.enrollment.domain.program import Policy, Rule
from services.enrollment.domain.vehicle import Vehicle
from services.enrollment.use_cases.fetching import legal_date, own_application
from services.enrollment.use_cases.ports import Transactions, UnitOfWork
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class SubmitApplication:
    """Move a draft to vetting, under the policy of this day."""

    transactions: Transactions
    policy: Policy
    clock: Clock

    def __call__(
        self,
        application_id: UUID,
        *,
        person_id: UUID,
        consent: Consent,
        version: int | None = None,
        cause: Cause | None = None,
    ) -> Application:
        """Submit it; raise ``NotFound``, ``Stale``, ``FormInvalid`` or ``IllegalTransition``."""
        now = self.clock()
        with self.transactions(cause) as work:
            application = own_application(work, application_id, person_id, version=version)
            today = legal_date(application.form, now)
            program = application.program
            application.submit(
                consent,
                rules=Rules.of(self.policy, program, today),
                fee=self.policy.fee(program, today),
                policy_version=self.policy.version(program, today),
                now=now,
            )
            limit = self.policy.value(program, Rule.MEMBERS_PER_VEHICLE, today)
            check_vehicles(work, application.form.vehicles, person_id=person_id, limit=limit)
            work.commit(result=str(application_id))
        return application


def check_vehicles(
    work: UnitOfWork, vehicles: tuple[Vehicle, ...], *, person_id: UUID, limit: int
) -> None:
    """Raise ``FormInvalid`` for a vehicle that has as many members as it may have."""
    flaws = [
        Flaw(path=f"vehicles.{place}.vin", code="vehicle_full", values={"limit": limit})
        for place, vehicle in enumerate(vehicles)
        if work.memberships.count_with_vin(vehicle.vin, but=person_id) >= limit
    ]
    if flaws:
        raise FormInvalid(flaws)
